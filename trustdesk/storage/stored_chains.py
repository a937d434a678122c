"""The last chain of every endpoint as it lies in the workspace: certificates without their reports.

A report's document is fetched for few of them: reading ten thousand takes seconds, the certificates none.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, case, exists, func, select

from trustdesk.core.probe import Outcome, ProbeReport
from trustdesk.storage.directory import StoredReport, report_from
from trustdesk.storage.schema import (
    certificates,
    endpoints,
    observation_certificates,
    observations,
    partners,
)
from trustdesk.storage.workspace import Workspace

_JUDGEMENT = "$.report.record.judgement"
_KEPT = case(
    (
        func.json_valid(observations.c.document) == 1,
        func.json_extract(
            observations.c.document,
            "$.report.record.target.verify_name",
            *(
                f"{_JUDGEMENT}.{name}"
                for name in ("trusted", "basis", "engine", "judged_at", "trust_list", "path")
            ),
        ),
    )
)
"""Some values of a report's document as a JSON array, read where it lies; NULL where it is damaged."""

_AT_ONCE = 500
"""Values in one question: SQLite takes some thousands, older ones 999."""


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

    def reports_of(self, chains: Sequence[StoredChain]) -> Future[dict[int, ProbeReport]]:
        """The reports in which some chains were seen, by endpoint; one that is damaged is left out."""
        return self._workspace.submit(lambda connection: _reports_of(connection, chains))


def _last_chains(connection: Connection) -> tuple[StoredChain, ...]:
    seen = observations.alias()
    newest = (
        select(seen.c.id)
        .where(seen.c.endpoint_id == endpoints.c.id)
        .where(exists().where(observation_certificates.c.observation_id == seen.c.id))
        .order_by(seen.c.started_at.desc(), seen.c.id.desc())
        .limit(1)
        .correlate(endpoints)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            endpoints.c.id,
            partners.c.name,
            endpoints.c.host,
            endpoints.c.port,
            endpoints.c.verify_name,
            observations.c.id,
            observations.c.outcome,
            _KEPT,
        )
        .select_from(endpoints)
        .join(partners)
        .outerjoin(observations, observations.c.id == newest)
        .order_by(endpoints.c.id)
    ).all()
    shown = _certificates_of(connection, [row[5] for row in rows if row[5] is not None])
    return tuple(
        StoredChain(
            endpoint_id=number,
            partner=partner,
            place=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            verify_name=verify_name,
            observation_id=observation,
            was_untrusted=outcome == Outcome.UNTRUSTED_PEER.value,
            certificates=tuple(shown.get(observation, ())),
            kept=None if outcome == Outcome.UNTRUSTED_PEER.value else _kept(judgement),
        )
        for number, partner, host, port, verify_name, observation, outcome, judgement in rows
    )


def _kept(text: str | None) -> KeptTrust | None:
    """Read what a report's judgement says; None where it does not say all of it."""
    if text is None:
        return None
    verify_name, trusted, basis, engine, judged_at, trust_list, path = json.loads(text)
    said = (verify_name, basis, engine, judged_at, trust_list)
    if trusted is not True or not all(isinstance(one, str) and one for one in said):
        return None
    if not isinstance(path, list) or not all(isinstance(one, str) for one in path):
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


def _certificates_of(connection: Connection, wanted: Sequence[int]) -> dict[int, list[StoredCertificate]]:
    """Return the certificates of observations in the order presented; one of many chains is read once."""
    chains: dict[int, list[StoredCertificate]] = {}
    known: dict[str, StoredCertificate] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        part = wanted[first : first + _AT_ONCE]
        places = connection.execute(
            select(observation_certificates.c.observation_id, observation_certificates.c.sha256)
            .where(observation_certificates.c.observation_id.in_(part))
            .order_by(observation_certificates.c.observation_id, observation_certificates.c.position)
        ).all()
        new = list({digest for _, digest in places} - known.keys())
        for start in range(0, len(new), _AT_ONCE):
            rows = connection.execute(
                select(
                    certificates.c.sha256,
                    certificates.c.der,
                    certificates.c.not_before,
                    certificates.c.not_after,
                ).where(certificates.c.sha256.in_(new[start : start + _AT_ONCE]))
            )
            for sha256, der, begins, ends in rows:
                known[sha256] = StoredCertificate(sha256=sha256, der=der, not_before=begins, not_after=ends)
        for observation, digest in places:
            chains.setdefault(observation, []).append(known[digest])
    return chains


def _reports_of(connection: Connection, chains: Sequence[StoredChain]) -> dict[int, ProbeReport]:
    reports: dict[int, ProbeReport] = {}
    for first in range(0, len(chains), _AT_ONCE):
        part = {one.observation_id: one for one in chains[first : first + _AT_ONCE]}
        rows = connection.execute(
            select(observations.c.id, observations.c.document).where(observations.c.id.in_(part))
        ).all()
        shown = connection.execute(
            select(
                observation_certificates.c.observation_id,
                certificates.c.sha256,
                certificates.c.der,
                certificates.c.facts,
            )
            .join(certificates, certificates.c.sha256 == observation_certificates.c.sha256)
            .where(observation_certificates.c.observation_id.in_(part))
        ).all()
        for number, document in rows:
            chain = part[number]
            report = report_from(
                StoredReport(
                    endpoint_id=chain.endpoint_id,
                    document=document,
                    certificates=tuple((d, der, facts) for o, d, der, facts in shown if o == number),
                )
            )
            if report is not None:
                reports[chain.endpoint_id] = report
    return reports
