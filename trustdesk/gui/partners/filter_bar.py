"""The chips above the table of partners."""

from __future__ import annotations

from trustdesk.core.message import msg
from trustdesk.gui.partners.arrange import Filter
from trustdesk.gui.widgets.filter_bar import ChipLook, FilterBar

_LOOKS = {
    Filter.FAILING: ChipLook(
        word=msg("Failing"), tip=msg("Partners whose last test failed"), icon="bad", ink="bad"
    ),
    Filter.EXPIRING: ChipLook(
        word=msg("30 days or less"),
        tip=msg("Server certificates that expire within 30 days, or have"),
        icon="clock",
        ink="warning",
    ),
    Filter.NOT_ON_LIST: ChipLook(
        word=msg("Not on list"),
        tip=msg("Partners whose chain does not end at a CA of the list in force"),
        icon="list-gap",
        ink="warning",
    ),
    Filter.MTLS: ChipLook(
        word=msg("mTLS required"),
        tip=msg("Partners that asked for a client certificate and judged it, or its absence"),
        icon="lock",
    ),
}


def partner_filters() -> FilterBar[Filter]:
    """Return a bar with the filters of partners."""
    return FilterBar(_LOOKS)
