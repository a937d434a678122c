"""The tab Requests: the list of cases, the one in view, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.drops import drop_files
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen, painted
from tests.support.request_cases import LEAF, NOW, sample_case
from trustdesk.core.certificate_request import CaseState, RequestPurpose
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.requests.cases_page import CasesPage, consequences
from trustdesk.gui.requests.csr_files import request_pem
from trustdesk.gui.requests.dialogs import RequestDialogs
from trustdesk.gui.requests.take_dialog import TakeDialog
from trustdesk.gui.requests.wizard import RequestWizard
from trustdesk.gui.theme.theme import ThemeMode
from trustdesk.gui.words import say

WAITS = sample_case(1, "hac", partner="Fjordfrakt", renews="halden-2025")
LATE = sample_case(2, "edge", days=30, has_key=False, purpose=RequestPurpose.SERVER)
ISSUED = sample_case(3, "oslo", state=CaseState.ISSUED, certificate=LEAF, identity="oslo")


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.identity_desk.kept_cases = [WAITS, LATE, ISSUED]
    return made


@pytest.fixture
def page(qapp: QApplication) -> Iterator[CasesPage]:
    with on_screen(qapp, lambda bridge: CasesPage(bridge, now=lambda: NOW), (1240, 780)) as made:
        made.activateWindow()
        settle()
        yield made


@pytest.fixture
def shown(page: CasesPage, desk: FakeDesk) -> CasesPage:
    page.set_desk(desk)
    run_until(lambda: page.cases, what="the cases")
    settle()
    return page


def row_words(page: CasesPage, place: int) -> list[str]:
    model = page.table.model()
    return [str(model.index(place, column).data()) for column in range(model.columnCount())]


def test_nothing_is_said_before_the_cases_are_read(page: CasesPage, desk: FakeDesk) -> None:
    assert not page.empty.isVisible()
    page.set_evaluation_time(NOW)
    assert not page.empty.isVisible(), "another day reads nothing"
    page.set_desk(desk)
    page.reload(reveal=WAITS.id)
    page.set_evaluation_time(None)
    assert not page.empty.isVisible()
    run_until(lambda: page.cases, what="the cases")
    assert page.detail.case == WAITS, "the wish outlives another day"


def test_without_cases_there_are_ways_to_begin(page: CasesPage, desk: FakeDesk) -> None:
    desk.identity_desk.kept_cases = []
    wanted: list[str] = []
    page.new_wanted.connect(lambda: wanted.append("new"))
    page.take_wanted.connect(lambda: wanted.append("take"))
    page.set_desk(desk)
    run_until(page.empty.isVisible, what="the empty state")
    page.empty.new_button.click()
    page.empty.take_button.click()
    assert wanted == ["new", "take"]


def test_the_list_says_state_partner_age_and_where_the_key_is(shown: CasesPage) -> None:
    assert row_words(shown, 2) == [
        "hac",
        "Requested",
        "ONE Record client",
        "Fjordfrakt",
        "2 days",
        "EC P-256",
        "OS keyring",
    ]
    assert row_words(shown, 1)[-1] == "On the server"
    assert "ask the CA" in str(shown.table.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)), (
        "what is late is said in words"
    )


def test_only_what_waits_for_the_ca_is_counted(page: CasesPage, desk: FakeDesk) -> None:
    counts: list[int] = []
    page.waiting_changed.connect(counts.append)
    page.set_desk(desk)
    run_until(lambda: counts, what="the count")
    assert counts == [2]


def test_the_case_in_view_follows_the_selection(shown: CasesPage) -> None:
    assert shown.detail.case == ISSUED
    QTest.keyClick(shown.table, Qt.Key.Key_Down)
    QTest.keyClick(shown.table, Qt.Key.Key_Down)
    assert shown.detail.case == WAITS
    assert "For partner: Fjordfrakt" in shown.detail.facts.text
    assert "Renews: halden-2025" in shown.detail.facts.text
    assert not shown.detail.match_button.isHidden()
    assert shown.detail.installed_button.isHidden()


def test_the_request_is_copied_and_saved_again(shown: CasesPage, desk: FakeDesk) -> None:
    shown.detail.copy_button.click()
    assert QGuiApplication.clipboard().text() == request_pem(ISSUED.request)
    shown.ask_file = lambda _parent, name: Path("/somewhere") / name
    shown.detail.save_button.click()
    run_until(shown.notice.isVisible, what="the notice")
    assert desk.saved == {Path("/somewhere/oslo.csr"): request_pem(ISSUED.request).encode()}


def test_a_case_goes_on_to_installed_and_tested(shown: CasesPage, desk: FakeDesk) -> None:
    shown.detail.installed_button.click()
    run_until(lambda: not shown.detail.tested_button.isHidden(), what="installed")
    assert shown.detail.case is not None
    assert shown.detail.case.id == ISSUED.id, "the case in view stays in view"
    assert shown.detail.path.accessibleName() == "Step 3 of 4: Installed"
    shown.detail.tested_button.click()
    run_until(lambda: desk.identity_desk.kept_cases[2].state is CaseState.TESTED, what="tested")


def test_dropping_says_what_follows_and_asks(shown: CasesPage, desk: FakeDesk) -> None:
    shown.reload(reveal=WAITS.id)
    run_until(lambda: shown.detail.case == WAITS, what="the case")
    shown.table.setFocus()
    QTest.keyClick(shown.table, Qt.Key.Key_Delete)
    assert shown.dropping is not None
    shown.dropping.activateWindow()
    settle()
    assert QApplication.focusWidget() is shown.dropping.close_button, "Enter drops nothing"
    shown.dropping.reject()
    assert desk.identity_desk.answers.jobs == []
    shown.detail.drop_button.click()
    shown.dropping.agree_button.click()
    run_until(lambda: len(shown.cases) == 2, what="the shorter list")
    assert "is dropped" in shown.notice.words


def test_what_follows_depends_on_where_the_key_is() -> None:
    assert "is deleted" in " ".join(say(words) for words in consequences(WAITS))
    assert "stays on the server" in say(consequences(LATE)[0])
    assert "The identity oslo stays" in say(consequences(ISSUED)[0])


def test_a_reading_that_fails_is_said_and_no_empty_state(page: CasesPage, desk: FakeDesk) -> None:
    desk.identity_desk.answers.failure = broken_workspace()
    page.set_desk(desk)
    run_until(lambda: not page.error.isHidden(), what="the error")
    assert not page.empty.isVisible()
    assert not page.table.isVisible()
    assert not page.detail.isVisible(), "there is nothing that its buttons could act on"


def test_ages_are_counted_to_the_day_that_is_looked_at(shown: CasesPage) -> None:
    shown.set_evaluation_time(NOW + timedelta(days=20))
    assert row_words(shown, 2)[4] == "22 days"


def test_names_from_a_file_are_shown_as_text(page: CasesPage, desk: FakeDesk) -> None:
    desk.identity_desk.kept_cases = [sample_case(9, "<b>x\u202e\n")]
    page.set_desk(desk)
    run_until(lambda: page.cases, what="the case")
    assert "\u202e" not in row_words(page, 0)[0]


def test_every_control_has_a_name(shown: CasesPage) -> None:
    assert nameless(shown) == []


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
@pytest.mark.parametrize("width", [1240, 680])
def test_it_is_painted_at_every_width(shown: CasesPage, mode: ThemeMode, width: int) -> None:
    assert painted(shown, mode, (width, 780))


def test_a_request_from_elsewhere_is_taken_in(bridge: Bridge, desk: FakeDesk, page: CasesPage) -> None:
    csr = WAITS.request
    item = InspectedItem(kind=ItemKind.CSR, source="a.csr", position=0, csr=csr)
    desk.inspections["/in/a.csr"] = lambda _password: Inspection(items=(item,))
    dialog = TakeDialog(page, bridge, desk)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    taken: list[object] = []
    dialog.taken.connect(taken.append)
    dialog.show()
    assert nameless(dialog) == []
    dialog.ask_file = lambda _parent: Path("/in/a.csr")
    dialog.choose_button.click()
    run_until(dialog.take_button.isEnabled, what="the request")
    assert "Subject: CN=hac" in dialog.facts.text
    assert dialog.purpose.currentData() == RequestPurpose.CLIENT
    dialog.take_button.click()
    run_until(lambda: taken, what="the case")
    assert desk.identity_desk.kept_cases[-1].key is None


def test_nothing_of_one_file_is_taken_in_under_the_name_of_another(
    bridge: Bridge, desk: FakeDesk, page: CasesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = InspectedItem(kind=ItemKind.CSR, source="a.csr", position=0, csr=WAITS.request)
    desk.inspections["/in/a.csr"] = lambda _password: Inspection(items=(item,))
    dialog = TakeDialog(page, bridge, desk)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    dialog.read(Path("/in/a.csr"))
    run_until(dialog.take_button.isEnabled, what="the request")
    desk.inspections["/in/b.txt"] = lambda _password: Inspection()
    dialog.read(Path("/in/b.txt"))
    assert not dialog.take_button.isEnabled()
    run_until(lambda: not dialog.error.isHidden(), what="the error")
    assert not dialog.take_button.isEnabled()
    assert "CN=hac" not in dialog.facts.text
    dialog.done(0)


def test_a_file_without_a_request_says_so(bridge: Bridge, desk: FakeDesk, page: CasesPage) -> None:
    desk.inspections["/in/b.txt"] = lambda _password: Inspection()
    dialog = TakeDialog(page, bridge, desk)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    assert drop_files(dialog, Path("/in/b.txt"), Path("/in/c.txt"))
    run_until(lambda: not dialog.error.isHidden(), what="the error")
    assert dialog.error.accessibleName() == "There is no certificate request in it."
    assert not dialog.take_button.isEnabled()


def opened_wizard(dialogs: RequestDialogs) -> RequestWizard | None:
    """Ask for a new request; return the wizard that is open then."""
    dialogs.new_request()
    return dialogs.wizard


def test_the_dialogs_open_once_and_tell_what_was_changed(
    bridge: Bridge, desk: FakeDesk, page: CasesPage
) -> None:
    dialogs = RequestDialogs(bridge, page, now=lambda: NOW)
    assert opened_wizard(dialogs) is None, "without a desk there is nothing to open"
    dialogs.set_desk(desk)
    first = opened_wizard(dialogs)
    assert first is not None
    assert opened_wizard(dialogs) is first
    first.reject()
    assert dialogs.wizard is None
    dialogs.take_in()
    dialogs.ask_for_reply()
    assert dialogs.taking is not None
    assert dialogs.matching is not None
    dialogs.taking.reject()
    dialogs.matching.reject()
    settle()
