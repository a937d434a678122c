"""Tabs: words on a hairline, the current one underlined with the accent."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, hairline, paint_focus, shows_focus


class Tabs(QTabBar):
    """A tab bar with counts after its words; join it to a QStackedWidget by `currentChanged`."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[int, str] = {}
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(False)
        self.setFont(font(TypeStyle.ROW_TITLE))
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_count(self, index: int, count: int | None) -> None:
        """Show how much is behind a tab; None shows nothing."""
        self._counts[index] = "" if count is None else str(count)
        self.setTabText(index, self.tabText(index))
        self.updateGeometry()
        self.update()

    def tabSizeHint(self, index: int) -> QSize:
        """Return the size of word and count with the space between tabs."""
        metrics = QFontMetrics(self.font())
        count = self._counts.get(index, "")
        gap = 8 if count else 0
        width = metrics.horizontalAdvance(self.tabText(index)) + gap + metrics.horizontalAdvance(count)
        return QSize(width + 26, max(36, metrics.height() + 18))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Return the same: words of a tab are never cut."""
        return self.tabSizeHint(index)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the hairline, the words and the line of the current tab."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        line = hairline(self.devicePixelRatioF())
        painter.fillRect(QRectF(0, self.height() - line, self.width(), line), QColor(tokens.border))
        metrics = QFontMetrics(self.font())
        for index in range(self.count()):
            rect = self.tabRect(index)
            current = index == self.currentIndex()
            place = rect.adjusted(13, 0, -13, -2)
            words, count = self.tabText(index), self._counts.get(index, "")
            painter.setFont(self.font())
            painter.setPen(QColor(tokens.text if current else tokens.text2))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), words)
            if count:
                painter.setPen(QColor(tokens.text2 if current else tokens.text3))
                shift = metrics.horizontalAdvance(words) + 8
                if self.layoutDirection() is Qt.LayoutDirection.LeftToRight:
                    place.setLeft(place.left() + shift)
                else:
                    place.setRight(place.right() - shift)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), count)
            if current:
                mark = QRectF(rect.left() + 5, self.height() - 2, rect.width() - 10, 2)
                painter.fillRect(mark, QColor(tokens.accent))
                if shows_focus(self):
                    paint_focus(painter, QRectF(rect.adjusted(2, 3, -2, -4)), CONTROL_RADIUS)
        painter.end()
