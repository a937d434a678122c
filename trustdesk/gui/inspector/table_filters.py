"""Field, chips and order above the table of very many certificates."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.inspector.table_arrange import RowFilter, RowOrder, RowsWanted
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.filter_chip import FilterChip
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.words import say

ORDER_WORDS: dict[RowOrder, Message] = {
    RowOrder.FILE: msg("in the order of the file"),
    RowOrder.SUBJECT: msg("by subject"),
    RowOrder.ISSUER: msg("by issuer"),
    RowOrder.NOT_AFTER: msg("by days left"),
    RowOrder.SERIAL: msg("by serial number"),
    RowOrder.FINGERPRINT: msg("by fingerprint"),
    RowOrder.SERVER: msg("by server verdict"),
    RowOrder.CLIENT: msg("by client verdict"),
}


class TableFilters(QWidget):
    """What the person wants to see.

    Signals:
        changed: something else is wanted.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = FilterField(
            name=say(msg("Filter the certificates")), hint=say(msg("Subject, issuer, serial or fingerprint"))
        )
        self.order = Combo(name=say(msg("Order of the rows")))
        for order, words in ORDER_WORDS.items():
            self.order.addItem(say(words), order)
        self._descending = False
        self._chips = {
            RowFilter.SERVER: FilterChip(say(msg("Server")), icon="good", ink="good"),
            RowFilter.CLIENT: FilterChip(say(msg("Client")), icon="good", ink="good"),
            RowFilter.NEITHER: FilterChip(say(msg("Neither")), icon="bad", ink="bad"),
            RowFilter.AUTHORITY: FilterChip(say(msg("CA")), icon="not-applicable"),
            RowFilter.NOT_JUDGED: FilterChip(say(msg("Not judged")), icon="unknown"),
            RowFilter.EXPIRED: FilterChip(say(msg("Expired")), icon="clock", ink="bad"),
        }
        tips = {
            RowFilter.SERVER: msg("A valid path as server leads to the list"),
            RowFilter.CLIENT: msg("A valid path as client leads to the list"),
            RowFilter.NEITHER: msg("Judged, and trusted neither as server nor as client"),
            RowFilter.AUTHORITY: msg("Certificates of CAs, which are neither servers nor clients"),
            RowFilter.NOT_JUDGED: msg("Nothing is known of these: that is no pass"),
            RowFilter.EXPIRED: msg("No longer valid on the day that is judged for"),
        }
        chips = QWidget()
        flow = Flow(chips, gap=6)
        for one, chip in self._chips.items():
            chip.setToolTip(say(tips[one]))
            chip.toggled.connect(self.changed)
            flow.addWidget(chip)
        self.field.textChanged.connect(self.changed)
        self.order.activated.connect(self._choose_order)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.field, 1)
        line.addWidget(self.order)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(line)
        layout.addWidget(chips)

    @property
    def wanted(self) -> RowsWanted:
        """What is wanted."""
        return RowsWanted(
            text=self.field.text(),
            filters=frozenset(one for one, chip in self._chips.items() if chip.isChecked()),
            order=RowOrder(self.order.currentData()),
            descending=self._descending,
        )

    def chip(self, one: RowFilter) -> FilterChip:
        """Return the chip of a filter."""
        return self._chips[one]

    def press_header(self, order: RowOrder) -> None:
        """Sort up, then down, then as the file is."""
        now = self.wanted
        if now.order is not order:
            self._set_order(order, descending=False)
        elif not now.descending:
            self._set_order(order, descending=True)
        else:
            self._set_order(RowOrder.FILE, descending=False)

    def show_counts(self, counts: Mapping[RowFilter, int], *, judged: bool) -> None:
        """Show how many rows each verdict has; no numbers before anything is judged."""
        for one, chip in self._chips.items():
            if one is not RowFilter.EXPIRED:
                chip.set_count(counts[one] if judged else None)

    def _set_order(self, order: RowOrder, *, descending: bool) -> None:
        self._descending = descending
        self.order.setCurrentIndex(list(ORDER_WORDS).index(order))
        self.changed.emit()

    def _choose_order(self) -> None:
        self._descending = False
        self.changed.emit()
