"""Results of a sweep are written lot by lot, in their order, and what could not be written is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import samples
from tests.support.pasts import Past
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.services import sweep_keeping
from trustdesk.services.sweep_keeping import MOST_AT_ONCE, SweepKeeper, targets_digest
from trustdesk.storage.directory import Directory
from trustdesk.storage.sweeps import SweepBook, SweptTest
from trustdesk.storage.workspace import Workspace

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TARGETS = "ab" * 32


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(tmp_path)
    Directory(workspace).add_endpoint("Partner", samples.healthy().record.target).result()
    yield workspace
    workspace.close()


class CountingBook(SweepBook):
    """Tells how large the lots were."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.lots: list[int] = []

    def keep(self, begun: Future[int], tests: tuple[SweptTest, ...] | list[SweptTest]) -> Future[list[int]]:  # type: ignore[override]
        self.lots.append(len(tests))
        return super().keep(begun, tests)


def keeper_of(book: SweepBook, left: int, on_written: Callable[[], None] | None = None) -> SweepKeeper:
    begun = book.begin(TARGETS, left, NOW)
    return SweepKeeper(book, begun, left=left, on_written=on_written, now=lambda: NOW)


def held(workspace: Workspace) -> threading.Event:
    """Have the workspace's thread wait until the event is set."""
    go = threading.Event()
    workspace.submit(lambda _connection: go.wait(10))
    return go


def test_results_gather_until_there_are_many_and_no_lot_is_long(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_keeping, "GATHERING_S", 60.0)  # however slow the machine is
    book = CountingBook(workspace)
    count = MOST_AT_ONCE + 5
    keeper = keeper_of(book, count)
    go = held(workspace)
    for position in range(count):
        keeper.keep(position, 1, samples.healthy())
    closed = keeper.close()
    assert not closed.done()
    go.set()
    assert closed.result(30) is None
    assert book.lots == [MOST_AT_ONCE, 5]
    assert len(Past(workspace).observations_of(1).result()) == count
    assert book.unfinished(TARGETS).result() is None


def test_a_result_that_no_other_follows_is_written_all_the_same(workspace: Workspace) -> None:
    written = threading.Event()
    book = SweepBook(workspace)
    keeper = keeper_of(book, 3, written.set)
    keeper.keep(1, 1, samples.healthy())
    assert written.wait(30)
    unfinished = book.unfinished(TARGETS).result()
    assert unfinished is not None
    assert set(unfinished.done) == {1}


def test_what_was_cancelled_can_be_gone_on_with(workspace: Workspace) -> None:
    book = SweepBook(workspace)
    keeper = keeper_of(book, 3)
    keeper.keep(1, 1, samples.healthy())
    keeper.close().result(10)
    unfinished = book.unfinished(TARGETS).result()
    assert unfinished is not None
    assert set(unfinished.done) == {1}


def test_a_lot_that_cannot_be_written_fails_the_close_and_the_sweep_is_not_over(workspace: Workspace) -> None:
    book = SweepBook(workspace)
    keeper = keeper_of(book, 2)
    keeper.keep(0, 1, replace(samples.healthy(), explanation=None))  # type: ignore[arg-type]
    keeper.keep(1, 1, samples.healthy())
    assert keeper.close().exception(10) is not None
    assert book.unfinished(TARGETS).result() is not None


def test_nothing_to_write_is_done_at_once_and_who_watches_is_told_of_each_lot(workspace: Workspace) -> None:
    told: list[int] = []
    keeper = keeper_of(SweepBook(workspace), 1, lambda: told.append(1))
    assert keeper.close().result(10) is None
    assert told == []
    other = keeper_of(SweepBook(workspace), 1, lambda: told.append(1))
    other.keep(0, 1, samples.healthy())
    other.close().result(10)
    assert told == [1]


def test_a_sweep_is_another_when_whom_or_how_it_tests_is() -> None:
    one = Endpoint(id=1, partner="A", target=parse_target("a.example"))
    same = replace(one, partner="B", note="moved")
    assert targets_digest([one]) == targets_digest([same])
    for other in (
        replace(one, id=2),
        replace(one, identity="client"),
        replace(one, target=parse_target("a.example", connect="192.0.2.1")),
        replace(one, target=parse_target("a.example:8443")),
        replace(one, target=parse_target("a.example", alpn=("h2",))),
    ):
        assert targets_digest([other]) != targets_digest([one])
    assert targets_digest([one, replace(one, id=2)]) != targets_digest([replace(one, id=2), one])
