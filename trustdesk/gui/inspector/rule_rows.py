"""Rules in rows: worst first, what was not run before what passed; path rules and rule sets alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.core.verification import PathReport, RuleCheck, RuleKind, RuleStatus
from trustdesk.gui.inspector.examination import Examination, is_beside_the_point
from trustdesk.gui.words import say


class Outcome(StrEnum):
    """What came of a rule, as the chips name it; the order is that of the rows."""

    FAIL = "fail"
    WARN = "warn"
    NOT_RUN = "not_run"
    PASS = "pass"  # noqa: S105 - a status, not a password
    NOT_ENFORCED = "not_enforced"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLook:
    """Icon, word and token of an outcome; a rule that passes is grey, green is earned by verdicts only."""

    icon: str
    word: Message
    ink: str


OUTCOMES: dict[Outcome, OutcomeLook] = {
    Outcome.FAIL: OutcomeLook(icon="bad", word=msg("Fail"), ink="bad"),
    Outcome.WARN: OutcomeLook(icon="warning", word=msg("Warn"), ink="warning"),
    Outcome.NOT_RUN: OutcomeLook(icon="unknown", word=msg("Not run"), ink="unknown"),
    Outcome.PASS: OutcomeLook(icon="tick", word=msg("Pass"), ink="text2"),
    Outcome.NOT_ENFORCED: OutcomeLook(icon="not-applicable", word=msg("Not enforced"), ink="text2"),
    Outcome.NOT_APPLICABLE: OutcomeLook(icon="not-applicable", word=msg("Not applicable"), ink="text2"),
}

_OF_CHECK = {
    RuleStatus.PASS: Outcome.PASS,
    RuleStatus.WARN: Outcome.WARN,
    RuleStatus.FAIL: Outcome.FAIL,
    RuleStatus.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
    RuleStatus.NOT_RUN: Outcome.NOT_RUN,
    RuleStatus.NOT_ENFORCED: Outcome.NOT_ENFORCED,
    RuleStatus.UNKNOWN: Outcome.NOT_RUN,
}
_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One row.

    Attributes:
        on: the certificate that the rule was applied to, or what else.
        certificate: its SHA-256; None where it is none.
        byte_range: offset and end in that certificate's DER; None where no bytes show it.
        remedy: "" where nothing has to be done.
    """

    outcome: Outcome
    rule: str
    title: str
    on: str
    evidence: str
    source: str
    certificate: str | None = None
    byte_range: tuple[int, int] | None = None
    remedy: str = ""

    @property
    def spoken(self) -> str:
        """The whole row as one line."""
        parts = (say(OUTCOMES[self.outcome].word), self.rule, self.title, self.on, self.evidence, self.remedy)
        return ", ".join(part for part in (*parts, self.source) if part)


def path_rows(
    path: PathReport, examination: Examination, titles: Callable[[str], Message]
) -> tuple[RuleRow, ...]:
    """Return the rules of a path, on every certificate of it.

    Rules on what servers and clients show do not apply where the certificate in view is a CA's.
    """
    return ordered(_path_row(check, path, examination, titles) for check in path.checks)


def finding_rows(findings: Sequence[Finding], facts: CertificateFacts | None) -> tuple[RuleRow, ...]:
    """Return the findings of the rule sets on a certificate; None where they are on something else."""
    return ordered(
        RuleRow(
            outcome=_outcome_of(finding),
            rule=visible(finding.rule),
            title=say(finding.title),
            on="" if facts is None else visible(facts.title, 60),
            evidence=say(finding.evidence),
            source=visible(finding.source),
            certificate=None if facts is None else facts.sha256,
            remedy=say(finding.remedy) if finding.remedy is not None else "",
        )
        for finding in findings
    )


def ordered(rows: Iterable[RuleRow]) -> tuple[RuleRow, ...]:
    """Return rows worst first; equal ones stay in their order."""
    return tuple(sorted(rows, key=lambda row: _RANK[row.outcome]))


def counts(rows: Iterable[RuleRow]) -> dict[Outcome, int]:
    """Return how many rows there are of each outcome."""
    found = dict.fromkeys(Outcome, 0)
    for row in rows:
        found[row.outcome] += 1
    return found


def title_of_rule(rule: str) -> Message:
    """Return what a rule of path validation asks for, in words; loads the rules at the first call."""
    from trustdesk.verify.rules import RULE_BY_ID

    found = RULE_BY_ID.get(rule)
    return msg("{value}", value=rule) if found is None else found.title


def _path_row(
    check: RuleCheck,
    path: PathReport,
    examination: Examination,
    titles: Callable[[str], Message],
) -> RuleRow:
    beside = is_beside_the_point(check, examination.certificate)
    return RuleRow(
        outcome=Outcome.NOT_APPLICABLE if beside else _outcome_of_check(check),
        rule=check.rule,
        title=say(titles(check.rule)),
        on=_place(check.certificate, path, examination.facts_of),
        evidence=say(check.evidence),
        source=check.source,
        certificate=check.certificate,
        byte_range=check.byte_range,
    )


def _outcome_of_check(check: RuleCheck) -> Outcome:
    # A flaw of form leaves the path as valid as it is; only what takes trust away is called a failure.
    if check.status is RuleStatus.FAIL and check.kind is RuleKind.CONFORMANCE:
        return Outcome.WARN
    return _OF_CHECK[check.status]


def _place(digest: str, path: PathReport, facts_of: Callable[[str], CertificateFacts | None]) -> str:
    facts = facts_of(digest)
    if digest == path.certificates[0]:
        return say(msg("leaf"))
    if digest == path.certificates[-1] and path.anchor_list is not None:
        return say(msg("root"))
    return visible(facts.title, 60) if facts is not None else digest[:16]


def _outcome_of(finding: Finding) -> Outcome:
    if finding.is_failure:
        return Outcome.FAIL
    if finding.is_warning:
        return Outcome.WARN
    match finding.status:
        case FindingStatus.PASS:
            return Outcome.PASS
        case FindingStatus.NOT_RUN:
            return Outcome.NOT_RUN
        case FindingStatus.NOT_APPLICABLE:
            return Outcome.NOT_APPLICABLE
        case FindingStatus.FAIL | FindingStatus.WARN:
            return Outcome.WARN
