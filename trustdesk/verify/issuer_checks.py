"""Which checks of a path stand behind the rules on what is above an end entity (CHN-04 to CHN-06).

One reading for the gate of live probes and for the rule sets: neither of them looks at issuers by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.verification import TLS_INPUTS, Purpose, RuleCheck, RuleKind, RuleStatus
from trustdesk.verify.builder import Candidate
from trustdesk.verify.decoded import decode
from trustdesk.verify.evaluator import Question, evaluate
from trustdesk.verify.signatures import SignatureBook

OF_VALIDITY = ("validity.",)
"""CHN-04, above the end entity."""

OF_PURPOSE = ("purpose.issuer_extended_key_usage",)
"""CHN-05."""

OF_NAMES = ("names.",)
OF_ROLE = ("critical.", "ca.", *OF_NAMES, "policy.")
"""CHN-06, of the end entity too."""

OF_STRICT_READERS = ("ca.key_usage_present", "ca.basic_constraints_critical")
"""CHN-06 where it only warns: flaws of form that strict readers of RFC 5280 refuse."""


def checks_along(
    certificates: Sequence[CertificateFacts], purpose: Purpose, at: datetime
) -> tuple[RuleCheck, ...]:
    """Apply the rules to an end entity and what came along above it, where no path to a list is known.

    Args:
        certificates: the end entity first; at least one.
    """
    path = tuple(decode(facts) for facts in certificates)
    question = Question(purpose=purpose, reference_identifier=None, at=at, inputs=TLS_INPUTS)
    return evaluate(Candidate(path, None), question, SignatureBook())[0].checks


def failing(
    checks: Iterable[RuleCheck], groups: tuple[str, ...], *, above: int = -1, form: bool = False
) -> list[RuleCheck]:
    """Return the checks of some rules that fail, in their order.

    Args:
        groups: ids of rules, or groups as "names.".
        above: only of certificates with a higher index.
        form: whether flaws of form are asked for; else what takes trust away.
    """
    return [
        check
        for check in checks
        if check.status is RuleStatus.FAIL
        and (check.kind is RuleKind.CONFORMANCE) is form
        and check.index > above
        and check.rule.startswith(groups)
    ]


def ends_before(end: datetime | None, issuers: Iterable[CertificateFacts]) -> CertificateFacts | None:
    """Return the first issuer whose validity ends before the end entity's; None when all outlast it."""
    if end is None:
        return None
    return next((one for one in issuers if one.not_after is not None and one.not_after < end), None)
