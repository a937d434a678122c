"""Which rows are shown, and in which order: plain lists, no Qt (a proxy model is six times slower)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from trustdesk.core.partner import Endpoint
from trustdesk.services.board import BoardRow, State
from trustdesk.services.last_seen import LastSeen

EXPIRING_DAYS = 30
"""Days left from which on a certificate counts as expiring."""


class Filter(StrEnum):
    """The chips; several combine with "and"."""

    FAILING = "failing"
    EXPIRING = "expiring"
    NOT_ON_LIST = "not_on_list"
    MTLS = "mtls"


class SortBy(StrEnum):
    """Orders of the table; FAILING_FIRST is the one to start with."""

    FAILING_FIRST = "failing_first"
    PARTNER = "partner"
    TLS = "tls"
    SERVER = "server"
    MTLS = "mtls"
    ON_LIST = "on_list"
    DAYS = "days"
    TESTED = "tested"
    ENDPOINT = "endpoint"
    LAST_CHANGE = "last_change"
    FINGERPRINT = "fingerprint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """What the person chose.

    Attributes:
        text: words that must all stand in the partner's name, the endpoint or the note; case does not matter.
    """

    filters: frozenset[Filter] = frozenset()
    text: str = ""
    sort: SortBy = SortBy.FAILING_FIRST
    descending: bool = False


_RANK = {
    State.BAD: 0,
    State.WARNING: 1,
    State.RUNNING: 2,
    State.UNKNOWN: 3,
    State.GOOD: 4,
    State.NOT_APPLICABLE: 5,
}
_NEVER = datetime.min.replace(tzinfo=UTC)
_NO_DAYS = 1 << 30

_TESTS: Mapping[Filter, Callable[[BoardRow], bool]] = {
    Filter.FAILING: lambda row: row.state is State.BAD,
    Filter.EXPIRING: lambda row: row.days_left is not None and row.days_left <= EXPIRING_DAYS,
    Filter.NOT_ON_LIST: lambda row: row.on_list.state in {State.WARNING, State.BAD},
    # The server asked for a client certificate and judged it, or its absence.
    Filter.MTLS: lambda row: row.mtls.state in {State.GOOD, State.BAD},
}

_Key = tuple[object, ...]
_KEYS: Mapping[SortBy, Callable[[BoardRow], _Key]] = {
    SortBy.FAILING_FIRST: lambda row: (_RANK[row.state],),
    SortBy.PARTNER: lambda row: (row.endpoint.partner.casefold(),),
    SortBy.TLS: lambda row: (row.tls_version or "",),
    SortBy.SERVER: lambda row: (_RANK[row.server.state], row.server.word.id),
    SortBy.MTLS: lambda row: (_RANK[row.mtls.state], row.mtls.word.id),
    SortBy.ON_LIST: lambda row: (_RANK[row.on_list.state],),
    SortBy.DAYS: lambda row: (_NO_DAYS if row.days_left is None else row.days_left,),
    SortBy.TESTED: lambda row: (row.tested_at or _NEVER,),
    SortBy.ENDPOINT: lambda row: (row.endpoint.target.endpoint,),
}
_KEYS_OF_SEEN: Mapping[SortBy, Callable[[LastSeen], _Key]] = {
    SortBy.LAST_CHANGE: lambda seen: (seen.changed_at or _NEVER,),
    SortBy.FINGERPRINT: lambda seen: (seen.sha256 or "",),
}
_NOTHING = LastSeen()
_NOTHING_SEEN: Mapping[int, LastSeen] = MappingProxyType({})


def arranged(
    rows: Iterable[BoardRow], arrangement: Arrangement, seen: Mapping[int, LastSeen] = _NOTHING_SEEN
) -> list[BoardRow]:
    """Return the rows that pass, in order; equal ones by partner and endpoint.

    Args:
        seen: what changed last, by endpoint, for orders that go by it.
    """
    words = arrangement.text.casefold().split()
    tests = [_TESTS[chosen] for chosen in arrangement.filters]
    shown = list(rows)
    for test in tests:
        shown = [row for row in shown if test(row)]
    for word in words:
        shown = [row for row in shown if word in _text(row)]
    shown.sort(key=_by_name)
    # Sorting is stable, also in reverse, so equal rows stay in the order of their names.
    shown.sort(key=_key(arrangement.sort, seen), reverse=arrangement.descending)
    return shown


def learn(rows: Iterable[BoardRow]) -> None:
    """Make by what rows are sorted and searched, so that arranging them finds it made."""
    for row in rows:
        _known(row)


def counts(rows: Sequence[BoardRow]) -> dict[Filter, int]:
    """Return how many rows each filter would leave by itself."""
    return {chosen: sum(map(test, rows)) for chosen, test in _TESTS.items()}


def _key(sort: SortBy, seen: Mapping[int, LastSeen]) -> Callable[[BoardRow], _Key]:
    of_seen = _KEYS_OF_SEEN.get(sort)
    if of_seen is None:
        return _KEYS[sort]
    return lambda row: of_seen(seen.get(row.endpoint.id, _NOTHING))


def _by_name(row: BoardRow) -> tuple[str, str, int]:
    return _known(row)[1]


def _text(row: BoardRow) -> str:
    return _known(row)[2]


_Known = tuple[Endpoint, tuple[str, str, int], str]
_KNOWN: dict[int, _Known] = {}
_MOST_KNOWN = 50_000


def _known(row: BoardRow) -> _Known:
    """Return by what an endpoint is sorted and searched: made once, for it is asked with every letter."""
    endpoint = row.endpoint
    known = _KNOWN.get(endpoint.id)
    if known is None or known[0] is not endpoint:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        place = endpoint.target.endpoint
        text = f"{endpoint.partner}\n{place}\n{endpoint.note}".casefold()
        known = _KNOWN[endpoint.id] = endpoint, (endpoint.partner.casefold(), place, endpoint.id), text
    return known
