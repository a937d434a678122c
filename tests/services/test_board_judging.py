"""Many rows judged again: the first on the thread, the rest in a worker process, and both say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.pki import NOW
from tests.support.probes import record
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.services import board_judging
from trustdesk.services.board import BoardRow, State
from trustdesk.services.board_judging import BoardJudging, JudgingProcess
from trustdesk.services.rejudging_worker import Viewpoint
from trustdesk.services.reporting import report_on
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.judge import PathJudge

ROOT = pki.root(not_after=NOW + timedelta(days=4000))
LIST = pki.trust_list(ROOT)
LATER = NOW + timedelta(days=100)
COUNT = 12


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    workspace = Workspace.open(tmp_path)
    yield Directory(workspace)
    workspace.close()


@pytest.fixture
def endpoints(directory: Directory) -> tuple[Endpoint, ...]:
    """Every second one expires before LATER, and one was never tested."""
    made = []
    judge = PathJudge([LIST])
    for number in range(COUNT):
        host = f"h{number}.example"
        server = pki.server(ROOT, host, not_after=NOW + timedelta(days=300 if number % 2 else 50))
        judgement = judge.judge_server([server.der], host, NOW)
        report = report_on(record(f"https://{host}", presented_chain=(server.facts,), judgement=judgement))
        endpoint = directory.add_endpoint(host, parse_target(host)).result()
        directory.record_report(endpoint.id, report).result()
        made.append(endpoint)
    made.insert(5, directory.add_endpoint("never", parse_target("never.example")).result())
    return tuple(made)


@pytest.fixture
def process() -> Iterator[JudgingProcess]:
    made = JudgingProcess()
    yield made
    made.close()


def run(
    directory: Directory,
    endpoints: Sequence[Endpoint],
    process: JudgingProcess,
    told: list[BoardRow],
) -> BoardJudging:
    viewpoint = Viewpoint(trust_lists=(LIST,), at=LATER, now=NOW, own={})
    return BoardJudging(directory, endpoints, viewpoint, lambda _: PathJudge([LIST]), process, told.extend)


def test_thread_and_process_say_the_same_in_the_order_asked(
    directory: Directory,
    endpoints: tuple[Endpoint, ...],
    process: JudgingProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board_judging, "CHUNK", 4)
    rows: list[list[BoardRow]] = []
    for at_once in (100, 4, 0):
        monkeypatch.setattr(board_judging, "AT_ONCE", at_once)
        told: list[BoardRow] = []
        job = run(directory, endpoints, process, told)
        job.run()
        assert job.future.result(0) == COUNT
        rows.append(told)
    assert rows[0] == rows[1] == rows[2]
    assert [row.endpoint for row in rows[0]] == [one for one in endpoints if one.partner != "never"]
    assert [row.state for row in rows[0]] == [State.BAD, State.WARNING] * (COUNT // 2)


def test_a_run_that_is_cancelled_in_the_process_tells_nothing_more(
    directory: Directory,
    endpoints: tuple[Endpoint, ...],
    process: JudgingProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board_judging, "CHUNK", 2)
    monkeypatch.setattr(board_judging, "AT_ONCE", 2)
    told: list[BoardRow] = []
    job = run(directory, endpoints, process, told)

    def take(rows: Sequence[BoardRow]) -> None:
        told.extend(rows)
        job.cancel()

    monkeypatch.setattr(job, "_on_rows", take)
    job.run()
    assert job.future.result(0) == len(told) == 2


def test_a_process_that_dies_is_said_and_the_next_run_has_another(
    directory: Directory,
    endpoints: tuple[Endpoint, ...],
    process: JudgingProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board_judging, "AT_ONCE", 2)
    lost: Future[list[BoardRow]] = Future()
    lost.set_exception(BrokenProcessPool())
    told: list[BoardRow] = []
    with monkeypatch.context() as broken:
        broken.setattr(process, "submit", lambda *_: lost)
        job = run(directory, endpoints, process, told)
        job.run()
    assert isinstance(job.future.exception(0), EnvironmentFailureError)
    assert len(told) == 2
    again = run(directory, endpoints, process, told)
    again.run()
    assert again.future.result(0) == COUNT
