"""Rows of the tables of observations, written and read in the transaction of a connection.

An observation is a few numbers. What it found and which chain it saw stand in rows of their own, each once,
however often they were seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, exists, select

from trustdesk.core.observation import Observation, ObservationFacts
from trustdesk.formats.observation_records import chain_digest, facts_digest, facts_from, facts_text
from trustdesk.storage.inserting import add_missing
from trustdesk.storage.schema import (
    endpoints,
    observation_facts,
    observation_reports,
    observations,
    presented_certificates,
    presented_chains,
)

AT_ONCE: Final = 500
"""Values in one question: SQLite takes some thousands, older ones 999."""


def newest_observation(endpoint_id: ColumnElement[int]) -> ScalarSelect[int]:
    """Return the number of an endpoint's newest observation: one step in the index, not its history."""
    any_of_it = observations.alias()
    return (
        select(any_of_it.c.id)
        .where(any_of_it.c.endpoint_id == endpoint_id)
        .order_by(any_of_it.c.started_at.desc(), any_of_it.c.id.desc())
        .limit(1)
        .correlate(endpoints)
        .scalar_subquery()
    )


def newest_with_chain(endpoint_id: ColumnElement[int]) -> ScalarSelect[int]:
    """Return the number of an endpoint's newest observation that saw a certificate."""
    any_of_it = observations.alias()
    return (
        select(any_of_it.c.id)
        .where(any_of_it.c.endpoint_id == endpoint_id, any_of_it.c.chain_id.is_not(None))
        .order_by(any_of_it.c.started_at.desc(), any_of_it.c.id.desc())
        .limit(1)
        .correlate(endpoints)
        .scalar_subquery()
    )


def facts_number(connection: Connection, facts: ObservationFacts) -> int:
    """Keep facts, and return the number under which they are kept."""
    text = facts_text(facts)
    digest = facts_digest(text)
    find = select(observation_facts.c.id).where(observation_facts.c.sha256 == digest)
    number = connection.execute(find).scalar_one_or_none()
    if number is None:
        add_missing(connection, observation_facts, [{"sha256": digest, "document": text}])
        number = connection.execute(find).scalar_one()
    return int(number)


def chain_number(connection: Connection, chain: Sequence[str]) -> int | None:
    """Keep a presented chain, and return its number; None for an empty one.

    Args:
        chain: SHA-256 digests, end entity first, of certificates that are kept already.
    """
    if not chain:
        return None
    digest = chain_digest(chain)
    find = select(presented_chains.c.id).where(presented_chains.c.sha256 == digest)
    number = connection.execute(find).scalar_one_or_none()
    if number is not None:
        return int(number)
    add_missing(connection, presented_chains, [{"sha256": digest}])
    number = connection.execute(find).scalar_one()
    places = [
        {"chain_id": number, "position": position, "sha256": sha256} for position, sha256 in enumerate(chain)
    ]
    add_missing(connection, presented_certificates, places)
    return int(number)


def chains_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return presented chains, end entity first, by their number."""
    found: dict[int, list[str]] = {}
    for first in range(0, len(numbers), AT_ONCE):
        rows = connection.execute(
            select(presented_certificates.c.chain_id, presented_certificates.c.sha256)
            .where(presented_certificates.c.chain_id.in_(numbers[first : first + AT_ONCE]))
            .order_by(presented_certificates.c.chain_id, presented_certificates.c.position)
        )
        for chain_id, sha256 in rows:
            found.setdefault(chain_id, []).append(sha256)
    return {number: tuple(chain) for number, chain in found.items()}


def observation_rows() -> Select[tuple[object, ...]]:
    """Return the question for observations with their facts; to be narrowed and ordered."""
    return select(
        observations.c.id,
        observations.c.endpoint_id,
        observations.c.started_at,
        observations.c.chain_id,
        observations.c.handshake_ms,
        observations.c.first_byte_ms,
        observations.c.changed,
        observation_facts.c.document,
        exists().where(observation_reports.c.observation_id == observations.c.id).label("has_report"),
    ).join(observation_facts, observation_facts.c.id == observations.c.facts_id)


def read_observations(
    connection: Connection, question: Select[tuple[object, ...]]
) -> tuple[Observation, ...]:
    """Ask `observation_rows`, and return what it finds in its order."""
    rows = connection.execute(question).all()
    chains = chains_of(connection, sorted({row.chain_id for row in rows if row.chain_id is not None}))
    return tuple(
        Observation(
            id=row.id,
            endpoint_id=row.endpoint_id,
            started_at=row.started_at,
            facts=facts_from(row.document),
            chain=chains.get(row.chain_id, ()),
            handshake_ms=row.handshake_ms,
            first_byte_ms=row.first_byte_ms,
            has_report=row.has_report,
        )
        for row in rows
    )
