"""Master lists in CMS, taken together by hand so that any part of them can be wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ObjectIdentifier

from tests.support import pki
from tests.support.pki import Issued
from tests.support.raw_pki import integer, octets, oid, seq, tlv, utc_time

CSCA = "2.23.136.1.1.2"
SIGNING_LISTS = "2.23.136.1.1.3"
OTHER_CONTENT = "2.23.136.1.1.99"
"""Of nobody, and as long as ICAO's."""
SHA256 = "2.16.840.1.101.3.4.2.1"
SIGNED_AT = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
_CONTENT_TYPE, _DIGEST, _TIME = (f"1.2.840.113549.1.9.{last}" for last in (3, 4, 5))


def list_signer(issuer: Issued, **keywords: object) -> Issued:
    """Return who signs master lists for a CA."""
    usage = (x509.ExtendedKeyUsage([ObjectIdentifier(SIGNING_LISTS)]), True)
    return pki.issue(pki.name("Master List Signer"), issuer, extensions=[usage], **keywords)  # type: ignore[arg-type]


def content(*certificates: Issued | bytes, version: int = 0) -> bytes:
    """Return a CscaMasterList."""
    ders = [one if isinstance(one, bytes) else one.der for one in certificates]
    return seq(integer(version), tlv(0x31, *sorted(ders)))


def attribute(kind: str, value: bytes) -> bytes:
    return seq(oid(kind), tlv(0x31, value))


def attributes(of: bytes, content_type: str = CSCA, signed_at: datetime | None = SIGNED_AT) -> list[bytes]:
    """Return the signed attributes of some content in their order."""
    found = [
        attribute(_CONTENT_TYPE, oid(content_type)),
        attribute(_DIGEST, octets(hashlib.sha256(of).digest())),
    ]
    if signed_at is not None:
        found.append(attribute(_TIME, utc_time(signed_at)))
    return sorted(found, key=lambda one: (len(one), one))


def message(
    of: bytes,
    signer: Issued,
    *,
    content_type: str = CSCA,
    signed: Sequence[bytes] | None = None,
    digest: str = SHA256,
    signature_algorithm: str = "1.2.840.10045.4.3.2",
    certificates: Sequence[Issued] | None = None,
    signers: int = 1,
) -> bytes:
    """Return SignedData by an EC key; `signed` are other attributes than the right ones, in their order."""
    chosen = attributes(of, content_type) if signed is None else [*signed]
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    signature = signer.key.sign(tlv(0x31, *chosen), ec.ECDSA(hashes.SHA256()))
    issuer = signer.certificate.issuer.public_bytes()
    info = seq(
        integer(1),
        seq(issuer, integer(signer.certificate.serial_number)),
        seq(oid(digest)),
        tlv(0xA0, *chosen),
        seq(oid(signature_algorithm)),
        octets(signature),
    )
    brought = [signer] if certificates is None else [*certificates]
    signed_data = seq(
        integer(3),
        tlv(0x31, seq(oid(digest))),
        seq(oid(content_type), tlv(0xA0, octets(of))),
        tlv(0xA0, *(one.der for one in brought)),
        tlv(0x31, *([info] * signers)),
    )
    return seq(oid("1.2.840.113549.1.7.2"), tlv(0xA0, signed_data))
