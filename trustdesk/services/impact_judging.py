"""Tasks of an impact spread over worker processes, where there are enough of them to pay for their start."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from threading import Event

from trustdesk.core.errors import CancelledByPersonError, EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.services.impact_worker import Comparisons, Pair, PairJudge, Task, judge_pile, wake_up
from trustdesk.services.worker_process import settle_in

FEW = 600
"""Tasks that are judged on the calling thread: as long as two processes need to start."""

_PILE = 50
_AHEAD = 2
_STEP = 20
_LOOK_S = 0.05


class JudgingPool:
    """The worker processes of a desk, started when they are needed and kept; methods may block."""

    def __init__(self, processes: int | None = None) -> None:
        """Args: processes: None for one on each processor."""
        self._processes = processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def wake(self) -> None:
        """Start the processes, if they do not run; returns at once."""
        with self._lock:
            if self._pool is not None:
                return
            # Spawned: a fork would take the locks of threads along, and lives on no other platform.
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=spawn, initializer=settle_in, initargs=()
            )
            for _ in range(self._processes):
                self._pool.submit(wake_up)

    def judge(
        self,
        comparisons: Comparisons,
        tasks: Sequence[Task],
        *,
        on_done: Callable[[int], None],
        cancel: Event,
    ) -> list[Pair]:
        """Judge tasks, before and after, and return what came of them in their order.

        Args:
            on_done: told, in the calling thread, how many are done.

        Raises:
            CancelledByPersonError: `cancel` was set.
            EnvironmentFailureError: a process ended before it was done.
        """
        parts: dict[int, list[Pair]] = {}
        done = 0
        judged = (
            _on_this_thread(comparisons, tasks)
            if len(tasks) <= FEW
            else self._in_processes(comparisons, tasks, cancel)
        )
        for first, part in judged:
            parts[first] = part
            done += len(part)
            on_done(done)
            if cancel.is_set():
                raise CancelledByPersonError
        return [pair for first in sorted(parts) for pair in parts[first]]

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def _in_processes(
        self, comparisons: Comparisons, tasks: Sequence[Task], cancel: Event
    ) -> Iterator[tuple[int, list[Pair]]]:
        """Yield piles as they are judged; this thread takes some too, until the processes have started."""
        self.wake()
        pool = self._pool
        if pool is None:  # closed meanwhile
            raise CancelledByPersonError
        packed = pickle.dumps(comparisons)
        left = deque(range(0, len(tasks), _PILE))
        asked: dict[Future[list[Pair]], int] = {}
        own: PairJudge | None = None
        have_started = False
        try:
            while left or asked:
                while left and len(asked) < self._processes * _AHEAD:
                    first = left.popleft()
                    asked[pool.submit(judge_pile, packed, tasks[first : first + _PILE])] = first
                ready, _ = wait(asked, _LOOK_S if have_started else 0, FIRST_COMPLETED)
                have_started = have_started or bool(ready)
                for one in ready:
                    yield asked.pop(one), one.result()
                if not have_started and left:
                    own = own or PairJudge(comparisons)
                    first = left.pop()
                    yield first, own.judged(tasks[first : first + _PILE])
                if cancel.is_set():
                    raise CancelledByPersonError
        except BrokenProcessPool:
            self.close()
            raise EnvironmentFailureError(
                msg("The process that judges certificates ended before it was done."),
                remedy=msg("Ask again; close other programs if memory is short."),
            ) from None
        finally:
            for one in asked:
                one.cancel()


def _on_this_thread(comparisons: Comparisons, tasks: Sequence[Task]) -> Iterator[tuple[int, list[Pair]]]:
    judge = PairJudge(comparisons)
    for first in range(0, len(tasks), _STEP):
        yield first, judge.judged(tasks[first : first + _STEP])
