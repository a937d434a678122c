"""New private CA, and signing a request with one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.authorities import sample_authority
from tests.support.drops import drop_files
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk
from tests.support.identity_samples import locked_error, locked_keyring, sample_request
from tests.support.named_controls import nameless
from tests.support.on_screen import in_theme
from tests.support.request_cases import sample_case
from trustdesk.core.certificate_request import CaseState, RequestPurpose
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind
from trustdesk.core.key_store import KeyKind, KeyStoreKind
from trustdesk.core.message import msg
from trustdesk.core.private_ca import IssuedCertificate, PrivateAuthority
from trustdesk.gui.authority.new_dialog import NewAuthorityDialog
from trustdesk.gui.authority.sign_dialog import SignDialog
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.theme import ThemeMode, current_theme

GROUP = sample_authority(1, "Halden Group")
CASE = sample_case(1, "fjf-client", partner="Fjordfrakt")


def finding(rule: str, status: FindingStatus, severity: Severity = Severity.ERROR) -> Finding:
    """A finding that says nothing but how it ended."""
    return Finding(
        rule=rule,
        status=status,
        severity=severity,
        title=msg("Title"),
        evidence=msg("Evidence"),
        source="RFC 5280",
    )


PASSED = finding("CSR-3", FindingStatus.PASS)
FAILED = finding("PCA-2", FindingStatus.FAIL)


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.authority_desk.held = {1: GROUP}
    made.authority_desk.findings = (PASSED,)
    made.identity_desk.kept_cases = [CASE, sample_case(2, "done", state=CaseState.TESTED)]
    return made


@pytest.fixture
def ground(qapp: QApplication) -> Iterator[QWidget]:
    current_theme().apply(qapp)
    made = QWidget()
    made.show()
    yield made
    made.close()
    made.deleteLater()
    settle()


@pytest.fixture
def new(ground: QWidget, bridge: Bridge, desk: FakeDesk) -> Iterator[NewAuthorityDialog]:
    made = NewAuthorityDialog(ground, bridge, desk)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    made.name.setText("Halden Group")
    run_until(made.create_button.isEnabled, what="the key stores")
    yield made
    made.done(0)


@pytest.fixture
def sign(ground: QWidget, bridge: Bridge, desk: FakeDesk) -> Iterator[SignDialog]:
    made = SignDialog(ground, bridge, desk, GROUP)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    run_until(lambda: made.cases.count() > 1, what="the cases")
    yield made
    made.done(0)


def test_a_ca_is_made_as_the_form_says(new: NewAuthorityDialog, desk: FakeDesk) -> None:
    created: list[PrivateAuthority] = []
    new.created.connect(created.append)
    new.key.setCurrentIndex(new.key.findData(KeyKind.P384))
    new.limit_entry.write("DNS:fjordfrakt.example")
    new.limit_entry.add()
    new.crl_url.setText("http://crl.halden.example/group.crl")
    new.create_button.click()
    run_until(lambda: created, what="the CA")
    (job,) = desk.authority_desk.answers.jobs
    draft = job.arguments["draft"]
    assert draft.name == "Halden Group"
    assert draft.key is KeyKind.P384
    assert draft.permitted_names == ("DNS:fjordfrakt.example",)
    assert draft.crl_url == "http://crl.halden.example/group.crl"
    assert draft.store is KeyStoreKind.KEYRING
    assert not new.isVisible()


def test_what_is_no_limit_is_said_with_the_repair(new: NewAuthorityDialog) -> None:
    new.limit_entry.write("https://1r.fjordfrakt.example/FJF")
    assert "It is no limit on names." in new.limit_entry.remark.words
    new.limit_entry.add()
    assert list(new.draft.permitted_names) == []
    assert new.limit_entry.remark.link.text() == "Use DNS:1r.fjordfrakt.example instead"
    new.limit_entry.remark.link.click()
    new.limit_entry.add()
    assert list(new.draft.permitted_names) == ["DNS:1r.fjordfrakt.example"]
    new.limits.rows[0].remove_button.click()
    assert list(new.draft.permitted_names) == []


def test_without_a_limit_it_says_what_that_means(new: NewAuthorityDialog) -> None:
    assert "can certify any name" in new.no_limit.words


def test_a_limit_that_was_not_added_is_asked_about(new: NewAuthorityDialog, desk: FakeDesk) -> None:
    new.limit_entry.write("DNS:fjordfrakt.example")
    new.create_button.click()
    assert desk.authority_desk.answers.jobs == []
    assert not new.limit_entry.question.isHidden()


def test_name_and_address_are_judged_while_one_types(new: NewAuthorityDialog) -> None:
    new.crl_url.setText("https://crl.halden.example/group.crl")
    assert "without TLS" in new.crl_remark.words
    assert not new.create_button.isEnabled()
    new.crl_url.clear()
    new.name.setText("x" * 80)
    assert "at most" in new.name_remark.words
    assert not new.create_button.isEnabled()


def test_a_vault_that_is_not_there_takes_no_ca(new: NewAuthorityDialog) -> None:
    new.store.setCurrentIndex(new.store.findData(KeyStoreKind.VAULT))
    assert not new.create_button.isEnabled()
    assert "There is no vault" in new.store_problem.words


def test_a_locked_store_fails_with_a_sentence(new: NewAuthorityDialog, desk: FakeDesk) -> None:
    desk.authority_desk.answers.waits = True
    desk.identity_desk.stores[KeyStoreKind.KEYRING] = locked_keyring()
    new.create_button.click()
    assert new.is_running
    desk.authority_desk.answers.jobs[-1].fail(locked_error())
    run_until(lambda: not new.error.isHidden(), what="the error")
    assert new.error.accessibleName() == "The keyring is locked."
    assert new.create_button.isEnabled()
    assert list(desk.authority_desk.held) == [1]


def test_only_what_waits_can_be_chosen(sign: SignDialog) -> None:
    names = [sign.cases.itemText(place) for place in range(sign.cases.count())]
    assert names == ["no case, from a file", "fjf-client"]
    assert not sign.sign_button.isEnabled()


def test_a_case_is_signed_saved_and_matched(sign: SignDialog, desk: FakeDesk) -> None:
    signed: list[IssuedCertificate] = []
    matched: list[Path] = []
    sign.signed.connect(signed.append)
    sign.match_wanted.connect(matched.append)
    sign.cases.setCurrentIndex(1)
    sign.cases.activated.emit(1)
    run_until(sign.sign_button.isEnabled, what="the preflight")
    assert sign.partner.currentData() == "Fjordfrakt"
    sign.days.setText("90")
    sign.sign_button.click()
    run_until(lambda: signed, what="the certificate")
    (job,) = desk.authority_desk.answers.jobs
    assert job.arguments["validity"] == timedelta(days=90)
    assert job.arguments["purpose"] is RequestPurpose.CLIENT
    assert job.arguments["partner"] == "Fjordfrakt"
    assert not sign.match_button.isVisible(), "there is no file to match yet"
    sign.ask_file = lambda _parent, name: Path("/out") / name
    sign.save_button.click()
    run_until(sign.match_button.isVisible, what="the file")
    sign.match_button.click()
    assert matched == desk.authority_desk.saved


def test_a_finding_that_blocks_keeps_it_from_being_signed(sign: SignDialog, desk: FakeDesk) -> None:
    desk.authority_desk.findings = (PASSED, FAILED)
    sign.choose_case(CASE)
    run_until(lambda: sign.findings.rows, what="the preflight")
    assert not sign.sign_button.isEnabled()
    assert sign.verdict.words == "1 finding keeps it from being signed."
    assert sign.findings.rows[0].accessibleName() == "Failed: Title"


def test_what_was_not_run_is_no_pass(sign: SignDialog, desk: FakeDesk) -> None:
    desk.authority_desk.findings = (PASSED, finding("PCA-2", FindingStatus.NOT_RUN))
    sign.choose_case(CASE)
    run_until(sign.sign_button.isEnabled, what="the preflight")
    assert "1 rule was not run" in sign.verdict.words


def test_another_partner_is_judged_anew_before_it_can_be_signed(sign: SignDialog, desk: FakeDesk) -> None:
    sign.choose_case(CASE)
    run_until(sign.sign_button.isEnabled, what="the preflight")
    desk.authority_desk.findings = (FAILED,)
    sign.partner.setCurrentIndex(0)
    sign.partner.activated.emit(0)
    assert not sign.sign_button.isEnabled(), "what was said of another partner does not count"
    run_until(lambda: sign.blocking == 1, what="the new preflight")
    assert not sign.sign_button.isEnabled()


@pytest.mark.parametrize("days", ["", "0", "366", "9999"])
def test_more_than_a_year_is_not_signed(sign: SignDialog, days: str) -> None:
    sign.choose_case(CASE)
    run_until(sign.sign_button.isEnabled, what="the preflight")
    sign.days.setText(days)
    assert not sign.sign_button.isEnabled()
    assert "from 1 to 365 days" in sign.verdict.words
    assert sign.days.property("invalid") is True


def test_a_request_from_a_file_is_taken_by_what_it_asks_for(sign: SignDialog, desk: FakeDesk) -> None:
    csr = replace(sample_request("edge"), extended_key_usage=("serverAuth",))
    item = InspectedItem(kind=ItemKind.CSR, source="a.csr", position=0, csr=csr)
    desk.inspections["/in/a.csr"] = lambda _password: Inspection(items=(item,))
    sign.ask_request = lambda _parent: Path("/in/a.csr")
    sign.open_button.click()
    run_until(sign.sign_button.isEnabled, what="the preflight")
    assert sign.purpose.currentData() == RequestPurpose.SERVER
    assert "Subject: CN=edge" in sign.facts.text
    sign.sign_button.click()
    run_until(sign.save_button.isVisible, what="the certificate")
    assert not sign.match_button.isVisible(), "it belongs to no case of ours"


def test_a_file_that_is_read_late_does_not_take_the_place_of_a_case(
    sign: SignDialog, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[Inspection] = Future()
    monkeypatch.setattr(desk, "inspect", lambda _sources: slow)
    sign.choose_case(CASE)
    run_until(sign.sign_button.isEnabled, what="the preflight")
    sign.read(Path("/in/a.csr"))
    assert not sign.sign_button.isEnabled(), "what was chosen before is not signed as this file"
    sign.choose_case(CASE)
    item = InspectedItem(kind=ItemKind.CSR, source="a.csr", position=0, csr=sample_request("edge"))
    slow.set_result(Inspection(items=(item,)))
    run_until(sign.sign_button.isEnabled, what="the preflight")
    assert "CN=edge" not in sign.facts.text


def test_a_request_is_dropped_until_one_is_being_signed(sign: SignDialog, desk: FakeDesk) -> None:
    item = InspectedItem(kind=ItemKind.CSR, source="a.csr", position=0, csr=sample_request("edge"))
    desk.inspections["/in/a.csr"] = lambda _password: Inspection(items=(item,))
    desk.authority_desk.answers.waits = True
    assert drop_files(sign, Path("/in/a.csr"))
    run_until(sign.sign_button.isEnabled, what="the preflight")
    sign.sign_button.click()
    assert not drop_files(sign, Path("/in/a.csr")), "what is being signed stays in view"
    sign.reject()
    run_until(lambda: not sign.is_running, what="the end")
    assert drop_files(sign, Path("/in/a.csr"))


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_they_are_painted_and_every_control_has_a_name(
    new: NewAuthorityDialog, sign: SignDialog, mode: ThemeMode
) -> None:
    with in_theme(mode):
        sign.choose_case(CASE)
        run_until(sign.sign_button.isEnabled, what="the preflight")
        settle()
        for dialog in (new, sign):
            assert nameless(dialog) == []
            assert not dialog.grab().isNull()
