"""The tab Readiness: the last check of the partner in view, a new one, and a token that is never shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.fake_readiness_desk import FakeCheck
from tests.support.on_screen import on_screen
from tests.support.readiness_samples import readiness
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.readiness import HarmlessCall
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.gui.partners.expectations_dialog import ExpectationsDialog
from trustdesk.gui.partners.page import PartnersPage
from trustdesk.gui.partners.readiness_tab import ReadinessTab
from trustdesk.services.board import State
from trustdesk.services.readiness_desk import ReadinessProgress

ROWS = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)
TOKEN = "eyJhbGciOiJFUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl"


@pytest.fixture(scope="module")
def desk() -> FakeDesk:
    return FakeDesk(ROWS, reports=samples.reports())


@pytest.fixture(scope="module")
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[PartnersPage]:
    with on_screen(qapp, lambda bridge: PartnersPage(bridge, now=lambda: samples.NOW), (1400, 860)) as made:
        made.set_desk(desk)
        run_until(lambda: made.model.rowCount() and made.detail.has_answer, what="the board")
        made.detail.tabs.setCurrentIndex(_place(made))
        yield made


@pytest.fixture
def tab(page: PartnersPage, desk: FakeDesk) -> Iterator[ReadinessTab]:
    desk.readiness_desk_held.checks.clear()
    desk.readiness_desk_held.kept.clear()
    choose(page, "Aurelia Air Freight")
    choose(page, "Nordwind Cargo")
    found = page.findChild(ReadinessTab)
    assert found is not None
    yield found
    for one in desk.readiness_desk_held.checks:
        if not one.future.done():
            one.future.set_result(readiness(one.endpoint.id))
    run_until(lambda: not page.readiness.is_running, what="the end of the check")


def _place(page: PartnersPage) -> int:
    tabs = page.detail.tabs
    return next(place for place in range(tabs.count()) if tabs.tabText(place) == "Readiness")


def choose(page: PartnersPage, partner: str) -> None:
    endpoint = next(row.endpoint for row in ROWS if row.endpoint.partner == partner)
    place = page.model.place_of(endpoint.id)
    assert place is not None
    page.table.select(place)
    run_until(lambda: page.detail.endpoint == endpoint and page.detail.has_answer, what="the partner")
    run_until(lambda: page.readiness.is_read, what="its last check")


def shown(tab: ReadinessTab) -> str:
    return "\n".join(label.text() for label in tab.findChildren(QLabel) if not label.isHidden())


def begun(tab: ReadinessTab, desk: FakeDesk) -> FakeCheck:
    tab.form.button.click()
    return desk.readiness_desk_held.checks[-1]


def test_an_endpoint_that_was_not_checked_says_so_and_offers_the_check(tab: ReadinessTab) -> None:
    assert "This endpoint was not checked yet." in shown(tab)
    assert tab.findings.isHidden()
    assert tab.form.button.isEnabled()


def test_a_check_begins_with_what_was_typed_and_the_field_is_empty_from_then_on(
    page: PartnersPage, tab: ReadinessTab, desk: FakeDesk
) -> None:
    QTest.keyClicks(tab.form.token.edit, f"Bearer {TOKEN}")
    tab.form.wrong_certificate.setChecked(True)
    QTest.keyClick(tab.form.token.edit, Qt.Key.Key_Return)
    check = desk.readiness_desk_held.checks[-1]
    assert check.endpoint.partner == "Nordwind Cargo"
    assert check.wishes.tries_wrong_certificate
    assert not check.wishes.asks_for_unknown_object
    assert check.wishes.token is not None
    assert check.wishes.token.take() == TOKEN
    assert tab.form.token.text == ""
    assert tab.form.token.is_masked
    tab.form.token.edit.undo()
    assert tab.form.token.text == ""
    assert not tab.form.token.isEnabled()
    assert check.on_progress is not None
    check.on_progress(ReadinessProgress(call=HarmlessCall.OLD_VERSIONS, position=4, of=9))
    run_until(lambda: "4 of 9: ClientHello of old versions" in shown(tab), what="the step")
    check.future.set_result(readiness(check.endpoint.id))
    run_until(lambda: not page.readiness.is_running, what="the end")
    settle()
    assert "Not ready: TLS-02." in shown(tab)
    assert "Not made: No token was given." in shown(tab)
    assert "accepted: TLS 1.0" in shown(tab)
    assert tab.form.button.text() == "Check readiness"
    assert page.detail.tabs._counts[_place(page)] == "2"
    sources = [row.accessibleName() + row.accessibleDescription() for row in tab.findings.rows]
    assert any("RFC 8996" in words for words in sources)


def test_what_is_no_token_begins_nothing_and_is_not_repeated(tab: ReadinessTab, desk: FakeDesk) -> None:
    QTest.keyClicks(tab.form.token.edit, "not one but three words")
    tab.form.button.click()
    assert desk.readiness_desk_held.checks == []
    assert "This is no bearer token" in shown(tab)
    assert "three words" not in shown(tab)
    assert tab.form.token.text == ""


def test_token_typed_for_one_partner_is_gone_when_another_is_in_view(
    page: PartnersPage, tab: ReadinessTab
) -> None:
    QTest.keyClicks(tab.form.token.edit, TOKEN)
    choose(page, "Tamarind Logistics")
    assert tab.form.token.text == ""


def test_a_broker_is_offered_no_token(page: PartnersPage, tab: ReadinessTab, desk: FakeDesk) -> None:
    assert not tab.form.token.isHidden()
    choose(page, "Cóndor Andino Carga")
    assert tab.form.token.isHidden()
    assert tab.form.unknown_object.isHidden()
    assert begun(tab, desk).wishes.token is None


def test_button_and_escape_cancel_a_check(page: PartnersPage, tab: ReadinessTab, desk: FakeDesk) -> None:
    check = begun(tab, desk)
    assert tab.form.button.text() == "Cancel"
    tab.form.button.click()
    assert check.cancels == 1
    assert not tab.form.button.isEnabled()
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert check.cancels == 2


def test_a_check_stays_with_its_endpoint_and_another_one_has_to_wait(
    page: PartnersPage, tab: ReadinessTab, desk: FakeDesk
) -> None:
    check = begun(tab, desk)
    choose(page, "Tamarind Logistics")
    assert not tab.form.button.isEnabled()
    assert "Nordwind Cargo" in tab.form.button.toolTip()
    check.future.set_result(readiness(check.endpoint.id))
    run_until(lambda: not page.readiness.is_running, what="the end")
    assert "This endpoint was not checked yet." in shown(tab)
    assert tab.form.button.isEnabled()


def test_a_failure_is_told_in_its_place(page: PartnersPage, tab: ReadinessTab, desk: FakeDesk) -> None:
    check = begun(tab, desk)
    check.future.set_exception(broken_workspace())
    run_until(lambda: not page.readiness.is_running, what="the end")
    settle()
    assert broken_workspace().problem.id in shown(tab)


def test_a_check_that_cannot_be_read_does_not_stand_as_never_made(
    page: PartnersPage, tab: ReadinessTab, desk: FakeDesk
) -> None:
    desk.readiness_desk_held.failure = broken_workspace()
    choose(page, "Tamarind Logistics")
    desk.readiness_desk_held.failure = None
    assert broken_workspace().problem.id in shown(tab)
    assert "not checked yet" not in shown(tab)
    choose(page, "Nordwind Cargo")
    assert "This endpoint was not checked yet." in shown(tab)


def test_the_last_check_is_read_when_the_partner_is_chosen(
    page: PartnersPage, tab: ReadinessTab, desk: FakeDesk
) -> None:
    endpoint = next(row.endpoint for row in ROWS if row.endpoint.partner == "Tamarind Logistics")
    desk.readiness_desk_held.kept[endpoint.id] = readiness(endpoint.id)
    choose(page, "Tamarind Logistics")
    settle()
    assert "Not ready: TLS-02." in shown(tab)
    assert len(tab.findings.rows) == len(readiness().findings)


def test_what_checks_go_by_is_shown_changed_and_refused_in_its_dialog(
    page: PartnersPage, tab: ReadinessTab, desk: FakeDesk
) -> None:
    held = desk.readiness_desk_held
    held.settings_held = WorkspaceSettings(own_endpoint="https://ours.example", due_after_hours=7)
    tab.form.expectations.click()
    dialog = tab.findChild(ExpectationsDialog)
    assert dialog is not None
    run_until(dialog.save_button.isEnabled, what="the settings")
    assert dialog.endpoint.text() == "https://ours.example"
    held.refusal = UnusableInputError(msg("This is no version of the API."), remedy=msg("Write 2.3.0."))
    dialog.version.setText("newest")
    dialog.save_button.click()
    run_until(dialog.error.isVisible, what="the refusal")
    held.refusal = None
    dialog.version.setText(" 2.2.0 ")
    QTest.keyClick(dialog.version, Qt.Key.Key_Return)
    run_until(lambda: dialog.is_gone, what="the end of the dialog")
    assert held.settings_held == WorkspaceSettings(
        own_endpoint="https://ours.example", required_api_version="2.2.0", due_after_hours=7
    )


def test_the_rules_of_the_last_test_stand_there_whether_it_was_checked_or_not(
    page: PartnersPage, tab: ReadinessTab
) -> None:
    report = page.detail.report
    assert report is not None
    assert not tab.test_findings.isHidden()
    assert len(tab.test_findings.rows) == len(report.findings) > 3
    choose(page, "Monsoon Air Cargo")
    other = page.detail.report
    assert other is not None
    assert len(tab.test_findings.rows) == len(other.findings) == 1, "nothing of the one before stays"
    tab.show_test(())
    assert tab.test_findings.isHidden()
