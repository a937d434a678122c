"""The window that starts anew for another language: the next one begins once this one has let go."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trustdesk.app import window


@pytest.fixture(autouse=True)
def _own_runtime_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(run))


def test_a_window_that_wants_to_start_anew_is_started_with_the_same_arguments(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps: list[object] = []

    def run_window(_desk: object, *, on_restart: Callable[[], None], **_more: object) -> int:
        on_restart()
        steps.append("closed")
        return 0

    monkeypatch.setattr(window, "load_window", lambda: run_window)
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_more: steps.append(command))
    monkeypatch.setattr(sys, "argv", ["trustdesk", "--workspace", str(tmp_path)])
    assert window.open_workspace_window(tmp_path) == 0
    assert steps == ["closed", [sys.executable, "-m", "trustdesk", "--workspace", str(tmp_path)]]


def test_a_window_that_is_just_closed_is_not_started_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(window, "load_window", lambda: lambda *_given, **_more: 0)
    monkeypatch.setattr(subprocess, "Popen", lambda *_given, **_more: pytest.fail("started"))
    assert window.open_workspace_window(tmp_path) == 0
