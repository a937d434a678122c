from __future__ import annotations

import html
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication

from tests.support import samples
from trustdesk.core.probe import Phase
from trustdesk.gui.partners.arrange import Arrangement, Filter
from trustdesk.gui.partners.cells import Activity, Column, view_of
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.services.board import BoardRow, State, board_row

SPOKEN = Qt.ItemDataRole.AccessibleTextRole
TIP = Qt.ItemDataRole.ToolTipRole


@pytest.fixture
def model(qapp: QApplication) -> PartnersModel:
    made = PartnersModel(lambda: samples.NOW)
    made.set_rows(samples.board_rows())
    return made


def row_of(partner: str) -> BoardRow:
    return next(row for row in samples.board_rows() if row.endpoint.partner == partner)


def test_every_row_and_column_has_a_word_and_something_to_say(model: PartnersModel) -> None:
    assert model.rowCount() == len(samples.board_rows())
    for place in range(model.rowCount()):
        for column in Column:
            index = model.index(place, column)
            assert index.data()
            assert index.data(SPOKEN)
            assert index.data(TIP)


def test_a_screen_reader_hears_the_state_and_the_column(model: PartnersModel) -> None:
    place = model.place_of(1)
    assert place is not None
    assert str(model.index(place, Column.PARTNER).data(SPOKEN)).startswith("Failed: Nordwind Cargo")
    assert model.index(place, Column.MTLS).data(SPOKEN) == "mTLS: Rejected"
    assert model.index(place, Column.DAYS).data(SPOKEN) == "Days: 107 days left"


def test_markup_in_a_name_is_shown_and_not_taken_as_markup(model: PartnersModel) -> None:
    place = model.place_of(13)
    assert place is not None
    tip = str(model.index(place, Column.PARTNER).data(TIP))
    assert "<b>" not in tip
    assert html.escape("<b>Evil</b>") in tip


def test_a_result_changes_its_row_and_only_that(model: PartnersModel) -> None:
    before = [model.row(place).endpoint.id for place in range(model.rowCount())]
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda top, bottom: changed.append((top.row(), bottom.row())))
    good = samples.board_rows()[6]
    place = model.place_of(good.endpoint.id)
    model.put([good], {})
    assert changed == [(place, place)]
    assert [model.row(place).endpoint.id for place in range(model.rowCount())] == before


def test_of_many_rows_a_view_is_told_at_once(model: PartnersModel) -> None:
    base = samples.board_rows()[0]
    rows = [replace(base, endpoint=replace(base.endpoint, id=number)) for number in range(900)]
    model.set_rows(rows)
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda top, bottom: changed.append((top.row(), bottom.row())))
    model.put([replace(row, state=State.GOOD) for row in rows[100:800]], {})
    ((first, last),) = changed
    assert {row.endpoint.id for row in rows[100:800]} <= {
        model.row(place).endpoint.id for place in range(first, last + 1)
    }
    assert {model.row(place).state for place in range(900) if 100 <= model.row(place).endpoint.id < 800} == {
        State.GOOD
    }


def test_results_of_rows_that_are_filtered_away_are_kept(model: PartnersModel) -> None:
    model.arrange(Arrangement(filters=frozenset({Filter.FAILING})))
    hidden = samples.board_rows()[6]
    assert model.place_of(hidden.endpoint.id) is None
    changed: list[QModelIndex] = []
    model.dataChanged.connect(lambda top, _bottom: changed.append(top))
    model.put([hidden], {hidden.endpoint.id: Activity(Phase.CONNECT)})
    assert changed == []
    assert model.row_of(hidden.endpoint.id) == hidden


def test_all_endpoints_are_tested_the_shown_ones_first(model: PartnersModel) -> None:
    model.arrange(Arrangement(text="nordwind"))
    endpoints = model.endpoints()
    assert endpoints[0].partner == "Nordwind Cargo"
    assert len(endpoints) == len(samples.board_rows())


@pytest.mark.parametrize(
    ("phase", "column", "word"),
    [
        (Phase.RESOLVE, Column.SERVER, "TCP …"),
        (Phase.CONNECT, Column.SERVER, "TCP …"),
        (Phase.HANDSHAKE, Column.SERVER, "TLS …"),
        (Phase.SETTLE, Column.MTLS, "Answer …"),
        (Phase.REQUEST, Column.MTLS, "Answer …"),
        (Phase.REQUEST, Column.TESTED, "running"),
    ],
)
def test_a_running_row_says_where_it_is(phase: Phase, column: Column, word: str) -> None:
    row = row_of("Nordwind Cargo")
    assert view_of(row, Activity(phase), column, samples.NOW).word == word
    assert view_of(row, Activity(phase), Column.PARTNER, samples.NOW).state is State.RUNNING


def test_a_waiting_row_keeps_its_earlier_state() -> None:
    row = row_of("Nordwind Cargo")
    assert view_of(row, Activity(), Column.PARTNER, samples.NOW).state is State.BAD
    assert view_of(row, Activity(), Column.TESTED, samples.NOW).word == "waiting"
    assert view_of(row, Activity(), Column.MTLS, samples.NOW).word == "Rejected"


def test_an_untested_row_says_not_run_and_never_passes() -> None:
    row = row_of("Umbra Charter")
    for column in (Column.SERVER, Column.MTLS, Column.ON_LIST):
        view = view_of(row, None, column, samples.NOW)
        assert view.state is State.UNKNOWN
        assert view.word == "Not run"


@pytest.mark.parametrize(
    ("days", "word", "ink"), [(-3, "\u22123", "bad"), (6, "6", "warning"), (31, "31", "text")]
)
def test_days_are_coloured_where_they_are_few(days: int, word: str, ink: str) -> None:
    report = samples.healthy(days=days)
    row = board_row(row_of("Tamarind Logistics").endpoint, report, samples.NOW)
    view = view_of(row, None, Column.DAYS, samples.NOW)
    assert (view.word, view.ink) == (word, ink)


def test_an_older_test_is_told_in_days() -> None:
    view = view_of(row_of("Nordwind Cargo"), None, Column.TESTED, samples.NOW + timedelta(days=4))
    assert view.word == "4 d ago"
    assert "2026-11-20 08:41:07 UTC" in view.spoken


def test_an_update_among_a_thousand_rows_touches_its_row_alone(model: PartnersModel) -> None:
    base = samples.board_rows()
    rows = [
        replace(one, endpoint=replace(one.endpoint, id=1000 * copy + one.endpoint.id))
        for copy in range(63)
        for one in base
    ]
    resets: list[bool] = []
    changed: list[tuple[int, int]] = []
    model.set_rows(rows)
    model.modelReset.connect(lambda: resets.append(True))
    model.layoutChanged.connect(lambda: resets.append(True))
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    for row in rows:
        model.put([row], {row.endpoint.id: None})
    assert not resets
    assert len(changed) == len(rows)
    assert all(first == last for first, last in changed)
