"""Days left and times of handshakes, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.support.histories import CA, CERTIFICATES, EXPIRED, FIRST, NEW_KEY, SILENT, START, observed
from trustdesk.services.history_trend import percentile, trend_of

ENDS = {sha256: facts.not_after for sha256, facts in CERTIFICATES.items()}


def test_no_tests_have_no_trend() -> None:
    trend = trend_of((), {})

    assert trend.days == ()
    assert trend.handshakes is None
    assert trend.days_left_slope is None


def test_ninety_days_with_a_renewal_and_an_outage() -> None:
    days = [
        observed(
            day,
            SILENT if day in {50, 51} else EXPIRED if day >= 88 else observed(0).facts,
            chain=((FIRST if day < 33 else NEW_KEY), CA),
            handshake_ms=40.0 + day / 10,
        )
        for day in range(90)
    ]

    trend = trend_of(days, ENDS)

    assert len(trend.days) == 90
    assert [round(day.days_left or 0) for day in trend.days[31:35]] == [9, 8, 97, 96]
    assert [(day.tests, day.failing, day.inconclusive) for day in trend.days[49:52]] == [
        (1, 0, 0),
        (0, 0, 1),
        (0, 0, 1),
    ]
    assert [day.days_left for day in trend.days[50:52]] == [None, None]
    assert [day.failing for day in trend.days[-3:]] == [0, 1, 1]
    (renewal,) = trend.renewals
    assert (renewal.before, renewal.after) == (FIRST, NEW_KEY)
    assert renewal.days_left == pytest.approx(7)
    assert trend.handshakes is not None
    assert trend.handshakes.count == 88
    assert trend.handshakes.slope_ms == pytest.approx(0.1)


def test_while_nothing_is_renewed_each_day_costs_one() -> None:
    trend = trend_of([observed(day) for day in range(20)], ENDS)

    assert trend.days_left_slope == pytest.approx(-1)


def test_one_slow_day_bends_no_slope() -> None:
    days = [observed(day, handshake_ms=900.0 if day == 7 else 50.0) for day in range(15)]

    trend = trend_of(days, ENDS)

    assert trend.handshakes is not None
    assert trend.handshakes.slope_ms == pytest.approx(0)
    assert (trend.handshakes.median_ms, trend.handshakes.p90_ms, trend.handshakes.p99_ms) == (50, 50, 900)


def test_too_few_days_have_no_slope() -> None:
    trend = trend_of([observed(day, handshake_ms=50.0 * day) for day in range(4)], ENDS)

    assert trend.handshakes is not None
    assert trend.handshakes.slope_ms is None
    assert trend.days_left_slope is None


def test_many_tests_of_one_day_are_one_day() -> None:
    tests = [observed(hour / 100, handshake_ms=float(ms)) for hour, ms in ((1, 10), (2, 30), (3, 20))]

    (day,) = trend_of(tests, ENDS).days

    assert (day.day, day.tests) == (date(2026, 8, 23), 3)
    assert (day.handshake_ms, day.slowest_ms) == (20, 30)


def test_a_certificate_whose_end_is_not_known_has_no_days_left() -> None:
    (day,) = trend_of([observed(0)], {FIRST: None}).days

    assert (day.days_left, day.certificate) == (None, FIRST)


def test_of_a_very_long_history_the_newest_days_count() -> None:
    days = trend_of([observed(day) for day in range(1000)], ENDS).days

    assert len(days) == 400
    assert days[-1].day == (START + timedelta(days=999)).date()


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 5.0), (0.9, 9.0), (0.99, 10.0), (1.0, 10.0), (0.01, 1.0)]
)
def test_a_percentile_is_a_time_that_was_measured(share: float, expected: float) -> None:
    assert percentile([float(one) for one in range(10, 0, -1)], share) == expected
