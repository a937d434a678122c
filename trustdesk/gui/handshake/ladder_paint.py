"""Drawing of the ladder: from the layout's rectangles to pixels, in the colours of the theme in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from trustdesk.gui.handshake.ladder_layout import Box, Bracket, LadderLayout, PlacedRow, TextRole
from trustdesk.gui.handshake.ladder_rows import LadderRow, RowKind
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.tokens import Tokens
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_rounded, snapped

_STYLES = {
    TextRole.NAME: TypeStyle.ROW_TITLE_BAD,
    TextRole.NUMBER: TypeStyle.SECOND_LINE,
    TextRole.NOTE: TypeStyle.AXIS,
}
_ICON = 14
_LINE = 2.0
_DOT = 3.0
_HEAD = 8.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
_SOLID = (0.0, 0.0)
_WIRE_DASHES = (5.0, 3.0)
_ALERT_DASHES = (4.0, 3.0)
_DOTS = (1.5, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderWords:
    """The words on the ladder that are not the rows'."""

    us: str
    our_name: str
    partner: str
    partner_name: str
    time_head: str
    size_head: str
    encrypted: str
    refused: str


def measure_text(text: str, role: TextRole) -> float:
    """Return a text's width in the font that the ladder draws it with; needs a QGuiApplication."""
    return QFontMetricsF(font(_STYLES[role])).horizontalAdvance(text) + 1


def elided_detail(row: LadderRow, placed: PlacedRow) -> str:
    """Return as much of a row's detail as there is room for."""
    metrics = QFontMetricsF(font(TypeStyle.SECOND_LINE))
    return metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, max(0.0, placed.detail.width))


