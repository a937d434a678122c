"""The real desk on the real lab, looked at on another day and by another list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

import pytest

from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Outcome, ProbeReport
from trustdesk.services import live_reports, report_process
from trustdesk.services.board import BoardRow, State
from trustdesk.services.board_judging import AT_ONCE
from trustdesk.services.demo import DemoDesk, open_demo
from trustdesk.services.wording import wording

FAR = datetime(2090, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def swept() -> Iterator[DemoDesk]:
    demo = open_demo()
    endpoints = [row.endpoint for row in demo.board().result()]
    demo.sweep(endpoints, lambda _step: None).future.result(timeout=30)
    # Threads that live as long as the desk.
    demo.rejudge((), lambda _rows: None).future.result(timeout=10)
    demo.expiry_desk.expiry().result(timeout=10)
    demo.directory_desk.partner(endpoints[0].partner).result(timeout=10)
    demo.history_desk.history(endpoints[0].id).result(timeout=10)
    demo.report_desk.write_board(Path("a.docx"), None).future.exception(timeout=10)
    yield demo
    demo.close()


@pytest.fixture
def desk(swept: DemoDesk) -> Iterator[DemoDesk]:
    yield swept
    swept.set_evaluation_time(None)
    swept.use_trust_list("lab").result()


def judged(desk: DemoDesk) -> dict[str, BoardRow]:
    """The board with what is due judged again, by what is wrong with the lab's server."""
    rows = {row.endpoint.id: row for row in desk.board().result()}
    due = [row.endpoint for row in rows.values() if row.is_due]

    def take(chunk: Sequence[BoardRow]) -> None:
        rows.update({row.endpoint.id: row for row in chunk})

    assert desk.rejudge(due, take).future.result(timeout=30) == len(due)
    return {row.endpoint.note or row.endpoint.partner: row for row in rows.values()}


def endpoint_of(desk: DemoDesk, state: State, *, has_identity: bool = False) -> Endpoint:
    return next(
        row.endpoint
        for row in desk.board().result()
        if row.state is state and (row.endpoint.identity is not None) is has_identity
    )


def test_today_by_the_list_that_tested_nothing_is_due(desk: DemoDesk) -> None:
    assert not any(row.is_due for row in desk.board().result())


def test_on_a_far_day_nothing_passes_and_rejections_stay(desk: DemoDesk) -> None:
    today = judged(desk)
    desk.set_evaluation_time(FAR)
    waiting = [row for row in desk.board().result() if row.tested_at is not None]
    assert {row.state for row in waiting} == {State.UNKNOWN}
    assert all(row.is_due for row in waiting)
    far = judged(desk)
    assert not any(row.is_due for row in far.values())
    assert not [row for row in far.values() if row.state in {State.GOOD, State.WARNING}]
    for name, row in today.items():
        if row.mtls.state is State.BAD:
            assert far[name].state is State.BAD, name
        if row.days_left is not None:
            assert (far[name].days_left or 0) < 0, name


def test_detail_and_table_say_the_same_on_every_day(desk: DemoDesk) -> None:
    for day in (FAR, datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(days=20)):
        desk.set_evaluation_time(day)
        for row in judged(desk).values():
            report = desk.last_report(row.endpoint.id).result()
            assert report is not None
            assert report.explanation == row.explanation
            assert report.rejudged is not None
            assert report.rejudged.at == day


def test_a_far_day_changes_neither_the_gate_nor_what_is_kept(desk: DemoDesk) -> None:
    endpoint = endpoint_of(desk, State.GOOD, has_identity=True)
    desk.set_evaluation_time(FAR)
    ended: list[ProbeReport] = []
    desk.sweep([endpoint], lambda step: ended.append(step.report) if step.report else None).future.result(10)
    assert [report.record.outcome for report in ended] == [Outcome.ACCEPTED]
    assert ended[0].record.client_auth.sent
    desk.set_evaluation_time(None)
    kept = desk.last_report(endpoint.id).result()
    assert kept is not None
    assert (kept.record.outcome, kept.rejudged) == (Outcome.ACCEPTED, None)


def test_another_list_in_force_judges_the_kept_chains(desk: DemoDesk) -> None:
    before = judged(desk)
    desk.use_trust_list("certifi").result()
    after = judged(desk)
    for name, row in before.items():
        if row.server.state is State.GOOD:
            assert after[name].server.state is State.BAD, name
            assert after[name].on_list.state is not State.GOOD, name
    desk.use_trust_list("lab").result()
    assert judged(desk) == before


def test_a_report_is_judged_for_the_day_by_the_list_that_is_named(desk: DemoDesk) -> None:
    report = desk.last_report(endpoint_of(desk, State.GOOD).id).result()
    assert report is not None
    desk.set_evaluation_time(datetime.now(UTC) + timedelta(hours=1))
    by_lab = desk.rejudge_report(report, trust_list="lab").result(10)
    by_the_web = desk.rejudge_report(report, trust_list="certifi").result(10)
    assert by_lab.record.judgement is not None
    assert by_lab.record.judgement.trusted
    assert by_the_web.record.judgement is not None
    assert not by_the_web.record.judgement.trusted
    assert "trusted by the list lab" in wording("en").text(by_lab.explanation.headline)


