"""The frame around the whole window while something is held over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CARD_RADIUS, paint_rounded
from trustdesk.gui.words import say

_MARGIN = 8.0
_DASHES = (4.0, 3.0)


class DropFrame(QWidget):
    """Lies over the window, and takes neither focus nor pointer."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Cover the window as it is now."""
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dashed frame and the sentence in its middle."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        pen = QPen(QColor(tokens.accent), 2)
        pen.setDashPattern(list(_DASHES))
        painter.setPen(pen)
        painter.drawRoundedRect(rect, CARD_RADIUS, CARD_RADIUS)
        words, used = say(msg("Drop to open in the Inspector")), font(TypeStyle.SECTION)
        width = QFontMetricsF(used).horizontalAdvance(words) + 48
        plate = QRectF(rect.center().x() - width / 2, rect.center().y() - 26, width, 52)
        paint_rounded(painter, plate, CARD_RADIUS, fill=tokens.accent_soft, outline=tokens.accent)
        painter.setFont(used)
        painter.setPen(QColor(tokens.accent))
        painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.end()
