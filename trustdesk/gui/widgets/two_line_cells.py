"""Cells of a table whose rows have two lines: state icon, word, a line below it, numbers at the end."""

from __future__ import annotations

import html
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from trustdesk.core.message import Message
from trustdesk.gui.theme.comfort import tightened
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme, state_look
from trustdesk.gui.theme.tokens import Tokens
from trustdesk.gui.theme.type import TypeStyle, elided, font, metrics
from trustdesk.gui.widgets.painting import FOCUS_WIDTH, hairline
from trustdesk.gui.widgets.paragraph import runs_left_to_right
from trustdesk.gui.widgets.ring import paint_ring
from trustdesk.gui.words import say
from trustdesk.services.board import State

_Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_TOP = QModelIndex()

ICON = 16
PADDING = 10
ICON_GAP = 8
MARK = 3
_LINE_GAP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """One cell, ready to paint.

    Attributes:
        state: icon before the word; None for none.
        icon: name of an icon before the word that is no state; "" for none. A state goes before it.
        icon_ink: token of that icon's colour.
        ink: token of the word's colour.
        second: the line below; "" for none.
        strong: whether the word is set bolder.
        spoken: what a screen reader says and the tooltip shows, the state's word included.
    """

    state: State | None = None
    icon: str = ""
    icon_ink: str = "text2"
    word: str
    ink: str = "text"
    second: str = ""
    strong: bool = False
    spoken: str


class CellModel(QAbstractTableModel):
    """A model that says what stands in a cell at once, for painter, tooltips and screen readers."""

    def __init__(self, heads: Sequence[Message], parent: QObject | None = None) -> None:
        """Make it; `heads` are the columns' words, that of the title first."""
        super().__init__(parent)
        self._heads = tuple(heads)

    @abstractmethod
    def view(self, place: int, column: int) -> CellView:
        """Return what stands in a cell of the row shown at a place."""
        raise NotImplementedError

    def columnCount(self, parent: _Index = _TOP) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> str | None:
        """Return the word, the tooltip or what a screen reader says."""
        if role not in {_ROLE.DisplayRole, _ROLE.ToolTipRole, _ROLE.AccessibleTextRole}:
            return None
        column = index.column()
        view = self.view(index.row(), column)
        if role == _ROLE.DisplayRole:
            return view.word
        if role == _ROLE.ToolTipRole:
            return f"<span>{html.escape(view.spoken).replace(chr(10), '<br>')}</span>"
        # The title says itself what it is.
        return f"{say(self._heads[column])}: {view.spoken}" if column else view.spoken

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> str | None:
        """Return a column's word."""
        if orientation is Qt.Orientation.Vertical or role != _ROLE.DisplayRole:
            return None
        return say(self._heads[section])


def row_height() -> int:
    """Return the height of a row with two lines."""
    lines = (TypeStyle.ROW_TITLE_BAD, TypeStyle.SECOND_LINE)
    words = sum(metrics(line).height() for line in lines) + _LINE_GAP
    return max(words + 4, tightened(max(46, words + 12), by=8))


def word_width(word: str, *, has_icon: bool, is_strong: bool) -> int:
    """Return the width of a cell of one line that shows `word` without eliding."""
    style = TypeStyle.ROW_TITLE_BAD if is_strong else TypeStyle.BODY
    words = metrics(style).horizontalAdvance(word) + 2
    return 2 * PADDING + (ICON + ICON_GAP if has_icon else 0) + words


