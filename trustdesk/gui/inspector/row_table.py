"""Tables of the Inspector: rows of one line, an icon and a word first, what does not fit in the tooltip."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from trustdesk.core.message import Message
from trustdesk.gui.theme.comfort import current_comfort, tightened
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import FOCUS_WIDTH, hairline, shows_focus
from trustdesk.gui.widgets.row_choice import RowChoice
from trustdesk.gui.widgets.table_header import TableHeader
from trustdesk.gui.words import say

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_ROLE = Qt.ItemDataRole
_ICON = 16
_PADDING = 10
_MEASURED = 200
_NARROWEST = 170
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RowCell:
    """One cell: `icon` before the word, "" for none; inks are tokens, "" for the icon is that of the word."""

    word: str
    ink: str = "text"
    icon: str = ""
    style: TypeStyle = TypeStyle.BODY
    icon_ink: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowColumn(Generic[R]):
    """One column.

    Attributes:
        width: at most so many characters of the body font, less where the words are shorter; 0 shares what
            is left with the other columns of width 0.
        goes_first: the place in which it gives way in a narrow table, 1 first; None for never.
    """

    head: Message
    cell: Callable[[R], RowCell]
    width: int = 0
    goes_first: int | None = None


class RowModel(QAbstractTableModel, Generic[R]):
    """Rows as they are given."""

    def __init__(
        self, columns: Sequence[RowColumn[R]], spoken: Callable[[R], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._spoken = spoken
        self._rows: tuple[R, ...] = ()

    @property
    def rows(self) -> tuple[R, ...]:
        """The rows as shown."""
        return self._rows

    def row(self, place: int) -> R:
        """Return the row at a place; a model of very many makes it when it is asked."""
        return self._rows[place]

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def cell(self, index: _Index) -> RowCell:
        """Return what stands in a cell."""
        return self.columns[index.column()].cell(self.row(index.row()))

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _TOP) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> str | None:
        """Return a column's word."""
        if orientation is Qt.Orientation.Vertical or role != _ROLE.DisplayRole:
            return None
        return say(self.columns[section].head)

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> str | None:
        """Return the word, and the whole row for tooltips and screen readers."""
        if role == _ROLE.DisplayRole:
            return self.cell(index).word
        if role == _ROLE.AccessibleTextRole:
            if index.column() == 0:
                return self._spoken(self.row(index.row()))
            return f"{say(self.columns[index.column()].head)}: {self.cell(index).word or '–'}"
        if role == _ROLE.ToolTipRole:
            return f"<span>{html.escape(self._spoken(self.row(index.row())))}</span>"
        return None


