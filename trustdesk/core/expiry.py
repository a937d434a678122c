"""Everything that ends, and how near its end is: certificates, lists, and decisions made for a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from trustdesk.core.workspace_settings import ExpiryThresholds


class EndingKind(StrEnum):
    """What ends.

    AUTHORITY is a CA of a list in force, or one that is sent in a chain; REQUEST a certificate that came for
    a request whose key is not here.
    """

    PARTNER = "partner"
    IDENTITY = "identity"
    REQUEST = "request"
    AUTHORITY = "authority"
    REVOCATION_LIST = "revocation_list"
    TRUST_LIST = "trust_list"
    DECISION = "decision"


class Nearness(StrEnum):
    """How near an end is, by thresholds; UNKNOWN where its date cannot be read, which is no "later"."""

    ENDED = "ended"
    URGENT = "urgent"
    SOON = "soon"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One thing that ends.

    Attributes:
        name: of the partner, the identity, the request, the CA, the list, or the subject of a decision.
        place: `host:port` of an endpoint; "" for others.
        sha256: of the certificate, the revocation list, or the certificate that was decided about; "" for a
            trust list.
        ends: of the validity; the next update of a list. None where it cannot be read.
        is_settled: nobody has to act on it: an identity that another follows, a CA of a list that has ended,
            a decision that is over.
    """

    kind: EndingKind
    name: str
    place: str = ""
    sha256: str = ""
    begins: datetime | None = None
    ends: datetime | None
    nearness: Nearness
    is_settled: bool = False

    @property
    def wants_action(self) -> bool:
        """Whether somebody has to act: it has ended or is near, or nobody can tell."""
        return self.nearness is not Nearness.LATER and not self.is_settled

    def days_left(self, at: datetime) -> int | None:
        """Return whole days until the end, negative afterwards; None where it cannot be read."""
        return None if self.ends is None else (self.ends - at).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """All that ends, as of an instant.

    Attributes:
        all: the first end first, those that cannot be read before all others.
    """

    at: datetime
    thresholds: ExpiryThresholds = field(default_factory=ExpiryThresholds)
    all: tuple[Ending, ...] = ()

    def within(self, days: int) -> tuple[Ending, ...]:
        """Return what has ended, ends within so many days, or cannot be read."""
        last = self.at + timedelta(days=days)
        return tuple(one for one in self.all if one.ends is None or one.ends <= last)

    def near(self) -> tuple[Ending, ...]:
        """Return what ends soon by the thresholds, and has not ended yet; settled things are not in it."""
        return tuple(
            one for one in self.all if one.nearness in {Nearness.URGENT, Nearness.SOON} and not one.is_settled
        )

    def ended(self) -> tuple[Ending, ...]:
        """Return what has ended, settled things not among it."""
        return tuple(one for one in self.all if one.nearness is Nearness.ENDED and not one.is_settled)

    def unknown(self) -> tuple[Ending, ...]:
        """Return that of which nobody can tell, settled things not among it."""
        return tuple(one for one in self.all if one.nearness is Nearness.UNKNOWN and not one.is_settled)


def nearness(
    begins: datetime | None, ends: datetime | None, at: datetime, thresholds: ExpiryThresholds
) -> Nearness:
    """Say how near an end is.

    What lives at most `short_lived_days` is judged by the share of its validity that is left, all else by
    days: thirty days before its end a certificate of 47 days is hardly used.
    """
    if ends is None:
        return Nearness.UNKNOWN
    left = ends - at
    if left < timedelta(0):
        return Nearness.ENDED
    urgent, warn = limits(begins, ends, thresholds)
    if left <= urgent:
        return Nearness.URGENT
    return Nearness.SOON if left <= warn else Nearness.LATER


def limits(
    begins: datetime | None, ends: datetime, thresholds: ExpiryThresholds
) -> tuple[timedelta, timedelta]:
    """Return how long before its end something is urgent, and how long before it is near."""
    length = None if begins is None else ends - begins
    if length is not None and length <= timedelta(days=thresholds.short_lived_days):
        return length * thresholds.urgent_per_cent / 100, length * thresholds.warn_per_cent / 100
    return timedelta(days=thresholds.urgent_days), timedelta(days=thresholds.warn_days)


def in_order(endings: Iterable[Ending]) -> tuple[Ending, ...]:
    """Return endings in the order of `Endings.all`; equal ones by kind, name and place."""
    kinds: Sequence[EndingKind] = tuple(EndingKind)
    return tuple(
        sorted(
            endings,
            key=lambda one: (
                one.ends is not None,
                0.0 if one.ends is None else one.ends.timestamp(),
                kinds.index(one.kind),
                one.name.casefold(),
                one.place,
            ),
        )
    )
