"""Server certificates that are new to an endpoint, and wait for a decision.

A certificate is new to an endpoint while something else was presented there before it was first seen, and
until a person has said something of it; testing again does not make it old. The first that an endpoint ever
presented is what later ones are compared with. All of this is told by the changes of certificates that were
noted as they were seen, of which there are few, however often an endpoint was tested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, select, true

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.observation import ChangeKind
from trustdesk.core.target import host_and_port
from trustdesk.storage.observation_rows import AT_ONCE
from trustdesk.storage.schema import certificates, changes, endpoints, fingerprint_decisions, partners
from trustdesk.storage.seen_certificates import readable_certificates, stored_certificates
from trustdesk.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFingerprint:
    """A server certificate that was not seen at an endpoint before.

    Attributes:
        place: host and port.
        before: what was presented last before it.
        since: when it was first seen there.
    """

    endpoint_id: int
    partner: str
    place: str
    before: CertificateFacts
    now: CertificateFacts
    since: datetime


@dataclass(slots=True, kw_only=True)
class _Presented:
    """What an endpoint presented, as the changes of its certificate are gone through from the first.

    Attributes:
        since: when each certificate was first seen; not known of the first of all.
        before: what had been presented last before each was first seen; None for the first of all.
    """

    partner: str
    place: str
    newest: str
    since: dict[str, datetime]
    before: dict[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A new fingerprint before its certificates are read; `before` and `now` are digests."""

    endpoint_id: int
    partner: str
    place: str
    before: str
    now: str
    since: datetime


def new_fingerprints(connection: Connection, *, endpoint_id: int | None = None) -> tuple[NewFingerprint, ...]:
    """Return what endpoints present now, is new to them, and was not decided on; by partner.

    Args:
        endpoint_id: the only one that is looked at; None for all.
    """
    waiting = _waiting(connection, endpoint_id)
    rows = [
        row
        for part in _parts(_digests(waiting))
        for row in stored_certificates(connection, certificates.c.sha256.in_(part))
    ]
    return _with_certificates(waiting, readable_certificates(rows))


def all_new_fingerprints(
    workspace: Workspace, give_way: Callable[[], None] = lambda: None
) -> tuple[NewFingerprint, ...]:
    """Return the same of all endpoints; blocks.

    What takes long, thousands of certificates to be read, is done on the thread of the caller and between the
    questions of others.

    Args:
        give_way: called in between; waits while something else goes first.
    """
    give_way()
    waiting = workspace.submit(_waiting, reading=True).result()
    found: dict[str, CertificateFacts] = {}
    for part in _parts(_digests(waiting)):
        give_way()
        read = partial(stored_certificates, which=certificates.c.sha256.in_(part))
        found |= readable_certificates(workspace.submit(read, reading=True).result())
    return _with_certificates(waiting, found)


def _waiting(connection: Connection, endpoint_id: int | None = None) -> list[_Waiting]:
    rows = connection.execute(
        select(
            endpoints.c.id,
            endpoints.c.host,
            endpoints.c.port,
            partners.c.name,
            changes.c.at,
            changes.c.before,
            changes.c.after,
        )
        .join(partners, partners.c.id == endpoints.c.partner_id)
        .join(changes, changes.c.endpoint_id == endpoints.c.id)
        .where(
            changes.c.kind == ChangeKind.CERTIFICATE.value,
            true() if endpoint_id is None else endpoints.c.id == endpoint_id,
        )
        .order_by(endpoints.c.id, changes.c.at, changes.c.observation_id)
    )
    seen: dict[int, _Presented] = {}
    for row in rows:
        known = seen.get(row.id)
        if known is None:
            place = host_and_port(row.host, row.port)
            known = _Presented(partner=row.name, place=place, newest=row.before, since={}, before={})
            known.before[row.before] = None
            seen[row.id] = known
        if row.after not in known.before:
            known.since[row.after], known.before[row.after] = row.at, row.before
        known.newest = row.after
    decided = {
        (row.endpoint_id, row.sha256)
        for row in connection.execute(
            select(fingerprint_decisions.c.endpoint_id, fingerprint_decisions.c.sha256)
        )
    }
    return [
        _Waiting(
            endpoint_id=number,
            partner=presented.partner,
            place=presented.place,
            before=before,
            now=presented.newest,
            since=presented.since[presented.newest],
        )
        for number, presented in seen.items()
        if (before := presented.before[presented.newest]) is not None
        and (number, presented.newest) not in decided
    ]


def _digests(waiting: Sequence[_Waiting]) -> list[str]:
    return sorted({sha256 for one in waiting for sha256 in (one.before, one.now)})


def _parts(digests: Sequence[str]) -> Iterator[Sequence[str]]:
    return (digests[at : at + AT_ONCE] for at in range(0, len(digests), AT_ONCE))


def _with_certificates(
    waiting: Sequence[_Waiting], known: Mapping[str, CertificateFacts]
) -> tuple[NewFingerprint, ...]:
    def facts(sha256: str) -> CertificateFacts:
        # One whose read-outs are damaged waits all the same: a certificate that is not shown is accepted.
        return known.get(sha256) or CertificateFacts(der=b"", sha256=sha256)

    found = [
        NewFingerprint(
            endpoint_id=one.endpoint_id,
            partner=one.partner,
            place=one.place,
            before=facts(one.before),
            now=facts(one.now),
            since=one.since,
        )
        for one in waiting
    ]
    return tuple(sorted(found, key=lambda one: (one.partner.casefold(), one.partner, one.endpoint_id)))
