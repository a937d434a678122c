"""The observations of a workspace, for tests that look at single ones."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime

from sqlalchemy import Connection

from trustdesk.core.observation import Change, Observation
from trustdesk.core.probe import ProbeReport
from trustdesk.storage.history import history_of, latest_changes
from trustdesk.storage.observation_rows import observation_rows, read_observations
from trustdesk.storage.observations import ObservationStore
from trustdesk.storage.recording import record_reports
from trustdesk.storage.schema import observations
from trustdesk.storage.workspace import Workspace

_MANY = 10_000
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


class Past(ObservationStore):
    """What was observed, one by one."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._own = workspace

    def record(self, reports: Sequence[tuple[int | None, ProbeReport]]) -> Future[list[int]]:
        """Keep what tests found, in one transaction."""
        return self._own.submit(lambda connection: record_reports(connection, reports))

    def observation(self, observation_id: int) -> Future[Observation | None]:
        """One observation; None where there is none of that number, or not any more."""

        def found(connection: Connection) -> Observation | None:
            question = observation_rows().where(observations.c.id == observation_id)
            return next(iter(read_observations(connection, question)), None)

        return self._own.submit(found, reading=True)

    def observations_of(self, endpoint_id: int) -> Future[tuple[Observation, ...]]:
        """The observations of an endpoint, newest first."""
        return self._own.submit(
            lambda connection: (
                history_of(connection, endpoint_id, tests=_MANY, rows=1, since=_EVER).observations
            ),
            reading=True,
        )

    def changes_of(self, endpoint_id: int) -> Future[tuple[Change, ...]]:
        """What changed at an endpoint, newest first."""
        return self._own.submit(
            lambda connection: (
                history_of(connection, endpoint_id, tests=1, rows=_MANY, since=_EVER).told.changes
            ),
            reading=True,
        )

    def latest_changes(self, limit: int) -> Future[tuple[Change, ...]]:
        """What changed at any endpoint, newest first."""
        return self._own.submit(
            lambda connection: latest_changes(connection, rows=limit).changes, reading=True
        )
