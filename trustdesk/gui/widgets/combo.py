"""A choice from a list that drops down."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, paint_rounded, shows_focus

_ICON = 16


class Combo(QComboBox):
    """A combo box that paints its closed form itself; `icon` stands before the choice."""

    def __init__(self, *, name: str, icon: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setAccessibleName(name)
        self.setFont(font(TypeStyle.BODY))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the longest choice, bounded."""
        metrics = QFontMetrics(self.font())
        longest = max((metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=80)
        icon = _ICON + 8 if self._icon else 0
        return QSize(min(320, longest + icon + 48), max(32, metrics.height() + 14))

    def minimumSizeHint(self) -> QSize:
        """Return a width at which a choice can still be told."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint outline, icon, choice and chevron."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        rect = QRectF(self.rect())
        outline = tokens.control if self.isEnabled() else tokens.border
        paint_rounded(painter, rect, CONTROL_RADIUS, fill=tokens.surface, outline=outline)
        ink = tokens.text if self.isEnabled() else tokens.text3
        left = 10
        if self._icon:
            self._paint_icon(painter, self._icon, left, tokens.text2)
            left += _ICON + 8
        self._paint_icon(painter, "chevron-down", self.width() - 10 - _ICON, tokens.text2)
        place = self._mirrored(QRect(left, 0, self.width() - left - _ICON - 16, self.height()))
        painter.setFont(self.font())
        painter.setPen(QColor(ink if self.currentIndex() >= 0 else tokens.text3))
        words = self.currentText() if self.currentIndex() >= 0 else self.placeholderText()
        shown = QFontMetrics(self.font()).elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), shown)
        if shows_focus(self):
            paint_focus(painter, rect, CONTROL_RADIUS)
        painter.end()

    def _paint_icon(self, painter: QPainter, name: str, x: int, color: str) -> None:
        place = self._mirrored(QRect(x, (self.height() - _ICON) // 2, _ICON, _ICON))
        painter.drawPixmap(place.topLeft(), pixmap(name, color, _ICON, self.devicePixelRatioF()))

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
