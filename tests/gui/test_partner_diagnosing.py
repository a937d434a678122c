"""Diagnosing a partner from its page: started, followed, cancelled, kept with its endpoint."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.support import sample_diagnoses, samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, FakeDiagnosing, broken_workspace
from tests.support.on_screen import on_screen
from trustdesk.core.diagnosis import Diagnosis, VariantProbe
from trustdesk.core.finding import Verdict
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.gui.diagnosis.bundle_dialog import BundleDialog
from trustdesk.gui.diagnosis.commands_dialog import CommandsDialog
from trustdesk.gui.diagnosis.letter_dialog import LetterDialog
from trustdesk.gui.partners.page import PartnersPage
from trustdesk.services.board import BoardRow, State, untested_row

ROWS = tuple(row for row in samples.board_rows() if row.state is not State.RUNNING)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(ROWS, reports=samples.reports())


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[PartnersPage]:
    with on_screen(qapp, lambda bridge: PartnersPage(bridge, now=lambda: samples.NOW), (1400, 860)) as made:
        made.activateWindow()
        made.set_desk(desk)
        run_until(lambda: made.model.rowCount() and made.detail.has_answer, what="the board")
        choose(made, "Nordwind Cargo")
        yield made


def row(partner: str) -> BoardRow:
    return next(one for one in ROWS if one.endpoint.partner == partner)


def choose(page: PartnersPage, partner: str) -> None:
    endpoint = row(partner).endpoint
    place = page.model.place_of(endpoint.id)
    assert place is not None
    page.table.select(place)
    run_until(lambda: page.detail.endpoint == endpoint and page.detail.has_answer, what="the partner")


def start(page: PartnersPage, desk: FakeDesk) -> FakeDiagnosing:
    page.detail.diagnose_button.click()
    return desk.diagnoses[-1]


def edit(page: PartnersPage, desk: FakeDesk, endpoint: Endpoint) -> None:
    desk.rows = tuple(untested_row(endpoint) if one.endpoint.id == endpoint.id else one for one in desk.rows)
    page.directory.changed.emit()
    run_until(lambda: page.detail.endpoint == endpoint and page.detail.has_answer, what="the change")
    settle()


def diagnosis_of(page: PartnersPage) -> Diagnosis:
    made = sample_diagnoses.diagnosis()
    return replace(made, target=page.detail.endpoint.target if page.detail.endpoint else made.target)


def finish(page: PartnersPage, job: FakeDiagnosing, diagnosis: Diagnosis) -> None:
    job.future.set_result(diagnosis)
    run_until(lambda: not page.diagnosing.is_running, what="the end of the diagnosis")
    settle()


def test_diagnose_runs_for_the_partner_with_its_identity_and_shows_each_probe(
    page: PartnersPage, desk: FakeDesk
) -> None:
    job = start(page, desk)
    endpoint = page.detail.endpoint
    assert endpoint is not None
    assert (job.target, job.identity) == (endpoint.target, endpoint.identity)
    probes = sample_diagnoses.probes()
    job.begin(probes[0])
    job.end(probes[0])
    job.begin(probes[1])
    run_until(lambda: page.diagnosing.run.running.keys() == {"P2"}, what="the second probe")
    view = page.detail.diagnosis_view
    assert view.strip.words == "Diagnosing: 1 probe made. Now: Whether it insists on a certificate."
    assert set(view.matrix.cells) == {"P1", "P2"}
    assert not view.matrix.cells["P2"].isEnabled()
    assert not page.detail.diagnose_button.isVisible()


def test_the_result_gives_the_verdict_with_who_has_to_act(page: PartnersPage, desk: FakeDesk) -> None:
    finish(page, start(page, desk), diagnosis_of(page))
    detail = page.detail
    assert detail.banner.accessibleName() == "Their list does not hold our CA"
    assert detail.banner.accessibleDescription().startswith("Partner has to act. Our side is clean")
    assert detail.letter_button.isVisible()
    assert detail.diagnose_button.isVisible()
    assert len(detail.diagnosis_view.cards) == 3


def test_escape_cancels_and_what_was_found_out_stays(page: PartnersPage, desk: FakeDesk) -> None:
    job = start(page, desk)
    made = diagnosis_of(page)
    job.so_far = replace(made, hypotheses=(), probes=made.probes[:1])
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert job.cancelled
    run_until(lambda: not page.diagnosing.is_running, what="the end")
    settle()
    assert set(page.detail.diagnosis_view.matrix.cells) == {"P1"}
    # Nothing is proved, so the verdict of the last test stays.
    assert "rejected our certificate" in page.detail.banner.accessibleName()
    assert not page.detail.letter_button.isVisible()


def test_a_failure_is_said_inline_and_the_last_result_stays(page: PartnersPage, desk: FakeDesk) -> None:
    job = start(page, desk)
    job.future.set_exception(broken_workspace())
    run_until(page.error.isVisible, what="the error")
    settle()
    assert page.error.accessibleName() == "The workspace cannot be read."
    assert "rejected our certificate" in page.detail.banner.accessibleName()
    assert page.detail.diagnose_button.isVisible()
    assert page.detail.diagnosis_view.isHidden()


def test_a_desk_that_cannot_start_says_so(page: PartnersPage, desk: FakeDesk) -> None:
    desk.failure = broken_workspace()
    page.detail.diagnose_button.click()
    assert page.error.accessibleName() == "The workspace cannot be read."
    assert not page.diagnosing.is_running


def test_another_partner_shows_nothing_of_the_diagnosis_that_runs(page: PartnersPage, desk: FakeDesk) -> None:
    job = start(page, desk)
    choose(page, "Tamarind Logistics")
    assert page.detail.diagnosis_view.isHidden()
    assert not page.detail.diagnose_button.isEnabled()
    finish(page, job, sample_diagnoses.diagnosis())
    assert page.detail.diagnosis_view.isHidden()
    assert "accepted" in page.detail.banner.accessibleName()
    assert page.detail.diagnose_button.isEnabled()
    choose(page, "Nordwind Cargo")
    assert page.detail.banner.accessibleName() == "Their list does not hold our CA"


def test_a_later_test_takes_the_diagnosis_away(page: PartnersPage, desk: FakeDesk) -> None:
    finish(page, start(page, desk), diagnosis_of(page))
    report = samples.rejected_client()
    later = replace(report.record, started_at=report.record.started_at + timedelta(minutes=5))
    page.detail.show_report(replace(report, record=later))
    assert "most likely its issuer" in page.detail.banner.accessibleName()
    assert page.detail.diagnosis_view.isHidden()


def test_on_another_day_the_diagnosis_gives_no_verdict(page: PartnersPage, desk: FakeDesk) -> None:
    finish(page, start(page, desk), diagnosis_of(page))
    desk.set_evaluation_time(samples.NOW + timedelta(days=40))
    page.set_evaluation_time(samples.NOW + timedelta(days=40))
    run_until(lambda: page.detail.has_answer, what="the result of that day")
    settle()
    assert page.detail.banner.accessibleName() != "Their list does not hold our CA"
    assert not page.detail.letter_button.isVisible()


def healthy_diagnosis(page: PartnersPage) -> Diagnosis:
    """A diagnosis that finds nothing wrong."""
    made = diagnosis_of(page)
    first = replace(made.hypotheses[0], cause="none", statement=msg("Nothing is wrong."), same_as=())
    probe = replace(made.probes[0], report=samples.healthy())
    return replace(made, probes=(probe,), hypotheses=(first,), verdict=Verdict.PASS)


def untrusted(report: ProbeReport) -> ProbeReport:
    """How every server stands by another list, in these tests."""
    said = replace(report.explanation, headline=msg("Not trusted by the other list."))
    return replace(report, verdict=Verdict.FAIL, explanation=said)


def test_by_another_list_or_evidence_the_diagnosis_gives_no_verdict(
    page: PartnersPage, desk: FakeDesk
) -> None:
    finish(page, start(page, desk), healthy_diagnosis(page))
    assert page.detail.banner.accessibleName() == "Nothing is wrong."
    assert page.detail.diagnosis_view.matrix.cells["P1"].state is State.GOOD
    desk.rejudged_now = untrusted
    page.judge_anew()
    assert page.detail.banner.accessibleName() == "Judging …"
    run_until(lambda: page.detail.has_answer, what="the result by the other list")
    settle()
    assert page.detail.banner.accessibleName() == "Not trusted by the other list."
    view = page.detail.diagnosis_view
    assert view.matrix.cells["P1"].state is State.UNKNOWN
    assert any(text.startswith("Diagnosed before the trust list") for text in texts(view))


def test_a_diagnosis_under_way_when_the_list_changes_gives_no_verdict(
    page: PartnersPage, desk: FakeDesk
) -> None:
    job = start(page, desk)
    desk.rejudged_now = untrusted
    page.judge_anew()
    run_until(lambda: page.detail.has_answer, what="the result by the other list")
    finish(page, job, healthy_diagnosis(page))
    assert page.detail.banner.accessibleName() == "Not trusted by the other list."
    finish(page, start(page, desk), healthy_diagnosis(page))
    assert page.detail.banner.accessibleName() == "Nothing is wrong."


def texts(view: QWidget) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if not label.isHidden()]


def test_a_partner_never_tested_can_be_diagnosed(page: PartnersPage, desk: FakeDesk) -> None:
    choose(page, "Umbra Charter")
    tabs = page.detail.tabs
    assert not tabs.isTabVisible(0)
    finish(page, start(page, desk), diagnosis_of(page))
    assert tabs.isTabVisible(0)
    assert tabs.currentIndex() == 0
    assert page.detail.banner.accessibleName() == "Their list does not hold our CA"


def test_a_diagnosis_of_before_says_nothing_of_an_endpoint_that_is_set_up_otherwise_since(
    page: PartnersPage, desk: FakeDesk
) -> None:
    finish(page, start(page, desk), diagnosis_of(page))
    before = page.detail.endpoint
    assert before is not None
    report = desk.reports.pop(before.id)
    edit(page, desk, replace(before, target=replace(before.target, path="/other")))
    assert page.detail.diagnosis_view.isHidden()
    assert page.detail.banner.accessibleName() == "This endpoint was not tested yet as it is set up now."
    desk.reports[before.id] = report
    edit(page, desk, before)
    assert not page.detail.diagnosis_view.isHidden()


def test_a_probe_of_the_matrix_is_asked_for_with_its_diagnosis(page: PartnersPage, desk: FakeDesk) -> None:
    wanted: list[tuple[Diagnosis, VariantProbe, bool]] = []
    page.diagnosing.probe_wanted.connect(lambda *told: wanted.append(told))
    made = diagnosis_of(page)
    finish(page, start(page, desk), made)
    page.detail.diagnosis_view.matrix.cells["P3"].click()
    assert wanted == [(made, made.probes[2], True)]
    page.judge_anew()
    settle(20)
    page.detail.diagnosis_view.matrix.cells["P3"].click()
    assert wanted[1:] == [(made, made.probes[2], False)]


def test_the_letter_is_shown_in_both_forms_copied_and_saved(
    page: PartnersPage, desk: FakeDesk, tmp_path: Path
) -> None:
    finish(page, start(page, desk), diagnosis_of(page))
    page.detail.letter_button.click()
    run_until(lambda: page.diagnosing.writing.opened is not None, what="the letter")
    letter = page.diagnosing.writing.opened
    assert isinstance(letter, LetterDialog)
    assert letter.view.toPlainText().startswith("Subject: TLS test of https://1r.nordwind-cargo.example")
    letter.form.setFocus()
    QTest.keyClick(letter.form, Qt.Key.Key_Right)
    assert letter.view.toPlainText().startswith("# TLS test of ")
    letter.view.copy_all()
    assert QGuiApplication.clipboard().text() == letter.view.toPlainText()
    file = tmp_path / "letter.md"
    letter.ask_file = lambda _parent, _name: file
    letter.save_button.click()
    run_until(letter.notice.isVisible, what="the notice")
    assert desk.saved[file].decode() == letter.view.toPlainText()
    letter.reject()
    settle()
    assert page.diagnosing.writing.opened is None


def test_a_letter_that_cannot_be_saved_says_why(page: PartnersPage, desk: FakeDesk, tmp_path: Path) -> None:
    finish(page, start(page, desk), diagnosis_of(page))
    page.detail.letter_button.click()
    run_until(lambda: page.diagnosing.writing.opened is not None, what="the letter")
    letter = page.diagnosing.writing.opened
    assert isinstance(letter, LetterDialog)
    desk.failure = broken_workspace()
    letter.ask_file = lambda _parent, _name: tmp_path / "letter.txt"
    letter.save_button.click()
    run_until(letter.error.isVisible, what="the error")
    assert letter.notice.isHidden()
    letter.reject()
    settle()


def test_the_bundle_is_previewed_before_it_is_saved(
    page: PartnersPage, desk: FakeDesk, tmp_path: Path
) -> None:
    finish(page, start(page, desk), diagnosis_of(page))
    page.detail.diagnosis_view.bundle.click()
    run_until(lambda: page.diagnosing.writing.opened is not None, what="the bundle")
    bundle = page.diagnosing.writing.opened
    assert isinstance(bundle, BundleDialog)
    run_until(bundle.names.count, what="its files")
    names = [bundle.names.item(place).text() for place in range(bundle.names.count())]
    assert names[0] == "READ-ME.txt"
    assert "probes/P4.json" in names
    bundle.names.setCurrentRow(names.index("letter.txt"))
    assert bundle.view.toPlainText().startswith("Subject:")
    file = tmp_path / "bundle.zip"
    bundle.ask_file = lambda _parent, _name: file
    bundle.save_button.click()
    run_until(bundle.notice.isVisible, what="the notice")
    assert zipfile.ZipFile(io.BytesIO(desk.saved[file])).namelist() == names
    bundle.reject()
    settle()


def test_a_closed_bundle_is_not_filled(page: PartnersPage, desk: FakeDesk) -> None:
    finish(page, start(page, desk), diagnosis_of(page))
    page.detail.diagnosis_view.bundle.click()
    run_until(lambda: page.diagnosing.writing.opened is not None, what="the bundle")
    bundle = page.diagnosing.writing.opened
    assert isinstance(bundle, BundleDialog)
    bundle.reject()
    run_until(lambda: page.diagnosing.writing.opened is None, what="its end")
    settle(20)


def test_the_commands_follow_the_probe_that_is_chosen(page: PartnersPage, desk: FakeDesk) -> None:
    finish(page, start(page, desk), diagnosis_of(page))
    page.detail.diagnosis_view.commands.click()
    commands = page.diagnosing.writing.opened
    assert isinstance(commands, CommandsDialog)
    assert [line.text.split()[0] for line in commands.lines] == ["openssl", "curl", "keytool"]
    assert "-cert client.pem" in commands.lines[0].text
    commands.choice.setCurrentIndex(2)
    assert "-tls1_2" in commands.lines[0].text
    assert "-cert" not in commands.lines[0].text.replace("-certs", "")
    commands.lines[1].copy_button.click()
    assert QGuiApplication.clipboard().text() == commands.lines[1].text
    commands.reject()
    settle()
