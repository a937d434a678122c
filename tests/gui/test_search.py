"""Search in the top bar: typing, arrows, Enter, Esc, and where a hit leads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import pki, samples
from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.identity_views import carrier
from tests.support.on_screen import on_screen, window_with_pages
from trustdesk.gui.frame.search_field import SearchField
from trustdesk.gui.window import MainWindow
from trustdesk.services.board import State
from trustdesk.services.search import Hit, HitKind, certificate_entry, identity_entry, partner_entry

ROWS = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)
ROOT = pki.root("Tamarind Root")


@pytest.fixture
def desk() -> FakeDesk:
    desk = FakeDesk(ROWS, reports=samples.reports())
    desk.hits = (
        *(partner_entry(row.endpoint).hit for row in ROWS),
        certificate_entry(ROOT.facts, HitKind.TRUST_LIST, "lab").hit,
    )
    desk.certificates = {ROOT.sha256: ROOT.facts}
    desk.identity_desk.held = carrier()
    return desk


@pytest.fixture
def window(qapp: QApplication, desk: FakeDesk) -> Iterator[MainWindow]:
    with on_screen(qapp, window_with_pages, (1440, 900)) as made:
        made.activateWindow()
        made.set_desk(desk)
        run_until(made.isActiveWindow, what="the window")
        run_until(
            lambda: made.partners.model.rowCount() and made.partners.detail.has_answer, what="the board"
        )
        yield made


@pytest.fixture
def field(window: MainWindow) -> SearchField:
    QTest.keyClick(window.partners.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.top_bar.search.hasFocus()
    return window.top_bar.search


def look_for(field: SearchField, words: str) -> tuple[Hit, ...]:
    field.clear()
    QTest.keyClicks(field, words)
    run_until(field.results.isVisible, what="the results")
    return field.results.hits


def test_a_search_begins_when_the_person_rests_and_asks_once(field: SearchField, desk: FakeDesk) -> None:
    look_for(field, "tamarind")
    assert [query for query, _opened in desk.searches] == ["tamarind"]
    assert [hit.title for hit in field.results.hits] == ["Tamarind Logistics", "Tamarind Root"]
    assert field.accessibleDescription() == "2 found"


def test_enter_opens_the_partner_even_one_that_is_filtered_away(
    window: MainWindow, field: SearchField
) -> None:
    QTest.keyClicks(window.partners.heading.filter_field, "nordwind")
    field.setFocus()
    look_for(field, "tamarind log")
    window.show_page("handshake")
    field.setFocus()
    look_for(field, "tamarind log")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.current_page == "partners"
    assert window.partners.detail.endpoint is not None
    assert window.partners.detail.endpoint.partner == "Tamarind Logistics"
    assert window.partners.table.currentIndex().isValid()
    assert not field.results.isVisible()


def test_arrows_choose_and_a_certificate_opens_in_the_inspector(
    window: MainWindow, field: SearchField, desk: FakeDesk
) -> None:
    look_for(field, "tamarind")
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.accessibleDescription().startswith("On a trust list: Tamarind Root")
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    run_until(lambda: desk.read, what="the certificate in the Inspector")
    assert window.current_page == "inspector"
    assert desk.read[-1][0] == ("From a trust list or the network: Tamarind Root",)


def test_an_identity_opens_on_its_page(window: MainWindow, field: SearchField, desk: FakeDesk) -> None:
    identity = desk.identity_desk.held["halden-amqp"].identity
    desk.hits = (*desk.hits, identity_entry(identity).hit)
    look_for(field, "halden-amqp")
    assert field.results.current_words.startswith("Identity: halden-amqp")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.current_page == "identities"
    shown = window.identities.detail
    run_until(
        lambda: shown.view is not None and shown.view.identity.name == "halden-amqp", what="the identity"
    )


def test_a_click_opens_too(window: MainWindow, field: SearchField) -> None:
    hit = look_for(field, "nordwind")[0]
    field.results.chosen.emit(hit)
    assert window.partners.detail.endpoint == hit.endpoint


def test_esc_closes_the_list_first_and_then_empties_the_field(field: SearchField) -> None:
    look_for(field, "nordwind")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.results.isVisible(), field.text()) == (False, "nordwind")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_nothing_found_is_said(field: SearchField) -> None:
    assert look_for(field, "nobody at all") == ()
    assert field.results.words == field.accessibleDescription() == "Nothing found"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.results.isVisible()


def test_enter_opens_nothing_that_was_found_for_the_previous_words(
    window: MainWindow, field: SearchField, desk: FakeDesk
) -> None:
    shown = window.partners.detail.endpoint
    look_for(field, "tamarind")
    field.setText("nordwind")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.partners.detail.endpoint is shown
    assert desk.searches[-1][0] == "nordwind"
    run_until(lambda: [hit.title for hit in field.results.hits] == ["Nordwind Cargo"], what="the answer")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.partners.detail.endpoint is not None
    assert window.partners.detail.endpoint.partner == "Nordwind Cargo"


def test_a_failure_is_said_in_place_of_what_was_found(field: SearchField, desk: FakeDesk) -> None:
    look_for(field, "tamarind")
    desk.failure = broken_workspace()
    QTest.keyClicks(field, " log")
    run_until(lambda: not field.results.hits, what="the failure")
    assert field.results.isVisible()
    assert field.results.words == "The workspace cannot be read."
    assert field.accessibleDescription() == "The workspace cannot be read."


def test_an_answer_to_other_words_is_dropped(
    field: SearchField, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[tuple[Hit, ...]] = Future()
    with monkeypatch.context() as slowly:
        asked: list[str] = []

        def search(query: str, _opened: object) -> Future[tuple[Hit, ...]]:
            asked.append(query)
            return slow

        slowly.setattr(desk, "search", search)
        QTest.keyClicks(field, "nord")
        run_until(lambda: asked, what="the search")
    QTest.keyClicks(field, "wind")
    slow.set_result(desk.hits)
    run_until(lambda: desk.searches, what="the second search")
    run_until(field.results.isVisible, what="the results")
    assert [hit.title for hit in field.results.hits] == ["Nordwind Cargo"]


def test_the_list_closes_when_the_keyboard_goes_elsewhere(window: MainWindow, field: SearchField) -> None:
    look_for(field, "nordwind")
    window.partners.table.setFocus()
    assert not field.results.isVisible()
