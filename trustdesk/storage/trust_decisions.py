"""What people here decided: about certificates, about partners, about what a server presents.

Each change is one transaction with its line in the log. A decision about a certificate is one row for each
kind: a limit lies beneath a distrust, and is there again when the distrust is taken back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, delete, insert, select, update

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.target import host_and_port
from trustdesk.core.trust_decision import DecisionKind, LocalDecision, LogAction, PartnerPolicy
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.trust_records import (
    decision_of,
    decision_text,
    policy_of,
    policy_text,
    private_roots_of,
)
from trustdesk.storage.schema import (
    certificates,
    endpoints,
    fingerprint_decisions,
    local_decisions,
    partner_policies,
    partners,
    trust_lists,
)
from trustdesk.storage.sealing import NO_SEALER, Sealed, Sealer
from trustdesk.storage.seen_certificates import keep_certificates
from trustdesk.storage.trust_log import LogNote, append_line
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerprintDecision:
    """What a person said of a server's certificate at one endpoint."""

    endpoint_id: int
    sha256: str
    accepted: bool


class TrustDecisions:
    """The decisions of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace, sealer: Callable[[], Sealer] = lambda: NO_SEALER) -> None:
        """Take the workspace.

        Args:
            sealer: what seals there can be made and checked now (`storage.seal_keys.SealKeys.current`).
        """
        self._workspace = workspace
        self._sealer = sealer

    def decisions(self) -> Future[tuple[LocalDecision, ...]]:
        """All decisions about certificates, the newest first."""
        return self._workspace.submit(lambda connection: all_decisions(connection, self._sealer()))

    def decide(self, decision: LocalDecision, note: LogNote) -> Future[LocalDecision]:
        """Keep a decision in place of the one of its kind; it is sealed where that can be done now."""
        return self._submit(lambda connection: decide(connection, decision, note, self._sealer()))

    def withdraw(self, sha256: str, note: LogNote, *, kind: DecisionKind | None = None) -> Future[None]:
        """Take a decision back: of this kind, or for None the distrust where there is one, else the limit.

        The future fails with UnusableInputError where there is none.
        """
        return self._submit(lambda connection: withdraw(connection, sha256, kind, note, self._sealer()))

    def policies(self) -> Future[tuple[PartnerPolicy, ...]]:
        """All policies, by partner."""
        return self._workspace.submit(lambda connection: all_policies(connection, self._sealer()))

    def set_policy(
        self, policy: PartnerPolicy, note: LogNote, *, builtin: Collection[str] = ()
    ) -> Future[PartnerPolicy]:
        """Keep a partner's policy in place of the one before; an empty one takes it away.

        The future fails with UnusableInputError where the partner or a list is not there, or where a private
        root is no CA certificate.

        Args:
            builtin: names of lists that are not in the workspace, and may be named all the same.
        """
        known = frozenset(builtin)
        return self._submit(lambda connection: set_policy(connection, policy, known, note, self._sealer()))

    def fingerprints(self) -> Future[tuple[FingerprintDecision, ...]]:
        """What was said of servers' certificates, by endpoint."""
        return self._workspace.submit(_fingerprints)

    def decide_fingerprint(
        self, endpoint_id: int, sha256: str, *, accepted: bool, note: LogNote
    ) -> Future[None]:
        """Write down that a server's certificate is expected, or is not.

        The future fails with UnusableInputError where there is no such endpoint.
        """
        decision = FingerprintDecision(endpoint_id=endpoint_id, sha256=sha256, accepted=accepted)
        return self._submit(
            lambda connection: _decide_fingerprint(connection, decision, note, self._sealer())
        )

    def _submit(self, work: Callable[[Connection], T]) -> Future[T]:
        return self._workspace.submit(work, durable=True)


# --- about certificates ---


def all_decisions(connection: Connection, sealer: Sealer) -> tuple[LocalDecision, ...]:
    """Return all decisions, the newest first.

    Raises:
        EnvironmentFailureError: one is damaged: a distrust that cannot be read is not passed over.
    """
    rows = connection.execute(select(local_decisions).order_by(local_decisions.c.decided_at.desc()))
    return tuple(_decision(row, sealer) for row in rows)


