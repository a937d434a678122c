"""The tests of an endpoint around one of them, as far as it takes to tell what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, or_

from trustdesk.core.observation import Observation
from trustdesk.storage.observation_rows import observation_rows, read_observations
from trustdesk.storage.schema import observations

_LOOK_BACK = 32
"""Tests that are looked at for what the last ones left open; of an endpoint that stayed silent longer only
the last chain is compared."""

_LATER = 100
"""Later tests of an endpoint whose changes are told anew when one of before them is kept late."""


def newest_of(connection: Connection, endpoint_id: int, limit: int) -> list[Observation]:
    """Return the newest tests of an endpoint, newest first."""
    question = observation_rows().where(observations.c.endpoint_id == endpoint_id)
    newest = question.order_by(observations.c.started_at.desc(), observations.c.id.desc()).limit(limit)
    return list(read_observations(connection, newest))


def before(connection: Connection, seen: Observation) -> Iterator[Observation]:
    """Yield the tests before one, newest first: mostly one is all it takes."""
    is_before = or_(
        observations.c.started_at < seen.started_at,
        (observations.c.started_at == seen.started_at) & (observations.c.id < seen.id),
    )
    question = (
        observation_rows()
        .where(observations.c.endpoint_id == seen.endpoint_id, is_before)
        .order_by(observations.c.started_at.desc(), observations.c.id.desc())
    )
    yield from read_observations(connection, question.limit(1))
    yield from read_observations(connection, question.limit(_LOOK_BACK - 1).offset(1))
    with_chain = question.where(observations.c.chain_id.is_not(None))
    yield from read_observations(connection, with_chain.limit(1))


def after(connection: Connection, seen: Observation) -> Sequence[Observation]:
    """Return the tests after one that was kept late: of another program, or a clock that was wrong."""
    is_after = or_(
        observations.c.started_at > seen.started_at,
        (observations.c.started_at == seen.started_at) & (observations.c.id > seen.id),
    )
    return read_observations(
        connection,
        observation_rows()
        .where(observations.c.endpoint_id == seen.endpoint_id, is_after)
        .order_by(observations.c.started_at, observations.c.id)
        .limit(_LATER),
    )
