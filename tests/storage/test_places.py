"""The person's own workspace lies where the system wants it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trustdesk.storage.places import workspace_folder


@pytest.mark.skipif(sys.platform != "linux", reason="XDG folders are Linux's")
def test_the_workspace_lies_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert workspace_folder() == Path("/somewhere/trustdesk/workspace")


def test_asking_for_the_place_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    workspace_folder()
    assert list(tmp_path.iterdir()) == []
