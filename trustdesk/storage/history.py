"""What the workspace keeps of the past, put together for one endpoint, or for all that changed last."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, or_, select

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.observation import Change, ChangeKind, Observation
from trustdesk.core.target import host_and_port
from trustdesk.core.trust_decision import LogAction
from trustdesk.formats.trust_records import log_entry_of
from trustdesk.storage.new_fingerprints import NewFingerprint, new_fingerprints
from trustdesk.storage.observation_rows import AT_ONCE, observation_rows, read_observations
from trustdesk.storage.schema import (
    certificates,
    changes,
    endpoints,
    fingerprint_decisions,
    observations,
    partners,
    trust_log,
)
from trustdesk.storage.seen_certificates import seen_certificates

K = TypeVar("K", int, str)

_ACTIONS = {LogAction.FINGERPRINT_ACCEPTED: True, LogAction.FINGERPRINT_REFUSED: False}
"""Lines of the trust log about decisions, and whether they accept."""

_DIGEST_KINDS = frozenset({ChangeKind.CERTIFICATE, ChangeKind.ANCHOR})
"""What names certificates by digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDecision:
    """What was said of a certificate at an endpoint.

    Attributes:
        by, comment: as the trust log has them; "" where its line cannot be found or read.
    """

    accepted: bool
    at: datetime
    by: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptChanges:
    """Changes with what it takes to tell them.

    Attributes:
        changes: the newest first; those of one test beside each other, and all of them.
        has_more: whether there are older ones.
        certificates: those that the changes name, as far as they are kept, by SHA-256.
        decisions: by endpoint and SHA-256.
        places: partner, and host with port, by endpoint.
    """

    changes: tuple[Change, ...]
    has_more: bool
    certificates: Mapping[str, CertificateFacts]
    decisions: Mapping[tuple[int, str], KeptDecision]
    places: Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHistory:
    """The past of one endpoint.

    Attributes:
        observations: the newest first.
        not_after: when the end entities among them end, by SHA-256; None where that cannot be read.
        awaiting: its certificate, where nobody decided on it yet.
    """

    told: KeptChanges
    observations: tuple[Observation, ...]
    not_after: Mapping[str, datetime | None]
    awaiting: NewFingerprint | None


def history_of(
    connection: Connection, endpoint_id: int, *, tests: int, rows: int, since: datetime
) -> KeptHistory:
    """Return the past of an endpoint.

    Args:
        tests: how many observations at most, the newest.
        rows: how many changes at most, the newest.
        since: no older observations; changes are told whenever they were.
    """
    question = (
        observation_rows()
        .where(observations.c.endpoint_id == endpoint_id, observations.c.started_at >= since)
        .order_by(observations.c.started_at.desc(), observations.c.id.desc())
        .limit(tests)
    )
    seen = read_observations(connection, question)
    presented = {one.chain[0] for one in seen if one.chain}
    awaiting = next(iter(new_fingerprints(connection, endpoint_id=endpoint_id)), None)
    return KeptHistory(
        told=_told(connection, rows, endpoint_id=endpoint_id),
        observations=seen,
        not_after=_not_after(connection, presented),
        awaiting=awaiting,
    )


def latest_changes(connection: Connection, rows: int, *, without: Collection[ChangeKind] = ()) -> KeptChanges:
    """Return what changed last at any endpoint.

    Args:
        rows: how many changes at most.
        without: kinds that are left out.
    """
    return _told(connection, rows, without=without)


def _told(
    connection: Connection,
    rows: int,
    *,
    endpoint_id: int | None = None,
    without: Collection[ChangeKind] = (),
) -> KeptChanges:
    found, has_more = _changes(connection, rows, endpoint_id, without)
    digests = {
        digest
        for change in found
        if change.kind in _DIGEST_KINDS
        for digest in (change.before, change.after)
        if digest
    }
    kept: dict[str, CertificateFacts] = {}
    for some in _in_parts(digests):
        kept |= seen_certificates(connection, certificates.c.sha256.in_(some))
    new = {(one.endpoint_id, one.after) for one in found if one.kind is ChangeKind.CERTIFICATE}
    return KeptChanges(
        changes=found,
        has_more=has_more,
        certificates=kept,
        decisions=_decisions(connection, new),
        places=_places(connection, {one.endpoint_id for one in found}),
    )


