"""What the checks on our own certificate came to, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.message import Message, msg


def preflight_sentence(findings: Sequence[Finding], *, blames_us: bool = False) -> Message | None:
    """Say how many checks passed, and that our side is clean only where every one of them was made and did.

    Args:
        blames_us: whether the cause lies on our side for all that; then nobody calls it clean.

    Returns:
        None where nothing was checked: no identity was selected.
    """
    asked = [one for one in findings if one.status is not FindingStatus.NOT_APPLICABLE]
    checked = [one for one in asked if one.status is not FindingStatus.NOT_RUN]
    if not checked:
        return None
    passed = sum(one.status is FindingStatus.PASS for one in checked)
    not_run = len(asked) - len(checked)
    if passed < len(checked) or (blames_us and not not_run):
        return msg("Preflight passed {passed} of {count} checks.", passed=passed, count=len(checked))
    if not_run:
        return msg(
            "Preflight passed {passed} of {count} checks; {left} could not be made.",
            passed=passed,
            count=len(checked),
            left=not_run,
        )
    return msg(
        "Our side is clean: preflight passed {passed} of {count} checks.", passed=passed, count=len(checked)
    )
