"""Jobs that wait for something before they start."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

import pytest

from tests.support.fake_desk import FakeJob
from trustdesk.services.prepared_jobs import PreparedJob, ThreadEach, start_after


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


def test_without_anything_to_wait_for_the_job_itself_is_started(executor: ThreadPoolExecutor) -> None:
    job: FakeJob[str] = FakeJob()
    nothing: list[Future[int]] = []
    assert start_after(nothing, executor, lambda: job) is job


def test_a_job_starts_when_the_last_of_what_it_waits_for_has_ended_even_badly(
    executor: ThreadPoolExecutor,
) -> None:
    awaited: list[Future[int]] = [Future(), Future()]
    job: FakeJob[str] = FakeJob()
    job.future.set_result("done")
    started = Future[None]()

    def start() -> FakeJob[str]:
        started.set_result(None)
        return job

    waiting = start_after(awaited, executor, start)
    awaited[0].set_result(1)
    assert not started.done()
    awaited[1].set_exception(ValueError("damaged"))
    assert waiting.future.result(timeout=10) == "done"


def test_a_job_that_is_cancelled_waits_no_more_and_ends_as_it_begins(executor: ThreadPoolExecutor) -> None:
    awaited: list[Future[int]] = [Future()]
    job: FakeJob[str] = FakeJob(lambda: "cancelled")
    waiting = start_after(awaited, executor, lambda: job)
    waiting.cancel()
    assert waiting.future.result(timeout=10) == "cancelled"


def test_a_job_ends_with_one_that_was_dropped_before_it_began(executor: ThreadPoolExecutor) -> None:
    dropped: FakeJob[str] = FakeJob()
    waiting = PreparedJob(executor, lambda: dropped, lambda: None)
    executor.submit(dropped.future.cancel).result(timeout=10)
    with pytest.raises(CancelledError):
        waiting.future.result(timeout=10)


def test_threads_that_are_about_to_begin_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    each, begin, ended = ThreadEach("each"), threading.Thread.start, list[str]()

    def close() -> None:
        each.shutdown()
        ended.append("closed")

    closing = threading.Thread(target=close)

    def started(thread: threading.Thread) -> None:
        if thread.name == "each":
            begin(closing)
            closing.join(0.2)
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", started)
    each.submit(lambda: ended.append("task")).result(timeout=10)
    closing.join(10)
    assert ended == ["task", "closed"]
