"""Distinguished names from DER into RFC 4514 strings.

Own code rather than a library's, because a name also stands in certificates that no library loads, and
because the library warns on standard error of what a peer wrote in a name. What it says of an ordinary name
equals cryptography's `rfc4514_string`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustdesk.core.untrusted import bounded
from trustdesk.formats.der import SEQUENCE, SET, DerError, Element, object_identifier

COMMON_NAME = "2.5.4.3"

# RFC 4514 section 3; other types are shown by their OID.
_SHORT_NAMES = {
    COMMON_NAME: "CN",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.6": "C",
    "2.5.4.9": "STREET",
    "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
}

_ENCODINGS = {
    0x0C: "utf-8",  # UTF8String
    0x12: "ascii",  # NumericString
    0x13: "ascii",  # PrintableString
    0x14: "latin-1",  # T61String, read as everybody reads it
    0x16: "ascii",  # IA5String
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}

_ESCAPED = frozenset('\\"+,;<>\0')


def name_text(name: Element) -> str:
    """Return a Name as an RFC 4514 string: last RDN first, "" for an empty name, bounded.

    Raises:
        DerError: it is no Name.
    """
    relative_names = [relative_name_text(one) for one in name.expect(SEQUENCE).children()]
    return joined(relative_names)


def relative_name_text(relative_name: Element) -> str:
    """Return one RelativeDistinguishedName as RFC 4514 has it, unbounded.

    Raises:
        DerError: it is none.
    """
    attributes = [
        f"{_SHORT_NAMES.get(kind, kind)}={_escaped(value)}" for kind, value in _attributes(relative_name)
    ]
    return "+".join(attributes)


def joined(relative_names: Sequence[str]) -> str:
    """Return a Name of the texts of its parts, which come in the order of the bytes: last first, bounded."""
    return bounded(",".join(reversed(relative_names)))


def common_name_text(value: str) -> str:
    """Return a Name that is one CN as an RFC 4514 string."""
    return f"{_SHORT_NAMES[COMMON_NAME]}={_escaped(value)}"


def first_common_name(name: Element) -> str | None:
    """Return the first CN of a Name, bounded; None without one.

    Raises:
        DerError: it is no Name.
    """
    for relative_name in name.expect(SEQUENCE).children():
        for kind, value in _attributes(relative_name):
            if kind == COMMON_NAME:
                return bounded(value)
    return None


def _attributes(relative_name: Element) -> Iterator[tuple[str, str]]:
    for attribute in relative_name.expect(SET).children():
        parts = tuple(attribute.expect(SEQUENCE).children())
        if len(parts) != 2:
            raise DerError("an attribute that is not a type and a value")
        yield object_identifier(parts[0]), _value(parts[1])


def _value(element: Element) -> str:
    encoding = _ENCODINGS.get(element.tag)
    if encoding is None:
        return f"#{element.raw.hex()}"
    return element.content.decode(encoding, "backslashreplace")


def _escaped(value: str) -> str:
    if not value:
        return ""
    text = value
    if not _ESCAPED.isdisjoint(value):
        text = "".join("\\00" if c == "\0" else f"\\{c}" if c in _ESCAPED else c for c in value)
    if text[0] in "# ":
        text = f"\\{text}"
    if len(value) > 1 and text[-1] == " ":
        text = f"{text[:-1]}\\ "
    return text
