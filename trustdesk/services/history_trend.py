"""How days left and the time of a handshake went, day by day, as values; pure.

Slopes are Theil and Sen's: the median over all pairs of days, so that one slow day bends nothing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from statistics import median

from trustdesk.core.finding import Verdict
from trustdesk.core.observation import Observation
from trustdesk.core.probe import Outcome

_MAX_DAYS = 400
_LEAST_DAYS = 5
"""Days with a handshake from which on a slope means something."""

_PAIRED_DAYS = 150
"""Days at most of which all pairs are made."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendDay:
    """One day (UTC) on which it was tested.

    Attributes:
        tests, failing: that reached it, and how many of those failed.
        inconclusive: tests that did not reach it.
        days_left: of the certificate that was presented last, from that test to its end, negative after it;
            None when none was, or its end is not known.
        certificate: SHA-256 of that one; "" for none.
        handshake_ms: median of the day; None without any.
        slowest_ms: the longest of the day.
    """

    day: date
    tests: int
    failing: int
    inconclusive: int
    days_left: float | None
    certificate: str
    handshake_ms: float | None
    slowest_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeTimes:
    """The times of handshakes over the whole stretch, in milliseconds.

    Attributes:
        count: handshakes that ended.
        median_ms, p90_ms, p99_ms: nearest rank: one of the times that were measured.
        slope_ms: by how much the median of a day grows from day to day; None with too few days.
    """

    count: int
    median_ms: float
    p90_ms: float
    p99_ms: float
    slope_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """That another certificate was presented.

    Attributes:
        at: the test that showed it first.
        days_left: what the one before it had left then; None when that is not known.
    """

    at: datetime
    before: str
    after: str
    days_left: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The stretch that was looked at.

    Attributes:
        days: oldest first; days without a test are left out.
        renewals: oldest first.
        handshakes: None when none ended.
        days_left_slope: days lost a day: -1 while nothing is renewed, about 0 where renewals keep up; None
            with too few days.
    """

    days: tuple[TrendDay, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    handshakes: HandshakeTimes | None = None
    days_left_slope: float | None = None


def trend_of(observations: Iterable[Observation], not_after: Mapping[str, datetime | None]) -> Trend:
    """Sum up tests of one endpoint.

    Args:
        observations: in any order; of very long histories the newest days count.
        not_after: when certificates end, by SHA-256; one that is not in it is not known.
    """
    by_day: dict[date, list[Observation]] = defaultdict(list)
    for one in sorted(observations, key=lambda one: (one.started_at, one.id)):
        if one.facts.outcome is not Outcome.CANCELLED:
            by_day[one.started_at.astimezone(UTC).date()].append(one)
    days = tuple(_day(day, by_day[day], not_after) for day in sorted(by_day)[-_MAX_DAYS:])
    counted = [one for day in days for one in by_day[day.day]]
    return Trend(
        days=days,
        renewals=_renewals(counted, not_after),
        handshakes=_handshakes(counted, days),
        days_left_slope=_slope([(day.day, day.days_left) for day in days]),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest rank of `values`, which is one of them; `share` of them are at most as large.

    Args:
        values: at least one.
        share: over 0, up to 1.
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _day(day: date, tests: Sequence[Observation], not_after: Mapping[str, datetime | None]) -> TrendDay:
    reached = [one for one in tests if one.is_conclusive]
    presented = [one for one in tests if one.chain]
    times = [one.handshake_ms for one in tests if one.handshake_ms is not None]
    last = presented[-1] if presented else None
    return TrendDay(
        day=day,
        tests=len(reached),
        failing=sum(one.facts.verdict is Verdict.FAIL for one in reached),
        inconclusive=len(tests) - len(reached),
        days_left=None if last is None else _days_left(last, last.chain[0], not_after),
        certificate="" if last is None else last.chain[0],
        handshake_ms=median(times) if times else None,
        slowest_ms=max(times) if times else None,
    )


def _days_left(
    observation: Observation, certificate: str, not_after: Mapping[str, datetime | None]
) -> float | None:
    ends = not_after.get(certificate)
    return None if ends is None else (ends - observation.started_at) / _DAY


def _renewals(
    observations: Sequence[Observation], not_after: Mapping[str, datetime | None]
) -> tuple[Renewal, ...]:
    found: list[Renewal] = []
    before = ""
    for one in observations:
        if not one.chain:
            continue
        if before and one.chain[0] != before:
            found.append(
                Renewal(
                    at=one.started_at,
                    before=before,
                    after=one.chain[0],
                    days_left=_days_left(one, before, not_after),
                )
            )
        before = one.chain[0]
    return tuple(found)


def _handshakes(observations: Sequence[Observation], days: Sequence[TrendDay]) -> HandshakeTimes | None:
    times = [one.handshake_ms for one in observations if one.handshake_ms is not None]
    if not times:
        return None
    return HandshakeTimes(
        count=len(times),
        median_ms=percentile(times, 0.5),
        p90_ms=percentile(times, 0.9),
        p99_ms=percentile(times, 0.99),
        slope_ms=_slope([(day.day, day.handshake_ms) for day in days]),
    )


def _slope(points: Sequence[tuple[date, float | None]]) -> float | None:
    known = [(day.toordinal(), value) for day, value in points if value is not None]
    if len(known) < _LEAST_DAYS:
        return None
    # Pairs grow with the square of the days, and the slope of every third day is the same one.
    known = known[:: math.ceil(len(known) / _PAIRED_DAYS)]
    return median((later[1] - one[1]) / (later[0] - one[0]) for one, later in combinations(known, 2))
