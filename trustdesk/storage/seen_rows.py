"""What was seen last at each endpoint: the certificate, and the changes of the last test that showed any."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from trustdesk.core.observation import ChangeKind
from trustdesk.storage.observation_rows import newest_observation
from trustdesk.storage.schema import changes, endpoints, observations, presented_certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """One endpoint.

    Attributes:
        sha256: of the end entity of its last test; None where that presented none, or there was no test.
        changed: of the last test that showed a change; empty where none did.
        changed_at: None likewise.
    """

    endpoint_id: int
    sha256: str | None = None
    changed: tuple[ChangeKind, ...] = ()
    changed_at: datetime | None = None


def seen_rows(connection: Connection) -> tuple[SeenRow, ...]:
    """Return what was seen last, endpoint by endpoint."""
    leaf = (presented_certificates.c.chain_id == observations.c.chain_id) & (
        presented_certificates.c.position == 0
    )
    last = (
        select(endpoints.c.id, presented_certificates.c.sha256)
        .select_from(endpoints)
        .join(observations, observations.c.id == newest_observation(endpoints.c.id), isouter=True)
        .join(presented_certificates, leaf, isouter=True)
    )
    newest = select(changes.c.endpoint_id, func.max(changes.c.at).label("at")).group_by(changes.c.endpoint_id)
    of_it = newest.subquery()
    told = select(changes.c.endpoint_id, changes.c.kind, changes.c.at).join(
        of_it, (of_it.c.endpoint_id == changes.c.endpoint_id) & (of_it.c.at == changes.c.at)
    )
    kinds: dict[int, list[ChangeKind]] = defaultdict(list)
    instants: dict[int, datetime] = {}
    known = {kind.value: kind for kind in ChangeKind}
    for row in connection.execute(told):
        if row.kind in known:
            kinds[row.endpoint_id].append(known[row.kind])
            instants[row.endpoint_id] = row.at
    return tuple(
        SeenRow(
            endpoint_id=row.id,
            sha256=row.sha256,
            changed=tuple(kinds.get(row.id, ())),
            changed_at=instants.get(row.id),
        )
        for row in connection.execute(last)
    )
