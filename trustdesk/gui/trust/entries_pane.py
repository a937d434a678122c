"""The tab Entries: chips and a search field, the table, and beside or below it the entry in view."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.trust_decision import LocalDecision
from trustdesk.core.trust_entry import ListEntry
from trustdesk.gui.trust.entry_arrange import (
    EntriesWanted,
    EntryFilter,
    EntryOrder,
    EntryRow,
    arranging,
    preparing,
)
from trustdesk.gui.trust.entry_detail import EntryDetail
from trustdesk.gui.trust.entry_model import ORDERS, Column, EntriesModel
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.filter_bar import ChipLook, FilterBar
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.widgets.two_line_table import TwoLineTable
from trustdesk.gui.words import say

_SIDE_FROM = 800
_SHORTEST_TABLE = 190
_GOOD_DETAIL = 384
_MEASURED = 300
"""Rows by which the columns are made: a long list is judged by its beginning."""

_MEASURED_AT_ONCE = 50
_FEW = 300
"""Entries up to which all is done at once: in less time than a person notices."""

_BUDGET_S = 0.005
"""How long rows are prepared before the window has its turn again."""

_LOOKS = {
    EntryFilter.SERVER: ChipLook(word=msg("Server"), tip=msg("What vouches for servers"), icon="server"),
    EntryFilter.CLIENT: ChipLook(word=msg("Client"), tip=msg("What vouches for clients"), icon="person"),
    EntryFilter.NOT_TRUSTED: ChipLook(
        word=msg("Not trusted"),
        tip=msg("Entries that are expired, withdrawn, or distrusted by the list or here"),
        icon="bad",
        ink="bad",
    ),
    EntryFilter.ENDING: ChipLook(
        word=msg("90 days or less"), tip=msg("Entries that end within 90 days"), icon="clock", ink="warning"
    ),
    EntryFilter.LIMITED: ChipLook(
        word=msg("Limited"), tip=msg("Entries that the list sets limits to"), icon="list-gap"
    ),
    EntryFilter.DECIDED: ChipLook(
        word=msg("Decided here"), tip=msg("Entries about which something was decided here"), icon="edit"
    ),
    EntryFilter.OPEN: ChipLook(
        word=msg("Usage open"), tip=msg("Entries of which nobody has said what they are for"), icon="warning",
        ink="warning",
    ),
}  # fmt: skip


class EntriesTable(TwoLineTable):
    """The view on `EntriesModel`.

    Signals:
        delete_pressed: the key Delete, on the current row.
    """

    delete_pressed = Signal()

    def __init__(self, model: EntriesModel, parent: QWidget | None = None) -> None:
        super().__init__(
            model,
            name=say(msg("Entries of the list")),
            left_to_right=(Column.UNTIL,),
            with_icon=(Column.STATE,),
            dropped_first=(Column.LIMITS, Column.DECISION),
            widest={Column.STATE: 172, Column.DECISION: 150},
            first=Column.STATE,
            narrowest=180,
            parent=parent,
        )
        self._entries = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def measure(self, rows: Sequence[EntryRow]) -> None:
        """Give every column the width of its longest word."""
        words: dict[int, set[str]] = {}
        for column in Column:
            if column is not Column.NAME:
                views = (self._entries.view_of(row, column) for row in rows)
                words[column] = {word for view in views for word in (view.word, view.second)}
        self.measure_words(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask about distrust with Delete."""
        if event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.delete_pressed.emit()
            return
        super().keyPressEvent(event)


