"""What the checks on our own certificate came to: counted in one place, said by each face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.message import Message, msg


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightCount:
    """How many checks were made, and how many of these passed.

    Attributes:
        not_run: checks that could not be made; they are among neither of the others.
    """

    passed: int
    checked: int
    not_run: int


def preflight_count(findings: Sequence[Finding]) -> PreflightCount | None:
    """Count what applies to our certificate; None where nothing was checked: no identity was selected."""
    asked = [one for one in findings if one.status is not FindingStatus.NOT_APPLICABLE]
    checked = [one for one in asked if one.status is not FindingStatus.NOT_RUN]
    if not checked:
        return None
    return PreflightCount(
        passed=sum(one.status is FindingStatus.PASS for one in checked),
        checked=len(checked),
        not_run=len(asked) - len(checked),
    )


def preflight_sentence(findings: Sequence[Finding], *, blames_us: bool = False) -> Message | None:
    """Say how many checks passed, and that our side is clean only where every one of them was made and did.

    Args:
        blames_us: whether the cause lies on our side for all that; then nobody calls it clean.

    Returns:
        None where nothing was checked: no identity was selected.
    """
    count = preflight_count(findings)
    if count is None:
        return None
    passed, checked = count.passed, count.checked
    if passed < checked or (blames_us and not count.not_run):
        return msg("Preflight passed {passed} of {count} checks.", passed=passed, count=checked)
    if count.not_run:
        return msg(
            "Preflight passed {passed} of {count} checks; {left} could not be made.",
            passed=passed,
            count=checked,
            left=count.not_run,
        )
    return msg(
        "Our side is clean: preflight passed {passed} of {count} checks.", passed=passed, count=checked
    )
