"""A table whose rows are chosen by number in every direction of text."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QTableView


class RowChoice(QTableView):
    """Qt looks for a column at the edge where text begins, and finds none where the columns are narrow."""

    def selectRow(self, row: int) -> None:
        """Choose a row and make it the current one; one that is not there is not chosen."""
        model, header = self.model(), self.horizontalHeader()
        if not 0 <= row < model.rowCount():
            return
        shown = (header.logicalIndex(place) for place in range(header.count()))
        column = next((one for one in shown if not header.isSectionHidden(one)), 0)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(model.index(row, column), flags.ClearAndSelect | flags.Rows)
