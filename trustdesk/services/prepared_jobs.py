"""Jobs that have to find something out before they can start: is our own certificate revoked?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Generic, TypeVar

from trustdesk.core.ports import Job

T = TypeVar("T")


class PreparedJob(Generic[T]):
    """A job (`core.ports.Job`) that another one follows: cancelled before, that one ends as it begins."""

    def __init__(self, executor: Executor, start: Callable[[], Job[T]], stop: Callable[[], None]) -> None:
        """Begin.

        Args:
            executor: a thread that may wait.
            start: prepares, and starts the job; runs on that thread.
            stop: ends what `start` waits for; from any thread, any number of times.
        """
        self.future: Future[T] = Future()
        self._stop = stop
        self._job: Job[T] | None = None
        self._is_cancelled = False
        self._lock = threading.Lock()
        executor.submit(self._run, start).add_done_callback(self._see_if_dropped)

    def cancel(self) -> None:
        """Ask it to stop; what the job has by then still comes."""
        with self._lock:
            self._is_cancelled = True
            job = self._job
        self._stop()
        if job is not None:
            job.cancel()

    def _run(self, start: Callable[[], Job[T]]) -> None:
        try:
            job = start()
        except BaseException as error:  # noqa: BLE001 - a job's edge: the future carries it to the asker
            self.future.set_exception(error)
            return
        with self._lock:
            self._job = job
            is_cancelled = self._is_cancelled
        if is_cancelled:
            job.cancel()
        job.future.add_done_callback(self._finish)

    def _finish(self, done: Future[T]) -> None:
        error = done.exception()
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(done.result())

    def _see_if_dropped(self, done: Future[None]) -> None:
        if done.cancelled():
            self.future.cancel()
