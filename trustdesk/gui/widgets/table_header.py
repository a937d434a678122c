"""A flat table header: words on sunken ground, a chevron at the sorted column."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath
from PySide6.QtWidgets import QHeaderView, QStyle, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CARD_RADIUS, hairline

PADDING = 10
_CHEVRON = 14


class TableHeader(QHeaderView):
    """Paints its sections itself; the outer ones have the round corners of the card around the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._right_aligned: frozenset[int] = frozenset()
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFont(font(TypeStyle.LABEL))

    def align_right(self, *sections: int) -> None:
        """Set the words of number columns at the end, over their numbers."""
        self._right_aligned = frozenset(sections)

    def sizeHint(self) -> QSize:
        """Return a height of 30 or more."""
        return QSize(super().sizeHint().width(), max(30, QFontMetrics(self.font()).height() + 14))

    def word_width(self, section: int) -> int:
        """Return the width that a section's word needs, chevron included."""
        word = self._word(section)
        return QFontMetrics(self.font()).horizontalAdvance(word) + 2 * PADDING + 2

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one section."""
        tokens = current_theme().tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = self.visualIndex(section)
        first, last = place == 0, rect.right() >= self.viewport().width() - 2
        painter.fillPath(_rounded_top(QRectF(rect), left=first, right=last), QColor(tokens.sunken))
        line = hairline(self.devicePixelRatioF())
        foot = QRectF(rect.left(), rect.bottom() + 1 - line, rect.width(), line)
        painter.fillRect(foot, QColor(tokens.border))
        word = self._word(section)
        sorted_here = self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        words = rect.adjusted(PADDING, 0, -PADDING, 0)
        at_end = section in self._right_aligned
        side = Qt.AlignmentFlag.AlignRight if at_end else Qt.AlignmentFlag.AlignLeft
        direction = self.layoutDirection()
        align = QStyle.visualAlignment(direction, side | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.text if sorted_here else tokens.text2))
        painter.drawText(words, int(align), word)
        if sorted_here:
            self._paint_chevron(painter, words, word, at_end=at_end)
        painter.restore()

    def _word(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def _paint_chevron(self, painter: QPainter, words: QRect, word: str, *, at_end: bool) -> None:
        down = self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        picture = pixmap(
            "chevron-down" if down else "chevron-up",
            current_theme().tokens.accent,
            _CHEVRON,
            self.devicePixelRatioF(),
        )
        width = QFontMetrics(self.font()).horizontalAdvance(word)
        x = words.right() - width - _CHEVRON - 1 if at_end else words.left() + width + 2
        top = words.top() + (words.height() - _CHEVRON) // 2
        place = QStyle.visualRect(self.layoutDirection(), words, QRect(x, top, _CHEVRON, _CHEVRON))
        painter.drawPixmap(place.topLeft(), picture)


def _rounded_top(rect: QRectF, *, left: bool, right: bool) -> QPainterPath:
    radius = CARD_RADIUS - 1
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(rect, radius, radius)
    path.addRect(rect.adjusted(0, radius, 0, 0))
    if not left:
        path.addRect(rect.adjusted(0, 0, -radius, 0))
    if not right:
        path.addRect(rect.adjusted(radius, 0, 0, 0))
    return path.simplified()
