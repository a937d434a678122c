"""A running diagnosis, as whoever started it holds it: what is to be stopped with it."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from trustdesk.core.diagnosis import Diagnosis, LegacyVersion
from trustdesk.core.ports import Job
from trustdesk.core.probe import ProbeRecord
from trustdesk.services.revocation import SecondJudgement


class DiagnosisJob:
    """A running diagnosis. Cancelled, it delivers what was found out so far."""

    def __init__(self) -> None:
        self._future: Future[Diagnosis] = Future()
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._running: set[Job[ProbeRecord] | Job[tuple[LegacyVersion, ...]]] = set()
        self._second: SecondJudgement | None = None
        self._future.set_running_or_notify_cancel()

    @property
    def future(self) -> Future[Diagnosis]:
        """The result to come."""
        return self._future

    def cancel(self) -> None:
        """Ask it to stop; from any thread, any number of times."""
        self._cancelled.set()
        with self._lock:
            running = tuple(self._running)
        for job in running:
            job.cancel()
        if self._second is not None:
            self._second.cancel()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._cancelled.is_set()

    def pause(self, seconds: float) -> None:
        """Wait between two connections; not when it is cancelled."""
        self._cancelled.wait(seconds)

    def watch(self, job: Job[ProbeRecord] | Job[tuple[LegacyVersion, ...]]) -> None:
        """Have this job cancelled with the diagnosis."""
        with self._lock:
            self._running.add(job)
        if self.is_cancelled:
            job.cancel()

    def asks(self, second: SecondJudgement | None) -> None:
        """Have these questions cancelled with the diagnosis."""
        self._second = second
