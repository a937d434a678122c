"""What is asked of an OCSP response before it is relied on, and what came of each requirement."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.message import Message
from trustdesk.core.revocation import RevocationRuleCheck, RevocationRuleStatus

SOURCES = {
    "ocsp.form": "RFC 6960 4.2.1",
    "ocsp.status": "RFC 6960 2.3, 4.2.1",
    "ocsp.type": "RFC 6960 4.2.1",
    "ocsp.responder": "RFC 6960 4.2.2.3",
    "ocsp.signature": "RFC 6960 3.2 (2)",
    "ocsp.digest": "RFC 9155; CA/B BR 7.1.3.2",
    "ocsp.independence": "RFC 6960 4.2.2.2.1",
    "ocsp.delegate.issuer": "RFC 6960 4.2.2.2",
    "ocsp.delegate.purpose": "RFC 6960 4.2.2.2",
    "ocsp.delegate.validity": "RFC 5280 6.1.3 (a)(2)",
    "ocsp.delegate.key_usage": "RFC 5280 4.2.1.3, 4.2.1.12",
    "ocsp.delegate.extensions": "RFC 5280 4.2",
    "ocsp.delegate.nocheck": "RFC 6960 4.2.2.2.1",
    "ocsp.cert_id": "RFC 6960 3.2 (1), 4.1.1",
    "ocsp.single": "RFC 6960 4.2.1",
    "ocsp.critical": "RFC 6960 4.4; RFC 5280 4.2",
    "ocsp.nonce": "RFC 6960 4.4.1; RFC 9654",
    "ocsp.this_update": "RFC 6960 3.2 (5), 4.2.2.1",
    "ocsp.next_update": "RFC 6960 3.2 (6), 4.2.2.1",
    "ocsp.produced_at": "RFC 6960 2.4",
    "ocsp.archive_cutoff": "RFC 6960 4.4.4",
}
"""Where each requirement stands, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement and what came of it.

    Attributes:
        refuses: whether the response may not be relied on because of it.
    """

    check: RevocationRuleCheck
    refuses: bool = False


def met(rule: str, evidence: Message) -> Requirement:
    """Say that a requirement is met."""
    return _requirement(rule, RevocationRuleStatus.PASS, evidence)


def refused(rule: str, evidence: Message) -> Requirement:
    """Say that a requirement is not met, and that nobody may rely on the response."""
    return _requirement(rule, RevocationRuleStatus.FAIL, evidence, refuses=True)


def noted(rule: str, evidence: Message) -> Requirement:
    """Say that a requirement is not met, and that the response is relied on nevertheless."""
    return _requirement(rule, RevocationRuleStatus.FAIL, evidence)


def not_asked(rule: str, evidence: Message) -> Requirement:
    """Say that a requirement does not concern this response."""
    return _requirement(rule, RevocationRuleStatus.NOT_APPLICABLE, evidence)


def not_run(rule: str, evidence: Message) -> Requirement:
    """Say that a requirement could not be put to the test."""
    return _requirement(rule, RevocationRuleStatus.NOT_RUN, evidence)


def _requirement(
    rule: str, status: RevocationRuleStatus, evidence: Message, *, refuses: bool = False
) -> Requirement:
    check = RevocationRuleCheck(rule=rule, status=status, evidence=evidence, source=SOURCES[rule])
    return Requirement(check=check, refuses=refuses)
