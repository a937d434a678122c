"""What the page Overview asks for at once: the timeline, and everything that ends. Light, as it has to be."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.expiry import Endings
from trustdesk.core.message import Message
from trustdesk.services.timeline_values import ExpiryTimeline


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingList:
    """One of the lists that judge: of the workspace, or of this session alone.

    Attributes:
        is_public_web: it comes with the program, and is for comparison only.
    """

    name: str
    title: Message
    is_public_web: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Everything that ends, twice: as windows of validity to be drawn, and with how near each end is.

    Attributes:
        endings: also what no window is drawn of: decisions.
        in_force: the lists that judge.
    """

    timeline: ExpiryTimeline
    endings: Endings
    in_force: tuple[JudgingList, ...] = ()
