"""Keeping what tests found: facts, chain, report, and what changed since the last, in one transaction.

Many at a time cost far less than one after the other: what several share is looked up and written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.observation import Change, Observation
from trustdesk.core.observation_changes import past_of
from trustdesk.core.observed_facts import observed_facts
from trustdesk.core.probe import Outcome, ProbeRecord, ProbeReport
from trustdesk.formats.observation_records import packed_report
from trustdesk.formats.records import SCHEMA, report_document
from trustdesk.storage.earlier_observations import before, newest_of_each
from trustdesk.storage.kept_changes import insert_changes, tell_anew, told_by
from trustdesk.storage.observation_rows import AT_ONCE, chain_numbers, facts_numbers
from trustdesk.storage.requests import note_tested
from trustdesk.storage.retention import forget, lasting_reports
from trustdesk.storage.schema import endpoint_standings, endpoints, observation_reports, observations
from trustdesk.storage.seen_certificates import keep_seen
from trustdesk.storage.settings import read_settings

MakeStanding = Callable[[ProbeReport], tuple[int, str]]
"""Makes what `endpoint_standings` keeps of an endpoint's last report: the form, and the document."""


@dataclass(slots=True, kw_only=True)
class _Test:
    """A test, on its way into the tables or of before.

    Attributes:
        report: None for one of before, which is in the tables already.
        is_late: a later test of the endpoint is there already.
    """

    seen: Observation
    report: ProbeReport | None = None
    told: tuple[Change, ...] = ()
    is_late: bool = False


_Recent = dict[int, list[_Test]]
"""The newest tests of endpoints, newest first."""


def record_report(
    connection: Connection,
    endpoint_id: int | None,
    report: ProbeReport,
    make_standing: MakeStanding | None = None,
) -> int:
    """Keep a report with all that follows from it; return the observation's number."""
    return record_reports(connection, [(endpoint_id, report)], make_standing)[0]


def record_reports(
    connection: Connection,
    reports: Sequence[tuple[int | None, ProbeReport]],
    make_standing: MakeStanding | None = None,
) -> list[int]:
    """Keep reports with all that follows from them; return the observations' numbers in their order.

    Args:
        reports: each with its endpoint; None for a target that is no endpoint of the directory, and so are
            those of endpoints that are gone meanwhile. A chain may hold the same certificate more than once.
        make_standing: None leaves it to the next look at the board, which takes longer then.
    """
    if not reports:
        return []
    settings = read_settings(connection)
    _keep_certificates(connection, reports)
    there = _existing(connection, {one for one, _ in reports if one is not None})
    tests = [
        _Test(seen=_seen(endpoint_id if endpoint_id in there else None, report), report=report)
        for endpoint_id, report in reports
    ]
    recent: _Recent = {
        one: [_Test(seen=seen) for seen in newest]
        for one, newest in newest_of_each(connection, sorted(there), settings.full_reports + 1).items()
    }
    in_order = sorted(tests, key=lambda one: one.seen.started_at)
    for one in in_order:
        _compare(connection, one, recent)
    _insert(connection, in_order)
    for one in in_order:
        if one.is_late:
            tell_anew(connection, one.seen)
    insert_changes(connection, (change for one in in_order for change in one.told))
    _keep_standings(connection, recent, make_standing)
    _keep_reports(connection, in_order, recent, settings.full_reports)
    forget(connection, {one: [test.seen for test in of_it] for one, of_it in recent.items()}, settings)
    note_tested(connection, frozenset().union(*(_proved(report.record) for _, report in reports)))
    return [one.seen.id for one in tests]


def _seen(endpoint_id: int | None, report: ProbeReport) -> Observation:
    record = report.record
    return Observation(
        id=0,
        endpoint_id=endpoint_id,
        started_at=record.started_at,
        facts=observed_facts(report),
        chain=tuple(one.sha256 for one in record.presented_chain),
        handshake_ms=record.phases.handshake_ms,
        first_byte_ms=record.phases.first_byte_ms,
        has_report=True,
    )


