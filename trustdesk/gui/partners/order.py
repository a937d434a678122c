"""The order of the table: what a press on a header does, and how the order is said."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from trustdesk.core.message import Message, msg
from trustdesk.gui.partners.arrange import Arrangement, SortBy
from trustdesk.gui.partners.cells import Column

_SORTS = {
    Column.PARTNER: SortBy.PARTNER,
    Column.TLS: SortBy.TLS,
    Column.SERVER: SortBy.SERVER,
    Column.MTLS: SortBy.MTLS,
    Column.ON_LIST: SortBy.ON_LIST,
    Column.DAYS: SortBy.DAYS,
    Column.TESTED: SortBy.TESTED,
    Column.ENDPOINT: SortBy.ENDPOINT,
    Column.LAST_CHANGE: SortBy.LAST_CHANGE,
    Column.FINGERPRINT: SortBy.FINGERPRINT,
}
_COLUMNS = {sort: column for column, sort in _SORTS.items()}
_WORDS: dict[SortBy, Message] = {
    SortBy.FAILING_FIRST: msg("failing first"),
    SortBy.PARTNER: msg("by partner"),
    SortBy.TLS: msg("by TLS version"),
    SortBy.SERVER: msg("by server verdict"),
    SortBy.MTLS: msg("by mTLS verdict"),
    SortBy.ON_LIST: msg("by trust list"),
    SortBy.DAYS: msg("by days left"),
    SortBy.TESTED: msg("by last test"),
    SortBy.ENDPOINT: msg("by endpoint"),
    SortBy.LAST_CHANGE: msg("by last change"),
    SortBy.FINGERPRINT: msg("by fingerprint"),
}


def next_order(before: Arrangement, section: int) -> Arrangement:
    """Return what a press on a header leads to: up, down, then failing first again."""
    sort = _SORTS[Column(section)]
    if before.sort is not sort:
        return replace(before, sort=sort, descending=False)
    if not before.descending:
        return replace(before, descending=True)
    return replace(before, sort=SortBy.FAILING_FIRST, descending=False)


def sorted_column(arrangement: Arrangement) -> tuple[Column | None, Qt.SortOrder]:
    """Return the column that carries the chevron; None for failing first."""
    order = Qt.SortOrder.DescendingOrder if arrangement.descending else Qt.SortOrder.AscendingOrder
    return _COLUMNS.get(arrangement.sort), order


def order_words(arrangement: Arrangement) -> Message:
    """Say the order in words."""
    words = _WORDS[arrangement.sort]
    return msg("{order}, reversed", order=words) if arrangement.descending else words
