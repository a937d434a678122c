"""Rows of the tables of observations, written and read in the transaction of a connection.

An observation is a few numbers. What it found and which chain it saw stand in rows of their own, each once,
however often they were seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, Table, exists, select

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


def facts_numbers(connection: Connection, some: Collection[ObservationFacts]) -> dict[ObservationFacts, int]:
    """Keep facts, each once, and return the numbers under which they are kept."""
    texts = {facts: facts_text(facts) for facts in some}
    documents = {facts_digest(text): text for text in texts.values()}
    rows = [{"sha256": digest, "document": text} for digest, text in documents.items()]
    numbers = _numbers(connection, observation_facts, rows)
    return {facts: numbers[facts_digest(text)] for facts, text in texts.items()}


def chain_numbers(connection: Connection, some: Collection[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """Keep presented chains, each once, and return their numbers.

    Args:
        some: SHA-256 digests, end entity first, of certificates that are kept already; none is empty.
    """
    digests = {chain: chain_digest(chain) for chain in some}
    known = _known(connection, presented_chains, list(digests.values()))
    new = {chain: digest for chain, digest in digests.items() if digest not in known}
    numbers = known | _numbers(connection, presented_chains, [{"sha256": one} for one in new.values()])
    add_missing(
        connection,
        presented_certificates,
        [
            {"chain_id": numbers[digest], "position": position, "sha256": sha256}
            for chain, digest in new.items()
            for position, sha256 in enumerate(chain)
        ],
    )
    return {chain: numbers[digest] for chain, digest in digests.items()}


def _numbers(connection: Connection, table: Table, rows: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """Keep rows that are found by their digest, and return their numbers by it."""
    digests = [row["sha256"] for row in rows]
    known = _known(connection, table, digests)
    new = [row for row in rows if row["sha256"] not in known]
    if new:
        add_missing(connection, table, new)
        known |= _known(connection, table, [row["sha256"] for row in new])
    return known


def _known(connection: Connection, table: Table, digests: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for first in range(0, len(digests), AT_ONCE):
        some = select(table.c.sha256, table.c.id).where(table.c.sha256.in_(digests[first : first + AT_ONCE]))
        found.update((sha256, number) for sha256, number in connection.execute(some))
    return found


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
            changed=row.changed,
            has_report=row.has_report,
        )
        for row in rows
    )
