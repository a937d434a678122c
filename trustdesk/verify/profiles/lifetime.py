"""Dates that rules go by: limits of the public web on lifetimes, and the end of clientAuth there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

ONE_YEAR_DAYS = 366
"""The certificate policy's one year (6.3.2), with room for a leap day."""

CLIENT_AUTH_ENDS = datetime(2027, 3, 15, tzinfo=UTC)
"""Public server certificates issued from then on hold serverAuth alone (Chrome Root Program Policy 1.3.2)."""

_WEB_LIMITS = (
    (datetime(2018, 3, 1, tzinfo=UTC), 825),
    (datetime(2020, 9, 1, tzinfo=UTC), 398),
    (datetime(2026, 3, 15, tzinfo=UTC), 200),
    (datetime(2027, 3, 15, tzinfo=UTC), 100),
    (datetime(2029, 3, 15, tzinfo=UTC), 47),
)


def web_limit_days(issued: datetime) -> int | None:
    """Return how many days a publicly trusted server certificate may live by its day of issue.

    None for what was issued before March 2018, when the limit counted months.

    Source: CA/Browser Forum TLS Baseline Requirements 6.3.2.
    """
    return next((days for since, days in reversed(_WEB_LIMITS) if issued >= since), None)


def web_limits() -> tuple[tuple[datetime, int], ...]:
    """Return from when on a publicly trusted server certificate may live how many days, the oldest first.

    Source: CA/Browser Forum TLS Baseline Requirements 6.3.2.
    """
    return _WEB_LIMITS


def lifetime(not_before: datetime, not_after: datetime) -> timedelta:
    """Return the length of a validity, whose last second counts too (RFC 5280 4.1.2.5)."""
    return not_after - not_before + timedelta(seconds=1)


def days_of(length: timedelta) -> int:
    """Return a length in days of 86,400 seconds, a part of one counted as one.

    Source: CA/Browser Forum TLS Baseline Requirements 6.3.2.
    """
    return -(-length // timedelta(days=1))
