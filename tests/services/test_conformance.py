"""pkilint for one certificate at a time: it answers, and a cancelled one ends at once and is no pass."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from tests.support import pki
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.services.conformance import ConformanceLinting
from trustdesk.services.lint_worker import PkilintWorker

WAIT_S = 30
LEAF = pki.server(pki.root())


class HeldWorker(PkilintWorker):
    """A worker whose first certificate takes until it is killed."""

    def __init__(self) -> None:
        super().__init__()
        self.busy, self.killed = Event(), Event()
        self.linted: list[bytes] = []

    def findings(self, der: bytes) -> tuple[Finding, ...]:
        self.linted.append(der)
        if len(self.linted) == 1:
            self.busy.set()
            assert self.killed.wait(WAIT_S)
        return ()

    def close(self) -> None:
        self.killed.set()


@pytest.fixture
def held() -> Iterator[tuple[ConformanceLinting, HeldWorker]]:
    worker = HeldWorker()
    linting = ConformanceLinting(worker)
    yield linting, worker
    linting.close()


def test_pkilint_answers_from_a_process_of_its_own_that_ends_with_the_desk() -> None:
    worker = PkilintWorker()
    linting = ConformanceLinting(worker)
    found = linting.start(LEAF.der).future.result(WAIT_S)
    assert found
    assert all(one.rule.startswith("pkilint") for one in found)
    assert FindingStatus.NOT_RUN not in {one.status for one in found}
    assert worker.is_running
    linting.close()
    assert not worker.is_running


def test_nothing_starts_before_the_first_certificate() -> None:
    worker = PkilintWorker()
    linting = ConformanceLinting(worker)
    assert not worker.is_running
    linting.close()


def test_cancelled_in_the_middle_the_process_is_ended_and_the_next_one_is_linted(
    held: tuple[ConformanceLinting, HeldWorker],
) -> None:
    linting, worker = held
    first, second = linting.start(b"first"), linting.start(b"second")
    assert worker.busy.wait(WAIT_S)
    first.cancel()
    (finding,) = first.future.result(0)
    assert finding.status is FindingStatus.NOT_RUN
    assert worker.killed.is_set()
    assert second.future.result(WAIT_S) == ()
    assert worker.linted == [b"first", b"second"]


def test_cancelled_before_its_turn_it_is_not_linted_and_nothing_is_ended(
    held: tuple[ConformanceLinting, HeldWorker],
) -> None:
    linting, worker = held
    first, second = linting.start(b"first"), linting.start(b"second")
    assert worker.busy.wait(WAIT_S)
    second.cancel()
    second.cancel()
    assert not worker.killed.is_set()
    assert [one.status for one in second.future.result(0)] == [FindingStatus.NOT_RUN]
    first.cancel()
    third = linting.start(b"third")
    assert third.future.result(WAIT_S) == ()
    assert worker.linted == [b"first", b"third"]
