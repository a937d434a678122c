"""Sweeps as far as they came: what a crash, or a person, left undone can be gone on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import INCONCLUSIVE, ProbeReport
from trustdesk.core.target import Target
from trustdesk.formats.observation_records import facts_from
from trustdesk.storage.endpoint_rows import endpoint_of
from trustdesk.storage.inserting import add_missing
from trustdesk.storage.left_sweeps import last_left, left_sweeps
from trustdesk.storage.recording import MakeStanding, record_reports
from trustdesk.storage.schema import endpoints, observation_facts, observations, sweep_results, sweeps
from trustdesk.storage.standings import outdate
from trustdesk.storage.sweep_plans import NO_PLAN, plan_text
from trustdesk.storage.workspace import Workspace

_LASTING = timedelta(days=30)
"""How long a sweep that did not end can be gone on with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedSweep:
    """A sweep that did not end, or one that another program makes at this moment.

    Attributes:
        targets: how many it has.
        done: number of the observation by position of those that were tested.
    """

    id: int
    started_at: datetime
    targets: int
    done: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweptTest:
    """One test of a sweep, to be kept.

    Attributes:
        position: of the target in the sweep, from 0.
        endpoint_id: None for a target that is no endpoint of the directory.
        target: of the endpoint as it was tested; None where that is not compared.
    """

    position: int
    endpoint_id: int | None
    report: ProbeReport
    target: Target | None = None


class SweepBook:
    """The sweeps of one workspace. Every answer is a future of the workspace's thread.

    A sweep that this program has begun or gone on with is marked as its own until it is ended or let go, or
    the program is no more (`storage.claims`).
    """

    def __init__(self, workspace: Workspace, make_standing: MakeStanding | None = None) -> None:
        """Take a workspace.

        Args:
            workspace: where it is kept.
            make_standing: as for `record_reports`.
        """
        self._workspace = workspace
        self._claims = workspace.claims
        self._make_standing = make_standing

    def begin(
        self, targets_sha256: str, targets: int, started_at: datetime, planned: Sequence[Endpoint] = ()
    ) -> Future[int]:
        """Begin a sweep; older ones that did not end, of the same targets or of long ago, are given up.

        Args:
            targets_sha256: of what it is to test, so that it goes on with the same.
            targets: how many.
            started_at: now.
            planned: all of them, where each is tested as it stands in the directory: what is left of the
                sweep can be found then (`left`). Empty for others.
        """

        def begun(connection: Connection) -> int:
            given_up = sweeps.c.ended_at.is_(None) & (
                (sweeps.c.targets_sha256 == targets_sha256) | (sweeps.c.started_at < started_at - _LASTING)
            )
            connection.execute(
                delete(sweep_results).where(sweep_results.c.sweep_id.in_(select(sweeps.c.id).where(given_up)))
            )
            # Not removed: its number might be given again, while another program still works on it.
            connection.execute(update(sweeps).where(given_up).values(ended_at=started_at, document=NO_PLAN))
            return self._begun(connection, targets_sha256, targets, started_at, dict(enumerate(planned)))

        return self._workspace.submit(begun, durable=True)

    def go_on(self, left: LeftOfSweep, targets_sha256: str, started_at: datetime) -> Future[int]:
        """Go on with what is left of a sweep; the answer is its number, and positions are those of `left`.

        Where another program was quicker, or the sweep was ended, it is a sweep of its own with what was
        left.

        Args:
            targets_sha256: of the endpoints that are left.
            started_at: now.
        """

        def begun(connection: Connection) -> int:
            if _runs(connection, left.id) and self._claims.take(connection, left.id):
                return left.id
            planned = dict(zip(left.positions, left.endpoints, strict=True))
            return self._begun(connection, targets_sha256, len(planned), started_at, planned)

        return self._workspace.submit(begun, durable=True)

    def claim(self, sweep_id: int) -> Future[bool]:
        """Go on with a sweep that did not end; False where another program makes it."""
        return self._workspace.submit(lambda connection: self._claims.take(connection, sweep_id))

    def left(self, now: datetime) -> Future[LeftOfSweep | None]:
        """What is left of the newest sweep that was killed or cancelled; None where there is none."""
        return self._workspace.submit(lambda connection: last_left(connection, self._claims, now - _LASTING))

    def dismiss(self, sweep_id: int, at: datetime) -> Future[None]:
        """End what was left of a sweep, and of those before it; not one that is gone on with by now."""

        def dismissed(connection: Connection) -> None:
            # Newest first: who does not want the last one is not asked for the one before it.
            numbers = left_sweeps(connection, self._claims, at - _LASTING)
            for number in numbers[numbers.index(sweep_id) :] if sweep_id in numbers else ():
                self._claims.take(connection, number)
                _end(connection, number, at)
                self._claims.release(connection, number)

        return self._workspace.submit(dismissed)

    def unfinished(self, targets_sha256: str) -> Future[UnfinishedSweep | None]:
        """The newest sweep of some targets that did not end; None where there is none."""
        return self._workspace.submit(lambda connection: _unfinished(connection, targets_sha256))

    def keep(self, begun: Future[int], tests: Sequence[SweptTest]) -> Future[list[int]]:
        """Keep tests, all or none, and that they are done; the answer is the observations' numbers.

        An endpoint that was removed meanwhile has no history: its test is kept as that of a target. So is
        one that names another server by now, or whose number another has. What is tested in another way by
        now gets the test, and has no result by it.

        Args:
            begun: the sweep, an answer of `begin` of the same workspace or one that has come.
            tests: some hundred at most.
        """

        def kept(connection: Connection) -> list[int]:
            others = _others(connection, tests)
            found = [
                (None if one.endpoint_id in others.servers else one.endpoint_id, one.report) for one in tests
            ]
            numbers = record_reports(connection, found, self._make_standing)
            outdate(connection, others.ways)
            # What was submitted before has run: this does not wait.
            sweep_id = begun.result()
            if _runs(connection, sweep_id):  # else it was given up for a newer one of the same targets
                self._claims.take(connection, sweep_id)  # again, where a connection was lost
                _check_off(connection, sweep_id, tests, numbers)
            return numbers

        return self._workspace.submit(kept)

    def end(self, begun: Future[int], at: datetime) -> Future[None]:
        """Note that a sweep has come to its end: there is nothing left to go on with."""

        def ended(connection: Connection) -> None:
            _end(connection, begun.result(), at)
            self._claims.release(connection, begun.result())

        return self._workspace.submit(ended)

    def leave(self, begun: Future[int]) -> Future[None]:
        """Let a sweep go before its end: whoever wants to goes on with it."""
        return self._workspace.submit(lambda connection: self._claims.release(connection, begun.result()))

    def last_conclusive(self) -> Future[dict[int, datetime]]:
        """When each endpoint was last tested so that it answered; one that never did is not in it."""
        return self._workspace.submit(_last_conclusive, reading=True)

    def _begun(
        self,
        connection: Connection,
        targets_sha256: str,
        targets: int,
        started_at: datetime,
        planned: Mapping[int, Endpoint],
    ) -> int:
        row = insert(sweeps).values(
            started_at=started_at,
            targets_sha256=targets_sha256,
            targets=targets,
            document=plan_text(planned),
        )
        number = int(connection.execute(row.returning(sweeps.c.id)).scalar_one())
        self._claims.take(connection, number)
        return number


