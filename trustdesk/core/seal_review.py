"""What would be sealed anew when the key of the seals is lost: for a person to look at before it is done.

Only what the trust log tells is sealed: a value that another program put into the workspace is named, and
left as it is. Whoever has the whole database can write a log of their own, too: that is why the log's head is
shown, to be compared with one that was written down elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.message import Message
from trustdesk.core.trust_decision import LogEntry


class SealedKind(StrEnum):
    """What a seal is over, beside the log itself."""

    PIN = "pin"
    PROVIDER_PIN = "provider_pin"
    DECISION = "decision"
    POLICY = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedItem:
    """One value that has a seal of its own.

    Attributes:
        name: of the list or partner; for a decision the SHA-256 of the certificate.
        line: the line of the log that tells of it as it stands; None where the log tells otherwise, or
            nothing: it is not sealed then.
        sealed: whether its seal holds now; None where there is no key to check that with.
    """

    kind: SealedKind
    name: str
    line: LogEntry | None
    sealed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealReview:
    """All values with seals, and the log.

    Attributes:
        number: of the newest line of the log; 0 for none.
        head: hash of that line.
        log_sealed: as `TrustLog.sealed`.
        chain_broken_at: line from which on the chain is broken: nothing can be sealed by what it tells.
        cut: in a sentence, that the seal shows the log to be another one than was sealed: lines of it are
            lost, or were written anew. None where it shows nothing of the kind, or cannot be checked.
        has_key: whether the key is there; otherwise a new one is made.
        untold: in sentences, what stands in the workspace and the log tells otherwise; as `TrustLog.untold`.
    """

    number: int
    head: str
    items: tuple[SealedItem, ...]
    log_sealed: bool | None
    chain_broken_at: int | None = None
    cut: Message | None = None
    has_key: bool = False
    untold: tuple[Message, ...] = ()

    @property
    def due(self) -> tuple[SealedItem, ...]:
        """What the log tells, and has no seal that holds."""
        return tuple(one for one in self.items if one.line is not None and one.sealed is not True)

    @property
    def left_out(self) -> tuple[SealedItem, ...]:
        """What the log does not tell as it stands."""
        return tuple(one for one in self.items if one.line is None)

    @property
    def holds(self) -> bool:
        """Whether there is nothing to seal anew: an empty log, or seals that hold."""
        return not self.due and (self.log_sealed is True or not self.number)

    def is_same_as(self, other: SealReview) -> bool:
        """Whether a person who saw the other one has seen this one."""
        return (self.number, self.head, self.chain_broken_at, self.cut, self.items, self.untold) == (
            other.number,
            other.head,
            other.chain_broken_at,
            other.cut,
            other.items,
            other.untold,
        )
