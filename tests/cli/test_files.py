"""`trustdesk FILE…`: what is a file to open in the window, and what is a command."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.command import FACES
from trustdesk.cli.main import run
from trustdesk.storage.places import WorkspacePlace

Opened = list[tuple[WorkspacePlace | None, tuple[Path, ...]]]


def start(*arguments: str) -> tuple[int, Opened]:
    """Run the program with these arguments; return its status and what its window was opened on."""
    opened: Opened = []

    def open_window(workspace: WorkspacePlace | None, files: Sequence[Path]) -> int:
        opened.append((workspace, tuple(files)))
        return 0

    return run(arguments, dataclasses.replace(FACES, open_window=open_window)), opened


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("own.pem", "other file.p12", "probe", "letter"):
        (tmp_path / name).write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        ((), ()),
        (("own.pem",), ("own.pem",)),
        (("letter",), ("letter",)),
        (("own.pem", "probe", "other file.p12"), ("own.pem", "probe", "other file.p12")),
        (("./probe",), ("probe",)),
        (("--", "own.pem"), ("own.pem",)),
    ],
)
def test_files_open_in_the_window_by_their_whole_paths(
    folder: Path, arguments: tuple[str, ...], files: tuple[str, ...]
) -> None:
    assert start(*arguments) == (0, [(None, tuple(folder / name for name in files))])


def test_files_open_in_the_window_of_the_workspace_that_is_named(folder: Path) -> None:
    assert start("--workspace", "w", "own.pem") == (0, [(Path("w"), (folder / "own.pem",))])


@pytest.mark.parametrize(
    "arguments", [("gone.pem",), ("own.pem", "gone"), ("own.pem", "--json"), ("nonsense",)]
)
def test_file_that_is_not_there_opens_no_window(folder: Path, arguments: tuple[str, ...]) -> None:
    assert start(*arguments) == (2, [])


def test_name_of_a_command_is_the_command(folder: Path) -> None:
    status, opened = start("probe")

    assert (status, opened) == (2, [])  # the command, which lacks its target
