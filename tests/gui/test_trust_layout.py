"""Where versions stand on their line: a plain function from data to places."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.support.trust_samples import DATES, line_of, pilot_version
from trustdesk.core.trust_version import VersionState
from trustdesk.gui.trust.version_layout import version_at, version_places

LINES = tuple(line_of(pilot_version(number)) for number in DATES)


def test_versions_stand_from_left_to_right_within_the_line() -> None:
    places = version_places(LINES, 880)
    assert [place.version.number for place in places] == [11, 12, 13, 14, 15]
    xs = [place.x for place in places]
    assert xs == sorted(xs)
    assert xs[0] > 0
    assert xs[-1] < 880


@pytest.mark.parametrize("width", [300, 420, 600])
def test_in_a_narrow_line_the_oldest_go_and_the_one_in_force_stays(width: float) -> None:
    many = tuple(
        replace(LINES[0], number=number, state=VersionState.APPLIED if number == 2 else VersionState.REPLACED)
        for number in range(1, 12)
    )
    places = version_places(many, width)
    numbers = [place.version.number for place in places]
    assert 2 in numbers
    assert numbers[-1] == 11
    assert numbers == sorted(numbers)
    gaps = [after.x - before.x for before, after in itertools.pairwise(places)]
    assert min(gaps) >= 118


def test_what_was_refused_is_no_part_of_the_line() -> None:
    lines = (*LINES[:4], replace(LINES[4], state=VersionState.REFUSED))
    assert [place.version.number for place in version_places(lines, 880)] == [11, 12, 13, 14]


def test_one_version_stands_in_the_middle_and_none_nowhere() -> None:
    assert [place.x for place in version_places(LINES[:1], 880)] == [440]
    assert version_places((), 880) == ()
    assert version_at((), 10) is None


def test_a_press_hits_the_nearest_version() -> None:
    places = version_places(LINES, 880)
    for place in places:
        assert version_at(places, place.x + 20) is place.version
