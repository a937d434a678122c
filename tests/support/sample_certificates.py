"""Certificates of an invented PKI: real DER, the same bytes on every run, and what a reader makes of them."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg

HOSTILE_NAME = (
    '=HYPERLINK("http://evil.example","open")<script>alert(\'x\')</script><img src=x onerror=alert(1)>'
    "\u202etxt.exe\u2066\x1b]0;title\x07\x1b[31m\r\n+cmd|' /C calc'!A0\x00{port}%s${HOME}"
)
"""Markup, a formula, bidirectional and control characters; `hostile()` pads it to 10 kB."""

_YEAR_2020 = datetime(2020, 1, 1, tzinfo=UTC)
_YEAR_2040 = datetime(2040, 1, 1, tzinfo=UTC)


def root(common_name: str = "Fjordsign Root 2021") -> CertificateFacts:
    """Return a self-signed root CA."""
    return _issue(common_name, issuer=common_name, not_before=_YEAR_2020, not_after=_YEAR_2040, is_ca=True)


def intermediate(
    common_name: str = "Fjordsign TLS CA 3", issuer: str = "Fjordsign Root 2021"
) -> CertificateFacts:
    """Return a CA certificate signed by `issuer`."""
    return _issue(common_name, issuer=issuer, not_before=_YEAR_2020, not_after=_YEAR_2040, is_ca=True)


def server(
    host: str,
    not_after: datetime,
    *,
    not_before: datetime = datetime(2026, 1, 10, tzinfo=UTC),
    issuer: str = "Fjordsign TLS CA 3",
) -> CertificateFacts:
    """Return a server certificate for one DNS name."""
    return _issue(host, issuer=issuer, not_before=not_before, not_after=not_after, names=(host,))


def hostile(host: str, not_after: datetime) -> CertificateFacts:
    """Return a server certificate whose common name attacks whatever shows it."""
    common_name = HOSTILE_NAME + "A" * (10_240 - len(HOSTILE_NAME))
    facts = _issue(
        common_name,
        issuer="Fjordsign TLS CA 3",
        not_before=datetime(2026, 1, 10, tzinfo=UTC),
        not_after=not_after,
        names=(host, "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3", "\tx"),
    )
    # Records keep foreign text within core.untrusted.MAX_KEPT.
    return replace(facts, subject_common_name=common_name[:4096], subject=f"CN={common_name}"[:4096])


def unreadable() -> CertificateFacts:
    """Return what is known of bytes that are no certificate."""
    der = bytes.fromhex("3082010a0282010100") + bytes(range(256)) * 2
    return CertificateFacts(
        der=der,
        sha256=hashlib.sha256(der).hexdigest(),
        problems=(msg("The certificate does not parse: {reason}.", reason="ASN.1 ends early"),),
    )


@cache
def _issue(
    common_name: str,
    *,
    issuer: str,
    not_before: datetime,
    not_after: datetime,
    is_ca: bool = False,
    names: tuple[str, ...] = (),
) -> CertificateFacts:
    serial_number = int.from_bytes(hashlib.sha256(f"{common_name}{not_after}".encode()).digest()[:15], "big")
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(_name(issuer))
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .serial_number(serial_number)
        .public_key(_key(common_name).public_key())
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(_key_usage(is_ca), critical=True)
    )
    if not is_ca:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(usage, critical=False)
    if names:
        san = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(san, critical=False)
    certificate = builder.sign(_key(issuer), hashes.SHA256(), ecdsa_deterministic=True)
    der = certificate.public_bytes(Encoding.DER)
    return CertificateFacts(
        der=der,
        sha256=hashlib.sha256(der).hexdigest(),
        subject=f"CN={common_name}",
        issuer=f"CN={issuer}",
        serial_number=f"{serial_number:x}",
        not_before=not_before,
        not_after=not_after,
        subject_common_name=common_name,
        subject_alt_names=tuple(f"DNS:{name}" for name in names),
        extended_key_usage=None if is_ca else ("serverAuth",),
        key_usage=("keyCertSign", "cRLSign") if is_ca else ("digitalSignature",),
        is_ca=is_ca,
        key_algorithm="EC",
        key_bits=256,
        signature_algorithm="ecdsaWithSHA256",
    )


@cache
def _key(owner: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha256(owner.encode("utf-8", "backslashreplace")).digest()[:31], "big")
    return ec.derive_private_key(number, ec.SECP256R1())


def _name(common_name: str) -> x509.Name:
    with warnings.catch_warnings():
        # cryptography warns of a common name over 64 characters (X.520's bound); hostile ones have 10,000.
        warnings.simplefilter("ignore", UserWarning)
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name, _validate=False)])


def _key_usage(is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )


def digests(chain: Sequence[CertificateFacts]) -> tuple[str, ...]:
    """Return the SHA-256 digests of a chain, in its order."""
    return tuple(certificate.sha256 for certificate in chain)
