"""Which entries of a list are shown, and in which order: plain lists, no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from trustdesk.core.trust_decision import LocalDecision
from trustdesk.core.trust_entry import ListEntry, Usage
from trustdesk.gui.trust.words import entry_look, entry_title
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.fingerprints import digits_of
from trustdesk.services.trust_words import usage_words

_SHORTEST_DIGITS = 4
"""Shorter digits are words of a name: "ca" is no fingerprint."""

EXPIRING_DAYS = 90
"""Days left from which on a CA counts as one that ends soon."""


class EntryFilter(StrEnum):
    """The chips; several combine with "and"."""

    SERVER = "server"
    CLIENT = "client"
    NOT_TRUSTED = "not_trusted"
    ENDING = "ending"
    LIMITED = "limited"
    DECIDED = "decided"
    OPEN = "open"


class EntryOrder(StrEnum):
    """Orders of the table; TROUBLE is the one to start with."""

    TROUBLE = "trouble"
    NAME = "name"
    STATE = "state"
    USAGE = "usage"
    NOT_AFTER = "not_after"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry with what was decided here, as it stands at an instant.

    Attributes:
        text: in which words are looked for, without case.
    """

    entry: ListEntry
    decision: LocalDecision | None
    state: State | None
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesWanted:
    """What the person wants to see.

    Attributes:
        text: words that must all stand in name, owner, subject or notes; or digits of the fingerprint.
    """

    text: str = ""
    filters: frozenset[EntryFilter] = frozenset()
    order: EntryOrder = EntryOrder.TROUBLE
    descending: bool = False


_RANK: dict[State | None, int] = {State.BAD: 0, State.WARNING: 1, State.UNKNOWN: 2, None: 3}
_NEVER = datetime.max.replace(tzinfo=UTC)
_Key = tuple[object, ...]


def entry_rows(
    entries: Iterable[ListEntry], decisions: Mapping[str, LocalDecision], now: datetime
) -> list[EntryRow]:
    """Join entries with the decisions about them, by digest and by key."""
    by_key = {one.spki_sha256: one for one in decisions.values() if one.spki_sha256}
    rows = []
    for entry in entries:
        decision = decisions.get(entry.sha256)
        if decision is None and entry.spki_sha256 is not None:
            decision = by_key.get(entry.spki_sha256)
        title = entry_title(entry)
        text = f"{title}\n{entry.owner.name}\n{entry.subject}\n{entry.notes}".casefold()
        rows.append(EntryRow(entry, decision, entry_look(entry, decision, now)[0], title, text))
    return rows


def tests_at(now: datetime) -> Mapping[EntryFilter, Callable[[EntryRow], bool]]:
    """Return what tells whether a chip leaves a row."""
    soon = now.timestamp() + EXPIRING_DAYS * 86_400

    def is_ending(row: EntryRow) -> bool:
        facts = row.entry.certificate
        return facts is not None and facts.not_after is not None and facts.not_after.timestamp() <= soon

    return {
        EntryFilter.SERVER: lambda row: _counts_for(row, Usage.TLS_SERVER),
        EntryFilter.CLIENT: lambda row: _counts_for(row, Usage.TLS_CLIENT),
        EntryFilter.NOT_TRUSTED: lambda row: row.state is State.BAD,
        EntryFilter.ENDING: is_ending,
        EntryFilter.LIMITED: lambda row: constraint_count(row.entry) > 0,
        EntryFilter.DECIDED: lambda row: row.decision is not None,
        EntryFilter.OPEN: lambda row: row.entry.usages is None and row.decision is None,
    }


def arranged(rows: Sequence[EntryRow], wanted: EntriesWanted, now: datetime) -> list[EntryRow]:
    """Return the rows that pass, in order; equal ones by name."""
    tests = tests_at(now)
    passing = [tests[one] for one in wanted.filters]
    words = wanted.text.casefold().split()
    digits = digits_of(wanted.text) if words else None
    if digits is not None and len(digits) < _SHORTEST_DIGITS:
        digits = None
    shown = [
        row
        for row in rows
        if all(test(row) for test in passing)
        and (all(word in row.text for word in words) or (digits is not None and digits in row.entry.sha256))
    ]
    shown.sort(key=lambda row: (row.title.casefold(), row.entry.sha256))
    # Sorting is stable, also in reverse, so equal rows stay in the order of their names.
    shown.sort(key=_KEYS[wanted.order], reverse=wanted.descending)
    return shown


def counts(rows: Sequence[EntryRow], now: datetime) -> dict[EntryFilter, int]:
    """Return how many rows each filter would leave by itself."""
    return {chosen: sum(map(test, rows)) for chosen, test in tests_at(now).items()}


def constraint_count(entry: ListEntry) -> int:
    """Return how many limits the list sets to an entry."""
    limits = entry.constraints
    return (
        len(limits.permitted_names)
        + len(limits.excluded_names)
        + len(limits.policies)
        + len(limits.extended_key_usages)
        + (limits.max_path_length is not None)
        + (limits.max_validity_days is not None)
    )


def _counts_for(row: EntryRow, usage: Usage) -> bool:
    # It is judged by so too: what nobody has decided counts for both (`services.lists_in_force`).
    return row.entry.usages is None or usage in row.entry.usages


def _end(row: EntryRow) -> datetime:
    facts = row.entry.certificate
    return facts.not_after if facts is not None and facts.not_after is not None else _NEVER


_KEYS: Mapping[EntryOrder, Callable[[EntryRow], _Key]] = {
    EntryOrder.TROUBLE: lambda row: (_RANK[row.state],),
    EntryOrder.NAME: lambda row: (row.title.casefold(),),
    EntryOrder.STATE: lambda row: (_RANK[row.state], row.entry.status.value),
    EntryOrder.USAGE: lambda row: (say(usage_words(row.entry.usages)),),
    EntryOrder.NOT_AFTER: lambda row: (_end(row),),
    EntryOrder.DECISION: lambda row: (row.decision is None, row.decision.kind.value if row.decision else ""),
}