class RowDelegate(QStyledItemDelegate):
    """Paints icon and word on the selection's own ground."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one cell."""
        model = index.model()
        if not isinstance(model, RowModel):
            return
        tokens = current_theme().tokens
        rect: QRect = option.rect
        cell: RowCell = model.cell(index)
        painter.save()
        ratio = painter.device().devicePixelRatio()
        line = hairline(ratio)
        if QStyle.StateFlag.State_Selected in option.state:
            painter.fillRect(rect, QColor(tokens.selection))
            if shows_focus(option.widget):
                for y in (rect.top(), rect.bottom() + 1 - FOCUS_WIDTH):
                    painter.fillRect(QRectF(rect.left(), y, rect.width(), FOCUS_WIDTH), QColor(tokens.accent))
        foot = QRectF(rect.left(), rect.bottom() + 1 - line, rect.width(), line)
        painter.fillRect(foot, QColor(tokens.grid))
        words = rect.adjusted(_PADDING, 0, -4, 0)
        ink = str(getattr(tokens, cell.ink))
        if cell.icon:
            top = words.top() + (words.height() - _ICON) // 2
            place = QStyle.visualRect(option.direction, words, QRect(words.left(), top, _ICON, _ICON))
            color = str(getattr(tokens, cell.icon_ink)) if cell.icon_ink else ink
            painter.drawPixmap(place.topLeft(), pixmap(cell.icon, color, _ICON, ratio))
            words = QStyle.visualRect(option.direction, words, words.adjusted(_ICON + 7, 0, 0, 0))
        used = font(cell.style)
        painter.setFont(used)
        painter.setPen(QColor(ink))
        shown = QFontMetrics(used).elidedText(cell.word, Qt.TextElideMode.ElideRight, words.width())
        align = QStyle.visualAlignment(
            option.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        painter.drawText(words, int(align | Qt.TextFlag.TextSingleLine), shown)
        painter.restore()


class RowTable(RowChoice, Generic[R]):
    """A table of whole rows.

    Signals:
        opened: index of a row that was pressed, or opened with Enter.
    """

    opened = Signal(int)

    def __init__(
        self,
        columns: Sequence[RowColumn[R]],
        *,
        name: str,
        spoken: Callable[[R], str],
        model: RowModel[R] | None = None,
        narrowest: int = _NARROWEST,
        opens_on_click: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """Make a table; `opens_on_click` is whether one press opens a row, and not only two or Enter."""
        super().__init__(parent)
        self._widths: dict[int, int] = {}
        self._narrowest = narrowest
        self._model: RowModel[R] = RowModel(columns, spoken, self) if model is None else model
        self.setModel(self._model)
        self.setItemDelegate(RowDelegate(self))
        self.setAccessibleName(name)
        header = TableHeader(self)
        header.setSectionsClickable(False)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit_rows()
        current_comfort().changed.connect(self._fit_rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.viewport().setAutoFillBackground(False)
        pressed = self.clicked if opens_on_click else self.doubleClicked
        pressed.connect(lambda index: self.opened.emit(index.row()))

    @property
    def rows(self) -> tuple[R, ...]:
        """The rows as shown."""
        return self._model.rows

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show other rows."""
        if tuple(rows) != self._model.rows:
            self._model.show_rows(rows)
            self.measure()

    @property
    def natural_height(self) -> int:
        """Height at which nothing scrolls."""
        return self.horizontalHeader().sizeHint().height() + self._model.rowCount() * self.row_height + 2

    @property
    def row_height(self) -> int:
        """Height of one row."""
        return self.verticalHeader().defaultSectionSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter."""
        if event.key() in _ENTER and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        self._share()

    def measure(self) -> None:
        """Give the columns the widths that the words need; long tables are judged by their beginning."""
        metrics = {style: QFontMetrics(font(style)) for style in TypeStyle}
        unit = metrics[TypeStyle.BODY].averageCharWidth()
        header = self.horizontalHeader()
        for place, column in enumerate(self._model.columns):
            if not column.width:
                continue
            needed = header.word_width(place) if isinstance(header, TableHeader) else 0
            for number in range(min(_MEASURED, self._model.rowCount())):
                cell = column.cell(self._model.row(number))
                words = metrics[cell.style].horizontalAdvance(cell.word[: column.width + 1])
                needed = max(needed, words + (_ICON + 7 if cell.icon else 0) + _PADDING + 10)
            self._widths[place] = min(needed, column.width * unit + 2 * _PADDING + _ICON)
        self._share()

    def _fit_rows(self) -> None:
        height = max(30, QFontMetrics(font(TypeStyle.BODY)).height() + 13)
        self.verticalHeader().setMinimumSectionSize(tightened(height, by=4))
        self.verticalHeader().setDefaultSectionSize(tightened(height, by=4))

    def _share(self) -> None:
        room = self.viewport().width()
        columns = self._model.columns
        widths = self._widths
        hidden: set[int] = set()
        giving = sorted(
            (column.goes_first, i) for i, column in enumerate(columns) if column.goes_first is not None
        )
        flexible = [i for i, column in enumerate(columns) if not column.width]
        for _place, index in giving:
            used = sum(width for i, width in widths.items() if i not in hidden)
            if room - used >= self._narrowest * len(flexible):
                break
            hidden.add(index)
        left = room - sum(width for i, width in widths.items() if i not in hidden)
        for i in range(len(columns)):
            self.setColumnHidden(i, i in hidden)
            self.setColumnWidth(i, widths[i] if i in widths else max(60, left // max(1, len(flexible))))
        if flexible:
            rest = left - (left // len(flexible)) * (len(flexible) - 1)
            self.setColumnWidth(flexible[-1], max(60, rest))
