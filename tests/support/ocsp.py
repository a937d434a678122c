"""OCSP responses written by hand: good by default, each thing wrong with one a keyword."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.pki import NOW, Issued
from trustdesk.formats.ber import length_octets
from trustdesk.formats.der import parts_of, read_element

THIS_UPDATE = NOW - timedelta(hours=1)
NEXT_UPDATE = NOW + timedelta(days=3)

NONCE = "1.3.6.1.5.5.7.48.1.2"
DIGESTS = {
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
    "md5": "1.2.840.113549.2.5",
}

SigningKey = (
    ec.EllipticCurvePrivateKey
    | rsa.RSAPrivateKey
    | dsa.DSAPrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | mldsa.MLDSA44PrivateKey
    | mldsa.MLDSA65PrivateKey
    | mldsa.MLDSA87PrivateKey
)


def tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return bytes([tag]) + length_octets(len(content)) + content


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def oid(dotted: str) -> bytes:
    arcs = [int(arc) for arc in dotted.split(".")]
    content = b""
    for arc in (40 * arcs[0] + arcs[1], *arcs[2:]):
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.insert(0, arc & 0x7F | 0x80)
        content += bytes(octets)
    return tlv(0x06, content)


def time(value: datetime | str) -> bytes:
    """Return a GeneralizedTime; text stands in it as it is."""
    text = value if isinstance(value, str) else value.strftime("%Y%m%d%H%M%SZ")
    return tlv(0x18, text.encode())


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def extensions(*values: tuple[str, bool, bytes]) -> bytes:
    return sequence(
        *(
            sequence(oid(dotted), b"\x01\x01\xff" if critical else b"", tlv(0x04, value))
            for dotted, critical, value in values
        )
    )


def key_bits(issued: Issued) -> bytes:
    """Return the content of the key's BIT STRING, which its SubjectPublicKeyInfo ends with."""
    key = issued.certificate.public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return parts_of(read_element(spki), 2)[1].content[1:]


@dataclass(frozen=True)
class Single:
    """One single response; `certificate` says whose, the rest what of it.

    `status` is good, revoked or unknown, or the DER of a CertStatus.
    """

    certificate: Issued
    issuer: Issued
    status: str | bytes = "good"
    digest: str = "sha1"
    serial_number: int | None = None
    name_hash: bytes | None = None
    key_hash: bytes | None = None
    revoked_at: datetime | str = NOW - timedelta(days=2)
    reason: int | None = None
    this_update: datetime | str = THIS_UPDATE
    next_update: datetime | str | None = NEXT_UPDATE
    extensions: Sequence[tuple[str, bool, bytes]] = ()

    @property
    def der(self) -> bytes:
        return sequence(
            self.cert_id,
            self._status(),
            time(self.this_update),
            b"" if self.next_update is None else tlv(0xA0, time(self.next_update)),
            tlv(0xA1, extensions(*self.extensions)) if self.extensions else b"",
        )

    @property
    def cert_id(self) -> bytes:
        name = self.certificate.certificate.issuer.public_bytes()
        serial = (
            self.certificate.certificate.serial_number if self.serial_number is None else self.serial_number
        )
        return sequence(
            sequence(oid(DIGESTS[self.digest]), b"\x05\x00"),
            tlv(0x04, self.name_hash or hashlib.new(self.digest, name).digest()),
            tlv(0x04, self.key_hash or hashlib.new(self.digest, key_bits(self.issuer)).digest()),
            integer(serial),
        )

    def _status(self) -> bytes:
        if isinstance(self.status, bytes):
            return self.status
        if self.status == "good":
            return b"\x80\x00"
        if self.status == "unknown":
            return b"\x82\x00"
        reason = b"" if self.reason is None else tlv(0xA0, tlv(0x0A, bytes([self.reason])))
        return tlv(0xA1, time(self.revoked_at), reason)


def by_name(issued: Issued) -> bytes:
    return tlv(0xA1, issued.certificate.subject.public_bytes())


def by_key(issued: Issued) -> bytes:
    return tlv(0xA2, tlv(0x04, hashlib.sha1(key_bits(issued), usedforsecurity=False).digest()))


