"""Giving up on a key-store operation that blocks: the person does not want to unlock the keyring after all.

A call into a system's keyring cannot be interrupted. What is given up goes on in its thread until the
keyring answers; before it acknowledges anything it asks here, learns that nobody waits for it any more, and
takes back what it has done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError


class KeyCancellation:
    """Whether one operation was given up. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._is_decided = False
        self._outcome: TrustdeskError = CancelledByPersonError()
        self._callbacks: list[Callable[[], None]] = []

    def cancel(self) -> TrustdeskError | None:
        """Give up; return what has become of the operation, or None when it will be completed."""
        with self._lock:
            if self._is_decided:
                return None
            callbacks = () if self._is_cancelled else tuple(self._callbacks)
            self._is_cancelled = True
            outcome = self._outcome
        for callback in callbacks:
            callback()
        return outcome

    @property
    def is_cancelled(self) -> bool:
        """Whether the person gave up in time."""
        return self._is_cancelled

    def check(self) -> None:
        """Go on only while somebody waits.

        Raises:
            CancelledByPersonError: the operation was given up.
        """
        if self._is_cancelled:
            raise self._outcome

    def decide(self) -> None:
        """Pass the point of no return: from here on the operation is completed and cannot be given up.

        Raises:
            CancelledByPersonError: it was given up before.
        """
        with self._lock:
            if self._is_cancelled:
                raise self._outcome
            self._is_decided = True

    def let_go(self, outcome: TrustdeskError) -> None:
        """After the point of no return: what is left can wait, and may be given up again.

        Args:
            outcome: what the one who gives up now is told.
        """
        with self._lock:
            self._is_decided = False
            self._outcome = outcome

    @contextmanager
    def when_cancelled(self, callback: Callable[[], None]) -> Iterator[None]:
        """Call `callback` once, from the cancelling thread, should this be given up inside the block.

        Raises:
            CancelledByPersonError: it was given up before.
        """
        with self._lock:
            if self._is_cancelled:
                raise self._outcome
            self._callbacks.append(callback)
        try:
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)


_current: ContextVar[KeyCancellation | None] = ContextVar("key_cancellation", default=None)


def current_cancellation() -> KeyCancellation:
    """Return that of the operation which runs in this thread; one that nobody cancels where there is none."""
    return _current.get() or KeyCancellation()


@contextmanager
def cancellable(cancellation: KeyCancellation) -> Iterator[None]:
    """Run the block as an operation that can be given up through `cancellation`."""
    token = _current.set(cancellation)
    try:
        yield
    finally:
        _current.reset(token)
