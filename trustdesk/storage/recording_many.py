"""Keeping what many tests found at once: as `recording`, with a few questions for all of them.

Measured for 64 tests a transaction: a third of what one by one takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, insert, select

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.observation import Observation
from trustdesk.core.observed_facts import observed_facts
from trustdesk.core.probe import ProbeReport
from trustdesk.formats.observation_records import chain_digest, facts_digest, facts_text, packed_report
from trustdesk.formats.records import SCHEMA, report_document
from trustdesk.storage.inserting import add_missing
from trustdesk.storage.observation_rows import AT_ONCE, newest_observation
from trustdesk.storage.recording import keep_changes, later_tests, proved_certificates
from trustdesk.storage.requests import note_tested
from trustdesk.storage.schema import (
    endpoints,
    observation_facts,
    observation_reports,
    observations,
    presented_certificates,
    presented_chains,
)
from trustdesk.storage.seen_certificates import keep_certificates

MOST_AT_ONCE = 100
"""Tests in one transaction: others wait for it."""

Test = tuple[int | None, ProbeReport]
"""Number of the endpoint, None for a target that is none; and what a test of it found."""


@dataclass(frozen=True, slots=True)
class _Newest:
    started_at: datetime
    facts_id: int
    chain_id: int | None


def record_reports(connection: Connection, tests: Sequence[Test]) -> list[int]:
    """Keep reports with all that follows from them; return the observations' numbers in their order.

    Args:
        connection: whose transaction it is done in.
        tests: some hundred at most, in the order in which they ended.
    """
    if not tests:
        return []
    reports = [report for _, report in tests]
    _keep_certificates(connection, reports)
    facts = [observed_facts(one) for one in reports]
    texts = [facts_text(one) for one in facts]
    chains = [tuple(one.sha256 for one in report.record.presented_chain) for report in reports]
    facts_ids = _facts_numbers(connection, texts)
    chain_ids = _chain_numbers(connection, chains)
    before = _newest(connection, {one for one, _ in tests if one is not None})
    rows = [
        {
            "endpoint_id": endpoint_id,
            "started_at": report.record.started_at,
            "facts_id": facts_ids[text],
            "chain_id": chain_ids.get(chain),
            "handshake_ms": report.record.phases.handshake_ms,
            "first_byte_ms": report.record.phases.first_byte_ms,
            "changed": False,
        }
        for (endpoint_id, report), text, chain in zip(tests, texts, chains, strict=True)
    ]
    adding = insert(observations).returning(observations.c.id, sort_by_parameter_order=True)
    numbers = [int(number) for number in connection.execute(adding, rows).scalars()]
    connection.execute(
        insert(observation_reports),
        [
            {
                "observation_id": number,
                "schema_number": SCHEMA,
                "document": packed_report(report_document(report)),
            }
            for number, report in zip(numbers, reports, strict=True)
        ],
    )
    seen_now = set[int]()
    for number, (endpoint_id, report), found, text, chain in zip(
        numbers, tests, facts, texts, chains, strict=True
    ):
        if endpoint_id is None:
            continue
        started_at = report.record.started_at
        now = _Newest(started_at, facts_ids[text], chain_ids.get(chain))
        if endpoint_id in seen_now or not _is_as_before(before.get(endpoint_id), now):
            seen = Observation(
                id=number, endpoint_id=endpoint_id, started_at=started_at, facts=found, chain=chain
            )
            keep_changes(connection, seen)
            for later in later_tests(connection, seen):
                keep_changes(connection, later)
        seen_now.add(endpoint_id)
    note_tested(connection, frozenset[str]().union(*(proved_certificates(one.record) for one in reports)))
    return numbers


def _is_as_before(before: _Newest | None, now: _Newest) -> bool:
    """Whether nothing can have changed, and nothing later has to be told anew."""
    if before is None:
        return True
    same = (before.facts_id, before.chain_id) == (now.facts_id, now.chain_id)
    return same and before.started_at <= now.started_at


def _keep_certificates(connection: Connection, reports: Sequence[ProbeReport]) -> None:
    seen: dict[str, datetime] = {}
    presented: dict[str, CertificateFacts] = {}
    for report in reports:
        for certificate in report.record.presented_chain:
            seen.setdefault(certificate.sha256, report.record.started_at)
            presented[certificate.sha256] = certificate
    certificates = list(presented.values())
    for first in range(0, len(certificates), AT_ONCE):
        keep_certificates(connection, certificates[first : first + AT_ONCE], seen)


def _newest(connection: Connection, endpoint_ids: set[int]) -> dict[int, _Newest]:
    """Return the newest observation of endpoints; one that was never tested is not in it."""
    wanted = sorted(endpoint_ids)
    found: dict[int, _Newest] = {}
    for first in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            select(
                observations.c.endpoint_id,
                observations.c.started_at,
                observations.c.facts_id,
                observations.c.chain_id,
            )
            .select_from(endpoints)
            .join(observations, observations.c.id == newest_observation(endpoints.c.id))
            .where(endpoints.c.id.in_(wanted[first : first + AT_ONCE]))
        )
        for endpoint_id, started_at, facts_id, chain_id in rows:
            found[endpoint_id] = _Newest(started_at, facts_id, chain_id)
    return found


def _facts_numbers(connection: Connection, texts: Sequence[str]) -> dict[str, int]:
    """Keep facts, each once; return the number under which a text is kept."""
    digests = {text: facts_digest(text) for text in dict.fromkeys(texts)}
    rows = [{"sha256": digest, "document": text} for text, digest in digests.items()]
    numbers = _numbers(connection, observation_facts, rows)
    return {text: numbers[digest] for text, digest in digests.items()}


def _chain_numbers(connection: Connection, chains: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """Keep presented chains, each once; return the number under which a chain is kept, but for the empty."""
    digests = {chain: chain_digest(chain) for chain in dict.fromkeys(chains) if chain}
    known = _known(connection, presented_chains, digests.values())
    numbers = _numbers(connection, presented_chains, [{"sha256": digest} for digest in digests.values()])
    add_missing(
        connection,
        presented_certificates,
        [
            {"chain_id": numbers[digest], "position": position, "sha256": sha256}
            for chain, digest in digests.items()
            if digest not in known
            for position, sha256 in enumerate(chain)
        ],
    )
    return {chain: numbers[digest] for chain, digest in digests.items()}


def _numbers(connection: Connection, table: Table, rows: Sequence[dict[str, str]]) -> dict[str, int]:
    """Add rows that are not there; return all their numbers by digest."""
    known = _known(connection, table, [row["sha256"] for row in rows])
    missing = [row for row in rows if row["sha256"] not in known]
    if missing:
        add_missing(connection, table, missing)
        known |= _known(connection, table, [row["sha256"] for row in missing])
    return known


def _known(connection: Connection, table: Table, digests: Iterable[str]) -> dict[str, int]:
    wanted = list(digests)
    found: dict[str, int] = {}
    for first in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            select(table.c.sha256, table.c.id).where(table.c.sha256.in_(wanted[first : first + AT_ONCE]))
        )
        found.update((sha256, int(number)) for sha256, number in rows)
    return found
