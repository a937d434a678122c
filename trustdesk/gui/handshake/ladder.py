"""The ladder as a widget: it scrolls, selects with mouse and keys, and copies its current line."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from trustdesk.core.handshake import Direction
from trustdesk.core.message import msg, msg_n
from trustdesk.gui.handshake.ladder_layout import ROW_HEIGHT, Box, LadderLayout, TextRole, lay_out
from trustdesk.gui.handshake.ladder_paint import LadderPainter, LadderWords, elided_detail, measure_text
from trustdesk.gui.handshake.ladder_rows import LadderRow, RowKind
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import BASE_PX, TypeStyle, base_px, font
from trustdesk.gui.widgets.painting import CARD_RADIUS, paint_focus, shows_focus
from trustdesk.gui.words import say


def line_text(row: LadderRow) -> str:
    """Return a row as one line of words, for the clipboard and for screen readers."""
    way = msg("from us") if row.event.direction is Direction.OUT else msg("from the partner")
    parts = [
        f"{row.time} ms",
        say(way),
        row.name,
        row.detail,
        say(msg("encrypted")) if row.encrypted else "",
        say(msg_n("{count} byte", "{count} bytes", row.event.bytes)) if row.event.bytes else "",
    ]
    return ", ".join(part for part in parts if part)


class Ladder(QAbstractScrollArea):
    """Paints the messages between the two sides.

    Signals:
        current_changed: index of the selected row, -1 for none; by the person only.
        opened: Enter or a double click on a row.
    """

    current_changed = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[LadderRow, ...] = ()
        self._our_name = self._partner_name = ""
        self._current: int | None = None
        self._layout = self._lay_out()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say(msg("Ladder")))
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(round(self._row_height))
        current_theme().changed.connect(self.viewport().update)

    @property
    def current(self) -> int | None:
        """Index of the selected row."""
        return self._current

    @property
    def row_count(self) -> int:
        """How many messages are shown."""
        return len(self._rows)

    @property
    def first_trouble(self) -> int | None:
        """Index of the first alert, refusal in HTTP or reset."""
        return next((i for i, row in enumerate(self._rows) if row.kind is RowKind.TROUBLE), None)

    @property
    def natural_height(self) -> int:
        """Height at which nothing has to scroll."""
        return round(self._layout.height)

    def show_rows(self, rows: Sequence[LadderRow], *, our_name: str, partner_name: str) -> None:
        """Show other rows; one more row at the end scrolls into view if the end was in view."""
        bar = self.verticalScrollBar()
        follows = bar.value() == bar.maximum() and len(rows) > len(self._rows) > 0
        self._rows = tuple(rows)
        self._our_name, self._partner_name = our_name, partner_name
        if self._current is not None and self._current >= len(rows):
            self._current = None
        self._refresh()
        if follows:
            bar.setValue(bar.maximum())
        self.updateGeometry()

    def set_current(self, index: int | None) -> None:
        """Select a row without the signal."""
        self._current = index if index is not None and index < len(self._rows) else None
        self.viewport().update()

    def reveal(self, index: int) -> None:
        """Scroll a row into view."""
        bar, row = self.verticalScrollBar(), self._layout.rows[index].row
        top = row.y - self._layout.head_height - 4
        if top < bar.value():
            bar.setValue(int(top))
        elif row.bottom + 8 > bar.value() + self.viewport().height():
            bar.setValue(round(row.bottom + 8 - self.viewport().height()))

    def sizeHint(self) -> QSize:
        """Return room for a few rows: it scrolls, and takes what the page has left."""
        return QSize(640, round(self._row_height * 5))

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(360, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in view."""
        painter = QPainter(self.viewport())
        offset = self._offset()
        painter.translate(-offset.x(), -offset.y())
        exposed = event.rect().translated(offset)
        box = Box(exposed.x(), exposed.y(), exposed.width(), exposed.height())
        drawing = LadderPainter(painter, self._layout, self._words())
        drawing.paint(self._rows, box, self._current, shows_focus(self))
        # The two sides stay in view while the messages scroll.
        painter.translate(0, offset.y())
        drawing.paint_head(max(self._layout.width, self.viewport().width()))
        painter.translate(0, -offset.y())
        if shows_focus(self) and self._current is None:
            painter.translate(offset)
            paint_focus(painter, self.viewport().rect().toRectF(), CARD_RADIUS)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the row under the pointer."""
        index = self._row_at(event.position().toPoint())
        if index is not None:
            self._choose(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the row's fields."""
        index = self._row_at(event.position().toPoint())
        if index is not None:
            self.opened.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, open and copy."""
        if event.matches(QKeySequence.StandardKey.Copy) and self._current is not None:
            QGuiApplication.clipboard().setText(line_text(self._rows[self._current]))
            return
        target = self._target_of(Qt.Key(event.key()))
        if target is None:
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._current is not None:
                self.opened.emit(self._current)
                return
            super().keyPressEvent(event)
            return
        if self._rows:
            self._choose(max(0, min(len(self._rows) - 1, target)))

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the whole of a detail that had to be cut."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            index = self._row_at(event.pos())
            words = self._hidden_words(index) if index is not None else ""
            # Qt guesses whether a tooltip is markup; escaped text is shown as it is either way.
            QToolTip.showText(event.globalPos(), f"<span>{html.escape(words)}</span>" if words else "")
            return True
        return super().viewportEvent(event)

    @property
    def _row_height(self) -> float:
        return ROW_HEIGHT * base_px() / BASE_PX

    def _target_of(self, key: Qt.Key) -> int | None:
        current = self._current
        page = max(1, int(self.viewport().height() // self._row_height) - 1)
        match key:
            case Qt.Key.Key_Down:
                return 0 if current is None else current + 1
            case Qt.Key.Key_Up:
                return len(self._rows) - 1 if current is None else current - 1
            case Qt.Key.Key_PageDown:
                return (current or 0) + page
            case Qt.Key.Key_PageUp:
                return (current or 0) - page
            case Qt.Key.Key_Home:
                return 0
            case Qt.Key.Key_End:
                return len(self._rows) - 1
            case _:
                return None

    def _choose(self, index: int) -> None:
        if index == self._current:
            return
        self._current = index
        self.reveal(index)
        self.viewport().update()
        self._tell()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, line_text(self._rows[index])))
        self.current_changed.emit(index)

    def _tell(self) -> None:
        description = say(msg_n("{count} event", "{count} events", len(self._rows)))
        if self._current is not None:
            description = f"{description}. {line_text(self._rows[self._current])}"
        self.setAccessibleDescription(description)

    def _hidden_words(self, index: int) -> str:
        row, placed = self._rows[index], self._layout.rows[index]
        name_width = QFontMetricsF(font(TypeStyle.ROW_TITLE_BAD)).horizontalAdvance(row.name)
        if elided_detail(row, placed) == row.detail and name_width <= placed.name.width + 2:
            return ""
        return f"{row.name}: {row.detail}" if row.detail else row.name

    def _row_at(self, point: QPoint) -> int | None:
        if point.y() < self._layout.head_height:
            return None
        return self._layout.row_at((point + self._offset()).y())

    def _offset(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _words(self) -> LadderWords:
        return LadderWords(
            us=say(msg("Us")),
            our_name=self._our_name,
            partner=say(msg("Partner")),
            partner_name=self._partner_name,
            time_head=say(msg("ms")),
            size_head=say(msg("bytes")),
            encrypted=say(msg("encrypted")),
            refused=say(msg("refused")),
        )

    def _lay_out(self) -> LadderLayout:
        words = self._words()
        return lay_out(
            self._rows,
            width=self.viewport().width(),
            measure=_measure,
            encrypted_word=words.encrypted,
            refused_word=words.refused,
            size_word=words.size_head,
            time_word=words.time_head,
            side_names=(self._our_name, self._partner_name),
            row_height=self._row_height,
        )

    def _refresh(self) -> None:
        self._layout = self._lay_out()
        view = self.viewport()
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setPageStep(view.height())
        vertical.setRange(0, max(0, round(self._layout.height) - view.height()))
        horizontal.setPageStep(view.width())
        horizontal.setRange(0, max(0, round(self._layout.width) - view.width()))
        self._tell()
        view.update()


class _CachedMeasure:
    """Measures each text once: names repeat, and a live ladder is laid out again for every message."""

    def __init__(self) -> None:
        self._widths: dict[tuple[str, TextRole], float] = {}

    def __call__(self, text: str, role: TextRole) -> float:
        key = (text, role)
        if key not in self._widths:
            if len(self._widths) > 5000:
                self._widths.clear()
            self._widths[key] = measure_text(text, role)
        return self._widths[key]


_measure = _CachedMeasure()
