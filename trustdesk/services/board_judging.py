"""The table of partners judged again: for another day, or by another list, a chunk of rows at a time.

Decisions:
- 2026-11: the first rows are judged on a thread, so that what is in view is there at once; the rest in a
  worker process. A thread that judges thousands of rows holds the interpreter so often that a window needs
  0.1 to 0.5 s for a repaint (measured with 2,000 rows); beside a process it needs none.
"""

from __future__ import annotations

import multiprocessing
import pickle
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Judge
from trustdesk.services.board import BoardRow
from trustdesk.services.rejudging_worker import Rejudgers, Viewpoint, judge_chunk, judge_rows
from trustdesk.storage.directory import Directory

CHUNK = 50
"""Rows that are read and told at a time: some 0.1 s of work, so that a cancelled run ends soon."""

AT_ONCE = 50
"""Rows that are judged on the thread, before and while a worker process starts."""

_AHEAD = 2
"""Chunks that wait in front of the worker process, so that it is never idle."""


class JudgingProcess:
    """The one worker process of a desk, started when it is needed; for one thread at a time."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def submit(
        self, viewpoint: bytes, directory: Directory, endpoints: Sequence[Endpoint], at: datetime
    ) -> Future[list[BoardRow]]:
        """Have a chunk judged; see `judge_chunk`."""
        if self._pool is None:
            # Spawned: a fork would take the locks of threads along, and lives on no other platform.
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=spawn)
        stored = directory.stored_reports([endpoint.id for endpoint in endpoints]).result()
        return self._pool.submit(judge_chunk, viewpoint, endpoints, stored, at)

    def close(self) -> None:
        """End the process; the next chunk starts another."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


class BoardJudging:
    """One run over the table (`core.ports.Job`); `future` holds how many rows were judged again."""

    def __init__(
        self,
        directory: Directory,
        endpoints: Sequence[Endpoint],
        viewpoint: Viewpoint,
        judge: Callable[[tuple[str, ...]], Judge],
        process: JudgingProcess,
        on_rows: Callable[[Sequence[BoardRow]], None],
    ) -> None:
        """Prepare a run.

        Args:
            endpoints: in the order in which they are judged.
            viewpoint: the point of view, whose instant days left are counted from.
            judge: makes the judge of the viewpoint's lists ready for an endpoint of some partners, or of
                none, on the thread of `run`.
            on_rows: told of each chunk, on the thread of `run`; endpoints never tested are left out.
        """
        self.future: Future[int] = Future()
        self._directory = directory
        self._endpoints = tuple(endpoints)
        self._viewpoint = viewpoint
        self._at = viewpoint.at or viewpoint.now
        self._judge = judge
        self._process = process
        self._on_rows = on_rows
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Judge no further chunk; nothing is told any more."""
        self._cancelled.set()

    def run(self) -> None:
        """Do it, on the calling thread, which is not that of a window."""
        try:
            self.future.set_result(self._judge_all())
        except BaseException as error:  # noqa: BLE001 - a job's edge: the future carries it to the asker
            self.future.set_exception(error)

    def _judge_all(self) -> int:
        judged = 0
        chunks = self._chunks()
        try:
            for rows in chunks:
                if self._cancelled.is_set():
                    break
                judged += len(rows)
                self._on_rows(rows)
        finally:
            chunks.close()
        return judged

    def _chunks(self) -> Generator[list[BoardRow], None, None]:
        """Yield rows in the order of the endpoints; the worker process is at it before the thread is."""
        left = deque(_parts(self._endpoints[AT_ONCE:]))
        viewpoint = pickle.dumps(self._viewpoint) if left else b""
        asked: deque[Future[list[BoardRow]]] = deque()

        def ask() -> None:
            while left and len(asked) < _AHEAD:
                asked.append(self._process.submit(viewpoint, self._directory, left.popleft(), self._at))

        try:
            ask()
            rejudgers = Rejudgers(self._viewpoint, self._judge)
            for part in _parts(self._endpoints[:AT_ONCE]):
                stored = self._directory.stored_reports([endpoint.id for endpoint in part]).result()
                yield judge_rows(part, stored, rejudgers, self._at)
            while asked:
                rows = asked.popleft().result()
                ask()
                yield rows
        except BrokenProcessPool:
            self._process.close()
            raise EnvironmentFailureError(
                msg("The process that judges certificates ended before it was done."),
                remedy=msg("Choose the day again; close other programs if memory is short."),
            ) from None
        finally:
            for one in asked:
                one.cancel()


def _parts(endpoints: Sequence[Endpoint]) -> Iterator[Sequence[Endpoint]]:
    return (endpoints[first : first + CHUNK] for first in range(0, len(endpoints), CHUNK))
