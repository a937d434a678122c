"""The timeline as values: what is valid until when; light, for a face is painted before the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message
from trustdesk.core.trust_impact import RootDrop


class TimelineGroup(StrEnum):
    """Whose certificates they are."""

    PARTNERS = "partners"
    IDENTITIES = "identities"
    AUTHORITIES = "authorities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """One certificate's window of validity.

    Attributes:
        name: of the partner or the identity, or the CA's own.
        place: `host:port` of an endpoint; "" for others.
        role: what it is, in a word or two.
        begins, ends: None where the certificate does not say it readably.
        certificate: None where it has to be asked for by its digest.
        drops: dates beside its end that change trust in it, the next first.
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
    """

    at: datetime
    validities: tuple[Validity, ...] = ()
    milestones: tuple[RootDrop, ...] = ()
    partners: int = 0
    identities: int = 0
    authorities: int = 0
