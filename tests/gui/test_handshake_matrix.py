"""The probe matrix on Handshake, the workflow, the copies, and who would send which certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.support import sample_diagnoses, samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, FakeDiagnosing, broken_workspace
from tests.support.on_screen import on_screen
from trustdesk.core.diagnosis import Diagnosis
from trustdesk.gui.handshake.page import HandshakePage
from trustdesk.gui.handshake.run_book import RunKind

LADDER, WORKFLOW, DIAGNOSIS = 0, 3, 4


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk()
    made.matches = sample_diagnoses.matches()
    return made


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[HandshakePage]:
    with on_screen(qapp, lambda bridge: HandshakePage(bridge, now=lambda: samples.NOW), (1300, 860)) as made:
        made.set_desk(desk)
        made.activateWindow()
        made.open_target(sample_diagnoses.diagnosis().target, "client-good", run=False)
        run_until(lambda: made.form.identity == "client-good", what="the identity")
        yield made


def run(page: HandshakePage, desk: FakeDesk) -> FakeDiagnosing:
    page.run_matrix()
    return desk.diagnoses[-1]


def finish(page: HandshakePage, job: FakeDiagnosing) -> Diagnosis:
    made = sample_diagnoses.diagnosis()
    job.future.set_result(made)
    run_until(lambda: not page.is_running, what="the end of the matrix")
    settle()
    return made


def probe(page: HandshakePage, desk: FakeDesk) -> None:
    page.run()
    desk.probes[-1].future.set_result(samples.rejected_client())
    run_until(lambda: not page.is_running, what="the end of the run")
    settle()


def texts(page: HandshakePage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_ctrl_f5_runs_the_matrix_for_the_form_and_turns_to_its_tab(
    page: HandshakePage, desk: FakeDesk
) -> None:
    page.focus_target()
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_F5, Qt.KeyboardModifier.ControlModifier)
    job = desk.diagnoses[-1]
    assert (job.identity, job.trust_lists) == ("client-good", ("lab",))
    assert page.is_running
    assert page.columns.messages.tabs.currentIndex() == DIAGNOSIS


def test_run_and_matrix_never_run_together(page: HandshakePage, desk: FakeDesk) -> None:
    run(page, desk)
    page.run()
    page.run_matrix()
    assert (len(desk.probes), len(desk.diagnoses)) == (0, 1)


def test_escape_cancels_the_matrix(page: HandshakePage, desk: FakeDesk) -> None:
    job = run(page, desk)
    job.so_far = replace(sample_diagnoses.diagnosis(), hypotheses=())
    page.focus_target()
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert job.cancelled
    run_until(lambda: not page.is_running, what="the end")
    assert page.banner.accessibleName() != "Their list does not hold our CA"


def test_the_result_gives_the_verdict_and_both_columns(page: HandshakePage, desk: FakeDesk) -> None:
    finish(page, run(page, desk))
    assert page.banner.accessibleName() == "Their list does not hold our CA"
    shown = texts(page)
    assert "TLS and mTLS side by side" in shown
    assert "Refused as expected" in shown
    assert "Rejected by partner" in shown


def test_a_cell_opens_the_ladder_of_its_probe(page: HandshakePage, desk: FakeDesk) -> None:
    made = finish(page, run(page, desk))
    page.columns.messages.diagnosis.matrix.cells["P3"].click()
    settle()
    assert page.columns.messages.tabs.currentIndex() == LADDER
    assert page.matrix.probe is made.probes[2]
    assert page.matrix.probe_kind is RunKind.TLS
    assert any(text.startswith("P3: TLS, TLS 1.2, ") for text in texts(page))
    # Another probe's refusal is its own; the diagnosis speaks for the target as it was given.
    assert page.banner.accessibleName() != "Their list does not hold our CA"


def test_choosing_a_run_closes_the_probe(page: HandshakePage, desk: FakeDesk) -> None:
    made = finish(page, run(page, desk))
    page.matrix.open_probe(made.probes[3])
    page.columns.messages.kind_chosen.emit(str(RunKind.MTLS))
    assert page.matrix.probe is None
    assert page.banner.accessibleName() == "Their list does not hold our CA"


def test_a_failure_takes_the_tab_away_and_is_said(page: HandshakePage, desk: FakeDesk) -> None:
    job = run(page, desk)
    job.future.set_exception(broken_workspace())
    run_until(lambda: not page.is_running, what="the end")
    settle()
    assert page.banner.accessibleName() == "The workspace cannot be read."
    assert page.columns.messages.tabs.count() == DIAGNOSIS


def test_a_desk_that_cannot_start_says_so(page: HandshakePage, desk: FakeDesk) -> None:
    desk.failure = broken_workspace()
    page.run_matrix()
    assert page.banner.accessibleName() == "The workspace cannot be read."
    assert not page.is_running


def test_another_target_forgets_the_diagnosis(page: HandshakePage, desk: FakeDesk) -> None:
    finish(page, run(page, desk))
    page.open_target(samples.healthy().record.target, None, run=False)
    settle()
    assert page.matrix.diagnosis is None
    assert page.columns.messages.tabs.count() == DIAGNOSIS


def test_a_probe_of_a_partners_diagnosis_is_shown_with_it(page: HandshakePage, desk: FakeDesk) -> None:
    made = sample_diagnoses.diagnosis()
    page.show_probe(made, made.probes[3])
    settle()
    assert page.matrix.diagnosis is made
    assert any(text.startswith("P4: mTLS, TLS 1.2, ") for text in texts(page))
    assert page.columns.messages.tabs.count() == DIAGNOSIS + 1


def test_the_workflow_ticks_only_what_the_run_in_view_proves(page: HandshakePage, desk: FakeDesk) -> None:
    probe(page, desk)
    page.columns.messages.tabs.setCurrentIndex(WORKFLOW)
    settle()
    names = [row.accessibleName() for row in page.columns.messages.workflow.rows]
    assert [name.split(",")[1].split(".")[0].strip() for name in names] == [
        "proved",
        "proved",
        "proved",
        "proved",
        "failed",
        "not run",
        "not run",
    ]
    assert names[4].endswith("Alert unknown_ca (48) came back.")


def test_the_cost_of_a_second_request_is_said_where_it_was_measured(
    page: HandshakePage, desk: FakeDesk
) -> None:
    report = samples.healthy()
    assert report.record.http is not None
    http = replace(report.record.http, reused_connection_ms=8.4)
    page.run()
    desk.probes[-1].future.set_result(replace(report, record=replace(report.record, http=http)))
    run_until(lambda: not page.is_running, what="the end")
    assert page.columns.messages.workflow.reuse == (
        "A second request on the open connection took 8.4 ms; with a new one, 66.2 ms."
    )


def test_a_run_is_copied_as_text_mermaid_and_commands(page: HandshakePage, desk: FakeDesk) -> None:
    button = page.columns.messages.copy_as
    assert button.isHidden()
    probe(page, desk)
    assert button.isVisible()
    copies = {}
    for action in button.forms.actions():
        if action.text() and not action.text().endswith("…"):
            action.trigger()
            copies[action.text()] = QGuiApplication.clipboard().text()
    assert list(copies) == [
        "Text",
        "Mermaid diagram",
        "Command for openssl",
        "Command for curl",
        "Command for keytool",
    ]
    assert "client_hello" in copies["Text"]
    assert copies["Mermaid diagram"].startswith("sequenceDiagram\n    participant U as client-good\n")
    assert copies["Command for openssl"].startswith("openssl s_client ")
    assert "-cert client.pem" in copies["Command for openssl"]


def test_a_certificate_request_says_who_would_send_which_identity(
    page: HandshakePage, desk: FakeDesk
) -> None:
    probe(page, desk)
    matches = page.columns.fields.matches
    run_until(lambda: matches.has_matches, what="the matches")
    assert not matches.isVisible()
    rows = [event.message for event in samples.rejected_client().record.timeline]
    page.columns.messages.ladder.current_changed.emit(rows.index("certificate_request"))
    settle()
    assert matches.isVisible()
    shown = texts(page)
    assert "client-good: Java, Go stay silent" in shown
    assert "OpenSSL, curl, Python, Node would send it." in shown
    words = [label.accessibleName() for label in matches.findChildren(QLabel)]
    assert "client-expired, .NET: maybe. It depends on the store." in words


def test_a_server_that_asked_for_none_is_joined_with_nothing(page: HandshakePage, desk: FakeDesk) -> None:
    probe(page, desk)
    run_until(lambda: page.columns.fields.matches.has_matches, what="the matches")
    page.run()
    desk.probes[-1].future.set_result(samples.healthy_without_mtls())
    run_until(lambda: not page.is_running, what="the end")
    settle()
    assert not page.columns.fields.matches.has_matches
