"""Which certificates endpoints presented last, with their dates: what ends when, without reading a chain.

Of ten thousand partners most present one of a few CAs: those are read once, and end entities not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, func, select

from trustdesk.core.target import host_and_port
from trustdesk.storage.observation_rows import newest_with_chain
from trustdesk.storage.schema import (
    certificates,
    endpoints,
    observations,
    partners,
    presented_certificates,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedEnd:
    """The end entity that an endpoint presented last; dates are None where they could not be read."""

    partner: str
    place: str
    sha256: str
    not_before: datetime | None
    not_after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastEnds:
    """All of them.

    Attributes:
        above: DER of what came with the end entities, by SHA-256.
        partners: how many have an endpoint, tested or not.
    """

    presented: tuple[PresentedEnd, ...] = ()
    above: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    partners: int = 0


def last_ends(connection: Connection) -> LastEnds:
    """Read them, by the endpoint's number; a later test that saw no certificate takes nothing away."""
    newest = (
        select(endpoints.c.id, observations.c.chain_id)
        .select_from(endpoints)
        .join(observations, observations.c.id == newest_with_chain(endpoints.c.id))
        .subquery()
    )
    shown = presented_certificates
    rows = connection.execute(
        select(
            partners.c.name,
            endpoints.c.host,
            endpoints.c.port,
            certificates.c.sha256,
            certificates.c.not_before,
            certificates.c.not_after,
        )
        .select_from(newest)
        .join(endpoints, endpoints.c.id == newest.c.id)
        .join(partners, partners.c.id == endpoints.c.partner_id)
        .join(shown, (shown.c.chain_id == newest.c.chain_id) & (shown.c.position == 0))
        .join(certificates, certificates.c.sha256 == shown.c.sha256)
        .order_by(endpoints.c.id)
    )
    presented = tuple(
        PresentedEnd(
            partner=partner,
            place=host_and_port(host, port),
            sha256=sha256,
            not_before=begins,
            not_after=ends,
        )
        for partner, host, port, sha256, begins, ends in rows
    )
    sent = (
        select(shown.c.sha256)
        .where(shown.c.position > 0, shown.c.chain_id.in_(select(newest.c.chain_id)))
        .distinct()
    )
    above = connection.execute(
        select(certificates.c.sha256, certificates.c.der)
        .where(certificates.c.sha256.in_(sent))
        .order_by(certificates.c.sha256)
    )
    counted = connection.execute(select(func.count(endpoints.c.partner_id.distinct()))).scalar_one()
    return LastEnds(presented=presented, above={row.sha256: row.der for row in above}, partners=int(counted))
