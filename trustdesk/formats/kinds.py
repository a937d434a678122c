"""What a file's bytes are, told from their outermost structure alone."""

from __future__ import annotations

from enum import StrEnum

from trustdesk.core.message import Message, msg
from trustdesk.formats.der import (
    OBJECT_IDENTIFIER,
    SEQUENCE,
    DerError,
    Element,
    object_identifier,
    read_element,
)

_ENUMERATED = 0x0A
_JKS_MAGIC = b"\xfe\xed\xfe\xed"
_JCEKS_MAGIC = b"\xce\xce\xce\xce"
_PKCS7_TYPES = "1.2.840.113549.1.7."
_MAX_PARTS = 16


class FileKind(StrEnum):
    """What a DER or binary file holds."""

    CERTIFICATE = "certificate"
    REQUEST = "csr"
    REVOCATION_LIST = "crl"
    PRIVATE_KEY = "private_key"
    ENCRYPTED_PRIVATE_KEY = "encrypted_private_key"
    PUBLIC_KEY = "public_key"
    PKCS7 = "pkcs7"
    PKCS12 = "pkcs12"
    JAVA_KEY_STORE = "jks"
    UNKNOWN = "unknown"


class KeyForm(StrEnum):
    """How a private key is written down."""

    PKCS8 = "PKCS#8"
    PKCS1 = "PKCS#1"
    SEC1 = "SEC 1"
    DSA = "DSA"
    OPENSSH = "OpenSSH"
    JKS = "JKS"
    JCEKS = "JCEKS"


def kind_of(data: bytes, offset: int = 0) -> FileKind:
    """Return what begins at `offset`; UNKNOWN for text, for damaged DER and for everything else."""
    if data.startswith((_JKS_MAGIC, _JCEKS_MAGIC), offset):
        return FileKind.JAVA_KEY_STORE
    try:
        outer = read_element(data, offset, indefinite=True).expect(SEQUENCE)
        return _kind(_first_parts(outer))
    except DerError:
        return FileKind.UNKNOWN


def nothing_known(data: bytes) -> Message:
    """Say of bytes that are UNKNOWN what they are all the same, as far as that can be seen."""
    if data[:1] != b"\x30":
        return msg("It holds nothing that is known here: no certificate, key, request, list or key store.")
    try:
        outer = read_element(data, indefinite=True)
    except DerError:
        return msg("It begins like DER, but it is cut short or damaged: {size} bytes.", size=len(data))
    if _is_ocsp_response(outer):
        return msg(
            "It is an OCSP response, which is not shown here: judge a certificate by it with "
            "trustdesk verify --ocsp, or open the CA's revocation list (CRL) instead."
        )
    return msg("It is DER, but nothing that is known here.")


def _is_ocsp_response(outer: Element) -> bool:
    """Whether it begins with a status, as nothing else that is known does (RFC 6960 4.2.1)."""
    try:
        return next(iter(outer.children())).tag == _ENUMERATED
    except (DerError, StopIteration):
        return False


def _kind(parts: list[Element]) -> FileKind:
    match [part.tag for part in parts]:
        case [0x30, 0x30, 0x03]:
            return _signed_kind(parts[0])
        case [0x30, 0x04 | 0x24]:
            return FileKind.ENCRYPTED_PRIVATE_KEY
        case [0x30, 0x03]:
            return FileKind.PUBLIC_KEY
        case [0x06, 0xA0] if object_identifier(parts[0]).startswith(_PKCS7_TYPES):
            return FileKind.PKCS7
        case [0x02, 0x30] | [0x02, 0x30, 0x30] if _is_content_info(parts[1]):
            return FileKind.PKCS12
        case [0x02, 0x30, 0x04, *_]:  # PKCS#8 (RFC 5958)
            return FileKind.PRIVATE_KEY
        case [0x02, 0x04, *_]:  # RFC 5915
            return FileKind.PRIVATE_KEY
        case [0x02, 0x02, 0x02, 0x02, 0x02, *_]:  # PKCS#1 (RFC 8017 A.1.2), and DSA of old
            return FileKind.PRIVATE_KEY
        case _:
            return FileKind.UNKNOWN


def _signed_kind(to_be_signed: Element) -> FileKind:
    """Tell certificate, request and revocation list apart: all are (body, algorithm, signature)."""
    fields = _first_parts(to_be_signed)
    tags = [field.tag for field in fields]
    match tags:
        case [0xA0, 0x02, 0x30, 0x30, 0x30, 0x30, 0x30, *_] | [0x02, 0x30, 0x30, 0x30, 0x30, 0x30, *_]:
            return FileKind.CERTIFICATE
        case [0x02, 0x30, 0x30] | [0x02, 0x30, 0x30, 0xA0]:
            return FileKind.REQUEST
        case [0x02, 0x30, 0x30, 0x17 | 0x18, *_] | [0x30, 0x30, 0x17 | 0x18, *_]:
            return FileKind.REVOCATION_LIST
        case _:
            return FileKind.UNKNOWN


def _is_content_info(element: Element) -> bool:
    parts = _first_parts(element)
    return (
        len(parts) == 2
        and parts[0].tag == OBJECT_IDENTIFIER
        and object_identifier(parts[0]).startswith(_PKCS7_TYPES)
    )


def _first_parts(element: Element) -> list[Element]:
    parts: list[Element] = []
    for part in element.children():
        parts.append(part)
        if len(parts) == _MAX_PARTS:
            break
    return parts


def key_form_of(data: bytes) -> KeyForm:
    """Return how an unencrypted private key is written down; PKCS8 for what kind_of calls no key."""
    try:
        tags = [part.tag for part in _first_parts(read_element(data, indefinite=True).expect(SEQUENCE))]
    except DerError:
        return KeyForm.PKCS8
    match tags:
        case [0x02, 0x04, *_]:
            return KeyForm.SEC1
        case [0x02, 0x02, 0x02, 0x02, 0x02, 0x02]:
            return KeyForm.DSA
        case [0x02, 0x02, *_]:
            return KeyForm.PKCS1
        case _:
            return KeyForm.PKCS8
