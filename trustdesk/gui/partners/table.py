"""The partner table: rows of two lines, columns that give way one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.partners.cells import TESTED_WORDS, Column
from trustdesk.gui.partners.delegate import ICON, PADDING, PartnerDelegate, row_height, word_width
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.widgets.painting import shows_focus
from trustdesk.gui.widgets.ring import ring_clock
from trustdesk.gui.widgets.table_header import TableHeader
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow

_NARROWEST_PARTNER = 204
_DROPPED_FIRST = (Column.TLS, Column.TESTED, Column.ON_LIST)
_WITH_ICON = frozenset({Column.SERVER, Column.MTLS, Column.ON_LIST})
_Index = QModelIndex | QPersistentModelIndex
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class PartnersTable(QTableView):
    """The view on `PartnersModel`.

    Signals:
        entered_row: a row was opened, by Enter, a click or a double click; its place.
        header_pressed: a column's header, to sort by it.
        widened: the columns want more room than before, see `full_width`.
    """

    entered_row = Signal(int)
    header_pressed = Signal(int)
    widened = Signal()

    def __init__(self, model: PartnersModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._widths: dict[Column, int] = {}
        self._word_widths: dict[tuple[Column, str], int] = {}
        self._painter = PartnerDelegate(self)
        self.setItemDelegate(self._painter)
        self._header = TableHeader(self)
        self._header.align_right(Column.DAYS)
        self.setHorizontalHeader(self._header)
        self.setModel(model)
        self._header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._header.setStretchLastSection(False)
        self._header.sectionClicked.connect(self.header_pressed)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(row_height())
        rows.setDefaultSectionSize(row_height())
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
        self.setAccessibleName(say(msg("Partners")))
        self.entered.connect(self._hover)
        ring_clock().moved.connect(self._turn_rings)
        self.viewport().setAutoFillBackground(False)

    def measure(self, rows: Sequence[BoardRow]) -> None:
        """Give every column the width of its longest word among `rows`.

        Columns grow and never shrink, so that nothing jumps while results come in.
        """
        days = [row.days_left for row in rows if row.days_left is not None] or [0]
        words: dict[Column, set[str]] = {
            Column.TLS: {row.tls_version or "" for row in rows},
            Column.SERVER: {say(word) for word in {row.server.word for row in rows}},
            Column.MTLS: {say(word) for word in {row.mtls.word for row in rows}},
            Column.ON_LIST: {say(word) for word in {row.on_list.word for row in rows}},
            Column.DAYS: {f"\u2212{-day}" if day < 0 else str(day) for day in (min(days), max(days))},
            Column.TESTED: {say(word) for word in TESTED_WORDS},
        }
        widths = dict(self._widths)
        for column, found in words.items():
            widest = max(widths.get(column, 0), self._header.word_width(column))
            for word in found:
                widest = max(widest, self._word_width(column, word))
            widths[column] = widest
        if widths != self._widths:
            self._widths = widths
            self._share()
            self.widened.emit()

    def _word_width(self, column: Column, word: str) -> int:
        known = (column, word)
        if known not in self._word_widths:
            self._word_widths[known] = word_width(
                word, has_icon=column in _WITH_ICON, is_strong=column is Column.DAYS
            )
        return self._word_widths[known]

    @property
    def full_width(self) -> int:
        """Width at which every column is shown; 0 before the first rows."""
        if not self._widths:
            return 0
        bar = self.verticalScrollBar().sizeHint().width()
        return sum(self._widths.values()) + _NARROWEST_PARTNER + bar

    def select(self, place: int) -> None:
        """Make a row the current and only selected one."""
        # selectRow() finds no column where the language runs from right to left.
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        index = self._model.index(place, 0)
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def mark(self, places: Iterable[int]) -> None:
        """Add rows to the selection."""
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for place in places:
            self.selectionModel().select(self._model.index(place, 0), flags)

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
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.entered_row.emit(index.row())

    def leaveEvent(self, event: QEvent) -> None:
        """Take the pointer's ground back."""
        super().leaveEvent(event)
        self._set_hovered(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, with the ring around the one that has the keyboard."""
        self._model.turn_day()
        self._painter.focused_row = self.currentIndex().row() if shows_focus(self) else -1
        super().paintEvent(event)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Move the ring, which is as wide as the row."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                self.viewport().update(self._row_rect(index.row()))

    def _hover(self, index: QModelIndex) -> None:
        self._set_hovered(index.row())

    def _set_hovered(self, place: int) -> None:
        before, self._painter.hovered_row = self._painter.hovered_row, place
        for one in {before, place}:
            if 0 <= one < self._model.rowCount():
                self.viewport().update(self._row_rect(one))

    def _turn_rings(self) -> None:
        if not self.isVisible():
            return
        for place in self._model.running_places():
            rect = self._row_rect(place)
            if rect.bottom() >= 0 and rect.top() <= self.viewport().height():
                for column in (Column.PARTNER, Column.SERVER, Column.MTLS):
                    cell = self.visualRect(self._model.index(place, column))
                    self.viewport().update(cell.adjusted(0, 0, PADDING + ICON - cell.width() + 4, 0))

    def _row_rect(self, place: int) -> QRect:
        rect = self.visualRect(self._model.index(place, 0))
        return QRect(0, rect.top(), self.viewport().width(), rect.height())

    def _share(self) -> None:
        room = self.viewport().width()
        if room <= 0 or not self._widths:
            return
        dropped: list[Column] = []
        for column in (*_DROPPED_FIRST, None):
            left = room - sum(width for one, width in self._widths.items() if one not in dropped)
            if left >= _NARROWEST_PARTNER or column is None:
                break
            dropped.append(column)
        for one, width in self._widths.items():
            self.setColumnHidden(one, one in dropped)
            self.setColumnWidth(one, width)
        used = sum(width for one, width in self._widths.items() if one not in dropped)
        self.setColumnWidth(Column.PARTNER, max(96, room - used))
