"""Instants on a line: where each stands, and the months and years that are written along it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SHORTEST_DAYS, LONGEST_DAYS = 21, 40 * 365
_PAST = 0.4
"""Part of the line that is behind the instant looked at."""

_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
"""Months between two ticks."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A month's or a year's beginning.

    Attributes:
        is_year: it is named after its year.
    """

    at: datetime
    is_year: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeScale:
    """A stretch of time on a width.

    Attributes:
        at: the instant that is looked at.
        days: how long the stretch is.
        width: in pixels; at least 1.
    """

    at: datetime
    days: float
    width: float

    @property
    def start(self) -> datetime:
        """Where the line begins."""
        return self.at - timedelta(days=self.days * _PAST)

    @property
    def end(self) -> datetime:
        """Where it ends."""
        return self.at + timedelta(days=self.days * (1 - _PAST))

    def x(self, at: datetime) -> float:
        """Return the distance from the beginning, also outside of the line."""
        return (at - self.start) / timedelta(days=self.days) * self.width

    def ticks(self, least_gap: float) -> Iterator[Tick]:
        """Yield the ticks in view, as dense as the gap between two allows, in pixels."""
        month = self.width / (self.days / 30.44)
        step = next((one for one in _STEPS if one * month >= least_gap), _STEPS[-1])
        start = self.start
        count = start.year * 12 + start.month
        count += -count % step
        last = self.end
        while (at := _month(count)) <= last:
            yield Tick(at, is_year=at.month == 1)
            count += step

    def zoomed(self, factor: float) -> TimeScale:
        """Return another stretch around the same instant; a factor below 1 is nearer."""
        days = min(float(LONGEST_DAYS), max(float(SHORTEST_DAYS), self.days * factor))
        return TimeScale(at=self.at, days=days, width=self.width)


def _month(count: int) -> datetime:
    """Return the beginning of a month, counted from the year 0, in which January is 0."""
    return datetime(max(1, min(9999, count // 12)), count % 12 + 1, 1, tzinfo=UTC)