def _keep_certificates(connection: Connection, reports: Iterable[tuple[int | None, ProbeReport]]) -> None:
    facts: dict[str, CertificateFacts] = {}
    first: dict[str, datetime] = {}
    for _, report in reports:
        for one in report.record.presented_chain:
            at = report.record.started_at
            facts[one.sha256] = one
            first[one.sha256] = min(at, first.get(one.sha256, at))
    keep_seen(connection, facts, first)


def _existing(connection: Connection, wanted: set[int]) -> frozenset[int]:
    numbers = sorted(wanted)
    found: set[int] = set()
    for at in range(0, len(numbers), AT_ONCE):
        some = select(endpoints.c.id).where(endpoints.c.id.in_(numbers[at : at + AT_ONCE]))
        found.update(connection.execute(some).scalars())
    return frozenset(found)


def _compare(connection: Connection, one: _Test, recent: _Recent) -> None:
    """Tell what a test changed, and put it among the newest of its endpoint."""
    seen = one.seen
    if seen.endpoint_id is None:
        return
    known = recent[seen.endpoint_id]
    if known and known[0].seen.started_at > seen.started_at:
        one.is_late = True
        return
    older = before(connection, known[-1].seen) if known and known[-1].seen.id else ()
    past = past_of(chain((test.seen for test in known), older))
    one.told = told_by(connection, past, seen)
    one.seen = replace(seen, changed=bool(one.told))
    known.insert(0, one)


def _insert(connection: Connection, tests: Sequence[_Test]) -> None:
    """Add the rows of tests; their numbers stand in the tests afterwards."""
    facts = facts_numbers(connection, {one.seen.facts for one in tests})
    chains = chain_numbers(connection, {one.seen.chain for one in tests} - {()})
    rows = [
        {
            "endpoint_id": one.seen.endpoint_id,
            "started_at": one.seen.started_at,
            "facts_id": facts[one.seen.facts],
            "chain_id": chains.get(one.seen.chain),
            "handshake_ms": one.seen.handshake_ms,
            "first_byte_ms": one.seen.first_byte_ms,
            "changed": one.seen.changed,
        }
        for one in tests
    ]
    add = insert(observations).returning(observations.c.id, sort_by_parameter_order=True)
    for one, number in zip(tests, connection.execute(add, rows).scalars().all(), strict=True):
        one.seen = replace(one.seen, id=number)
        one.told = tuple(replace(change, observation_id=number) for change in one.told)


def _keep_standings(connection: Connection, recent: _Recent, make_standing: MakeStanding | None) -> None:
    newest = [of_it[0] for of_it in recent.values() if of_it and of_it[0].report is not None]
    numbers = [one.seen.endpoint_id for one in newest]
    for at in range(0, len(numbers), AT_ONCE):
        outdated = endpoint_standings.c.endpoint_id.in_(numbers[at : at + AT_ONCE])
        connection.execute(delete(endpoint_standings).where(outdated))
    if make_standing is None or not newest:
        return
    rows = []
    for one in newest:
        if one.report is not None:
            form, document = make_standing(one.report)
            named = {"endpoint_id": one.seen.endpoint_id, "observation_id": one.seen.id}
            rows.append({**named, "form": form, "document": document})
    connection.execute(insert(endpoint_standings), rows)


def _keep_reports(connection: Connection, tests: Sequence[_Test], recent: _Recent, full: int) -> None:
    """Keep the whole reports of those tests that still have one after the last of them."""
    lasting = {
        number for of_it in recent.values() for number in lasting_reports([test.seen for test in of_it], full)
    }
    rows = [
        {
            "observation_id": one.seen.id,
            "schema_number": SCHEMA,
            "document": packed_report(report_document(one.report)),
        }
        for one in tests
        if one.report is not None and (one.seen.endpoint_id is None or one.is_late or one.seen.id in lasting)
    ]
    if rows:
        connection.execute(insert(observation_reports), rows)


def _proved(record: ProbeRecord) -> frozenset[str]:
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
