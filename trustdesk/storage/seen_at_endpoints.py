"""Which certificates the servers of partners have shown, at which endpoint, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from trustdesk.core.certificate import CertificateFacts
from trustdesk.storage.schema import (
    certificates,
    endpoints,
    observation_certificates,
    observations,
    partners,
)
from trustdesk.storage.seen_certificates import seen_certificates

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAtEndpoint:
    """A server's certificate that an endpoint shows now, after it had shown others.

    Attributes:
        before: what it showed last before; None where that is not at hand.
        since: when `now` was seen first there.
    """

    endpoint_id: int
    partner: str
    place: str
    since: datetime
    now: CertificateFacts
    before: CertificateFacts | None


def seen_at_endpoints(connection: Connection) -> tuple[NewAtEndpoint, ...]:
    """Return the endpoints whose certificate is another one than the first that was seen there.

    One that comes back after it was replaced was seen there before, and is not new.
    """
    shown = (
        select(
            observations.c.endpoint_id,
            observation_certificates.c.sha256,
            func.min(observations.c.started_at).label("first"),
            func.max(observations.c.started_at).label("last"),
        )
        .join(observation_certificates, observation_certificates.c.observation_id == observations.c.id)
        .where(observation_certificates.c.position == 0, observations.c.endpoint_id.is_not(None))
        .group_by(observations.c.endpoint_id, observation_certificates.c.sha256)
        .subquery()
    )
    rows = connection.execute(
        select(shown, partners.c.name, endpoints.c.host, endpoints.c.port)
        .join(endpoints, endpoints.c.id == shown.c.endpoint_id)
        .join(partners, partners.c.id == endpoints.c.partner_id)
        .order_by(shown.c.endpoint_id, shown.c.last, shown.c.first)
    ).all()
    by_endpoint: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        by_endpoint.setdefault(row.endpoint_id, []).append(place)
    changed = [
        (rows[places[-2]], rows[places[-1]])
        for places in by_endpoint.values()
        if len(places) > 1 and all(rows[one].first < rows[places[-1]].first for one in places[:-1])
    ]
    known = _certificates(connection, [row.sha256 for pair in changed for row in pair])
    return tuple(
        NewAtEndpoint(
            endpoint_id=new.endpoint_id,
            partner=new.name,
            place=f"{new.host}:{new.port}",
            since=new.first,
            now=known[new.sha256],
            before=known.get(old.sha256),
        )
        for old, new in changed
        if new.sha256 in known
    )


def _certificates(connection: Connection, digests: Sequence[str]) -> dict[str, CertificateFacts]:
    wanted = list(dict.fromkeys(digests))
    found: dict[str, CertificateFacts] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        part = wanted[first : first + _AT_ONCE]
        found.update(seen_certificates(connection, certificates.c.sha256.in_(part)))
    return found
