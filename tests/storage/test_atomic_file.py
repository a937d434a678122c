"""A file is there whole or not at all, and nobody else's file is touched."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage.atomic_file import write_atomically


def test_the_bytes_are_there_and_nothing_else_is(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.html", b"whole")
    assert (tmp_path / "a.html").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_an_older_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(b"older and longer")
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_the_file_is_for_its_owner_only_unless_told_otherwise(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_atomically(tmp_path / "private", b"")
        write_atomically(tmp_path / "public", b"", mode=0o666)
    finally:
        os.umask(before)
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "public").stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.name != "posix", reason="Windows asks for a privilege to make symbolic links")
def test_a_symbolic_link_is_replaced_and_its_target_stays(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"somebody else's")
    (tmp_path / "link").symlink_to(target)
    write_atomically(tmp_path / "link", b"ours")
    assert target.read_bytes() == b"somebody else's"
    assert not (tmp_path / "link").is_symlink()


def test_a_full_disk_leaves_the_older_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(b"older")

    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(EnvironmentFailureError) as caught:
        write_atomically(file, b"new")
    assert caught.value.problem == msg("There is no room left on the disk.")
    assert caught.value.place == str(file)
    assert file.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailureError) as caught:
        write_atomically(tmp_path / "nowhere" / "a.html", b"")
    assert caught.value.problem == msg("The folder does not exist.")


def test_a_folder_of_that_name_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailureError) as caught:
        write_atomically(tmp_path, b"")
    assert caught.value.problem == msg("This is a folder, not a file.")


def test_a_failure_that_has_no_sentence_of_ours_carries_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(_descriptor: int) -> None:
        raise OSError(errno.EDEADLK, "Resource deadlock avoided")

    monkeypatch.setattr(os, "fsync", odd)
    with pytest.raises(EnvironmentFailureError) as caught:
        write_atomically(tmp_path / "a", b"")
    assert caught.value.problem.params == (("reason", "Resource deadlock avoided"),)
