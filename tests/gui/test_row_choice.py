"""Rows are chosen by number, whichever way text runs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication

from trustdesk.gui.widgets.row_choice import RowChoice


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_row_is_chosen_also_where_the_columns_are_narrower_than_the_table(
    qapp: QApplication, direction: Qt.LayoutDirection
) -> None:
    table = RowChoice()
    table.setLayoutDirection(direction)
    table.setSelectionBehavior(RowChoice.SelectionBehavior.SelectRows)
    model = QStandardItemModel(table)
    for row in range(3):
        model.appendRow([QStandardItem(f"{row}"), QStandardItem("–")])
    table.setModel(model)
    table.hideColumn(0)
    table.setColumnWidth(1, 40)
    table.resize(600, 200)
    table.show()
    table.selectRow(1)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, 1)
    table.selectRow(7)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    table.close()
