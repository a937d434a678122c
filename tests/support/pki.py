"""A PKI in one line a certificate: good by default, each thing wrong with it a keyword."""

from __future__ import annotations

import hashlib
import ipaddress
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.der import read_element

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOST = "cargo.example"

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

SERVER_AUTH = ExtendedKeyUsageOID.SERVER_AUTH
ANY_USAGE = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
CLIENT_AUTH = ExtendedKeyUsageOID.CLIENT_AUTH


@dataclass(frozen=True, eq=False)
class Issued:
    """A certificate with the key it was made for."""

    certificate: x509.Certificate
    key: PrivateKey = field(repr=False)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.der).hexdigest()

    @property
    def facts(self) -> CertificateFacts:
        return read_certificate(self.der)

    def key_pem(
        self,
        password: str | None = None,
        layout: PrivateFormat = PrivateFormat.PKCS8,
        encoding: Encoding = Encoding.PEM,
    ) -> bytes:
        protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        return self.key.private_bytes(encoding, layout, protection)

    def pkcs12(self, password: str | None, *chain: Issued) -> bytes:
        protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        others = [issued.certificate for issued in chain]
        return pkcs12.serialize_key_and_certificates(
            b"client", self.key, self.certificate, others, protection
        )


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """One RSA key of a size for all tests: making them is slow."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rsa.generate_private_key(65537, bits)


def name(common_name: str, organization: str | None = None) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if common_name:
            attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name, _validate=False))
        return x509.Name(attributes)


def root(common_name: str = "Root", **keywords: Any) -> Issued:
    return authority(common_name, None, **keywords)


def authority(
    common_name: str,
    issuer: Issued | None,
    *,
    is_ca: bool | None = True,
    path_length: int | None = None,
    key_usage: Sequence[str] | None = ("key_cert_sign", "crl_sign"),
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    **keywords: Any,
) -> Issued:
    """Issue a CA certificate; `is_ca=None` leaves basicConstraints out."""
    constraints = [] if is_ca is None else [(x509.BasicConstraints(is_ca, path_length), True)]
    return issue(
        name(common_name),
        issuer,
        extensions=[*constraints, *_key_usage(key_usage), *extensions],
        **keywords,
    )


def server(
    issuer: Issued | None,
    *names: str,
    common_name: str = "",
    usages: Sequence[x509.ObjectIdentifier] | None = (SERVER_AUTH,),
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    **keywords: Any,
) -> Issued:
    """Issue a server certificate for `names`, `HOST` without any; an empty one among them means no SAN."""
    alternatives = [_general_name(text) for text in (names or (HOST,)) if text]
    san = [(x509.SubjectAlternativeName(alternatives), False)] if alternatives else []
    return issue(
        name(common_name),
        issuer,
        extensions=[*san, *_usages(usages), *extensions],
        **keywords,
    )


def client(
    issuer: Issued | None,
    common_name: str = "ACME",
    *,
    usages: Sequence[x509.ObjectIdentifier] | None = (CLIENT_AUTH,),
    key_usage: Sequence[str] | None = ("digital_signature",),
    **keywords: Any,
) -> Issued:
    uri = x509.UniformResourceIdentifier("https://acme.example/ACME")
    san = (x509.SubjectAlternativeName([uri]), False)
    return issue(
        name(common_name),
        issuer,
        extensions=[san, *_usages(usages), *_key_usage(key_usage)],
        **keywords,
    )


def issue(
    subject: x509.Name,
    issuer: Issued | None,
    *,
    key: PrivateKey | None = None,
    signed_with: PrivateKey | None = None,
    not_before: datetime = NOW - timedelta(days=100),
    not_after: datetime = NOW + timedelta(days=265),
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    serial_number: int | None = None,
) -> Issued:
    """Issue anything; None as issuer makes it self-signed, `signed_with` a key that is not the issuer's."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(serial_number or x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    signing_key = signed_with or (issuer.key if issuer else key)
    algorithm = None if isinstance(signing_key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return Issued(builder.sign(signing_key, algorithm), key)


def signed_with_sha1(issued: Issued, issuer: Issued) -> bytes:
    """Return the certificate signed again with SHA-1, which the library no longer does; RSA issuers only."""
    sha256, sha1 = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    to_be_signed = issued.certificate.tbs_certificate_bytes.replace(sha256, sha1)
    assert isinstance(issuer.key, rsa.RSAPrivateKey)
    signature = issuer.key.sign(to_be_signed, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - the point
    head = issued.der[: 4 + len(to_be_signed)].replace(sha256, sha1)
    algorithm = issued.der[len(head) : -len(signature)].replace(sha256, sha1)
    return head + algorithm + signature


def compressed_key(key: PrivateKey) -> bytes:
    """Return SubjectPublicKeyInfo of a P-256 key with its point compressed, as hardly anybody writes it."""
    point = key.public_key()
    assert isinstance(point, ec.EllipticCurvePublicKey)
    head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    return head + point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def request_with_compressed_key(der: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return a request (DER) of a P-256 key signed again with the point of its key compressed."""
    info, algorithm, _ = read_element(der).children()
    usual = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    parts = [compressed_key(key) if part.raw == usual else part.raw for part in info.children()]
    to_be_signed = _sequence(b"".join(parts))
    signature = key.sign(to_be_signed, ec.ECDSA(hashes.SHA256()))
    bits = b"\x03" + _length(len(signature) + 1) + b"\0" + signature
    return _sequence(to_be_signed + algorithm.raw + bits)


def with_key_encoded(issued: Issued, issuer: Issued, spki: bytes) -> Issued:
    """Return the certificate issued again with another encoding of its key; issuers of P-256 only."""
    outer = read_element(issued.der)
    fields = list(next(outer.children()).children())
    parts = [field.raw for field in fields]
    own = issued.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    parts[parts.index(own)] = spki
    to_be_signed = _sequence(b"".join(parts))
    assert isinstance(issuer.key, ec.EllipticCurvePrivateKey)
    signature = issuer.key.sign(to_be_signed, ec.ECDSA(hashes.SHA256()))
    algorithm = list(outer.children())[1].raw
    bits = b"\x03" + _length(len(signature) + 1) + b"\0" + signature
    return Issued(x509.load_der_x509_certificate(_sequence(to_be_signed + algorithm + bits)), issued.key)


def _sequence(content: bytes) -> bytes:
    return b"\x30" + _length(len(content)) + content


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    octets = size.to_bytes(1 if size < 0x100 else 2, "big")
    return bytes([0x80 | len(octets)]) + octets


def trust_list(*anchors: Issued, called: str = "test") -> TrustList:
    return TrustList(
        name=called,
        title=msg("The test's list"),
        origin=TrustListOrigin.FILE,
        anchors=tuple(issued.facts for issued in anchors),
    )


def _general_name(text: str) -> x509.GeneralName:
    if "://" in text:
        return x509.UniformResourceIdentifier(text)
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _usages(
    usages: Sequence[x509.ObjectIdentifier] | None,
) -> list[tuple[x509.ExtensionType, bool]]:
    return [] if usages is None else [(x509.ExtendedKeyUsage(usages), False)]


def _key_usage(usages: Sequence[str] | None) -> list[tuple[x509.ExtensionType, bool]]:
    if usages is None:
        return []
    bits = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return [(x509.KeyUsage(**{bit: bit in usages for bit in bits}), True)]
