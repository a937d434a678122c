"""One process at a time: a lock on a file, held no longer than its process lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trustdesk.storage.failures import file_failure
from trustdesk.storage.key_cancellation import current_cancellation

_LOOK_EVERY_S = 0.02


class LockTakenError(Exception):
    """Another process or thread holds the lock, and did not let go of it in time."""


class ProcessLock:
    """A lock that processes take in turn, by a file that says nothing and stays."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def held(self, wait_s: float | None = None) -> Iterator[Callable[[], None]]:
        """Hold the lock for the block, after waiting for it; yield what lets go of it before that.

        Each block has a lock of its own, also inside one process: it is not re-entrant. Letting go is for
        another thread, where the block hangs and nobody waits for it any more.

        Args:
            wait_s: how long to wait; None is for as long as it takes.

        Raises:
            LockTakenError: it was waited for in vain.
            EnvironmentFailureError: the file cannot be made.
            CancelledByPersonError: the person gave up waiting.
        """
        from filelock import FileLock

        cancellation = current_cancellation()
        lock = FileLock(self._file, mode=0o600, thread_local=False)
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire(
                timeout=-1 if wait_s is None else wait_s,
                poll_interval=_LOOK_EVERY_S,
                cancel_check=lambda: cancellation.is_cancelled,
            )
        except TimeoutError:
            cancellation.check()
            raise LockTakenError from None
        except OSError as error:
            raise file_failure(error, str(self._file)) from error
        try:
            yield lock.release
        finally:
            lock.release()
