"""The one thread on which key stores are called, and how a person gets away from a keyring that blocks."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.ports import Job
from trustdesk.storage.key_cancellation import KeyCancellation, cancellable

T = TypeVar("T")

CLOSING_GRACE_S = 2.0
"""How long `close` waits for what runs; a keyring that blocks does not keep the program from ending."""


class KeyThread:
    """Runs calls to key stores one after the other, on a daemon thread of its own.

    A system's keyring may block until a person unlocks it, and nothing can interrupt that. Whoever cancels
    the job that runs gets its end at once: the thread is left to itself, a fresh one takes over, and what
    the old one does when the keyring answers at last is rolled back (`storage.key_cancellation`).
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[_Task] = deque()
        self._running: _Task | None = None
        self._worker: threading.Thread | None = None
        self._is_closed = False

    def run(self, work: Callable[[], T]) -> Job[T]:
        """Run `work` when its turn comes.

        The future fails with CancelledByPersonError when the job was cancelled before its point of no
        return; nothing of it is kept then. A cancel that comes later changes nothing.

        Raises:
            RuntimeError: the thread is closed.
        """
        future: Future[T] = Future()
        cancellation = KeyCancellation()

        def run() -> None:
            _fulfil(future, work, cancellation)

        task = _Task(run=run, fail=lambda error: _fail(future, error), cancellation=cancellation)
        with self._changed:
            if self._is_closed:
                raise RuntimeError("the thread of the key stores is closed")
            self._waiting.append(task)
            if self._worker is None:
                self._take_over()
            self._changed.notify_all()
        return _KeyJob(future, lambda: self._cancel(task))

    def close(self) -> None:
        """Drop what waits and let what runs come to its end, or give it up. A second call does nothing."""
        with self._changed:
            self._is_closed = True
            dropped, running = tuple(self._waiting), self._running
            self._waiting.clear()
            self._changed.notify_all()
        for task in dropped:
            task.forget()
            task.fail(CancelledByPersonError())
        with self._changed:
            is_idle = running is None or self._changed.wait_for(
                lambda: self._running is not running, CLOSING_GRACE_S
            )
        if running is not None and not is_idle:
            self._cancel(running)

    def _take_over(self) -> None:
        self._worker = threading.Thread(target=self._serve, name="trustdesk-keys", daemon=True)
        self._worker.start()

    def _serve(self) -> None:
        me = threading.current_thread()
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._worker is not me or bool(self._waiting) or self._is_closed
                )
                if self._worker is not me or not self._waiting:
                    return
                task = self._running = self._waiting.popleft()
            task.run()
            task.forget()
            with self._changed:
                if self._running is task:
                    self._running = None
                    self._changed.notify_all()
            del task

    def _cancel(self, task: _Task) -> None:
        with self._changed:
            was_waiting = task in self._waiting
            if was_waiting:
                self._waiting.remove(task)
        if was_waiting:
            task.forget()
            task.fail(CancelledByPersonError())
            return
        outcome = task.cancellation.cancel()
        if outcome is None:
            return
        with self._changed:
            if self._running is task:
                self._running = None
                self._take_over()
                self._changed.notify_all()
        task.fail(outcome)


@dataclass(slots=True, kw_only=True, eq=False)
class _Task:
    run: Callable[[], None] = field(repr=False)
    fail: Callable[[TrustdeskError], None] = field(repr=False)
    cancellation: KeyCancellation

    def forget(self) -> None:
        """Let go of what was to be done, perhaps with keys: whoever asked may hold the job for long."""
        self.run = _nothing


def _nothing() -> None:
    """Do nothing any more."""


@dataclass(frozen=True, slots=True)
class _KeyJob(Generic[T]):
    future: Future[T]
    _cancel: Callable[[], None] = field(repr=False)

    def cancel(self) -> None:
        """Give up: what waits is dropped, what blocks is left behind; from any thread."""
        self._cancel()


def _fulfil(future: Future[T], work: Callable[[], T], cancellation: KeyCancellation) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        with cancellable(cancellation):
            result = work()
    except TrustdeskError as error:
        # Nobody debugs these; their frames would keep keys in memory for as long as the future lives.
        error.__context__ = error.__cause__ = None
        _fail(future, error.with_traceback(None))
    except BaseException as error:  # noqa: BLE001 - a job's edge: the future carries it to the asker
        _fail(future, error)
    else:
        with suppress(InvalidStateError):  # given up in the meantime
            future.set_result(result)


def _fail(future: Future[T], error: BaseException) -> None:
    with suppress(InvalidStateError):  # it has come to its end already
        future.set_exception(error)
