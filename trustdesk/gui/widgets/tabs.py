"""Tabs: words on a hairline, the current one underlined with the accent."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTabBar, QWidget

from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, hairline, paint_focus, shows_focus

_INSET = 2
_SPACE, _LEAST_SPACE = 26, 12
"""Room beside a word, nearly all of it after it: the first word starts where the text below does."""


class Tabs(QTabBar):
    """A tab bar with counts after its words; join it to a QStackedWidget by `currentChanged`."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[int, str] = {}
        self._space = _SPACE
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
        self._share()
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the words together before one of them is cut."""
        super().resizeEvent(event)
        self._share()

    def sizeHint(self) -> QSize:
        """Return the size of all words well apart."""
        return QSize(self._width_of_words() + _SPACE * self.count(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the size of all words close together."""
        return QSize(self._width_of_words() + _LEAST_SPACE * self.count(), super().sizeHint().height())

    def _width_of_words(self) -> int:
        return sum(self.tabSizeHint(index).width() - self._space for index in range(self.count()))

    def _share(self) -> None:
        left = (self.width() - self._width_of_words()) // max(1, self.count())
        space = max(_LEAST_SPACE, min(_SPACE, left))
        if space != self._space:
            self._space = space
            for index in range(self.count()):
                self.setTabText(index, self.tabText(index))  # Qt lays out anew for nothing less

    def tabSizeHint(self, index: int) -> QSize:
        """Return the size of word and count with the space between tabs."""
        metrics = QFontMetrics(self.font())
        count = self._counts.get(index, "")
        gap = 8 if count else 0
        width = metrics.horizontalAdvance(self.tabText(index)) + gap + metrics.horizontalAdvance(count)
        return QSize(width + self._space, max(36, metrics.height() + 18))

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
        left_to_right = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        for index in range(self.count()):
            rect = self.tabRect(index)
            current = index == self.currentIndex()
            place = rect.adjusted(_INSET, 0, -_INSET, -2)
            words, count = self.tabText(index), self._counts.get(index, "")
            painter.setFont(self.font())
            painter.setPen(QColor(tokens.text if current else tokens.text2))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), words)
            if count:
                painter.setPen(QColor(tokens.text2 if current else tokens.text3))
                shift = metrics.horizontalAdvance(words) + 8
                if left_to_right:
                    place.setLeft(place.left() + shift)
                else:
                    place.setRight(place.right() - shift)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), count)
            if current:
                used = rect.width() - self._space + 2 * _INSET
                left = rect.left() if left_to_right else rect.right() + 1 - used
                mark = QRectF(left, self.height() - 2, used, 2)
                painter.fillRect(mark, QColor(tokens.accent))
                if shows_focus(self):
                    paint_focus(painter, QRectF(left, 4, used + 2, self.height() - 10), CONTROL_RADIUS)
        painter.end()
