"""The desk on a real workspace and the real lab: sweeps are kept, identities stay in memory, all ends."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError, WrongPasswordError
from trustdesk.core.finding import Verdict
from trustdesk.core.message import msg
from trustdesk.core.probe import Outcome, Phase
from trustdesk.core.target import parse_target
from trustdesk.services.board import State
from trustdesk.services.demo import DemoDesk, open_demo
from trustdesk.services.desk_values import SweepProgress, SweepTotals
from trustdesk.services.sweeps import KeptSweep, SweepJob
from trustdesk.services.timeline_values import TimelineGroup
from trustdesk.services.wording import wording


@pytest.fixture(scope="module")
def desk() -> Iterator[DemoDesk]:
    demo = open_demo()
    for asked in (demo.board(), demo.expiry_desk.expiry()):
        asked.result()  # their threads live as long as the desk, not as long as one test
    yield demo
    demo.close()


def test_a_sweep_is_told_step_by_step_and_kept(desk: DemoDesk) -> None:
    endpoints = [row.endpoint for row in desk.board().result()]
    steps: list[SweepProgress] = []
    totals = desk.sweep(endpoints, steps.append).future.result(timeout=30)
    assert totals.passed + totals.warned + totals.failed + totals.inconclusive == len(endpoints)
    assert totals.cancelled == 0
    for endpoint in endpoints:
        own = [step for step in steps if step.endpoint_id == endpoint.id]
        assert own[0].phase is Phase.RESOLVE
        assert own[-1].row is not None
        assert own[-1].report is not None
        kept = desk.last_report(endpoint.id).result()
        assert kept is not None
        assert kept.explanation == own[-1].report.explanation
        assert kept.record.presented_chain == own[-1].report.record.presented_chain
    assert {row.state for row in desk.board().result()} == {State.GOOD, State.BAD, State.UNKNOWN}


def test_what_ends_when_is_read_from_the_workspace(desk: DemoDesk) -> None:
    timeline = desk.expiry_desk.expiry().result().timeline
    rows = desk.board().result()

    shown = {(one.name, one.place) for one in timeline.validities if one.group is TimelineGroup.PARTNERS}
    with_a_server = {row.endpoint.partner for row in rows if row.days_left is not None}
    assert {name for name, _place in shown} == with_a_server
    assert timeline.partners == len({row.endpoint.partner for row in rows})
    assert timeline.identities == len(desk.identities().result())
    assert timeline.authorities > 0
    assert [one.subject for one in timeline.milestones] == ["clientAuth"]


def test_a_chain_gap_leaves_open_whether_the_ca_is_on_the_list(desk: DemoDesk) -> None:
    row = next(
        row for row in desk.board().result() if row.endpoint.note == "intermediate certificate not sent"
    )
    probe = desk.probe(row.endpoint.target).future.result(timeout=10)
    assert probe.explanation.cause == "server_missing_intermediate"
    assert row.on_list.state is not State.GOOD


def test_a_cancelled_sweep_keeps_what_ended_and_starts_nothing_else(desk: DemoDesk) -> None:
    silent = next(row.endpoint for row in desk.board().result() if "silent" in row.endpoint.note)
    started: Future[None] = Future()

    def progressed(step: SweepProgress) -> None:
        if step.phase is Phase.HANDSHAKE and not started.done():
            started.set_result(None)

    before = desk.last_report(silent.id).result()
    job = desk.sweep([silent], progressed)
    started.result(timeout=10)
    job.cancel()
    totals = job.future.result(timeout=2)
    assert totals.cancelled == 1
    assert desk.last_report(silent.id).result() == before


def test_the_list_in_force_decides(desk: DemoDesk) -> None:
    row = next(row for row in desk.board().result() if row.state is State.GOOD and not row.endpoint.identity)
    trusted = desk.probe(row.endpoint.target).future.result(timeout=10)
    assert trusted.verdict is Verdict.PASS
    against_the_web = desk.probe(row.endpoint.target, trust_lists=("certifi",)).future.result(timeout=10)
    assert against_the_web.record.outcome is Outcome.UNTRUSTED_PEER


def test_a_lost_identity_is_said_and_nothing_is_probed(desk: DemoDesk) -> None:
    with pytest.raises(UnusableInputError) as failure:
        desk.probe(parse_target("https://127.0.0.1:1"), identity="gone").future.result(timeout=10)
    assert "client-good" in wording("en").text(failure.value.remedy)


def test_files_that_cannot_be_used_fail_the_future(desk: DemoDesk, tmp_path: Path) -> None:
    empty = tmp_path / "empty.p12"
    empty.write_bytes(b"")
    assert isinstance(desk.open_identity(empty, None, None).exception(timeout=5), UnusableInputError)
    missing = tmp_path / "missing.pem"
    assert isinstance(desk.open_trust_list(missing).exception(timeout=5), UnusableInputError)
    assert not issubclass(UnusableInputError, WrongPasswordError)


def test_a_result_that_could_not_be_kept_fails_the_sweep() -> None:
    sweep = SweepJob(_NoProbes())
    unwritten: Future[None] = Future()
    kept = KeptSweep(sweep, lambda: unwritten)
    sweep.future.set_result(SweepTotals(passed=1, warned=0, failed=0, cancelled=0, duration_ms=1.0))
    assert not kept.future.done()
    unwritten.set_exception(EnvironmentFailureError(msg("The disk is full."), remedy=msg("Make room.")))
    assert isinstance(kept.future.exception(timeout=1), EnvironmentFailureError)


class _NoProbes:
    future: Future[int] = Future()

    def cancel(self) -> None: ...
