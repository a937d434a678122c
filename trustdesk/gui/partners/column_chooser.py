"""Which columns the table of partners has: a button with a tick for each."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.partners.cells import HEADERS, Column
from trustdesk.gui.partners.table import PartnersTable
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say


class ColumnChooser(Button):
    """Opens the choice; the partner's own column is always there.

    Signals:
        changed: other columns are in the table.
    """

    changed = Signal()

    def __init__(self, table: PartnersTable, parent: QWidget | None = None) -> None:
        super().__init__(icon="columns", name=say(msg("Columns of the table")), parent=parent)
        self._table = table
        self.choice = QMenu(self)
        self.ticks: dict[Column, QAction] = {}
        for column in Column:
            if column is Column.PARTNER:
                continue
            tick = self.choice.addAction(say(HEADERS[column]))
            tick.setCheckable(True)
            tick.setChecked(column not in table.left_out)
            tick.toggled.connect(self._choose)
            self.ticks[column] = tick
        self.clicked.connect(self._open)

    def shows(self, column: Column) -> bool:
        """Whether a column is wanted; in a narrow table it may have given way all the same."""
        return column is Column.PARTNER or self.ticks[column].isChecked()

    def _choose(self) -> None:
        self._table.leave_out(column for column, tick in self.ticks.items() if not tick.isChecked())
        self.changed.emit()

    def _open(self) -> None:
        corner = self.rect().bottomRight() if self.isLeftToRight() else self.rect().bottomLeft()
        place = self.mapToGlobal(corner + QPoint(0, 4))
        width = self.choice.sizeHint().width() if self.isLeftToRight() else 0
        self.choice.popup(QPoint(place.x() - width, place.y()))
