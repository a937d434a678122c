"""The last chain of every endpoint as it lies in the workspace: certificates without their reports.

A report's document is fetched for few of them: reading ten thousand takes seconds, the certificates none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeGuard

from sqlalchemy import Connection, select

from trustdesk.core.probe import Outcome, ProbeReport
from trustdesk.core.target import host_and_port
from trustdesk.formats.observation_records import facts_from, unpacked
from trustdesk.formats.standing_records import grounds_from
from trustdesk.storage.last_ends import LastEnds, last_ends
from trustdesk.storage.observation_rows import AT_ONCE, chains_of, newest_with_chain
from trustdesk.storage.schema import (
    certificates,
    endpoint_standings,
    endpoints,
    observation_facts,
    observation_reports,
    observations,
    partners,
)
from trustdesk.storage.stored_reports import report_from, stored_reports_at
from trustdesk.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCertificate:
    """A certificate without its read-outs; dates are None where they could not be read."""

    sha256: str
    der: bytes = field(repr=False)
    not_before: datetime | None
    not_after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTrust:
    """That a chain was trusted when it was seen, as far as its report says by what.

    Attributes:
        verify_name: reference identifier that it was judged for.
        basis, engine, judged_at: as in `core.trust.ServerJudgement`.
        path: SHA-256 digests, end entity first.
    """

    verify_name: str
    basis: str
    engine: str
    judged_at: datetime
    trust_list: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChain:
    """The last chain that an endpoint presented.

    Attributes:
        place: `host:port`.
        verify_name: reference identifier that the server's certificate has to speak for.
        observation_id: of the test that saw it; None for an endpoint at which no certificate was ever seen.
        was_untrusted: the test ended because the server was not trusted, whatever the reason was.
        certificates: as presented, end entity first; empty where none was ever seen.
        kept: None where it was not trusted, or where its report does not say by what it was judged.
    """

    endpoint_id: int
    partner: str
    place: str
    verify_name: str
    observation_id: int | None = None
    was_untrusted: bool = False
    certificates: tuple[StoredCertificate, ...] = ()
    kept: KeptTrust | None = None


class ChainStore:
    """Reads stored chains; every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def last_chains(self) -> Future[tuple[StoredChain, ...]]:
        """Every endpoint with the last chain that it presented, by its number.

        A later test that saw no certificate (nobody answered) takes nothing from what was seen before.
        """
        return self._workspace.submit(_last_chains)

    def last_ends(self) -> Future[LastEnds]:
        """Only what ends of those chains, many times faster."""
        return self._workspace.submit(last_ends, reading=True)

    def reports_of(self, chains: Sequence[StoredChain]) -> Future[dict[int, ProbeReport]]:
        """The reports in which some chains were seen, by endpoint; one that is damaged is left out."""
        return self._workspace.submit(lambda connection: _reports_of(connection, chains))


def _last_chains(connection: Connection) -> tuple[StoredChain, ...]:
    rows = connection.execute(
        select(
            endpoints.c.id,
            partners.c.name,
            endpoints.c.host,
            endpoints.c.port,
            endpoints.c.verify_name,
            observations.c.id.label("observation_id"),
            observations.c.chain_id,
            observation_facts.c.document,
            endpoint_standings.c.form,
            endpoint_standings.c.document.label("standing"),
        )
        .select_from(endpoints)
        .join(partners)
        .outerjoin(observations, observations.c.id == newest_with_chain(endpoints.c.id))
        .outerjoin(observation_facts, observation_facts.c.id == observations.c.facts_id)
        .outerjoin(endpoint_standings, endpoint_standings.c.observation_id == observations.c.id)
        .order_by(endpoints.c.id)
    ).all()
    # Where no standing is kept of that test, its report says the same, and takes longer to read.
    told = {row.observation_id: _told(row.form, row.standing) for row in rows if row.standing is not None}
    told |= _told_by_reports(
        connection, [row.observation_id for row in rows if row.observation_id and row.standing is None]
    )
    shown = _certificates_of(connection, sorted({row.chain_id for row in rows if row.chain_id is not None}))
    return tuple(_stored_chain(row, shown, told.get(row.observation_id)) for row in rows)


