"""A program that is killed while it imports, replaces and deletes; `bench keys` kills it more often."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.key_kills import kill_the_daemon, kill_the_program, two_at_once
from tests.support.secret_service import SecretServiceDaemon

pytestmark = pytest.mark.timeout(240)  # a machine that does other things at the same time


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretServiceDaemon]:
    with SecretServiceDaemon(tmp_path / "session") as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
        yield daemon


@pytest.mark.exhaustive
def test_killing_the_program_loses_nothing_that_was_acknowledged_and_leaves_nothing_behind(
    daemon: SecretServiceDaemon, tmp_path: Path
) -> None:
    table = kill_the_program(daemon, tmp_path / "desk", 12)
    assert table.wrong == [], table.lines()
    assert (table.rounds, table.orphans_left) == (12, 0)
    assert table.looked_at > 12, "there was something to lose"


@pytest.mark.exhaustive
def test_killing_the_keyring_loses_nothing_that_was_acknowledged_and_leaves_nothing_behind(
    daemon: SecretServiceDaemon, tmp_path: Path
) -> None:
    table = kill_the_daemon(daemon, tmp_path / "desk", 6)
    assert table.wrong == [], table.lines()
    assert (table.rounds, table.orphans_left) == (6, 0)


def test_two_programs_at_once_lose_nothing(daemon: SecretServiceDaemon, tmp_path: Path) -> None:
    table = two_at_once(daemon, tmp_path / "desk", 8)
    assert table.wrong == [], table.lines()
    assert table.acknowledged == 16
