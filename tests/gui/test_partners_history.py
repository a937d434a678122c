"""The tab History: what changed, the trend by hand and by keyboard, comparing and deciding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import pki
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.fake_history_desk import nothing_of
from tests.support.histories import NEW_ISSUER, NEW_KEY, START
from tests.support.named_controls import nameless
from tests.support.sample_histories import NOW, sample_history
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.formats.certificate_details import read_details
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.partners.compare_dialog import CompareCertificatesDialog
from trustdesk.gui.partners.history_asking import HistoryAsking
from trustdesk.gui.partners.history_plot import rounded_up
from trustdesk.gui.partners.history_tab import HistoryTab
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.trust.comment_dialog import CommentDialog

ENDPOINT = Endpoint(id=7, partner="Tamarind Logistics", target=parse_target("https://1r.tamarind.example"))
OTHER = replace(ENDPOINT, id=8)


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.history_desk_held.histories[7] = sample_history(7)
    return made


@pytest.fixture
def tab(qapp: QApplication) -> Iterator[HistoryTab]:
    current_theme().apply(qapp)
    made = HistoryTab(lambda: NOW)
    made.resize(500, 1300)
    made.show()
    made.activateWindow()
    yield made
    made.close()
    made.deleteLater()
    settle()
    current_theme().set_mode(ThemeMode.LIGHT)


@pytest.fixture
def asking(bridge: Bridge, desk: FakeDesk, tab: HistoryTab) -> HistoryAsking:
    made = HistoryAsking(bridge, tab, tab)
    made.set_desk(desk)
    made.show_endpoint(ENDPOINT)
    run_until(lambda: made.is_read and tab.history is not None, what="the history")
    settle()
    return made


def titles(tab: HistoryTab) -> list[str]:
    return [row.line.title for row in tab.rows]


def test_changes_stand_there_the_newest_first(asking: HistoryAsking, tab: HistoryTab) -> None:
    assert titles(tab) == [
        *(["Works again", "Fails now"] * 3),
        "Issuer changed at renewal",
        "Works again",
        "Fails now",
        "New key, same names",
        "Reached again",
        "Not reached",
    ]
    key = next(row for row in tab.rows if row.line.title == "New key, same names")
    assert key.line.details == [
        "Valid until 2026-12-31, before until 2026-10-02.",
        "Expected, says M. Lindqvist: announced by mail on Friday",
    ]
    assert key.accessibleName().startswith("Warning, New key, same names, Valid until")
    assert tab.flapping.isVisible()
    assert tab.flapping.title.text() == (
        "It works and fails by turns: 6 changes in 7 days, 3 of 10 tests failed."
    )


def test_every_part_has_a_name(asking: HistoryAsking, tab: HistoryTab) -> None:
    assert nameless(tab) == []


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_the_trend_is_painted_in_both_themes(asking: HistoryAsking, tab: HistoryTab, mode: ThemeMode) -> None:
    current_theme().set_mode(mode)
    settle()

    picture = tab.trend.chart.grab().toImage()
    colors = {
        picture.pixelColor(x, y).name().upper()
        for x in range(picture.width())
        for y in range(picture.height())
    }

    tokens = current_theme().tokens
    # Ground of the warning time, days on which it failed, days on which it was not reached.
    assert {tokens.warning_soft, tokens.red, tokens.slate} <= colors


def test_the_trend_is_read_day_by_day_with_the_keyboard(asking: HistoryAsking, tab: HistoryTab) -> None:
    chart = tab.trend.chart
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert tab.trend.day_words == "2026-11-20, 1 test passed, 41 days left, handshake 62 ms"
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert tab.trend.day_words == "2026-11-19, 1 of 2 tests failed, 41 days left, handshake 59 ms"
    assert chart.accessibleDescription() == tab.trend.day_words
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart.current is not None
    assert chart.current.day == START.date()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert (chart.current.day - START.date()).days == 1


def test_a_click_chooses_the_day_below_it(asking: HistoryAsking, tab: HistoryTab) -> None:
    chart = tab.trend.chart
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(8, 40))

    assert chart.current is not None
    assert chart.current.day == START.date()


def test_the_twin_says_the_same_as_the_chart(asking: HistoryAsking, tab: HistoryTab) -> None:
    tab.trend.twin.click()
    settle()

    table = tab.trend.table
    assert table.isVisible()
    assert not tab.trend.chart.isVisible()
    cells = [table.model().data(table.model().index(1, column)) for column in range(5)]
    assert cells == ["2026-11-19", "41", "59 ms", "60 ms", "1 of 2 failed"]
    outage = next(place for place, day in enumerate(table.rows) if day.inconclusive)
    assert table.model().data(table.model().index(outage, 4)) == "not reached"
    assert table.model().data(table.model().index(outage, 1)) == "–"


def test_a_renewal_opens_the_comparison(asking: HistoryAsking, tab: HistoryTab, desk: FakeDesk) -> None:
    old, new = pki.server(pki.root()), pki.server(pki.root("Other"))
    held = desk.history_desk_held.certificates
    held[NEW_KEY], held[NEW_ISSUER] = read_details(old.der), read_details(new.der)
    row = next(row for row in tab.rows if row.line.title == "Issuer changed at renewal")
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    run_until(lambda: asking.dialog is not None, what="the comparison")

    dialog = asking.dialog
    assert isinstance(dialog, CompareCertificatesDialog)
    fields = [one.field.id for one in dialog.pane.differences]
    assert fields[0] == "Key"
    assert "Issuer" in fields
    wanted: list[object] = []
    asking.certificate_wanted.connect(wanted.append)
    dialog.open_button.click()
    settle()
    assert wanted == [new.facts]
    assert asking.dialog is None


def test_a_certificate_that_is_gone_is_said(asking: HistoryAsking, tab: HistoryTab) -> None:
    tab.awaiting.compare_button.click()
    run_until(tab.error.isVisible, what="what is missing")

    assert asking.dialog is None
    assert titles(tab)


@pytest.mark.parametrize("accepted", [True, False])
def test_a_new_certificate_is_decided_on_with_a_comment(
    asking: HistoryAsking, tab: HistoryTab, desk: FakeDesk, accepted: bool
) -> None:
    assert tab.awaiting.isVisible()
    assert "seen first on 2026-10-02 (49 days ago)" in tab.awaiting.lines.text()
    (tab.awaiting.accept_button if accepted else tab.awaiting.refuse_button).click()
    dialog = asking.dialog
    assert isinstance(dialog, CommentDialog)
    assert not dialog.agree_button.isEnabled()
    kept: list[None] = []
    asking.decided.connect(lambda: kept.append(None))
    dialog.comment.setText("announced by phone")
    desk.history_desk_held.histories[7] = sample_history(7, waits=False)
    dialog.agree_button.click()
    run_until(lambda: bool(kept) and not tab.awaiting.isVisible(), what="the decision")

    (job,) = (one for one in desk.trust_desk_held.answers.jobs if one.name == "decide_fingerprint")
    assert job.arguments == {
        "endpoint_id": 7,
        "sha256": NEW_ISSUER,
        "accepted": accepted,
        "comment": "announced by phone",
    }


def test_nothing_of_another_endpoint_stays(asking: HistoryAsking, tab: HistoryTab) -> None:
    asking.show_endpoint(OTHER)

    assert tab.history is None
    assert tab.rows == ()
    assert tab.words == "Reading the history …"
    run_until(lambda: tab.history is not None, what="the other one")
    assert tab.words == "This endpoint was not tested yet."
    assert not tab.trend.isVisible()
    assert not tab.awaiting.isVisible()


def test_fast_keys_ask_once(asking: HistoryAsking, desk: FakeDesk) -> None:
    desk.history_desk_held.asked.clear()
    for number in range(20, 30):
        asking.show_endpoint(replace(ENDPOINT, id=number))
    run_until(lambda: asking.is_read, what="the last of them")

    assert [endpoint for endpoint, _limit in desk.history_desk_held.asked] == [29]


def test_a_failure_is_said_and_what_is_there_stays(
    asking: HistoryAsking, tab: HistoryTab, desk: FakeDesk
) -> None:
    desk.history_desk_held.failure = broken_workspace()
    asking.reload()
    run_until(tab.error.isVisible, what="the failure")

    assert titles(tab)


def test_of_many_changes_some_are_shown_first(asking: HistoryAsking, tab: HistoryTab, desk: FakeDesk) -> None:
    whole = sample_history(7)
    many = replace(whole, entries=whole.entries * 3, has_more=True)
    tab.show_history(many)
    assert len(tab.rows) == 12
    tab.more.click()
    assert len(tab.rows) == 24
    tab.more.click()
    desk.history_desk_held.asked.clear()
    tab.more.click()
    assert desk.history_desk_held.asked == [(7, 200)]


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        (1, "It was tested once; what changes is said from the next test on."),
        (9, "Nothing changed since its first test on 2026-08-23."),
    ],
)
def test_where_nothing_changed_that_is_said(tab: HistoryTab, tests: int, words: str) -> None:
    tab.show_history(replace(nothing_of(7), tests=tests, first_at=START, last_at=NOW))

    assert tab.words == words


@pytest.mark.parametrize(("value", "top"), [(0.5, 1), (1, 1), (67, 80), (109, 120), (130, 150), (998, 1000)])
def test_a_scale_ends_at_a_number_that_is_easily_read(value: float, top: float) -> None:
    assert rounded_up(value) == top


def test_no_count_of_the_partner_before_stays(asking: HistoryAsking) -> None:
    told: list[int] = []
    asking.read.connect(told.append)
    asking.show_endpoint(replace(ENDPOINT, id=ENDPOINT.id + 1))
    assert told == [0]
    asking.show_endpoint(replace(ENDPOINT, id=ENDPOINT.id + 1))
    assert told == [0]  # the same one: nothing flickers
