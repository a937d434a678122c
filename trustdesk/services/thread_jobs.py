"""Jobs that run one after the other on a thread of their own, and look at an event to see whether to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Stop(Event):
    """An event that also ends what cannot look at it, because it waits for somebody else."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._enders: list[Callable[[], None]] = []

    def set(self) -> None:
        """Set it, and end what waits; from any thread, any number of times."""
        with self._lock:
            super().set()
            enders = tuple(self._enders)
        for end in enders:
            end()

    @contextmanager
    def ends(self, end: Callable[[], None]) -> Iterator[None]:
        """Call `end` if it is set while the block runs, at once if it was set before."""
        with self._lock:
            self._enders.append(end)
            was_set = self.is_set()
        try:
            if was_set:
                end()
            yield
        finally:
            with self._lock:
                self._enders.remove(end)


@dataclass(frozen=True, slots=True)
class ThreadJob(Generic[T]):
    """A job (`core.ports.Job`): what it has when it is cancelled is its result."""

    future: Future[T]
    _cancel: Stop

    def cancel(self) -> None:
        """Ask it to stop; from any thread, any number of times."""
        self._cancel.set()


class ThreadJobs:
    """The thread and what waits for it."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._events: set[Stop] = set()

    def start(self, work: Callable[[Stop], T]) -> ThreadJob[T]:
        """Run `work` when its turn comes; one that is cancelled before sees that at once."""
        cancel = Stop()
        self._events.add(cancel)
        future = self._executor.submit(work, cancel)
        future.add_done_callback(lambda _done: self._events.discard(cancel))
        return ThreadJob(future, cancel)

    def cancel(self) -> None:
        """Ask everything to stop, without waiting for it."""
        for cancel in tuple(self._events):
            cancel.set()

    def close(self) -> None:
        """Cancel everything and wait for its end."""
        self.cancel()
        self._executor.shutdown(cancel_futures=True)
