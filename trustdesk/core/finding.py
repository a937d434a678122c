"""Findings: what a rule says of the thing examined, with evidence, remedy and source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.message import Message


class FindingStatus(StrEnum):
    """What came of a rule. NOT_RUN is never a pass."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    WARN = "warn"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"


class Severity(StrEnum):
    """How much a failed rule weighs."""

    BLOCKER = "blocker"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Verdict(StrEnum):
    """The one-word verdict of a document."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule applied to one thing.

    Attributes:
        rule: id of the ONE Record check catalogue ("SRV-03"), stable.
        title: what the rule asks for.
        evidence: what was found, with values.
        remedy: what to do; None where nothing has to be done.
        source: RFC section or document that the rule comes from.
    """

    rule: str
    status: FindingStatus
    severity: Severity
    title: Message
    evidence: Message
    remedy: Message | None = None
    source: str

    @property
    def is_failure(self) -> bool:
        """Whether this finding alone makes the verdict fail."""
        return self.status is FindingStatus.FAIL and self.severity in {Severity.BLOCKER, Severity.ERROR}

    @property
    def is_warning(self) -> bool:
        """Whether this finding alone makes the verdict at most warn."""
        return self.status is FindingStatus.WARN or (
            self.status is FindingStatus.FAIL and self.severity is Severity.WARNING
        )


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Return fail when a blocker or an error failed, warn when only warnings did, else pass."""
    verdict = Verdict.PASS
    for finding in findings:
        if finding.is_failure:
            return Verdict.FAIL
        if finding.is_warning:
            verdict = Verdict.WARN
    return verdict
