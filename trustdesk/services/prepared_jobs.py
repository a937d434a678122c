"""Jobs that have to wait, or to find something out, before they can start: is our own certificate revoked?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Generic, ParamSpec, TypeVar

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.ports import Job

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")


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
        if done.cancelled():
            self.future.cancel()
        elif (error := done.exception()) is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(done.result())

    def _see_if_dropped(self, done: Future[None]) -> None:
        if done.cancelled():
            self.future.cancel()


class DoneJob(Generic[T]):
    """A job (`core.ports.Job`) that has come to its end before it began."""

    def __init__(self, value: T) -> None:
        self.future: Future[T] = Future()
        self.future.set_result(value)

    def cancel(self) -> None:
        """Do nothing: there is nothing to stop."""


class FailedJob(Generic[T]):
    """A job (`core.ports.Job`) that could not begin: its future says why."""

    def __init__(self, error: TrustdeskError) -> None:
        self.future: Future[T] = Future()
        self.future.set_exception(error)

    def cancel(self) -> None:
        """Do nothing: there is nothing to stop."""


class ThreadEach(Executor):
    """Runs each task on a thread of its own, which ends with it: for tasks that wait for a person."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._is_closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin a task at once.

        Raises:
            RuntimeError: it is shut down.
        """
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - a job's edge: the future carries it to the asker
                future.set_exception(error)
            finally:
                with self._lock:
                    self._threads.discard(thread)

        thread = threading.Thread(target=run, name=self._name)
        with self._lock:
            if self._is_closed:
                raise RuntimeError("no task begins any more")
            future.set_running_or_notify_cancel()
            thread.start()
            self._threads.add(thread)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - all have begun
        """Begin nothing more; with `wait`, block until all tasks have ended."""
        with self._lock:
            self._is_closed = True
            threads = tuple(self._threads)
        for thread in threads if wait else ():
            thread.join()


def start_after(awaited: Sequence[Future[A]], executor: Executor, start: Callable[[], Job[T]]) -> Job[T]:
    """Start a job once some futures have ended, well or not; at once where there are none.

    Args:
        executor: a thread that may wait.
        start: runs on that thread, or at once on the asker's.
    """
    if not awaited:
        return start()
    waiting = _Waiting(awaited)

    def start_then() -> Job[T]:
        waiting.wait()
        return start()

    return PreparedJob(executor, start_then, waiting.stop)


class _Waiting:
    """Waits until all of some futures have ended, or it is told to wait no more."""

    def __init__(self, awaited: Sequence[Future[A]]) -> None:
        self._lock = threading.Lock()
        self._left = len(awaited)
        self._is_over = threading.Event()
        for one in awaited:
            one.add_done_callback(self._one_ended)

    def wait(self) -> None:
        self._is_over.wait()

    def stop(self) -> None:
        self._is_over.set()

    def _one_ended(self, _done: Future[A]) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                self._is_over.set()
