"""The page Overview: the timeline of what ends when, by hand, by keyboard and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import pki
from tests.support.event_loop import run_until, settle
from tests.support.expiries import AT, CLIENT_AUTH, drop_of, sample_timeline, validity
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.named_controls import nameless
from tests.support.on_screen import painted
from trustdesk.core.errors import CancelledByPersonError
from trustdesk.core.message import msg
from trustdesk.core.trust_impact import DropKind, RootDrop
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.overview.page import OverviewPage
from trustdesk.gui.overview.timeline_rows import (
    GroupHead,
    GroupRows,
    Standing,
    arrange,
    preparing_rows,
    rows_of,
    standing_of,
)
from trustdesk.gui.overview.timeline_scale import TimeScale
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.welcome.first_steps import Step
from trustdesk.gui.widgets.button import Button
from trustdesk.services.timeline_values import ExpiryTimeline, TimelineGroup

SPAN = timedelta(days=548)
MOZILLA = replace(
    drop_of("Skybridge Root R1", 146),
    partners=("Kestrel Forwarding", "Nordwind Cargo"),
    identities=("halden",),
)
RUNS_OUT = RootDrop(
    at=AT + timedelta(days=40),
    kind=DropKind.LIST_RUNS_OUT,
    sha256="",
    subject="Air cargo pilot list",
    what=msg("The list {list} should have been replaced by a newer version.", list="pilot"),
    source="pilot@14",
    list_name="pilot",
)
ENDS = RootDrop(
    at=AT + timedelta(days=80),
    kind=DropKind.DECISION_ENDS,
    sha256="ab" * 32,
    subject="Gone Root",
    what=msg("The distrust of {ca} that {by} decided is over.", ca="Gone Root", by="ada"),
    source="ada",
)
DROPS = (RUNS_OUT, ENDS, MOZILLA, CLIENT_AUTH)


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.expiries = sample_timeline()
    made.trust_desk_held.drops_held = DROPS
    return made


@pytest.fixture
def page(bridge: Bridge, desk: FakeDesk) -> Iterator[OverviewPage]:
    made = OverviewPage(bridge, offers_demo=True)
    made.resize(1200, 760)
    made.show()
    made.activateWindow()
    made.set_desk(desk)
    run_until(lambda: made.is_read and made.isActiveWindow(), what="what ends when")
    settle()
    yield made
    bridge.close()
    made.close()
    made.deleteLater()
    settle()
    current_theme().set_mode(ThemeMode.LIGHT)


def names(page: OverviewPage) -> list[str]:
    return [row.validity.name for row in page.card.view.content.rows]


def test_what_ends_in_view_stands_there_by_group_the_first_end_first(page: OverviewPage) -> None:
    assert names(page) == [
        "Zephyr Ground Services",
        "Kestrel Forwarding",
        "Brightline Handling",
        "Nordwind Cargo",
        "Cóndor Andino Carga",
        "Tamarind Logistics",
        "halden-client-2025",
        "halden-edge-2026",
        "halden-client-2026",
        "Fjordsign Partner CA 7",
        "Skybridge Issuing CA G3",
        "Skybridge Root R1",  # it ends in ten years, and Mozilla drops it in five months
    ]
    heads = [line for line in page.card.view.content.lines if isinstance(line, GroupHead)]
    assert [(head.shown, head.total) for head in heads] == [(6, 38), (3, 3), (3, 61)]
    assert page.count_words == "38 partners, 3 identities, 61 CAs in force"


def many() -> ExpiryTimeline:
    partners = [
        validity(f"Partner {number * 7 % 900:03d}", -100, number * 13 % 700 - 20) for number in range(900)
    ]
    return replace(sample_timeline(), validities=(*partners, *sample_timeline().validities))


def test_bars_that_are_made_a_little_at_a_time_are_those_that_are_made_at_once() -> None:
    made: list[GroupRows] = []
    for _ in preparing_rows(many(), made):
        assert made == []
    assert made == [rows_of(many())]


def test_a_long_timeline_is_read_when_all_its_bars_are_there(page: OverviewPage, desk: FakeDesk) -> None:
    desk.expiries = many()
    page.reload()
    desk.expiries = replace(many(), validities=many().validities[:800])
    page.reload()  # the answer to the first question is for nobody any more
    run_until(lambda: page.is_read and not page.is_looking, what="what ends when")
    assert page.card.view.content.total == 800
    assert page.card.table.content.rows == page.card.view.content.rows


def test_what_expired_is_never_left_out() -> None:
    long_gone = validity("Gone", -9000, -6000)
    unreadable = validity("Broken", None, None)
    timeline = ExpiryTimeline(at=AT, validities=(validity("Later", -1, 9000), long_gone, unreadable))

    rows = arrange(timeline, until=AT + SPAN).rows

    assert [row.validity.name for row in rows] == ["Gone", "Broken"]
    assert [row.standing for row in rows] == [Standing.EXPIRED, Standing.UNREADABLE]


@pytest.mark.parametrize(
    ("days", "standing"),
    [(-1, Standing.EXPIRED), (0, Standing.ENDS_SOON), (30, Standing.ENDS_SOON), (31, Standing.VALID)],
)
def test_the_last_thirty_days_are_soon(days: int, standing: Standing) -> None:
    assert standing_of(validity("A", -100, days), AT) is standing


def test_what_has_not_begun_is_not_called_valid() -> None:
    assert standing_of(validity("A", 2, 90), AT) is Standing.NOT_YET


def test_the_switches_choose_groups_and_spans(page: OverviewPage) -> None:
    page.card.groups.setFocus()
    QTest.keyClick(page.card.groups, Qt.Key.Key_Right)
    assert len(names(page)) == 6
    page.card.spans.setFocus()
    QTest.keyClick(page.card.spans, Qt.Key.Key_Right)
    assert page.card.spans.current == "60"
    assert len(names(page)) == 38


def test_the_wheel_zooms_around_today(page: OverviewPage) -> None:
    view = page.card.view
    days, today = view.days, view.scale.x(AT)
    turn(view.viewport(), QPoint(900, 200), 120)
    assert view.days < days
    assert view.scale.x(AT) == pytest.approx(today)
    for _ in range(40):
        turn(view.viewport(), QPoint(900, 200), -120)
    assert view.days == 40 * 365
    assert len(names(page)) == page.card.view.content.total
    assert page.card.spans.accessibleName() == "Time in view"
    QTest.keyClick(page.card.spans, Qt.Key.Key_Right)
    assert page.card.spans.accessibleName() == "Time in view: 3 m"


def test_the_keyboard_moves_zooms_opens_and_copies(page: OverviewPage) -> None:
    view = page.card.view
    opened: list[object] = []
    view.opened.connect(opened.append)
    view.setFocus()
    assert view.current is not None  # the ring has a line to stand around
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.current is not None
    assert view.current.validity.name == "Kestrel Forwarding"
    assert "Kestrel Forwarding, server, Ends soon" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("Kestrel Forwarding, server, Ends soon, valid from")
    days = view.days
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.days < days
    assert view.current is not None  # the same one
    QTest.keyClick(view, Qt.Key.Key_End)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert [one.name for one in opened] == ["Skybridge Root R1"]  # type: ignore[attr-defined]


def test_a_click_opens_the_certificate(page: OverviewPage, desk: FakeDesk) -> None:
    facts = pki.root().facts
    mine = replace(validity("mine", -10, 20, group=TimelineGroup.IDENTITIES), certificate=facts)
    kestrel = validity("Kestrel", -10, 10)
    desk.expiries = ExpiryTimeline(at=AT, validities=(kestrel, mine), partners=1)
    other = pki.root("Other").facts
    desk.certificates = {kestrel.sha256: other}
    page.reload()
    run_until(lambda: page.is_read, what="the other timeline")
    shown: list[object] = []
    page.certificate_wanted.connect(shown.append)

    for one in (mine, kestrel):
        place = page.card.view.place_of(one)
        assert place is not None
        QTest.mouseClick(page.card.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    run_until(lambda: len(shown) == 2, what="the certificates")
    assert shown == [facts, other]


def test_the_twin_says_the_same_and_opens_too(page: OverviewPage) -> None:
    page.card.twin.click()
    table = page.card.table
    assert table.isVisible()
    assert not page.card.view.isVisible()
    assert [row.validity.name for row in table.content.rows] == names(page)
    cells = [str(table.content.index(11, column).data()) for column in range(8)]
    assert cells[:7] == ["Valid", "Skybridge Root R1", "CAs", "root CA", *cells[4:6], "in 4,000 days"]
    assert "Mozilla trusts Skybridge Root R1 for websites until" in cells[7]
    opened: list[object] = []
    page.card.opened.connect(opened.append)
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert len(opened) == 1


def test_another_day_is_said_and_nothing_of_the_day_before_stays(page: OverviewPage, desk: FakeDesk) -> None:
    day = AT + timedelta(days=200)
    desk.evaluation_time = day
    desk.expiry_desk.waits = True
    page.set_evaluation_time(day)
    assert not page.card.isVisible()
    desk.expiry_desk.asked[-1].set_result(desk.expiry_desk.found())
    run_until(lambda: page.is_read, what="the other day")
    assert page.card.isVisible()
    assert page.card.view.content.rows[0].standing is Standing.EXPIRED
    assert sum(row.standing is Standing.EXPIRED for row in page.card.view.content.rows) == 10


def test_without_anything_the_ways_to_begin_stand_there(page: OverviewPage, desk: FakeDesk) -> None:
    desk.expiries = ExpiryTimeline(at=AT)
    page.reload()
    run_until(lambda: page.is_read, what="nothing")
    assert page.empty.isVisible()
    assert page.count_words == ""
    wanted: list[str] = []
    page.test_wanted.connect(lambda: wanted.append("test"))
    page.import_wanted.connect(lambda: wanted.append("import"))
    page.focus_main()
    assert page.empty.steps.cards[Step.LIST].button.hasFocus()
    page.empty.steps.cards[Step.PARTNER].button.click()
    page.empty.steps.skip_button.click()
    assert page.empty.nothing.test_button.hasFocus()
    page.empty.nothing.test_button.click()
    page.empty.nothing.import_button.click()
    assert wanted == ["test", "test", "import"]


def test_a_failure_is_said_and_can_be_tried_again(page: OverviewPage, desk: FakeDesk) -> None:
    desk.failure = broken_workspace()
    page.reload()
    run_until(page.error.isVisible, what="the failure")
    assert not page.card.isVisible()
    desk.failure = None
    buttons = [one for one in page.error.findChildren(Button) if one.text() == "Try again"]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    run_until(page.card.isVisible, what="the timeline")
    assert not page.error.isVisible()


def test_out_of_view_it_waits_and_reads_when_it_comes_back(page: OverviewPage, desk: FakeDesk) -> None:
    page.hide()
    desk.expiries = ExpiryTimeline(at=AT, partners=1)
    page.outdate()
    assert not page.is_read
    page.show()
    run_until(lambda: page.is_read, what="the timeline")
    assert names(page) == []


def test_everybody_is_reported_on_from_here(page: OverviewPage, desk: FakeDesk, tmp_path: Path) -> None:
    page.report.ask_file = lambda _parent, name, _title, _kinds: tmp_path / name
    page.heading.report_button.click()
    (report,) = desk.report_desk.reports
    assert (report.partner, report.endpoint_ids) == (None, None)
    report.finish()
    run_until(page.report.notice.isVisible, what="the notice")
    assert page.report.notice.words == f"Written: {tmp_path / 'partners.html'}"


def test_nothing_in_view_is_said(page: OverviewPage, desk: FakeDesk) -> None:
    desk.expiries = ExpiryTimeline(at=AT, validities=(validity("Later", -1, 900),), partners=1)
    page.reload()
    run_until(lambda: page.is_read and not names(page), what="the timeline")
    QTest.keyClick(page.card.view, Qt.Key.Key_Down)
    assert page.card.view.current is None


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
@pytest.mark.parametrize("size", [(704, 420), (1500, 900)])
def test_it_is_painted_at_every_size_in_both_themes(
    page: OverviewPage, mode: ThemeMode, size: tuple[int, int]
) -> None:
    assert painted(page, mode, size)


def test_from_right_to_left_the_names_change_sides(page: OverviewPage) -> None:
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        page.resize(1100, 700)
        settle()
        assert not page.grab().isNull()
        place = page.card.view.place_of(page.card.view.content.rows[0].validity)
        assert place is not None
    finally:
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_every_control_has_a_name(page: OverviewPage) -> None:
    assert nameless(page) == []


@pytest.mark.parametrize("days", [21, 60, 548, 4000, 14600])
def test_ticks_are_beginnings_of_months_in_order_and_apart(days: float) -> None:
    scale = TimeScale(at=AT, days=days, width=900)
    ticks = list(scale.ticks(44))
    places = [scale.x(tick.at) for tick in ticks]
    assert ticks
    assert all(tick.at.day == 1 for tick in ticks)
    assert all(later - earlier >= 40 for earlier, later in pairwise(places))
    assert places[-1] <= 900


def turn(widget: object, place: QPoint, angle: int) -> None:
    at = QPointF(place)
    event = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)  # type: ignore[arg-type]


def skybridge(page: OverviewPage) -> QPoint:
    """Where the diamond of Skybridge's date is."""
    view = page.card.view
    row = next(one for one in view.content.rows if one.validity.name == "Skybridge Root R1")
    middle = view.place_of(row.validity)
    assert middle is not None
    left = view.viewport().width() - view.scale.width
    return QPoint(round(left + view.scale.x(MOZILLA.at)), middle.y())


