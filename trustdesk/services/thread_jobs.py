"""Jobs that run one after the other on a thread of their own, and look at an event to see whether to stop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ThreadJob(Generic[T]):
    """A job (`core.ports.Job`): what it has when it is cancelled is its result."""

    future: Future[T]
    _cancel: Event

    def cancel(self) -> None:
        """Ask it to stop; from any thread, any number of times."""
        self._cancel.set()


class ThreadJobs:
    """The thread and what waits for it."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._events: set[Event] = set()

    def start(self, work: Callable[[Event], T]) -> ThreadJob[T]:
        """Run `work` when its turn comes; one that is cancelled before sees that at once."""
        cancel = Event()
        self._events.add(cancel)
        future = self._executor.submit(work, cancel)
        future.add_done_callback(lambda _done: self._events.discard(cancel))
        return ThreadJob(future, cancel)

    def close(self) -> None:
        """Cancel everything and wait for its end."""
        for cancel in tuple(self._events):
            cancel.set()
        self._executor.shutdown(cancel_futures=True)
