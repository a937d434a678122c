"""Partners, their endpoints, and what was observed there."""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from concurrent.futures import Future

from sqlalchemy import Connection, insert, select

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import Target, TargetProtocol
from trustdesk.storage.observation_rows import AT_ONCE
from trustdesk.storage.recording import record_report
from trustdesk.storage.schema import certificates, endpoints, partners
from trustdesk.storage.seen_certificates import seen_certificates
from trustdesk.storage.stored_reports import StoredReport, last_report, last_reports, stored_reports
from trustdesk.storage.workspace import Workspace

_NEW_PARTNER = {"company_id": "", "note": "", "details": "{}", "revision": 0}


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
        return self._workspace.submit(lambda connection: record_report(connection, endpoint_id, report))

    def stored_reports(self, endpoint_ids: Sequence[int]) -> Future[list[StoredReport]]:
        """The last reports of some endpoints, a few hundred at most, as they are stored.

        Reading them takes longer than fetching them: `report_from` does it, also in another process.
        """
        return self._workspace.submit(lambda connection: stored_reports(connection, endpoint_ids))

    def last_reports(self) -> Future[dict[int, ProbeReport]]:
        """The last report of each endpoint by its id; an endpoint without one is not in it.

        A record that cannot be read is left out, with a warning in the log: its endpoint counts as never
        tested, and the others are shown.
        """
        return self._workspace.submit(last_reports)

    def last_report(self, endpoint_id: int) -> Future[ProbeReport | None]:
        """The last report of an endpoint; None when there was none.

        The future raises UnusableInputError when the record cannot be read.
        """
        return self._workspace.submit(lambda connection: last_report(connection, endpoint_id))

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
            insert(partners).values(_NEW_PARTNER | {"name": partner}).returning(partners.c.id)
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
        claims_mutual_tls=False,
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
            claims_mutual_tls=row.claims_mutual_tls,
        )
        for row in rows
    ]
    # Sorted here: the collations of databases differ, and SQLite's own knows ASCII only.
    return tuple(sorted(found, key=lambda endpoint: (endpoint.partner.casefold(), endpoint.id)))


def _read_outs(connection: Connection, known: Container[str]) -> list[tuple[str, str]]:
    digests = connection.execute(select(certificates.c.sha256)).scalars()
    new = [sha256 for sha256 in digests if sha256 not in known]
    found: list[tuple[str, str]] = []
    for first in range(0, len(new), AT_ONCE):
        rows = connection.execute(
            select(certificates.c.sha256, certificates.c.facts).where(
                certificates.c.sha256.in_(new[first : first + AT_ONCE])
            )
        )
        found.extend((row.sha256, row.facts) for row in rows)
    return found
