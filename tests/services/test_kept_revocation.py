"""What was learnt of a server's revocation stays when it is judged again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.pki import NOW
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.message import msg
from trustdesk.core.revocation import FailMode, FailModeVerdict, RevocationCheck, RevocationStatus
from trustdesk.core.trust import ServerFault, ServerJudgement
from trustdesk.services.kept_revocation import staple_is_open, with_kept_revocation

DAY = timedelta(days=1)


def finding(rule: str, status: FindingStatus = FindingStatus.PASS) -> Finding:
    return Finding(
        rule=rule,
        status=status,
        severity=Severity.ERROR,
        title=msg("A rule."),
        evidence=msg("Found: {status}.", status=status.value),
        source="RFC 5280",
    )


GOOD = ServerJudgement(
    trusted=True,
    trust_list="test",
    findings=(finding("CHN-01"), finding("REV-04", FindingStatus.NOT_RUN), finding("REV-06")),
)


def bad(fault: ServerFault, rule: str, **different: object) -> ServerJudgement:
    failed = finding(rule, FindingStatus.FAIL)
    findings = tuple(failed if one.rule == rule else one for one in GOOD.findings)
    judgement = replace(GOOD, trusted=False, faults=(fault,), findings=findings)
    return replace(judgement, **different)  # type: ignore[arg-type]  # fields by name


REVOKED = bad(
    ServerFault.REVOKED,
    "REV-04",
    revocation=(
        RevocationCheck(certificate="ab" * 32, status=RevocationStatus.REVOKED, revoked_at=NOW - 5 * DAY),
    ),
)


@pytest.mark.parametrize("days", [0, 30, -5])
def test_revoked_server_stays_revoked_from_that_day_on(days: int) -> None:
    judged = with_kept_revocation(REVOKED, GOOD, NOW + days * DAY, NOW)
    assert not judged.trusted
    assert judged.faults == (ServerFault.REVOKED,)
    assert [one.status for one in judged.findings if one.rule == "REV-04"] == [FindingStatus.FAIL]


def test_what_was_found_and_what_follows_from_it_stay_with_the_fault() -> None:
    """A revoked server must not stand there as accepted under soft fail."""
    accepted = tuple(
        FailModeVerdict(mode=mode, accepted=mode is FailMode.SOFT, reason=msg("Nobody was asked."))
        for mode in FailMode
    )
    refused = tuple(replace(one, accepted=False, reason=msg("It is revoked.")) for one in accepted)
    silent = RevocationCheck(certificate="ab" * 32, status=RevocationStatus.UNKNOWN)
    now = replace(GOOD, revocation=(silent,), fail_modes=accepted)
    before = replace(REVOKED, fail_modes=refused)
    judged = with_kept_revocation(before, now, NOW, NOW)
    assert (judged.revocation, judged.fail_modes) == (before.revocation, refused)
    earlier = with_kept_revocation(before, now, NOW - 6 * DAY, NOW)
    assert (earlier.revocation, earlier.fail_modes) == ((silent,), accepted)
    unknown = replace(bad(ServerFault.REVOCATION_UNKNOWN, "REV-04"), fail_modes=refused[:1])
    assert with_kept_revocation(unknown, now, NOW, NOW).fail_modes == refused[:1]
    # What is revoked now as well is told by what says so now.
    both = replace(REVOKED, fail_modes=refused[:1])
    assert with_kept_revocation(before, both, NOW, NOW).fail_modes == refused[:1]


def test_before_the_revocation_it_was_not_revoked() -> None:
    assert with_kept_revocation(REVOKED, GOOD, NOW - 6 * DAY, NOW) == GOOD


def test_revocation_that_names_a_day_to_come_holds_from_the_test_on() -> None:
    """A CA may date a revocation ahead; it was said, and looking again must not take it back."""
    ahead = replace(REVOKED, revocation=(replace(REVOKED.revocation[0], revoked_at=NOW + 9 * DAY),))
    assert not with_kept_revocation(ahead, GOOD, NOW, NOW).trusted
    assert not with_kept_revocation(ahead, GOOD, NOW + DAY, NOW).trusted
    assert with_kept_revocation(ahead, GOOD, NOW - DAY, NOW).trusted


def test_revocation_without_a_date_holds_for_every_day() -> None:
    undated = replace(REVOKED, revocation=(replace(REVOKED.revocation[0], revoked_at=None),))
    assert not with_kept_revocation(undated, GOOD, NOW - 600 * DAY, NOW).trusted


def test_what_had_to_be_known_and_was_not_stays_unknown() -> None:
    before = bad(ServerFault.REVOCATION_UNKNOWN, "REV-04")
    assert with_kept_revocation(before, GOOD, NOW, NOW).faults == (ServerFault.REVOCATION_UNKNOWN,)


def test_staple_that_was_good_then_is_no_fault_now_and_is_said_to_be_open() -> None:
    now = bad(ServerFault.NOT_STAPLED, "REV-06")
    assert staple_is_open(GOOD, now)
    assert with_kept_revocation(GOOD, now, NOW, NOW).trusted


def test_staple_that_was_missing_then_is_missing_now() -> None:
    missing = bad(ServerFault.NOT_STAPLED, "REV-06")
    assert not staple_is_open(missing, missing)
    assert not with_kept_revocation(missing, missing, NOW, NOW).trusted


def test_other_faults_of_now_are_left_as_they_are() -> None:
    expired = bad(ServerFault.EXPIRED, "CHN-01")
    assert with_kept_revocation(GOOD, expired, NOW, NOW) == expired
    both = with_kept_revocation(REVOKED, expired, NOW, NOW)
    assert both.faults == (ServerFault.EXPIRED, ServerFault.REVOKED)
