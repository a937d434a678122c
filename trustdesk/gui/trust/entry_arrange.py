"""Which entries of a list are shown, and in which order: plain lists, a little at a time, no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from heapq import merge
from itertools import islice

from trustdesk.core.trust_decision import LocalDecision
from trustdesk.core.trust_entry import ListEntry, Usage
from trustdesk.gui.trust.words import entry_look, entry_title
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.fingerprints import digits_of
from trustdesk.services.trust_words import usage_words

_STEP = 25
"""Entries that are prepared in one step, in about 1 ms."""

_MANY = 250
"""Rows that are looked through, or merged, in one step."""

_RUN = 500
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
        name: the title without case, to sort by.
        filters: the chips that leave it.
    """

    entry: ListEntry
    decision: LocalDecision | None
    state: State | None
    title: str
    text: str
    name: str
    filters: frozenset[EntryFilter]


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


def preparing(
    entries: Sequence[ListEntry], decisions: Mapping[str, LocalDecision], now: datetime
) -> Iterator[list[EntryRow] | None]:
    """Join entries with the decisions about them, by digest and by key; equal ones stand by name.

    Yields None between steps of some ms, the rows last.
    """
    by_key = {one.spki_sha256: one for one in decisions.values() if one.spki_sha256}
    rows: list[EntryRow] = []
    for start in range(0, len(entries), _STEP):
        for entry in entries[start : start + _STEP]:
            decision = decisions.get(entry.sha256)
            if decision is None and entry.spki_sha256 is not None:
                decision = by_key.get(entry.spki_sha256)
            rows.append(_row(entry, decision, now))
        yield None
    yield from _sorting(rows, lambda row: (row.name, row.entry.sha256))


def arranging(rows: Sequence[EntryRow], wanted: EntriesWanted) -> Iterator[list[EntryRow] | None]:
    """Find the rows that pass, in order; equal ones as they stand, which is by name.

    Yields None between steps of some ms, the rows last.
    """
    words = wanted.text.casefold().split()
    digits = digits_of(wanted.text) if words else None
    if digits is not None and len(digits) < _SHORTEST_DIGITS:
        digits = None
    shown: list[EntryRow] = []
    for start in range(0, len(rows), _MANY):
        shown.extend(
            row
            for row in rows[start : start + _MANY]
            if wanted.filters <= row.filters
            and (
                all(word in row.text for word in words) or (digits is not None and digits in row.entry.sha256)
            )
        )
        yield None
    yield from _sorting(shown, _KEYS[wanted.order], reverse=wanted.descending)


def counts(rows: Sequence[EntryRow]) -> dict[EntryFilter, int]:
    """Return how many rows each filter would leave by itself."""
    # Rows by the thousand have few sets between them, and a set knows its hash while an enum works it out.
    alike = Counter(row.filters for row in rows)
    return {one: sum(count for have, count in alike.items() if one in have) for one in EntryFilter}


def _row(entry: ListEntry, decision: LocalDecision | None, now: datetime) -> EntryRow:
    title = entry_title(entry)
    text = f"{title}\n{entry.owner.name}\n{entry.subject}\n{entry.notes}".casefold()
    state = entry_look(entry, decision, now)[0]
    filters = frozenset(_filters_of(entry, decision, state, now))
    return EntryRow(entry, decision, state, title, text, title.casefold(), filters)


def _filters_of(
    entry: ListEntry, decision: LocalDecision | None, state: State | None, now: datetime
) -> Iterator[EntryFilter]:
    # It is judged by so too: what nobody has decided counts for both (`services.lists_in_force`).
    if entry.usages is None or Usage.TLS_SERVER in entry.usages:
        yield EntryFilter.SERVER
    if entry.usages is None or Usage.TLS_CLIENT in entry.usages:
        yield EntryFilter.CLIENT
    if state is State.BAD:
        yield EntryFilter.NOT_TRUSTED
    end = None if entry.certificate is None else entry.certificate.not_after
    if end is not None and end.timestamp() <= now.timestamp() + EXPIRING_DAYS * 86_400:
        yield EntryFilter.ENDING
    if constraint_count(entry) > 0:
        yield EntryFilter.LIMITED
    if decision is not None:
        yield EntryFilter.DECIDED
    elif entry.usages is None:
        yield EntryFilter.OPEN


def _sorting(
    rows: Sequence[EntryRow], key: Callable[[EntryRow], _Key], *, reverse: bool = False
) -> Iterator[list[EntryRow] | None]:
    """Sort runs and merge them; both are stable, also in reverse, so equal rows stay in their order."""
    runs: list[list[EntryRow]] = []
    for start in range(0, len(rows), _RUN):
        runs.append(sorted(rows[start : start + _RUN], key=key, reverse=reverse))
        yield None
    merged = merge(*runs, key=key, reverse=reverse)
    found: list[EntryRow] = []
    while some := list(islice(merged, _MANY)):
        found.extend(some)
        yield None
    yield found


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


def _end(row: EntryRow) -> datetime:
    facts = row.entry.certificate
    return facts.not_after if facts is not None and facts.not_after is not None else _NEVER


_KEYS: Mapping[EntryOrder, Callable[[EntryRow], _Key]] = {
    EntryOrder.TROUBLE: lambda row: (_RANK[row.state],),
    EntryOrder.NAME: lambda row: (row.name,),
    EntryOrder.STATE: lambda row: (_RANK[row.state], row.entry.status.value),
    EntryOrder.USAGE: lambda row: (say(usage_words(row.entry.usages)),),
    EntryOrder.NOT_AFTER: lambda row: (_end(row),),
    EntryOrder.DECISION: lambda row: (row.decision is None, row.decision.kind.value if row.decision else ""),
}
