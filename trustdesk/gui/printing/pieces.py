"""Pieces of a page: what is measured once, stays whole, and is painted where there is room for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from trustdesk.core.printed import (
    Ink,
    PrintedBanner,
    PrintedFacts,
    PrintedHeading,
    PrintedText,
    PrintedTop,
    PrintedTotals,
)
from trustdesk.gui.printing.pen import STATE_GROUND, STATE_INK, Pen
from trustdesk.gui.printing.typesetting import (
    FACE_OF_INK,
    Face,
    TextLine,
    lines_of,
    width_of,
)
from trustdesk.gui.theme.tokens import LIGHT

_ICONS = {"not_applicable": "not-applicable"}


class Piece(Protocol):
    """What stands on one page as a whole.

    Attributes:
        height: of what is painted, with the room below it.
        stays: whether the next piece has to stand on the same page.
        breaks: whether it begins a page.
        head: what stands above it where it is the first of a page; None for nothing.
    """

    height: float
    stays: bool
    breaks: bool
    head: Piece | None

    def paint(self, pen: Pen, top: float) -> None:
        """Paint it below `top`."""
        ...

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Return it in two, the first no higher than `room`; None where it cannot be."""
        ...


class Whole:
    """A piece that is never split."""

    height = 0.0
    stays = False
    breaks = False
    head: Piece | None = None

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Return None."""
        del room
        return None


def icon_of(state: str) -> str:
    """Return the icon's name of a state."""
    return _ICONS.get(state, state)


class TopPiece(Whole):
    """The head of the first page."""

    def __init__(self, block: PrintedTop, width: float) -> None:
        asides = max((width_of(text, Face.SECOND) for text in block.asides), default=0.0)
        self._asides = tuple(TextLine(text, Face.SECOND, LIGHT.text2) for text in block.asides)
        room = width - _MARK - 80 - asides - 120
        self._title = lines_of(block.title, Face.TITLE, LIGHT.text, room)
        self._second = lines_of(block.subtitle, Face.SECOND, LIGHT.text2, room)
        words = sum(line.height for line in (*self._title, *self._second))
        self.height = max(_MARK, words, sum(line.height for line in self._asides)) + 130

    def paint(self, pen: Pen, top: float) -> None:
        """Paint mark, title and what stands at the far side."""
        pen.box(0, top, _MARK, _MARK, fill=LIGHT.accent, radius=50)
        pen.icon("logo", LIGHT.on_accent, 50, top + 50, _MARK - 100)
        below = pen.texts(self._title, _MARK + 80, top)
        pen.texts(self._second, _MARK + 80, below)
        pen.texts(self._asides, 0, top + 40, room=pen.width)


_MARK = 290.0


class BannerPiece(Whole):
    """The verdict."""

    def __init__(self, block: PrintedBanner, width: float) -> None:
        self._state = block.state
        ink = (
            LIGHT.text if block.state in {"unknown", "running", "not_applicable"} else STATE_INK[block.state]
        )
        self._fact = TextLine(block.fact, Face.SECOND, LIGHT.text2)
        room = width - _INSET - 100 - (width_of(block.fact, Face.SECOND) + 100 if block.fact else 0)
        self._lines = (
            *lines_of(block.sentence, Face.SENTENCE, ink, room),
            *(line for text in block.lines for line in lines_of(text, Face.BODY, LIGHT.text, room)),
        )
        self._inside = sum(line.height for line in self._lines) + 160
        self.height = self._inside + 120

    def paint(self, pen: Pen, top: float) -> None:
        """Paint the ground, the icon and the words."""
        pen.box(0, top, pen.width, self._inside, fill=STATE_GROUND[self._state], radius=50)
        pen.icon(icon_of(self._state), STATE_INK[self._state], 90, top + 90, 130)
        pen.texts(self._lines, _INSET, top + 80)
        pen.text(self._fact, 0, top + 100, room=pen.width - 100)


_INSET = 280.0


class TotalsPiece(Whole):
    """Counts side by side, with a bar of their shares."""

    height = 620.0

    def __init__(self, block: PrintedTotals) -> None:
        self._block = block

    def paint(self, pen: Pen, top: float) -> None:
        """Paint a box for each count, and the bar."""
        parts, total = self._block.parts, self._block.total
        each = (pen.width - 110 * (len(parts) - 1)) / len(parts)
        for place, (state, word, count) in enumerate(parts):
            x = place * (each + 110)
            pen.box(x, top, each, 400, line=LIGHT.border, radius=60)
            pen.icon(icon_of(state), STATE_INK[state], x + 100, top + 68, 100)
            pen.text(TextLine(word, Face.SECOND, LIGHT.text2), x + 230, top + 64)
            number = TextLine(f"{count}", Face.NUMBER, LIGHT.text)
            pen.text(number, x + 100, top + 160)
            beside = x + 100 + width_of(number.text, Face.NUMBER) + 50
            pen.text(TextLine(f"/ {total}", Face.BODY, LIGHT.text3), beside, top + 225)
        at = 0.0
        for state, _word, count in parts:
            share = pen.width * count / max(total, 1)
            if share:
                pen.box(at, top + 455, max(share - 8, 4), 45, fill=STATE_INK[state])
            at += share


