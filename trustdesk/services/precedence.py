"""What a person waits for goes first: reading that takes long gives way to it.

Python runs one thread at a time. Where ten thousand certificates are read for a page that nobody looks at,
the board, which is looked at, comes twice as late.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")

_LONGEST_S = 5.0
"""After which nothing gives way any more, whatever the other is doing."""

_PAINTING_S = 0.3
"""What a window takes to show what it was given."""


class Precedence:
    """Who gives way to whom in one session; methods may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._urgent = 0
        self._free_at = 0.0
        self._closed = False

    def first(self, answer: Future[T]) -> Future[T]:
        """Let others give way until an answer is there and shown; return the answer."""
        with self._changed:
            self._urgent += 1
        answer.add_done_callback(self._is_there)
        return answer

    def give_way(self) -> None:
        """Wait while something else goes first; blocks for some seconds at most."""
        until = time.monotonic() + _LONGEST_S
        with self._changed:
            while (left := until - time.monotonic()) > 0:
                showing = self._free_at - time.monotonic()
                if self._closed or (not self._urgent and showing <= 0):
                    return
                self._changed.wait(left if self._urgent else min(left, showing))

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _is_there(self, _answer: Future[T]) -> None:
        with self._changed:
            self._urgent -= 1
            self._free_at = time.monotonic() + _PAINTING_S
            self._changed.notify_all()
