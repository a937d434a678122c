"""A program that is killed while it applies, undoes and decides leaves everything whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.trust_kills import TrustKills, kill_again_and_again

pytestmark = pytest.mark.timeout(240)  # a machine that does other things at the same time


def look_at(kills: TrustKills, rounds: int) -> None:
    assert kills.wrong == [], kills.table()
    assert kills.rounds == rounds
    assert kills.lines > 0, "there was something to lose"


def test_a_kill_leaves_nothing_half_applied_and_loses_nothing_acknowledged(tmp_path: Path) -> None:
    look_at(kill_again_and_again(tmp_path / "desk", 8), 8)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_kills_leave_nothing_half_applied(tmp_path: Path, seed: int) -> None:
    look_at(kill_again_and_again(tmp_path / "desk", 60, seed), 60)
