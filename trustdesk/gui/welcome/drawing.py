"""Three certificates on a string, and the dashed frame that says where files may be dropped; decoration."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.painting import paint_drop_frame
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_SIZE = QSize(470, 120)
_CARD = QRectF(-63, -43, 126, 86)


class Drawing(QWidget):
    """The string of certificates."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_SIZE)
        current_theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the string, then the cards over it."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_pale(tokens.accent), 3))
        string = QPainterPath(QPointF(80, 58))
        string.cubicTo(150, 30, 170, 90, 235, 60)
        string.cubicTo(300, 30, 320, 90, 390, 60)
        painter.drawPath(string)
        cards = ((78, 62, -4.0, tokens.accent), (235, 56, 0.0, tokens.teal), (392, 62, 4.0, tokens.control))
        for x, y, angle, ink in cards:
            painter.save()
            painter.translate(x, y)
            painter.rotate(angle)
            self._paint_card(painter, ink)
            painter.restore()
        painter.end()

    def _paint_card(self, painter: QPainter, ink: str) -> None:
        tokens = current_theme().tokens
        painter.setPen(QPen(QColor(ink), 2))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(_CARD, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        line = QColor(tokens.border)
        for top, width, fill in ((-28, 66, _pale(tokens.accent)), (-13, 88, line), (-2, 58, line)):
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(-50, top, width, 6), 3, 3)
        painter.setBrush(QColor(ink))
        painter.drawEllipse(QPointF(46, 26), 9, 9)
        mark = pixmap("tick", tokens.surface, 12, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(40, 20), mark)


def _pale(ink: str) -> QColor:
    color = QColor(ink)
    color.setAlpha(80)
    return color


class DropHint(QWidget):
    """A picture only: the whole window takes what is dropped."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(self._icon)
        words = say(msg("or drop files, folders or PEM text anywhere in this window"))
        layout.addWidget(Text(words, TypeStyle.ROW_TITLE, "text2"))
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        current_theme().changed.connect(self._take_theme)
        self._take_theme()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        paint_drop_frame(painter, QRectF(self.rect()))
        painter.end()

    def _take_theme(self) -> None:
        color = current_theme().tokens.text2
        self._icon.setPixmap(pixmap("import", color, 18, self.devicePixelRatioF()))
        self.update()
