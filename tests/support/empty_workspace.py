"""An empty workspace to begin with: its folder is made once, for migrations take longer than most tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from trustdesk.storage.workspace import Workspace


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make its folder."""
    folder = tmp_path_factory.mktemp("workspace")
    Workspace.open(folder).close()
    return folder


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Iterator[Workspace]:
    """Open a copy of it."""
    shutil.copytree(made, tmp_path / "desk")
    workspace = Workspace.open(tmp_path / "desk")
    yield workspace
    workspace.close()
