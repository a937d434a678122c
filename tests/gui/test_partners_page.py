from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, FakeSweep, broken_workspace
from tests.support.on_screen import on_screen
from trustdesk.core.message import Message
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.gui.partners.arrange import Filter
from trustdesk.gui.partners.cells import AT_FIRST_LEFT_OUT, Column
from trustdesk.gui.partners.page import PartnersPage
from trustdesk.gui.widgets.two_line_cells import row_height
from trustdesk.services.board import BoardRow, State, untested_row

WIDE, NARROW = (1300, 800), (1000, 640)
ROWS = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(ROWS, reports=samples.reports())


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[PartnersPage]:
    with on_screen(qapp, lambda bridge: PartnersPage(bridge, now=lambda: samples.NOW), WIDE) as made:
        made.activateWindow()
        made.set_desk(desk)
        made.table.setFocus()
        run_until(made.isActiveWindow, what="the window")
        run_until(lambda: made.model.rowCount() and made.detail.has_answer, what="the board")
        yield made


def start(page: PartnersPage, desk: FakeDesk) -> FakeSweep:
    page.run_all()
    return desk.sweeps[-1]


def row(partner: str) -> BoardRow:
    return next(one for one in ROWS if one.endpoint.partner == partner)


def shown(page: PartnersPage) -> list[str]:
    return [page.model.row(place).endpoint.partner for place in range(page.model.rowCount())]


def sentence(page: PartnersPage) -> str:
    return page.detail.banner.accessibleName()


def choose(page: PartnersPage, partner: str) -> None:
    place = page.model.place_of(row(partner).endpoint.id)
    assert place is not None
    page.table.select(place)
    run_until(lambda: page.detail.has_answer, what="the partner's result")


def test_the_board_is_shown_failing_first_with_the_first_row_opened(page: PartnersPage) -> None:
    assert page.model.rowCount() == len(ROWS)
    assert page.model.row(0).state is State.BAD
    assert page.detail.endpoint == page.model.row(0).endpoint
    assert page.pane.foot == f"{len(ROWS)} of {len(ROWS)} shown, failing first"


def test_chips_show_counts_and_filter(page: PartnersPage) -> None:
    chip = page.filters.chip(Filter.EXPIRING)
    assert chip.count == 2
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert sorted(shown(page)) == ["Kestrel Forwarding", "Zephyr Ground Services"]
    assert page.pane.foot.startswith("2 of ")


def test_typing_filters_and_the_detail_follows_the_first_row_left(page: PartnersPage) -> None:
    QTest.keyClicks(page.heading.filter_field, "tamarind")
    assert shown(page) == ["Tamarind Logistics"]
    run_until(lambda: page.detail.has_answer, what="the partner's result")
    assert page.detail.endpoint == row("Tamarind Logistics").endpoint
    assert "accepted" in sentence(page)


def test_esc_empties_the_filter_before_it_cancels(page: PartnersPage, desk: FakeDesk) -> None:
    sweep = start(page, desk)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(page.table, Qt.Key.Key_F, modifiers)
    field = page.heading.filter_field
    assert field.hasFocus()
    QTest.keyClicks(field, "tamarind")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), sweep.cancelled) == ("", False)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert sweep.cancelled


def test_the_detail_says_the_verdict_and_who_has_to_act(page: PartnersPage) -> None:
    choose(page, "Nordwind Cargo")
    assert "rejected our certificate" in sentence(page)
    assert page.detail.banner.accessibleDescription().startswith("Partner has to act. Add ")


@pytest.mark.parametrize("partner", ["Aurelia Air Freight", "Nordwind Cargo", "Tamarind Logistics"])
def test_the_banner_has_the_state_of_the_row(page: PartnersPage, partner: str) -> None:
    # What was not reached is nobody's failure here either.
    choose(page, partner)
    assert page.detail.banner.state is row(partner).state