def test_a_click_on_a_date_shows_who_is_below_it_and_opens_nothing(page: OverviewPage) -> None:
    run_until(lambda: not page.is_looking, what="who is below")
    opened: list[object] = []
    page.card.opened.connect(opened.append)

    QTest.mouseClick(page.card.view.viewport(), Qt.MouseButton.LeftButton, pos=skybridge(page))

    assert "Partners below it today: Kestrel Forwarding" in page.card.drop_words
    assert "Identities below it today: halden" in page.card.drop_words
    assert "Source: https://wiki.mozilla.org/CA/Root_CA_Lifecycles" in page.card.drop_words
    assert opened == []


def test_the_twin_says_the_same_of_dates(page: OverviewPage) -> None:
    run_until(lambda: not page.is_looking, what="who is below")
    page.card.twin.click()
    model = page.card.table.content
    place = next(n for n, row in enumerate(model.rows) if row.validity.name == "Skybridge Root R1")

    assert "Kestrel Forwarding" in str(model.index(place, model.columnCount() - 1).data())
    assert "The list pilot should have been replaced" in page.card.everybody_words
    assert "The distrust of Gone Root that ada decided is over." in page.card.everybody_words
    page.card.table.setCurrentIndex(model.index(place, 0))
    assert "Nordwind Cargo" in page.card.drop_words


def test_until_it_is_known_nobody_is_not_said(page: OverviewPage, desk: FakeDesk) -> None:
    desk.trust_desk_held.answers.waits = True
    page.reload()
    run_until(lambda: page.is_read and page.is_looking, what="the timeline")
    QTest.mouseClick(page.card.view.viewport(), Qt.MouseButton.LeftButton, pos=skybridge(page))
    assert "It is not known yet who is below it." in page.card.drop_words
    desk.trust_desk_held.answers.jobs[-1].fail(CancelledByPersonError())
    run_until(lambda: not page.is_looking, what="the end")
    assert page.card.note_words.startswith("Who is below the CAs could not be found out")