def test_a_cancelled_run_tells_nothing_more_and_another_takes_its_place(desk: DemoDesk) -> None:
    desk.set_evaluation_time(FAR)
    endpoints = [row.endpoint for row in desk.board().result()]
    begun: Future[None] = Future()
    go_on: Future[None] = Future()
    told: list[BoardRow] = []

    def hold(rows: Sequence[BoardRow]) -> None:
        told.extend(rows)
        begun.set_result(None)
        go_on.result(timeout=10)

    first = desk.rejudge((endpoints * 4)[:AT_ONCE], hold)
    begun.result(timeout=10)
    second: list[BoardRow] = []
    job = desk.rejudge(endpoints, second.extend)
    go_on.set_result(None)
    assert job.future.result(timeout=30) == len(second) == len(endpoints)
    assert first.future.result(timeout=1) == len(told) <= 50


def reported(desk: DemoDesk, file: Path) -> dict[str, object]:
    """Have all endpoints reported on, as JSON."""
    written = desk.report_desk.write_board(file, None).future.result(timeout=30)
    assert written.file == file
    document = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def states(document: dict[str, object]) -> dict[str, str]:
    partners = document["partners"]
    assert isinstance(partners, list)
    return {partner["note"] or partner["partner"]: partner["state"] for partner in partners}


def test_a_report_says_what_the_table_says_on_every_day_and_by_every_list(
    desk: DemoDesk, tmp_path: Path
) -> None:
    file = tmp_path / "board.json"
    assert states(reported(desk, file)) == {name: row.state.value for name, row in judged(desk).items()}
    desk.use_trust_list("certifi").result()
    assert states(reported(desk, file)) == {name: row.state.value for name, row in judged(desk).items()}
    desk.use_trust_list("lab").result()
    desk.set_evaluation_time(FAR)
    document = reported(desk, file)
    assert document["evaluated_at"] == "2090-01-01T00:00:00Z"
    assert "good" not in states(document).values()
    assert states(document) == {name: row.state.value for name, row in judged(desk).items()}


def test_a_sheet_holds_the_partners_endpoints_and_what_ends_there(desk: DemoDesk, tmp_path: Path) -> None:
    endpoint = endpoint_of(desk, State.GOOD, has_identity=True)
    file = tmp_path / "sheet.json"
    written = desk.report_desk.write_sheet(file, endpoint.partner).future.result(timeout=30)
    assert written.file == file
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["partner"]["name"] == endpoint.partner
    (found,) = [one for one in document["endpoints"] if one["endpoint"] == endpoint.target.endpoint]
    assert found["result"]["verdict"] == "pass"
    assert any(one["what"].startswith("Server certificate of") for one in found["endings"])
    assert any(one["what"] == f"Our certificate {endpoint.identity}" for one in found["endings"])


def test_a_sheet_of_nobody_is_refused(desk: DemoDesk, tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError):
        desk.report_desk.write_sheet(tmp_path / "a.html", "Nobody").future.result(timeout=30)
    with pytest.raises(UnusableInputError):
        desk.report_desk.write_board(tmp_path / "a.docx", None).future.result(timeout=30)
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_report_writes_nothing(desk: DemoDesk, tmp_path: Path) -> None:
    held = Event()

    def wait(_done: int, _total: int) -> None:
        held.wait(30)

    desk.report_desk.write_board(tmp_path / "a.csv", None, wait)
    job = desk.report_desk.write_board(tmp_path / "b.csv", None)
    job.cancel()
    held.set()
    assert job.future.result(timeout=30).file is None
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    "ending",
    [
        "json",
        pytest.param("html", marks=pytest.mark.exhaustive),
        pytest.param("csv", marks=pytest.mark.exhaustive),
    ],
)
def test_a_worker_process_writes_the_same_octets(
    desk: DemoDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """Also of another day, by the policies of partners that have one."""
    desk.set_evaluation_time(FAR)
    told: list[tuple[int, int]] = []
    made: list[bytes] = []
    for least in (10_000, 0):
        monkeypatch.setattr(live_reports, "IN_PROCESS_FROM", least)
        file = tmp_path / f"{least}.{ending}"
        job = desk.report_desk.write_board(file, None, lambda done, total: told.append((done, total)))
        assert job.future.result(timeout=60).file == file
        made.append(file.read_bytes())
        assert told[-1][0] <= told[-1][1]
    assert without_the_hour(made[0]) == without_the_hour(made[1])


def without_the_hour(data: bytes) -> bytes:
    """Take out when it was made, which is another time for each."""
    return re.sub(rb"\d\d:\d\d(:\d\d)?", b"", data)


@pytest.mark.exhaustive
def test_a_worker_process_that_dies_is_a_failure_with_a_remedy(
    desk: DemoDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_reports, "IN_PROCESS_FROM", 0)
    monkeypatch.setattr(report_process, "make_report", dies)
    file = tmp_path / "a.json"
    file.write_text("old")
    with pytest.raises(EnvironmentFailureError):
        desk.report_desk.write_board(file, None).future.result(timeout=60)
    assert file.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def dies(pipe: Connection) -> None:
    """Take the order and end."""
    pipe.recv()
