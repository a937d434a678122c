"""The sections at the left of the settings."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from trustdesk.core.message import msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, paint_rounded, shows_focus
from trustdesk.gui.words import say

_ICON, _HEIGHT = 16, 36
_ICON_ROLE = Qt.ItemDataRole.UserRole


class SectionList(QListWidget):
    """One line for each section; arrow keys move, and the section follows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(say(msg("Sections of the settings")))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_Line(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setMouseTracking(True)

    def add_section(self, words: str, icon: str) -> None:
        """Add a line, and grow to its width."""
        item = QListWidgetItem(words, self)
        item.setData(_ICON_ROLE, icon)
        width = QFontMetrics(font(TypeStyle.ROW_TITLE_BAD)).horizontalAdvance(words) + _ICON + 44
        self.setFixedWidth(max(self.minimumWidth(), width, 150))


class _Line(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), _HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        tokens = current_theme().tokens
        view = option.widget
        rect: QRect = option.rect.adjusted(0, 1, 0, -1)
        state: QStyle.StateFlag = option.state
        direction: Qt.LayoutDirection = option.direction
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            fill = tokens.selection if chosen else tokens.hover
            paint_rounded(painter, QRectF(rect), CONTROL_RADIUS, fill=fill)
        if chosen:
            bar = QStyle.visualRect(
                direction, rect, QRect(rect.left(), rect.top() + 8, 3, rect.height() - 16)
            )
            paint_rounded(painter, QRectF(bar), 1.5, fill=tokens.accent)
        place = QRect(rect.left() + 12, rect.top() + (rect.height() - _ICON) // 2, _ICON, _ICON)
        place = QStyle.visualRect(direction, rect, place)
        ink = tokens.accent if chosen else tokens.text2
        painter.drawPixmap(
            place.topLeft(), pixmap(str(index.data(_ICON_ROLE)), ink, _ICON, view.devicePixelRatioF())
        )
        words = QStyle.visualRect(direction, rect, rect.adjusted(12 + _ICON + 8, 0, -4, 0))
        painter.setFont(font(TypeStyle.ROW_TITLE_BAD if chosen else TypeStyle.ROW_TITLE))
        painter.setPen(QColor(tokens.text if chosen else tokens.text2))
        align = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(words, int(align), str(index.data(Qt.ItemDataRole.DisplayRole)))
        if chosen and shows_focus(view):
            paint_focus(painter, QRectF(rect), CONTROL_RADIUS)
        painter.restore()