def _changes(
    connection: Connection, rows: int, endpoint_id: int | None, without: Collection[ChangeKind]
) -> tuple[tuple[Change, ...], bool]:
    question = select(changes).order_by(changes.c.at.desc(), changes.c.observation_id.desc(), changes.c.id)
    if endpoint_id is not None:
        question = question.where(changes.c.endpoint_id == endpoint_id)
    if without:
        question = question.where(changes.c.kind.not_in([kind.value for kind in without]))
    found = [
        Change(
            kind=ChangeKind(row.kind),
            endpoint_id=row.endpoint_id,
            observation_id=row.observation_id,
            at=row.at,
            before=row.before,
            after=row.after,
        )
        for row in connection.execute(question.limit(rows + 1))
    ]
    if len(found) <= rows:
        return tuple(found), False
    # The last test may have more changes than were read: half a renewal would be told otherwise.
    last = found[-1].observation_id
    return tuple(one for one in found if one.observation_id != last), True


def _not_after(connection: Connection, digests: Collection[str]) -> dict[str, datetime | None]:
    found: dict[str, datetime | None] = {}
    for some in _in_parts(digests):
        rows = connection.execute(
            select(certificates.c.sha256, certificates.c.not_after).where(certificates.c.sha256.in_(some))
        )
        found |= {row.sha256: row.not_after for row in rows}
    return found


def _places(connection: Connection, endpoint_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for some in _in_parts(endpoint_ids):
        rows = connection.execute(
            select(endpoints.c.id, endpoints.c.host, endpoints.c.port, partners.c.name)
            .join(partners, partners.c.id == endpoints.c.partner_id)
            .where(endpoints.c.id.in_(some))
        )
        found |= {row.id: (row.name, host_and_port(row.host, row.port)) for row in rows}
    return found


def _decisions(
    connection: Connection, which: Collection[tuple[int, str]]
) -> dict[tuple[int, str], KeptDecision]:
    found: dict[tuple[int, str], KeptDecision] = {}
    for some in _in_parts({sha256 for _endpoint_id, sha256 in which}):
        rows = connection.execute(
            select(fingerprint_decisions).where(fingerprint_decisions.c.sha256.in_(some))
        )
        found |= {
            (row.endpoint_id, row.sha256): KeptDecision(accepted=row.accepted, at=row.decided_at)
            for row in rows
            if (row.endpoint_id, row.sha256) in which
        }
    return _with_reasons(connection, found) if found else found


def _with_reasons(
    connection: Connection, decisions: Mapping[tuple[int, str], KeptDecision]
) -> dict[tuple[int, str], KeptDecision]:
    """Add who decided and why, out of the trust log: it is short, and has no column for what it is about."""
    told = dict(decisions)
    document = trust_log.c.document
    is_one = (document.contains(f'"action":"{action.value}"', autoescape=True) for action in _ACTIONS)
    lines = connection.execute(
        select(document, trust_log.c.hash).where(or_(*is_one)).order_by(trust_log.c.number)
    )
    for line in lines:
        try:
            entry = log_entry_of(line.document, line.hash)
        except EnvironmentFailureError:
            continue  # damaged: whoever looks at the log is told so
        endpoint = dict(entry.details).get("endpoint", "")
        key = (int(endpoint) if endpoint.isdecimal() else 0, entry.fingerprint)
        decision = told.get(key)
        if decision is not None and _ACTIONS.get(entry.action) is decision.accepted:
            told[key] = replace(decision, by=entry.by, comment=entry.comment)
    return told


def _in_parts(values: Collection[K]) -> Iterator[list[K]]:
    ordered = list(values)
    return (ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE))