def decide(connection: Connection, decision: LocalDecision, note: LogNote, sealer: Sealer) -> LocalDecision:
    """Keep a decision; see `TrustDecisions.decide`."""
    text = decision_text(decision)
    name = decision_name(decision.sha256, decision.kind)
    is_distrust = decision.kind is DecisionKind.DISTRUST
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.DISTRUSTED if is_distrust else LogAction.USAGE_LIMITED,
        subject=decision.subject,
        fingerprint=decision.sha256,
        details=[("document", document_digest(text))],
    )
    _forget_decision(connection, decision.sha256, decision.kind)
    connection.execute(
        insert(local_decisions).values(
            sha256=decision.sha256,
            kind=str(decision.kind),
            spki_sha256=decision.spki_sha256,
            decided_at=decision.at,
            document=text,
            seal=sealer.seal(Sealed.DECISION, name, text),
        )
    )
    which = (local_decisions.c.sha256 == decision.sha256) & (local_decisions.c.kind == str(decision.kind))
    return _decision(connection.execute(select(local_decisions).where(which)).one(), sealer)


def withdraw(
    connection: Connection, sha256: str, kind: DecisionKind | None, note: LogNote, sealer: Sealer
) -> None:
    """Take a decision back; see `TrustDecisions.withdraw`."""
    found = [
        decision
        for decision in all_decisions(connection, sealer)
        if decision.sha256 == sha256 and kind in {None, decision.kind}
    ]
    if not found:
        problem = msg("Nothing was decided about this certificate.")
        raise UnusableInputError(problem, remedy=msg("Look at the decisions."), place=sha256)
    strictest = min(found, key=lambda decision: decision.kind is not DecisionKind.DISTRUST)
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.DECISION_WITHDRAWN,
        subject=strictest.subject,
        fingerprint=sha256,
        details=[("kind", str(strictest.kind))],
    )
    _forget_decision(connection, sha256, strictest.kind)


def seal_distrusts(connection: Connection, sealer: Sealer) -> int:
    """Seal what was distrusted without a key store; return how many that were.

    A distrust holds without a seal too, so that this lets nothing in. What grants is not sealed later: who
    wrote it without a seal may have been no person at this desk.
    """
    unsealed = local_decisions.c.seal.is_(None) & (local_decisions.c.kind == str(DecisionKind.DISTRUST))
    rows = connection.execute(select(local_decisions).where(unsealed)).all()
    sealed = 0
    for row in rows:
        seal = sealer.seal(Sealed.DECISION, decision_name(row.sha256, DecisionKind.DISTRUST), row.document)
        if seal is not None:
            this = (local_decisions.c.sha256 == row.sha256) & (local_decisions.c.kind == row.kind)
            connection.execute(update(local_decisions).where(this).values(seal=seal))
            sealed += 1
    return sealed


def _decision(row: Row[Any], sealer: Sealer) -> LocalDecision:
    decision = decision_of(row.document)
    if (decision.sha256, str(decision.kind)) != (row.sha256, row.kind):
        raise EnvironmentFailureError(
            msg("A record of trust in the workspace is damaged."),
            remedy=msg("Restore the workspace from a backup, or import the list again."),
        )
    name = decision_name(row.sha256, decision.kind)
    return replace(decision, sealed=sealer.holds(Sealed.DECISION, name, row.document, row.seal))


def decision_name(sha256: str, kind: str) -> str:
    """Return what a decision's seal binds as its name."""
    return f"{kind}:{sha256}"


def _forget_decision(connection: Connection, sha256: str, kind: DecisionKind) -> None:
    this = (local_decisions.c.sha256 == sha256) & (local_decisions.c.kind == str(kind))
    connection.execute(delete(local_decisions).where(this))


# --- about partners ---


def all_policies(connection: Connection, sealer: Sealer) -> tuple[PartnerPolicy, ...]:
    """Return all policies, by partner, with the name that the partner has now.

    Raises:
        EnvironmentFailureError: one is damaged, or a private root of it is.
    """
    rows = connection.execute(
        select(partner_policies, partners.c.name).join(
            partners, partners.c.id == partner_policies.c.partner_id
        )
    ).all()
    roots = _private_roots(connection, [row.document for row in rows])
    found = [
        replace(
            policy_of(row.document, roots),
            partner=row.name,
            sealed=sealer.holds(Sealed.POLICY, str(row.partner_id), row.document, row.seal),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda policy: (policy.partner.casefold(), policy.partner)))


