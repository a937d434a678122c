"""The chain graph as a widget: it scrolls, arrow keys walk along its edges, and tooltips name signatures."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.gui.inspector.chain_graph import ChainGraph
from trustdesk.gui.inspector.graph_layout import GraphLayout, lay_out, neighbour
from trustdesk.gui.inspector.graph_paint import GraphPainter
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import BASE_PX, base_px
from trustdesk.gui.widgets.painting import is_right_to_left, shows_focus
from trustdesk.gui.words import say

UPRIGHT_BELOW = 640
"""Width of the graph below which the root stands on top."""

_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class ChainGraphView(QAbstractScrollArea):
    """Paints certificates as cards and signatures as edges.

    Signals:
        chosen: key of a card that the person clicked, or opened with Enter.
        height_changed: it may need another height, for its width is another one.
    """

    chosen = Signal(str)
    height_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graph = ChainGraph()
        self._layout = self._lay_out()
        self._focused = 0
        self._current = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say(msg("Chain graph")))
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        current_theme().changed.connect(self.viewport().update)

    @property
    def graph(self) -> ChainGraph:
        """What is shown."""
        return self._graph

    @property
    def graph_layout(self) -> GraphLayout:
        """Where it stands."""
        return self._layout

    @property
    def focused_key(self) -> str | None:
        """Key of the card with the keyboard; None without cards."""
        return self._graph.cards[self._focused].key if self._graph.cards else None

    def show_graph(self, graph: ChainGraph, current: str) -> None:
        """Show another graph; the keyboard stays on its card where that is still there."""
        before = self.focused_key
        self._graph, self._current = graph, current
        keys = [card.key for card in graph.cards]
        self._focused = keys.index(before) if before in keys else 0
        self._refresh()

    def sizeHint(self) -> QSize:
        """Return the size at which nothing scrolls."""
        bar = self.horizontalScrollBar().sizeHint().height() if self._needs_bar() else 0
        return QSize(round(self._layout.width), round(self._layout.height) + bar)

    def minimumSizeHint(self) -> QSize:
        """Return room for one card in its whole height."""
        return QSize(220, min(self.sizeHint().height(), 420))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn upright where the place is narrow."""
        super().resizeEvent(event)
        self._refresh()
        self.height_changed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the graph."""
        painter = QPainter(self.viewport())
        painter.setLayoutDirection(self.layoutDirection())
        offset = self._offset()
        painter.translate(-offset.x(), -offset.y())
        focused = self.focused_key if shows_focus(self) else None
        GraphPainter(painter, self._graph, self._layout).paint(current=self._current, focused=focused)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring, and say where it is."""
        super().focusInEvent(event)
        self.viewport().update()
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the card under the pointer."""
        point = event.position().toPoint() + self._offset()
        index = self._layout.card_at(point.x(), point.y())
        if index is not None:
            self._focus(index)
            self.chosen.emit(self._graph.cards[index].key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show by the pointer what can be pressed."""
        point = event.position().toPoint() + self._offset()
        on_card = self._layout.card_at(point.x(), point.y()) is not None
        shape = Qt.CursorShape.PointingHandCursor if on_card else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along edges; Enter opens."""
        key = Qt.Key(event.key())
        if not self._graph.cards:
            super().keyPressEvent(event)
        elif key in _WAYS:
            target = neighbour(self._graph, self._layout, self._focused, _WAYS[key])
            if target is not None:
                self._focus(target)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.chosen.emit(self._graph.cards[self._focused].key)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._focus(0 if key == Qt.Key.Key_Home else len(self._graph.cards) - 1)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Name the signature, or the whole card, under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            words = self.words_at(event.pos())
            # Qt guesses whether a tooltip is markup; escaped text is shown as it is either way.
            QToolTip.showText(event.globalPos(), f"<span>{html.escape(words)}</span>" if words else "")
            return True
        return super().viewportEvent(event)

    def words_at(self, place: QPoint) -> str:
        """Return what a tooltip says at a place of the viewport; "" for nothing."""
        point = place + self._offset()
        card = self._layout.card_at(point.x(), point.y())
        if card is not None:
            return self._graph.cards[card].spoken
        edge = self._layout.edge_at(point.x(), point.y())
        return "" if edge is None else self._graph.edges[edge].words

    def _focus(self, index: int) -> None:
        self._focused = index
        box = self._layout.cards[index]
        for bar, start, end, page in (
            (self.horizontalScrollBar(), box.x, box.right, self.viewport().width()),
            (self.verticalScrollBar(), box.y, box.bottom, self.viewport().height()),
        ):
            if start < bar.value():
                bar.setValue(int(start) - 4)
            elif end > bar.value() + page:
                bar.setValue(round(end - page) + 4)
        self.viewport().update()
        self._tell()
        if QAccessible.isActive():
            words = self._graph.cards[index].spoken
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _tell(self) -> None:
        if not self._graph.cards:
            self.setAccessibleDescription("")
            return
        count = say(msg_n("{count} certificate", "{count} certificates", len(self._graph.cards)))
        verdict = ""
        if self._graph.is_accepted is not None:
            accepted = (
                msg("the list accepts the path") if self._graph.is_accepted else msg("no path is accepted")
            )
            verdict = say(accepted)
        here = self._graph.cards[self._focused].spoken
        parts = (self._graph.fact, count, verdict)
        self.setAccessibleDescription(f"{', '.join(part for part in parts if part)}. {here}")

    def _offset(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _needs_bar(self) -> bool:
        return self._layout.width > self.width() + 0.5

    def _lay_out(self) -> GraphLayout:
        return lay_out(
            self._graph,
            scale=base_px() / BASE_PX,
            upright=0 < self.width() < UPRIGHT_BELOW,
            mirrored=is_right_to_left(self),
            room=max(0, self.width()),
        )

    def _refresh(self) -> None:
        self._layout = self._lay_out()
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        # Whether a bar is needed must not depend on whether one is there now.
        wide = self._layout.width > self.width() + 0.5
        room_height = self.height() - (horizontal.sizeHint().height() if wide else 0)
        tall = self._layout.height > room_height + 0.5
        room_width = self.width() - (vertical.sizeHint().width() if tall else 0)
        vertical.setPageStep(room_height)
        vertical.setRange(0, round(self._layout.height) - room_height if tall else 0)
        horizontal.setPageStep(room_width)
        horizontal.setRange(0, round(self._layout.width) - room_width if wide else 0)
        self._tell()
        self.updateGeometry()
        self.viewport().update()
