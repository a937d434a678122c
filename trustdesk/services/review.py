"""What is known of one partner when its review sheet is written: values, before any words.

Each part that nobody has looked into is None, and the sheet says so; empty means that it was looked into,
and that there was nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.message import Message
from trustdesk.core.partner import Partner
from trustdesk.core.probe import ProbeReport
from trustdesk.core.readiness import Readiness
from trustdesk.services.board import BoardRow, State


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRemark:
    """One thing that happened at an endpoint, in a few words, and further lines."""

    at: datetime
    words: Message
    details: tuple[Message, ...] = ()
    state: State = State.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Something that ends: a certificate, a revocation list, a trust list.

    Attributes:
        state: whether that is past, near, or far off.
    """

    what: Message
    ends_at: datetime
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointReview:
    """One endpoint of the partner.

    Attributes:
        row: its line of the table of partners.
        report: its last probe, judged for the day in view; None when it was never tested.
        diagnosis: None when none was run since.
        readiness: the last check; None when there was none.
        changes: from one test to the next, newest first; None when no history was read.
        endings: what ends when, the soonest first; None when nobody has looked.
        awaits_decision: its certificate is new, and nobody has decided on it yet.
    """

    row: BoardRow
    report: ProbeReport | None
    diagnosis: Diagnosis | None = None
    readiness: Readiness | None = None
    changes: tuple[DatedRemark, ...] | None = None
    endings: tuple[Ending, ...] | None = None
    awaits_decision: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerReview:
    """Everything on one partner.

    Attributes:
        made_at: the present.
        evaluated_at: what certificates are judged for; None for the present.
        trust_list: which lists judged, in words.
    """

    partner: Partner
    endpoints: tuple[EndpointReview, ...]
    trust_list: Message
    made_at: datetime
    evaluated_at: datetime | None = None
