"""Keeps the results of a sweep as they come, many in one transaction, so that it can be gone on with."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime

from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.storage.sweep_plans import way_of
from trustdesk.storage.sweeps import SweepBook, SweptTest

MOST_AT_ONCE = 64
"""Tests in one transaction: others wait for it, and so does who cancels."""

GATHERING_S = 0.2
"""How long the first of a lot waits for others: a transaction of one costs nearly that of twenty."""


class SweepKeeper:
    """Writes results behind one another: while one lot is written, the next gathers.

    Methods may be called from any thread.
    """

    def __init__(
        self,
        book: SweepBook,
        begun: Future[int],
        *,
        left: int,
        on_written: Callable[[], None] | None = None,
        now: Callable[[], datetime],
    ) -> None:
        """Take a sweep of the book that has begun, or one that is gone on with.

        Args:
            book: the workspace's.
            begun: its number.
            left: targets whose results are still to come; with the last of them the sweep has ended.
            on_written: is told, on the workspace's thread, that there is something new in it.
            now: tells the time.
        """
        self._book = book
        self._begun = begun
        self._left = left
        self._on_written = on_written
        self._now = now
        self._lock = threading.Lock()
        self._gathered: list[SweptTest] = []
        self._is_writing = False
        self._trouble: BaseException | None = None
        self._closed: Future[None] | None = None
        self._is_waiting = False

    def keep(self, position: int, endpoint_id: int | None, report: ProbeReport) -> None:
        """Hand over the result of a target, the one at this position of the sweep."""
        with self._lock:
            target = report.record.target
            self._gathered.append(
                SweptTest(position=position, endpoint_id=endpoint_id, report=report, target=target)
            )
        self._write()

    def close(self) -> Future[None]:
        """Hand over nothing more; the answer comes when all is written, and fails when something was not."""
        with self._lock:
            closed = self._closed = self._closed or Future()
        self._write()
        return closed

    def _write(self, *, has_waited: bool = False) -> None:
        with self._lock:
            self._is_waiting = self._is_waiting and not has_waited
            if self._is_writing:
                return
            is_last = self._closed is not None or len(self._gathered) >= self._left
            if self._gathered and not (has_waited or is_last or len(self._gathered) >= MOST_AT_ONCE):
                self._gather()
                return
            lot = self._gathered[:MOST_AT_ONCE]
            del self._gathered[:MOST_AT_ONCE]
            self._is_writing = bool(lot)
            self._left -= len(lot)
            closed, self._closed = (None, self._closed) if lot else (self._closed, None)
        if lot:
            self._book.keep(self._begun, lot).add_done_callback(self._written)
        elif closed is not None:
            self._settle(closed)

    def _gather(self) -> None:
        """Write in a moment what comes until then; the lock is held."""
        if not self._is_waiting:
            self._is_waiting = True
            later = threading.Timer(GATHERING_S, lambda: self._write(has_waited=True))
            later.daemon = True
            later.start()

    def _written(self, done: Future[list[int]]) -> None:
        with self._lock:
            self._is_writing = False
            self._trouble = self._trouble or done.exception()
        if self._on_written is not None:
            self._on_written()
        self._write()

    def _settle(self, closed: Future[None]) -> None:
        trouble = self._trouble
        is_over = trouble is None and self._left <= 0
        told = self._book.end(self._begun, self._now()) if is_over else self._book.leave(self._begun)
        told.add_done_callback(lambda done: _follow(closed, done, trouble))


def _follow(future: Future[None], done: Future[None], trouble: BaseException | None) -> None:
    error = trouble or done.exception()
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)


def targets_digest(endpoints: Sequence[Endpoint], client_sha256: str = "") -> str:
    """Return what a sweep is known by: which endpoints it tests, in their order, and how.

    Args:
        client_sha256: of the certificate that all are tested with, whatever their identities are; "" where
            each is tested with its own. What one certificate was accepted for says nothing of another.
    """
    digest = hashlib.sha256(client_sha256.encode("ascii"))
    for one in endpoints:
        digest.update(way_of(one) + b"\n")
    return digest.hexdigest()
