"""What a file's bytes are, told from their outermost structure alone."""

from __future__ import annotations

from enum import StrEnum

from trustdesk.formats.der import (
    INTEGER,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Element,
    object_identifier,
    read_element,
)

_JKS_MAGIC = b"\xfe\xed\xfe\xed"
_JCEKS_MAGIC = b"\xce\xce\xce\xce"
_PKCS7_TYPES = "1.2.840.113549.1.7."
_MAX_PARTS = 16
_CONSTRUCTED_OCTET_STRING = 0x24


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


def kind_of(data: bytes) -> FileKind:
    """Return what the bytes are; UNKNOWN for text, for damaged DER and for everything else."""
    if data.startswith((_JKS_MAGIC, _JCEKS_MAGIC)):
        return FileKind.JAVA_KEY_STORE
    try:
        outer = read_element(data, indefinite=True).expect(SEQUENCE)
        return _kind(_first_parts(outer))
    except DerError:
        return FileKind.UNKNOWN


def _kind(parts: list[Element]) -> FileKind:
    match [part.tag for part in parts]:
        case [0x30, 0x30, 0x03]:
            return _signed_kind(parts[0])
        case [0x30, 0x04]:
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


def largest_iteration_count(data: bytes) -> int:
    """Return the largest work factor that opening a PKCS#12 file or an encrypted key would follow.

    Every derivation writes it as an INTEGER right after the salt, an OCTET STRING: PBES1 and PBKDF2 (RFC
    8018 A.3, A.2), PKCS#12's own and its MAC (RFC 7292 4), scrypt (RFC 7914 7.1). So all such pairs count,
    also inside OCTET STRINGs that hold DER. Counts inside encrypted contents cannot be seen.
    """
    largest = 0
    budget = 100_000
    try:
        waiting = [read_element(data, indefinite=True)]
    except DerError:
        return 0
    while waiting and budget > 0:
        element = waiting.pop()
        previous_tag = 0
        try:
            for child in element.children():
                budget -= 1
                if child.tag == INTEGER and previous_tag == OCTET_STRING:
                    # The content's length alone tells a number too big to turn into one.
                    size = child.content_end - child.content_start
                    largest = max(largest, int.from_bytes(child.content, "big") if size <= 8 else 1 << 64)
                previous_tag = child.tag
                if child.tag in {OCTET_STRING, _CONSTRUCTED_OCTET_STRING}:
                    waiting.extend(_inside(child))
                elif child.is_constructed:
                    waiting.append(child)
                if budget <= 0:
                    break
        except DerError:
            continue
    return largest


def _inside(octets: Element) -> list[Element]:
    try:
        # BER may send the octets in segments (X.690 8.7.3), with the DER running across their borders.
        segments = [segment.content for segment in octets.children()] if octets.is_constructed else []
        inner = read_element(b"".join(segments) or octets.content, indefinite=True)
    except DerError:
        return []
    return [inner] if inner.tag == SEQUENCE else []
