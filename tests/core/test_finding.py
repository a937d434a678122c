"""The verdict of findings, by the contract's words."""

from __future__ import annotations

import pytest

from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict, verdict_of
from trustdesk.core.message import msg


def _finding(status: FindingStatus, severity: Severity) -> Finding:
    return Finding(
        rule="TLS-01", status=status, severity=severity, title=msg("t"), evidence=msg("e"), source="RFC 8446"
    )


@pytest.mark.parametrize(
    ("status", "severity", "verdict"),
    [
        (FindingStatus.FAIL, Severity.BLOCKER, Verdict.FAIL),
        (FindingStatus.FAIL, Severity.ERROR, Verdict.FAIL),
        (FindingStatus.FAIL, Severity.WARNING, Verdict.WARN),
        (FindingStatus.WARN, Severity.ERROR, Verdict.WARN),
        (FindingStatus.FAIL, Severity.INFO, Verdict.PASS),
        (FindingStatus.NOT_RUN, Severity.BLOCKER, Verdict.PASS),
        (FindingStatus.PASS, Severity.BLOCKER, Verdict.PASS),
    ],
)
def test_one_finding(status: FindingStatus, severity: Severity, verdict: Verdict) -> None:
    assert verdict_of([_finding(status, severity)]) is verdict


def test_the_worst_finding_decides() -> None:
    warned = _finding(FindingStatus.WARN, Severity.WARNING)
    failed = _finding(FindingStatus.FAIL, Severity.ERROR)
    assert verdict_of([warned, failed]) is Verdict.FAIL
    assert verdict_of([failed, warned]) is Verdict.FAIL
    assert verdict_of([]) is Verdict.PASS