def response(
    *singles: Single,
    signer: Issued,
    responder: bytes | None = None,
    key: SigningKey | None = None,
    algorithm: str | None = None,
    certificates: Sequence[bytes] = (),
    produced_at: datetime | str = THIS_UPDATE,
    extra: Sequence[tuple[str, bool, bytes]] = (),
    version: bytes = b"",
    status: int = 0,
    response_type: str = "1.3.6.1.5.5.7.48.1.1",
    changed: bytes = b"",
) -> bytes:
    """Return a response from `signer`.

    Args:
        responder: ResponderID; the signer's name without one.
        key: that signs, where it is not the signer's.
        algorithm: name of `SIGNATURES`; what fits the key without one.
        extra: extensions of the response.
        changed: put in place of the ResponseData after that was signed.
    """
    data = sequence(
        version,
        responder or by_name(signer),
        time(produced_at),
        sequence(*(single.der for single in singles)),
        tlv(0xA1, extensions(*extra)) if extra else b"",
    )
    identifier, signature = sign(key or signer.key, data, algorithm)
    basic = sequence(
        changed or data,
        identifier,
        tlv(0x03, b"\0", signature),
        tlv(0xA0, sequence(*certificates)) if certificates else b"",
    )
    body = tlv(0xA0, sequence(oid(response_type), tlv(0x04, basic)))
    return sequence(tlv(0x0A, bytes([status])), body)


_NULL = b"\x05\x00"
_SHA256, _SHA1 = hashes.SHA256(), hashes.SHA1()  # noqa: S303 - to be judged


def pss_parameters(digest: str, salt: int) -> bytes:
    identifier = sequence(oid(DIGESTS[digest]), _NULL)
    return sequence(
        tlv(0xA0, identifier),
        tlv(0xA1, sequence(oid("1.2.840.113549.1.1.8"), identifier)),
        tlv(0xA2, integer(salt)),
    )


def sign(key: SigningKey, data: bytes, algorithm: str | None = None) -> tuple[bytes, bytes]:
    """Return the AlgorithmIdentifier and the signature."""
    match key:
        case rsa.RSAPrivateKey():
            return _sign_rsa(key, data, algorithm or "sha256WithRSAEncryption")
        case ec.EllipticCurvePrivateKey():
            if algorithm == "ecdsa-with-SHA1":
                return sequence(oid("1.2.840.10045.4.1")), key.sign(data, ec.ECDSA(_SHA1))
            return sequence(oid("1.2.840.10045.4.3.2")), key.sign(data, ec.ECDSA(_SHA256))
        case dsa.DSAPrivateKey():
            return sequence(oid("2.16.840.1.101.3.4.3.2")), key.sign(data, _SHA256)
        case ed25519.Ed25519PrivateKey():
            return sequence(oid("1.3.101.112")), key.sign(data)
        case ed448.Ed448PrivateKey():
            return sequence(oid("1.3.101.113")), key.sign(data)
        case mldsa.MLDSA44PrivateKey():
            return sequence(oid("2.16.840.1.101.3.4.3.17")), key.sign(data)
        case mldsa.MLDSA65PrivateKey():
            return sequence(oid("2.16.840.1.101.3.4.3.18")), key.sign(data)
        case mldsa.MLDSA87PrivateKey():
            return sequence(oid("2.16.840.1.101.3.4.3.19")), key.sign(data)


def _sign_rsa(key: rsa.RSAPrivateKey, data: bytes, algorithm: str) -> tuple[bytes, bytes]:
    if algorithm.startswith("rsassaPss"):
        digest = hashes.SHA384()
        scheme = padding.PSS(padding.MGF1(digest), 40)
        identifier = sequence(oid("1.2.840.113549.1.1.10"), pss_parameters("sha384", 40))
        return identifier, key.sign(data, scheme, digest)
    known: dict[str, tuple[str, hashes.HashAlgorithm]] = {
        "md5WithRSAEncryption": ("1.2.840.113549.1.1.4", hashes.MD5()),  # noqa: S303 - to be judged
        "sha1WithRSAEncryption": ("1.2.840.113549.1.1.5", _SHA1),
        "sha256WithRSAEncryption": ("1.2.840.113549.1.1.11", _SHA256),
    }
    dotted, chosen = known[algorithm]
    return sequence(oid(dotted), _NULL), key.sign(data, padding.PKCS1v15(), chosen)


def signed_again(issued: Issued, issuer: Issued, position: int, field: bytes) -> bytes:
    """Return the certificate with one field of its TBSCertificate as the library does not write it."""
    fields = [part.raw for part in parts_of(parts_of(read_element(issued.der), 3)[0], 7)]
    fields[position] = field
    data = sequence(*fields)
    algorithm, signature = sign(issuer.key, data)
    return sequence(data, algorithm, tlv(0x03, b"\0", signature))
