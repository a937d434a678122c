"""Distinguished names in the form in which RFC 5280 7.1 compares them.

Strings are compared after NFKC, without regard to case and to runs of blanks, whatever string type they are
written in; any other value octet by octet. The order of attributes in one RDN means nothing.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from trustdesk.formats.der import OBJECT_IDENTIFIER, SEQUENCE, SET, DerError, Element, read_element

ComparableName = tuple[frozenset[tuple[bytes, str | bytes]], ...]

_ENCODINGS = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",  # T61String, read as everybody reads it
    0x16: "ascii",
    0x1A: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
_MAPPED = dict.fromkeys((0x85, 0x2028, 0x2029, *range(0x09, 0x0E)), " ") | dict.fromkeys(
    (
        *(0xAD, 0x34F, 0x1806, 0x6DD, 0x70F, 0x180E, 0xFEFF, 0xFFFC, 0x1D173, 0xE0001),
        *range(0x09),
        *range(0x0E, 0x20),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        *range(0x180B, 0x180E),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2064),
        *range(0x206A, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xFFF9, 0xFFFC),
    )
)
"""RFC 4518 2.2: what stands for a blank, and what stands for nothing (None)."""
_EMAIL_ADDRESS = bytes.fromhex("2a864886f70d010901")


@lru_cache(maxsize=4096)
def comparable_name(raw: bytes) -> ComparableName:
    """Return a Name (raw DER) ready to be compared.

    Raises:
        DerError: it is no Name.
    """
    return tuple(
        frozenset(_attribute(attribute) for attribute in relative_name.expect(SET).children())
        for relative_name in read_element(raw).expect(SEQUENCE).children()
    )


def email_addresses(name: ComparableName) -> list[str]:
    """Return the emailAddress attributes of a name (RFC 5280 4.1.2.6), in their comparable form."""
    return [
        value
        for relative_name in name
        for kind, value in relative_name
        if kind == _EMAIL_ADDRESS and isinstance(value, str)
    ]


def comparable_text(text: str) -> str:
    """Return a string as RFC 5280 7.1 compares it."""
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    text = text.translate(_MAPPED)
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def _attribute(attribute: Element) -> tuple[bytes, str | bytes]:
    parts = tuple(attribute.expect(SEQUENCE).children())
    if len(parts) != 2:
        raise DerError("an attribute that is not a type and a value")
    kind, value = parts
    encoding = _ENCODINGS.get(value.tag)
    if encoding is None:
        return kind.expect(OBJECT_IDENTIFIER).content, value.raw
    try:
        return kind.expect(OBJECT_IDENTIFIER).content, comparable_text(value.content.decode(encoding))
    except UnicodeDecodeError:
        return kind.content, value.raw
