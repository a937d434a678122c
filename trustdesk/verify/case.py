"""What the rules on a server's certificate look at, and what one of them says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import ServerFault, TrustList
from trustdesk.verify.paths import Link, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One server, one list, one instant.

    Attributes:
        presented: as presented, end entity first.
        path: the best path to an anchor, both included; None when there is none.
        chain: `path`, or else the longest path through what was presented.
        gave_up: whether the search for paths ended at a limit.
        at: whole seconds.
        refusal: the verifier's words; None when it accepted.
        trust_list: None when no list is selected.
    """

    presented: tuple[Link, ...]
    path: Path | None
    chain: Path
    gave_up: bool
    reference_identifier: str
    at: datetime
    refusal: str | None
    trust_list: TrustList | None

    @property
    def server(self) -> Link:
        """The end entity."""
        return self.presented[0]

    @property
    def issuers(self) -> tuple[Link, ...]:
        """The chain above the server's certificate, the anchor included where there is one."""
        return self.chain[1:]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A finding, and the faults that take trust away; none for a finding that does not."""

    finding: Finding
    faults: tuple[ServerFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What stays the same of a rule, whatever comes of it.

    Attributes:
        id: of the check catalogue.
        severity: when it fails.
        title: what it asks for.
        source: RFC section, or the document that the rule comes from.
    """

    id: str
    severity: Severity
    title: Message
    source: str

    def passed(self, evidence: Message) -> Ruling:
        """It holds."""
        return Ruling(self._finding(FindingStatus.PASS, evidence))

    def failed(self, evidence: Message, remedy: Message | None, *faults: ServerFault) -> Ruling:
        """It does not hold."""
        return Ruling(self._finding(FindingStatus.FAIL, evidence, remedy), faults)

    def warned(self, evidence: Message, remedy: Message) -> Ruling:
        """It holds, but not for long or not well."""
        finding = self._finding(FindingStatus.WARN, evidence, remedy, Severity.WARNING)
        return Ruling(finding)

    def not_run(self, reason: Message) -> Ruling:
        """It could not be applied."""
        return Ruling(self._finding(FindingStatus.NOT_RUN, reason))

    def not_applicable(self, reason: Message) -> Ruling:
        """There is nothing here that it applies to."""
        return Ruling(self._finding(FindingStatus.NOT_APPLICABLE, reason))

    def _finding(
        self,
        status: FindingStatus,
        evidence: Message,
        remedy: Message | None = None,
        severity: Severity | None = None,
    ) -> Finding:
        return Finding(
            rule=self.id,
            status=status,
            severity=severity or self.severity,
            title=self.title,
            evidence=evidence,
            remedy=remedy,
            source=self.source,
        )


_MAX_LISTED = 12


def listed(names: tuple[str, ...] | list[str]) -> str | Message:
    """Return names as one parameter, the many cut short and counted."""
    if len(names) <= _MAX_LISTED:
        return ", ".join(names)
    shown = ", ".join(names[:_MAX_LISTED])
    return msg("{shown} and {count} more", shown=shown, count=len(names) - _MAX_LISTED)
