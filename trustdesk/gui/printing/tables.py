"""Tables on paper: rows that stay whole, under a head that comes again on every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trustdesk.core.printed import Ink, PrintedCell, PrintedTable
from trustdesk.gui.printing.pen import STATE_INK, Pen
from trustdesk.gui.printing.pieces import Piece, Whole, icon_of
from trustdesk.gui.printing.typesetting import FACE_OF_INK, Face, TextLine, lines_of, width_of
from trustdesk.gui.theme.tokens import LIGHT

_PAD = 50.0
_ABOVE = 36.0
_ICON = 95.0
_ICON_ROOM = 135.0
_BELOW_TABLE = 110.0
_NARROW = 0.2
"""Columns up to this share of the width hold short words, which are not torn apart."""

_WIDEST = 0.25
"""What such a column may grow to, of the whole width."""


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column lies; `width` is that of its text."""

    x: float
    width: float
    numbers: bool


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: tuple[TextLine, ...]
    icon: str

    @property
    def height(self) -> float:
        return sum(line.height for line in self.lines)

    def cut(self, room: float) -> tuple[_Cell, _Cell]:
        """Return the lines that fit, and the others."""
        fits, used = 0, 0.0
        for line in self.lines:
            used += line.height
            if used > room:
                break
            fits += 1
        return _Cell(self.lines[:fits], self.icon), _Cell(self.lines[fits:], "")


class RowPiece:
    """One row, or a part of one that is higher than a page."""

    stays = False
    breaks = False

    def __init__(
        self, cells: Sequence[_Cell], columns: Sequence[_Column], head: Piece | None, below: float
    ) -> None:
        self.cells, self._columns, self._below = tuple(cells), columns, below
        self.head = head
        self._inside = max((cell.height for cell in self.cells), default=0.0) + 2 * _ABOVE
        self.height = self._inside + below

    def paint(self, pen: Pen, top: float) -> None:
        """Write the cells above a thin line."""
        for cell, column in zip(self.cells, self._columns, strict=True):
            x = column.x
            if cell.icon:
                pen.icon(icon_of(cell.icon), STATE_INK[cell.icon], x, top + _ABOVE + 10, _ICON)
                x += _ICON_ROOM
            room = column.width if column.numbers else None
            pen.texts(cell.lines, x, top + _ABOVE, room=room)
        pen.rule(0, top + self._inside, pen.width, LIGHT.border)

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Return it in two between lines; None where not one line fits."""
        halves = [cell.cut(room - 2 * _ABOVE) for cell in self.cells]
        if not any(first.lines for first, _rest in halves):
            return None
        return (
            RowPiece([first for first, _rest in halves], self._columns, self.head, 0.0),
            RowPiece([rest for _first, rest in halves], self._columns, self.head, self._below),
        )


class HeadPiece(Whole):
    """The head of a table."""

    stays = True

    def __init__(self, titles: Sequence[str], columns: Sequence[_Column]) -> None:
        self._columns = columns
        self._titles = [
            lines_of(title, Face.HEAD, LIGHT.text2, column.width)
            for title, column in zip(titles, columns, strict=True)
        ]
        self.height = max(sum(line.height for line in lines) for lines in self._titles) + 2 * _ABOVE

    def paint(self, pen: Pen, top: float) -> None:
        """Write the titles on a quiet ground."""
        pen.box(0, top, pen.width, self.height, fill=LIGHT.sunken)
        for lines, column in zip(self._titles, self._columns, strict=True):
            pen.texts(lines, column.x, top + _ABOVE, room=column.width if column.numbers else None)
        pen.rule(0, top + self.height, pen.width, LIGHT.border)


def table_pieces(block: PrintedTable, width: float) -> Iterator[Piece]:
    """Yield the head and the rows."""
    columns: list[_Column] = []
    at = 0.0
    for column, room in zip(block.columns, _widths(block, width), strict=True):
        columns.append(_Column(at + _PAD, room - 2 * _PAD, column.numbers))
        at += room
    head = HeadPiece([column.title for column in block.columns], columns)
    if block.rows:
        yield head
    last = len(block.rows) - 1
    for place, row in enumerate(block.rows):
        cells = [_measured(cell, column.width) for cell, column in zip(row, columns, strict=True)]
        yield RowPiece(cells, columns, head, _BELOW_TABLE if place == last else 0.0)


def _widths(block: PrintedTable, width: float) -> list[float]:
    """Return how wide each column is: its share, and more where a word of a narrow one needs it."""
    shares = sum(column.share for column in block.columns)
    widths = [width * column.share / shares for column in block.columns]
    needs = [0.0] * len(widths)
    for place, column in enumerate(block.columns):
        if widths[place] <= _NARROW * width:
            cells = (row[place] for row in block.rows)
            words = {(word, icon, face) for cell in cells for word, icon, face in _words(cell)}
            heads = {(word, False, Face.HEAD) for word in column.title.split()}
            longest = max(
                (width_of(word, face) + _ICON_ROOM * icon for word, icon, face in words | heads), default=0.0
            )
            needs[place] = min(longest + 2 * _PAD + 4, _WIDEST * width)
    lacks = sum(max(need - room, 0.0) for need, room in zip(needs, widths, strict=True))
    spare = [max(room - max(need, _NARROW * width), 0.0) for need, room in zip(needs, widths, strict=True)]
    taken = min(1.0, lacks / sum(spare)) if sum(spare) else 0.0
    return (
        [max(room, need) - taken * left for room, need, left in zip(widths, needs, spare, strict=True)]
        if lacks <= sum(spare)
        else widths
    )


def _words(cell: PrintedCell) -> Iterator[tuple[str, bool, Face]]:
    for line in cell.lines:
        for word in line.text.split():
            yield word, bool(cell.icon), FACE_OF_INK[line.ink]


def _measured(cell: PrintedCell, width: float) -> _Cell:
    room = width - _ICON_ROOM if cell.icon else width
    lines: list[TextLine] = []
    for line in cell.lines:
        color = STATE_INK[line.state] if line.state else _COLORS[line.ink]
        lines.extend(lines_of(line.text, FACE_OF_INK[line.ink], color, room))
    return _Cell(tuple(lines), cell.icon)


_COLORS = {Ink.BODY: LIGHT.text, Ink.NAME: LIGHT.text, Ink.SECOND: LIGHT.text2, Ink.FIXED: LIGHT.text2}
