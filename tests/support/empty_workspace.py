"""An empty workspace to begin with: its folder is made once, for migrations take longer than most tests."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trustdesk.core.database_url import DatabaseUrl
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from tests.support.postgres_server import PostgresServer


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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def on(request: pytest.FixtureRequest) -> str:
    """Name each database that a workspace may lie in, one after the other."""
    name: str = request.param
    return name


@pytest.fixture
def new_place(
    on: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], WorkspacePlace]]:
    """Return what makes a place with nothing in it, a folder or a database."""
    folders = (tmp_path / f"desk{number}" for number in itertools.count(1))
    if on == "sqlite":
        yield lambda: next(folders)
        return
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    server: PostgresServer = request.getfixturevalue("postgres")
    made: list[DatabaseUrl] = []

    def new() -> WorkspacePlace:
        made.append(server.new())
        return made[-1]

    yield new
    for url in made:
        server.drop(url)


@pytest.fixture
def workspace_place(
    on: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WorkspacePlace]:
    """Return the place of an empty workspace."""
    if on == "sqlite":
        shutil.copytree(request.getfixturevalue("made"), tmp_path / "desk")
        yield tmp_path / "desk"
        return
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.lend()
    yield url
    server.give_back(url)


@pytest.fixture
def workspace_on(workspace_place: WorkspacePlace) -> Iterator[Workspace]:
    """Open it."""
    with closing(Workspace.open(workspace_place)) as workspace:
        yield workspace
