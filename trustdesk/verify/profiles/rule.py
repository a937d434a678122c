"""What a rule is: an id of the check catalogue, its weight in each rule set, and a short function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.message import Message
from trustdesk.verify.profiles.policy import OrganisationPolicy


class RuleSetName(StrEnum):
    """The rule sets that a person can choose."""

    ONE_RECORD_2X = "1r-2x"
    ONE_RECORD_2020 = "1r-2020"
    WEB_PKI = "webpki"
    ORGANISATION = "org"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A chosen rule set.

    Attributes:
        policy: the organisation's own, for ORGANISATION; None for the others, and for the defaults.
    """

    name: RuleSetName
    policy: OrganisationPolicy | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The rule holds."""

    evidence: Message


@dataclass(frozen=True, slots=True)
class Violated:
    """The rule does not hold.

    Attributes:
        severity: where the violation weighs other than the rule as a whole (expires soon, not yet expired);
            None for the rule's own.
    """

    evidence: Message
    remedy: Message | None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class NotRun:
    """The rule could not be applied, for want of what the evidence says."""

    evidence: Message


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """There is nothing here that the rule is about."""

    evidence: Message


Outcome = Held | Violated | NotRun | NotApplicable


class UnreadablePartError(Exception):
    """A part that a rule needs is there and cannot be read; `verify.lint` makes it a violation.

    Attributes:
        problem: which part.
    """

    def __init__(self, problem: Message) -> None:
        super().__init__(problem.id)
        self.problem = problem


C_contra = TypeVar("C_contra", contravariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[C_contra]):
    """One rule.

    Attributes:
        id: of the check catalogue, stable.
        title: what it asks for, as a sentence that is true where it holds.
        source: documents and sections, in words.
        always: what a violation weighs whatever sets are chosen; None for a rule that needs one of `sets`.
        sets: what it weighs in each set that it belongs to.
        check: what came of it for a case.
    """

    id: str
    title: Message
    source: str
    always: Severity | None
    sets: Mapping[RuleSetName, Severity] = field(hash=False)
    check: Callable[[C_contra], Outcome]

    def applies_to(self, chosen: Mapping[RuleSetName, RuleSet]) -> bool:
        """Whether one of the chosen sets holds the rule, or all do."""
        return self.always is not None or any(name in chosen for name in self.sets)

    def severity(self, chosen: Mapping[RuleSetName, RuleSet], policy: OrganisationPolicy) -> Severity:
        """Return what a violation weighs: the organisation's word, else that of the strictest chosen set."""
        overridden = policy.severities.get(self.id)
        if overridden is not None and RuleSetName.ORGANISATION in chosen:
            return overridden
        weights = [] if self.always is None else [self.always]
        for name, severity in self.sets.items():
            if name in chosen:
                weights.append(in_force(name, severity, policy))
        return min(weights, key=_ORDER.index)

    def finding(
        self, outcome: Outcome, chosen: Mapping[RuleSetName, RuleSet], policy: OrganisationPolicy
    ) -> Finding:
        """Return what came of the rule as a finding."""
        severity = self.severity(chosen, policy)
        remedy: Message | None = None
        if isinstance(outcome, Violated):
            if outcome.severity is not None and self.id not in policy.severities:
                severity = outcome.severity
            # A warning warns; an information that does not hold says so and weighs nothing.
            status = FindingStatus.WARN if severity is Severity.WARNING else FindingStatus.FAIL
            remedy = outcome.remedy
        elif isinstance(outcome, Held):
            status = FindingStatus.PASS
        elif isinstance(outcome, NotRun):
            status = FindingStatus.NOT_RUN
        else:
            status = FindingStatus.NOT_APPLICABLE
        return Finding(
            rule=self.id,
            status=status,
            severity=severity,
            title=self.title,
            evidence=outcome.evidence,
            remedy=remedy,
            source=self.source,
        )


def rule(
    rule_id: str,
    title: Message,
    source: str,
    *,
    always: Severity | None = None,
    sets: Mapping[RuleSetName, Severity] | None = None,
) -> Callable[[Callable[[C_contra], Outcome]], Rule[C_contra]]:
    """Make the function below a rule."""

    def made(check: Callable[[C_contra], Outcome]) -> Rule[C_contra]:
        return Rule(
            id=rule_id,
            title=title,
            source=source,
            always=always,
            sets=MappingProxyType(dict(sets or {})),
            check=check,
        )

    return made


def in_force(name: RuleSetName, severity: Severity, policy: OrganisationPolicy) -> Severity:
    """Return what a set's rule weighs today: the 2020 profile warns where nobody enforces it."""
    if name is RuleSetName.ONE_RECORD_2020 and not policy.enforce_1r_2020 and severity is Severity.ERROR:
        return Severity.WARNING
    return severity


_ORDER = tuple(Severity)
