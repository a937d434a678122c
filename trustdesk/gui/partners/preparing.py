"""What has to be known of a board before it is shown, found out a little at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from trustdesk.gui.partners.arrange import Filter, counts, learn
from trustdesk.gui.partners.table import PartnersTable
from trustdesk.services.board import BoardRow

_AT_ONCE = 100
"""Rows before the window may have its turn: some 1 ms."""


@dataclass(slots=True)
class Prepared:
    """What was found out.

    Attributes:
        counts: how many rows each filter would leave by itself.
    """

    counts: dict[Filter, int] = field(default_factory=lambda: dict.fromkeys(Filter, 0))


def preparing(rows: Sequence[BoardRow], table: PartnersTable, prepared: Prepared) -> Iterator[None]:
    """Count the rows, make the columns as wide as their words, and learn by what rows are sorted."""
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        learn(some)
        table.measure(some)
        for chosen, count in counts(some).items():
            prepared.counts[chosen] += count
        yield
