"""Where everything of the ladder stands: a plain function from rows to rectangles.

Coordinates are logical pixels from the ladder's upper left corner. The two sides never mirror: we stand on
the left in every language. Times and sizes get the width they need; names come before details.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from trustdesk.core.handshake import Direction
from trustdesk.gui.handshake.ladder_rows import LadderRow, RowKind


class TextRole(StrEnum):
    """Which font a text is measured in."""

    NAME = "name"
    NUMBER = "number"
    NOTE = "note"


class Measure(Protocol):
    """Tells how wide a text is."""

    def __call__(self, text: str, role: TextRole) -> float:
        """Return the width in logical pixels."""
        ...


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The first x right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The first y below it."""
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        """Whether the two share a point inside both."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRow:
    """One row in place.

    Attributes:
        row: the band that is selected and clicked.
        arrow_from, arrow_to: x of the arrow's tail and head; both at `arrow_y`.
        lock: None for what travelled in the clear.
        sign: place of the state icon before the name of trouble; None for other rows.
        detail: of no width where the name leaves no room.
    """

    row: Box
    arrow_from: float
    arrow_to: float
    arrow_y: float
    lock: Box | None
    sign: Box | None
    name: Box
    detail: Box
    time: Box
    size: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """The tie between an alert and the message that it answered.

    Attributes:
        x: of its vertical line, right of the partner's lifeline.
        label: room for two lines of words; None where there is no room.
    """

    alert: int
    answered: int
    x: float
    from_y: float
    to_y: float
    label: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderLayout:
    """Everything in place.

    Attributes:
        our_x, partner_x: the lifelines.
        encrypted_y: where encryption begins; None when it never does.
        encrypted: the ground between the lifelines from there on; None likewise.
        encrypted_label: room for a lock and the word beside the line; None where there is no room.
    """

    width: float
    height: float
    our_card: Box
    partner_card: Box
    our_x: float
    partner_x: float
    lifeline_top: float
    lifeline_bottom: float
    time_head: Box
    size_head: Box
    rows: tuple[PlacedRow, ...]
    encrypted_y: float | None
    encrypted: Box | None
    encrypted_label: Box | None
    brackets: tuple[Bracket, ...]

    @property
    def head_height(self) -> float:
        """Height of the cards of the two sides with the column heads; rows begin below."""
        return self.our_card.bottom + 6

    def row_at(self, y: float) -> int | None:
        """Return the index of the row at a height, None above and below them."""
        if not self.rows or y < self.rows[0].row.y:
            return None
        index = int((y - self.rows[0].row.y) // self.rows[0].row.height)
        return index if index < len(self.rows) else None


MARGIN = 12.0
ROW_HEIGHT = 35.0
_CARD_HEIGHT = 42.0
_CARD_OVERHANG = 20.0
_CARD_WIDTH = 196.0
_TOP = 4.0
_ICON = 14.0
_BRACKET_OFFSET = 24.0
_MIN_SPAN = 240.0
_MIN_WIDTH = 380.0
_MAX_SPAN = 860.0


def lay_out(
    rows: Sequence[LadderRow],
    *,
    width: float,
    measure: Measure,
    encrypted_word: str,
    refused_word: str,
    size_word: str,
    time_word: str = "",
    side_names: tuple[str, str] = ("", ""),
    row_height: float = ROW_HEIGHT,
) -> LadderLayout:
    """Place the rows in `width`; below 380 px it stays 380 px wide.

    The words are those of the labels beside the lifeline and above sizes and times, as they are drawn.
    `side_names` stand on the cards above the lifelines.
    """
    width = max(width, _MIN_WIDTH)
    numbers = ("000.0", time_word, *(row.time for row in rows))
    time_width = max(measure(text, TextRole.NUMBER) for text in numbers)
    size_width = max(
        [measure(size_word, TextRole.NUMBER), *(measure(r.size, TextRole.NUMBER) for r in rows if r.size)]
    )
    our_x = MARGIN + time_width + 16 + _CARD_OVERHANG
    size_x = width - MARGIN - size_width
    notes = [_ICON + 6 + measure(encrypted_word, TextRole.NOTE)] if any(r.encrypted for r in rows) else []
    waits = [measure(row.waited, TextRole.NOTE) for row in rows if row.answers is not None]
    notes.extend(6 + max(measure(refused_word, TextRole.NOTE), wait) for wait in waits)
    aside = _BRACKET_OFFSET + max(notes, default=0.0) + 8
    labelled = size_x - aside - our_x >= _MIN_SPAN
    partner_x = size_x - (max(aside, _CARD_OVERHANG + 8) if labelled else _BRACKET_OFFSET + 12)
    if partner_x - our_x > _MAX_SPAN:
        # Longer arrows are no easier to follow; what is left over stays empty.
        width -= partner_x - our_x - _MAX_SPAN
        size_x -= partner_x - our_x - _MAX_SPAN
        partner_x = our_x + _MAX_SPAN

    first_y = _TOP + _CARD_HEIGHT + 10
    scale = row_height / ROW_HEIGHT
    placed = tuple(
        _place(row, first_y + i * row_height, width, our_x, partner_x, time_width, size_x, measure, scale)
        for i, row in enumerate(rows)
    )
    bottom = placed[-1].row.bottom if placed else first_y
    encrypted_y, ground, encrypted_label = _encryption(
        rows, placed, our_x, partner_x, labelled, encrypted_word, measure
    )
    names = max(measure(name, TextRole.NUMBER) for name in side_names)
    card_width = min(max(_CARD_WIDTH, names + 46), (partner_x - our_x) / 2 + _CARD_OVERHANG - 8)
    head_y = _TOP + _CARD_HEIGHT - 20
    return LadderLayout(
        width=width,
        height=bottom + 16,
        our_card=Box(our_x - _CARD_OVERHANG, _TOP, card_width, _CARD_HEIGHT),
        partner_card=Box(partner_x + _CARD_OVERHANG - card_width, _TOP, card_width, _CARD_HEIGHT),
        our_x=our_x,
        partner_x=partner_x,
        lifeline_top=_TOP + _CARD_HEIGHT,
        lifeline_bottom=bottom + 8,
        time_head=Box(MARGIN, head_y, time_width, 20),
        size_head=Box(size_x, head_y, size_width, 20),
        rows=placed,
        encrypted_y=encrypted_y,
        encrypted=ground,
        encrypted_label=encrypted_label,
        brackets=_brackets(rows, placed, partner_x, size_x, encrypted_label, labelled),
    )


def _place(
    row: LadderRow,
    y: float,
    width: float,
    our_x: float,
    partner_x: float,
    time_width: float,
    size_x: float,
    measure: Measure,
    scale: float,
) -> PlacedRow:
    arrow_y = y + 26 * scale
    text_y, text_height = y + 3 * scale, 19 * scale
    icon_y = text_y + (text_height - _ICON) / 2
    x = our_x + 16
    end = partner_x - 14
    lock = sign = None
    if row.encrypted:
        lock = Box(x, icon_y, _ICON, _ICON)
        x += _ICON + 4
    if row.kind is RowKind.TROUBLE:
        sign = Box(x, icon_y, _ICON, _ICON)
        x += _ICON + 5
    name_width = min(measure(row.name, TextRole.NAME), max(0.0, end - x))
    detail_x = min(x + name_width + 10, end)
    outwards = row.event.direction is Direction.OUT
    number_y = y + 15 * scale  # so that time and size stand at the arrow
    return PlacedRow(
        row=Box(4, y, width - 8, ROW_HEIGHT * scale),
        arrow_from=our_x if outwards else partner_x,
        arrow_to=partner_x if outwards else our_x,
        arrow_y=arrow_y,
        lock=lock,
        sign=sign,
        name=Box(x, text_y, name_width, text_height),
        detail=Box(detail_x, text_y, end - detail_x, text_height),
        time=Box(MARGIN, number_y, time_width, 18 * scale),
        size=Box(size_x, number_y, width - MARGIN - size_x, 18 * scale),
    )


def _encryption(
    rows: Sequence[LadderRow],
    placed: Sequence[PlacedRow],
    our_x: float,
    partner_x: float,
    labelled: bool,
    word: str,
    measure: Measure,
) -> tuple[float | None, Box | None, Box | None]:
    encrypted = [i for i, row in enumerate(rows) if row.encrypted]
    if not encrypted:
        return None, None, None
    top, bottom = placed[encrypted[0]].row.y, placed[encrypted[-1]].row.bottom
    label = Box(partner_x + _BRACKET_OFFSET, top - 9, _ICON + 6 + measure(word, TextRole.NOTE), 18)
    return top, Box(our_x, top, partner_x - our_x, bottom - top), label if labelled else None


def _brackets(
    rows: Sequence[LadderRow],
    placed: Sequence[PlacedRow],
    partner_x: float,
    size_x: float,
    encrypted_label: Box | None,
    labelled: bool,
) -> tuple[Bracket, ...]:
    taken = [encrypted_label] if encrypted_label is not None else []
    brackets: list[Bracket] = []
    for index, row in enumerate(rows):
        if row.answers is None:
            continue
        x = partner_x + _BRACKET_OFFSET - 6 * min(len(brackets), 2)
        from_y, to_y = placed[index].arrow_y, placed[row.answers].arrow_y
        label = Box(x + 6, (from_y + to_y) / 2 - 17, size_x - 8 - (x + 6), 34)
        clash = next((box for box in taken if box.overlaps(label)), None)
        if clash is not None:
            label = Box(label.x, clash.bottom + 2, label.width, label.height)
        fits = labelled and not any(box.overlaps(label) for box in taken)
        if fits:
            taken.append(label)
        brackets.append(
            Bracket(
                alert=index,
                answered=row.answers,
                x=x,
                from_y=from_y,
                to_y=to_y,
                label=label if fits else None,
            )
        )
    return tuple(brackets)
