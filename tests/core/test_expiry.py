"""How near an end is: by days, by the share that is left of a short life, and where nobody can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trustdesk.core.expiry import Ending, EndingKind, Endings, Nearness, in_order, nearness
from trustdesk.core.workspace_settings import ExpiryThresholds

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
USUAL = ExpiryThresholds()


@pytest.mark.parametrize(
    ("length", "left", "found"),
    [
        (398, 31, Nearness.LATER),
        (398, 30, Nearness.SOON),
        (398, 8, Nearness.SOON),
        (398, 7, Nearness.URGENT),
        (398, 0, Nearness.URGENT),
        (398, -1, Nearness.ENDED),
        (47, 30, Nearness.LATER),  # hardly used
        (47, 16, Nearness.LATER),
        (47, 15, Nearness.SOON),  # 33 per cent are 15.5 days
        (47, 5, Nearness.SOON),
        (47, 4, Nearness.URGENT),  # 10 per cent are 4.7 days
        (90, 29, Nearness.SOON),
        (90, 30, Nearness.LATER),
        (91, 30, Nearness.SOON),
        (6, 1, Nearness.SOON),
    ],
)
def test_long_lives_are_judged_by_days_and_short_ones_by_their_share(
    length: int, left: int, found: Nearness
) -> None:
    ends = AT + timedelta(days=left)
    assert nearness(ends - timedelta(days=length), ends, AT, USUAL) is found


def test_without_a_beginning_days_count_and_without_an_end_nobody_can_tell() -> None:
    assert nearness(None, AT + timedelta(days=20), AT, USUAL) is Nearness.SOON
    assert nearness(AT - timedelta(days=5), None, AT, USUAL) is Nearness.UNKNOWN


def ending(name: str, days: int | None, near: Nearness, *, is_settled: bool = False) -> Ending:
    return Ending(
        kind=EndingKind.PARTNER,
        name=name,
        ends=None if days is None else AT + timedelta(days=days),
        nearness=near,
        is_settled=is_settled,
    )


def test_what_cannot_be_read_comes_first_and_is_never_left_out() -> None:
    later, soon = ending("later", 300, Nearness.LATER), ending("soon", 20, Nearness.SOON)
    gone, broken = ending("gone", -3, Nearness.ENDED), ending("broken", None, Nearness.UNKNOWN)
    settled = ending("settled", -9, Nearness.ENDED, is_settled=True)
    found = Endings(at=AT, all=in_order((later, soon, gone, broken, settled)))
    assert [one.name for one in found.all] == ["broken", "settled", "gone", "soon", "later"]
    assert [one.name for one in found.within(30)] == ["broken", "settled", "gone", "soon"]
    assert (found.near(), found.ended(), found.unknown()) == ((soon,), (gone,), (broken,))
    assert [one.name for one in found.all if one.wants_action] == ["broken", "gone", "soon"]
    assert (gone.days_left(AT), broken.days_left(AT)) == (-3, None)
