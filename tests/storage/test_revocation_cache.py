from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.storage.revocation_cache import RevocationCache, map_private

A, B, C = "a" * 64, "b" * 64, "c" * 64


def cache_in(folder: Path, limit_bytes: int = 10_000) -> RevocationCache:
    cache = RevocationCache(folder / "deep" / "revocation", limit_bytes)
    cache.prepare()
    return cache


def test_folder_and_files_are_the_persons_alone(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    cache.keep(A, b"list")
    file = cache.list_file(A)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    mapped = map_private(file)
    assert mapped is not None
    assert mapped[:] == b"list"
    mapped.close()


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_folder_in_which_others_may_write_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(EnvironmentFailureError, match="Others may write"):
        RevocationCache(folder).prepare()


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EnvironmentFailureError):
        RevocationCache(tmp_path / "link").prepare()


def test_a_file_that_others_may_write_or_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    cache.keep(A, b"list")
    cache.list_file(A).chmod(0o660)
    assert map_private(cache.list_file(A)) is None
    cache.list_file(B).symlink_to(cache.list_file(A))
    assert map_private(cache.list_file(B)) is None
    cache.list_file(C).touch(0o600)
    assert map_private(cache.list_file(C)) is None
    assert map_private(tmp_path) is None


@pytest.mark.parametrize("kept", [b"", b"lis", b"lost", b"list and more", b"x" * 3_000_000])
def test_a_list_that_lies_there_damaged_is_written_again(tmp_path: Path, kept: bytes) -> None:
    cache = cache_in(tmp_path)
    cache.list_file(A).write_bytes(kept)
    cache.list_file(A).chmod(0o600)
    cache.keep(A, b"list")
    assert cache.list_file(A).read_bytes() == b"list"


def test_a_list_that_lies_there_whole_is_left_alone(tmp_path: Path) -> None:
    cache = cache_in(tmp_path, limit_bytes=10_000_000)
    der = bytes(range(256)) * 5_000
    cache.keep(A, der)
    before = cache.list_file(A).stat().st_ino
    cache.keep(A, der)
    assert cache.list_file(A).stat().st_ino == before


def test_what_was_not_used_for_longest_makes_room(tmp_path: Path) -> None:
    cache = cache_in(tmp_path, limit_bytes=4_000)
    for age, sha256 in ((300, A), (200, B)):
        cache.keep(sha256, b"x" * 1_000)
        os.utime(cache.list_file(sha256), (1_000_000_000 - age,) * 2)
    cache.used(A)
    (cache.list_file(A).parent / "left.tmp").write_bytes(b"x" * 500)
    os.utime(cache.list_file(A).parent / "left.tmp", (1, 1))
    cache.keep(C, b"x" * 1_400)
    left = {file.name for file in cache.list_file(A).parent.iterdir()}
    assert left == {cache.list_file(A).name, cache.list_file(C).name}


def test_what_a_killed_process_left_goes_once_it_is_old(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    folder = cache.list_file(A).parent
    for name, age in ((".old.tmp", 3_600), (".new.tmp", 5)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age,) * 2)
    cache.keep(A, b"list")
    assert {file.name for file in folder.iterdir()} == {".new.tmp", cache.list_file(A).name}


def test_what_is_no_file_of_the_cache_is_never_removed(tmp_path: Path) -> None:
    cache = cache_in(tmp_path, limit_bytes=0)
    other = cache.list_file(A).parent / "notes.txt"
    other.write_text("mine")
    cache.keep(A, b"list")
    assert other.exists()
    assert cache.list_file(A).exists()


def test_a_damaged_index_can_be_forgotten_twice(tmp_path: Path) -> None:
    cache = cache_in(tmp_path)
    cache.index_file(A).write_bytes(b"damaged")
    cache.forget_index(A)
    cache.forget_index(A)
    assert not cache.index_file(A).exists()
