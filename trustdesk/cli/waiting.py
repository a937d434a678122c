"""Waiting for a job at a terminal: Ctrl+C cancels it, and what it has is still delivered."""

from __future__ import annotations

from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

from trustdesk.core.ports import Job

T = TypeVar("T")

_POLL_S = 0.2


def wait_for(job: Job[T]) -> T:
    """Return the job's result; an interrupt cancels the job once and goes on waiting for what it has.

    Waits in short steps, because on Windows a wait without end cannot be interrupted.
    """
    while True:
        try:
            return job.future.result(timeout=_POLL_S)
        except KeyboardInterrupt:
            job.cancel()
        except NotYet:
            if job.future.done():
                return job.future.result()
