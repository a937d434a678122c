"""The one thread on which key stores are called, and how a person gets away from a keyring that blocks."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from trustdesk.core.ports import Job

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
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[_Task[object] | None] = queue.SimpleQueue()
        self._running: _Task[object] | None = None
        self._is_closed = False
        self._thread = self._begin()

    def run(self, work: Callable[[], T]) -> Job[T]:
        """Run `work` when its turn comes.

        The future fails with CancelledByPersonError when the job was cancelled before its point of no
        return; nothing of it is kept then. A cancel that comes later changes nothing.

        Raises:
            RuntimeError: the thread is closed.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Drop what waits, and let what runs come to its end or be rolled back. A second call does nothing."""
        raise NotImplementedError
