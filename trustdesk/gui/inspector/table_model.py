"""The model of the table of very many certificates, over plain lists."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex

from trustdesk.core.inspection import CertificateRow
from trustdesk.core.verification import BulkVerdicts
from trustdesk.gui.inspector.row_table import RowModel
from trustdesk.gui.inspector.table_arrange import (
    RowFilter,
    RowOrder,
    RowsWanted,
    TableRow,
    filters_of,
    test_of,
)
from trustdesk.gui.inspector.table_cells import columns, spoken

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class CertificatesModel(RowModel[TableRow]):
    """Rows in the order of the file, and the places of those that are shown in their order.

    Verdicts change rows in place; only `show_places` and `add` change which rows are shown.

    Attributes:
        certificates: every row, in the order in which it came; it grows and is never changed otherwise.
        wanted: what new rows have to pass to be shown.
        judged: how many rows have verdicts.
    """

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(columns(now), lambda one: spoken(one, now()), parent)
        self._now = now
        self.certificates: list[CertificateRow] = []
        self.wanted = RowsWanted()
        self._verdicts: list[BulkVerdicts | None] = []
        self._shown: list[int] = []
        self._sources: list[tuple[int, str]] = []
        self.judged = 0
        self._by_verdict: Counter[RowFilter] = Counter()

    @property
    def verdicts(self) -> Sequence[BulkVerdicts | None]:
        """Verdicts of all rows, in the order of `certificates`."""
        return self._verdicts

    @property
    def verdict_totals(self) -> tuple[int, int]:
        """How many rows can be server or client or both, and how many were meant to be and cannot."""
        neither, authorities = self._by_verdict[RowFilter.NEITHER], self._by_verdict[RowFilter.AUTHORITY]
        return self.judged - neither - authorities, neither

    @property
    def is_judged(self) -> bool:
        """Whether any row has verdicts."""
        return self.judged > 0

    @property
    def sources(self) -> tuple[str, ...]:
        """Files that the rows came from, each once."""
        return tuple(dict.fromkeys(source for _start, source in self._sources))

    def counts(self) -> dict[RowFilter, int]:
        """Return how many rows each chip of the verdicts would leave by itself."""
        return {
            **{one: self._by_verdict[one] for one in RowFilter},
            RowFilter.NOT_JUDGED: len(self.certificates) - self.judged,
        }

    def add(self, rows: Sequence[CertificateRow], source: str) -> None:
        """Take more rows; those that pass are shown last."""
        if not rows:
            return
        start = len(self.certificates)
        if not self._sources or self._sources[-1][1] != source:
            self._sources.append((start, source))
        self.certificates.extend(rows)
        self._verdicts.extend([None] * len(rows))
        self._show_more(start)

    def put(self, start: int, verdicts: Sequence[BulkVerdicts]) -> None:
        """Take verdicts on rows that follow each other from `start` on."""
        now = self._now()
        for place, one in enumerate(verdicts, start):
            if self._verdicts[place] is None:
                self.judged += 1
                self._by_verdict.update(_of_verdicts(self.certificates[place], one, now))
            self._verdicts[place] = one
        end = start + len(verdicts) - 1
        in_file_order = self.wanted.order is RowOrder.FILE and not self.wanted.descending
        if in_file_order and len(self._shown) == len(self.certificates):
            # In the order of the file, what is out of sight is not drawn again.
            self.dataChanged.emit(self.index(start, 0), self.index(end, len(self.columns) - 1))
        else:
            self._tell_changed()

    def forget_verdicts(self) -> None:
        """Leave every row without verdicts: they were of another day, list or pool."""
        self._verdicts = [None] * len(self.certificates)
        self.judged = 0
        self._by_verdict.clear()
        self._tell_changed()

    def clear(self) -> None:
        """Hold nothing."""
        self.beginResetModel()
        # Whoever still reads the old rows on another thread keeps them.
        self.certificates, self._verdicts, self._shown, self._sources = [], [], [], []
        self.judged = 0
        self._by_verdict.clear()
        self.endResetModel()

    def show_places(self, places: list[int], known: int) -> None:
        """Show rows in this order; those from `known` on came later and are added where they pass."""
        self.beginResetModel()
        self._shown = places
        self.endResetModel()
        self._show_more(known)

    def place(self, shown: int) -> int:
        """Return the place in the file of a row that is shown."""
        return self._shown[shown]

    def shown_at(self, place: int) -> int | None:
        """Return where a row is shown; None when it is not."""
        try:
            return self._shown.index(place)
        except ValueError:
            return None

    def origin(self, place: int) -> tuple[str, int]:
        """Return the file that a row came from, and how many of its rows came before."""
        starts = [start for start, _source in self._sources]
        start, source = self._sources[bisect_right(starts, place) - 1]
        return source, place - start

    def row(self, place: int) -> TableRow:
        """Return what is shown at a place of the table."""
        at = self._shown[place]
        return TableRow(at, self.certificates[at], self._verdicts[at])

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def tell_changed(self) -> None:
        """Have every cell drawn anew: the day is another."""
        self._tell_changed()

    def _show_more(self, start: int) -> None:
        passes = test_of(self.wanted, self._now())
        new = [
            place
            for place in range(start, len(self.certificates))
            if passes(self.certificates[place], self._verdicts[place])
        ]
        if new:
            at = len(self._shown)
            self.beginInsertRows(_TOP, at, at + len(new) - 1)
            self._shown.extend(new)
            self.endInsertRows()

    def _tell_changed(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(self.columns) - 1))


def _of_verdicts(row: CertificateRow, verdicts: BulkVerdicts, now: datetime) -> list[RowFilter]:
    return [one for one in filters_of(row, verdicts, now) if one is not RowFilter.EXPIRED]
