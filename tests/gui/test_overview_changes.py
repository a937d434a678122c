"""The card Latest changes of the page Overview, and the dialog with all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen, window_with_pages
from tests.support.sample_histories import NOW, latest_changes, sample_history
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.overview.changes_card import ChangesCard
from trustdesk.gui.overview.changes_dialog import ChangesDialog
from trustdesk.gui.theme.theme import ThemeMode, current_theme


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.history_desk_held.changes = latest_changes()
    return made


@pytest.fixture
def card(bridge: Bridge, desk: FakeDesk, qapp: QApplication) -> Iterator[ChangesCard]:
    made = ChangesCard(bridge, now=lambda: NOW)
    made.resize(460, 240)
    made.show()
    made.set_desk(desk)
    made.reload()
    run_until(lambda: made.is_read, what="what changed last")
    settle()
    yield made
    made.close()
    made.deleteLater()
    settle()
    current_theme().set_mode(ThemeMode.LIGHT)


def opened_dialog(card: ChangesCard) -> ChangesDialog:
    card.all_button.click()
    run_until(lambda: card.dialog is not None, what="all changes")
    assert card.dialog is not None
    return card.dialog


def test_the_newest_three_stand_there(card: ChangesCard) -> None:
    lines = [row.line for row in card.rows]

    assert [(line.title, list(line.details), list(line.aside)) for line in lines] == [
        ("Version 15 of the list is waiting", ["Pilot list: review it before it is applied"], ["2 h ago"]),
        (
            "Issuer changed at renewal",
            ["Tamarind Logistics: Skybridge G3 to Meridian, TLS CA 4"],
            ["49 days ago"],
        ),
        ("Works again", ["Cóndor Andino Carga"], ["49 days ago"]),
    ]
    assert nameless(card) == []


def test_a_change_opens_its_partner_and_a_version_its_list(card: ChangesCard) -> None:
    endpoints: list[int] = []
    versions: list[tuple[str, int]] = []
    card.endpoint_wanted.connect(endpoints.append)
    card.version_wanted.connect(lambda name, number: versions.append((name, number)))
    for row in card.rows[:2]:
        QTest.keyClick(row, Qt.Key.Key_Return)

    assert endpoints == [7]
    assert versions == [("Pilot list", 15)]


def test_all_of_them_are_filtered_by_what_is_typed_and_opened(card: ChangesCard) -> None:
    dialog = opened_dialog(card)
    assert len(dialog.table.rows) == 7
    dialog.filter.setText("kestrel expired")
    assert [one.subject for one in dialog.table.rows] == ["Kestrel Forwarding"]
    endpoints: list[int] = []
    card.endpoint_wanted.connect(endpoints.append)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    settle()

    assert endpoints == [7]
    assert card.dialog is None


def test_the_dialog_is_painted_in_both_themes(card: ChangesCard) -> None:
    dialog = opened_dialog(card)
    grounds = set()
    for mode in (ThemeMode.LIGHT, ThemeMode.DARK):
        current_theme().set_mode(mode)
        settle()
        grounds.add(dialog.grab().toImage().pixelColor(3, 3).name().upper())
    dialog.reject()
    settle()

    assert len(grounds) == 2
    assert nameless(card) == []


def test_where_nothing_changed_that_is_said(card: ChangesCard, desk: FakeDesk) -> None:
    desk.history_desk_held.changes = type(latest_changes())(changes=())
    card.reload()
    run_until(lambda: card.is_read, what="nothing")

    assert card.rows == ()
    assert card.words == "Nothing has changed yet. Changes show from the second test on."
    assert not card.all_button.isVisible()


def test_a_failure_is_said_in_the_card(card: ChangesCard, desk: FakeDesk) -> None:
    desk.history_desk_held.failure = broken_workspace()
    card.reload()
    run_until(lambda: card.is_read, what="the failure")

    assert card.error.isVisible()
    assert card.rows == ()


def test_in_the_window_a_change_opens_the_history_of_its_partner(qapp: QApplication) -> None:
    rows = samples.board_rows()
    endpoint = rows[3].endpoint
    desk = FakeDesk(rows, reports=samples.reports())
    desk.history_desk_held.histories[endpoint.id] = sample_history(endpoint.id)
    desk.history_desk_held.changes = latest_changes()
    with on_screen(qapp, window_with_pages) as window:
        window.set_desk(desk)
        run_until(lambda: bool(window.partners.model.rows), what="the board")
        run_until(lambda: bool(window.overview.body.changes.rows), what="what changed last")
        window.overview.body.changes.endpoint_wanted.emit(endpoint.id)
        run_until(lambda: window.partners.history.is_read and window.partners.detail.has_answer, what="it")

        assert window.partners.detail.endpoint == endpoint
        assert window.partners.detail.tabs.currentIndex() == window.partners.history.tab_place
        asked = len(desk.history_desk_held.asked)
        # What was decided in the review queue is told here too.
        window.trust_lists.reload()
        run_until(lambda: len(desk.history_desk_held.asked) > asked, what="the history, read again")
