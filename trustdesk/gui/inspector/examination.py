"""Everything that was found out about the certificate in view, by list and purpose."""

from __future__ import annotations

from dataclasses import dataclass, field

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.message import Message
from trustdesk.core.verification import PathReport, Purpose, RuleCheck, Verification


@dataclass(frozen=True, slots=True)
class ListName:
    """A trust list by name and title.

    Attributes:
        anchors: SHA-256 digests of its CAs.
    """

    name: str
    title: Message
    anchors: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What is known so far of one certificate; answers come in one after the other.

    Attributes:
        lists: the lists it is judged by, the one in force first.
        verifications: by list name and purpose.
        findings: of the rule sets, by purpose.
        conformance: what pkilint remarks; None while that is not known.
        is_checking: whether pkilint is at work.
        asks_revocation: whether the addresses that publish revocation may be asked.
        came_along: digests of the file's certificates, in its order; the certificate itself is among them.
        opened: digests of every certificate that is open.
    """

    certificate: CertificateFacts
    lists: tuple[ListName, ...]
    verifications: dict[tuple[str, Purpose], Verification]
    findings: dict[Purpose, tuple[Finding, ...]]
    conformance: tuple[Finding, ...] | None = None
    is_checking: bool = False
    asks_revocation: bool = False
    came_along: tuple[str, ...] = ()
    opened: dict[str, CertificateFacts]

    @property
    def is_judged(self) -> bool:
        """Whether the list in force has been asked for both purposes."""
        return bool(self.lists) and all(self.in_force(purpose) is not None for purpose in Purpose)

    def in_force(self, purpose: Purpose) -> Verification | None:
        """Return what the list in force says; None while it is not known."""
        return self.verifications.get((self.lists[0].name, purpose)) if self.lists else None

    def title_of(self, name: str | None) -> Message | None:
        """Return a list's title; None for no list of these."""
        return next((one.title for one in self.lists if one.name == name), None)

    def facts_of(self, digest: str) -> CertificateFacts | None:
        """Return a certificate that the judge or the person has named."""
        if digest in self.opened:
            return self.opened[digest]
        for verification in self.verifications.values():
            for facts in verification.known:
                if facts.sha256 == digest:
                    return facts
        return None


@dataclass(frozen=True, slots=True)
class ItemReview:
    """What is known so far of a request or a private key.

    Attributes:
        key: of the item.
        findings: of the rule sets; None while they are not known.
    """

    key: str
    findings: tuple[Finding, ...] | None = None


OF_END_ENTITIES = frozenset(
    {
        "leaf.end_entity",
        "leaf.peer_name",
        "purpose.extended_key_usage",
        "purpose.key_usage",
        "anchor.extended_key_usages",
        "anchor.max_validity",
    }
)
"""Rules on what a server or client shows; they say nothing of a CA that a person looks at."""


def failures_of(path: PathReport, certificate: CertificateFacts) -> tuple[RuleCheck, ...]:
    """Return what makes a path unacceptable for a certificate: of a CA's, only what a CA has to keep."""
    if not certificate.is_ca:
        return path.failures
    return tuple(check for check in path.failures if not is_beside_the_point(check, certificate))


def is_beside_the_point(check: RuleCheck, certificate: CertificateFacts) -> bool:
    """Whether a check is about an end entity, and the certificate in view is a CA's."""
    in_view = check.certificate == certificate.sha256
    return certificate.is_ca and in_view and check.rule in OF_END_ENTITIES


def best_path(verification: Verification, trust_list: str) -> PathReport | None:
    """Return the best path that ends on a list; None when none does."""
    return next((path for path in verification.paths if path.anchor_list == trust_list), None)
