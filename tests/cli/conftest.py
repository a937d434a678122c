"""One lab for all commands under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from tests.support.memory_secrets import MemorySecrets
from tests.support.store_cases import let_vaults_cost_nothing
from tests.support.trust_commands import TrustCommands
from tests.support.trust_lab import SharedReader
from trustdesk.lab.process import LabDescription, LabProcess
from trustdesk.services.list_reader import ListReader


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


class CommandReader(SharedReader):
    """The commands' own, which no other module ends."""

    _shared: ClassVar[ListReader] = ListReader()


@pytest.fixture(scope="session")
def list_reader() -> Iterator[None]:
    """One process that reads lists for all commands: each would start its own, which takes a second."""
    yield from CommandReader.process()


@pytest.fixture
def trust(list_reader: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> TrustCommands:
    """`trustdesk trust …` on an empty workspace, with a keyring in memory that is unlocked."""
    keyring = MemorySecrets()
    monkeypatch.setattr("trustdesk.services.workspace_keys.keyring_store", lambda: keyring)
    monkeypatch.setattr("trustdesk.services.list_preparing.ListReader", CommandReader)
    return TrustCommands(tmp_path)


@pytest.fixture(autouse=True)
def vaults_of_no_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vaults that commands make open at once."""
    let_vaults_cost_nothing(monkeypatch)
