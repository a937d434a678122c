"""Where bytes stop being DER (X.690 10, 11): the strict reading that linters ask for.

The reader (`formats`) takes what the field writes; this only says where it is not what the standard writes.
What needs a schema to be seen, such as a default value that is written out, is not looked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.message import Message, msg

_CONSTRUCTED, _SET = 0x20, 0x31
_CLASS = 0xC0
_STRINGS = frozenset({0x03, 0x04, 0x0C, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1A, 0x1C, 0x1E})
_MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class NotDer:
    """The first place that is not DER.

    Attributes:
        offset: octets from the start.
        reason: what is wrong there.
    """

    offset: int
    reason: Message


class _NotDerError(Exception):
    def __init__(self, offset: int, reason: Message) -> None:
        super().__init__(reason.id)
        self.place = NotDer(offset, reason)


def first_not_der(data: bytes) -> NotDer | None:
    """Return where `data` is not one DER element; None when it is."""
    try:
        end = _element(data, 0, len(data), 0)
        if end != len(data):
            raise _NotDerError(end, msg("bytes follow after the end"))
    except _NotDerError as error:
        return error.place
    return None


def _element(data: bytes, start: int, end: int, depth: int) -> int:
    """Check the element at `start` and return where it ends."""
    if depth > _MAX_DEPTH:
        raise _NotDerError(start, msg("it is nested too deep"))
    tag = _octet(data, start, end)
    position = start + 1
    if tag & 0x1F == 0x1F:
        while _octet(data, position, end) & 0x80:
            position += 1
        position += 1
    content, length = _length(data, position, end)
    if length > end - content:
        raise _NotDerError(
            position,
            msg(
                "the length, {length}, runs over the end, {left} further on",
                length=length,
                left=end - content,
            ),
        )
    stop = content + length
    if tag & _CONSTRUCTED:
        if tag & ~_CONSTRUCTED in _STRINGS:
            raise _NotDerError(start, msg("a string is built of parts"))
        if tag == _SET:
            _set(data, content, stop, depth)
        else:
            while content < stop:
                content = _element(data, content, stop, depth + 1)
    elif not tag & _CLASS:
        _primitive(data, tag, start, content, stop)
    return stop


def _length(data: bytes, position: int, end: int) -> tuple[int, int]:
    """Return where the content begins, and its length."""
    first = _octet(data, position, end)
    if first < 0x80:
        return position + 1, first
    if first == 0x80:
        raise _NotDerError(position, msg("the length is indefinite"))
    octets = first & 0x7F
    for index in range(octets):
        _octet(data, position + 1 + index, end)
    length = int.from_bytes(data[position + 1 : position + 1 + octets], "big")
    if length < 0x80 or data[position + 1] == 0:
        raise _NotDerError(position, msg("the length is not written in the shortest way"))
    return position + 1 + octets, length


def _set(data: bytes, content: int, stop: int, depth: int) -> None:
    previous = b""
    while content < stop:
        after = _element(data, content, stop, depth + 1)
        current = data[content:after]
        # X.690 11.6: the elements of a SET OF ascend; all the SETs of a certificate are such.
        if current < previous:
            raise _NotDerError(content, msg("the elements of a set are not in order"))
        previous, content = current, after


def _primitive(data: bytes, tag: int, start: int, content: int, stop: int) -> None:
    value = data[content:stop]
    problem: Message | None = None
    match tag:
        case 0x01:
            if value not in {b"\x00", b"\xff"}:
                problem = msg("a BOOLEAN is neither 00 nor FF")
        case 0x02 | 0x0A:
            if not value:
                problem = msg("an INTEGER is empty")
            elif len(value) > 1 and value[:1] in {b"\x00", b"\xff"} and (value[0] ^ value[1]) & 0x80 == 0:
                problem = msg("an INTEGER is not written in the shortest way")
        case 0x03:
            unused = value[0] if value else 8
            if unused > 7 or (unused and (len(value) == 1 or value[-1] & (1 << unused) - 1)):
                problem = msg("the unused bits of a BIT STRING are not zero")
        case 0x05:
            if value:
                problem = msg("a NULL has content")
        case 0x06:
            starts = [True, *(not octet & 0x80 for octet in value[:-1])]
            if (
                not value
                or value[-1] & 0x80
                or any(begins and octet == 0x80 for begins, octet in zip(starts, value, strict=True))
            ):
                problem = msg("an OBJECT IDENTIFIER is not written in the shortest way")
        case 0x10 | 0x11:
            problem = msg("a sequence or set is not built of parts")
        case _:
            pass
    if problem is not None:
        raise _NotDerError(start, problem)


def _octet(data: bytes, offset: int, end: int) -> int:
    if offset >= end:
        raise _NotDerError(offset, msg("the bytes end too early"))
    return data[offset]