def _stored_chain(
    row: Any, shown: Mapping[int, tuple[StoredCertificate, ...]], kept: KeptTrust | None
) -> StoredChain:
    was_untrusted = row.document is not None and facts_from(row.document).outcome is Outcome.UNTRUSTED_PEER
    return StoredChain(
        endpoint_id=row.id,
        partner=row.name,
        place=host_and_port(row.host, row.port),
        verify_name=row.verify_name,
        observation_id=row.observation_id,
        was_untrusted=was_untrusted,
        certificates=shown.get(row.chain_id, ()),
        kept=None if was_untrusted else kept,
    )


def _told(form: int, standing: str) -> KeptTrust | None:
    """Read what a standing says of the judgement; None where it does not say all of it."""
    grounds = grounds_from(form, standing)
    if grounds is None or not grounds.trusted or grounds.judged_at is None:
        return None
    if not (grounds.verify_name and grounds.basis and grounds.engine and grounds.trust_list):
        return None
    return KeptTrust(
        verify_name=grounds.verify_name,
        basis=grounds.basis,
        engine=grounds.engine,
        judged_at=datetime.fromtimestamp(grounds.judged_at, UTC),
        trust_list=grounds.trust_list,
        path=grounds.path,
    )


def _told_by_reports(connection: Connection, wanted: Sequence[int]) -> dict[int, KeptTrust | None]:
    found: dict[int, KeptTrust | None] = {}
    for first in range(0, len(wanted), AT_ONCE):
        some = observation_reports.c.observation_id.in_(wanted[first : first + AT_ONCE])
        reports = select(observation_reports.c.observation_id, observation_reports.c.document).where(some)
        found |= {number: _kept(unpacked(document)) for number, document in connection.execute(reports)}
    return found


def _kept(document: Mapping[str, object]) -> KeptTrust | None:
    """Read what a report's judgement says; None where it does not say all of it."""
    record = _member(_member(document, "report"), "record")
    judgement = _member(record, "judgement")
    verify_name = _member(record, "target").get("verify_name")
    basis, engine, trust_list = (judgement.get(name) for name in ("basis", "engine", "trust_list"))
    judged_at, path = judgement.get("judged_at"), judgement.get("path")
    if judgement.get("trusted") is not True or not isinstance(path, list):
        return None
    if not (_is_said(verify_name) and _is_said(basis) and _is_said(engine) and _is_said(trust_list)):
        return None
    if not _is_said(judged_at) or not all(isinstance(one, str) for one in path):
        return None
    try:
        at = datetime.fromisoformat(judged_at)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return KeptTrust(
        verify_name=verify_name,
        basis=basis,
        engine=engine,
        judged_at=at,
        trust_list=trust_list,
        path=tuple(path),
    )


def _is_said(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


def _member(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    member = document.get(name)
    return member if isinstance(member, dict) else {}


def _certificates_of(
    connection: Connection, chain_ids: Sequence[int]
) -> dict[int, tuple[StoredCertificate, ...]]:
    """Return the certificates of chains in the order presented; one of many chains is read once."""
    chains = chains_of(connection, chain_ids)
    wanted = list({digest for chain in chains.values() for digest in chain})
    known: dict[str, StoredCertificate] = {}
    for first in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            select(
                certificates.c.sha256, certificates.c.der, certificates.c.not_before, certificates.c.not_after
            ).where(certificates.c.sha256.in_(wanted[first : first + AT_ONCE]))
        )
        for sha256, der, begins, ends in rows:
            known[sha256] = StoredCertificate(sha256=sha256, der=der, not_before=begins, not_after=ends)
    return {number: tuple(known[digest] for digest in chain) for number, chain in chains.items()}


def _reports_of(connection: Connection, chains: Sequence[StoredChain]) -> dict[int, ProbeReport]:
    wanted = [one.observation_id for one in chains if one.observation_id is not None]
    reports: dict[int, ProbeReport] = {}
    for stored in stored_reports_at(connection, wanted):
        report = report_from(stored)
        if report is not None:
            reports[stored.endpoint_id] = report
    return reports
