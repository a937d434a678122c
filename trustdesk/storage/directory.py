"""Partners, their endpoints, and what was observed there."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    insert,
    literal,
    select,
)

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Outcome, ProbeRecord, ProbeReport
from trustdesk.core.target import Target, TargetProtocol
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.records import SCHEMA, report_document, report_of
from trustdesk.storage.requests import note_tested
from trustdesk.storage.schema import (
    certificates,
    endpoints,
    observation_certificates,
    observations,
    partners,
)
from trustdesk.storage.seen_certificates import (
    keep_certificates,
    readable_certificates,
    seen_certificates,
)
from trustdesk.storage.workspace import Workspace

_log = logging.getLogger(__name__)

_AT_ONCE = 500
"""Values in one question: SQLite takes some thousands, older ones 999."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReport:
    """The last report of an endpoint as it lies in the workspace.

    Attributes:
        document: of `formats.records.report_document`, as JSON.
        certificates: digest, DER and read-outs as JSON of each certificate in it.
    """

    endpoint_id: int
    document: str
    certificates: tuple[tuple[str, bytes, str], ...] = field(repr=False)


class Directory:
    """The partner directory of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def add_endpoint(
        self, partner: str, target: Target, identity: str | None = None, note: str = ""
    ) -> Future[Endpoint]:
        """Add an endpoint, and its partner where the name is new.

        The future raises UnusableInputError when the partner's name is blank.
        """
        return self._workspace.submit(
            lambda connection: _add_endpoint(connection, partner.strip(), target, identity, note)
        )

    def endpoints(self) -> Future[tuple[Endpoint, ...]]:
        """All endpoints, by partner name and then in the order added."""
        return self._workspace.submit(all_endpoints)

    def record_report(self, endpoint_id: int | None, report: ProbeReport) -> Future[int]:
        """Keep a report and the certificates in it; the answer is the observation's number.

        Args:
            endpoint_id: None for a target that is no endpoint of the directory.
            report: its chain may hold the same certificate more than once.
        """
        return self._workspace.submit(lambda connection: _record(connection, endpoint_id, report))

    def stored_reports(self, endpoint_ids: Sequence[int]) -> Future[list[StoredReport]]:
        """The last reports of some endpoints, a few hundred at most, as they are stored.

        Reading them takes longer than fetching them: `report_from` does it, also in another process.
        """
        return self._workspace.submit(lambda connection: _stored_reports(connection, endpoint_ids))

    def last_reports(self) -> Future[dict[int, ProbeReport]]:
        """The last report of each endpoint by its id; an endpoint without one is not in it.

        A record that cannot be read is left out, with a warning in the log: its endpoint counts as never
        tested, and the others are shown.
        """
        return self._workspace.submit(_last_reports)

    def last_report(self, endpoint_id: int) -> Future[ProbeReport | None]:
        """The last report of an endpoint; None when there was none.

        The future raises UnusableInputError when the record cannot be read.
        """
        return self._workspace.submit(lambda connection: _last_report(connection, endpoint_id))

    def certificate_read_outs(self, known: Container[str] = ()) -> Future[list[tuple[str, str]]]:
        """Digest and read-outs (JSON) of every certificate that was seen and is not `known`."""
        return self._workspace.submit(lambda connection: _read_outs(connection, known))

    def certificate(self, sha256: str) -> Future[CertificateFacts | None]:
        """The certificate of a SHA-256 (lower-case hex); None when it was never seen."""
        return self._workspace.submit(
            lambda connection: seen_certificates(connection, certificates.c.sha256 == sha256).get(sha256)
        )


def _add_endpoint(
    connection: Connection, partner: str, target: Target, identity: str | None, note: str
) -> Endpoint:
    if not partner:
        raise UnusableInputError(
            msg("The partner has no name."), remedy=msg("Write the organisation's name.")
        )
    partner_id = connection.execute(
        select(partners.c.id).where(partners.c.name == partner)
    ).scalar_one_or_none()
    if partner_id is None:
        partner_id = connection.execute(
            insert(partners).values(name=partner).returning(partners.c.id)
        ).scalar_one()
    row = insert(endpoints).values(
        partner_id=partner_id,
        protocol=target.protocol.value,
        host=target.host,
        port=target.port,
        path=target.path,
        connect_address=target.connect_address,
        connect_port=target.connect_port,
        server_name=target.server_name,
        verify_name=target.verify_name,
        alpn=json.dumps(target.alpn),
        identity=identity,
        note=note,
    )
    endpoint_id = connection.execute(row.returning(endpoints.c.id)).scalar_one()
    return Endpoint(id=endpoint_id, partner=partner, target=target, identity=identity, note=note)


def all_endpoints(connection: Connection) -> tuple[Endpoint, ...]:
    """Return all endpoints, by partner name and then in the order added."""
    rows = connection.execute(select(endpoints, partners.c.name.label("partner")).join(partners))
    found = [
        Endpoint(
            id=row.id,
            partner=row.partner,
            target=Target(
                protocol=TargetProtocol(row.protocol),
                host=row.host,
                port=row.port,
                path=row.path,
                connect_address=row.connect_address,
                connect_port=row.connect_port,
                server_name=row.server_name,
                verify_name=row.verify_name,
                alpn=tuple(json.loads(row.alpn)),
            ),
            identity=row.identity,
            note=row.note,
        )
        for row in rows
    ]
    # Sorted here: the collations of databases differ, and SQLite's own knows ASCII only.
    return tuple(sorted(found, key=lambda endpoint: (endpoint.partner.casefold(), endpoint.id)))


def _record(connection: Connection, endpoint_id: int | None, report: ProbeReport) -> int:
    record = report.record
    keep_certificates(connection, record.presented_chain, record.started_at)
    row = insert(observations).values(
        endpoint_id=endpoint_id,
        started_at=record.started_at,
        outcome=record.outcome.value,
        verdict=report.verdict.value,
        cause=report.explanation.cause,
        schema_number=SCHEMA,
        document=compact_json(report_document(report)),
    )
    observation_id = connection.execute(row.returning(observations.c.id)).scalar_one()
    chain = [
        {"observation_id": observation_id, "position": position, "sha256": certificate.sha256}
        for position, certificate in enumerate(record.presented_chain)
    ]
    if chain:
        connection.execute(insert(observation_certificates), chain)
    note_tested(connection, _proved(record))
    return int(observation_id)


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


def report_from(stored: StoredReport) -> ProbeReport | None:
    """Read a stored report; None, with a warning in the log, when its record cannot be read."""
    try:
        return _report(stored.document, readable_certificates(stored.certificates))
    except UnusableInputError as error:
        _log.warning("the last record of endpoint %d: %s", stored.endpoint_id, error)
        return None


def _read_outs(connection: Connection, known: Container[str]) -> list[tuple[str, str]]:
    digests = connection.execute(select(certificates.c.sha256)).scalars()
    new = [sha256 for sha256 in digests if sha256 not in known]
    found: list[tuple[str, str]] = []
    for first in range(0, len(new), _AT_ONCE):
        rows = connection.execute(
            select(certificates.c.sha256, certificates.c.facts).where(
                certificates.c.sha256.in_(new[first : first + _AT_ONCE])
            )
        )
        found.extend((row.sha256, row.facts) for row in rows)
    return found


def _stored_reports(connection: Connection, endpoint_ids: Sequence[int]) -> list[StoredReport]:
    newest = newest_observation(endpoints.c.id)
    documents = connection.execute(
        select(observations.c.id, observations.c.endpoint_id, observations.c.document)
        .select_from(endpoints)
        .join(observations, observations.c.id == newest)
        .where(endpoints.c.id.in_(endpoint_ids))
    ).all()
    shown = observation_certificates.c
    presented = connection.execute(
        select(shown.observation_id, certificates.c.sha256, certificates.c.der, certificates.c.facts)
        .join(certificates, certificates.c.sha256 == shown.sha256)
        .where(shown.observation_id.in_([row.id for row in documents]))
    )
    chains: dict[int, list[tuple[str, bytes, str]]] = defaultdict(list)
    for row in presented:
        chains[row.observation_id].append((row.sha256, row.der, row.facts))
    return [
        StoredReport(endpoint_id=row.endpoint_id, document=row.document, certificates=tuple(chains[row.id]))
        for row in documents
    ]


def _last_reports(connection: Connection) -> dict[int, ProbeReport]:
    newest = newest_observation(endpoints.c.id)
    rows = connection.execute(
        select(observations.c.endpoint_id, observations.c.document)
        .select_from(endpoints)
        .join(observations, observations.c.id == newest)
    ).all()
    presented = _certificates_of(connection, select(newest).select_from(endpoints))
    reports: dict[int, ProbeReport] = {}
    for row in rows:
        try:
            reports[row.endpoint_id] = _report(row.document, presented)
        except UnusableInputError as error:
            _log.warning("the last record of endpoint %d: %s", row.endpoint_id, error)
    return reports


def _last_report(connection: Connection, endpoint_id: int) -> ProbeReport | None:
    newest = newest_observation(literal(endpoint_id))
    document = connection.execute(
        select(observations.c.document).where(observations.c.id == newest)
    ).scalar_one_or_none()
    return None if document is None else _report(document, _certificates_of(connection, select(newest)))


def _report(document: str, presented: Mapping[str, CertificateFacts]) -> ProbeReport:
    try:
        record = json.loads(document)
    except ValueError:
        record = {}
    return report_of(record if isinstance(record, dict) else {}, presented.__getitem__)


def _certificates_of(connection: Connection, observation_ids: Select[int]) -> dict[str, CertificateFacts]:
    """Return the certificates of some observations by their digest."""
    digests = select(observation_certificates.c.sha256).where(
        observation_certificates.c.observation_id.in_(observation_ids)
    )
    return seen_certificates(connection, certificates.c.sha256.in_(digests))
