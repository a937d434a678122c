"""A CRL that counts and cannot be asked: it is damaged, or is still being opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message
from trustdesk.core.revocation import CrlEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class UnopenedList:
    """A list (`core.ports.RevocationList`) of which only name and dates are known.

    It concerns the certificates of its issuer, and whoever asks it is told its problem: a list that were
    left out would turn "unavailable" into "nobody was asked".

    Attributes:
        facts: its first problem says why it is not open.
    """

    facts: CrlFacts

    def is_signed_by(self, subject_public_key_info: bytes) -> bool | None:
        """Nobody can tell."""
        del subject_public_key_info
        return None

    def entry(self, serial_number: str, certificate_issuer: str | None = None) -> CrlEntry | None:
        """Nothing is found, and nothing follows from that."""
        del serial_number, certificate_issuer
        return None

    def entries(self, first: int, count: int) -> Sequence[CrlEntry]:
        """There is none that could be read."""
        del first, count
        return ()


def unopened_list(about: CrlFacts, problem: Message) -> UnopenedList:
    """Return what stands for a list that is not open.

    Args:
        about: what is known of it.
        problem: why it is not open.
    """
    facts = replace(about, der=b"", fields=(), count=None, structure_damaged=True, problems=(problem,))
    return UnopenedList(facts=facts)
