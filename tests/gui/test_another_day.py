"""Evaluate at on the pages Partners and Handshake: all follows the day, and nothing stays green by chance."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import sample_diagnoses, samples
from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk, FakeRejudging, broken_workspace
from tests.support.on_screen import on_screen, window_with_pages
from trustdesk.core.diagnosis import CertificateChoice, Diagnosis, ProbeVariant
from trustdesk.core.finding import Verdict
from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeReport, Rejudgement
from trustdesk.gui.handshake.page import HandshakePage
from trustdesk.gui.handshake.run_book import RunKind
from trustdesk.gui.partners.arrange import Filter
from trustdesk.gui.partners.page import PartnersPage
from trustdesk.gui.window import PARTNERS, MainWindow
from trustdesk.services.board import BoardRow, State, awaiting, board_row

ROWS = tuple(
    row
    for row in samples.board_rows()
    if row.state is not State.RUNNING and not (row.state is State.UNKNOWN and row.tested_at is not None)
)
TESTED = tuple(row for row in ROWS if row.tested_at is not None)
LATER = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER_STILL = datetime(2028, 3, 1, 12, tzinfo=UTC)


def failing_then(report: ProbeReport, at: datetime) -> ProbeReport:
    """How everything is on another day, in these tests."""
    return replace(
        report,
        verdict=Verdict.FAIL,
        explanation=replace(report.explanation, headline=msg("It fails on {day}.", day=f"{at:%Y-%m-%d}")),
        rejudged=Rejudgement(at=at, is_chosen=True, outcome=report.record.outcome),
    )


@pytest.fixture
def desk() -> FakeDesk:
    desk = FakeDesk(ROWS, reports=samples.reports())
    desk.rejudged = failing_then
    return desk


@pytest.fixture
def window(qapp: QApplication, desk: FakeDesk) -> Iterator[MainWindow]:
    with on_screen(qapp, window_with_pages, (1440, 900)) as made:
        made.set_desk(desk)
        made.show_page(PARTNERS)
        run_until(
            lambda: made.partners.model.rowCount() and made.partners.detail.has_answer, what="the board"
        )
        yield made


@pytest.fixture
def page(window: MainWindow) -> PartnersPage:
    return window.partners


def on(window: MainWindow, desk: FakeDesk, at: datetime | None) -> FakeRejudging:
    """Choose a day, and wait until the judging of its rows has begun."""
    before = len(desk.rejudgings)
    window.evaluate_at(at)
    run_until(lambda: len(desk.rejudgings) > before, what="the judging")
    return desk.rejudgings[-1]


def row_on(row: BoardRow, at: datetime) -> BoardRow:
    report = samples.reports()[row.endpoint.id]
    return board_row(row.endpoint, failing_then(report, at), at)


def tell_all(judging: FakeRejudging, at: datetime) -> None:
    judging.tell(*(row_on(row, at) for row in TESTED))
    judging.finish()


def test_nothing_of_today_stays_in_view_while_another_day_is_judged(
    window: MainWindow, page: PartnersPage, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "board", Future[tuple[BoardRow, ...]])
    monkeypatch.setattr(desk, "last_report", lambda _id: Future[ProbeReport | None]())
    window.evaluate_at(LATER)
    assert {row.state for row in page.model.rows} == {State.UNKNOWN}
    assert {row.server.state for row in page.model.rows} == {State.UNKNOWN}
    assert page.filters.chip(Filter.FAILING).count == 0
    assert page.detail.banner.accessibleName() == "Judging …"


def test_rows_detail_chips_and_rail_follow_the_day(
    window: MainWindow, page: PartnersPage, desk: FakeDesk
) -> None:
    judging = on(window, desk, LATER)
    assert judging.at == LATER
    assert {one.id for one in judging.endpoints} == {row.endpoint.id for row in TESTED}
    failing: list[int] = []
    page.failing_changed.connect(failing.append)
    tell_all(judging, LATER)
    run_until(lambda: not page.judging.is_running, what="the end of the judging")
    assert {row.state for row in page.model.rows if row.tested_at is not None} == {State.BAD}
    assert page.filters.chip(Filter.FAILING).count == len(TESTED)
    assert failing[-1] == len(TESTED)
    run_until(lambda: page.detail.has_answer, what="the detail")
    assert page.detail.banner.accessibleName() == "It fails on 2027-03-01."


def test_a_board_that_was_read_for_another_day_is_not_shown(
    window: MainWindow, page: PartnersPage, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[tuple[BoardRow, ...]] = Future()
    with monkeypatch.context() as asked_before:
        asked_before.setattr(desk, "board", lambda: slow)
        page.reload()
    on(window, desk, LATER)
    slow.set_result(ROWS)
    settle(20)
    assert {row.state for row in page.model.rows} == {State.UNKNOWN}


def test_today_brings_back_what_was_tested(window: MainWindow, page: PartnersPage, desk: FakeDesk) -> None:
    tell_all(on(window, desk, LATER), LATER)
    run_until(lambda: not page.judging.is_running, what="the end of the judging")
    window.evaluate_at(None)
    run_until(lambda: {row.state for row in page.model.rows} != {State.UNKNOWN}, what="today's board")
    run_until(lambda: page.detail.has_answer, what="the detail")
    assert set(page.model.rows) == set(ROWS)
    assert "fails on" not in page.detail.banner.accessibleName()


def test_another_day_stops_the_judging_of_the_first_and_its_rows_are_dropped(
    window: MainWindow, page: PartnersPage, desk: FakeDesk
) -> None:
    first = on(window, desk, LATER)
    second = on(window, desk, LATER_STILL)
    assert (first.cancelled, second.at) == (True, LATER_STILL)
    first.tell(row_on(TESTED[0], LATER))
    second.tell(row_on(TESTED[1], LATER_STILL))
    run_until(lambda: page.judging.done == 1, what="the row of the second day")
    shown = page.model.row_of(TESTED[0].endpoint.id)
    assert shown is not None
    assert shown.is_due
    assert page.model.row_of(TESTED[1].endpoint.id) == row_on(TESTED[1], LATER_STILL)


def test_cancelling_says_of_the_rest_that_it_is_not_judged(
    window: MainWindow, page: PartnersPage, desk: FakeDesk
) -> None:
    judging = on(window, desk, LATER)
    judging.tell(row_on(TESTED[0], LATER))
    run_until(lambda: page.judging.done == 1, what="the first row")
    assert window.status_bar.words == f"Judging again: 1 of {len(TESTED)}"
    window.status_bar.cancelled.emit()
    assert judging.cancelled
    rest = [row for row in page.model.rows if row.tested_at and row.endpoint.id != TESTED[0].endpoint.id]
    assert {row.server.word.id for row in rest} == {"Not judged"}
    assert not any(row.is_due for row in rest)
    assert page.model.row_of(TESTED[0].endpoint.id) == row_on(TESTED[0], LATER)


def test_a_failure_of_the_judging_is_said_and_leaves_nothing_green(
    window: MainWindow, page: PartnersPage, desk: FakeDesk
) -> None:
    on(window, desk, LATER).future.set_exception(broken_workspace())
    run_until(page.error.isVisible, what="the error")
    assert {row.state for row in page.model.rows} == {State.UNKNOWN}


def test_a_test_made_on_another_day_is_judged_for_that_day_afterwards(
    window: MainWindow, page: PartnersPage, desk: FakeDesk
) -> None:
    tell_all(on(window, desk, LATER), LATER)
    run_until(lambda: not page.judging.is_running, what="the end of the judging")
    page.run_all()
    good = next(row for row in TESTED if row.state is State.GOOD)
    desk.sweeps[-1].end(good, samples.reports()[good.endpoint.id])
    run_until(lambda: page.sweep.tally.done == 1, what="the result")
    assert page.sweep.tally.passed == 1
    assert page.model.row_of(good.endpoint.id) == awaiting(good)
    before = len(desk.rejudgings)
    desk.sweeps[-1].finish()
    run_until(lambda: len(desk.rejudgings) > before, what="the judging after the sweep")
    assert desk.rejudgings[-1].at == LATER


def test_a_day_chosen_in_a_sweep_is_judged_when_the_sweep_has_ended(
    window: MainWindow, page: PartnersPage, desk: FakeDesk
) -> None:
    page.run_all()
    window.evaluate_at(LATER)
    settle()
    assert {row.state for row in page.model.rows} == {State.UNKNOWN}
    assert desk.rejudgings == []
    desk.sweeps[-1].finish()
    run_until(lambda: desk.rejudgings, what="the judging after the sweep")
    assert {one.id for one in desk.rejudgings[-1].endpoints} == {row.endpoint.id for row in TESTED}


def test_a_sweep_stops_the_judging_and_what_is_left_is_judged_afterwards(
    window: MainWindow, page: PartnersPage, desk: FakeDesk
) -> None:
    judging = on(window, desk, LATER)
    page.run_all()
    assert judging.cancelled
    before = len(desk.rejudgings)
    desk.sweeps[-1].finish()
    run_until(lambda: len(desk.rejudgings) > before, what="the judging after the sweep")


def test_another_list_in_force_reads_the_board_again_and_judges_what_is_due(
    window: MainWindow, page: PartnersPage, desk: FakeDesk
) -> None:
    desk.rows = tuple(awaiting(row) if row is TESTED[0] else row for row in ROWS)
    window.top_bar.list_chosen.emit("certifi")
    run_until(lambda: desk.rejudgings, what="the judging")
    assert [one.id for one in desk.rejudgings[-1].endpoints] == [TESTED[0].endpoint.id]
    assert desk.rejudgings[-1].at is None


def test_the_banner_says_what_is_judged_and_what_is_not(window: MainWindow, desk: FakeDesk) -> None:
    on(window, desk, LATER)
    assert window.as_of.words == "Judged as of 2027-03-01."
    assert window.as_of.isVisible()


@pytest.fixture
def handshake(window: MainWindow, desk: FakeDesk) -> HandshakePage:
    """The page with one healthy result."""
    page = window.handshake
    window.show_page("handshake")
    report = samples.healthy()
    page.open_target(report.record.target, None, run=True)
    run_until(lambda: desk.probes, what="the probe")
    desk.probes[-1].future.set_result(report)
    run_until(lambda: not page.is_running and page.banner.isVisible(), what="the result")
    return page


def test_a_handshake_is_judged_for_the_day_and_its_messages_stay(
    window: MainWindow, handshake: HandshakePage, desk: FakeDesk
) -> None:
    today = handshake.banner.accessibleName()
    messages = handshake.columns.messages.ladder.accessibleName()
    on(window, desk, LATER)
    run_until(lambda: "fails on" in handshake.banner.accessibleName(), what="the verdict of the day")
    assert handshake.banner.accessibleName() == "It fails on 2027-03-01."
    assert handshake.columns.messages.ladder.accessibleName() == messages
    window.evaluate_at(None)
    assert handshake.banner.accessibleName() == today


def test_a_handshake_shows_no_verdict_of_today_while_the_day_is_judged(
    window: MainWindow, handshake: HandshakePage, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: Future[ProbeReport] = Future()
    monkeypatch.setattr(desk, "rejudge_report", lambda _report, *, trust_list: slow)
    on(window, desk, LATER)
    assert handshake.banner.accessibleName() == "Judging …"
    window.evaluate_at(None)
    today = handshake.banner.accessibleName()
    slow.set_result(failing_then(samples.healthy(), LATER))
    settle(20)
    assert handshake.banner.accessibleName() == today != "Judging …"


def test_a_handshake_run_on_another_day_is_judged_for_it(
    window: MainWindow, handshake: HandshakePage, desk: FakeDesk
) -> None:
    on(window, desk, LATER)
    QTest.keyClick(handshake, Qt.Key.Key_F5)
    run_until(lambda: len(desk.probes) == 2, what="the second probe")
    desk.probes[-1].future.set_result(samples.healthy())
    run_until(lambda: not handshake.is_running, what="the end of the run")
    run_until(lambda: "fails on" in handshake.banner.accessibleName(), what="the verdict of the day")


def healthy_matrix() -> Diagnosis:
    """A diagnosis of a healthy server, with our certificate and without."""
    report = samples.healthy()
    plain = samples.healthy_without_mtls()
    plain = replace(plain, record=replace(plain.record, target=report.record.target))
    made = sample_diagnoses.diagnosis()
    first = replace(made.hypotheses[0], cause="none", statement=msg("Nothing is wrong."), same_as=())
    without = ProbeVariant(certificate=CertificateChoice.NONE)
    probes = (
        sample_diagnoses.probe(1, report, ProbeVariant(), "as it is given"),
        sample_diagnoses.probe(2, plain, without, "without our certificate"),
    )
    return replace(
        made, target=report.record.target, probes=probes, hypotheses=(first,), verdict=Verdict.PASS
    )


@pytest.fixture
def matrix(window: MainWindow, desk: FakeDesk) -> HandshakePage:
    """The page with the form filled for a matrix, on another day."""
    page = window.handshake
    window.show_page("handshake")
    page.open_target(healthy_matrix().target, "client-good", run=False)
    run_until(lambda: page.form.identity == "client-good", what="the identity")
    on(window, desk, LATER)
    return page


def end_matrix(page: HandshakePage, desk: FakeDesk) -> Diagnosis:
    page.run_matrix()
    made = healthy_matrix()
    desk.diagnoses[-1].future.set_result(made)
    run_until(lambda: not page.is_running, what="the end of the matrix")
    return made


def verdicts(page: HandshakePage) -> list[str]:
    """The banners of both runs and of every probe, as a person would turn to them."""
    said = []
    for kind in RunKind:
        page.columns.messages.kind_chosen.emit(str(kind))
        said.append(said_in(page))
    for cell in page.columns.messages.diagnosis.matrix.cells.values():
        cell.click()
        said.append(said_in(page))
    return said


def said_in(page: HandshakePage) -> str:
    """The banner once what is in view has been judged."""
    run_until(lambda: page.banner.accessibleName() != "Judging …", what="the judgement")
    return page.banner.accessibleName()


def cell_states(page: HandshakePage) -> set[State]:
    return {cell.state for cell in page.columns.messages.diagnosis.matrix.cells.values()}


def test_a_matrix_run_on_another_day_is_judged_for_it_with_all_its_probes(
    window: MainWindow, matrix: HandshakePage, desk: FakeDesk
) -> None:
    end_matrix(matrix, desk)
    assert cell_states(matrix) == {State.UNKNOWN}
    assert set(verdicts(matrix)) == {"It fails on 2027-03-01."}
    window.evaluate_at(None)
    settle()
    assert cell_states(matrix) == {State.GOOD}
    assert "It fails on 2027-03-01." not in verdicts(matrix)


def test_a_probe_opened_from_partners_is_judged_for_the_day(
    window: MainWindow, matrix: HandshakePage, desk: FakeDesk
) -> None:
    made = healthy_matrix()
    matrix.show_probe(made, made.probes[0])
    assert said_in(matrix) == "It fails on 2027-03-01."
    assert set(verdicts(matrix)) == {"It fails on 2027-03-01."}


def test_a_probe_says_nothing_while_it_is_judged_nor_when_that_fails(
    window: MainWindow, matrix: HandshakePage, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = healthy_matrix()
    slow: list[Future[ProbeReport]] = []

    def judge(_report: ProbeReport, *, trust_list: str | None) -> Future[ProbeReport]:
        slow.append(Future())
        return slow[-1]

    monkeypatch.setattr(desk, "rejudge_report", judge)
    matrix.show_probe(made, made.probes[0])
    assert matrix.banner.accessibleName() == "Judging …"
    slow[-1].set_exception(broken_workspace())
    assert said_in(matrix) == "The workspace cannot be read."


def test_a_plain_run_is_not_shown_as_an_earlier_one_was_judged(
    window: MainWindow, matrix: HandshakePage, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix.form.select_identity(None)
    matrix.run()
    desk.probes[-1].future.set_result(samples.healthy_without_mtls())
    run_until(lambda: not matrix.is_running, what="the end of the run")
    said_in(matrix)
    matrix.form.select_identity("client-good")
    monkeypatch.setattr(desk, "rejudge_report", lambda _report, *, trust_list: Future[ProbeReport]())
    end_matrix(matrix, desk)
    matrix.columns.messages.kind_chosen.emit(str(RunKind.TLS))
    assert matrix.banner.accessibleName() == "Judging …"


def refused_now(report: ProbeReport) -> ProbeReport:
    said = replace(report.explanation, headline=msg("It fails now."))
    return replace(report, verdict=Verdict.FAIL, explanation=said)


@pytest.mark.parametrize("change", ["list", "evidence"])
def test_runs_and_probes_are_judged_anew_by_another_list_or_evidence(
    window: MainWindow, matrix: HandshakePage, desk: FakeDesk, change: str
) -> None:
    window.evaluate_at(None)
    end_matrix(matrix, desk)
    assert matrix.banner.accessibleName() == "Nothing is wrong."
    desk.rejudged_now = refused_now
    if change == "list":
        window.top_bar.list_chosen.emit("certifi")
    else:
        window.inspector.evidence_changed.emit()
    run_until(lambda: matrix.banner.accessibleName() == "It fails now.", what="the verdict of now")
    assert set(desk.judged_by) == {"certifi" if change == "list" else "lab"}
    assert cell_states(matrix) == {State.UNKNOWN}
    assert set(verdicts(matrix)) == {"It fails now."}
    # There and back again: the present is not the moment of the test any more.
    window.evaluate_at(LATER)
    window.evaluate_at(None)
    assert set(verdicts(matrix)) == {"It fails now."}


def test_a_run_under_way_when_the_evidence_changes_is_judged_anew(
    window: MainWindow, matrix: HandshakePage, desk: FakeDesk
) -> None:
    window.evaluate_at(None)
    matrix.run()
    desk.rejudged_now = refused_now
    window.inspector.evidence_changed.emit()
    desk.probes[-1].future.set_result(samples.healthy())
    run_until(lambda: matrix.banner.accessibleName() == "It fails now.", what="the verdict of now")
    matrix.run()
    desk.probes[-1].future.set_result(samples.healthy())
    run_until(lambda: not matrix.is_running, what="the end of the run")
    assert said_in(matrix) not in {"It fails now.", "Judging …"}


def test_a_probe_of_a_partner_diagnosed_before_the_change_is_judged_anew(
    window: MainWindow, matrix: HandshakePage, desk: FakeDesk
) -> None:
    window.evaluate_at(None)
    desk.rejudged_now = refused_now
    made = healthy_matrix()
    matrix.show_probe(made, made.probes[0], is_current=False)
    settle(20)
    assert cell_states(matrix) == {State.UNKNOWN}
    assert set(verdicts(matrix)) == {"It fails now."}
