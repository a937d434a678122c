"""One lab for all commands under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from trustdesk.lab.process import LabDescription, LabProcess


@pytest.fixture(scope="session")
def lab() -> Iterator[LabDescription]:
    """The partner servers of the embedded lab, running."""
    process = LabProcess.start()
    try:
        yield process.description
    finally:
        process.stop()


@pytest.fixture(autouse=True)
def nobodys_workspace(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's own workspace would decide what commands judge by; here it is one that is not there."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    return home
