"""Drawing of the chain graph: cards with outlines that say how they came in, edges with arrow heads."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from trustdesk.gui.handshake.ladder_layout import Box
from trustdesk.gui.inspector.chain_graph import CardRole, ChainGraph, GraphCard
from trustdesk.gui.inspector.graph_layout import GraphLayout, PlacedEdge
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme, state_look
from trustdesk.gui.theme.type import BASE_PX, TypeStyle, base_px, font
from trustdesk.gui.widgets.painting import CARD_RADIUS, paint_focus, paint_rounded

_ICON = 14
_CHIP = 22.0
_PADDING = 10.0
_HEAD = 8.0
_PATH_WIDTH = 2.5
_MISSING_DASHES = (4.0, 3.0)
_SUPERFLUOUS_DASHES = (2.0, 3.0)


class GraphPainter:
    """Draws one graph on a painter whose origin is the graph's upper left corner."""

    def __init__(self, painter: QPainter, graph: ChainGraph, layout: GraphLayout) -> None:
        self._painter = painter
        self._graph = graph
        self._layout = layout
        self._tokens = current_theme().tokens
        self._ratio = painter.device().devicePixelRatio()
        self._scale = base_px() / BASE_PX
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint(self, *, current: str | None, focused: str | None) -> None:
        """Draw everything; `current` is the certificate in view, `focused` the card with the keyboard."""
        for box, word in zip(self._layout.heads, self._graph.heads, strict=True):
            self._text(box, word, TypeStyle.LABEL, self._tokens.text2)
        order = sorted(self._layout.edges, key=lambda edge: self._graph.edges[edge.index].is_highlighted)
        for edge in order:
            self._paint_edge(edge)
        for card, box in zip(self._graph.cards, self._layout.cards, strict=True):
            self._paint_card(card, box, is_current=card.key == current, has_focus=card.key == focused)

    def _path_color(self) -> str:
        return self._tokens.accent if self._graph.is_accepted else self._tokens.bad

    def _paint_edge(self, edge: PlacedEdge) -> None:
        highlighted = self._graph.edges[edge.index].is_highlighted
        color = QColor(self._path_color() if highlighted else self._tokens.slate)
        start, first, second, end = (QPointF(*point) for point in edge.points)
        angle = math.atan2(end.y() - second.y(), end.x() - second.x())
        if second == end:
            angle = math.atan2(end.y() - start.y(), end.x() - start.x())
        back = QPointF(math.cos(angle) * (_HEAD - 1), math.sin(angle) * (_HEAD - 1))
        path = QPainterPath(start)
        path.cubicTo(first, second, end - back)
        pen = QPen(color, _PATH_WIDTH if highlighted else 1.5)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        above = self._graph.card(self._graph.edges[edge.index].above)
        if above is not None and above.role is CardRole.MISSING:
            pen.setDashPattern(list(_MISSING_DASHES))
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPath(path)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(color)
        self._painter.drawPolygon(QPolygonF([end, *_wings(end, angle)]))

    def _paint_card(self, card: GraphCard, box: Box, *, is_current: bool, has_focus: bool) -> None:
        tokens = self._tokens
        rect = QRectF(box.x, box.y, box.width, box.height)
        quiet = card.role is CardRole.SUPERFLUOUS
        fill = tokens.sunken if quiet else tokens.surface
        if is_current and not quiet:
            fill = tokens.selection
        dashes, color, width = self._outline(card)
        if dashes is None:
            paint_rounded(self._painter, rect, CARD_RADIUS, fill=fill, outline=color, width=width)
        else:
            paint_rounded(self._painter, rect, CARD_RADIUS, fill=fill)
            self._dashed(rect, color, width, dashes)
        if has_focus:
            inside = rect.adjusted(width, width, -width, -width)
            paint_focus(self._painter, inside, CARD_RADIUS - width)
        line = 18.0 * self._scale
        x, inner = box.x + _PADDING, box.width - 2 * _PADDING
        ink = tokens.text2 if quiet else tokens.text
        self._text(Box(x, box.y + 7 * self._scale, inner, line), card.title, TypeStyle.ROW_TITLE_BAD, ink)
        self._text(
            Box(x, box.y + 25 * self._scale, inner, line), card.second, TypeStyle.SECOND_LINE, tokens.text2
        )
        self._paint_chip(card, Box(x, box.y + 47 * self._scale, inner, _CHIP * self._scale))

    def _outline(self, card: GraphCard) -> tuple[tuple[float, float] | None, str, float]:
        tokens = self._tokens
        if card.role in {CardRole.MISSING, CardRole.FETCHED}:
            return _MISSING_DASHES, tokens.amber, 2.0
        if card.role is CardRole.SUPERFLUOUS:
            return _SUPERFLUOUS_DASHES, tokens.control, 1.5
        if card.fails:
            return None, tokens.bad, 2.0
        if card.is_highlighted:
            return None, self._path_color(), 2.0
        return None, tokens.control if card.role is CardRole.ANCHOR else tokens.border, 1.0

    def _paint_chip(self, card: GraphCard, box: Box) -> None:
        tokens = self._tokens
        color, ground = tokens.text2, tokens.unknown_soft
        if card.state is not None:
            look = state_look(card.state)
            color, ground = look.color, look.ground
        elif card.is_cross_signed:
            color, ground = tokens.accent, tokens.accent_soft
        metrics = QFontMetricsF(font(TypeStyle.LABEL))
        room = box.width - 16 - _ICON - 4
        fits = not card.chip_short or metrics.horizontalAdvance(card.chip) <= room
        shown = card.chip if fits else card.chip_short
        words = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room)
        width = 16 + _ICON + 4 + metrics.horizontalAdvance(words) + 1
        left_to_right = self._painter.layoutDirection() is not Qt.LayoutDirection.RightToLeft
        x = box.x if left_to_right else box.right - width
        chip = QRectF(x, box.y, width, box.height)
        paint_rounded(self._painter, chip, box.height / 2, fill=ground)
        icon_x = x + 8 if left_to_right else chip.right() - 8 - _ICON
        top = round((box.y + (box.height - _ICON) / 2) * self._ratio) / self._ratio
        picture = pixmap(card.chip_icon, color, _ICON, self._ratio)
        self._painter.drawPixmap(QPointF(round(icon_x), top), picture)
        words_x = x + 8 + _ICON + 4 if left_to_right else x + 8
        self._text(Box(words_x, box.y, width - _ICON - 20, box.height), words, TypeStyle.LABEL, color)

    def _dashed(self, rect: QRectF, color: str, width: float, dashes: tuple[float, float]) -> None:
        pen = QPen(QColor(color), width)
        pen.setDashPattern(list(dashes))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        half = width / 2
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), CARD_RADIUS, CARD_RADIUS)

    def _text(self, box: Box, text: str, style: TypeStyle, color: str) -> None:
        used = font(style)
        shown = QFontMetricsF(used).elidedText(text, Qt.TextElideMode.ElideRight, box.width + 1)
        self._painter.setFont(used)
        self._painter.setPen(QColor(color))
        flags = int(
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading | Qt.TextFlag.TextSingleLine
        )
        self._painter.drawText(QRectF(box.x, box.y, box.width + 2, box.height), flags, shown)


def _wings(tip: QPointF, angle: float) -> list[QPointF]:
    return [
        QPointF(
            tip.x() - math.cos(angle) * _HEAD + side * math.sin(angle) * _HEAD / 2,
            tip.y() - math.sin(angle) * _HEAD - side * math.cos(angle) * _HEAD / 2,
        )
        for side in (1, -1)
    ]
