"""A trust list as the rules on lists look at it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.message import Message, listed
from trustdesk.core.trust_entry import EntryStatus, ListEntry
from trustdesk.core.trust_version import (
    AuthenticityState,
    ListContent,
    ListDifference,
    ListSource,
    SignerPin,
)

NOTES = "domain notes, section 4.3"
"""Where the model of lists is written down."""

_TRUSTED = frozenset({EntryStatus.TRUSTED, EntryStatus.TRUSTED_UNTIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCase:
    """A list as the rules look at it.

    Attributes:
        before: the version that is applied; None where there is none.
        difference: between the two; None without a version before.
        pin: whose signature counts; None where nobody's was compared.
        at: the instant that dates are compared with.
    """

    content: ListContent
    source: ListSource
    at: datetime
    before: ListContent | None = None
    difference: ListDifference | None = None
    pin: SignerPin | None = None

    @property
    def trusted(self) -> tuple[ListEntry, ...]:
        """Entries that let something be trusted."""
        return tuple(entry for entry in self.content.entries if is_trusted(entry))


def is_trusted(entry: ListEntry) -> bool:
    """Whether an entry's status lets anything be trusted."""
    return entry.status in _TRUSTED


def is_readable(content: ListContent) -> bool:
    """Whether anything is known of the entries: of a list whose signature does not hold nothing is taken."""
    return bool(content.entries) or content.authenticity.state is not AuthenticityState.FAILED


def named(entries: Iterable[ListEntry]) -> str | Message:
    """Return entries by their titles, the many cut short and counted."""
    return listed([_title(entry) for entry in entries])


def _title(entry: ListEntry) -> str:
    return entry.certificate.title if entry.certificate is not None else entry.subject or entry.sha256[:16]
