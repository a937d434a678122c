"""Partners, their endpoints, and what was observed there."""

from __future__ import annotations

from collections.abc import Container, Sequence
from concurrent.futures import Future
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint, Partner, PartnerEntry
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import Target
from trustdesk.storage.endpoint_rows import endpoint_of, endpoint_order
from trustdesk.storage.observation_rows import AT_ONCE
from trustdesk.storage.partner_rows import all_entries, endpoint_values, insert_partners
from trustdesk.storage.recording import MakeStanding, record_report, record_reports
from trustdesk.storage.schema import certificates, endpoints, partners
from trustdesk.storage.seen_certificates import seen_certificates
from trustdesk.storage.stored_reports import StoredReport, last_report, last_reports, stored_reports
from trustdesk.storage.workspace import Workspace


class Directory:
    """The partner directory of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace, make_standing: MakeStanding | None = None) -> None:
        """Take the workspace.

        Args:
            make_standing: works out how an endpoint stands after a test, as it is recorded; None leaves that
                to the next look at the board.
        """
        self._workspace = workspace
        self._make_standing = make_standing

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

    def entries(self) -> Future[tuple[PartnerEntry, ...]]:
        """All partners with their endpoints, by name."""
        return self._workspace.submit(all_entries, reading=True)

    def record_report(self, endpoint_id: int | None, report: ProbeReport) -> Future[int]:
        """Keep a report and the certificates in it; the answer is the observation's number.

        Args:
            endpoint_id: None for a target that is no endpoint of the directory.
            report: its chain may hold the same certificate more than once.
        """
        return self._workspace.submit(
            lambda connection: record_report(connection, endpoint_id, report, self._make_standing)
        )

    def record_reports(self, reports: Sequence[tuple[int | None, ProbeReport]]) -> Future[list[int]]:
        """Keep many reports in one transaction; the answer is the observations' numbers in their order."""
        return self._workspace.submit(
            lambda connection: record_reports(connection, reports, self._make_standing)
        )

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
    endpoint = Endpoint(id=0, partner=partner, target=target, identity=identity, note=note)
    number = connection.execute(select(partners.c.id).where(partners.c.name == partner)).scalar_one_or_none()
    if number is None:
        number = insert_partners(connection, [Partner(name=partner)])[0]
    else:
        # Whoever has the partner open does not know of this endpoint.
        newer = update(partners).where(partners.c.id == number).values(revision=partners.c.revision + 1)
        connection.execute(newer)
    row = insert(endpoints).values({**endpoint_values(endpoint), "partner_id": number})
    return replace(endpoint, id=connection.execute(row.returning(endpoints.c.id)).scalar_one())


def all_endpoints(connection: Connection) -> tuple[Endpoint, ...]:
    """Return all endpoints, by partner name and then in the order added."""
    rows = connection.execute(select(endpoints, partners.c.name.label("partner")).join(partners))
    return tuple(sorted((endpoint_of(row, row.partner) for row in rows), key=endpoint_order))


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
