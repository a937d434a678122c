"""A lock that processes take in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from trustdesk.storage.process_lock import LockTakenError, ProcessLock


def test_waiting_ends_when_it_is_told_to(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "a.lock"
    with ProcessLock(file).held(), pytest.raises(LockTakenError), ProcessLock(file).held(wait_s=0.05):
        pass
    with ProcessLock(file).held(wait_s=0.05):
        pass


def test_whoever_lets_go_early_lets_the_next_one_in(tmp_path: Path) -> None:
    file = tmp_path / "a.lock"
    with ProcessLock(file).held() as let_go:
        let_go()
        with ProcessLock(file).held(wait_s=0.05):
            let_go()
            with pytest.raises(LockTakenError), ProcessLock(file).held(wait_s=0.05):
                pass
