"""Walking DER by hand, so that a certificate that no library reads still says what it can.

Lengths need not be minimal and, where asked for, may be indefinite (BER, X.690 8.1.3.6), because files in
the field are. Nothing here copies until `content` or `raw` is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, datetime
from functools import lru_cache

from trustdesk.core.light_dataclass import light_dataclass

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06
UTF8_STRING = 0x0C
SEQUENCE = 0x30
SET = 0x31
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18

_CONSTRUCTED = 0x20
_INDEFINITE = 0x80
_MAX_DEPTH = 64
_MAX_CHILDREN = 20_000
_MAX_TAG = 8
_MAX_SCANNED = 50_000
"""Elements looked at to find where an indefinite length ends: each level inside looks at them again."""


class DerError(ValueError):
    """The bytes are not the DER that was expected; a fact about the input, not shown as it stands."""


@light_dataclass(frozen=True, slots=True)
class Element:
    """One tag-length-value.

    Attributes:
        tag: the first identifier octet, class and constructed bit included; tag numbers over 30 share one.
        data: the buffer that all offsets count in.
        start: where the identifier octet stands.
        content_start: where the value begins.
        content_end: where the value ends.
        end: where the next element begins; after the end-of-contents octets of an indefinite length.
        indefinite: whether indefinite lengths are allowed inside.
    """

    tag: int
    data: bytes = field(repr=False)
    start: int
    content_start: int
    content_end: int
    end: int
    indefinite: bool = False

    @property
    def content(self) -> bytes:
        """The value without identifier and length."""
        return self.data[self.content_start : self.content_end]

    @property
    def raw(self) -> bytes:
        """The element with identifier and length."""
        return self.data[self.start : self.end]

    @property
    def is_constructed(self) -> bool:
        """Whether the value is made of elements."""
        return bool(self.tag & _CONSTRUCTED)

    def children(self) -> Iterator[Element]:
        """Yield the elements of a constructed value in their order.

        Raises:
            DerError: the value is not made of whole elements, or of more than anybody means.
        """
        data, indefinite = self.data, self.indefinite
        offset, content_end = self.content_start, self.content_end
        for _ in range(_MAX_CHILDREN):
            if offset >= content_end:
                return
            start, offset = offset, offset + 2
            # The ordinary case by hand: one octet of tag, one of length, and all of the value there.
            if offset <= content_end and (length := data[start + 1]) < 0x80 and data[start] & 0x1F != 0x1F:
                content_start, offset = offset, offset + length
                if offset > content_end:
                    raise DerError("a length beyond the end")
                yield Element(data[start], data, start, content_start, offset, offset, indefinite)
            else:
                element = read_element(data, start, content_end, indefinite=indefinite)
                offset = element.end
                yield element
        raise DerError("too many elements")

    def expect(self, tag: int) -> Element:
        """Return this element.

        Raises:
            DerError: it has another tag.
        """
        if self.tag != tag:
            raise DerError(f"tag 0x{self.tag:02x} where 0x{tag:02x} was expected")
        return self


def read_element(
    data: bytes, offset: int = 0, end: int | None = None, *, indefinite: bool = False
) -> Element:
    """Read the element at `offset`.

    Args:
        end: offset that it may not run over; None for the end of `data`.
        indefinite: whether an indefinite length is allowed.

    Raises:
        DerError: there is no whole element.
    """
    left = [_MAX_SCANNED] if indefinite else None
    return _read(data, offset, len(data) if end is None else end, left, 0)


def read_whole(data: bytes, tag: int) -> Element:
    """Read the one element that `data` consists of.

    Raises:
        DerError: it is not one whole element with this tag.
    """
    element = read_element(data).expect(tag)
    if element.end != len(data):
        raise DerError("bytes after the element")
    return element


def parts_of(element: Element, least: int) -> list[Element]:
    """Return the elements inside a constructed value.

    Raises:
        DerError: there are fewer than `least`, or they are not whole.
    """
    parts = list(element.children())
    if len(parts) < least:
        raise DerError("parts are missing")
    return parts


def integer(element: Element) -> int:
    """Return the value of an INTEGER.

    Raises:
        DerError: it is none, or an empty one.
    """
    content = element.expect(INTEGER).content
    if not content:
        raise DerError("an INTEGER without content")
    return int.from_bytes(content, "big", signed=True)


def small_integer(element: Element) -> int:
    """Return the value of an INTEGER that counts something.

    Raises:
        DerError: it is none, or takes more than eight octets, which no count does.
    """
    if element.content_end - element.content_start > 8:
        raise DerError("an INTEGER that is too large")
    return integer(element)


def instant(element: Element) -> datetime:
    """Return a UTCTime or GeneralizedTime as RFC 5280 4.1.2.5 has them: whole seconds of UTC.

    Raises:
        DerError: it is none, or is written another way.
        ValueError: it names no date, such as a 13th month.
    """
    text = element.content[:32].decode("ascii")
    if element.tag == UTC_TIME:
        # RFC 5280 4.1.2.5.1: two-digit years from 50 on lie in the twentieth century.
        text = f"{'19' if text[:2] >= '50' else '20'}{text}"
    elif element.tag != GENERALIZED_TIME:
        raise DerError("no time")
    if len(text) != 15 or not text[:14].isdigit() or text[14] != "Z":
        raise DerError("a time that is not whole seconds of UTC")
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    return datetime(year, month, day, int(text[8:10]), int(text[10:12]), int(text[12:14]), tzinfo=UTC)


def whole_children(element: Element) -> tuple[list[Element], int | None]:
    """Return the elements inside a constructed value up to the first damaged one, and where that begins.

    The offset is None when all are whole.
    """
    found: list[Element] = []
    try:
        # What came before the damage stays in the list.
        found.extend(element.children())
    except DerError:
        return found, found[-1].end if found else element.content_start
    return found, None


def count_children(element: Element) -> int:
    """Count the elements inside a constructed value, however many there are.

    Raises:
        DerError: the value is not made of whole elements.
    """
    data, position, end = element.data, element.content_start, element.content_end
    count = 0
    while position < end:
        # The ordinary case by hand: a CRL may have a million entries.
        length = data[position + 1] if position + 1 < end else 0x84
        if length < 0x80 and data[position] & 0x1F != 0x1F:
            position += 2 + length
        else:
            position = read_element(data, position, end, indefinite=element.indefinite).end
        count += 1
    if position != end:
        raise DerError("an element beyond the end")
    return count


def object_identifier(element: Element) -> str:
    """Return an OBJECT IDENTIFIER in dotted form.

    Raises:
        DerError: it is none, ends in the middle of an arc, or is too long to mean anything.
    """
    content = element.expect(OBJECT_IDENTIFIER).content
    if not content or content[-1] & 0x80 or len(content) > 128:
        raise DerError("an OBJECT IDENTIFIER that does not end or does not fit")
    return _dotted(content)


@lru_cache(maxsize=1024)
def _dotted(content: bytes) -> str:
    arcs: list[int] = []
    value = 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


def _read(data: bytes, offset: int, end: int, left: list[int] | None, depth: int) -> Element:
    """Read one element; `left` counts what may still be scanned, None forbids indefinite lengths."""
    if depth > _MAX_DEPTH:
        raise DerError("nested too deep")
    tag = _octet(data, offset, end)
    position = offset + 1
    if tag & 0x1F == 0x1F:
        while _octet(data, position, end) & 0x80:
            position += 1
            if position - offset > _MAX_TAG:
                raise DerError("a tag number that is too large")
        position += 1
    length = _octet(data, position, end)
    position += 1
    if length == _INDEFINITE:
        if left is None or not tag & _CONSTRUCTED:
            raise DerError("an indefinite length")
        content_end = _end_of_contents(data, position, end, left, depth)
        return Element(tag, data, offset, position, content_end, content_end + 2, True)
    if length & 0x80:
        octets = length & 0x7F
        if octets > 8 or position + octets > end:
            raise DerError("a length that does not fit")
        length = int.from_bytes(data[position : position + octets], "big")
        position += octets
    if length > end - position:
        raise DerError("a length beyond the end")
    return Element(tag, data, offset, position, position + length, position + length, left is not None)


def _end_of_contents(data: bytes, position: int, end: int, left: list[int], depth: int) -> int:
    while left[0] > 0:
        if data[position : position + 2] == b"\0\0":
            return position
        left[0] -= 1
        position = _read(data, position, end, left, depth + 1).end
    raise DerError("too many elements")


def _octet(data: bytes, offset: int, end: int) -> int:
    if offset >= end:
        raise DerError("the bytes end too early")
    return data[offset]
