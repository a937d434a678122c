"""The chips above the table."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.partners.arrange import Filter
from trustdesk.gui.widgets.filter_chip import FilterChip
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.words import say


class FilterBar(QWidget):
    """All, and the chips that combine with "and".

    Signals:
        changed: other chips are on.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all = FilterChip(say(msg("All")))
        self._chips = {
            Filter.FAILING: FilterChip(say(msg("Failing")), icon="bad", ink="bad"),
            Filter.EXPIRING: FilterChip(say(msg("30 days or less")), icon="clock", ink="warning"),
            Filter.NOT_ON_LIST: FilterChip(say(msg("Not on list")), icon="list-gap", ink="warning"),
            Filter.MTLS: FilterChip(say(msg("mTLS required")), icon="lock"),
        }
        tips = {
            Filter.FAILING: msg("Partners whose last test failed"),
            Filter.EXPIRING: msg("Server certificates that expire within 30 days, or have"),
            Filter.NOT_ON_LIST: msg("Partners whose chain does not end at a CA of the list in force"),
            Filter.MTLS: msg("Partners that asked for a client certificate and judged it, or its absence"),
        }
        layout = Flow(self)
        layout.addWidget(self._all)
        for chosen, chip in self._chips.items():
            layout.addWidget(chip)
            chip.setToolTip(say(tips[chosen]))
            chip.toggled.connect(self._toggled)
        self._all.setChecked(True)
        self._all.clicked.connect(self.show_all)

    @property
    def chosen(self) -> frozenset[Filter]:
        """Filters that are on."""
        return frozenset(chosen for chosen, chip in self._chips.items() if chip.isChecked())

    def chip(self, chosen: Filter) -> FilterChip:
        """Return the chip of a filter."""
        return self._chips[chosen]

    def set_counts(self, total: int, counts: Mapping[Filter, int]) -> None:
        """Show how many rows each chip would leave by itself."""
        self._all.set_count(total)
        for chosen, chip in self._chips.items():
            chip.set_count(counts[chosen])

    def show_all(self) -> None:
        """Release every chip."""
        before = self.chosen
        for chip in self._chips.values():
            chip.blockSignals(True)
            chip.setChecked(False)
            chip.blockSignals(False)
        self._all.setChecked(True)
        self.update()
        if before:
            self.changed.emit()

    def _toggled(self) -> None:
        self._all.setChecked(not self.chosen)
        self.changed.emit()