class HeadingPiece(Whole):
    """A heading, which never stands last on a page."""

    stays = True

    def __init__(self, block: PrintedHeading, width: float) -> None:
        is_part = block.level == 1
        self._above = 150.0 if is_part and not block.new_page else 70.0 * (not is_part)
        self._lines = (
            *lines_of(block.text, Face.PART if is_part else Face.SECTION, LIGHT.text, width),
            *(lines_of(block.second, Face.SECOND, LIGHT.text2, width) if block.second else ()),
        )
        self.breaks = block.new_page
        self.height = self._above + sum(line.height for line in self._lines) + (70 if is_part else 45)

    def paint(self, pen: Pen, top: float) -> None:
        """Write it."""
        pen.texts(self._lines, 0, top + self._above)


class TextPiece(Whole):
    """A paragraph, or one of a list."""

    def __init__(self, block: PrintedText, width: float) -> None:
        self._mark = block.mark
        ink = {Ink.BODY: LIGHT.text, Ink.NAME: LIGHT.text}.get(block.ink, LIGHT.text2)
        self._x = 150.0 if block.mark else 0.0
        self._lines = lines_of(block.text, FACE_OF_INK[block.ink], ink, width - self._x)
        self.height = sum(line.height for line in self._lines) + (30 if block.mark else 60)

    def paint(self, pen: Pen, top: float) -> None:
        """Write it."""
        if self._mark:
            pen.icon("tick", LIGHT.text3, 20, top + 15, 85)
        pen.texts(self._lines, self._x, top)


class SpacePiece(Whole):
    """Nothing, for some room."""

    height = 70.0

    def paint(self, pen: Pen, top: float) -> None:
        """Paint nothing."""


class FactsPiece:
    """One row of labels with their lines; torn apart between lines where it is higher than a page."""

    stays = False
    breaks = False
    head: Piece | None = None

    def __init__(self, columns: Sequence[_Fact], each: float, *, below: float) -> None:
        self.columns = tuple(columns)
        self._each, self._below = each, below
        self.height = max((one.height for one in self.columns), default=0.0) + below

    def paint(self, pen: Pen, top: float) -> None:
        """Write label and lines side by side."""
        for place, one in enumerate(self.columns):
            x = place * (self._each + _BETWEEN)
            pen.texts(one.label, x, top + 5)
            pen.texts(one.lines, x + _LABEL + 60, top)

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Return it in two between lines; None where not one fits."""
        halves = [one.cut(room) for one in self.columns]
        if not any(first.lines for first, _rest in halves):
            return None
        return (
            FactsPiece([first for first, _rest in halves], self._each, below=0.0),
            FactsPiece([rest for _first, rest in halves], self._each, below=self._below),
        )


@dataclass(frozen=True, slots=True)
class _Fact:
    label: tuple[TextLine, ...]
    lines: tuple[TextLine, ...]

    @property
    def height(self) -> float:
        return max(_height(self.label) + 5, _height(self.lines))

    def cut(self, room: float) -> tuple[_Fact, _Fact]:
        fits = sum(height <= room for height in accumulate(line.height for line in self.lines))
        if _height(self.label) + 5 > room:
            fits = 0
        return _Fact(self.label, self.lines[:fits]), _Fact((), self.lines[fits:])


_FACT_COLUMNS = 2
_LABEL = 860.0
_BETWEEN = 120.0
_LONG = 5
"""Lines from which on a fact has the whole width."""


def facts_pieces(block: PrintedFacts, width: float) -> Iterator[Piece]:
    """Yield a piece for each two facts, and one for each that is long."""
    half = (width - _BETWEEN) / _FACT_COLUMNS
    rows: list[tuple[list[_Fact], float]] = []
    for label, texts in block.facts:
        fact = _fact(label, texts, half)
        if len(fact.lines) >= _LONG:
            rows.append(([_fact(label, texts, width)], width))
        elif rows and rows[-1][1] == half and len(rows[-1][0]) < _FACT_COLUMNS:
            rows[-1][0].append(fact)
        else:
            rows.append(([fact], half))
    for place, (facts, each) in enumerate(rows, start=1):
        yield FactsPiece(facts, each, below=110.0 if place == len(rows) else 30.0)


def _fact(label: str, texts: Sequence[str], width: float) -> _Fact:
    room = width - _LABEL - 60
    return _Fact(
        lines_of(label, Face.SECOND, LIGHT.text2, _LABEL),
        tuple(line for text in texts for line in lines_of(text, Face.BODY, LIGHT.text, room)),
    )


def _height(lines: Sequence[TextLine]) -> float:
    return sum(line.height for line in lines)
