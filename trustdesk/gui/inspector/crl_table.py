"""A table of the entries of a revocation list, however many: only what is in view is decoded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.core.ports import RevocationList
from trustdesk.core.revocation import CrlEntry
from trustdesk.gui.inspector.crl_rows import EntryRow, columns_of, spoken
from trustdesk.gui.inspector.row_table import RowColumn, RowModel, RowTable
from trustdesk.gui.words import say

_PAGE = 64
_PAGES_KEPT = 32
_MEASURED = 200
_ALL = 1 << 24
_TOP = QModelIndex()


class EntryModel(RowModel[EntryRow]):
    """Entries by their position, decoded a page at a time and forgotten again."""

    def __init__(self, columns: Sequence[RowColumn[EntryRow]], parent: QObject | None = None) -> None:
        super().__init__(columns, spoken, parent)
        self._list: RevocationList | None = None
        self._count = 0
        self._holders: Mapping[int, str] = {}
        self._pages: OrderedDict[int, dict[int, CrlEntry]] = OrderedDict()

    @property
    def rows(self) -> tuple[EntryRow, ...]:
        """Some of the first and the last rows, by which widths are measured; `row` has the others."""
        first = range(min(self._count, _MEASURED - _PAGE))
        last = range(max(len(first), self._count - _PAGE), self._count)
        return tuple(self.row(position) for position in (*last, *first))

    def show_list(
        self,
        revocation_list: RevocationList | None,
        columns: Sequence[RowColumn[EntryRow]],
        holders: Mapping[int, str],
    ) -> None:
        """Show another list; `holders` are names of open certificates, by the position of their entry."""
        self.beginResetModel()
        self._list, self._holders = revocation_list, holders
        self.columns = tuple(columns)
        self._pages.clear()
        self._count = 0 if revocation_list is None else _count(revocation_list)
        self.endResetModel()

    def row(self, position: int) -> EntryRow:
        """Return one row."""
        page = self._pages.get(position // _PAGE)
        if page is None:
            first = position // _PAGE * _PAGE
            entries = () if self._list is None else self._list.entries(first, _PAGE)
            page = self._pages[position // _PAGE] = {entry.position: entry for entry in entries}
            if len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        return EntryRow(position, page.get(position), self._holders.get(position, ""))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _TOP) -> int:
        """Return the number of entries."""
        return 0 if parent.isValid() else self._count


class EntryTable(RowTable[EntryRow]):
    """The table itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = columns_of(indirect=False)
        self._entries = EntryModel(columns, parent)
        super().__init__(
            columns,
            name=say(msg("Revoked certificates")),
            spoken=spoken,
            model=self._entries,
            parent=parent,
        )

    @property
    def entry_model(self) -> EntryModel:
        """The entries."""
        return self._entries

    def show_list(
        self, revocation_list: RevocationList | None, holders: Mapping[int, str], *, indirect: bool
    ) -> None:
        """Show another list from its beginning."""
        self._entries.show_list(revocation_list, columns_of(indirect=indirect), holders)
        self._widths.clear()
        self.measure()
        self.scrollToTop()

    def show_position(self, position: int) -> None:
        """Bring an entry into view and select it."""
        self.selectRow(position)
        self.scrollTo(self._entries.index(position, 0), RowTable.ScrollHint.PositionAtCenter)


def _count(revocation_list: RevocationList) -> int:
    count = revocation_list.facts.count
    if count is not None:
        return count
    # A damaged list is counted as far as its entries can be told apart.
    entries = revocation_list.entries(0, _ALL)
    return entries[-1].position + 1 if entries else 0
