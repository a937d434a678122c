"""What is kept of tests: whole reports, and what gives way by and by."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime

from trustdesk.core.probe import ProbeReport
from trustdesk.storage.retention import tidy
from trustdesk.storage.stored_reports import report_at
from trustdesk.storage.workspace import Workspace


class ObservationStore:
    """The observations of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def tidy(self, now: datetime, most: int = 100) -> Future[bool]:
        """Let go what has to give way at some endpoints; the answer is whether there is more to do."""
        return self._workspace.submit(lambda connection: tidy(connection, now, most))

    def report(self, observation_id: int) -> Future[ProbeReport | None]:
        """The whole report of an observation as the test left it; None where it is not kept any more.

        The future raises UnusableInputError when the record cannot be read.
        """
        return self._workspace.submit(lambda connection: report_at(connection, observation_id), reading=True)
