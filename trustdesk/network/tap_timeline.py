"""The messages seen so far, bounded in number and in text."""

from __future__ import annotations

from dataclasses import replace

from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.network.tap_flow import Content

_FIELD_BUDGET = 1 << 20


class TapTimeline:
    """Collects events; the fields of all together hold at most a million characters.

    Attributes:
        events: in the order in which they could be read.
        dropped: how many came after the limit.
    """

    def __init__(self, max_events: int) -> None:
        self.events: list[TimelineEvent] = []
        self.dropped = 0
        self._max_events = max_events
        self._fresh: list[TimelineEvent] = []
        self._field_budget = _FIELD_BUDGET

    def begin(self) -> list[TimelineEvent]:
        """Return a new list, which gets the events from now on as well."""
        self._fresh = []
        return self._fresh

    def add_content(self, direction: Direction, content: Content, at_ms: float, message: str) -> None:
        """Add the whole content of a record."""
        self.add(
            TimelineEvent(
                at_ms=at_ms,
                direction=direction,
                message=message,
                bytes=len(content.data),
                encrypted=content.encrypted,
            )
        )

    def add(self, event: TimelineEvent) -> None:
        """Add one event; beyond the limit it is only counted, beyond the budget it loses its fields."""
        if len(self.events) >= self._max_events:
            self.dropped += 1
            return
        for name, value in event.fields:
            self._field_budget -= len(name) + len(value)
        if self._field_budget < 0:
            event = replace(event, fields=())
        self.events.append(event)
        self._fresh.append(event)
