"""The chips above the table."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.identities.arrange import Filter
from trustdesk.gui.widgets.filter_chip import FilterChip
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.words import say


class IdentityFilters(QWidget):
    """All, the chips that combine with "and", and the way to the requests that wait for their CA.

    Signals:
        changed: other chips are on.
        waiting_pressed: the person wants to see what waits for a CA.
    """

    changed = Signal()
    waiting_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all = FilterChip(say(msg("All")))
        self._chips = {
            Filter.NOT_CLIENT: FilterChip(say(msg("Not usable as client")), icon="warning", ink="warning"),
            Filter.EXPIRING: FilterChip(say(msg("30 days or less")), icon="clock", ink="warning"),
        }
        tips = {
            Filter.NOT_CLIENT: msg("Identities that no partner should accept as a TLS client"),
            Filter.EXPIRING: msg("Identities that expire within 30 days, or have"),
        }
        self.waiting = FilterChip(say(msg("Waiting for CA")), icon="clock")
        self.waiting.setCheckable(False)
        self.waiting.setToolTip(say(msg("Requests whose certificate has not come yet, in their own tab")))
        self.waiting.clicked.connect(self.waiting_pressed)
        layout = Flow(self)
        layout.addWidget(self._all)
        for chosen, chip in self._chips.items():
            layout.addWidget(chip)
            chip.setToolTip(say(tips[chosen]))
            chip.toggled.connect(self._toggled)
        layout.addWidget(self.waiting)
        self._all.setChecked(True)
        self._all.clicked.connect(self.show_all)

    @property
    def chosen(self) -> frozenset[Filter]:
        """Filters that are on."""
        return frozenset(chosen for chosen, chip in self._chips.items() if chip.isChecked())

    def chip(self, chosen: Filter) -> FilterChip:
        """Return the chip of a filter."""
        return self._chips[chosen]

    def set_counts(self, total: int, counts: Mapping[Filter, int] | None) -> None:
        """Show how many rows each chip would leave by itself; None while nothing is judged."""
        self._all.set_count(total)
        for chosen, chip in self._chips.items():
            chip.set_count(None if counts is None else counts[chosen])

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
