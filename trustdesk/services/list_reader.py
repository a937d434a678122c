"""Reading trust lists in a process that can be killed: what a hostile list does to its reader stays there."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from trustdesk.core.errors import CancelledByPersonError, UnusableInputError, WrongPasswordError
from trustdesk.core.message import msg, msg_n
from trustdesk.services.list_reading_worker import ListJob, ListRead, ListUnread, ReadSoFar, work
from trustdesk.services.worker_process import WorkerProcess

DEADLINE_S = 120.0
"""Seconds that one list may take; CCADB's takes two."""

_LOOK_S = 0.02


class ListReader:
    """Reads lists, one at a time, in one worker process that is started when needed; for one thread."""

    def __init__(self, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._worker: WorkerProcess | None = None

    def start(self) -> None:
        """Start the process, so that it is ready when there is something to read."""
        if self._worker is None or not self._worker.is_alive:
            self._end()
            self._worker = WorkerProcess(work)

    def read(self, job: ListJob, cancel: Event, on_progress: Callable[[int, int], None]) -> ListRead:
        """Read a list; blocks.

        Args:
            cancel: set from any thread to stop, which ends the process.
            on_progress: how many entries are read, and of how many; in this thread.

        Raises:
            UnusableInputError: as `formats.list_reading.read_list`, or it took too long or killed its reader.
            CancelledByPersonError: `cancel` was set.
        """
        self.start()
        worker = self._worker
        if worker is None:
            raise RuntimeError("no process was started")
        is_done = False
        try:
            worker.send(job)
            end = time.monotonic() + self._deadline_s
            while time.monotonic() < end:
                if cancel.is_set():
                    raise CancelledByPersonError
                match worker.receive(_LOOK_S):
                    case ReadSoFar(done=done, total=total):
                        on_progress(done, total)
                    case ListRead() as read:
                        is_done = True
                        return read
                    case ListUnread() as unread:
                        is_done = True
                        kind = WrongPasswordError if unread.is_password else UnusableInputError
                        raise kind(unread.problem, remedy=unread.remedy, place=unread.place)
                    case _ if not worker.is_alive:
                        raise _died(job.source.place)
            raise UnusableInputError(
                msg_n(
                    "Reading took longer than {count} second and was stopped.",
                    "Reading took longer than {count} seconds and was stopped.",
                    round(self._deadline_s),
                ),
                remedy=msg("Check that it is the file that you mean."),
                place=job.source.place,
            )
        finally:
            # One that is in the middle of something is of no use for the next list.
            if not is_done:
                self._end()

    def close(self) -> None:
        """End the process; the next call starts another."""
        self._end()

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None


def _died(place: str) -> UnusableInputError:
    return UnusableInputError(
        msg("Reading the file brought its reader down."),
        remedy=msg("Take the file apart and try its parts."),
        place=place,
    )
