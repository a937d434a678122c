"""The planner of the page Overview, its dialogs, and what the desktop is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from tests.gui.test_overview_tiles import ending
from tests.services.test_renewal_plan import view
from tests.support.event_loop import run_until, settle
from tests.support.expiries import AT, sample_timeline
from tests.support.fake_desk import FakeDesk
from tests.support.named_controls import nameless
from tests.support.on_screen import painted
from trustdesk.core.expiry import EndingKind, Endings, Nearness
from trustdesk.core.renewal import RenewalPlan
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.overview.page import OverviewPage
from trustdesk.gui.overview.reminders import Reminders
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.services.renewal_plan import renewal_plan

NEAR = Endings(at=AT, all=(ending(EndingKind.PARTNER, "Kestrel", 6, Nearness.URGENT),))


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.expiries = sample_timeline()
    made.expiry_desk.plan_now = renewal_plan(
        [
            view("old", 22),
            view("edge", 70, public=True),
            view("mq", 100, public=True),
            view("unclear", 90, public=None),
        ],
        AT,
    )
    return made


@pytest.fixture
def page(bridge: Bridge, desk: FakeDesk) -> Iterator[OverviewPage]:
    made = OverviewPage(bridge)
    made.resize(1200, 760)
    made.show()
    made.activateWindow()
    made.set_desk(desk)
    run_until(lambda: made.is_read and not made.is_looking, what="what ends when, and the plan")
    settle()
    yield made
    bridge.close()
    made.close()
    made.deleteLater()
    settle()
    current_theme().set_mode(ThemeMode.LIGHT)


def test_the_most_pressing_steps_have_their_buttons(page: OverviewPage) -> None:
    renewed: list[str] = []
    page.renew_wanted.connect(renewed.append)
    first, second = page.planner.steps
    assert first.button.accessibleName() == "Renew: old expires in 22 days"
    assert second.button.accessibleName() == "Plan: Renew 2 public certificates by 2027-03-14"
    first.button.click()
    assert renewed == ["old"]
    assert page.planner.all_button.text() == "All 3"
    assert page.planner.note_words.startswith("Not known whether the public web's rules bind unclear")
    assert "200 days · now since 2026-03-15" in page.planner.strip.accessibleDescription()


def test_all_of_the_plan_can_be_looked_at_and_begun(page: OverviewPage) -> None:
    renewed: list[str] = []
    page.renew_wanted.connect(renewed.append)
    page.planner.steps[1].button.click()
    dialog = page.deeds.plan_dialog
    assert dialog is not None
    assert [one.identity for one in dialog.table.rows] == ["old", "edge", "mq", "edge", "mq"]
    dialog.table.selectRow(1)
    dialog.renew_button.click()
    assert renewed == ["edge"]
    assert nameless(dialog) == []
    dialog.reject()
    assert page.deeds.plan_dialog is None


def test_without_anything_to_do_that_is_said(page: OverviewPage, desk: FakeDesk) -> None:
    desk.expiry_desk.plan_now = RenewalPlan(at=AT, phases=())
    page.reload()
    run_until(lambda: page.is_read and not page.is_looking, what="the plan")
    assert page.planner.steps == ()
    assert page.planner.note_words == "No certificate of our own has to be renewed for now."


def test_the_calendar_is_saved_where_the_person_wants(
    page: OverviewPage, desk: FakeDesk, tmp_path: Path
) -> None:
    file = tmp_path / "expiry.ics"
    page.deeds.ask_file = lambda _parent: file
    page.planner.calendar_button.click()
    run_until(page.deeds.notice.isVisible, what="the notice")
    assert desk.saved[file].startswith(b"BEGIN:VCALENDAR")
    assert "expiry.ics" in page.deeds.notice.words
    page.deeds.notice.hide()
    page.deeds.ask_file = lambda _parent: None
    page.planner.calendar_button.click()
    assert desk.expiry_desk.calendars == [None]


def test_thresholds_are_asked_for_checked_and_kept(page: OverviewPage, desk: FakeDesk) -> None:
    page.planner.reminders_button.click()
    run_until(lambda: page.deeds.reminders_dialog is not None, what="the dialog")
    dialog = page.deeds.reminders_dialog
    assert dialog is not None
    assert dialog.fields["warn_days"].text() == "30"
    dialog.fields["warn_days"].setText("5")
    assert not dialog.save_button.isEnabled()
    assert dialog.problem.text() == "What is urgent has to be nearer than what is near."
    dialog.fields["warn_days"].setText("")
    assert dialog.problem.text().startswith("Write whole numbers")
    dialog.fields["warn_days"].setText("45")
    dialog.notify.setChecked(True)
    assert nameless(dialog) == []
    dialog.save_button.click()
    run_until(lambda: page.deeds.reminders_dialog is None, what="the end of the dialog")
    kept = desk.expiry_desk.settings_now
    assert (kept.thresholds.warn_days, kept.notify) == (45, True)


def test_the_desktop_is_told_only_where_the_workspace_wants_it(page: OverviewPage, desk: FakeDesk) -> None:
    told: list[tuple[str, str]] = []
    page.deeds.reminders.show = lambda title, body: told.append((title, body))
    desk.expiry_desk.endings = NEAR
    page.reload()
    run_until(lambda: page.is_read and not page.is_looking, what="the page")
    settle()
    assert told == []
    desk.expiry_desk.settings_now = replace(desk.expiry_desk.settings_now, notify=True)
    page.reload()
    run_until(lambda: bool(told), what="the notification")
    assert told == [("1 thing wants a renewal", "1 partner near: Kestrel")]


def test_another_day_rings_no_bell(page: OverviewPage, desk: FakeDesk) -> None:
    told: list[str] = []
    page.deeds.reminders.show = lambda title, _body: told.append(title)
    desk.expiry_desk.settings_now = replace(desk.expiry_desk.settings_now, notify=True)
    desk.expiry_desk.endings = NEAR
    desk.evaluation_time = AT + timedelta(days=90)
    page.set_evaluation_time(desk.evaluation_time)
    run_until(lambda: page.is_read and not page.is_looking, what="the other day")
    settle()
    assert told == []


def test_each_end_is_told_once_for_each_threshold_also_after_a_new_start(tmp_path: Path) -> None:
    kept = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    told: list[str] = []

    def reminders() -> Reminders:
        made = Reminders(None, kept)
        made.show = lambda _title, body: told.append(body)
        return made

    kestrel = ending(EndingKind.PARTNER, "Kestrel", 20, Nearness.SOON)
    first = reminders()
    first.tell(Endings(at=AT, all=(kestrel,)))
    first.tell(Endings(at=AT, all=(kestrel,)))
    kept.sync()
    again = reminders()
    again.tell(Endings(at=AT, all=(kestrel,)))
    assert told == ["1 partner near: Kestrel"]
    again.tell(Endings(at=AT, all=(replace(kestrel, nearness=Nearness.URGENT),)))
    assert len(told) == 2
    settled = replace(kestrel, name="settled", sha256="s", is_settled=True)
    later = ending(EndingKind.PARTNER, "later", 300, Nearness.LATER)
    unknown = ending(EndingKind.PARTNER, "unknown", None, Nearness.UNKNOWN)
    again.tell(Endings(at=AT, all=(settled, later, unknown)))
    assert len(told) == 2


def test_many_are_one_notification_with_a_few_names(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    reminders = Reminders()
    reminders.show = lambda title, body: told.append((title, body))
    many = tuple(ending(EndingKind.PARTNER, f"P{n}", n, Nearness.SOON) for n in range(1, 400))
    gone = ending(EndingKind.IDENTITY, "halden", -1, Nearness.ENDED)
    reminders.tell(Endings(at=AT, all=(gone, *many)))
    assert told == [
        ("400 things want a renewal", "1 identity over: halden; 399 partners near: P1, P2, P3 and 396 more")
    ]


def test_the_tile_of_ends_shows_what_is_near_and_nothing_else(page: OverviewPage) -> None:
    page.tiles.expiring.click()
    assert page.card.table.isVisible()
    assert [row.validity.name for row in page.card.table.content.rows] == [
        "Zephyr Ground Services",
        "Kestrel Forwarding",
        "Brightline Handling",
        "halden-client-2025",
        "Fjordsign Partner CA 7",
    ]
    page.card.all_button.click()
    assert len(page.card.table.content.rows) > 5


def test_the_run_key_runs_and_only_where_there_is_somebody(page: OverviewPage, desk: FakeDesk) -> None:
    runs: list[bool] = []
    page.run_wanted.connect(lambda: runs.append(True))
    QTest.keyClick(page, Qt.Key.Key_F5)
    assert runs == [True]
    desk.expiries = replace(sample_timeline(), partners=0)
    page.reload()
    run_until(lambda: page.is_read, what="the page")
    QTest.keyClick(page, Qt.Key.Key_F5)
    assert runs == [True]


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_dialogs_are_painted_in_both_themes(page: OverviewPage, mode: ThemeMode) -> None:
    page.planner.steps[1].button.click()
    page.planner.reminders_button.click()
    run_until(lambda: page.deeds.reminders_dialog is not None, what="the dialog")
    for dialog in (page.deeds.plan_dialog, page.deeds.reminders_dialog):
        assert dialog is not None
        assert painted(dialog, mode, (760, 520))
        dialog.reject()
