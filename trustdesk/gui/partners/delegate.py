"""Paints the cells of the table: state icon, one or two lines, numbers at the end."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from trustdesk.gui.partners.cells import CellView, Column
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme, state_look
from trustdesk.gui.theme.tokens import Tokens
from trustdesk.gui.theme.type import TypeStyle, elided, font, metrics
from trustdesk.gui.widgets.painting import FOCUS_WIDTH, hairline
from trustdesk.gui.widgets.ring import paint_ring
from trustdesk.services.board import State

ICON = 16
PADDING = 10
ICON_GAP = 8
MARK = 3
_LINE_GAP = 2
_LEFT_TO_RIGHT = frozenset({Column.TLS, Column.DAYS})
"""Columns of numbers, which run from left to right in every language."""


def row_height() -> int:
    """Return the height of a row with two lines."""
    lines = (TypeStyle.ROW_TITLE_BAD, TypeStyle.SECOND_LINE)
    return max(46, sum(metrics(line).height() for line in lines) + _LINE_GAP + 12)


class PartnerDelegate(QStyledItemDelegate):
    """One delegate for all columns; the table tells it the rows under the pointer and with the keyboard."""

    hovered_row = -1
    focused_row = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height of two lines; the table shares out the width."""
        return QSize(super().sizeHint(option, index).width(), row_height())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint ground, hairline, and what stands in the cell."""
        model = index.model()
        if not isinstance(model, PartnersModel):
            return
        tokens = current_theme().tokens
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        direction: Qt.LayoutDirection = option.direction
        column = Column(index.column())
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(rect, QColor(tokens.selection))
        elif index.row() == self.hovered_row:
            painter.fillRect(rect, QColor(tokens.hover))
        ratio = painter.device().devicePixelRatio()
        line = hairline(ratio)
        foot = QRectF(rect.left(), rect.bottom() + 1 - line, rect.width(), line)
        painter.fillRect(foot, QColor(tokens.grid))
        if selected and column is Column.PARTNER:
            mark = QStyle.visualRect(direction, rect, QRect(rect.left(), rect.top(), MARK, rect.height()))
            painter.fillRect(mark, QColor(tokens.accent))
        if index.row() == self.focused_row:
            _paint_row_focus(painter, option, column, tokens)
        inside = rect.adjusted(PADDING, 0, -PADDING if column is not Column.PARTNER else -4, 0)
        _paint_cell(painter, inside, model.view(index.row(), column), column, direction, tokens)
        painter.restore()


def word_width(word: str, *, has_icon: bool, is_strong: bool) -> int:
    """Return the width of a cell of one line that shows `word` without eliding."""
    style = TypeStyle.ROW_TITLE_BAD if is_strong else TypeStyle.BODY
    words = metrics(style).horizontalAdvance(word) + 2
    return 2 * PADDING + (ICON + ICON_GAP if has_icon else 0) + words


def _word_style(view: CellView, column: Column) -> TypeStyle:
    if view.strong:
        return TypeStyle.ROW_TITLE_BAD
    return TypeStyle.ROW_TITLE if column is Column.PARTNER else TypeStyle.BODY


def _paint_cell(
    painter: QPainter,
    inside: QRect,
    view: CellView,
    column: Column,
    direction: Qt.LayoutDirection,
    tokens: Tokens,
) -> None:
    words = QRect(inside)
    if view.state is not None:
        top = inside.top() + (inside.height() - ICON) // 2
        place = QStyle.visualRect(direction, inside, QRect(inside.left(), top, ICON, ICON))
        look = state_look(view.state)
        if view.state is State.RUNNING:
            paint_ring(painter, QRectF(place), look.color)
        else:
            ratio = painter.device().devicePixelRatio()
            painter.drawPixmap(place.topLeft(), pixmap(look.icon, look.color, ICON, ratio))
        words = QStyle.visualRect(direction, inside, inside.adjusted(ICON + ICON_GAP, 0, 0, 0))
    style = _word_style(view, column)
    ends = Qt.AlignmentFlag.AlignRight if column is Column.DAYS else Qt.AlignmentFlag.AlignLeft
    align = int(QStyle.visualAlignment(direction, ends | Qt.AlignmentFlag.AlignVCenter))
    painter.setFont(font(style))
    painter.setPen(QColor(str(getattr(tokens, view.ink))))
    if column in _LEFT_TO_RIGHT:
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    if not view.second:
        painter.drawText(words, align, elided(view.word, style, words.width()))
        return
    line, small_line = metrics(style).height(), metrics(TypeStyle.SECOND_LINE).height()
    top = words.top() + (words.height() - line - _LINE_GAP - small_line) // 2
    first = QRect(words.left(), top, words.width(), line)
    painter.drawText(first, align, elided(view.word, style, words.width()))
    below = QRect(words.left(), first.bottom() + 1 + _LINE_GAP, words.width(), small_line)
    painter.setFont(font(TypeStyle.SECOND_LINE))
    painter.setPen(QColor(tokens.text2))
    # Host names run from left to right in every language, at the side where the line begins.
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    painter.drawText(below, align, elided(view.second, TypeStyle.SECOND_LINE, below.width()))


def _paint_row_focus(painter: QPainter, option: QStyleOptionViewItem, column: Column, tokens: Tokens) -> None:
    """Draw this cell's part of the ring around the row."""
    rect: QRect = option.rect
    view = option.widget
    color = QColor(tokens.accent)
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), FOCUS_WIDTH), color)
    bottom = rect.bottom() + 1 - FOCUS_WIDTH
    painter.fillRect(QRectF(rect.left(), bottom, rect.width(), FOCUS_WIDTH), color)
    last = isinstance(view, QTableView) and all(
        view.isColumnHidden(one) for one in range(column + 1, len(Column))
    )
    left_to_right = option.direction is Qt.LayoutDirection.LeftToRight
    if column is Column.PARTNER or last:
        at_left = (column is Column.PARTNER) is left_to_right
        x = rect.left() if at_left else rect.right() + 1 - FOCUS_WIDTH
        painter.fillRect(QRectF(x, rect.top(), FOCUS_WIDTH, rect.height()), color)
