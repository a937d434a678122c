"""What the findings on a server's certificate rest on, and what one of them says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.message import Message
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.trust import ServerFault, TrustList
from trustdesk.core.verification import Opinion, Verification
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.path_view import PathView
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome

Path = tuple[Decoded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One server, one list, one instant.

    Attributes:
        presented: as presented, end entity first.
        verification: every path with every rule, and both opinions.
        view: the best path, as far as it binds.
        trust_list: None when no list is selected.
        staple: OCSP response (DER) that came with the chain; None when none did.
        published_keys: where private keys were published, by the SHA-256 of SubjectPublicKeyInfo; None when
            nobody gave a list of them.
    """

    presented: tuple[Decoded, ...]
    verification: Verification
    view: PathView
    trust_list: TrustList | None
    staple: bytes | None = None
    published_keys: Mapping[str, str] | None = None

    @property
    def revocation(self) -> tuple[RevocationCheck, ...]:
        """What is known of the revocation of each certificate of the best path below its anchor."""
        return self.verification.paths[0].revocation

    @property
    def titles(self) -> dict[str, str]:
        """What a person calls each certificate, by its SHA-256."""
        return {facts.sha256: facts.title for facts in self.verification.known}

    @property
    def path(self) -> Path | None:
        """The best path to an anchor that binds by name and signature; None when there is none."""
        return None if self.view.anchor_list is None else self.view.certificates

    @property
    def chain(self) -> Path:
        """`path`, or else the longest way through what was presented."""
        return self.view.certificates

    @property
    def server(self) -> Decoded:
        """The end entity."""
        return self.presented[0]

    @property
    def issuers(self) -> Path:
        """The chain above the server's certificate, the anchor included where there is one."""
        return self.chain[1:]

    @property
    def second(self) -> Opinion:
        """What cryptography's verifier said."""
        return self.verification.cryptography


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

    def ruled(self, outcome: Outcome, *faults: ServerFault) -> Ruling:
        """What came of it, in the words that the rule sets share."""
        match outcome:
            case Held():
                return self.passed(outcome.evidence)
            case NotRun():
                return Ruling(self._finding(FindingStatus.NOT_RUN, outcome.evidence), faults)
            case NotApplicable():
                return self.not_applicable(outcome.evidence)
        severity = outcome.severity or self.severity
        status = FindingStatus.WARN if severity is Severity.WARNING else FindingStatus.FAIL
        return Ruling(self._finding(status, outcome.evidence, outcome.remedy, severity), faults)

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