class _Others(NamedTuple):
    """Endpoints that are others than those that were tested: other servers, or tested in other ways."""

    servers: frozenset[int]
    ways: frozenset[int]


def _others(connection: Connection, tests: Sequence[SweptTest]) -> _Others:
    tested = {
        one.endpoint_id: one.target for one in tests if one.endpoint_id is not None and one.target is not None
    }
    now = {
        row.id: endpoint_of(row, "").target
        for row in connection.execute(select(endpoints).where(endpoints.c.id.in_(tested)))
    }
    changed = {number for number, target in now.items() if target != tested[number]}
    servers = {number for number in changed if _server(now[number]) != _server(tested[number])}
    return _Others(servers=frozenset(servers), ways=frozenset(changed - servers))


def _server(target: Target) -> tuple[str, str, int]:
    return target.protocol, target.host, target.port


def _unfinished(connection: Connection, targets_sha256: str) -> UnfinishedSweep | None:
    row = connection.execute(
        select(sweeps)
        .where(sweeps.c.targets_sha256 == targets_sha256, sweeps.c.ended_at.is_(None))
        .order_by(sweeps.c.started_at.desc(), sweeps.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    done = connection.execute(
        select(sweep_results.c.position, sweep_results.c.observation_id).where(
            sweep_results.c.sweep_id == row.id
        )
    )
    return UnfinishedSweep(
        id=row.id,
        started_at=row.started_at,
        targets=row.targets,
        done={int(position): int(number) for position, number in done},
    )


def _runs(connection: Connection, sweep_id: int) -> bool:
    runs = select(sweeps.c.id).where(sweeps.c.id == sweep_id, sweeps.c.ended_at.is_(None))
    return connection.execute(runs).scalar_one_or_none() is not None


def _end(connection: Connection, sweep_id: int, at: datetime) -> None:
    connection.execute(update(sweeps).where(sweeps.c.id == sweep_id).values(ended_at=at, document=NO_PLAN))
    connection.execute(delete(sweep_results).where(sweep_results.c.sweep_id == sweep_id))


def _check_off(
    connection: Connection, sweep_id: int, tests: Sequence[SweptTest], numbers: Sequence[int]
) -> None:
    add_missing(
        connection,
        sweep_results,
        [
            {"sweep_id": sweep_id, "position": one.position, "observation_id": number}
            for one, number in zip(tests, numbers, strict=True)
        ],
    )


def _last_conclusive(connection: Connection) -> dict[int, datetime]:
    tells_nothing = [
        number
        for number, document in connection.execute(
            select(observation_facts.c.id, observation_facts.c.document)
        )
        if facts_from(document).outcome in INCONCLUSIVE
    ]
    newest = (
        select(observations.c.started_at)
        .where(observations.c.endpoint_id == endpoints.c.id)
        .order_by(observations.c.started_at.desc(), observations.c.id.desc())
        .limit(1)
        .correlate(endpoints)
    )
    # Of some thousands of facts few are such; each step back in an endpoint's history is one in the index.
    newest = newest.where(observations.c.facts_id.not_in(tells_nothing)) if tells_nothing else newest
    rows = connection.execute(select(endpoints.c.id, newest.scalar_subquery().label("tested_at")))
    return {int(row.id): row.tested_at for row in rows if row.tested_at is not None}
