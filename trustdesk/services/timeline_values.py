"""The timeline as values: what is valid until when; light, for a face is painted before the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message
from trustdesk.core.trust_impact import DropKind, RootDrop
from trustdesk.core.workspace_settings import ExpiryThresholds


class TimelineGroup(StrEnum):
    """Whose certificates they are; LISTS are no certificates but trust lists and revocation lists."""

    PARTNERS = "partners"
    IDENTITIES = "identities"
    AUTHORITIES = "authorities"
    LISTS = "lists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """One certificate's window of validity, or the time for which a list speaks.

    Attributes:
        name: of the partner or the identity, the CA's own, the list's, or the issuer's of a revocation list.
        place: `host:port` of an endpoint; "" for others.
        role: what it is, in a word or two.
        sha256: of the certificate or the revocation list; "" for a trust list.
        begins, ends: None where the certificate or list does not say it readably.
        certificate: None where it has to be asked for by its digest.
        drops: dates that change trust in it, the next first; its own end is among them where it is known who
            is below it.
    """

    group: TimelineGroup
    name: str
    place: str = ""
    role: Message
    sha256: str
    begins: datetime | None
    ends: datetime | None
    certificate: CertificateFacts | None = None
    drops: tuple[RootDrop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryTimeline:
    """Everything that has an end.

    Attributes:
        validities: by group, and in it by name.
        milestones: dates that concern everybody, the next first.
        partners: how many there are, tested or not.
        thresholds: when an end counts as near.
    """

    at: datetime
    validities: tuple[Validity, ...] = ()
    milestones: tuple[RootDrop, ...] = ()
    partners: int = 0
    identities: int = 0
    authorities: int = 0
    thresholds: ExpiryThresholds = field(default_factory=ExpiryThresholds)

    def with_drops(self, drops: Sequence[RootDrop]) -> ExpiryTimeline:
        """The same with other dates that change trust, in place of those that it has.

        A date of a CA stands beside that CA's validity; its own end does only where somebody is below it,
        once. What concerns no certificate concerns everybody; so does what is to come for one that is not
        here, where it ends a decision or somebody is below it.
        """
        cas = {one.sha256 for one in self.validities if one.group is TimelineGroup.AUTHORITIES}
        by_ca: dict[str, list[RootDrop]] = {}
        everybody = []
        ends = set[str]()
        for drop in drops:
            is_above = bool(drop.partners or drop.identities)
            if drop.kind is DropKind.EXPIRES and (not is_above or drop.sha256 in ends):
                continue
            if drop.kind is DropKind.EXPIRES:
                ends.add(drop.sha256)
            if drop.sha256 in cas:
                by_ca.setdefault(drop.sha256, []).append(drop)
            elif not drop.sha256 or (not drop.is_past and (is_above or drop.kind is DropKind.DECISION_ENDS)):
                everybody.append(drop)
        return replace(
            self,
            validities=tuple(
                replace(one, drops=tuple(by_ca.get(one.sha256, ())))
                if one.group is TimelineGroup.AUTHORITIES
                else one
                for one in self.validities
            ),
            milestones=tuple(everybody),
        )