class LadderPainter:
    """Draws one ladder on a painter whose origin is the ladder's upper left corner."""

    def __init__(self, painter: QPainter, layout: LadderLayout, words: LadderWords) -> None:
        self._painter = painter
        self._layout = layout
        self._words = words
        self._tokens: Tokens = current_theme().tokens
        self._ratio = painter.device().devicePixelRatio()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Our side is the left one in every language, and so runs every line of text on the ladder.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def paint(self, rows: Sequence[LadderRow], exposed: Box, current: int | None, focused: bool) -> None:
        """Draw what lies within `exposed`; `current` is the selected row."""
        layout = self._layout
        shown = [i for i, placed in enumerate(layout.rows) if placed.row.overlaps(exposed)]
        if layout.encrypted is not None:
            self._fill(layout.encrypted, self._tokens.sunken)
        for index in shown:
            self._paint_ground(rows[index], layout.rows[index], index == current, focused)
        for x in (layout.our_x, layout.partner_x):
            self._vertical(x, layout.lifeline_top, layout.lifeline_bottom, self._tokens.control, 1.5)
        if layout.encrypted_y is not None:
            self._paint_encryption(layout.encrypted_y)
        for index in shown:
            self._paint_row(rows[index], layout.rows[index])
        for bracket in layout.brackets:
            self._paint_bracket(bracket, rows[bracket.alert].waited)

    def _paint_ground(self, row: LadderRow, placed: PlacedRow, is_current: bool, focused: bool) -> None:
        rect = _rect(placed.row).adjusted(0, 0.5, 0, -0.5)
        tokens = self._tokens
        fill = tokens.bad_soft if row.kind is RowKind.TROUBLE else tokens.selection if is_current else None
        outline = tokens.accent if is_current else None
        paint_rounded(
            self._painter, rect, CONTROL_RADIUS, fill=fill, outline=outline, width=2 if focused else None
        )

    def paint_head(self, width: float) -> None:
        """Draw the two sides and the column heads over whatever has scrolled under them."""
        layout = self._layout
        self._fill(Box(0, 0, width, layout.head_height), self._tokens.surface)
        for x in (layout.our_x, layout.partner_x):
            self._vertical(x, layout.lifeline_top, layout.head_height, self._tokens.control, 1.5)
        cards = (
            (layout.our_card, "person", self._words.us, self._words.our_name),
            (layout.partner_card, "server", self._words.partner, self._words.partner_name),
        )
        for box, icon, title, name in cards:
            self._paint_card(box, icon, title, name)
        self._text(layout.time_head, self._words.time_head, TypeStyle.SECOND_LINE, self._tokens.text2, _RIGHT)
        self._text(layout.size_head, self._words.size_head, TypeStyle.SECOND_LINE, self._tokens.text2, _RIGHT)

    def _paint_card(self, box: Box, icon: str, title: str, name: str) -> None:
        tokens = self._tokens
        paint_rounded(self._painter, _rect(box), CONTROL_RADIUS, fill=tokens.sunken, outline=tokens.border)
        self._picture(icon, tokens.text2, Box(box.x + 10, box.y + (box.height - 16) / 2, 16, 16), 16)
        x = box.x + 34
        width = box.right - 8 - x
        self._text(Box(x, box.y + 3, width, 19), title, TypeStyle.ROW_TITLE_BAD, tokens.text, elide=True)
        self._text(Box(x, box.y + 21, width, 18), name, TypeStyle.SECOND_LINE, tokens.text2, elide=True)

    def _paint_encryption(self, y: float) -> None:
        layout, color = self._layout, self._tokens.text3
        self._horizontal(layout.our_x, layout.partner_x + 14, y, color, 1.0, _DOTS)
        label = layout.encrypted_label
        if label is not None:
            self._picture("lock", color, Box(label.x, label.y + (label.height - _ICON) / 2, _ICON, _ICON))
            words = Box(label.x + _ICON + 5, label.y, label.width - _ICON - 5, label.height)
            self._text(words, self._words.encrypted, TypeStyle.AXIS, self._tokens.text2)

    def _paint_row(self, row: LadderRow, placed: PlacedRow) -> None:
        tokens = self._tokens
        trouble = row.kind is RowKind.TROUBLE
        ink = tokens.bad if trouble else tokens.text
        self._paint_arrow(row, placed)
        if placed.lock is not None:
            self._picture("lock", tokens.bad if trouble else tokens.text3, placed.lock)
        if placed.sign is not None:
            self._picture("bad", tokens.bad, placed.sign)
        self._text(placed.name, row.name, TypeStyle.ROW_TITLE_BAD, ink, elide=True)
        detail = elided_detail(row, placed)
        # An ellipsis alone says nothing.
        if detail != "…":
            self._text(placed.detail, detail, TypeStyle.SECOND_LINE, tokens.bad if trouble else tokens.text2)
        number_style = TypeStyle.LABEL if trouble else TypeStyle.SECOND_LINE
        self._text(placed.time, row.time, number_style, tokens.bad if trouble else tokens.text2, _RIGHT)
        self._text(placed.size, row.size, TypeStyle.SECOND_LINE, tokens.text2, _RIGHT)

    def _paint_arrow(self, row: LadderRow, placed: PlacedRow) -> None:
        color = self._arrow_color(row)
        dashes = _WIRE_DASHES if row.event.message.startswith("tcp_") else _SOLID
        way = 1 if placed.arrow_to > placed.arrow_from else -1
        tip = placed.arrow_to - way * (_DOT + 2)
        start = placed.arrow_from + way * (_DOT + 1)
        self._horizontal(start, tip - way * (_HEAD - 2), placed.arrow_y, color, _LINE, dashes)
        self._head(QPointF(tip, placed.arrow_y), way, color)
        for x in (placed.arrow_from, placed.arrow_to):
            self._dot(QPointF(x, placed.arrow_y), color)

    def _arrow_color(self, row: LadderRow) -> str:
        match row.kind:
            case RowKind.OURS:
                return self._tokens.accent
            case RowKind.PARTNERS:
                return self._tokens.teal
            case RowKind.WIRE:
                return self._tokens.text3
            case RowKind.TROUBLE:
                return self._tokens.bad

    def _paint_bracket(self, bracket: Bracket, waited: str) -> None:
        color, edge = self._tokens.bad, self._layout.partner_x + _DOT + 3
        self._horizontal(edge, bracket.x, bracket.from_y, color, 1.5, _ALERT_DASHES)
        self._vertical(bracket.x, bracket.to_y, bracket.from_y, color, 1.5, _ALERT_DASHES)
        self._horizontal(edge + _HEAD - 2, bracket.x, bracket.to_y, color, 1.5, _ALERT_DASHES)
        self._head(QPointF(edge, bracket.to_y), -1, color)
        if bracket.label is not None:
            box = bracket.label
            half = box.height / 2
            self._text(
                Box(box.x, box.y, box.width, half), self._words.refused, TypeStyle.AXIS, color, bold=True
            )
            self._text(Box(box.x, box.y + half, box.width, half), waited, TypeStyle.AXIS, color)

    def _text(
        self,
        box: Box,
        text: str,
        style: TypeStyle,
        color: str,
        alignment: Qt.AlignmentFlag = _LEFT,
        *,
        elide: bool = False,
        bold: bool = False,
    ) -> None:
        used = font(style)
        if bold:
            used = type(used)(used)
            used.setWeight(used.Weight.DemiBold)
        if elide:
            text = QFontMetricsF(used).elidedText(text, Qt.TextElideMode.ElideRight, box.width + 1)
        self._painter.setFont(used)
        self._painter.setPen(QColor(color))
        self._painter.drawText(_rect(box), int(alignment | Qt.TextFlag.TextSingleLine), text)

    def _picture(self, name: str, color: str, box: Box, size: int = _ICON) -> None:
        place = snapped(_rect(box), self._ratio)
        self._painter.drawPixmap(place.topLeft(), pixmap(name, color, size, self._ratio))

    def _fill(self, box: Box, color: str) -> None:
        self._painter.fillRect(snapped(_rect(box), self._ratio), QColor(color))

    def _horizontal(
        self, x: float, to_x: float, y: float, color: str, width: float, dashes: tuple[float, float] = _SOLID
    ) -> None:
        for start, end in _dashed(min(x, to_x), max(x, to_x), dashes):
            self._fill_line(QRectF(start, y - width / 2, end - start, width), color)

    def _vertical(
        self, x: float, y: float, to_y: float, color: str, width: float, dashes: tuple[float, float] = _SOLID
    ) -> None:
        for start, end in _dashed(min(y, to_y), max(y, to_y), dashes):
            self._fill_line(QRectF(x - width / 2, start, width, end - start), color)

    def _fill_line(self, rect: QRectF, color: str) -> None:
        # Lines are rectangles on whole device pixels, so that they are sharp at 125 % and 150 % too.
        # The width is rounded before the place, so that parallel lines are equally wide.
        ratio = self._ratio
        width, height = (max(1, int(side * ratio + 0.5)) / ratio for side in (rect.width(), rect.height()))
        left, top = (round(edge * ratio) / ratio for edge in (rect.left(), rect.top()))
        self._painter.fillRect(QRectF(left, top, width, height), QColor(color))

    def _head(self, tip: QPointF, way: int, color: str) -> None:
        tip = QPointF(tip.x(), round(tip.y() * self._ratio) / self._ratio)
        base = tip.x() - way * _HEAD
        half = _HEAD / 2
        points = [tip, QPointF(base, tip.y() - half), QPointF(base, tip.y() + half)]
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(color))
        self._painter.drawPolygon(QPolygonF(points))

    def _dot(self, centre: QPointF, color: str) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._tokens.surface))
        self._painter.drawEllipse(centre, _DOT + 1, _DOT + 1)
        self._painter.setBrush(QColor(color))
        self._painter.drawEllipse(centre, _DOT, _DOT)


def _dashed(start: float, end: float, dashes: tuple[float, float]) -> list[tuple[float, float]]:
    on, off = dashes
    if not on:
        return [(start, end)]
    pieces = []
    while start < end:
        pieces.append((start, min(start + on, end)))
        start += on + off
    return pieces


def _rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)
