"""DER as lines of hex, and where the named parts stand: plain functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.core.inspection import ByteField, ExtensionFacts
from trustdesk.core.untrusted import visible

LINE_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBytes:
    """A part of a structure with its name; `end` is the first octet behind it."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HexLine:
    """One line: offset, hex pairs, printable ASCII with dots for the rest."""

    offset: int
    pairs: tuple[str, ...]
    ascii: str


def line_count(size: int) -> int:
    """Return how many lines a size needs."""
    return (size + LINE_BYTES - 1) // LINE_BYTES


def hex_line(data: bytes, number: int) -> HexLine:
    """Return a line by its number."""
    offset = number * LINE_BYTES
    part = data[offset : offset + LINE_BYTES]
    return HexLine(
        offset=offset,
        pairs=tuple(f"{octet:02X}" for octet in part),
        ascii="".join(chr(octet) if 0x20 <= octet < 0x7F else "." for octet in part),
    )


def named_bytes(fields: Sequence[ByteField], extensions: Sequence[ExtensionFacts]) -> tuple[NamedBytes, ...]:
    """Return fields and extensions in the order of their bytes; what encloses comes before what is inside."""
    parts = [
        NamedBytes(name=visible(one.name, 60), start=one.offset, end=one.offset + one.length)
        for one in fields
    ]
    parts += [
        NamedBytes(name=visible(one.name, 60), start=one.offset, end=one.offset + one.length)
        for one in extensions
    ]
    return tuple(sorted(parts, key=lambda part: (part.start, -part.end)))


def innermost(parts: Sequence[NamedBytes], start: int, end: int) -> NamedBytes | None:
    """Return the smallest named part that holds a range; None when none does."""
    around = [part for part in parts if part.start <= start and end <= part.end]
    return min(around, key=lambda part: part.end - part.start, default=None)
