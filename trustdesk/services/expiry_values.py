"""What the page Overview asks for at once: the timeline, and everything that ends. Light, as it has to be."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.expiry import Endings
from trustdesk.services.timeline_values import ExpiryTimeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Everything that ends, twice: as windows of validity to be drawn, and with how near each end is.

    Attributes:
        endings: also what no window is drawn of: requests' certificates, and decisions.
    """

    timeline: ExpiryTimeline
    endings: Endings