def set_policy(
    connection: Connection, policy: PartnerPolicy, builtin: Collection[str], note: LogNote, sealer: Sealer
) -> PartnerPolicy:
    """Keep a partner's policy; see `TrustDecisions.set_policy`."""
    partner_id = connection.execute(
        select(partners.c.id).where(partners.c.name == policy.partner)
    ).scalar_one_or_none()
    if partner_id is None:
        problem = msg("There is no partner of this name.")
        raise UnusableInputError(problem, remedy=msg("Look at the partners."), place=policy.partner)
    _see_that_it_can_hold(connection, policy, builtin)
    text = policy_text(policy)
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.POLICY_CLEARED if policy.is_empty else LogAction.POLICY_SET,
        subject=policy.partner,
        details=[] if policy.is_empty else [("document", document_digest(text))],
    )
    connection.execute(delete(partner_policies).where(partner_policies.c.partner_id == partner_id))
    if policy.is_empty:
        return policy
    keep_certificates(connection, policy.private_roots, note.at)
    seal = sealer.seal(Sealed.POLICY, str(partner_id), text)
    connection.execute(insert(partner_policies).values(partner_id=partner_id, document=text, seal=seal))
    return replace(policy, sealed=sealer.holds(Sealed.POLICY, str(partner_id), text, seal))


def partners_that_name(connection: Connection, list_name: str) -> tuple[str, ...]:
    """Return the partners whose policies name a list, by name."""
    policies = all_policies(connection, NO_SEALER)
    return tuple(policy.partner for policy in policies if list_name in policy.lists)


def _see_that_it_can_hold(connection: Connection, policy: PartnerPolicy, builtin: Collection[str]) -> None:
    known = {*connection.execute(select(trust_lists.c.name)).scalars(), *builtin}
    for name in policy.lists:
        if name not in known:
            problem = msg("There is no trust list of this name.")
            raise UnusableInputError(problem, remedy=msg("Look at the trust lists."), place=name)
    for root in policy.private_roots:
        if not root.is_ca:
            raise UnusableInputError(
                msg("This certificate is not a CA's: it can vouch for nobody."),
                remedy=msg("Choose the certificate of the CA that issues the partner's."),
                place=root.title,
            )


def _private_roots(connection: Connection, documents: Sequence[str]) -> dict[str, CertificateFacts]:
    digests = {digest for document in documents for digest in private_roots_of(document)}
    which = certificates.c.sha256.in_(digests)
    rows = connection.execute(select(certificates.c.sha256, certificates.c.der).where(which)).all()
    # The seal is over the digest: the certificate has to be the one that it names, read from its bytes.
    return {
        row.sha256: read_certificate(row.der)
        for row in rows
        if hashlib.sha256(row.der).hexdigest() == row.sha256
    }


# --- about what a server presents ---


def _fingerprints(connection: Connection) -> tuple[FingerprintDecision, ...]:
    column = fingerprint_decisions.c
    rows = connection.execute(select(fingerprint_decisions).order_by(column.endpoint_id, column.decided_at))
    return tuple(
        FingerprintDecision(endpoint_id=row.endpoint_id, sha256=row.sha256, accepted=row.accepted)
        for row in rows
    )


def _decide_fingerprint(
    connection: Connection, decision: FingerprintDecision, note: LogNote, sealer: Sealer
) -> None:
    endpoint = connection.execute(
        select(endpoints.c.host, endpoints.c.port, partners.c.name)
        .join(partners, partners.c.id == endpoints.c.partner_id)
        .where(endpoints.c.id == decision.endpoint_id)
    ).first()
    if endpoint is None:
        problem = msg("There is no such endpoint any more.")
        raise UnusableInputError(problem, remedy=msg("Look at the partners."))
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.FINGERPRINT_ACCEPTED if decision.accepted else LogAction.FINGERPRINT_REFUSED,
        subject=endpoint.name,
        fingerprint=decision.sha256,
        details=[
            ("endpoint", str(decision.endpoint_id)),
            ("host", host_and_port(endpoint.host, endpoint.port)),
        ],
    )
    column = fingerprint_decisions.c
    this = (column.endpoint_id == decision.endpoint_id) & (column.sha256 == decision.sha256)
    connection.execute(delete(fingerprint_decisions).where(this))
    connection.execute(
        insert(fingerprint_decisions).values(
            endpoint_id=decision.endpoint_id,
            sha256=decision.sha256,
            accepted=decision.accepted,
            decided_at=note.at,
        )
    )


def document_digest(text: str) -> str:
    """Return SHA-256 over a document as it is kept: what the log names it by."""
    return hashlib.sha256(text.encode()).hexdigest()