def test_an_answer_that_comes_late_is_not_shown_under_another_name(
    page: PartnersPage, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[ProbeReport | None] = Future()
    monkeypatch.setattr(desk, "last_report", lambda _id: slow)
    place = page.model.place_of(row("Nordwind Cargo").endpoint.id)
    assert place is not None
    page.table.select(place)
    monkeypatch.undo()
    choose(page, "Tamarind Logistics")
    slow.set_result(samples.rejected_client())
    settle(20)
    run_until(lambda: not page._bridge._mailbox, what="an empty mailbox")
    assert "rejected" not in sentence(page)


def test_nothing_of_the_partner_before_stays_until_the_answer_comes(
    page: PartnersPage, monkeypatch: pytest.MonkeyPatch, desk: FakeDesk
) -> None:
    waiting: Future[ProbeReport | None] = Future()
    monkeypatch.setattr(desk, "last_report", lambda _: waiting)
    before = sentence(page)
    place = page.model.place_of(row("Zephyr Ground Services").endpoint.id)
    assert place is not None
    page.table.select(place)
    run_until(lambda: page.detail.endpoint == row("Zephyr Ground Services").endpoint, what="the partner")
    assert before not in sentence(page)
    assert "Reading the last result" in sentence(page)
    waiting.set_result(None)
    run_until(lambda: page.detail.has_answer, what="the answer")


def test_a_partner_never_tested_is_not_shown_as_passed(page: PartnersPage) -> None:
    choose(page, "Umbra Charter")
    assert sentence(page) == "This endpoint was not tested yet as it is set up now."


def test_an_endpoint_never_tested_has_the_tabs_that_need_no_test(page: PartnersPage) -> None:
    choose(page, "Nordwind Cargo")
    detail = page.detail
    detail.tabs.setCurrentIndex(2)
    assert offered(page) == ["Diagnosis", "Handshake", "Chain", "Readiness", "History"]
    choose(page, "Umbra Charter")
    assert offered(page) == ["Readiness", "History"]
    turn = detail.findChildren(QShortcut)[0]
    seen = []
    for _press in range(3):
        seen.append(detail.tabs.tabText(detail.tabs.currentIndex()))
        turn.activated.emit()
    assert seen == ["Readiness", "History", "Readiness"]
    choose(page, "Aurelia Air Freight")
    assert detail.tabs.tabText(detail.tabs.currentIndex()) == "History", "the one that was chosen last"
    detail.tabs.setCurrentIndex(2)
    choose(page, "Umbra Charter")
    choose(page, "Nordwind Cargo")
    assert detail.tabs.currentIndex() == 2, "another one only stood in for it"


def test_an_endpoint_that_was_edited_is_shown_and_tested_as_it_is_now(
    page: PartnersPage, desk: FakeDesk
) -> None:
    choose(page, "Nordwind Cargo")
    run_until(lambda: page.history.is_read and page.readiness.is_read, what="the tabs")
    before = row("Nordwind Cargo").endpoint
    now = replace(before, partner="Nordwind", target=replace(before.target, path="/other"))
    desk.reports.pop(before.id)
    desk.rows = tuple(untested_row(now) if one.endpoint == before else one for one in ROWS)
    page.directory.changed.emit()
    run_until(lambda: page.detail.endpoint == now and page.detail.has_answer, what="the change")
    assert page.detail.accessibleName() == "Nordwind"
    assert sentence(page) == "This endpoint was not tested yet as it is set up now."
    assert not page.readiness.is_read, "what was checked before says nothing of it"
    page.detail._again.click()
    assert desk.sweeps[-1].endpoints == (now,)


def offered(page: PartnersPage) -> list[str]:
    tabs = page.detail.tabs
    return [tabs.tabText(place) for place in range(tabs.count()) if tabs.isTabVisible(place)]


def test_a_sweep_tests_all_and_fills_rows_in_place(page: PartnersPage, desk: FakeDesk) -> None:
    before = shown(page)
    sweep = start(page, desk)
    assert len(sweep.endpoints) == len(ROWS)
    run_until(page.strip.isVisible, what="the strip")
    assert not page.heading.run_all_button.isEnabled()
    healed = replace(row("Nordwind Cargo"), state=State.GOOD)
    sweep.enter(healed.endpoint.id, Phase.CONNECT)
    run_until(lambda: page.sweep.tally.running == 1, what="the phase")
    assert page.model.running_places() == [page.model.place_of(healed.endpoint.id)]
    sweep.end(healed, samples.healthy())
    run_until(lambda: page.sweep.tally.done == 1, what="the result")
    assert page.model.row_of(healed.endpoint.id) == healed
    # Sorting is frozen: the row that is well now stays where the eye has it.
    assert shown(page) == before
    assert page.strip.accessibleName().startswith(f"Testing {len(ROWS)} partners: 1 done, 0 running, ")


def test_after_a_sweep_rows_are_sorted_again_and_the_totals_stay(page: PartnersPage, desk: FakeDesk) -> None:
    sweep = start(page, desk)
    for one in ROWS:
        healed = one.endpoint.partner == "Nordwind Cargo" or one.state is State.UNKNOWN
        sweep.end(replace(one, state=State.GOOD) if healed else one)
    sweep.finish()
    run_until(lambda: not page.sweep.is_running, what="the end of the sweep")
    assert shown(page).index("Nordwind Cargo") > shown(page).index("Zephyr Ground Services")
    assert page.strip.isVisible()
    assert page.strip.accessibleName() == f"{len(ROWS)} partners tested: in 1.2 s"
    assert page.heading.run_all_button.isEnabled()


def test_cancel_keeps_what_is_done_and_the_earlier_result_of_the_rest(
    page: PartnersPage, desk: FakeDesk
) -> None:
    sweep = start(page, desk)
    sweep.end(row("Nordwind Cargo"), samples.rejected_client())
    run_until(lambda: page.sweep.tally.done == 1, what="the first result")
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert sweep.cancelled
    run_until(lambda: not page.sweep.is_running, what="the end of the sweep")
    assert page.strip.accessibleName().startswith(f"Cancelled: 1 of {len(ROWS)} tested")
    assert page.model.row_of(row("Tamarind Logistics").endpoint.id) == row("Tamarind Logistics")
    assert all(page.model.activity(one.endpoint.id) is None for one in ROWS)


def test_a_cancelled_probe_does_not_replace_the_earlier_result(page: PartnersPage, desk: FakeDesk) -> None:
    sweep = start(page, desk)
    good = row("Tamarind Logistics")
    sweep.end(replace(good, state=State.UNKNOWN), samples.cancelled())
    run_until(lambda: page.sweep.tally.stopped == 1, what="the cancelled probe")
    assert page.model.row_of(good.endpoint.id) == good


def test_f5_runs_all_and_a_second_press_starts_nothing(page: PartnersPage, desk: FakeDesk) -> None:
    QTest.keyClick(page.table, Qt.Key.Key_F5)
    QTest.keyClick(page.table, Qt.Key.Key_F5)
    assert len(desk.sweeps) == 1


def test_only_the_marked_rows_are_tested(page: PartnersPage, desk: FakeDesk) -> None:
    page.table.select(1)
    page.table.mark([3])
    page.run_selected()
    assert [endpoint.id for endpoint in desk.sweeps[-1].endpoints] == [
        page.model.row(place).endpoint.id for place in (1, 3)
    ]


def test_test_again_probes_one_partner_and_shows_its_result(page: PartnersPage, desk: FakeDesk) -> None:
    choose(page, "Nordwind Cargo")
    endpoint = row("Nordwind Cargo").endpoint
    page.detail.test_wanted.emit(endpoint)
    sweep = desk.sweeps[-1]
    assert sweep.endpoints == (endpoint,)
    sweep.end(replace(row("Nordwind Cargo"), state=State.GOOD), samples.healthy())
    sweep.finish()
    run_until(lambda: not page.sweep.is_running, what="the end of the test")
    accepted = "The handshake was accepted, and the answer proves it."
    run_until(lambda: sentence(page) == accepted, what="the fresh result")


def test_a_sweep_that_cannot_start_is_said_inline(page: PartnersPage, desk: FakeDesk) -> None:
    desk.failure = broken_workspace()
    page.run_all()
    assert page.error.isVisible()
    assert page.error.accessibleName() == "The workspace cannot be read."
    assert page.heading.run_all_button.isEnabled()


def test_a_sweep_that_breaks_off_is_said_inline_and_results_stay(page: PartnersPage, desk: FakeDesk) -> None:
    sweep = start(page, desk)
    sweep.end(row("Nordwind Cargo"))
    sweep.future.set_exception(broken_workspace())
    run_until(lambda: not page.sweep.is_running, what="the end of the sweep")
    assert page.error.isVisible()
    assert page.model.rowCount() == len(ROWS)


def test_a_board_that_cannot_be_read_is_no_empty_directory(page: PartnersPage, desk: FakeDesk) -> None:
    broken = FakeDesk()
    broken.failure = broken_workspace()
    fresh = PartnersPage(page._bridge)
    fresh.show()
    fresh.set_desk(broken)
    run_until(fresh.error.isVisible, what="the error")
    assert not fresh.empty.isVisible()
    assert not fresh.heading.run_all_button.isVisible()
    broken.failure = None
    broken.rows = ROWS
    fresh.reload()
    run_until(fresh.model.rowCount, what="the board")
    assert not fresh.error.isVisible()
    fresh.close()


def test_an_empty_directory_offers_a_way_in_and_nothing_dead(page: PartnersPage) -> None:
    fresh = PartnersPage(page._bridge, offers_demo=True)
    wanted: list[str] = []
    fresh.new_target_wanted.connect(lambda: wanted.append("target"))
    fresh.demo_wanted.connect(lambda: wanted.append("demo"))
    fresh.show()
    fresh.set_desk(FakeDesk())
    run_until(fresh.empty.isVisible, what="the empty state")
    assert not fresh.heading.run_all_button.isVisible()
    fresh.empty.test_wanted.emit()
    fresh.empty.demo_wanted.emit()
    assert wanted == ["target", "demo"]
    fresh.close()


def test_a_narrow_window_opens_the_partner_over_the_table_and_goes_back(page: PartnersPage) -> None:
    page.resize(*NARROW)
    settle()
    assert page.table.isVisible()
    assert not page.detail.isVisible()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.detail.isVisible()
    assert not page.table.isVisible()
    QTest.keyClick(page.detail, Qt.Key.Key_Escape)
    assert page.table.isVisible()
    page.resize(*WIDE)
    settle()
    assert page.detail.isVisible()


def test_columns_give_way_in_their_order_as_the_table_narrows(page: PartnersPage) -> None:
    hidden: list[Column] = []
    for width in range(1170, 560, -10):
        page.resize(width, 640)
        settle(1)
        gone = [one for one in Column if page.table.isColumnHidden(one) and one not in AT_FIRST_LEFT_OUT]
        hidden += [one for one in gone if one not in hidden]
    assert hidden == [Column.TLS, Column.TESTED, Column.ON_LIST][: len(hidden)]
    assert Column.TLS in hidden
    assert not page.table.isColumnHidden(Column.SERVER)


def test_rows_have_room_for_two_lines(page: PartnersPage) -> None:
    assert row_height() >= 46
    assert page.table.rowHeight(0) == row_height()


def test_a_header_press_sorts_and_keeps_the_partner_in_view(page: PartnersPage) -> None:
    choose(page, "Kestrel Forwarding")
    page.table.header_pressed.emit(Column.DAYS)
    assert shown(page)[0] == "Zephyr Ground Services"
    assert page.detail.endpoint == row("Kestrel Forwarding").endpoint
    assert page.table.currentIndex().row() == page.model.place_of(row("Kestrel Forwarding").endpoint.id)


def test_rows_can_be_chosen_where_the_language_runs_from_right_to_left(page: PartnersPage) -> None:
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    settle()
    page.table.select(5)
    assert page.table.selected_places() == (5,)
    assert page.detail.endpoint == page.model.row(5).endpoint


def names_asked(page: PartnersPage, folder: Path) -> list[str]:
    """Answer the question where to save; return the names that it suggested."""
    asked: list[str] = []

    def answer(_parent: QWidget, name: str, _title: Message, _kinds: Mapping[str, Message]) -> Path:
        asked.append(name)
        return folder / "a.pdf"

    page.report.ask_file = answer
    return asked


def test_the_rows_shown_are_reported_on(page: PartnersPage, desk: FakeDesk, tmp_path: Path) -> None:
    asked = names_asked(page, tmp_path)
    QTest.keyClicks(page.heading.filter_field, "tamarind")
    page.report_rows()
    (report,) = desk.report_desk.reports
    assert (report.partner, report.endpoint_ids) == (None, (row("Tamarind Logistics").endpoint.id,))
    assert asked == ["partners.html"]


def test_the_sheet_of_the_partner_in_view_is_written_with_its_diagnosis(
    page: PartnersPage, desk: FakeDesk, tmp_path: Path
) -> None:
    asked = names_asked(page, tmp_path)
    choose(page, "Nordwind Cargo")
    page.detail.sheet_button.click()
    (report,) = desk.report_desk.reports
    assert (report.partner, report.diagnoses) == ("Nordwind Cargo", {})
    assert asked == ["nordwind-cargo-review.pdf"]


def test_open_in_handshake_hands_over_the_endpoint(page: PartnersPage) -> None:
    wanted: list[Endpoint] = []
    page.handshake_wanted.connect(wanted.append)
    choose(page, "Nordwind Cargo")
    page.detail.handshake_wanted.emit(page.detail.endpoint)
    assert wanted == [row("Nordwind Cargo").endpoint]


@pytest.mark.parametrize("partner", [name for name, _make in samples.KINDS])
def test_every_way_that_a_probe_ends_can_be_shown(page: PartnersPage, partner: str) -> None:
    choose(page, partner)
    for tab in range(page.detail.tabs.count()):
        page.detail.tabs.setCurrentIndex(tab)
        settle(2)
    assert sentence(page)
    assert page.detail.banner.width() <= page.detail.width()


def test_the_messages_of_the_last_test_stand_in_their_tab_with_a_table_twin(page: PartnersPage) -> None:
    choose(page, "Nordwind Cargo")
    detail, messages = page.detail, page.detail.messages
    detail.tabs.setCurrentIndex(1)
    settle(2)
    assert detail.tabs.tabText(1) == "Handshake"
    events = samples.reports()[row("Nordwind Cargo").endpoint.id].record.timeline
    assert messages.ladder.row_count == messages.table.model().rowCount() == len(events) > 5
    trouble = messages.ladder.first_trouble
    assert trouble is not None
    assert messages.ladder.current == trouble, "what went wrong is chosen, and its fields are shown"
    assert not messages.fields.isHidden()
    choose(page, "Tamarind Logistics")
    settle(2)
    assert messages.ladder.first_trouble is None
    assert messages.ladder.current is None


def test_the_table_gets_the_room_for_its_columns_whenever_the_page_is_resized(page: PartnersPage) -> None:
    wanted = page.table.full_width
    for width in (1250, 1500, 1250):
        page.resize(width, 800)
        settle()
        room = page.split.width() - page.split.handleWidth()
        assert page.split.sizes()[0] >= min(round(room * 0.55), room - page.detail.minimumSizeHint().width())
        if width == 1500:
            assert page.split.sizes()[0] >= wanted
