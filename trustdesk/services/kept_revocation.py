"""What was learnt of a server's revocation when it was tested, carried into a judgement of a later look.

A judgement of kept certificates asks nobody, so that it would forget what a responder, a CRL or a staple of
that day said: revoked would turn into unknown, and a server that has to staple would seem not to. Looking
again undoes no revocation.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trustdesk.core.finding import Finding
from trustdesk.core.revocation import RevocationStatus
from trustdesk.core.trust import ServerFault, ServerJudgement

_STATUS, _STAPLE = "REV-04", "REV-06"
_OF_STATUS = frozenset({ServerFault.REVOKED, ServerFault.REVOCATION_UNKNOWN})

RULES_WITH_DAYS = frozenset({_STATUS, _STAPLE})
"""Rules of which it is said here for which days their findings hold."""


def with_kept_revocation(
    before: ServerJudgement, now: ServerJudgement, at: datetime, tested_at: datetime
) -> ServerJudgement:
    """Return `now` with what `before` knew of revocation, as far as it holds for the instant `at`.

    A server found revoked stays so from the day of the revocation on, and from that of the test on whatever
    day of revocation was named; where revocation had to be known and was not, that stays too. A staple that
    was good then is taken as good: what the server would staple on another day is not known
    (`staple_is_open`). What was found of each certificate, and what follows from it under either fail mode,
    goes with the fault that rests on it.

    Args:
        tested_at: of what moment `before` speaks.
    """
    faults = set(now.faults)
    findings = now.findings
    known = now
    if ServerFault.REVOKED not in faults and _was_revoked(before, at, tested_at):
        faults.add(ServerFault.REVOKED)
        known = before
    elif ServerFault.REVOCATION_UNKNOWN in before.faults and not faults & _OF_STATUS:
        faults.add(ServerFault.REVOCATION_UNKNOWN)
        known = before
    if known is before:
        findings = _taken(findings, before, _STATUS)
    if staple_is_open(before, now):
        faults.discard(ServerFault.NOT_STAPLED)
        findings = _taken(findings, before, _STAPLE)
    if faults == set(now.faults):
        return now
    return replace(
        now,
        faults=tuple(fault for fault in ServerFault if fault in faults),
        findings=findings,
        revocation=known.revocation,
        fail_modes=known.fail_modes,
        trusted=not faults and not any(finding.is_failure for finding in findings),
    )


def staple_is_open(before: ServerJudgement, now: ServerJudgement) -> bool:
    """Whether the server stapled when it was tested, and the staple does not speak for the instant."""
    return ServerFault.NOT_STAPLED in now.faults and ServerFault.NOT_STAPLED not in before.faults


def _was_revoked(before: ServerJudgement, at: datetime, tested_at: datetime) -> bool:
    revoked = [check for check in before.revocation if check.status is RevocationStatus.REVOKED]
    if not revoked:
        return ServerFault.REVOKED in before.faults
    return at >= tested_at or any(one.revoked_at is None or one.revoked_at <= at for one in revoked)


def _taken(findings: tuple[Finding, ...], before: ServerJudgement, rule: str) -> tuple[Finding, ...]:
    """Return the findings with one of them as it was found before."""
    found = [finding for finding in before.findings if finding.rule == rule]
    kept = [finding for finding in findings if finding.rule != rule]
    return tuple(sorted([*kept, *found], key=lambda finding: finding.rule))
