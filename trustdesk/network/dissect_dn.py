"""Distinguished names of a CertificateRequest, as RFC 4514 strings.

The strings are those of the certificates' own names (`CertificateFacts.issuer`), so that the two can be
compared. Own code instead of `x509.Name.from_bytes`, because that one warns of long attributes: what a peer
sends must not reach the warnings of the process.

Source: RFC 5280 4.1.2.4, RFC 4514 2, X.690 8.
"""

from __future__ import annotations

from collections.abc import Iterator

from trustdesk.core.untrusted import bounded
from trustdesk.network.dissect_reader import DissectError

_SEQUENCE, _SET, _OBJECT_IDENTIFIER, _BIT_STRING = 0x30, 0x31, 0x06, 0x03

# Tags of the string types, with their encodings.
_ENCODINGS = {
    0x04: "utf-8",  # OctetString, of early PKIX names
    0x0C: "utf-8",  # UTF8String
    0x12: "ascii",  # NumericString
    0x13: "ascii",  # PrintableString
    0x14: "latin-1",  # TeletexString: what is found in it in practice
    0x16: "ascii",  # IA5String
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}

_SHORT_NAMES = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}

_ESCAPED = str.maketrans({**{character: f"\\{character}" for character in '\\"+,;<>'}, "\0": "\\00"})


def distinguished_name(der: bytes) -> str:
    """Return a DER name as RFC 4514 string; one that does not parse as `0x…` in hex. Bounded."""
    try:
        return bounded(_name(memoryview(der)))
    except (DissectError, UnicodeDecodeError):
        return bounded(f"0x{der[:2048].hex()}")


def _name(der: memoryview) -> str:
    tag, name, rest = _item(der)
    if tag != _SEQUENCE or rest:
        raise DissectError("no name")
    relative_names = []
    for relative_name in _items(name, _SET):
        attributes = []
        for attribute in _items(relative_name, _SEQUENCE):
            tag, type_, rest = _item(attribute)
            if tag != _OBJECT_IDENTIFIER:
                raise DissectError("attribute type is no object identifier")
            oid = _object_identifier(type_)
            tag, value, rest = _item(rest)
            if rest:
                raise DissectError("attribute with more than a value")
            attributes.append(f"{_SHORT_NAMES.get(oid, oid)}={_value(tag, value)}")
        if not attributes:
            raise DissectError("relative name without attribute")
        relative_names.append("+".join(attributes))
    return ",".join(reversed(relative_names))


def _items(data: memoryview, expected: int) -> Iterator[memoryview]:
    """Yield the contents of elements that all have one tag."""
    while data:
        tag, content, data = _item(data)
        if tag != expected:
            raise DissectError(f"tag 0x{tag:02x} where 0x{expected:02x} belongs")
        yield content


def _item(data: memoryview) -> tuple[int, memoryview, memoryview]:
    """Split one DER element off: tag, content, what follows; nothing is copied."""
    if len(data) < 2:
        raise DissectError("truncated element")
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
        if not 3 <= start <= 6 or length < 0x80:
            raise DissectError("length that DER does not know")
    if start + length > len(data):
        raise DissectError("element longer than its frame")
    return data[0], data[start : start + length], data[start + length :]


def _object_identifier(content: memoryview) -> str:
    if not content or content[-1] & 0x80 or len(content) > 64:
        raise DissectError("object identifier does not end")
    arcs: list[int] = []
    arc = 0
    for byte in content:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    top = min(arcs[0] // 40, 2)
    return ".".join(map(str, (top, arcs[0] - 40 * top, *arcs[1:])))


def _value(tag: int, content: memoryview) -> str:
    if tag == _BIT_STRING:
        return f"#{content.hex()}"
    encoding = _ENCODINGS.get(tag)
    if encoding is None:
        raise DissectError(f"string of type 0x{tag:02x}")
    text = str(content, encoding).translate(_ESCAPED)
    if text.startswith("#") or (text.startswith(" ") and len(text) > 1):
        text = "\\" + text
    if text.endswith(" "):
        text = text[:-1] + "\\ "
    return text
