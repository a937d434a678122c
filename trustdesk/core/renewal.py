"""A plan of renewals: which of our certificates to renew by when, and by which rules of the public web."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.message import Message

LIMITS_SOURCE = "CA/Browser Forum TLS Baseline Requirements 6.3.2"
CLIENT_AUTH_SOURCE = "Chrome Root Program Policy 1.3.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPhase:
    """A time during which a publicly trusted server certificate may be issued for so many days.

    Attributes:
        begins: first instant.
        ends: first instant of the next phase; None while none is decided.
    """

    days: int
    begins: datetime
    ends: datetime | None

    def is_at(self, at: datetime) -> bool:
        """Whether what is issued at an instant falls under it."""
        return self.begins <= at and (self.ends is None or at < self.ends)


class StepKind(StrEnum):
    """Why something has to be done."""

    ENDED = "ended"
    NEAR = "near"
    BEFORE_RULE = "before_rule"  # the last day of longer certificates
    ANOTHER_CA = "another_ca"  # public CAs issue no client certificate any more by then


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalStep:
    """One thing to do.

    Attributes:
        identities: names of those that it is about, the first end first; never empty.
        by: last instant to do it; for ENDED, when it should have been done.
        title: what, in a sentence without a full stop.
        why: the rule or the reason.
        source: document of the rule; "" where none is behind it.
    """

    kind: StepKind
    identities: tuple[str, ...]
    by: datetime
    title: Message
    why: Message
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalPlan:
    """What there is to do about our own certificates.

    Attributes:
        phases: of the public web's limits, the oldest first.
        steps: the most pressing first.
        not_known: names of identities of which it is not known whether the public web's rules bind them;
            nothing is planned by those rules for them.
    """

    at: datetime
    phases: tuple[LimitPhase, ...]
    steps: tuple[RenewalStep, ...] = ()
    not_known: tuple[str, ...] = ()
