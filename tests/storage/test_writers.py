"""Two programs at once, killed at any instant: nothing acknowledged is lost, nothing is there by half."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.writers import Writers, kill_writers
from trustdesk.storage.places import WorkspacePlace

pytestmark = pytest.mark.timeout(240)  # a machine that does other things at the same time


def look_at(found: Writers, rounds: int) -> None:
    assert found.wrong == []
    assert found.rounds == rounds
    assert found.begun > rounds, "there was something to lose"
    assert found.acknowledged > rounds


def folders(on: str, tmp_path: Path) -> list[Path | None]:
    return [None, None] if on == "sqlite" else [tmp_path / "here", tmp_path / "there"]


def test_two_programs_that_are_killed_lose_nothing(
    workspace_place: WorkspacePlace, on: str, tmp_path: Path
) -> None:
    look_at(kill_writers(workspace_place, folders(on, tmp_path), 3), 3)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(2, 5))
def test_many_kills_lose_nothing(workspace_place: WorkspacePlace, on: str, tmp_path: Path, seed: int) -> None:
    look_at(kill_writers(workspace_place, folders(on, tmp_path), 40, seed), 40)
