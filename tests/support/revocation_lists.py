"""Revocation lists in one call: good by default, each thing wrong with them a keyword."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.pki import NOW, Issued

REVOKED_AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def revoked(
    serial_number: int,
    reason: x509.ReasonFlags | None = None,
    *,
    at: datetime = REVOKED_AT,
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
) -> x509.RevokedCertificate:
    """One entry, with a reason and whatever else it shall say."""
    builder = x509.RevokedCertificateBuilder(serial_number, at)
    if reason is not None:
        builder = builder.add_extension(x509.CRLReason(reason), critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.build()


def issuer_of(issued: Issued) -> tuple[x509.CertificateIssuer, bool]:
    """The certificateIssuer extension that names a CA."""
    return certificate_issuer(issued.certificate.subject)


def certificate_issuer(name: x509.Name) -> tuple[x509.CertificateIssuer, bool]:
    """The certificateIssuer extension (RFC 5280 5.3.3)."""
    return x509.CertificateIssuer([x509.DirectoryName(name)]), True


def revocation_list(
    issuer: Issued,
    entries: Sequence[x509.RevokedCertificate] = (),
    *,
    this_update: datetime = NOW - timedelta(days=1),
    next_update: datetime = NOW + timedelta(days=6),
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
    signed_with: Issued | None = None,
    name: x509.Name | None = None,
) -> bytes:
    """The DER of a list that `issuer` signs; `signed_with` and `name` make it somebody else's."""
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=name or issuer.certificate.subject,
        last_update=this_update,
        next_update=next_update,
        revoked_certificates=list(entries),
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    key = (signed_with or issuer).key
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)


def der(tag: int, *parts: bytes) -> bytes:
    """One element with its parts inside."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def signed_list(
    issuer: Issued,
    entries: bytes | None,
    *,
    version: bytes = b"\x02\x01\x01",
    next_update: bytes = b"\x17\r261201000000Z",
    after: bytes = b"",
) -> bytes:
    """A signed list of which the parts are given as they shall stand: what no library writes.

    Args:
        entries: revokedCertificates; None for none.
        after: crlExtensions, or anything else that follows.
    """
    key = issuer.key
    assert not isinstance(key, ed25519.Ed25519PrivateKey)
    oid = {
        True: b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00",  # sha256WithRSAEncryption
        False: b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",  # ecdsa-with-SHA256
    }[isinstance(key, rsa.RSAPrivateKey)]
    body = der(
        0x30,
        version,
        oid,
        issuer.certificate.subject.public_bytes(),
        b"\x17\r261101000000Z",
        next_update,
        b"" if entries is None else entries,
        after,
    )
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(body, PKCS1v15(), hashes.SHA256())
    else:
        signature = key.sign(body, ec.ECDSA(hashes.SHA256()))
    return der(0x30, body, oid, der(0x03, b"\0", signature))


def entry(serial_number: bytes, extensions: bytes = b"", *, date: bytes = b"\x17\r261103093000Z") -> bytes:
    """One entry of which serial number (content octets) and extensions are given as they shall stand."""
    return der(0x30, der(0x02, serial_number), date, extensions)


def extension(oid: bytes, value: bytes, *, critical: bool = False) -> bytes:
    """One Extension: OID (content octets) and what stands in its OCTET STRING."""
    return der(0x30, der(0x06, oid), b"\x01\x01\xff" if critical else b"", der(0x04, value))


def spki(issued: Issued) -> bytes:
    """The subjectPublicKeyInfo of a certificate."""
    from cryptography.hazmat.primitives.serialization import PublicFormat

    return issued.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
