"""One process at a time: a lock on a file, held no longer than its process lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trustdesk.storage.failures import file_failure
from trustdesk.storage.key_cancellation import current_cancellation

_LOOK_EVERY_S = 0.02


class ProcessLock:
    """A lock that processes take in turn, by a file that says nothing and stays."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def held(self) -> Iterator[Callable[[], None]]:
        """Hold the lock for the block, after waiting for it; yield what lets go of it before that.

        Each block has a lock of its own, also inside one process: it is not re-entrant. Letting go is for
        another thread, where the block hangs and nobody waits for it any more.

        Raises:
            EnvironmentFailureError: the file cannot be made.
            CancelledByPersonError: the person gave up waiting.
        """
        from filelock import FileLock

        cancellation = current_cancellation()
        lock = FileLock(self._file, mode=0o600, thread_local=False)
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire(poll_interval=_LOOK_EVERY_S, cancel_check=lambda: cancellation.is_cancelled)
        except TimeoutError:
            cancellation.check()
            raise
        except OSError as error:
            raise file_failure(error, str(self._file)) from error
        try:
            yield lock.release
        finally:
            lock.release()
