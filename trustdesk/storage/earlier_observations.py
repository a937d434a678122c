"""The tests of an endpoint around one of them, as far as it takes to tell what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from sqlalchemy import Connection, Executable, ScalarSelect, bindparam, or_, select

from trustdesk.core.observation import Observation
from trustdesk.storage.observation_rows import AT_ONCE, observation_rows, read_observations
from trustdesk.storage.schema import endpoints, observations

_LOOK_BACK = 32
"""Tests that are looked at for what the last ones left open; of an endpoint that stayed silent longer only
the last chain is compared."""

_MOST_COLUMNS = 16
"""Newest tests of an endpoint that are asked for in one question for many endpoints."""

_LATER = 100
"""Later tests of an endpoint whose changes are told anew when one of before them is kept late."""


def newest_of(connection: Connection, endpoint_id: int, limit: int) -> list[Observation]:
    """Return the newest tests of an endpoint, newest first."""
    question = observation_rows().where(observations.c.endpoint_id == endpoint_id)
    newest = question.order_by(observations.c.started_at.desc(), observations.c.id.desc()).limit(limit)
    return list(read_observations(connection, newest))


def newest_of_each(
    connection: Connection, endpoint_ids: Sequence[int], limit: int
) -> dict[int, list[Observation]]:
    """Return the newest tests of endpoints, newest first, in a few questions for all of them."""
    if limit > _MOST_COLUMNS:
        return {one: newest_of(connection, one, limit) for one in endpoint_ids}
    numbers: dict[int, list[int]] = {one: [] for one in endpoint_ids}
    question = _newest_numbers(limit)
    for first in range(0, len(endpoint_ids), AT_ONCE):
        named = {"some": list(endpoint_ids[first : first + AT_ONCE])}
        for endpoint_id, *found in connection.execute(question, named):
            numbers[endpoint_id] = [number for number in found if number is not None]
    wanted = [number for found in numbers.values() for number in found]
    tests: dict[int, Observation] = {}
    for first in range(0, len(wanted), AT_ONCE):
        these = observations.c.id.in_(wanted[first : first + AT_ONCE])
        tests |= {one.id: one for one in read_observations(connection, observation_rows().where(these))}
    return {one: [tests[number] for number in found] for one, found in numbers.items()}


@cache
def _newest_numbers(limit: int) -> Executable:
    """Return the question for the numbers of the newest tests of some endpoints; made once, asked often."""
    columns = [_number_at(place).label(f"at_{place}") for place in range(limit)]
    some = endpoints.c.id.in_(bindparam("some", expanding=True))
    return select(endpoints.c.id, *columns).where(some)


def _number_at(place: int) -> ScalarSelect[int]:
    """Return the number of an endpoint's test so many before its newest: that many steps in the index."""
    any_of_it = observations.alias()
    return (
        select(any_of_it.c.id)
        .where(any_of_it.c.endpoint_id == endpoints.c.id)
        .order_by(any_of_it.c.started_at.desc(), any_of_it.c.id.desc())
        .limit(1)
        .offset(place)
        .correlate(endpoints)
        .scalar_subquery()
    )


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
