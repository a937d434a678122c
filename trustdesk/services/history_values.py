"""The history of an endpoint as faces take it: what changed in sentences, flapping, and the trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.message import Message
from trustdesk.core.observation import ChangeKind
from trustdesk.core.trust_decision import AwaitingDecision
from trustdesk.services.board import State
from trustdesk.services.flapping import Flapping
from trustdesk.services.history_trend import Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedFingerprint:
    """What a person said of a new certificate."""

    accepted: bool
    by: str
    at: datetime
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """Something that changed at an endpoint, in words; what belongs together is one of them.

    Attributes:
        kind: what names it: of a renewal the weightiest of what is new.
        state: how it is to be taken; NOT_APPLICABLE for what is neither good nor bad.
        at: start of the test that showed it.
        title: in a few words, without a full stop.
        details: further lines, the weightiest first.
        before, after: SHA-256 of the end-entity certificates of a renewal; "" for anything else.
        decided: None where nobody said anything of the new certificate.
    """

    kind: ChangeKind
    state: State
    endpoint_id: int
    observation_id: int
    at: datetime
    title: Message
    details: tuple[Message, ...] = ()
    before: str = ""
    after: str = ""
    decided: DecidedFingerprint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointHistory:
    """Everything about the past of one endpoint.

    Attributes:
        entries: what changed, the newest first.
        has_more: whether there are older ones than these.
        tests: how many tests the flapping and the trend were made from.
        first_at, last_at: of those; None without any.
        awaiting: its certificate where nobody has decided on it yet; None else.
    """

    endpoint_id: int
    entries: tuple[HistoryEntry, ...]
    has_more: bool
    tests: int
    first_at: datetime | None
    last_at: datetime | None
    flapping: Flapping
    trend: Trend
    awaiting: AwaitingDecision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestChange:
    """Something new in the workspace, for the overview.

    Attributes:
        subject: partner, or list; untrusted text.
        place: host and port; "" for a list.
        entry: what changed at an endpoint; None for a version of a list that waits.
        title, detail: as they are said on the overview.
        list_name, version: of the version that waits; None for anything else.
    """

    subject: str
    place: str
    at: datetime
    title: Message
    detail: Message
    entry: HistoryEntry | None = None
    list_name: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestChanges:
    """The newest changes, the newest first.

    Attributes:
        has_more: whether there are older ones than these.
    """

    changes: tuple[LatestChange, ...]
    has_more: bool = False
