"""The ladder's table twin: the same rows for the keyboard and for screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from trustdesk.core.handshake import Direction
from trustdesk.core.message import msg
from trustdesk.gui.handshake.cells import CellRole, Index, PlainTable, plain_tooltip
from trustdesk.gui.handshake.ladder import line_text
from trustdesk.gui.handshake.ladder_rows import LadderRow, RowKind
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.headed_model import HeadedModel
from trustdesk.gui.widgets.table_header import TableHeader
from trustdesk.gui.words import say

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_HEADS = (msg("ms"), msg("From"), msg("Message"), msg("Details"), msg("Encrypted"), msg("bytes"))
_TIME, _FROM, _MESSAGE, _DETAIL, _ENCRYPTED, _SIZE = range(len(_HEADS))


class LadderModel(HeadedModel):
    """One line for each event."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_HEADS, parent)
        self._rows: tuple[LadderRow, ...] = ()

    def show_rows(self, rows: Sequence[LadderRow]) -> None:
        """Show other rows; what only grew keeps its selection."""
        grown = len(rows) > len(self._rows) and all(a is b for a, b in zip(self._rows, rows, strict=False))
        if grown:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(rows) - 1)
            self._rows = tuple(rows)
            self.endInsertRows()
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, look and clipboard line of a cell."""
        row, column = self._rows[index.row()], index.column()
        trouble = row.kind is RowKind.TROUBLE
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _cell_text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(row.detail)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if column in {_TIME, _SIZE} else Qt.AlignmentFlag.AlignLeft
            case Qt.ItemDataRole.AccessibleTextRole | CellRole.LINE:
                return line_text(row)
            case CellRole.INK:
                return "bad" if trouble else "text" if column == _MESSAGE else "text2"
            case CellRole.STYLE:
                return TypeStyle.ROW_TITLE_BAD if column == _MESSAGE else TypeStyle.SECOND_LINE
            case _:
                return None


class LadderTable(PlainTable):
    """The twin as a table.

    Signals:
        current_changed: index of the row that the person selected.
        opened: Enter or a double click on a row.
    """

    current_changed = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name=say(msg("Messages as a table")), parent=parent)
        self._model = LadderModel(self)
        self.setModel(self._model)
        self._header = header = TableHeader(self)
        header.setSectionsClickable(False)
        header.align_right(_TIME, _SIZE)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_DETAIL, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultSectionSize(30)
        self.selectionModel().currentRowChanged.connect(self._changed)
        self.activated.connect(lambda index: self.opened.emit(index.row()))

    def show_rows(self, rows: Sequence[LadderRow]) -> None:
        """Show other rows."""
        self._model.show_rows(rows)
        if self.isVisible():
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the columns to what came while the table was out of view."""
        super().showEvent(event)
        self._fit()

    def set_current(self, index: int | None) -> None:
        """Select a row without the signal."""
        blocked = self.blockSignals(True)
        if index is None:
            self.clearSelection()
        else:
            self.selectRow(index)
        self.blockSignals(blocked)

    def _fit(self) -> None:
        for column in range(len(_HEADS)):
            if column != _DETAIL:
                self.setColumnWidth(
                    column, max(self._header.word_width(column), self.sizeHintForColumn(column))
                )

    def _changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.current_changed.emit(current.row())


def _cell_text(row: LadderRow, column: int) -> str:
    match column:
        case 0:
            return row.time
        case 1:
            return say(msg("us") if row.event.direction is Direction.OUT else msg("partner"))
        case 2:
            return row.name
        case 3:
            return row.detail
        case 4:
            return say(msg("yes")) if row.encrypted else say(msg("no"))
        case _:
            return row.size
