"""The chips above the table of identities."""

from __future__ import annotations

from PySide6.QtCore import Signal

from trustdesk.core.message import msg
from trustdesk.gui.identities.arrange import Filter
from trustdesk.gui.widgets.filter_bar import ChipLook, FilterBar
from trustdesk.gui.widgets.filter_chip import FilterChip
from trustdesk.gui.words import say

_LOOKS = {
    Filter.NOT_CLIENT: ChipLook(
        word=msg("Not usable as client"),
        tip=msg("Identities that no partner should accept as a TLS client"),
        icon="warning",
        ink="warning",
    ),
    Filter.EXPIRING: ChipLook(
        word=msg("30 days or less"),
        tip=msg("Identities that expire within 30 days, or have"),
        icon="clock",
        ink="warning",
    ),
}


class IdentityFilters(FilterBar[Filter]):
    """The filters, and the way to the requests that wait for their CA.

    Signals:
        waiting_pressed: the person wants to see what waits for a CA.
    """

    waiting_pressed = Signal()

    def __init__(self) -> None:
        super().__init__(_LOOKS)
        self.waiting = FilterChip(say(msg("Waiting for CA")), icon="clock")
        self.waiting.setCheckable(False)
        self.waiting.setToolTip(say(msg("Requests whose certificate has not come yet, in their own tab")))
        self.waiting.clicked.connect(self.waiting_pressed)
        self.add(self.waiting)
