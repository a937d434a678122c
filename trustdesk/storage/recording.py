"""Keeping what a test found: facts, chain, report, and what changed since the last, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, insert, or_, select, update

from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.observation import Change, Observation
from trustdesk.core.observation_changes import Past, ServerCertificate, changes_between, past_of
from trustdesk.core.observed_facts import observed_facts
from trustdesk.core.probe import Outcome, ProbeRecord, ProbeReport
from trustdesk.formats.observation_records import packed_report
from trustdesk.formats.records import SCHEMA, report_document
from trustdesk.storage.observation_rows import (
    chain_number,
    facts_number,
    observation_rows,
    read_observations,
)
from trustdesk.storage.requests import note_tested
from trustdesk.storage.schema import certificates, changes, observation_reports, observations
from trustdesk.storage.seen_certificates import keep_certificates
from trustdesk.verify.outline import outline

_LOOK_BACK = 32
"""Tests that are looked at for what the last ones left open; of an endpoint that stayed silent longer only
the last chain is compared."""

_LATER = 100
"""Later tests of an endpoint whose changes are told anew when one of before them is kept late."""


def record_report(connection: Connection, endpoint_id: int | None, report: ProbeReport) -> int:
    """Keep a report with all that follows from it; return the observation's number.

    Args:
        endpoint_id: None for a target that is no endpoint of the directory.
        report: its chain may hold the same certificate more than once.
    """
    record = report.record
    facts = observed_facts(report)
    chain = tuple(one.sha256 for one in record.presented_chain)
    keep_certificates(connection, record.presented_chain, record.started_at)
    row = {
        "endpoint_id": endpoint_id,
        "started_at": record.started_at,
        "facts_id": facts_number(connection, facts),
        "chain_id": chain_number(connection, chain),
        "handshake_ms": record.phases.handshake_ms,
        "first_byte_ms": record.phases.first_byte_ms,
        "changed": False,
    }
    number = int(
        connection.execute(insert(observations).values(row).returning(observations.c.id)).scalar_one()
    )
    connection.execute(
        insert(observation_reports).values(
            observation_id=number, schema_number=SCHEMA, document=packed_report(report_document(report))
        )
    )
    if endpoint_id is not None:
        seen = Observation(
            id=number, endpoint_id=endpoint_id, started_at=record.started_at, facts=facts, chain=chain
        )
        keep_changes(connection, seen)
        for later in later_tests(connection, seen):
            keep_changes(connection, later)
    note_tested(connection, proved_certificates(record))
    return number


def keep_changes(connection: Connection, seen: Observation) -> None:
    """Tell what an observation changed, also where something else was told of it before."""
    past = _past(connection, seen)
    told = changes_between(past, seen, _certificates(connection, past, seen))
    connection.execute(delete(changes).where(changes.c.observation_id == seen.id))
    if told:
        connection.execute(insert(changes), [_change_row(one) for one in told])
    connection.execute(
        update(observations)
        .where(observations.c.id == seen.id, observations.c.changed != bool(told))
        .values(changed=bool(told))
    )


def _change_row(change: Change) -> dict[str, object]:
    return {
        "observation_id": change.observation_id,
        "endpoint_id": change.endpoint_id,
        "at": change.at,
        "kind": change.kind.value,
        "before": change.before,
        "after": change.after,
    }


def _past(connection: Connection, seen: Observation) -> Past | None:
    return past_of(_before(connection, seen))


def _before(connection: Connection, seen: Observation) -> Iterator[Observation]:
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


def later_tests(connection: Connection, seen: Observation) -> Sequence[Observation]:
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


def _certificates(
    connection: Connection, past: Past | None, seen: Observation
) -> dict[str, ServerCertificate]:
    """Return what is compared of two end entities; empty where they are the same."""
    if past is None or not past.chain or not seen.chain or past.chain[0] == seen.chain[0]:
        return {}
    rows = connection.execute(
        select(certificates.c.sha256, certificates.c.der, certificates.c.issuer, certificates.c.facts).where(
            certificates.c.sha256.in_([past.chain[0], seen.chain[0]])
        )
    )
    return {
        row.sha256: ServerCertificate(
            sha256=row.sha256,
            spki_sha256=outline(row.der).spki_sha256,
            issuer=row.issuer or "",
            names=_names(row.facts),
        )
        for row in rows
    }


def _names(facts: str) -> tuple[str, ...]:
    """Return the names in a certificate's read-outs, without reading all of them."""
    try:
        names = json.loads(facts).get("subject_alt_names", ())
    except (ValueError, AttributeError):
        return ()
    return tuple(one for one in names if isinstance(one, str)) if isinstance(names, list) else ()


def proved_certificates(record: ProbeRecord) -> frozenset[str]:
    """Return the certificates that a probe proved to work: ours as client, and what the server presented."""
    proved = set[str]()
    if (
        record.identity is not None
        and record.client_auth.sent
        and record.client_auth.verdict is ClientCertificateVerdict.ACCEPTED
    ):
        proved.add(record.identity.sha256)
    if record.outcome is Outcome.ACCEPTED and record.presented_chain:
        proved.add(record.presented_chain[0].sha256)
    return frozenset(proved)
