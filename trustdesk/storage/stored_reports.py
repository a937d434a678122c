"""Whole reports as they lie in the workspace, and the reading of them."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, exists, literal, select

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.probe import ProbeReport
from trustdesk.formats.observation_records import unpacked
from trustdesk.formats.records import report_of
from trustdesk.storage.observation_rows import AT_ONCE, newest_observation
from trustdesk.storage.schema import (
    certificates,
    endpoint_standings,
    endpoints,
    observation_reports,
    observations,
    presented_certificates,
)
from trustdesk.storage.seen_certificates import readable_certificates, seen_certificates

OUTDATED: Final = 0
"""Form of a standing without a document: the last test says nothing of the endpoint as it is tested now."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReport:
    """A report of an endpoint as it lies in the workspace.

    Attributes:
        observation_id: of the test that it is of.
        document: of `formats.records.report_document`, packed.
        certificates: digest, DER and read-outs as JSON of each certificate in it.
    """

    endpoint_id: int
    observation_id: int
    document: bytes = field(repr=False)
    certificates: tuple[tuple[str, bytes, str], ...] = field(repr=False)


def report_from(stored: StoredReport) -> ProbeReport | None:
    """Read a stored report; None, with a warning in the log, when its record cannot be read."""
    try:
        return _report(stored.document, readable_certificates(stored.certificates))
    except UnusableInputError as error:
        _log.warning("the last record of endpoint %d: %s", stored.endpoint_id, error)
        return None


def stored_reports(connection: Connection, endpoint_ids: Sequence[int]) -> list[StoredReport]:
    """Return the last reports of some endpoints, a few hundred at most, as they are stored.

    One that is tested in another way since has none.
    """
    which = endpoints.c.id.in_(endpoint_ids) & ~is_outdated(endpoints.c.id)
    rows = connection.execute(
        select(
            observations.c.id,
            observations.c.endpoint_id,
            observations.c.chain_id,
            observation_reports.c.document,
        )
        .select_from(endpoints)
        .join(observations, observations.c.id == newest_observation(endpoints.c.id))
        .join(observation_reports, observation_reports.c.observation_id == observations.c.id)
        .where(which)
    ).all()
    return _stored(connection, rows)


def stored_reports_at(connection: Connection, observation_ids: Sequence[int]) -> list[StoredReport]:
    """Return the reports of some observations of endpoints, as far as they are kept."""
    found: list[StoredReport] = []
    for first in range(0, len(observation_ids), AT_ONCE):
        rows = connection.execute(
            select(
                observations.c.id,
                observations.c.endpoint_id,
                observations.c.chain_id,
                observation_reports.c.document,
            )
            .join(observation_reports, observation_reports.c.observation_id == observations.c.id)
            .where(observations.c.id.in_(observation_ids[first : first + AT_ONCE]))
            .where(observations.c.endpoint_id.is_not(None))
        ).all()
        found += _stored(connection, rows)
    return found


def _stored(connection: Connection, rows: Sequence[Row[int, int, int | None, bytes]]) -> list[StoredReport]:
    chains = _presented(connection, [row.chain_id for row in rows if row.chain_id is not None])
    return [
        StoredReport(
            endpoint_id=row.endpoint_id,
            observation_id=row.id,
            document=row.document,
            certificates=chains.get(row.chain_id, ()),
        )
        for row in rows
    ]


def last_reports(connection: Connection) -> dict[int, ProbeReport]:
    """Return the last report of each endpoint by its id; one that cannot be read is left out."""
    numbers = connection.execute(select(endpoints.c.id)).scalars().all()
    reports: dict[int, ProbeReport] = {}
    for first in range(0, len(numbers), AT_ONCE):
        for stored in stored_reports(connection, numbers[first : first + AT_ONCE]):
            report = report_from(stored)
            if report is not None:
                reports[stored.endpoint_id] = report
    return reports


def last_report(connection: Connection, endpoint_id: int) -> ProbeReport | None:
    """Return the last report of an endpoint; None when there was none, or it is tested otherwise since.

    Raises:
        UnusableInputError: the record cannot be read.
    """
    newest = observations.c.id == newest_observation(literal(endpoint_id))
    return _report_at(connection, newest & ~is_outdated(observations.c.endpoint_id))


def report_at(connection: Connection, observation_id: int) -> ProbeReport | None:
    """Return the report of an observation; None where it is not kept, or not any more.

    Raises:
        UnusableInputError: the record cannot be read.
    """
    return _report_at(connection, observations.c.id == observation_id)


def _report_at(connection: Connection, which: ColumnElement[bool]) -> ProbeReport | None:
    row = connection.execute(
        select(observation_reports.c.document, observations.c.chain_id)
        .join(observations, observations.c.id == observation_reports.c.observation_id)
        .where(which)
    ).one_or_none()
    if row is None:
        return None
    digests = select(presented_certificates.c.sha256).where(presented_certificates.c.chain_id == row.chain_id)
    return _report(row.document, seen_certificates(connection, certificates.c.sha256.in_(digests)))


def is_outdated(endpoint_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the question whether the last test of an endpoint says nothing of it any more."""
    found = exists().where(endpoint_standings.c.endpoint_id == endpoint_id)
    return found.where(endpoint_standings.c.form == OUTDATED)


def _report(document: bytes, presented: Mapping[str, CertificateFacts]) -> ProbeReport:
    return report_of(unpacked(document), presented.__getitem__)


def _presented(
    connection: Connection, chain_ids: Sequence[int]
) -> dict[int, tuple[tuple[str, bytes, str], ...]]:
    """Return the certificates of some chains, a few hundred at most."""
    rows = connection.execute(
        select(
            presented_certificates.c.chain_id,
            certificates.c.sha256,
            certificates.c.der,
            certificates.c.facts,
        )
        .join(certificates, certificates.c.sha256 == presented_certificates.c.sha256)
        .where(presented_certificates.c.chain_id.in_(chain_ids))
        .order_by(presented_certificates.c.chain_id, presented_certificates.c.position)
    )
    chains: dict[int, list[tuple[str, bytes, str]]] = defaultdict(list)
    for row in rows:
        chains[row.chain_id].append((row.sha256, row.der, row.facts))
    return {number: tuple(chain) for number, chain in chains.items()}
