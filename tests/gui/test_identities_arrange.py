"""How identities stand, are said, filtered and sorted, without a window."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support.identity_views import carrier
from trustdesk.core.identity import IdentityView, PurposeVerdict, Usable
from trustdesk.core.message import msg
from trustdesk.gui.identities.arrange import Arrangement, Filter, SortBy, arranged, counts, next_order
from trustdesk.gui.identities.cells import Column, view_of
from trustdesk.gui.identities.standing import standing, usable_cell
from trustdesk.services.board import State

VIEWS = tuple(carrier().values())


def named(name: str) -> IdentityView:
    return next(view for view in VIEWS if view.identity.name == name)


def judged(client: Usable, server: Usable = Usable.NOT_MEANT, **changes: Any) -> IdentityView:
    return replace(
        named("halden-client-2026"),
        client=PurposeVerdict(usable=client, why=msg("why")),
        server=PurposeVerdict(usable=server, why=msg("why")),
        **changes,
    )


@pytest.mark.parametrize(
    ("client", "server", "state"),
    [
        (Usable.YES, Usable.NOT_MEANT, State.GOOD),
        (Usable.YES, Usable.YES, State.GOOD),
        (Usable.WARNED, Usable.NOT_MEANT, State.WARNING),
        (Usable.NO, Usable.YES, State.WARNING),
        (Usable.NO, Usable.NOT_MEANT, State.BAD),
        (Usable.NO, Usable.UNKNOWN, State.BAD),
        (Usable.UNKNOWN, Usable.NOT_MEANT, State.UNKNOWN),
        (Usable.YES, Usable.UNKNOWN, State.UNKNOWN),
        (Usable.NOT_MEANT, Usable.NOT_MEANT, State.UNKNOWN),
    ],
)
def test_a_row_is_good_only_where_nothing_speaks_against_it(
    client: Usable, server: Usable, state: State
) -> None:
    assert standing(judged(client, server)) is state


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"days_left": 31}, State.GOOD),
        ({"days_left": 30}, State.WARNING),
        ({"days_left": 0}, State.WARNING),
        ({"days_left": -1}, State.BAD),
        ({"days_left": None}, State.UNKNOWN),
        ({"path_is_complete": False}, State.WARNING),
        ({"path_is_complete": None}, State.UNKNOWN),
    ],
)
def test_days_and_chain_count_too(changes: dict[str, Any], state: State) -> None:
    assert standing(judged(Usable.YES, **changes)) is state


def test_every_verdict_has_a_word_of_its_own_and_only_yes_is_green() -> None:
    cells = [usable_cell(usable) for usable in Usable]
    assert len({cell.word for cell in cells}) == len(cells)
    assert [usable for usable in Usable if usable_cell(usable).state is State.GOOD] == [Usable.YES]


@pytest.mark.parametrize("column", list(Column))
def test_without_a_judgement_no_cell_shows_a_verdict(column: Column) -> None:
    for view in VIEWS:
        cell = view_of(view, column, is_judged=False)
        assert cell.state not in {State.GOOD, State.WARNING, State.BAD}
        assert cell.ink not in {"warning", "bad"}
        assert not (column is Column.DAYS and cell.word.strip("\u2212").isdigit())


def test_trouble_stands_first_and_then_the_names() -> None:
    names = [view.identity.name for view in arranged(VIEWS, Arrangement())]
    assert names == [
        "halden-client-2025",
        "halden-edge-2026",
        "pilot-2024",
        "halden-amqp",
        "halden-client-2026",
        "halden-ground-oslo",
    ]


@pytest.mark.parametrize("sort", list(SortBy))
def test_every_order_keeps_all_rows_and_can_be_turned_round(sort: SortBy) -> None:
    up = arranged(VIEWS, Arrangement(sort=sort))
    down = arranged(VIEWS, Arrangement(sort=sort, descending=True))
    assert sorted(view.identity.name for view in up) == sorted(view.identity.name for view in VIEWS)
    assert {view.identity.name for view in down} == {view.identity.name for view in up}


def test_days_are_sorted_as_numbers_and_unknown_ones_come_last() -> None:
    unknown = replace(named("halden-amqp"), days_left=None)
    views = [unknown if view.identity.name == "halden-amqp" else view for view in VIEWS]
    days = [view.days_left for view in arranged(views, Arrangement(sort=SortBy.DAYS))]
    assert days == [22, 70, 96, 133, 314, None]


def test_a_header_goes_up_down_and_back_to_trouble_first() -> None:
    first = next_order(Arrangement(), SortBy.DAYS)
    second = next_order(first, SortBy.DAYS)
    assert (first.sort, first.descending) == (SortBy.DAYS, False)
    assert (second.sort, second.descending) == (SortBy.DAYS, True)
    assert next_order(second, SortBy.DAYS).sort is SortBy.TROUBLE_FIRST
    assert next_order(second, SortBy.NAME) == Arrangement(sort=SortBy.NAME)


def test_filters_count_by_themselves_and_combine_with_and() -> None:
    assert counts(VIEWS) == {Filter.NOT_CLIENT: 1, Filter.EXPIRING: 1}
    both = frozenset({Filter.NOT_CLIENT, Filter.EXPIRING})
    assert arranged(VIEWS, Arrangement(filters=both)) == []
    (only,) = arranged(VIEWS, Arrangement(filters=frozenset({Filter.NOT_CLIENT})))
    assert only.identity.name == "halden-edge-2026"


def test_what_is_not_known_is_not_counted_as_unusable() -> None:
    assert counts([judged(Usable.UNKNOWN)])[Filter.NOT_CLIENT] == 0
