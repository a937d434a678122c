"""What gives way in the history gives way while a desk is open, and no longer."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support import samples
from tests.support.pasts import Past
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.services import housekeeping
from trustdesk.services import precedence as precedences
from trustdesk.services.housekeeping import Housekeeping
from trustdesk.services.precedence import Precedence
from trustdesk.storage.directory import Directory
from trustdesk.storage.observations import ObservationStore
from trustdesk.storage.settings import SettingsStore
from trustdesk.storage.workspace import Workspace

WAIT_S = 30


class _Clock:
    def now(self) -> datetime:
        return samples.NOW


def old_history(workspace: Workspace, endpoints: int) -> list[int]:
    directory = Directory(workspace)
    target = parse_target("https://1r.example/")
    ids = [directory.add_endpoint(f"P{n}", target).result().id for n in range(endpoints)]
    report = samples.healthy()

    def on(day: int) -> ProbeReport:
        return replace(report, record=replace(report.record, started_at=samples.NOW - timedelta(days=day)))

    directory.record_reports([(one, on(day)) for one in ids for day in (40, 30, 1)]).result()
    return ids


def test_every_endpoint_is_looked_at_in_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.open(tmp_path)
    ids = old_history(workspace, 7)
    SettingsStore(workspace).write(WorkspaceSettings(keep_days=10)).result()
    store = Past(workspace)
    steps: list[bool] = []
    all_done = threading.Event()
    tidy = ObservationStore.tidy

    def note(done: Future[bool]) -> None:
        steps.append(done.result())
        if not done.result():
            all_done.set()

    def three(self: ObservationStore, now: datetime, _most: int) -> Future[bool]:
        done = tidy(self, now, 3)
        done.add_done_callback(note)
        return done

    monkeypatch.setattr(ObservationStore, "tidy", three)
    monkeypatch.setattr(housekeeping, "_APART_S", 0.0)
    keeping = Housekeeping(workspace, _Clock(), Precedence())
    keeping.begin()
    keeping.begin()
    assert all_done.wait(WAIT_S)
    assert steps == [True, True, False]
    assert [len(store.observations_of(one).result()) for one in ids] == [1] * 7
    keeping.close()
    workspace.close()


def test_a_desk_that_closes_waits_for_no_further_step(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace.open(tmp_path)
    old_history(workspace, 60)
    never_begun = Housekeeping(workspace, _Clock(), Precedence())
    never_begun.close()
    never_begun.begin()
    # It stands between two steps, which are apart, or waits for something that goes first.
    answer: Future[None] = Future()
    precedence = Precedence()
    precedence.first(answer)
    keeping = Housekeeping(workspace, _Clock(), precedence)
    keeping.begin()
    keeping.close()
    workspace.close()
    assert caplog.text == ""


def test_reading_gives_way_until_what_goes_first_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedences, "_PAINTING_S", 0.0)
    precedence = Precedence()
    precedence.give_way()
    answer: Future[str] = Future()
    assert precedence.first(answer) is answer
    order: list[str] = []

    def read() -> None:
        precedence.give_way()
        order.append("read")

    reading = threading.Thread(target=read)
    reading.start()
    order.append("first")
    answer.set_result("there")
    reading.join(WAIT_S)
    assert order == ["first", "read"]
    precedence.first(Future())
    precedence.close()
    precedence.give_way()
