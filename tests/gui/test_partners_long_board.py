"""A board of more partners than are prepared in one turn of the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk
from tests.support.on_screen import on_screen
from trustdesk.gui.partners.arrange import Arrangement, Filter, SortBy, arranged, counts
from trustdesk.gui.partners.cells import Column
from trustdesk.gui.partners.page import PartnersPage
from trustdesk.services.board import BoardRow, State

COUNT = 900
BASE = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)


def row(number: int) -> BoardRow:
    base = BASE[number % len(BASE)]
    endpoint = replace(base.endpoint, id=number, partner=f"Partner {number * 7 % COUNT}")
    return replace(base, endpoint=endpoint, is_due=False)


ROWS = tuple(map(row, range(COUNT)))


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(ROWS)


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[PartnersPage]:
    with on_screen(qapp, lambda bridge: PartnersPage(bridge, now=lambda: samples.NOW), (1300, 800)) as made:
        made.set_desk(desk)
        run_until(lambda: made.model.rowCount() == COUNT, what="the board")
        yield made


def shown(page: PartnersPage) -> tuple[BoardRow, ...]:
    return tuple(page.model.row(place) for place in range(page.model.rowCount()))


def prepare(page: PartnersPage) -> None:
    """Read the board again, up to where its rows are prepared."""
    page.reload()
    board = page._awaited_board
    assert board is not None
    page._take_board(board, board.result())
    assert page._preparing.is_working


def test_all_of_it_is_shown_in_order_with_its_counts(page: PartnersPage) -> None:
    assert shown(page) == tuple(arranged(ROWS, Arrangement()))
    assert {one: page.filters.chip(one).count for one in Filter} == counts(ROWS)
    assert page.pane.foot.startswith(f"{COUNT} of {COUNT} shown")
    assert page.table.columnWidth(Column.SERVER) > 0


def test_what_was_chosen_while_rows_are_prepared_holds(page: PartnersPage, desk: FakeDesk) -> None:
    chosen = page.model.row(500).endpoint
    page.order.reveal(chosen)
    desk.rows = ROWS[: COUNT - 1]
    prepare(page)
    page.heading.filter_field.setText("partner 1")
    page.order.sort(Column.PARTNER)
    run_until(lambda: page.model.total == COUNT - 1, what="the other board")
    wanted = Arrangement(text="partner 1", sort=SortBy.PARTNER)
    assert shown(page) == tuple(arranged(desk.rows, wanted))


def test_the_partner_in_view_stays_the_chosen_one(page: PartnersPage, desk: FakeDesk) -> None:
    chosen = page.model.row(500).endpoint
    page.order.reveal(chosen)
    desk.rows = tuple(replace(row, state=State.BAD) for row in ROWS)
    page.reload()
    run_until(lambda: page.filters.chip(Filter.FAILING).count == COUNT, what="the other board")
    assert page.detail.endpoint == chosen
    assert page.model.row(page.table.currentIndex().row()).endpoint == chosen


def test_rows_that_were_read_before_a_test_do_not_stand_over_it(page: PartnersPage, desk: FakeDesk) -> None:
    desk.rows = ROWS[:400]
    prepare(page)
    page.run_all()
    desk.rows = ROWS[:500]
    desk.sweeps[-1].finish()
    run_until(lambda: page.model.total != COUNT, what="the board that is read after the tests")
    assert page.model.total == 500


def test_a_board_of_another_day_takes_the_place_of_one_that_is_prepared(
    page: PartnersPage, desk: FakeDesk
) -> None:
    prepare(page)
    desk.set_evaluation_time(samples.NOW)
    page.set_evaluation_time(samples.NOW)
    assert {row.state for row in shown(page) if row.tested_at is not None} == {State.UNKNOWN}
    run_until(lambda: not page._preparing.is_working and bool(desk.rejudgings), what="the other day")
    assert {row.state for row in shown(page) if row.tested_at is not None} == {State.UNKNOWN}
    assert all(row.is_due for row in shown(page) if row.tested_at is not None)
