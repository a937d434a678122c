"""The partner table: rows of two lines, columns that give way one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.partners.cells import AT_FIRST_LEFT_OUT, TESTED_WORDS, Column
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.widgets.ring import ring_clock
from trustdesk.gui.widgets.two_line_cells import ICON, PADDING
from trustdesk.gui.widgets.two_line_table import TwoLineTable
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow, Cell
from trustdesk.services.last_seen import SHORT_CHANGES


class PartnersTable(TwoLineTable):
    """The view on `PartnersModel`, with rings that turn where something is being tested."""

    _is_marking = False  # asked by Qt before this class is made

    def __init__(self, model: PartnersModel, parent: QWidget | None = None) -> None:
        super().__init__(
            model,
            name=say(msg("Partners")),
            numbers=(Column.DAYS,),
            left_to_right=(Column.TLS, Column.DAYS, Column.ENDPOINT, Column.FINGERPRINT),
            with_icon=(Column.SERVER, Column.MTLS, Column.ON_LIST),
            dropped_first=(
                Column.FINGERPRINT,
                Column.ENDPOINT,
                Column.LAST_CHANGE,
                Column.TLS,
                Column.TESTED,
                Column.ON_LIST,
            ),
            widest={Column.ENDPOINT: 260},
            parent=parent,
        )
        self._model = model
        self.leave_out(AT_FIRST_LEFT_OUT)
        ring_clock().moved.connect(self._turn_rings)

    def measure(self, rows: Sequence[BoardRow]) -> None:
        """Give every column the width of its longest word among `rows`."""
        days = [row.days_left for row in rows if row.days_left is not None] or [0]
        self.measure_words(
            {
                Column.TLS: {row.tls_version or "" for row in rows},
                Column.SERVER: _words(row.server for row in rows),
                Column.MTLS: _words(row.mtls for row in rows),
                Column.ON_LIST: _words(row.on_list for row in rows),
                Column.DAYS: {f"\u2212{-day}" if day < 0 else str(day) for day in (min(days), max(days))},
                Column.TESTED: {say(word) for word in TESTED_WORDS},
                Column.ENDPOINT: {max((row.endpoint.target.endpoint for row in rows), key=len, default="")},
                Column.LAST_CHANGE: {say(word) for word in SHORT_CHANGES.values()},
                Column.FINGERPRINT: {f"{'00:' * 8} …"},
            }
        )

    def select(self, place: int) -> None:
        """Make a row the current and only marked one."""
        self._is_marking = False
        super().select(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space begins to mark rows: from then on the arrows move on without taking the marks away."""
        begins = event.key() == Qt.Key.Key_Space and not event.modifiers() and not self._is_marking
        if begins and self.currentIndex().isValid():
            self._is_marking = True
            self.mark((self.currentIndex().row(),))
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press of the mouse ends the marking by keys."""
        self._is_marking = False
        super().mousePressEvent(event)

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Return what a key or a press does to the marks."""
        if self._is_marking and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space:
                flags = QItemSelectionModel.SelectionFlag
                return flags.Toggle | flags.Rows
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows; on another day than the last time with other words."""
        self._model.turn_day()
        super().paintEvent(event)

    def _turn_rings(self) -> None:
        if not self.isVisible():
            return
        for place in self._model.running_places():
            rect = self.row_rect(place)
            if rect.bottom() >= 0 and rect.top() <= self.viewport().height():
                for column in (Column.PARTNER, Column.SERVER, Column.MTLS):
                    cell = self.visualRect(self._model.index(place, column))
                    self.viewport().update(cell.adjusted(0, 0, PADDING + ICON - cell.width() + 4, 0))


def _words(cells: Iterable[Cell]) -> set[str]:
    """Return the words of cells; ten thousand rows share a few."""
    return {say(word) for word in {id(cell): cell.word for cell in cells}.values()}
