"""Explain an error, and Rehearse."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.support import samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, broken_workspace
from tests.support.on_screen import on_screen
from trustdesk.core.message import msg
from trustdesk.gui.handshake.explain_dialog import ExplainDialog
from trustdesk.gui.handshake.page import HandshakePage
from trustdesk.gui.handshake.rehearsal_dialog import RehearsalDialog
from trustdesk.lab.rehearsal import Style
from trustdesk.services.desk_values import RunningRehearsal
from trustdesk.services.explaining import ExplainedMessage

CURL = "curl: (56) OpenSSL SSL_read: error:0A000418:SSL routines::tlsv1 alert unknown ca, errno 0"


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[HandshakePage]:
    with on_screen(qapp, lambda bridge: HandshakePage(bridge, now=lambda: samples.NOW), (1200, 800)) as made:
        made.set_desk(desk)
        made.activateWindow()
        settle()
        yield made


@pytest.fixture
def explain(page: HandshakePage) -> Iterator[ExplainDialog]:
    page.open_target(samples.healthy().record.target, None, run=False)
    page.focus_target()
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = page.helpers.explaining
    assert dialog is not None
    yield dialog
    if page.helpers.explaining is not None:
        dialog.reject()
    settle()


@pytest.fixture
def rehearsal(page: HandshakePage) -> Iterator[RehearsalDialog]:
    page.helpers.rehearse_button.click()
    dialog = page.helpers.rehearsal
    assert dialog is not None
    yield dialog
    if page.helpers.rehearsal is not None:
        dialog.reject()
    settle()


def texts(dialog: ExplainDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]


def test_a_pasted_message_is_explained_without_a_press(explain: ExplainDialog) -> None:
    explain.box.setPlainText(CURL)
    run_until(lambda: explain.cards, what="the explanation")
    settle()
    shown = texts(explain)
    assert "The other side does not know the CA of the certificate that it got." in shown
    assert "Where our side wrote it" in shown
    assert "The server does not know the CA of our certificate." in shown


def test_an_unknown_text_is_said_to_be_unknown(explain: ExplainDialog) -> None:
    explain.box.setPlainText("all is well")
    explain.explain()
    run_until(lambda: explain.hint.text().startswith("Nothing in this text is known."), what="the hint")
    assert explain.cards == []


def test_a_text_that_is_too_long_says_what_to_do(explain: ExplainDialog) -> None:
    explain.box.setPlainText("x" * 20_000)
    explain.explain()
    run_until(lambda: "Paste the lines around the error" in explain.hint.text(), what="the hint")


def test_an_explanation_that_comes_late_does_not_stand_below_another_text(
    explain: ExplainDialog, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[tuple[ExplainedMessage, ...]] = Future()
    answer = desk.explain(CURL).result()
    monkeypatch.setattr(desk, "explain", lambda _text: slow)
    explain.box.setPlainText(CURL)
    explain.explain()
    explain.box.setPlainText("")
    explain.explain()
    slow.set_result(answer)
    settle(20)
    assert explain.cards == []


def test_test_it_here_runs_the_target_of_the_form(
    page: HandshakePage, explain: ExplainDialog, desk: FakeDesk
) -> None:
    explain.test_button.click()
    settle()
    assert desk.probes[-1].target == samples.healthy().record.target
    assert page.helpers.explaining is None


def test_without_a_target_there_is_nothing_to_test(page: HandshakePage) -> None:
    page.helpers.explain_button.click()
    dialog = page.helpers.explaining
    assert dialog is not None
    assert dialog.test_button.isHidden()
    dialog.reject()
    settle()


def test_the_styles_are_those_of_the_lab(rehearsal: RehearsalDialog) -> None:
    offered = {rehearsal.manner.itemData(place) for place in range(rehearsal.manner.count())}
    assert offered == {style.value for style in Style}


def test_a_rehearsal_names_its_address_and_tells_of_each_client(
    rehearsal: RehearsalDialog, desk: FakeDesk
) -> None:
    rehearsal.choose_ca_file(Path("/somewhere/cas.pem"))
    rehearsal.manner.setCurrentIndex(rehearsal.manner.findData("go"))
    rehearsal.start_button.click()
    run_until(lambda: rehearsal.is_running, what="the server")
    server = desk.rehearsals[-1]
    assert (server.style, server.client_ca_file) == ("go", Path("/somewhere/cas.pem"))
    assert rehearsal.address.text == "127.0.0.1:40123"
    assert rehearsal.server_name.text == "rehearsal.example"
    server.say(msg("Refused: {sha256}. {reason}", sha256="ab", reason=msg("A certificate has expired.")))
    server.say(msg("No client certificate came."))
    run_until(lambda: rehearsal.verdicts.count() == 2, what="the verdicts")
    assert rehearsal.verdicts.item(0).text() == "Refused: ab. A certificate has expired."
    assert not rehearsal.manner.isEnabled()


def test_stop_ends_the_server_and_start_begins_anew(rehearsal: RehearsalDialog, desk: FakeDesk) -> None:
    rehearsal.start_button.click()
    run_until(lambda: rehearsal.is_running, what="the server")
    rehearsal.start_button.click()
    assert desk.rehearsals[-1].stopped
    assert rehearsal.state_words == "Stopped"
    desk.rehearsals[-1].say(msg("No client certificate came."))
    rehearsal.start_button.click()
    run_until(lambda: rehearsal.is_running, what="the second server")
    assert len(desk.rehearsals) == 2
    assert rehearsal.verdicts.count() == 0


def test_the_server_ends_with_the_dialog(
    page: HandshakePage, rehearsal: RehearsalDialog, desk: FakeDesk
) -> None:
    rehearsal.start_button.click()
    run_until(lambda: rehearsal.is_running, what="the server")
    rehearsal.close()
    assert desk.rehearsals[-1].stopped
    settle()
    assert page.helpers.rehearsal is None


def test_a_server_that_comes_up_after_the_dialog_has_gone_is_stopped(
    rehearsal: RehearsalDialog, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[RunningRehearsal] = Future()
    answer = desk.rehearse("go", None, lambda _verdict: None).result()
    monkeypatch.setattr(desk, "rehearse", lambda _style, _file, _tell: slow)
    rehearsal.start_button.click()
    rehearsal.close()
    settle()
    slow.set_result(answer)
    run_until(lambda: desk.rehearsals[-1].stopped, what="its end")


def test_a_file_without_cas_is_said_inline(rehearsal: RehearsalDialog, desk: FakeDesk) -> None:
    desk.failure = broken_workspace()
    rehearsal.start_button.click()
    run_until(rehearsal.error.isVisible, what="the error")
    assert rehearsal.state_words == "Not started"
    assert rehearsal.start_button.isEnabled()
