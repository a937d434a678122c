from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import samples
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.gui.partners.arrange import Arrangement, Filter, SortBy, arranged, counts
from trustdesk.gui.partners.cells import Column
from trustdesk.gui.partners.order import next_order, order_words, sorted_column
from trustdesk.services.board import BoardRow, State, board_row

ROWS = samples.board_rows()


def names(rows: list[BoardRow]) -> list[str]:
    return [row.endpoint.partner for row in rows]


def test_failing_partners_come_first_and_good_ones_last() -> None:
    states = [row.state for row in arranged(ROWS, Arrangement())]
    assert states == sorted(
        states,
        key=[State.BAD, State.WARNING, State.RUNNING, State.UNKNOWN, State.GOOD].index,
    )


def test_partners_that_stand_alike_are_in_the_order_of_their_names() -> None:
    failing = names([row for row in arranged(ROWS, Arrangement()) if row.state is State.BAD])
    assert failing == sorted(failing, key=str.casefold)


def test_each_count_is_what_its_filter_leaves() -> None:
    found = counts(ROWS)
    for chosen in Filter:
        assert found[chosen] == len(arranged(ROWS, Arrangement(filters=frozenset({chosen}))))


def test_filters_combine_with_and() -> None:
    both = arranged(ROWS, Arrangement(filters=frozenset({Filter.FAILING, Filter.NOT_ON_LIST})))
    assert both
    for row in both:
        assert row.state is State.BAD
        assert row.on_list.state is State.WARNING


def test_an_expired_certificate_counts_as_expiring() -> None:
    expiring = names(arranged(ROWS, Arrangement(filters=frozenset({Filter.EXPIRING}))))
    assert "Zephyr Ground Services" in expiring
    assert "Kestrel Forwarding" in expiring
    assert "Tamarind Logistics" not in expiring


def test_all_words_of_the_filter_have_to_be_found() -> None:
    assert names(arranged(ROWS, Arrangement(text="nordwind CARGO"))) == ["Nordwind Cargo"]
    assert names(arranged(ROWS, Arrangement(text="amqps"))) == ["Cóndor Andino Carga"]
    assert arranged(ROWS, Arrangement(text="nordwind zephyr")) == []


def test_a_row_without_a_certificate_stands_after_those_with_days() -> None:
    days = [row.days_left for row in arranged(ROWS, Arrangement(sort=SortBy.DAYS))]
    known = [day for day in days if day is not None]
    assert days[: len(known)] == sorted(known)


@pytest.mark.parametrize("sort", list(SortBy))
def test_no_order_loses_or_doubles_a_row(sort: SortBy) -> None:
    for descending in (False, True):
        shown = arranged(ROWS, Arrangement(sort=sort, descending=descending))
        assert sorted(row.endpoint.id for row in shown) == sorted(row.endpoint.id for row in ROWS)


def test_equal_rows_keep_the_order_of_names_when_reversed() -> None:
    never = board_row(Endpoint(id=1, partner="B", target=parse_target("b.example")), None, samples.NOW)
    rows = [never, replace(never, endpoint=replace(never.endpoint, id=2, partner="A"))]
    assert names(arranged(rows, Arrangement(sort=SortBy.TLS, descending=True))) == ["A", "B"]


@given(st.text(max_size=40))
def test_any_words_can_be_filtered_by(text: str) -> None:
    shown = arranged(ROWS, Arrangement(text=text))
    assert {row.endpoint.id for row in shown} <= {row.endpoint.id for row in ROWS}


def test_a_header_sorts_up_then_down_then_failing_first() -> None:
    first = next_order(Arrangement(), Column.DAYS)
    assert (first.sort, first.descending) == (SortBy.DAYS, False)
    second = next_order(first, Column.DAYS)
    assert (second.sort, second.descending) == (SortBy.DAYS, True)
    third = next_order(second, Column.DAYS)
    assert (third.sort, third.descending) == (SortBy.FAILING_FIRST, False)
    assert sorted_column(third)[0] is None
    assert sorted_column(second)[0] is Column.DAYS
    assert order_words(second).id == "{order}, reversed"
