"""Which identities are shown, and in which order: plain lists, no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from trustdesk.core.identity import IdentityView, Usable
from trustdesk.gui.identities.standing import is_expiring, is_unusable_client, standing
from trustdesk.gui.inspector.facts import key_words
from trustdesk.gui.names import common_name
from trustdesk.services.board import State


class Filter(StrEnum):
    """The chips; several combine with "and"."""

    NOT_CLIENT = "not_client"
    EXPIRING = "expiring"


class SortBy(StrEnum):
    """Orders of the table; TROUBLE_FIRST is the one to start with."""

    TROUBLE_FIRST = "trouble_first"
    NAME = "name"
    IDS = "ids"
    CLIENT = "client"
    SERVER = "server"
    ISSUER = "issuer"
    DAYS = "days"
    KEY = "key"
    STORE = "store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """What the person chose."""

    filters: frozenset[Filter] = frozenset()
    sort: SortBy = SortBy.TROUBLE_FIRST
    descending: bool = False


_RANK = {State.BAD: 0, State.WARNING: 1, State.UNKNOWN: 2, State.GOOD: 3}
_USABLE_RANK = {
    one: place
    for place, one in enumerate((Usable.NO, Usable.WARNED, Usable.UNKNOWN, Usable.YES, Usable.NOT_MEANT))
}
_NO_DAYS = 1 << 30

_TESTS: Mapping[Filter, Callable[[IdentityView], bool]] = {
    Filter.NOT_CLIENT: is_unusable_client,
    Filter.EXPIRING: is_expiring,
}

_Key = tuple[object, ...]
_KEYS: Mapping[SortBy, Callable[[IdentityView], _Key]] = {
    SortBy.TROUBLE_FIRST: lambda view: (_RANK[standing(view)],),
    SortBy.NAME: lambda view: (view.identity.name.casefold(),),
    SortBy.IDS: lambda view: (len(view.one_record_ids), view.one_record_ids),
    SortBy.CLIENT: lambda view: (_USABLE_RANK[view.client.usable],),
    SortBy.SERVER: lambda view: (_USABLE_RANK[view.server.usable],),
    SortBy.ISSUER: lambda view: (issuer_words(view).casefold(),),
    SortBy.DAYS: lambda view: (_NO_DAYS if view.days_left is None else view.days_left,),
    SortBy.KEY: lambda view: (view.identity.key.algorithm, view.identity.key.bits),
    SortBy.STORE: lambda view: (view.identity.key.reference.store.value,),
}


def arranged(views: Iterable[IdentityView], arrangement: Arrangement) -> list[IdentityView]:
    """Return the identities that pass, in order; equal ones by name."""
    tests = [_TESTS[chosen] for chosen in arrangement.filters]
    shown = [view for view in views if all(test(view) for test in tests)]
    shown.sort(key=_KEYS[SortBy.NAME])
    # Sorting is stable, also in reverse, so equal rows stay in the order of their names.
    shown.sort(key=_KEYS[arrangement.sort], reverse=arrangement.descending)
    return shown


def counts(views: Sequence[IdentityView]) -> dict[Filter, int]:
    """Return how many identities each filter would leave by itself."""
    return {chosen: sum(map(test, views)) for chosen, test in _TESTS.items()}


def next_order(before: Arrangement, sort: SortBy) -> Arrangement:
    """Return what a press on a header leads to: up, down, then trouble first again."""
    if before.sort is not sort:
        return replace(before, sort=sort, descending=False)
    if not before.descending:
        return replace(before, descending=True)
    return replace(before, sort=SortBy.TROUBLE_FIRST, descending=False)


def issuer_words(view: IdentityView) -> str:
    """Return the issuer as a person recognises it; foreign text."""
    return common_name(view.identity.certificate.issuer)


def key_of(view: IdentityView) -> str:
    """Return the key as `EC P-256`."""
    key = view.identity.key
    return key_words(key.algorithm, key.bits, key.curve)
