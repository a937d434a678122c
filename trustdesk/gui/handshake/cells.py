"""Cells of the page's tables: plain text that wraps or gives way, on the selection's own ground."""

from __future__ import annotations

import html
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import hairline, shows_focus
from trustdesk.gui.widgets.paragraph import lay_out
from trustdesk.gui.widgets.row_choice import RowChoice

Index = QModelIndex | QPersistentModelIndex

_LINE_PADDING = 6


class CellRole(IntEnum):
    """What a model tells the delegate beside the text. LINE is the whole row as text, for the clipboard."""

    INK = Qt.ItemDataRole.UserRole + 1
    STYLE = Qt.ItemDataRole.UserRole + 2
    LINE = Qt.ItemDataRole.UserRole + 3


class PlainCells(QStyledItemDelegate):
    """Paints a cell from the tokens; with `wraps` long text takes as many lines as it needs."""

    def __init__(self, *, wraps: bool, padding: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wraps = wraps
        self._padding = padding

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, text, and the line below."""
        tokens = current_theme().tokens
        rect = QRectF(option.rect)
        painter.save()
        line = hairline(painter.device().devicePixelRatio())
        painter.fillRect(QRectF(rect.left(), rect.bottom() - line, rect.width(), line), QColor(tokens.grid))
        if QStyle.StateFlag.State_Selected in option.state:
            self._paint_selection(painter, option, index.column() == 0)
        painter.setPen(QColor(str(getattr(tokens, index.data(CellRole.INK) or "text"))))
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        used = font(index.data(CellRole.STYLE) or TypeStyle.BODY)
        inner = rect.adjusted(self._padding, 0, -self._padding, 0)
        alignment = Qt.AlignmentFlag(
            index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignLeft
        )
        if self._wraps:
            layout, _height = lay_out(text, used, inner.width(), direction=option.direction)
            layout.draw(painter, QPointF(inner.left(), inner.top() + _LINE_PADDING))
        else:
            painter.setFont(used)
            shown = QFontMetrics(used).elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()))
            flags = alignment | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(inner, int(flags), shown)
        painter.restore()

    def _paint_selection(self, painter: QPainter, option: QStyleOptionViewItem, is_first: bool) -> None:
        tokens = current_theme().tokens
        rect = QRectF(option.rect)
        painter.fillRect(rect, QColor(tokens.selection))
        accent = QColor(tokens.accent)
        if is_first:
            mirrored = option.direction is Qt.LayoutDirection.RightToLeft
            left = rect.right() - 3 if mirrored else rect.left()
            painter.fillRect(QRectF(left, rect.top(), 3, rect.height()), accent)
        view = option.widget
        if shows_focus(view):
            painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 2), accent)
            painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), accent)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of the lines at the column's width."""
        used = font(index.data(CellRole.STYLE) or TypeStyle.BODY)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        natural = QFontMetrics(used).horizontalAdvance(text) + 2 * self._padding + 2
        if not self._wraps:
            return QSize(natural, max(30, QFontMetrics(used).height() + 12))
        width = option.rect.width() - 2 * self._padding
        return QSize(natural, round(lay_out(text, used, max(40, width))[1]) + 2 * _LINE_PADDING)


class PlainTable(RowChoice):
    """A table of whole rows: one is selected at a time, and Ctrl+C copies it as a line of text."""

    def __init__(
        self, *, name: str, wraps: bool = False, padding: int = 12, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._wraps = wraps
        self.setItemDelegate(PlainCells(wraps=wraps, padding=padding, parent=self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(wraps)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFont(font(TypeStyle.LABEL))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the selected row; everything else is the table's own."""
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy) and index.isValid():
            QApplication.clipboard().setText(str(index.data(CellRole.LINE) or ""))
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rows to the new width."""
        super().resizeEvent(event)
        if self._wraps:
            self.resizeRowsToContents()


def plain_tooltip(text: str) -> str:
    """Return a tooltip that Qt cannot take for markup; "" for no text."""
    return f"<span>{html.escape(text)}</span>" if text else ""
