"""What is due, and what an interrupted test run left, are tested from the page of partners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, FakeSweep, broken_workspace
from tests.support.on_screen import on_screen, painted
from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.gui.dates import date_and_time
from trustdesk.gui.partners.left_notice import LeftNotice
from trustdesk.gui.partners.page import PartnersPage
from trustdesk.gui.theme.theme import ThemeMode
from trustdesk.services.board import BoardRow, State

ROWS = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)
LEFT = LeftOfSweep(
    id=7,
    started_at=samples.NOW,
    targets=38,
    tested=36,
    endpoints=(ROWS[1].endpoint, ROWS[3].endpoint),
    positions=(4, 11),
)
SENTENCE = f"The test run of {date_and_time(samples.NOW)} was interrupted: 2 of 38 are left."
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(ROWS, reports=samples.reports())


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[PartnersPage]:
    """Show a page that no desk has been given yet."""
    with on_screen(qapp, lambda bridge: PartnersPage(bridge, now=lambda: samples.NOW), (1300, 800)) as made:
        yield made


def started(page: PartnersPage, desk: FakeDesk) -> PartnersPage:
    page.set_desk(desk)
    run_until(lambda: page.model.rowCount() and page.detail.has_answer, what="the board")
    run_until(lambda: not page._bridge._mailbox, what="an empty mailbox")
    return page


def ended(page: PartnersPage, sweep: FakeSweep, *rows: BoardRow) -> None:
    for row in rows:
        sweep.end(row)
    sweep.finish()
    run_until(lambda: not page.sweep.is_running, what="the end of the sweep")
    run_until(lambda: not page._bridge._mailbox, what="an empty mailbox")


def test_what_is_due_is_tested(page: PartnersPage, desk: FakeDesk) -> None:
    desk.due_ids = {ROWS[2].endpoint.id, ROWS[4].endpoint.id}
    started(page, desk).choices.due_action.trigger()
    run_until(lambda: desk.sweeps, what="the sweep")
    assert {one.id for one in desk.sweeps[0].endpoints} == desk.due_ids
    assert desk.sweeps[0].goes_on is None
    run_until(page.strip.isVisible, what="the strip")
    assert not page.choices.due_action.isEnabled()


def test_that_nobody_is_due_is_a_sentence(page: PartnersPage, desk: FakeDesk) -> None:
    assert not page.choices.due_action.isEnabled()
    started(page, desk).choices.due_action.trigger()
    run_until(page.directory.notice.isVisible, what="the sentence")
    assert page.directory.notice.words == "No endpoint is due for a test."
    assert desk.sweeps == []


def test_what_a_run_left_is_told_after_a_start_and_gone_on_with(page: PartnersPage, desk: FakeDesk) -> None:
    desk.left = LEFT
    notice = started(page, desk).choices.notice
    assert notice.isVisible()
    assert notice.words == notice.accessibleName()
    assert notice.words.translate(ISOLATES) == SENTENCE
    QTest.keyClick(notice.go_on_button, Qt.Key.Key_Space)
    (sweep,) = desk.sweeps
    assert (sweep.endpoints, sweep.goes_on) == (LEFT.endpoints, LEFT)
    assert notice.isHidden()
    desk.left = None
    ended(page, sweep, ROWS[1], ROWS[3])
    assert notice.isHidden()
    assert not page.choices.go_on_action.isVisible()


def test_a_second_crash_or_cancel_offers_the_rest_again(page: PartnersPage, desk: FakeDesk) -> None:
    desk.left = LEFT
    choices = started(page, desk).choices
    choices.notice.go_on_button.click()
    desk.left = replace(LEFT, tested=37, endpoints=LEFT.endpoints[1:], positions=(11,))
    ended(page, desk.sweeps[0], ROWS[1])
    assert choices.notice.isVisible()
    assert choices.notice.words.endswith("1 of 38 is left.")
    choices.go_on_action.trigger()
    assert desk.sweeps[1].endpoints == LEFT.endpoints[1:]


def test_what_is_dismissed_is_ended_in_the_book_and_gone(page: PartnersPage, desk: FakeDesk) -> None:
    desk.left = LEFT
    choices = started(page, desk).choices
    choices.notice.dismiss_button.click()
    assert desk.dismissed == [LEFT]
    assert choices.notice.isHidden()
    settle()
    assert not choices.go_on_action.isVisible()
    choices.go_on()
    assert desk.sweeps == []


def test_a_run_that_was_cancelled_here_is_offered_in_the_menu_without_a_notice(
    page: PartnersPage, desk: FakeDesk
) -> None:
    started(page, desk)
    assert not page.choices.go_on_action.isVisible()
    page.run_all()
    desk.left = LEFT
    ended(page, desk.sweeps[0], ROWS[0])
    assert page.choices.go_on_action.isVisible()
    assert page.choices.notice.isHidden()


def test_another_run_hides_the_notice_and_what_replaced_it_is_not_told(
    page: PartnersPage, desk: FakeDesk
) -> None:
    desk.left = LEFT
    started(page, desk)
    page.run_all()
    run_until(page.choices.notice.isHidden, what="the end of the notice")
    desk.left = replace(LEFT, id=8)
    ended(page, desk.sweeps[0], ROWS[0])
    assert page.choices.notice.isHidden()
    assert page.choices.left is desk.left


def test_what_cannot_be_found_out_is_said(page: PartnersPage, desk: FakeDesk) -> None:
    started(page, desk)
    desk.failure = broken_workspace()
    page.choices.due_action.trigger()
    run_until(page.error.isVisible, what="the error")
    page.error.hide()
    page.choices.ask()
    run_until(page.error.isVisible, what="the error")
    assert not page.choices.go_on_action.isVisible()


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_the_longest_notice_wraps_in_a_narrow_window(qapp: QApplication, mode: ThemeMode) -> None:
    left = replace(LEFT, targets=100_000, endpoints=LEFT.endpoints * 49_000)
    with on_screen(qapp, lambda _bridge: LeftNotice()) as notice:
        notice.show_left(left)
        assert painted(notice, mode, (360, 90))
