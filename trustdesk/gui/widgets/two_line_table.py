"""A table whose rows have two lines: columns as wide as their words, which give way one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QWidget

from trustdesk.gui.theme.comfort import current_comfort
from trustdesk.gui.widgets.painting import shows_focus
from trustdesk.gui.widgets.row_choice import RowChoice
from trustdesk.gui.widgets.table_header import TableHeader
from trustdesk.gui.widgets.two_line_cells import CellModel, TwoLineDelegate, row_height, word_width

_NARROWEST_FIRST = 204
_Index = QModelIndex | QPersistentModelIndex
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class TwoLineTable(RowChoice):
    """The view on a `CellModel`; its first column has the title and takes the room that is left.

    Signals:
        entered_row: a row was opened, by Enter, a click or a double click; its place.
        header_pressed: a column's header, to sort by it.
        widened: the columns want more room than before, see `full_width`.
    """

    entered_row = Signal(int)
    header_pressed = Signal(int)
    widened = Signal()

    def __init__(
        self,
        model: CellModel,
        *,
        name: str,
        numbers: Iterable[int] = (),
        left_to_right: Iterable[int] = (),
        with_icon: Iterable[int] = (),
        dropped_first: Sequence[int] = (),
        widest: Mapping[int, int] | None = None,
        first: int = 0,
        narrowest: int = _NARROWEST_FIRST,
        opens_on_click: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """Make a table.

        Args:
            numbers: columns whose words stand at the end.
            with_icon: columns, beside the first, that have an icon before their word.
            dropped_first: columns that go in a narrow table, in this order.
            widest: how wide a column of long words gets at most, in pixels.
            first: the column that stands before the others.
            narrowest: room that the first column of the model keeps, in pixels, before others go.
            opens_on_click: whether one press opens a row, and not only two or Enter.
        """
        super().__init__(parent)
        self._narrowest = narrowest
        self._opens_on_click = opens_on_click
        self._cells = model
        self._numbers, self._with_icon = frozenset(numbers), frozenset(with_icon)
        self._dropped_first, self._widest = tuple(dropped_first), dict(widest or {})
        self._widths: dict[int, int] = {}
        self._left_out: frozenset[int] = frozenset()
        self._word_widths: dict[tuple[int, str], int] = {}
        self._painter = TwoLineDelegate(self, numbers=self._numbers, left_to_right=left_to_right, first=first)
        self.setItemDelegate(self._painter)
        self._header = TableHeader(self)
        self._header.align_right(*self._numbers)
        self.setHorizontalHeader(self._header)
        self.setModel(model)
        self._header.moveSection(first, 0)
        self._header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._header.setStretchLastSection(False)
        self._header.sectionClicked.connect(self.header_pressed)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit_rows()
        current_comfort().changed.connect(self._fit_rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        self.entered.connect(self._hover)
        self.viewport().setAutoFillBackground(False)

    @property
    def full_width(self) -> int:
        """Width at which every column is shown; 0 before the first rows."""
        if not self._widths:
            return 0
        bar = self.verticalScrollBar().sizeHint().width()
        shown = (width for column, width in self._widths.items() if column not in self._left_out)
        return sum(shown) + self._narrowest + bar

    @property
    def left_out(self) -> frozenset[int]:
        """Columns that the person does without."""
        return self._left_out

    def leave_out(self, columns: Iterable[int]) -> None:
        """Show no column of these, however much room there is; the first one stays."""
        self._left_out = frozenset(columns) - {0}
        for column in self._left_out:
            self.setColumnHidden(column, True)
        self._share()
        self.widened.emit()

    def measure_words(self, words: Mapping[int, Iterable[str]]) -> None:
        """Give every column but the first the width of its longest word.

        Columns grow and never shrink, so that nothing jumps while results come in.
        """
        widths = dict(self._widths)
        for column, found in words.items():
            widest = max(widths.get(column, 0), self._header.word_width(column))
            for word in found:
                widest = max(widest, self._word_width(column, word))
            # A column's own word is never cut, however narrow the column may stay.
            most = max(self._header.word_width(column), self._widest.get(column, widest))
            widths[column] = min(widest, most)
        if widths != self._widths:
            self._widths = widths
            self._share()
            self.widened.emit()

    def select(self, place: int) -> None:
        """Make a row the current and only selected one."""
        # selectRow() finds no column where the language runs from right to left.
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        index = self._cells.index(place, 0)
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def mark(self, places: Iterable[int]) -> None:
        """Add rows to the selection."""
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for place in places:
            self.selectionModel().select(self._cells.index(place, 0), flags)

    def selected_places(self) -> tuple[int, ...]:
        """Return the places of the selected rows, from above."""
        return tuple(sorted(index.row() for index in self.selectionModel().selectedRows()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        self._share()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, mark with Space."""
        place = self.currentIndex().row()
        if event.key() in _ENTER and place >= 0:
            self.entered_row.emit(place)
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A plain click opens a row; with a key held it only marks."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and self._opens_on_click
        if plain and event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.entered_row.emit(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a row that one press only chooses."""
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if not self._opens_on_click and event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.entered_row.emit(index.row())

    def leaveEvent(self, event: QEvent) -> None:
        """Take the pointer's ground back."""
        super().leaveEvent(event)
        self._set_hovered(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, with the ring around the one that has the keyboard."""
        self._painter.focused_row = self.currentIndex().row() if shows_focus(self) else -1
        super().paintEvent(event)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Move the ring, which is as wide as the row."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                self.viewport().update(self.row_rect(index.row()))

    def row_rect(self, place: int) -> QRect:
        """Return where a row stands in the viewport."""
        rect = self.visualRect(self._cells.index(place, 0))
        return QRect(0, rect.top(), self.viewport().width(), rect.height())

    def _word_width(self, column: int, word: str) -> int:
        known = (column, word)
        if known not in self._word_widths:
            self._word_widths[known] = word_width(
                word, has_icon=column in self._with_icon, is_strong=column in self._numbers
            )
        return self._word_widths[known]

    def _hover(self, index: QModelIndex) -> None:
        self._set_hovered(index.row())

    def _set_hovered(self, place: int) -> None:
        before, self._painter.hovered_row = self._painter.hovered_row, place
        for one in {before, place}:
            if 0 <= one < self._cells.rowCount():
                self.viewport().update(self.row_rect(one))

    def _fit_rows(self) -> None:
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(row_height())
        rows.setDefaultSectionSize(row_height())

    def _share(self) -> None:
        room = self.viewport().width()
        if room <= 0 or not self._widths:
            return
        least = max(96, self._header.word_width(0))
        dropped = list(self._left_out)
        for column in (*self._dropped_first, None):
            left = room - sum(width for one, width in self._widths.items() if one not in dropped)
            if left >= max(self._narrowest, least) or column is None:
                break
            dropped.append(column)
        widths = {one: width for one, width in self._widths.items() if one not in dropped}
        missing = least - (room - sum(widths.values()))
        # The first column's own word is not cut either: the widest others give, down to their words.
        for one in sorted(widths, key=lambda other: -widths[other]):
            given = max(0, min(missing, widths[one] - self._header.word_width(one)))
            widths[one] -= given
            missing -= given
        for one, width in self._widths.items():
            self.setColumnHidden(one, one in dropped)
            self.setColumnWidth(one, widths.get(one, width))
        self.setColumnWidth(0, max(least, room - sum(widths.values())))
