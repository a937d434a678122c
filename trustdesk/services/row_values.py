"""What goes between desk and table where certificates come by the hundred thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.inspection import CertificateRow
from trustdesk.core.message import Message
from trustdesk.core.verification import BulkVerdicts

MANY = 500
"""Certificates from which on a table shows them and no tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsChunk:
    """Some more certificates of a bundle.

    Attributes:
        source: file, or name of the pasted text.
        unread: blocks of this source so far that are no certificate, or a damaged one.
        share: how much of everything that is being read has been read, 0 to 1.
    """

    source: str
    rows: tuple[CertificateRow, ...]
    unread: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead:
    """What the reading of bundles came to.

    Attributes:
        count: certificates that were handed over.
        unread: blocks that are no certificate, or a damaged one.
        is_cancelled: a person ended it; what had come stands.
        problems: what could not be read, one sentence each; empty when everything was.
    """

    count: int
    unread: int
    is_cancelled: bool
    problems: tuple[Message, ...]

    @property
    def is_partial(self) -> bool:
        """Whether there may be more than what was handed over."""
        return self.is_cancelled or bool(self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRows:
    """Verdicts on rows that follow each other, `start` the place of the first in what was to be judged."""

    start: int
    verdicts: tuple[BulkVerdicts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingTotals:
    """What judging came to.

    Attributes:
        judged: rows that have verdicts; the others have none, which is no pass.
        at: the instant judged for.
        trust_list: title of the list judged by; None without a list.
        is_cancelled: a person ended it, or another day or list did.
        problems: why rows have no verdict though nobody cancelled, and what was left out.
    """

    total: int
    judged: int
    at: datetime
    trust_list: Message | None
    is_cancelled: bool
    duration_ms: float
    problems: tuple[Message, ...] = ()
