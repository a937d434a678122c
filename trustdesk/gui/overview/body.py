"""What stands below the head of the page: tiles, timeline, and two cards beside or below each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.overview.changes_card import ChangesCard
from trustdesk.gui.overview.planner_card import PlannerCard
from trustdesk.gui.overview.tiles import Tiles
from trustdesk.gui.overview.timeline_card import TimelineCard
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.words import say

NARROW = 1180
"""Width of the window below which the two lower cards stand below each other."""

TIGHT = 980
"""Width of the window below which the tiles stand two by two."""

_GAP = 14
_PLANNER, _CHANGES = 58, 42


class OverviewBody(ScrolledColumn):
    """A column that scrolls where the window is too low for it.

    Attributes:
        tiles, card, planner, changes: the parts.
    """

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(parent, name=say(msg("Overview")))
        self.tiles = Tiles()
        self.card = TimelineCard()
        self.planner = PlannerCard()
        self.changes = ChangesCard(bridge, now=now)
        lower = QWidget()
        self._lower = QBoxLayout(QBoxLayout.Direction.LeftToRight, lower)
        self._lower.setContentsMargins(0, 0, 0, 0)
        self._lower.setSpacing(_GAP)
        self._lower.addWidget(self.planner, _PLANNER)
        self._lower.addWidget(self.changes, _CHANGES)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(_GAP)
        self.column.addWidget(self.tiles)
        self.column.addWidget(self.card, 1)
        self.column.addWidget(lower)

    def settle(self, window_width: int) -> None:
        """Lay out for a width of the window."""
        self.tiles.settle(narrow=window_width < TIGHT)
        is_narrow = window_width < NARROW
        self._lower.setDirection(
            QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        )
