"""What a sweep left undone when it was killed or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.partner import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOfSweep:
    """A sweep that did not come to its end, and that nobody makes at this moment.

    Attributes:
        id: of the sweep in the book of the workspace.
        started_at: when it began.
        targets: how many it was to test.
        tested: how many of them it has tested.
        endpoints: those left, as they are now, in the order of the sweep; at least one. Not among them is
            what is gone, what is tested in another way since then, and what another test has seen since.
        positions: of `endpoints` in the sweep, from 0.
    """

    id: int
    started_at: datetime
    targets: int
    tested: int
    endpoints: tuple[Endpoint, ...]
    positions: tuple[int, ...]
