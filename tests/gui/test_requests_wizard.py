"""The wizard for certificate requests: what it asks, what it says while one types, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea

from tests.support import sample_certificates
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.identity_samples import locked_error, locked_keyring, sample_identity, sample_view
from tests.support.named_controls import nameless
from tests.support.on_screen import in_theme
from trustdesk.core.certificate_request import (
    CaseState,
    DraftField,
    FieldRemark,
    RequestCase,
    RequestDraft,
    RequestPurpose,
)
from trustdesk.core.finding import FindingStatus, Severity
from trustdesk.core.key_store import KeyKind, KeyStoreKind
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.requests.renewal import wish_of_renewal
from trustdesk.gui.requests.wish import Wanted, Wish, drafts_of
from trustdesk.gui.requests.wizard import RequestWizard
from trustdesk.gui.theme.theme import ThemeMode
from trustdesk.services.request_preflight import preflight
from trustdesk.services.server_commands import server_commands

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HAC = "https://1r.haldenair.example/HAC"
EVENTS = "https://events.haldenair.example/HAC-EVENTS"
BOTH = Wish(wanted=Wanted.BOTH, one_record_ids=(HAC, EVENTS), dns_names=("edge.haldenair.example",))


class Opened:
    """A wizard over a fake desk with the real rules."""

    def __init__(self, desk: FakeDesk, bridge: Bridge, wish: Wish | None) -> None:
        self.desk = desk
        self.wizard = RequestWizard(None, bridge, desk, wish=wish, now=lambda: NOW)
        self.wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.wizard.resize(1040, 640)
        self.made: list[RequestCase] = []
        self.wizard.made.connect(self.made.extend)
        self.wizard.show()
        self.wizard.activateWindow()
        run_until(lambda: self.wizard.key.is_sound, what="the key stores")

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)
        settle()

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert isinstance(focus, QLineEdit)
        QTest.keyClicks(focus, text)
        settle()


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.identity_desk.findings = lambda draft: preflight(draft, at=NOW)
    return made


@pytest.fixture
def begun(desk: FakeDesk, bridge: Bridge) -> Iterator[Opened]:
    opened = Opened(desk, bridge, None)
    yield opened
    opened.wizard.done(0)
    settle()


@pytest.fixture
def both(desk: FakeDesk, bridge: Bridge) -> Iterator[Opened]:
    opened = Opened(desk, bridge, BOTH)
    yield opened
    opened.wizard.done(0)
    settle()


def test_the_whole_way_is_open_to_the_keyboard(begun: Opened, tmp_path: Path) -> None:
    wizard = begun.wizard
    wizard.save.use_folder(tmp_path)
    begun.press(Qt.Key.Key_Return)
    assert wizard.place == 1
    begun.type(HAC)
    begun.press(Qt.Key.Key_Return)
    assert wizard.book.wish.one_record_ids == (HAC,)
    assert wizard.place == 1, "Enter adds a name, and goes on only from an empty field"
    begun.press(Qt.Key.Key_Return)
    assert wizard.place == 2
    begun.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert wizard.place == 1
    begun.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    begun.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    begun.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert wizard.place == 4
    begun.press(Qt.Key.Key_Return)
    run_until(lambda: begun.desk.saved, what="the file")
    assert [case.name for case in begun.made] == ["hac-client-2026"]
    file, data = next(iter(begun.desk.saved.items()))
    assert file == tmp_path / "hac-client-2026.csr"
    assert data.startswith(b"-----BEGIN CERTIFICATE REQUEST-----")


def test_the_preview_shows_what_will_really_be_requested(both: Opened) -> None:
    client, server = both.wizard.preview.blocks
    assert ("Subject", "CN=HAC") in client.lines
    assert ("SAN, URI", f"{HAC}\n{EVENTS}") in client.lines
    assert ("EKU", "clientAuth") in client.lines
    assert client.head.chip.accessibleName() == "Ready"
    assert ("Subject", "empty, so SAN is critical") in server.lines
    hosts = "1r.haldenair.example\nevents.haldenair.example\nedge.haldenair.example"
    assert ("SAN, DNS", hosts) in server.lines
    assert ("EKU", "serverAuth") in server.lines
    assert server.head.chip.accessibleName() == "1 hint"


def test_nothing_named_is_not_called_ready(begun: Opened) -> None:
    (client,) = begun.wizard.preview.blocks
    assert client.head.chip.accessibleName() == "Not complete"
    begun.wizard.go_to(1)
    assert not begun.wizard.next_button.isEnabled()


def test_what_is_wrong_stands_at_the_field_with_the_repair(both: Opened) -> None:
    wizard = both.wizard
    wizard.go_to(1)
    both.type("https://1r.haldenair.example/HAC/osl")
    assert wizard.names.entry.remark.words == "A 1R-ID has exactly one path segment."
    assert wizard.names.entry.edit.property("invalid") is True
    both.press(Qt.Key.Key_Return)
    assert wizard.book.wish.one_record_ids == (HAC, EVENTS), "what is wrong is not added"
    assert wizard.names.entry.remark.link.text() == "Use HAC-OSL instead"
    wizard.names.entry.remark.link.click()
    assert wizard.names.entry.text == "https://1r.haldenair.example/HAC-OSL"
    assert wizard.names.entry.remark.isHidden()


def test_an_unfinished_name_is_asked_about_and_not_lost(both: Opened) -> None:
    wizard = both.wizard
    wizard.go_to(1)
    both.type("https://1r.haldenair.example/HAC-OSL")
    wizard.next_button.click()
    assert wizard.place == 1
    assert not wizard.names.entry.question.isHidden()
    assert wizard.names.entry.text == "https://1r.haldenair.example/HAC-OSL"
    both.press(Qt.Key.Key_Return)
    wizard.next_button.click()
    assert wizard.place == 2
    assert wizard.book.wish.one_record_ids[-1] == "https://1r.haldenair.example/HAC-OSL"


def test_a_name_can_be_moved_changed_and_removed(both: Opened) -> None:
    wizard = both.wizard
    wizard.go_to(1)
    wizard.names.ids.rows[1].up_button.click()
    assert list(wizard.book.wish.one_record_ids) == [EVENTS, HAC]
    assert ("Subject", "CN=HAC-EVENTS") in wizard.preview.blocks[0].lines
    wizard.names.ids.rows[0].edit_button.click()
    assert wizard.names.entry.text == EVENTS
    assert wizard.names.entry.remark.isHidden(), "a name is not its own double while it is changed"
    wizard.names.entry.edit.setText("https://events.haldenair.example/EV")
    both.press(Qt.Key.Key_Return)
    assert list(wizard.book.wish.one_record_ids) == ["https://events.haldenair.example/EV", HAC]
    wizard.names.ids.rows[0].remove_button.click()
    assert list(wizard.book.wish.one_record_ids) == [HAC]


def test_hosts_of_the_ids_are_locked_and_the_others_are_not(both: Opened) -> None:
    wizard = both.wizard
    wizard.go_to(1)
    assert [(chip.host, chip.is_locked) for chip in wizard.names.hosts.chips] == [
        ("1r.haldenair.example", True),
        ("events.haldenair.example", True),
        ("edge.haldenair.example", False),
    ]
    wizard.names.hosts.chips[2].click()
    assert wizard.book.wish.dns_names == ()
    both.type("*.haldenair.example")
    both.press(Qt.Key.Key_Return)
    assert wizard.names.host_entry.remark.words == "ONE Record's profile has no wildcards: name each host."
    assert wizard.book.wish.dns_names == ()


def test_a_client_is_not_asked_for_hosts(begun: Opened) -> None:
    begun.wizard.go_to(1)
    assert not begun.wizard.names.hosts.isVisible()
    assert begun.wizard.names.reason.isHidden()


def test_both_says_why_there_are_two(both: Opened) -> None:
    both.wizard.go_to(1)
    assert "two requests with two keys" in both.wizard.names.reason.words


def test_esc_asks_only_where_something_was_typed(begun: Opened) -> None:
    wizard = begun.wizard
    wizard.go_to(1)
    begun.type("h")
    begun.press(Qt.Key.Key_Escape)
    assert wizard.isVisible()
    assert not wizard.question.isHidden()
    begun.press(Qt.Key.Key_Escape)
    assert wizard.question.isHidden()
    assert wizard.names.entry.text == "h"
    wizard.names.entry.edit.clear()
    begun.press(Qt.Key.Key_Escape)
    assert not wizard.isVisible()


def test_discard_closes_without_making_anything(both: Opened) -> None:
    both.wizard.book.choose(key=KeyKind.P384)
    both.wizard.cancel_button.click()
    both.wizard.leave_button.click()
    assert not both.wizard.isVisible()
    assert both.desk.identity_desk.answers.jobs == []


def test_the_check_shows_each_rule_with_its_source(both: Opened) -> None:
    both.wizard.go_to(3)
    rows = [row for shown in both.wizard.check.lists for row in shown.rows]
    assert any("CSR-3" in row.toolTip() for row in rows)
    assert all("Source: " in row.accessibleDescription() for row in rows)
    assert both.wizard.next_button.isEnabled()


def test_a_broken_rule_needs_the_persons_word(desk: FakeDesk, bridge: Bridge) -> None:
    opened = Opened(desk, bridge, replace(BOTH, wanted=Wanted.CLIENT, one_record_ids=(HAC,)))
    findings = preflight(opened.wizard.book.drafts[0], at=NOW)
    broken = tuple(
        replace(one, status=FindingStatus.FAIL, severity=Severity.ERROR) if one.rule == "CSR-3" else one
        for one in findings
    )
    desk.identity_desk.findings = lambda _draft: broken
    opened.wizard.book.put(opened.wizard.book.wish)
    opened.wizard.go_to(3)
    assert opened.wizard.preview.blocks[0].head.chip.accessibleName() == "1 problem"
    assert not opened.wizard.next_button.isEnabled()
    opened.wizard.check.agree.click()
    assert opened.wizard.next_button.isEnabled()
    opened.wizard.done(0)


def test_two_requests_are_made_with_a_key_each(both: Opened, tmp_path: Path) -> None:
    wizard = both.wizard
    wizard.save.use_folder(tmp_path)
    wizard.book.choose(key=KeyKind.RSA_3072, store=KeyStoreKind.KEYRING, partner="Fjordfrakt")
    wizard.go_to(4)
    wizard.next_button.click()
    run_until(lambda: wizard.save.made.facts, what="the result")
    (job,) = both.desk.identity_desk.answers.jobs
    assert [draft.purpose for draft in job.arguments["drafts"]] == [
        RequestPurpose.CLIENT,
        RequestPurpose.SERVER,
    ]
    assert {draft.key for draft in job.arguments["drafts"]} == {KeyKind.RSA_3072}
    assert {draft.partner for draft in job.arguments["drafts"]} == {"Fjordfrakt"}
    assert f"File: {tmp_path / 'hac-client-2026.csr'}" in wizard.save.made.facts
    assert any("Secret Service" in fact for fact in wizard.save.made.facts)
    assert "Match CA reply" in wizard.save.made.next.words
    assert {case.state for case in both.made} == {CaseState.REQUESTED}
    both.press(Qt.Key.Key_Escape)
    assert not wizard.isVisible(), "what is made is not asked about"


def test_a_file_that_is_there_is_not_replaced(both: Opened, tmp_path: Path) -> None:
    (tmp_path / "hac-client-2026.csr").write_bytes(b"older")
    both.wizard.save.use_folder(tmp_path)
    assert both.wizard.save.files[0] == tmp_path / "hac-client-2026-2.csr"


def test_names_that_are_taken_are_not_suggested(desk: FakeDesk, bridge: Bridge) -> None:
    leaf = sample_certificates.server("1r.haldenair.example", datetime(2027, 1, 1, tzinfo=UTC))
    desk.identity_desk.held["hac-client-2026"] = sample_view(sample_identity("hac-client-2026", leaf))
    opened = Opened(desk, bridge, Wish(one_record_ids=(HAC,)))
    run_until(
        lambda: opened.wizard.book.drafts[0].name == "hac-client-2026-2", what="the names that are taken"
    )
    opened.wizard.done(0)


def test_a_locked_keyring_can_be_stopped_and_nothing_is_made(both: Opened) -> None:
    answers = both.desk.identity_desk.answers
    answers.waits = True
    both.wizard.go_to(4)
    both.wizard.next_button.click()
    settle()
    assert both.wizard.making.is_running
    both.press(Qt.Key.Key_Escape)
    assert answers.jobs[-1].cancelled
    run_until(lambda: not both.wizard.making.is_running, what="the end")
    assert both.wizard.isVisible()
    assert both.made == []
    assert not both.wizard.save.error.isHidden()


def test_a_keyring_that_fails_says_why_and_can_be_tried_again(both: Opened, tmp_path: Path) -> None:
    answers = both.desk.identity_desk.answers
    both.wizard.save.use_folder(tmp_path)
    both.wizard.go_to(4)
    answers.waits = True
    both.wizard.next_button.click()
    answers.jobs[-1].fail(locked_error())
    run_until(lambda: not both.wizard.save.error.isHidden(), what="the error")
    assert both.wizard.save.error.accessibleName() == "The keyring is locked."
    answers.waits = False
    both.wizard.next_button.click()
    run_until(lambda: both.made, what="the requests")


def test_a_file_that_cannot_be_written_leaves_the_requests(both: Opened) -> None:
    both.wizard.go_to(4)
    both.desk.failure = broken_workspace()
    both.wizard.next_button.click()
    run_until(lambda: not both.wizard.save.again_button.isHidden(), what="the error")
    assert len(both.made) == 2
    assert not any(fact.startswith("File:") for fact in both.wizard.save.made.facts)
    assert "Copy the request" in both.wizard.save.made.next.words


def test_it_waits_for_the_files_and_can_be_closed_without(
    bridge: Bridge, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[Path] = Future()
    monkeypatch.setattr(desk, "save_file", lambda _file, _data: slow)
    opened = Opened(desk, bridge, Wish(one_record_ids=(HAC,)))
    opened.wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    opened.wizard.go_to(4)
    opened.wizard.next_button.click()
    run_until(lambda: opened.made, what="the request")
    assert not opened.wizard.next_button.isEnabled(), "whether the file is there is not known yet"
    opened.wizard.reject()
    settle()
    slow.set_result(Path("/in/hac.csr"))
    told: list[None] = []
    bridge.post(lambda: told.append(None))
    run_until(lambda: told, what="the turn after the answer")


def test_a_locked_store_is_offered_to_be_unlocked(both: Opened) -> None:
    wanted: list[KeyStoreKind] = []
    both.wizard.store_wanted.connect(wanted.append)
    both.desk.identity_desk.stores[KeyStoreKind.KEYRING] = locked_keyring()
    both.wizard.reload_stores()
    both.wizard.go_to(2)
    run_until(lambda: not both.wizard.key.store_button.isHidden(), what="the locked store")
    assert both.wizard.next_button.isEnabled(), "a locked one is asked for when it is needed"
    both.wizard.key.store_button.click()
    assert wanted == [KeyStoreKind.KEYRING]
    both.wizard.key.stores.cards[KeyStoreKind.VAULT].click()
    assert not both.wizard.next_button.isEnabled(), "a vault that is not there takes no key"


def test_the_server_makes_the_key_instead(both: Opened) -> None:
    wizard = both.wizard
    wizard.server_button.click()
    assert wizard.place == 2
    assert [line.text for line in wizard.server.lines] == [
        "openssl req -new -out hac-client-2026.csr",
        "openssl req -new -out hac-server-2026.csr",
    ]
    wizard.go_to(4)
    assert not wizard.save.take_buttons[RequestPurpose.SERVER].isHidden()
    wizard.next_button.click()
    assert not wizard.isVisible()
    assert both.desk.identity_desk.answers.jobs == [], "no key is made here"


def test_free_form_takes_what_is_typed(begun: Opened) -> None:
    wizard = begun.wizard
    wizard.book.choose(wanted=Wanted.FREE)
    wizard.go_to(1)
    begun.type("CN=x,O=Halden Air")
    wizard.free.purposes[0].click()
    wizard.free.entry.edit.setText("what:a")
    wizard.free.entry.add()
    assert wizard.free.entry.remark.words
    wizard.free.entry.edit.setText("DNS:a.example")
    wizard.free.entry.add()
    draft = wizard.book.drafts[0]
    assert draft.subject == "CN=x,O=Halden Air"
    assert draft.subject_alt_names == ("DNS:a.example",)
    assert draft.extended_key_usage == ("clientAuth",)


def test_a_renewal_asks_for_what_the_old_one_has() -> None:
    leaf = replace(
        sample_certificates.server("1r.haldenair.example", datetime(2027, 1, 1, tzinfo=UTC)),
        subject_alt_names=(f"URI:{HAC}", "DNS:1r.haldenair.example", "DNS:edge.haldenair.example"),
        extended_key_usage=("clientAuth", "serverAuth"),
    )
    wish = wish_of_renewal(sample_view(sample_identity("halden-2025", leaf)))
    assert wish.wanted is Wanted.BOTH
    assert wish.one_record_ids == (HAC,)
    assert wish.dns_names == ("edge.haldenair.example",)
    client, server = drafts_of(wish, year=2026)
    assert client.renews == "halden-2025"
    assert server.renews is None


def test_every_control_has_a_name(both: Opened) -> None:
    wizard = both.wizard
    for is_on_server in (False, True):
        wizard.book.choose(is_on_server=is_on_server)
        for place in range(5):
            wizard.go_to(place)
            settle()
            assert nameless(wizard) == [], f"at step {place}"


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
@pytest.mark.parametrize("width", [1040, 860, 600])
def test_every_step_is_painted_at_every_width(both: Opened, mode: ThemeMode, width: int) -> None:
    with in_theme(mode):
        both.wizard.resize(width, 640)
        for place in range(5):
            both.wizard.go_to(place)
            settle()
            assert not both.wizard.grab().isNull()
            assert both.wizard.next_button.geometry().right() <= both.wizard.width()
            assert both.wizard.preview.isVisible() is (width >= 900)


def test_a_host_that_does_not_resolve_is_a_hint_of_the_server(both: Opened) -> None:
    remark = FieldRemark(
        field=DraftField.DNS_NAMES,
        position=0,
        text=msg("{host} does not resolve from here.", host="new.haldenair.example"),
        is_obstacle=False,
    )
    both.desk.identity_desk.remarks_on_hosts = (remark,)
    both.wizard.book.choose(dns_names=("new.haldenair.example",))
    both.wizard.go_to(3)
    client, server = both.wizard.preview.blocks
    said = ("Hint", "new.haldenair.example does not resolve from here.")
    both.wizard.check.look_up.click()
    run_until(lambda: said in server.lines, what="the hint")
    assert said not in client.lines
    assert both.wizard.next_button.isEnabled(), "a host may be known only inside of a network"
    both.wizard.book.choose(dns_names=())
    assert said not in server.lines, "what was said of another host is gone with it"
    assert both.wizard.check.on_hosts.text().startswith("Whether the host names resolve was not looked up")


def test_no_name_server_is_asked_before_a_person_wants_it(
    both: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[RequestDraft] = []
    answer: Future[tuple[FieldRemark, ...]] = Future()

    def ask(draft: RequestDraft) -> Future[tuple[FieldRemark, ...]]:
        asked.append(draft)
        return answer

    monkeypatch.setattr(both.wizard.hosts, "_ask", ask)
    both.wizard.book.choose(dns_names=("new.haldenair.example",))
    for place in range(5):
        both.wizard.go_to(place)
        settle()
    assert asked == []
    both.wizard.go_to(3)
    both.wizard.check.look_up.click()
    assert len(asked) == 1
    assert not both.wizard.check.look_up.isEnabled()
    answer.set_result(())
    run_until(both.wizard.check.look_up.isEnabled, what="the answer")
    assert both.wizard.check.on_hosts.text() == "All host names resolve from here."


def test_enter_presses_the_button_that_has_the_keyboard(both: Opened) -> None:
    wizard = both.wizard
    wizard.go_to(1)
    wizard.names.ids.rows[1].remove_button.setFocus()
    both.press(Qt.Key.Key_Return)
    assert list(wizard.book.wish.one_record_ids) == [HAC]
    assert wizard.place == 1
    wizard.back_button.setFocus()
    both.press(Qt.Key.Key_Return)
    assert wizard.place == 0


def test_what_is_done_can_be_gone_back_to_from_the_rail(both: Opened) -> None:
    wizard = both.wizard
    wizard.go_to(3)
    assert [button.isEnabled() for button in wizard.rail.buttons] == [True, True, True, False, False]
    assert "done" in wizard.rail.buttons[1].accessibleName()
    wizard.rail.buttons[1].click()
    assert wizard.place == 1
    assert list(wizard.book.wish.one_record_ids) == [HAC, EVENTS], "nothing is lost"


def test_the_real_lines_are_shown_and_saved(both: Opened, tmp_path: Path) -> None:
    wizard = both.wizard
    wizard.server.use_commands(server_commands)
    wizard.server_button.click()
    client = server_commands(wizard.book.drafts[0])
    ((name, text),) = client[0].files
    shown = wizard.server.files[0]
    assert shown.toPlainText() == text.rstrip("\n"), "a file of many lines is shown as it is"
    assert [line.text for line in wizard.server.lines[: len(client[0].lines)]] == list(client[0].lines)
    wizard.ask_file = lambda _parent, suggested: tmp_path / suggested
    wizard.server.save_wanted.emit(name, text)
    assert both.desk.saved == {tmp_path / name: text.encode()}
    wizard.server.tool.set_current("keytool")
    wizard.server.show_drafts(wizard.book.drafts)
    assert wizard.server.files == []
    assert wizard.server.lines[0].text.startswith("keytool -genkeypair")


@pytest.mark.parametrize("width", [1040, 600])
def test_the_longest_names_widen_nothing(desk: FakeDesk, bridge: Bridge, width: int) -> None:
    label = "a" * 63
    ids = tuple(f"https://{label}.{one}.example/HAC-{one}" for one in range(40))
    wish = Wish(wanted=Wanted.BOTH, one_record_ids=ids, dns_names=(f"{label}.edge.example",))
    opened = Opened(desk, bridge, wish)
    opened.wizard.resize(width, 640)
    for place in range(5):
        opened.wizard.go_to(place)
        settle()
        page = opened.wizard.stack.currentWidget()
        assert isinstance(page, QScrollArea)
        body = page.widget()
        assert body is not None
        assert body.width() <= page.viewport().width(), f"step {place} is cut"
    opened.wizard.done(0)
