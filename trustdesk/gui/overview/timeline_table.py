"""The timeline's table twin: the same certificates for the keyboard and for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.dates import both_times, distance, iso_date
from trustdesk.gui.handshake.cells import CellRole, Index, PlainTable, plain_tooltip
from trustdesk.gui.overview.timeline_rows import (
    GROUP_WORDS,
    Standing,
    TimelineRow,
    drop_words,
    line_text,
    standing_words,
)
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.headed_model import HeadedModel
from trustdesk.gui.widgets.table_header import TableHeader
from trustdesk.gui.words import say

_HEADS = (
    msg("State"),
    msg("Name"),
    msg("Group"),
    msg("Role"),
    msg("Valid from"),
    msg("Valid until"),
    msg("Distance"),
    msg("Announced"),
)
_STATE, _NAME, _GROUP, _ROLE, _FROM, _UNTIL, _DISTANCE, _ANNOUNCED = range(len(_HEADS))
_MEASURED = 60
"""Rows that a column is measured by: thousands would take longer than anybody waits for a switch."""
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class TimelineModel(HeadedModel):
    """One line for each certificate."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_HEADS, parent)
        self._rows: tuple[TimelineRow, ...] = ()
        self._at = datetime(2000, 1, 1, tzinfo=UTC)

    @property
    def rows(self) -> tuple[TimelineRow, ...]:
        """What is shown, from the top down."""
        return self._rows

    def show_rows(self, rows: Sequence[TimelineRow], at: datetime) -> None:
        """Show other rows; distances are counted from `at`."""
        self.beginResetModel()
        self._rows, self._at = tuple(rows), at
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, look and clipboard line of a cell."""
        row, column = self._rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _cell_text(row, column, self._at)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(_tooltip(row, column))
            case Qt.ItemDataRole.AccessibleTextRole | CellRole.LINE:
                return line_text(row, self._at)
            case CellRole.INK if column in {_STATE, _DISTANCE}:
                return _INKS.get(row.standing, "text2")
            case CellRole.INK:
                return "text" if column == _NAME else "text2"
            case CellRole.STYLE:
                return TypeStyle.ROW_TITLE if column == _NAME else TypeStyle.SECOND_LINE
            case _:
                return None


class TimelineTable(PlainTable):
    """The twin as a table.

    Signals:
        opened: Enter or a double click on a row: its Validity.
        current_changed: the Validity of the row that the person chose, or None.
    """

    opened = Signal(object)
    current_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name=say(msg("Expiry timeline as a table")), parent=parent)
        self._rows = TimelineModel(self)
        self.setModel(self._rows)
        self._header = header = TableHeader(self)
        header.setSectionsClickable(False)
        header.setResizeContentsPrecision(_MEASURED)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_ANNOUNCED, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultSectionSize(30)
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._tell_current)

    @property
    def content(self) -> TimelineModel:
        """The model."""
        return self._rows

    def show_rows(self, rows: Sequence[TimelineRow], at: datetime) -> None:
        """Show other rows."""
        self._rows.show_rows(rows, at)
        if self.isVisible():
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the columns to what came while the table was out of view."""
        super().showEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter; everything else is the table's own."""
        if event.key() in _ENTER and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _tell_current(self, index: Index) -> None:
        rows = self._rows.rows
        self.current_changed.emit(rows[index.row()].validity if index.isValid() else None)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self._rows.rows[index.row()].validity)

    def _fit(self) -> None:
        for column in range(len(_HEADS) - 1):
            width = max(self._header.word_width(column), self.sizeHintForColumn(column))
            self.setColumnWidth(column, min(width, 280))


def _cell_text(row: TimelineRow, column: int, at: datetime) -> str:
    validity = row.validity
    match column:
        case 0:
            return standing_words(row.standing)
        case 1:
            return f"{validity.name} · {validity.place}" if validity.place else validity.name
        case 2:
            return say(GROUP_WORDS[validity.group])
        case 3:
            return say(validity.role)
        case 4:
            return iso_date(validity.begins) if validity.begins else "–"
        case 5:
            return iso_date(validity.ends) if validity.ends else "–"
        case 6:
            return say(distance(validity.ends, at)) if validity.ends else "–"
        case _:
            return " ".join(drop_words(drop) for drop in validity.drops)


def _tooltip(row: TimelineRow, column: int) -> str:
    validity = row.validity
    if column == _FROM and validity.begins is not None:
        return both_times(validity.begins)
    if column in {_UNTIL, _DISTANCE} and validity.ends is not None:
        return both_times(validity.ends)
    if column == _ANNOUNCED:
        return "\n".join(f"{drop_words(drop)} {drop.source}" for drop in validity.drops)
    return ""


_INKS = {Standing.EXPIRED: "bad", Standing.ENDS_SOON: "warning"}
