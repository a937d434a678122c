"""What changed at endpoints, as it is noted beside their observations."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select, update

from trustdesk.core.observation import Change, Observation
from trustdesk.core.observation_changes import Past, ServerCertificate, changes_between, past_of
from trustdesk.storage.earlier_observations import after, before
from trustdesk.storage.schema import certificates, changes, observations
from trustdesk.verify.outline import outline


def told_by(connection: Connection, past: Past | None, seen: Observation) -> tuple[Change, ...]:
    """Return what a test changed; its certificates are kept already."""
    return changes_between(past, seen, _certificates(connection, past, seen))


def insert_changes(connection: Connection, told: Iterable[Change]) -> None:
    """Note changes."""
    rows = [
        {
            "observation_id": one.observation_id,
            "endpoint_id": one.endpoint_id,
            "at": one.at,
            "kind": one.kind.value,
            "before": one.before,
            "after": one.after,
        }
        for one in told
    ]
    if rows:
        connection.execute(insert(changes), rows)


def tell_anew(connection: Connection, late: Observation) -> None:
    """Note what a test changed that was kept after later ones, and what those changed after it."""
    for one in (late, *after(connection, late)):
        told = told_by(connection, past_of(before(connection, one)), one)
        connection.execute(delete(changes).where(changes.c.observation_id == one.id))
        insert_changes(connection, told)
        if one.changed != bool(told):
            connection.execute(
                update(observations).where(observations.c.id == one.id).values(changed=bool(told))
            )


def _certificates(
    connection: Connection, past: Past | None, seen: Observation
) -> dict[str, ServerCertificate]:
    """Return what is compared of two end entities; empty where they are the same."""
    if past is None or not past.chain or not seen.chain or past.chain[0] == seen.chain[0]:
        return {}
    rows = connection.execute(
        select(certificates.c.sha256, certificates.c.der, certificates.c.issuer, certificates.c.facts).where(
            certificates.c.sha256.in_([past.chain[0], seen.chain[0]])
        )
    )
    return {
        row.sha256: ServerCertificate(
            sha256=row.sha256,
            spki_sha256=outline(row.der).spki_sha256,
            issuer=row.issuer or "",
            names=_names(row.facts),
        )
        for row in rows
    }


def _names(facts: str) -> tuple[str, ...]:
    """Return the names in a certificate's read-outs, without reading all of them."""
    try:
        names = json.loads(facts).get("subject_alt_names", ())
    except (ValueError, AttributeError):
        return ()
    return tuple(one for one in names if isinstance(one, str)) if isinstance(names, list) else ()
