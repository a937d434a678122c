"""DER in hex: only the lines in view are painted, one range is marked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.inspector.hex_lines import LINE_BYTES, hex_line, line_count
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, shows_focus
from trustdesk.gui.words import say

_MARGIN = 12.0
_GAP = 18.0


class HexView(QAbstractScrollArea):
    """Offset, sixteen octets, ASCII.

    Signals:
        pressed_at: offset of an octet that the person pressed.
    """

    pressed_at = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = b""
        self._marked = (0, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(say(msg("Bytes in hexadecimal")))
        self.viewport().setAutoFillBackground(False)
        # Offsets and octets run from left to right in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        current_theme().changed.connect(self.viewport().update)

    @property
    def marked(self) -> tuple[int, int]:
        """Start and end of the range that is marked; both 0 for none."""
        return self._marked

    def show_data(self, data: bytes) -> None:
        """Show other bytes, nothing marked."""
        self._data, self._marked = data, (0, 0)
        self._refresh()
        self.verticalScrollBar().setValue(0)
        self._tell("")

    def mark(self, start: int, end: int, name: str) -> None:
        """Mark a range and bring its beginning into view."""
        start = max(0, min(start, len(self._data)))
        self._marked = (start, max(start, min(end, len(self._data))))
        line, bar = start // LINE_BYTES, self.verticalScrollBar()
        page = max(1, self._lines_in_view() - 1)
        if not bar.value() <= line < bar.value() + page:
            bar.setValue(max(0, line - page // 3))
        self._tell(name)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Return the width of a whole line."""
        return QSize(round(self._width()) + self.verticalScrollBar().sizeHint().width(), 260)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few lines; it scrolls both ways."""
        return QSize(240, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the scroll bars in step."""
        super().resizeEvent(event)
        self._refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell the octet under the pointer."""
        unit, x0 = self._unit(), _MARGIN + self._unit() * 7 + _GAP
        x = event.position().x() + self.horizontalScrollBar().value() - x0
        column = int(x // (unit * 3))
        line = self.verticalScrollBar().value() + int(event.position().y() // self._line())
        offset = line * LINE_BYTES + column
        if 0 <= column < LINE_BYTES and 0 <= offset < len(self._data):
            self.pressed_at.emit(offset)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by lines, pages and to the ends."""
        bar = self.verticalScrollBar()
        steps = {Qt.Key.Key_Home: -bar.value(), Qt.Key.Key_End: bar.maximum() - bar.value()}
        key = Qt.Key(event.key())
        if key in steps:
            bar.setValue(bar.value() + steps[key])
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Paint again in another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._refresh()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines in view."""
        tokens = current_theme().tokens
        painter = QPainter(self.viewport())
        painter.setFont(font(TypeStyle.FIXED))
        unit, height = self._unit(), self._line()
        x = _MARGIN - self.horizontalScrollBar().value()
        first = self.verticalScrollBar().value()
        start, end = self._marked
        for row in range(self._lines_in_view() + 1):
            number = first + row
            if number >= line_count(len(self._data)):
                break
            line = hex_line(self._data, number)
            y = row * height
            pairs_x, ascii_x = x + unit * 7 + _GAP, x + unit * 7 + _GAP + unit * 3 * LINE_BYTES + _GAP
            low, high = max(start, line.offset), min(end, line.offset + LINE_BYTES)
            if low < high:
                self._paint_mark(painter, pairs_x, ascii_x, y, low - line.offset, high - line.offset)
            painter.setPen(QColor(tokens.text3))
            painter.drawText(QRectF(x, y, unit * 7, height), int(_LEFT), f"{line.offset:06X}")
            for column, pair in enumerate(line.pairs):
                marked = start <= line.offset + column < end
                painter.setPen(QColor(tokens.accent if marked else tokens.text))
                place = QRectF(pairs_x + column * unit * 3, y, unit * 3, height)
                painter.drawText(place, int(_LEFT), pair)
            painter.setPen(QColor(tokens.text2))
            painter.drawText(QRectF(ascii_x, y, unit * (LINE_BYTES + 1), height), int(_LEFT), line.ascii)
        if shows_focus(self):
            paint_focus(painter, QRectF(self.viewport().rect()), CONTROL_RADIUS)
        painter.end()

    def _paint_mark(
        self, painter: QPainter, pairs_x: float, ascii_x: float, y: float, low: int, high: int
    ) -> None:
        tokens, unit, height = current_theme().tokens, self._unit(), self._line()
        for x, width in (
            (pairs_x + low * unit * 3 - 3, (high - low) * unit * 3 - unit + 6),
            (ascii_x + low * unit, (high - low) * unit),
        ):
            painter.fillRect(QRectF(x, y, width, height), QColor(tokens.accent_soft))
            # Colour alone would not show in a grey print.
            painter.fillRect(QRectF(x, y + height - 2, width, 1), QColor(tokens.accent))

    def _tell(self, name: str) -> None:
        start, end = self._marked
        if start == end:
            self.setAccessibleDescription(say(msg("{size} bytes", size=len(self._data))))
            return
        shown = self._data[start : min(end, start + 32)].hex(" ").upper()
        words = msg("{name}, bytes {start} to {end}: {hex}", name=name, start=start, end=end - 1, hex=shown)
        self.setAccessibleDescription(say(words))

    def _unit(self) -> float:
        return QFontMetricsF(font(TypeStyle.FIXED)).horizontalAdvance("0")

    def _line(self) -> float:
        return float(round(QFontMetricsF(font(TypeStyle.FIXED)).height()) + 3)

    def _width(self) -> float:
        return 2 * _MARGIN + self._unit() * (7 + 3 * LINE_BYTES + LINE_BYTES + 1) + 2 * _GAP

    def _lines_in_view(self) -> int:
        return int(self.viewport().height() // self._line())

    def _refresh(self) -> None:
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setPageStep(max(1, self._lines_in_view()))
        vertical.setRange(0, max(0, line_count(len(self._data)) - self._lines_in_view()))
        horizontal.setPageStep(self.viewport().width())
        horizontal.setRange(0, max(0, round(self._width()) - self.viewport().width()))
        self.viewport().update()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
