from __future__ import annotations

import pytest

from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.message import msg
from trustdesk.services.board import State
from trustdesk.services.verdict_words import shown_status, state_of_finding


@pytest.mark.parametrize(
    ("severity", "status", "shown", "state"),
    [
        (Severity.BLOCKER, FindingStatus.FAIL, FindingStatus.FAIL, State.BAD),
        (Severity.ERROR, FindingStatus.FAIL, FindingStatus.FAIL, State.BAD),
        (Severity.WARNING, FindingStatus.FAIL, FindingStatus.WARN, State.WARNING),
        (Severity.INFO, FindingStatus.FAIL, FindingStatus.WARN, State.WARNING),
        (Severity.INFO, FindingStatus.PASS, FindingStatus.PASS, State.GOOD),
        (Severity.BLOCKER, FindingStatus.NOT_RUN, FindingStatus.NOT_RUN, State.UNKNOWN),
    ],
)
def test_what_fails_is_red_only_where_the_verdict_fails_by_it(
    severity: Severity, status: FindingStatus, shown: FindingStatus, state: State
) -> None:
    finding = Finding(
        rule="REV-06",
        status=status,
        severity=severity,
        title=msg("Rule"),
        evidence=msg("Seen"),
        source="RFC 6066 8",
    )
    assert (shown_status(finding), state_of_finding(finding)) == (shown, state)
