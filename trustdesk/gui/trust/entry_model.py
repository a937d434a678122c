"""The model of the table of entries over a plain list, and what stands in its cells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import distance, iso_date
from trustdesk.gui.trust.entry_arrange import (
    EntriesWanted,
    EntryFilter,
    EntryOrder,
    EntryRow,
    constraint_count,
    counts,
)
from trustdesk.gui.trust.words import decision_words, entry_look
from trustdesk.gui.widgets.two_line_cells import CellModel, CellView
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.trust_words import usage_words

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_INKS = {State.BAD: "bad", State.WARNING: "warning", State.UNKNOWN: "unknown"}


class Column(IntEnum):
    """Columns in their order; the state stands before the name."""

    NAME = 0
    STATE = 1
    UNTIL = 2
    LIMITS = 3
    DECISION = 4


HEADERS: dict[Column, Message] = {
    Column.NAME: msg("Certificate authority"),
    Column.STATE: msg("State and usage"),
    Column.UNTIL: msg("Valid until"),
    Column.LIMITS: msg("Limits"),
    Column.DECISION: msg("Decided here"),
}

ORDERS: dict[Column, EntryOrder] = {
    Column.NAME: EntryOrder.NAME,
    Column.STATE: EntryOrder.STATE,
    Column.UNTIL: EntryOrder.NOT_AFTER,
    Column.DECISION: EntryOrder.DECISION,
}


class EntriesModel(CellModel):
    """All entries of a version, and those that are shown in their order."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__([HEADERS[column] for column in Column], parent)
        self._now = now
        self.rows: list[EntryRow] = []
        self.shown: list[EntryRow] = []
        self.wanted = EntriesWanted()
        self._counts = counts(self.rows)

    def show(self, rows: list[EntryRow], shown: list[EntryRow], wanted: EntriesWanted) -> None:
        """Take all rows, and show those of them that are wanted, in this order."""
        self.beginResetModel()
        if rows is not self.rows:
            self.rows, self._counts = rows, counts(rows)
        self.shown, self.wanted = shown, wanted
        self.endResetModel()

    def counts(self) -> dict[EntryFilter, int]:
        """Return how many rows each chip would leave by itself."""
        return self._counts

    def place_of(self, sha256: str) -> int | None:
        """Return where an entry is shown; None when it is not."""
        return next((place for place, row in enumerate(self.shown) if row.entry.sha256 == sha256), None)

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self.shown)

    def view(self, place: int, column: int) -> CellView:
        """Return what stands in a cell."""
        return self.view_of(self.shown[place], column)

    def view_of(self, row: EntryRow, column: int) -> CellView:
        """Return what stands in a cell of a row, also of one that is not shown."""
        now = self._now()
        match Column(column):
            case Column.NAME:
                owner = visible(row.entry.owner.name)
                return CellView(
                    word=row.title,
                    second=owner or visible(row.entry.subject),
                    strong=row.state is State.BAD,
                    spoken=", ".join(part for part in (row.title, owner) if part),
                )
            case Column.STATE:
                state, words = entry_look(row.entry, row.decision, now)
                word, usage = say(words), say(usage_words(row.entry.usages))
                spoken = f"{word}, {usage}"
                if state is None:
                    return CellView(icon="tick", word=word, second=usage, spoken=spoken)
                return CellView(
                    state=state, word=word, ink=_INKS.get(state, "text"), second=usage, spoken=spoken
                )
            case Column.UNTIL:
                return until_cell(row.entry, now)
            case Column.LIMITS:
                count = constraint_count(row.entry)
                word = say(msg_n("{count} limit", "{count} limits", count)) if count else "–"
                return CellView(
                    word=word, ink="text" if count else "text3", spoken=word if count else say(msg("none"))
                )
            case Column.DECISION:
                word = decision_words(row.decision, now)
                spoken = word or say(msg("nothing"))
                if row.decision is not None and row.decision.sealed is False:
                    seal = say(msg("seal broken"))
                    return CellView(
                        state=State.BAD, word=word, second=seal, ink="bad", spoken=f"{spoken}, {seal}"
                    )
                return CellView(word=word or "–", ink="text" if word else "text3", spoken=spoken)


def until_cell(entry: ListEntry, now: datetime) -> CellView:
    """Return the end of an entry's validity with its distance."""
    end = None if entry.certificate is None else entry.certificate.not_after
    if end is None:
        return CellView(word="–", ink="text3", spoken=say(msg("unknown")))
    word, far = iso_date(end), say(distance(end, now))
    return CellView(word=word, second=far, ink="bad" if end <= now else "text", spoken=f"{word}, {far}")
