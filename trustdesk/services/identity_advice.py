"""What to plan for an identity: its end, its renewal, and what public CAs will issue by then.

Source: ONE Record security, contradictions X1 and X2: Chrome Root Program Policy 1.3.2; CA/Browser Forum TLS
Baseline Requirements 6.3.2; ONE Record certificate policy 6.3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.identity import Identity
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.verify.profiles.lifetime import CLIENT_AUTH_ENDS, days_of, lifetime, web_limit_days

_EXPIRY = ("CLI-01", "CLI-02", "SRV-01")


def advice_on(
    identity: Identity,
    findings: Sequence[Finding],
    *,
    at: datetime,
    publicly_trusted: bool | None,
    path_is_complete: bool | None,
) -> tuple[Message, ...]:
    """Return what a person should know and plan for, the weightiest first.

    Args:
        findings: of the rule sets, as of `at`.
        publicly_trusted: whether the rules of the public web bind it; None when that is not known.
    """
    return (
        *_renewal(identity, findings),
        *_chain(identity, path_is_complete),
        *(_public_web(identity, at) if publicly_trusted else _private(findings)),
    )


def _renewal(identity: Identity, findings: Sequence[Finding]) -> Iterator[Message]:
    if identity.renewed_by is not None:
        yield msg(
            "{name} follows it. Delete this one once partners accept the new one.", name=identity.renewed_by
        )
        return
    for finding in findings:
        if finding.rule in _EXPIRY and _is_broken(finding):
            yield (
                finding.evidence
                if finding.remedy is None
                else msg("{what} {remedy}", what=finding.evidence, remedy=finding.remedy)
            )
            return


def _chain(identity: Identity, path_is_complete: bool | None) -> Iterator[Message]:
    if path_is_complete is False:
        last = identity.certification_path[-1]
        yield msg(
            "Its chain ends at {issuer}, which is not on the list in force. If that is the root of a closed "
            "group, choose the group's list; if it is no root, import the identity again together with the "
            "certificates of its CAs: partners who trust the root alone refuse it.",
            issuer=last.issuer or last.title,
        )


def _public_web(identity: Identity, at: datetime) -> Iterator[Message]:
    certificate = identity.certificate
    usages = certificate.extended_key_usage
    if usages is None or "clientAuth" in usages:
        if at < CLIENT_AUTH_ENDS:
            yield msg(
                "It is publicly trusted and may act as a client. From {date} on public CAs issue for servers "
                "alone: plan a client certificate from another CA before it is renewed.",
                date=CLIENT_AUTH_ENDS,
            )
        else:
            yield msg(
                "It is publicly trusted and may act as a client. Since {date} public CAs issue for servers "
                "alone: it cannot be renewed as it is, so get a client certificate from another CA.",
                date=CLIENT_AUTH_ENDS,
            )
    if certificate.not_before is None or certificate.not_after is None:
        return
    days = days_of(lifetime(certificate.not_before, certificate.not_after))
    next_limit = web_limit_days(max(certificate.not_after, at))
    if next_limit is not None and next_limit < days:
        yield msg_n(
            "It is valid for {days} days; when it ends, public CAs issue for {count} day at most. "
            "Plan for renewals that need nobody.",
            "It is valid for {days} days; when it ends, public CAs issue for {count} days at most. "
            "Plan for renewals that need nobody.",
            next_limit,
            days=days,
        )


def _private(findings: Sequence[Finding]) -> Iterator[Message]:
    for finding in findings:
        if finding.rule in {"CLI-15", "SRV-13"} and _is_broken(finding):
            yield (
                finding.evidence
                if finding.remedy is None
                else msg("{what} {remedy}", what=finding.evidence, remedy=finding.remedy)
            )


def _is_broken(finding: Finding) -> bool:
    return finding.status in {FindingStatus.FAIL, FindingStatus.WARN}
