"""What an OCSP response says, as values (RFC 6960 4.2.1, 4.4; RFC 9654)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.core.message import Message
from trustdesk.formats.der import Element
from trustdesk.formats.extensions import Extension

SUCCESSFUL = 0
"""The responseStatus of a response that holds an answer (4.2.1)."""
BASIC_RESPONSE = "1.3.6.1.5.5.7.48.1.1"
NONCE = "1.3.6.1.5.5.7.48.1.2"
ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9"

DIGESTS = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
"""Digests of a CertID by their OID, as `hashlib` calls them."""


class CertStatus(StrEnum):
    """What a response says of one certificate (4.2.1)."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertId:
    """Which certificate is meant (4.1.1).

    Attributes:
        digest: name for `hashlib`, or the dotted OID of one unknown to us.
        issuer_name_hash: of the DER of the issuer's name.
        issuer_key_hash: of the bits of the issuer's key, without tag, length and number of unused bits.
    """

    digest: str
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleResponse:
    """What a response says of one certificate.

    Attributes:
        this_update: None when it cannot be read.
        next_update: None when it is absent or cannot be read.
        revoked_at: None unless REVOKED, or when it cannot be read.
        reason: name of RFC 5280 5.3.1, or the number of a reason that nobody knows; None without one.
        invalidity_date: None without the extension.
        archive_cutoff: None without the extension.
        unreadable: names of the parts that are there and cannot be read.
        offset: octets from the start of the response.
    """

    cert_id: CertId
    status: CertStatus
    this_update: datetime | None
    next_update: datetime | None = None
    revoked_at: datetime | None = None
    reason: str | None = None
    invalidity_date: datetime | None = None
    archive_cutoff: datetime | None = None
    extensions: tuple[Extension, ...] = ()
    unreadable: tuple[str, ...] = ()
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderId:
    """Who says that it signed (4.2.2.3): one of the two is None.

    Attributes:
        name: DER of a Name.
        key_hash: SHA-1 of the bits of its key.
        text: for people: an RFC 4514 name, or the hash in hex.
    """

    name: bytes | None = None
    key_hash: bytes | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicResponse:
    """An id-pkix-ocsp-basic response (4.2.1).

    Attributes:
        to_be_signed: ResponseData.
        signature_algorithm: AlgorithmIdentifier, which nobody signed.
        signature: BIT STRING.
        version: counted from 1.
        produced_at: None when it cannot be read.
        certificates: DER of each that came along, in their order.
    """

    to_be_signed: Element = field(repr=False)
    signature_algorithm: Element
    signature: Element = field(repr=False)
    version: int
    responder: ResponderId
    produced_at: datetime | None
    responses: tuple[SingleResponse, ...]
    extensions: tuple[Extension, ...] = ()
    certificates: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspResponse:
    """An OCSP response, as far as it could be read.

    Attributes:
        status: responseStatus; None when it cannot be read.
        response_type: dotted OID; None without responseBytes.
        basic: None without an answer, or of another type, or when it is damaged.
        problem: what is wrong with its form; None when it is whole.
    """

    status: int | None = None
    response_type: str | None = None
    basic: BasicResponse | None = None
    problem: Message | None = None
