"""How the pages were left: the one in view, columns, order, filters, and how their parts share the room.

What stands in the file is taken only as far as it is something that a person can choose; the rest, of an
older or a newer version or of nobody knows whom, is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QSplitter

from trustdesk.gui.identities import arrange as identity_order
from trustdesk.gui.inspector.page_body import InspectorBody
from trustdesk.gui.partners import arrange as partner_order
from trustdesk.gui.partners.cells import Column
from trustdesk.gui.widgets.filter_bar import FilterBar

if TYPE_CHECKING:
    from trustdesk.gui.window import MainWindow

_PAGES = frozenset({"overview", "partners", "handshake", "inspector", "identities", "trust_lists", "help"})
_LONGEST = 400
_MILLE = 1000
_MOST_BESIDE = 4000
"""Pixels beside the tree of certificates: as much as there is."""

E = TypeVar("E", bound=StrEnum)


class PageMemory:
    """Reads and writes a window's file."""

    def __init__(self, window: MainWindow, settings: QSettings) -> None:
        self._window, self._settings = window, settings

    def restore(self) -> None:
        """Leave the pages as they were left; before they have anything to show."""
        partners, identities = self._window.partners, self._window.identities
        left_out = self._words("partners/left_out")
        if left_out is not None:
            known = {column.name.lower(): column for column in Column}
            for column, tick in partners.pane.columns.ticks.items():
                tick.setChecked(column not in {known[one] for one in left_out if one in known})
        sort = self._one("partners/sort", partner_order.SortBy)
        if sort is not None:
            partners.order.sort_by(sort, descending=self._flag("partners/descending"))
        self._check(partners.filters, self._some("partners/filters", partner_order.Filter))
        share = self._number("partners/share", 200, 800)
        if share is not None:
            partners.split.share_as(share / _MILLE)
        by = self._one("identities/sort", identity_order.SortBy)
        if by is not None:
            identities.pane.sort_by(by, descending=self._flag("identities/descending"))
        self._check(identities.pane.filters, self._some("identities/filters", identity_order.Filter))
        tree = self._number("inspector/tree", 200, 900)
        if tree is not None:
            self._split().setSizes([tree, _MOST_BESIDE])
        page = str(self._settings.value("window/page", ""))
        if page in _PAGES:
            self._window.show_page(page)

    def remember(self) -> None:
        """Write down how they stand."""
        partners, identities = self._window.partners, self._window.identities
        arrangement, ours = partners.model.arrangement, identities.model.arrangement
        shown = partners.pane.columns
        values = {
            "partners/left_out": _joined(column.name.lower() for column in Column if not shown.shows(column)),
            "partners/sort": arrangement.sort.value,
            "partners/descending": _said(arrangement.descending),
            "partners/filters": _joined(sorted(arrangement.filters)),
            "partners/share": ""
            if partners.split.moved_share is None
            else str(round(partners.split.moved_share * _MILLE)),
            "identities/sort": ours.sort.value,
            "identities/descending": _said(ours.descending),
            "identities/filters": _joined(sorted(ours.filters)),
            "inspector/tree": str(self._split().sizes()[0]),
            "window/page": self._window.current_page,
        }
        for key, value in values.items():
            self._settings.setValue(key, value)
        self._settings.sync()

    def _split(self) -> QSplitter:
        return self._window.inspector.findChildren(InspectorBody)[0].split

    def _words(self, key: str) -> list[str] | None:
        """Return the words of a value; None where it is not there, or is none that we wrote."""
        value = self._settings.value(key)
        if not isinstance(value, str) or len(value) > _LONGEST:
            return None
        return [one for one in value.split() if one]

    def _one(self, key: str, kind: type[E]) -> E | None:
        words = self._words(key) or []
        return kind(words[0]) if len(words) == 1 and words[0] in set(kind) else None

    def _some(self, key: str, kind: type[E]) -> frozenset[E]:
        return frozenset(kind(one) for one in self._words(key) or [] if one in set(kind))

    def _flag(self, key: str) -> bool:
        return self._words(key) == ["yes"]

    def _number(self, key: str, least: int, most: int) -> int | None:
        words = self._words(key) or []
        if len(words) != 1 or not words[0].isdecimal():
            return None
        number = int(words[0])
        return number if least <= number <= most else None

    @staticmethod
    def _check(bar: FilterBar[E], chosen: frozenset[E]) -> None:
        for one in chosen:
            bar.chip(one).setChecked(True)


def _joined(words: Iterable[str]) -> str:
    return " ".join(words)


def _said(is_so: bool) -> str:
    return "yes" if is_so else "no"
