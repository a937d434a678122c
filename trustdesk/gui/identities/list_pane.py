"""The tab Identities: chips, the table in its card, and below it the identity in view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.identities.arrange import Arrangement, SortBy, counts, next_order
from trustdesk.gui.identities.cells import SORTS, Column
from trustdesk.gui.identities.detail import IdentityDetail
from trustdesk.gui.identities.filter_bar import IdentityFilters
from trustdesk.gui.identities.model import IdentitiesModel
from trustdesk.gui.identities.table import IdentitiesTable
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_SHORTEST_TABLE = 128


class IdentityListPane(QWidget):
    """Joins filters and sorting with the model, and selection with the detail."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = IdentitiesModel(self)
        self.filters = IdentityFilters()
        self.table = IdentitiesTable(self.model)
        self.detail = IdentityDetail()
        self._nothing = Text(say(msg("No identity passes these filters.")), ink="text2")
        self._nothing.setContentsMargins(14, 8, 14, 10)
        self._card = Card()
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self.filters)
        layout.addWidget(self._card, 1)
        layout.addWidget(self.detail)
        layout.addStretch(0)
        self.filters.changed.connect(self._filter)
        self.table.header_pressed.connect(self._sort)
        self.table.selectionModel().currentRowChanged.connect(self._show_current)
        self.table.entered_row.connect(lambda _place: self._show_current())
        self.detail.identity_wanted.connect(self.reveal)

    def show_all(self) -> None:
        """Show the model's identities as they are now; the one in view stays in view."""
        self.table.measure()
        self._settle()

    def reveal(self, name: str) -> None:
        """Bring an identity into view, also one that is filtered away."""
        if self.model.place_of(name) is None and self.model.named(name) is not None:
            self.filters.show_all()
        place = self.model.place_of(name)
        if place is not None:
            self.table.select(place)

    def sort_by(self, sort: SortBy, *, descending: bool) -> None:
        """Sort in an order that was chosen before."""
        self._arrange(replace(self.model.arrangement, sort=sort, descending=descending))

    def focus_table(self) -> None:
        """Move the keyboard to the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filter(self) -> None:
        before = self.model.arrangement
        self._arrange(
            Arrangement(filters=self.filters.chosen, sort=before.sort, descending=before.descending)
        )

    def _sort(self, section: int) -> None:
        self._arrange(next_order(self.model.arrangement, SORTS[Column(section)]))

    def _arrange(self, arrangement: Arrangement) -> None:
        self.model.arrange(arrangement)
        self.table.show_order()
        self._settle()

    def _settle(self) -> None:
        """Say how many there are, and keep the identity in view where it is shown still."""
        views = self.model.views
        self.filters.set_counts(len(views), counts(views) if self.model.is_judged else None)
        shown = self.model.rowCount()
        self._nothing.setVisible(not shown)
        foot = 0 if shown else self._nothing.sizeHint().height()
        # The card ends where the rows do; what is left of the page stays empty.
        needed = self.table.natural_height + foot + 2
        self._card.setMaximumHeight(needed)
        self._card.setMinimumHeight(min(_SHORTEST_TABLE, needed))
        before = self.detail.view
        place = None if before is None else self.model.place_of(before.identity.name)
        if place is None and shown:
            place = 0
        if place is None:
            self.detail.clear()
            return
        self.table.select(place)
        self._show_current()

    def _show_current(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < self.model.rowCount():
            self.detail.show_identity(self.model.at(place), is_judged=self.model.is_judged)