class EntriesPane(QWidget):
    """Joins filters, search and sorting with the model, and selection with the detail."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._was_shared = False
        self._wanted = EntriesWanted()
        self._rows: list[EntryRow] = []
        self._shown: list[EntryRow] = []
        self._are_few, self._is_due = True, False
        self._measured = 0
        self._preparing: Iterator[list[EntryRow] | None] | None = None
        self._arranging: Iterator[list[EntryRow] | None] | None = None
        self._revealed: str | None = None
        self._steps = QTimer(self)
        self._steps.setInterval(0)
        self._steps.timeout.connect(self._go_on)
        self.model = EntriesModel(now, self)
        self.filters = FilterBar(_LOOKS)
        self.search = FilterField(
            name=say(msg("Search the entries")), hint=say(msg("Name, owner, fingerprint"))
        )
        self.table = EntriesTable(self.model)
        self.detail = EntryDetail()
        self._nothing = Text(ink="text2", wrap=True)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        said = QVBoxLayout()
        said.setContentsMargins(14, 0, 14, 0)
        said.addWidget(self._nothing)
        inside.addLayout(said)
        self._card = card
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(14)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(card)
        self._split.addWidget(self.detail)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.filters, 1)
        head.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        # In a low window the table and the entry keep a height at which they can be read.
        scroll = ScrolledColumn(name=say(msg("Entries of the list")))
        scroll.column.setContentsMargins(0, 0, 0, 0)
        scroll.column.setSpacing(12)
        scroll.column.addLayout(head)
        scroll.column.addWidget(self._split, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        card.setMinimumSize(300, _SHORTEST_TABLE)
        self.detail.setMinimumSize(300, 220)
        self.filters.changed.connect(self._filter)
        self.search.textChanged.connect(self._filter)
        self.table.header_pressed.connect(self._sort)
        self.table.selectionModel().currentRowChanged.connect(self._show_current)
        self.table.entered_row.connect(lambda _place: self._show_current())
        self.table.delete_pressed.connect(self._press_delete)

    @property
    def is_arranging(self) -> bool:
        """Whether entries are being prepared, filtered or sorted, and not shown yet."""
        return self._is_due

    def show_entries(self, entries: Sequence[ListEntry], decisions: Mapping[str, LocalDecision]) -> None:
        """Show other entries, or the same with other decisions; the one in view stays in view.

        Of a long list a little at a time; what was shown stands until that is done.
        """
        self._are_few, self._is_due = len(entries) <= _FEW, True
        self._preparing, self._arranging = preparing(entries, decisions, self._now()), None
        if entries:
            # That there are none was said of the list before.
            self._nothing.hide()
        self._go_on()

    def reveal(self, sha256: str) -> None:
        """Bring an entry into view, also one that is filtered away."""
        self._revealed = sha256
        if not self.is_arranging:
            self._show_revealed()

    def focus_main(self) -> None:
        """Move the keyboard to the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the entry beside the table, or below it where there is little room."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_FROM
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._split.orientation() is not wanted:
            self._split.setOrientation(wanted)
            self._was_shared = False
        if not self._was_shared and self.width() > 0:
            self._was_shared = True
            room = self._split.width() if wide else self._split.height()
            detail = max(_GOOD_DETAIL, room * 36 // 100) if wide else room // 2
            self._split.setSizes([room - detail, detail])

    def _filter(self) -> None:
        self._arrange(replace(self._wanted, filters=self.filters.chosen, text=self.search.text().strip()))

    def _sort(self, section: int) -> None:
        order = ORDERS.get(Column(section))
        if order is None:
            return
        before = self._wanted
        if before.order is not order:
            self._arrange(replace(before, order=order, descending=False))
        elif not before.descending:
            self._arrange(replace(before, descending=True))
        else:
            self._arrange(replace(before, order=EntryOrder.TROUBLE, descending=False))

    def _arrange(self, wanted: EntriesWanted) -> None:
        self._wanted, self._is_due = wanted, True
        if self._preparing is None:
            self._arranging = arranging(self._rows, wanted)
        self._go_on()

    def _go_on(self) -> None:
        """Work for some ms; what is left waits until the window has had its turn."""
        until = time.perf_counter() + _BUDGET_S
        while self.is_arranging and (self._are_few or time.perf_counter() < until):
            self._step()
        if self.is_arranging:
            self._steps.start()
        else:
            self._steps.stop()

    def _step(self) -> None:
        if self._preparing is not None:
            rows = next(self._preparing)
            if rows is not None:
                self._preparing, self._rows = None, rows
                self._arranging = arranging(rows, self._wanted)
        elif self._arranging is not None:
            shown = next(self._arranging)
            if shown is not None:
                self._arranging, self._shown = None, shown
                self._measured = 0 if self._rows is not self.model.rows else _MEASURED
        elif self._measured < min(_MEASURED, len(self._shown)):
            self.table.measure(self._shown[self._measured : self._measured + _MEASURED_AT_ONCE])
            self._measured += _MEASURED_AT_ONCE
        else:
            self._is_due = False
            self._show()

    def _show(self) -> None:
        wanted = self._wanted
        self.model.show(self._rows, self._shown, wanted)
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(wanted.order is not EntryOrder.TROUBLE)
        column = next((column for column, order in ORDERS.items() if order is wanted.order), None)
        if column is not None:
            down = Qt.SortOrder.DescendingOrder if wanted.descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(column, down)
        self._settle()
        self._show_revealed()

    def _show_revealed(self) -> None:
        sha256, self._revealed = self._revealed, None
        if sha256 is None:
            return
        if self.model.place_of(sha256) is None:
            self.search.clear()
            self.filters.show_all()
            if self.is_arranging:
                self._revealed = sha256
                return
        place = self.model.place_of(sha256)
        if place is not None:
            self.table.select(place)

    def _settle(self) -> None:
        self.filters.set_counts(len(self.model.rows), self.model.counts())
        shown = self.model.rowCount()
        self._nothing.setVisible(not shown)
        empty = not self.model.rows
        self._nothing.setText(
            say(msg("This version has no entries.") if empty else msg("No entry passes these filters."))
        )
        before = self.detail.row
        place = None if before is None else self.model.place_of(before.entry.sha256)
        if place is None and shown:
            place = 0
        if place is None:
            self.detail.clear()
            return
        self.table.select(place)
        self._show_current()

    def _show_current(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < self.model.rowCount():
            self.detail.show_row(self.model.shown[place], self._now())

    def _press_delete(self) -> None:
        if self.detail.distrust_button.isVisible():
            self.detail.distrust_button.click()
