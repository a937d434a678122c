"""BER into DER, for containers that old tools wrote: indefinite lengths, strings in segments.

Only what changes the shape is changed: lengths become definite and minimal, octet strings in segments
become one. The order of sets and the values of booleans stay, for what is signed must not be touched.

Source: X.690 8.1.3.6, 8.7, 8.14, 10.
"""

from __future__ import annotations

from trustdesk.formats.der import DerError, Element, read_element

_OCTET_STRING = 0x04
_CONSTRUCTED_OCTET_STRING = 0x24
_MAX_DEPTH = 48
_MAX_ELEMENTS = 200_000


def to_der(data: bytes) -> bytes:
    """Return the one element that `data` begins with, written with definite lengths.

    Raises:
        DerError: it is no whole element, nested too deep, or of too many parts.
    """
    return _Transcoder().write(read_element(data, indefinite=True), 0)


def octets(element: Element) -> bytes:
    """Return the content of an octet string, of its segments where it has some (also for [0] IMPLICIT).

    Raises:
        DerError: the segments are no octet strings.
    """
    if not element.is_constructed:
        return element.content
    return b"".join(_segments(element, 0))


def _segments(element: Element, depth: int) -> list[bytes]:
    if depth > _MAX_DEPTH:
        raise DerError("nested too deep")
    found: list[bytes] = []
    for segment in element.children():
        if segment.tag == _CONSTRUCTED_OCTET_STRING:
            found.extend(_segments(segment, depth + 1))
        else:
            found.append(segment.expect(_OCTET_STRING).content)
    return found


def length_octets(length: int) -> bytes:
    """Return a length as DER writes it (X.690 10.1)."""
    if length < 0x80:
        return bytes([length])
    content = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(content)]) + content


def write_element(tag: int, *parts: bytes) -> bytes:
    """Return an element as DER writes it.

    Args:
        tag: its only identifier octet.
        parts: what stands in it, one after the other.
    """
    content = b"".join(parts)
    return bytes([tag]) + length_octets(len(content)) + content


class _Transcoder:
    def __init__(self) -> None:
        self._left = _MAX_ELEMENTS

    def write(self, element: Element, depth: int) -> bytes:
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            raise DerError("nested too deep or too many elements")
        if element.tag == _CONSTRUCTED_OCTET_STRING:
            return write_element(_OCTET_STRING, octets(element))
        if not element.is_constructed:
            content = element.content
        else:
            content = b"".join([self.write(child, depth + 1) for child in element.children()])
        identifier = element.data[element.start : element.start + _identifier_length(element)]
        return identifier + length_octets(len(content)) + content


def _identifier_length(element: Element) -> int:
    length = 1
    if element.tag & 0x1F == 0x1F:
        while element.data[element.start + length] & 0x80:
            length += 1
        length += 1
    return length
