"""The view on very many certificates: headers that sort, and details that follow the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.inspector.row_table import RowTable
from trustdesk.gui.inspector.table_arrange import RowOrder, TableRow
from trustdesk.gui.inspector.table_cells import ORDERS
from trustdesk.gui.inspector.table_model import CertificatesModel
from trustdesk.gui.words import say

_Index = QModelIndex | QPersistentModelIndex

_NARROWEST_SUBJECT = 250


class CertificateTable(RowTable[TableRow]):
    """A table of whole rows.

    Signals:
        moved: another row is the current one; where it is shown.
        header_pressed: a column's header, to sort by it.
    """

    moved = Signal(int)
    header_pressed = Signal(int)

    def __init__(self, model: CertificatesModel, parent: QWidget | None = None) -> None:
        super().__init__(
            model.columns,
            name=say(msg("Certificates")),
            spoken=lambda _one: "",
            model=model,
            narrowest=_NARROWEST_SUBJECT,
            parent=parent,
        )
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self.header_pressed)

    def show_order(self, order: RowOrder, *, descending: bool) -> None:
        """Mark the column that is sorted by; none for the order of the file."""
        section = next((column for column, one in ORDERS.items() if one is order), None)
        header = self.horizontalHeader()
        header.setSortIndicatorShown(section is not None)
        if section is not None:
            direction = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(section, direction)

    def select(self, shown: int) -> None:
        """Make a row the current and only selected one."""
        index = self.model().index(shown, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Tell which row the keyboard is on."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.moved.emit(current.row())
