"""A card: surface with a hairline and round corners."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.painting import CARD_RADIUS, hairline, paint_rounded


class CardGround(StrEnum):
    """Which token fills a card."""

    SURFACE = "surface"
    SUNKEN = "sunken"


class Hairline(QWidget):
    """A line between the parts of a card; decoration."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        height = hairline(self.devicePixelRatioF())
        painter.fillRect(QRectF(0, 0, self.width(), height), QColor(current_theme().tokens.grid))
        painter.end()


class Card(QFrame):
    """A QFrame that paints its own rounded rectangle; children get no style sheet from it."""

    def __init__(self, parent: QWidget | None = None, *, ground: CardGround = CardGround.SURFACE) -> None:
        super().__init__(parent)
        self._ground = ground
        # One pixel keeps children off the outline; QFrame's own frame is not drawn.
        self.setContentsMargins(1, 1, 1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and outline."""
        tokens = current_theme().tokens
        fill = tokens.sunken if self._ground is CardGround.SUNKEN else tokens.surface
        painter = QPainter(self)
        paint_rounded(painter, QRectF(self.rect()), CARD_RADIUS, fill=fill, outline=tokens.border)
        painter.end()
