"""The history of endpoints: their observations, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from trustdesk.core.observation import Change, ChangeKind, Observation
from trustdesk.core.probe import ProbeReport
from trustdesk.storage.observation_rows import observation_rows, read_observations
from trustdesk.storage.recording import MakeStanding, record_reports
from trustdesk.storage.retention import tidy
from trustdesk.storage.schema import changes, observations
from trustdesk.storage.stored_reports import report_at
from trustdesk.storage.workspace import Workspace


class ObservationStore:
    """The observations of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def record(
        self, reports: Sequence[tuple[int | None, ProbeReport]], make_standing: MakeStanding | None = None
    ) -> Future[list[int]]:
        """Keep what tests found and what they changed, all in one transaction.

        The answer is the observations' numbers, in the order of the reports; see `record_reports`.
        """
        return self._workspace.submit(lambda connection: record_reports(connection, reports, make_standing))

    def observation(self, observation_id: int) -> Future[Observation | None]:
        """One observation; None where there is none of that number, or not any more."""

        def found(connection: Connection) -> Observation | None:
            question = observation_rows().where(observations.c.id == observation_id)
            return next(iter(read_observations(connection, question)), None)

        return self._workspace.submit(found, reading=True)

    def observations_of(
        self, endpoint_id: int, limit: int, before: Observation | None = None
    ) -> Future[tuple[Observation, ...]]:
        """The observations of an endpoint, newest first.

        Args:
            limit: how many at most.
            before: go on after this one; None for the newest.
        """
        question = observation_rows().where(observations.c.endpoint_id == endpoint_id)
        if before is not None:
            question = question.where(
                or_(
                    observations.c.started_at < before.started_at,
                    and_(observations.c.started_at == before.started_at, observations.c.id < before.id),
                )
            )
        question = question.order_by(observations.c.started_at.desc(), observations.c.id.desc()).limit(limit)
        return self._workspace.submit(
            lambda connection: read_observations(connection, question), reading=True
        )

    def changes_of(self, endpoint_id: int, limit: int) -> Future[tuple[Change, ...]]:
        """What changed at an endpoint, newest first; those of one test in the order of `ChangeKind`."""
        return self._workspace.submit(
            lambda connection: _changes(connection, limit, endpoint_id), reading=True
        )

    def latest_changes(self, limit: int) -> Future[tuple[Change, ...]]:
        """What changed at any endpoint, newest first; those of one test in the order of `ChangeKind`."""
        return self._workspace.submit(lambda connection: _changes(connection, limit), reading=True)

    def tidy(self, now: datetime, most: int = 100) -> Future[bool]:
        """Let go what has to give way at some endpoints; the answer is whether there is more to do."""
        return self._workspace.submit(lambda connection: tidy(connection, now, most))

    def report(self, observation_id: int) -> Future[ProbeReport | None]:
        """The whole report of an observation as the test left it; None where it is not kept any more.

        The future raises UnusableInputError when the record cannot be read.
        """
        return self._workspace.submit(lambda connection: report_at(connection, observation_id), reading=True)


def _changes(connection: Connection, limit: int, endpoint_id: int | None = None) -> tuple[Change, ...]:
    question = select(changes).order_by(changes.c.at.desc(), changes.c.observation_id.desc(), changes.c.id)
    if endpoint_id is not None:
        question = question.where(changes.c.endpoint_id == endpoint_id)
    return tuple(
        Change(
            kind=ChangeKind(row.kind),
            endpoint_id=row.endpoint_id,
            observation_id=row.observation_id,
            at=row.at,
            before=row.before,
            after=row.after,
        )
        for row in connection.execute(question.limit(limit))
    )
