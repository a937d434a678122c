"""The chips above a table: All, and those that combine with "and"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.widgets.filter_chip import FilterChip
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.words import say

F = TypeVar("F", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipLook:
    """What a chip shows.

    Attributes:
        tip: which rows it leaves, as a sentence.
        ink: token of the icon's colour.
    """

    word: Message
    tip: Message
    icon: str
    ink: str = "text2"


class FilterBar(QWidget, Generic[F]):
    """A chip for each filter; All is on while none of them is.

    Signals:
        changed: other chips are on.
    """

    changed = Signal()

    def __init__(self, looks: Mapping[F, ChipLook], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all = FilterChip(say(msg("All")))
        self._chips = {
            chosen: FilterChip(say(look.word), icon=look.icon, ink=look.ink) for chosen, look in looks.items()
        }
        self._row = Flow(self)
        self._row.addWidget(self._all)
        for chosen, chip in self._chips.items():
            self._row.addWidget(chip)
            chip.setToolTip(say(looks[chosen].tip))
            chip.toggled.connect(self._toggled)
        self._all.setChecked(True)
        self._all.clicked.connect(self.show_all)

    @property
    def chosen(self) -> frozenset[F]:
        """Filters that are on."""
        return frozenset(chosen for chosen, chip in self._chips.items() if chip.isChecked())

    def chip(self, chosen: F) -> FilterChip:
        """Return the chip of a filter."""
        return self._chips[chosen]

    def add(self, chip: FilterChip) -> None:
        """Put one behind the others that is no filter."""
        self._row.addWidget(chip)

    def set_counts(self, total: int, counts: Mapping[F, int] | None) -> None:
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
