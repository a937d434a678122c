"""Which sweep did not come to its end, and what of it is left to test today."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, exists, select

from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.core.partner import Endpoint
from trustdesk.storage.claims import Claims
from trustdesk.storage.directory import all_endpoints
from trustdesk.storage.schema import endpoints, observations, sweep_results, sweeps
from trustdesk.storage.sweep_plans import NO_PLAN, SweepPlan


def left_sweeps(connection: Connection, claims: Claims, since: datetime) -> list[int]:
    """Return the sweeps that ended in no way, and that no living program makes, newest first.

    Only those that say whom they test. A sweep is marked by its program from the transaction on in which it
    begins, and ends or is let go in one: who looks within such a transaction sees none that is in between.

    Args:
        since: older ones count for nothing.
    """
    rows = connection.execute(
        select(sweeps.c.id)
        .where(sweeps.c.ended_at.is_(None), sweeps.c.started_at >= since, sweeps.c.document != NO_PLAN)
        .order_by(sweeps.c.started_at.desc(), sweeps.c.id.desc())
    )
    numbers = list(rows.scalars())
    held = claims.held(connection, numbers) if numbers else frozenset()
    return [one for one in numbers if one not in held]


def last_left(connection: Connection, claims: Claims, since: datetime) -> LeftOfSweep | None:
    """Return what is left of the newest of these of which anything is."""
    now: dict[int, Endpoint] | None = None
    for number in left_sweeps(connection, claims, since):
        if now is None:
            now = {one.id: one for one in all_endpoints(connection)}
        found = _left_of(connection, number, now)
        if found is not None:
            return found
    return None


def _left_of(connection: Connection, number: int, now: dict[int, Endpoint]) -> LeftOfSweep | None:
    row = connection.execute(select(sweeps).where(sweeps.c.id == number)).one()
    done = set(
        connection.execute(
            select(sweep_results.c.position).where(sweep_results.c.sweep_id == number)
        ).scalars()
    )
    seen_since = _seen_since(connection, row.started_at)
    left = {
        position: one
        for position, one in SweepPlan(row.document).left(done, now).items()
        if one.id not in seen_since
    }
    if not left:
        return None
    return LeftOfSweep(
        id=number,
        started_at=row.started_at,
        targets=row.targets,
        tested=len(done),
        endpoints=tuple(left.values()),
        positions=tuple(left),
    )


def _seen_since(connection: Connection, instant: datetime) -> frozenset[int]:
    """Return the endpoints that any test has seen since an instant: one step in the index for each."""
    seen = exists().where(observations.c.endpoint_id == endpoints.c.id, observations.c.started_at >= instant)
    return frozenset(connection.execute(select(endpoints.c.id).where(seen)).scalars())
