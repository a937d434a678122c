"""The four tiles: in one row, or two by two where there is little room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from trustdesk.core.expiry import Endings
from trustdesk.core.identity import IdentityView
from trustdesk.core.trust_version import ListSummary
from trustdesk.gui.dates import utc_now
from trustdesk.gui.overview.tile import Tile
from trustdesk.gui.overview.tile_words import expiring_tile, identities_tile, lists_tile, partners_tile
from trustdesk.services.board import BoardRow
from trustdesk.services.expiry_values import JudgingList

_GAP = 14


class Tiles(QWidget):
    """All four.

    Signals:
        failing_wanted, expiring_wanted, unusable_wanted, lists_wanted: the person pressed one.

    Attributes:
        partners, expiring, identities, lists: the tiles, in their order.
    """

    failing_wanted = Signal()
    expiring_wanted = Signal()
    unusable_wanted = Signal()
    lists_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.partners = Tile(partners_tile(None))
        self.expiring = Tile(expiring_tile(None))
        self.identities = Tile(identities_tile(None))
        self.lists = Tile(lists_tile(None, 0, utc_now()))
        self._summaries: Sequence[ListSummary] | None = None
        self._waiting = 0
        self._judging: Sequence[JudgingList] | None = None
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._arrange(4)
        for tile, wanted in (
            (self.partners, self.failing_wanted),
            (self.expiring, self.expiring_wanted),
            (self.identities, self.unusable_wanted),
            (self.lists, self.lists_wanted),
        ):
            tile.clicked.connect(wanted)

    @property
    def all(self) -> tuple[Tile, ...]:
        """The tiles in their order."""
        return self.partners, self.expiring, self.identities, self.lists

    def show_partners(self, rows: Sequence[BoardRow] | None) -> None:
        """Count partners."""
        self.partners.show_content(partners_tile(rows))

    def show_endings(self, endings: Endings | None) -> None:
        """Count what ends soon."""
        self.expiring.show_content(expiring_tile(endings))

    def show_identities(self, views: Sequence[IdentityView] | None) -> None:
        """Count identities."""
        self.identities.show_content(identities_tile(views))

    def show_lists(self, lists: Sequence[ListSummary] | None, now: datetime) -> None:
        """Say what is judged by; ages are counted to `now`."""
        self._summaries = lists
        self.lists.show_content(lists_tile(lists, self._waiting, now, self._judging))

    def show_judging(self, judging: Sequence[JudgingList], now: datetime) -> None:
        """Say which lists judge, also where they are of this session alone."""
        self._judging = judging
        self.show_lists(self._summaries, now)

    def show_waiting(self, waiting: int, now: datetime) -> None:
        """Say how much waits for a decision about trust."""
        self._waiting = waiting
        self.show_lists(self._summaries, now)

    def settle(self, *, narrow: bool) -> None:
        """Put them in one row, or two by two."""
        self._arrange(2 if narrow else 4)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, tile in enumerate(self.all):
            self._grid.removeWidget(tile)
            self._grid.addWidget(tile, place // columns, place % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self.updateGeometry()