class TwoLineDelegate(QStyledItemDelegate):
    """One delegate for all columns; the table tells it the rows under the pointer and with the keyboard.

    Column 0 has the title of the row. `numbers` stand at the end of their column; `left_to_right` are columns
    that run so in every language; `first` is the column that stands before the others.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        numbers: Iterable[int] = (),
        left_to_right: Iterable[int] = (),
        first: int = 0,
    ) -> None:
        super().__init__(parent)
        self.hovered_row = -1
        self.focused_row = -1
        self._first = first
        self._numbers = frozenset(numbers)
        self._left_to_right = frozenset(left_to_right)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of two lines; the table shares out the width."""
        return QSize(super().sizeHint(option, index).width(), row_height())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: _Index,
    ) -> None:
        """Paint ground, hairline, and what stands in the cell."""
        model = index.model()
        if not isinstance(model, CellModel):
            return
        tokens = current_theme().tokens
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        direction: Qt.LayoutDirection = option.direction
        column = index.column()
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
        if selected and column == self._first:
            mark = QStyle.visualRect(direction, rect, QRect(rect.left(), rect.top(), MARK, rect.height()))
            painter.fillRect(mark, QColor(tokens.accent))
        if index.row() == self.focused_row:
            _paint_row_focus(painter, option, column, model.columnCount(), tokens, self._first)
        inside = rect.adjusted(PADDING, 0, -PADDING if column else -4, 0)
        inside = QStyle.visualRect(direction, rect, inside)
        self._paint_cell(painter, inside, model.view(index.row(), column), column, direction, tokens)
        painter.restore()

    def _paint_cell(
        self,
        painter: QPainter,
        inside: QRect,
        view: CellView,
        column: int,
        direction: Qt.LayoutDirection,
        tokens: Tokens,
    ) -> None:
        words = QRect(inside)
        if view.state is not None or view.icon:
            top = inside.top() + (inside.height() - ICON) // 2
            place = QStyle.visualRect(direction, inside, QRect(inside.left(), top, ICON, ICON))
            _paint_icon(painter, place, view, tokens)
            words = QStyle.visualRect(direction, inside, inside.adjusted(ICON + ICON_GAP, 0, 0, 0))
        style = _word_style(view, column)
        ends = Qt.AlignmentFlag.AlignRight if column in self._numbers else Qt.AlignmentFlag.AlignLeft
        align = int(QStyle.visualAlignment(direction, ends | Qt.AlignmentFlag.AlignVCenter))
        painter.setFont(font(style))
        painter.setPen(QColor(str(getattr(tokens, view.ink))))
        if column in self._left_to_right or runs_left_to_right(view.word):
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
        # Host and subject names run from left to right in every language, at the side where the line begins.
        runs = runs_left_to_right(view.second)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight if runs else direction)
        painter.drawText(below, align, elided(view.second, TypeStyle.SECOND_LINE, below.width()))


def _paint_icon(painter: QPainter, place: QRect, view: CellView, tokens: Tokens) -> None:
    ratio = painter.device().devicePixelRatio()
    if view.state is None:
        painter.drawPixmap(
            place.topLeft(), pixmap(view.icon, str(getattr(tokens, view.icon_ink)), ICON, ratio)
        )
        return
    look = state_look(view.state)
    if view.state is State.RUNNING:
        paint_ring(painter, QRectF(place), look.color)
    else:
        painter.drawPixmap(place.topLeft(), pixmap(look.icon, look.color, ICON, ratio))


def _word_style(view: CellView, column: int) -> TypeStyle:
    if view.strong:
        return TypeStyle.ROW_TITLE_BAD
    return TypeStyle.BODY if column else TypeStyle.ROW_TITLE


def _paint_row_focus(
    painter: QPainter, option: QStyleOptionViewItem, column: int, columns: int, tokens: Tokens, first: int
) -> None:
    """Draw this cell's part of the ring around the row."""
    rect: QRect = option.rect
    view = option.widget
    color = QColor(tokens.accent)
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), FOCUS_WIDTH), color)
    bottom = rect.bottom() + 1 - FOCUS_WIDTH
    painter.fillRect(QRectF(rect.left(), bottom, rect.width(), FOCUS_WIDTH), color)
    last = isinstance(view, QTableView) and all(
        view.isColumnHidden(one) for one in range(column + 1, columns) if one != first
    )
    left_to_right = option.direction is Qt.LayoutDirection.LeftToRight
    if column == first or last:
        at_left = (column == first) is left_to_right
        x = rect.left() if at_left else rect.right() + 1 - FOCUS_WIDTH
        painter.fillRect(QRectF(x, rect.top(), FOCUS_WIDTH, rect.height()), color)
