"""What would change for partners and identities if trust changed, from stored chains alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_path import digests_of
from trustdesk.core.message import Message
from trustdesk.core.verification import Purpose


class Standing(StrEnum):
    """How a stored chain stands by some lists, at an instant. UNKNOWN is never shown as trusted."""

    TRUSTED = "trusted"
    NOT_TRUSTED = "not_trusted"
    UNKNOWN = "unknown"  # no chain is stored, or it could not be judged


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedChain:
    """One endpoint or identity whose verdict changes.

    Attributes:
        partner: None for an identity of ours.
        endpoint_id: None for an identity.
        identity: None for an endpoint.
        purpose: what it is judged as; an identity that is for both may be here twice.
        lost_path: certificates of the path that held before, end entity first; empty when none did.
        gained_path: of the path that holds after; empty when none does. Paths of thousands are read when they
            are looked at; `digests` reads nothing.
        broken_by: certificate of the lost path that does it: the anchor that is gone, or the CA that is
            distrusted; None where it is none of them alone.
        why: one sentence.
    """

    before: Standing
    after: Standing
    why: Message
    partner: str | None = None
    endpoint_id: int | None = None
    place: str = ""
    identity: str | None = None
    purpose: Purpose = Purpose.SERVER
    lost_path: Sequence[CertificateFacts] = ()
    gained_path: Sequence[CertificateFacts] = ()
    broken_by: str | None = None

    @property
    def digests(self) -> frozenset[str]:
        """SHA-256 of everything in both paths."""
        return frozenset((*digests_of(self.lost_path), *digests_of(self.gained_path)))

    @property
    def loses(self) -> bool:
        """Whether it was trusted and would not be any more."""
        return self.before is Standing.TRUSTED and self.after is not Standing.TRUSTED

    @property
    def gains(self) -> bool:
        """Whether it was not trusted and would be."""
        return self.before is not Standing.TRUSTED and self.after is Standing.TRUSTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What changes, those who lose first, then by name.

    Attributes:
        title: what was asked ("Version 15 in place of version 14").
        looked_at: how many endpoints and identities have a chain that was judged.
        not_judged: partners that were never tested, or whose chain could not be judged: nothing is said of
            them.
        unchanged: who is judged the same, by name: a partner with the place, an identity with "".
        at: for which instant the state before was judged; `at_after` differs in "what if this date comes".
    """

    title: Message
    partners: tuple[AffectedChain, ...]
    identities: tuple[AffectedChain, ...]
    looked_at: int
    at: datetime
    at_after: datetime
    not_judged: tuple[str, ...] = ()
    unchanged: tuple[tuple[str, str], ...] = ()


class DropKind(StrEnum):
    """Why a CA drops out on a date."""

    EXPIRES = "expires"
    DISTRUST_AFTER = "distrust_after"  # what it issues after that date
    DISTRUST_NOW = "distrust_now"  # everything below it from that date on
    REMOVAL = "removal"  # planned, from a list
    BROWSER_STORE = "browser_store"  # a root program's date, from a source with an address
    LIST_RUNS_OUT = "list_runs_out"  # next_update of a list
    DECISION_ENDS = "decision_ends"  # a local decision expires


@dataclass(frozen=True, slots=True, kw_only=True)
class RootDrop:
    """A date at which trust in a CA changes, with who is below it today.

    Attributes:
        list_name: that says so; "" for a root program's date.
        store: root program ("Chrome", "Mozilla"); "" for none of them.
        source: address of the document, or the list with its version.
        partners, identities: names of those whose path passes through it today.
        is_past: the date is behind the instant that is judged for.
    """

    at: datetime
    kind: DropKind
    sha256: str
    subject: str
    what: Message
    source: str
    list_name: str = ""
    store: str = ""
    partners: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    is_past: bool = False
