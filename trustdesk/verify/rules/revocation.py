"""What is known of the revocation of each certificate below the anchor, as a rule of the path."""

from __future__ import annotations

from trustdesk.core.message import msg
from trustdesk.core.revocation import FailMode, RevocationStatus
from trustdesk.core.verification import RuleKind, RuleStatus
from trustdesk.verify.rules.rule import (
    BELOW_ANCHOR,
    Outcome,
    PathContext,
    Rule,
    failed,
    not_applicable,
    not_run,
    passed,
)


def status(context: PathContext, index: int) -> Outcome:
    """revocation.status: REVOKED fails under both modes, what is not known under hard fail only."""
    if context.revocation is None:
        return _NOT_ASKED
    check = context.revocation[index]
    if check.exempt is not None:
        return not_applicable(check.exempt)
    evidence = check.reason or _NOTHING_SAID
    match check.status:
        case RevocationStatus.GOOD:
            return passed(evidence)
        case RevocationStatus.REVOKED:
            return failed(evidence)
        case RevocationStatus.UNKNOWN | RevocationStatus.UNAVAILABLE:
            if context.inputs.fail_mode is FailMode.SOFT:
                return RuleStatus.UNKNOWN, evidence, None
            return failed(
                msg(
                    "It is not known whether {subject} was revoked. {reason}",
                    subject=context.path[index].title,
                    reason=evidence,
                )
            )


_NOT_ASKED = not_run(msg("Nobody was asked, and nothing was given that speaks of revocation."))
_NOTHING_SAID = msg("Nothing is said of it.")

REVOCATION_RULES = (
    Rule(
        "revocation.status",
        "RFC 5280 6.1.3 (a)(3)",
        RuleKind.VALIDITY,
        msg("The certificate is not revoked."),
        judge_in_path=status,
        asked_of=BELOW_ANCHOR,
    ),
)
