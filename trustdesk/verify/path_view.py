"""A path as the rules of the check catalogue see it: as far as it binds, with what failed along it.

One reading for the gate of live probes and for the rule sets: neither of them looks along a path by itself.
The search puts in what does not bind, so that a broken link can be named; nothing above it is seen here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.verification import TLS_INPUTS, PathReport, Purpose, RuleCheck, RuleKind, RuleStatus
from trustdesk.verify.builder import Candidate
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.evaluator import Question, evaluate
from trustdesk.verify.signatures import SignatureBook

OF_VALIDITY = ("validity.",)
"""CHN-04, above the end entity."""

OF_PURPOSE = ("purpose.issuer_extended_key_usage",)
"""CHN-05."""

OF_NAMES = ("names.",)
OF_ROLE = ("critical.", "ca.", *OF_NAMES, "policy.")
"""CHN-06, of the end entity too."""

OF_TRUST = ("anchor.", "trust.")
"""SRV-17: what lists, decisions and policies say."""

OF_DISTRUST = ("anchor.distrusted", "anchor.distrust_after", "anchor.ends", "trust.distrusted")
"""Of these, what is distrusted; the rest is not on the list for this, or not what was agreed."""

OF_STRICT_READERS = ("ca.key_usage_present", "ca.basic_constraints_critical")
"""CHN-06 where it only warns: flaws of form that strict readers of RFC 5280 refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathView:
    """The certificates of a path that are bound by name and signature, and the checks of these.

    Attributes:
        certificates: end entity first; at least one.
        anchor_list: name of the list that the last one is an anchor of; None where the path ends at none.
    """

    certificates: tuple[Decoded, ...]
    anchor_list: str | None
    report: PathReport

    @property
    def end_entity(self) -> Decoded:
        """The first certificate."""
        return self.certificates[0]

    @property
    def issuers(self) -> tuple[Decoded, ...]:
        """What is above the end entity, the anchor included where there is one."""
        return self.certificates[1:]

    def failures(self, *groups: str, above: int = -1) -> list[RuleCheck]:
        """Return what takes trust away, in the order of `PathReport.failures`.

        Args:
            groups: ids of rules, or groups as "names.".
            above: only of certificates with a higher index.
        """
        seen = range(above + 1, len(self.certificates))
        return [check for check in failing(self.report.failures, *groups) if check.index in seen]

    def flaws(self, *groups: str) -> list[RuleCheck]:
        """Return the flaws of form, which take no trust away, from the end entity upwards."""
        flaws = failing(self.report.checks, *groups, form=True)
        return [check for check in flaws if check.index < len(self.certificates)]

    def check(self, rule: str, index: int = 0) -> RuleCheck | None:
        """Return what came of a rule at a place; None when it was not asked."""
        return next((one for one in self.report.checks if one.rule == rule and one.index == index), None)


def failing(checks: Iterable[RuleCheck], *groups: str, form: bool = False) -> list[RuleCheck]:
    """Return the checks of some rules that fail, in their order.

    Args:
        groups: ids of rules, or groups as "names.".
        form: whether flaws of form are asked for; else what takes trust away.
    """
    return [
        check
        for check in checks
        if check.status is RuleStatus.FAIL
        and (check.kind is RuleKind.CONFORMANCE) is form
        and check.rule.startswith(groups)
    ]


def view_of(report: PathReport, known: Iterable[CertificateFacts]) -> PathView:
    """Return a path as far as it binds.

    Args:
        known: every certificate of the path, and any others.
    """
    facts = {one.sha256: one for one in known}
    bound = bound_certificates(report)
    return PathView(
        certificates=tuple(decode(facts[digest]) for digest in report.certificates[:bound]),
        anchor_list=report.anchor_list if bound == len(report.certificates) else None,
        report=report,
    )


def view_along(
    certificates: Sequence[CertificateFacts],
    purpose: Purpose,
    at: datetime,
    reference_identifier: str | None = None,
) -> PathView:
    """Apply the rules to an end entity and what came along above it, where no path to a list is known.

    Args:
        certificates: the end entity first; at least one.
    """
    path = tuple(decode(facts) for facts in certificates)
    question = Question(purpose=purpose, reference_identifier=reference_identifier, at=at, inputs=TLS_INPUTS)
    return view_of(evaluate(Candidate(path, None), question, SignatureBook())[0], certificates)


def bound_certificates(path: PathReport) -> int:
    """Return how many certificates are bound by name and signature, from the end entity upwards."""
    broken = [check.index for check in path.failures if check.rule in {"chain.name", "chain.signature"}]
    # With a broken key above it, nobody knows who signed what stands below.
    broken += [check.index - 1 for check in path.failures if check.rule == "chain.issuer_key"]
    return min(broken) + 1 if broken else len(path.certificates)


def ends_at_anchor(path: PathReport) -> bool:
    """Whether every certificate is bound to the next, up to an anchor of a list."""
    return path.anchor_list is not None and bound_certificates(path) == len(path.certificates)
