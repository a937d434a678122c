"""Downloaded CRLs on disk: whole or not there, private, bounded, and never another than was kept."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.storage.crl_cache import CrlCache, KeptCrl

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
URL = "http://crl.example/a.crl"


def keep(cache: CrlCache, data: bytes, url: str = URL, at: datetime = AT) -> KeptCrl:
    with cache.incoming() as incoming:
        incoming.write(data[:1])
        incoming.write(data[1:])
        cache.place(incoming)
        return cache.keep(url, incoming.sha256, at)


def test_what_was_kept_is_found_by_its_address_with_its_time(tmp_path: Path) -> None:
    cache = CrlCache(tmp_path / "crl")
    kept = keep(cache, b"list")
    assert cache.find(URL) == kept
    assert kept.path.read_bytes() == b"list"
    assert kept.fetched_at == AT
    assert cache.find(URL + "x") is None


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    cache = CrlCache(tmp_path / "crl")
    keep(cache, b"list")
    assert stat.S_IMODE((tmp_path / "crl").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "crl").iterdir()} == {0o600}


def test_a_list_that_is_not_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    cache = CrlCache(tmp_path)
    with cache.incoming() as incoming:
        incoming.write(b"half a li")
    assert list(tmp_path.iterdir()) == []


def test_the_newer_list_of_an_address_takes_the_place_of_the_older(tmp_path: Path) -> None:
    cache = CrlCache(tmp_path)
    keep(cache, b"old")
    keep(cache, b"new", at=AT + timedelta(days=1))
    found = cache.find(URL)
    assert found is not None
    assert found.path.read_bytes() == b"new"
    assert len(list(tmp_path.glob("*.crl"))) == 1


def test_one_list_at_two_addresses_lies_there_once(tmp_path: Path) -> None:
    cache = CrlCache(tmp_path)
    keep(cache, b"list")
    keep(cache, b"list", "http://other.example/")
    assert len(list(tmp_path.glob("*.crl"))) == 1
    assert cache.find(URL) is not None


@pytest.mark.parametrize("change", ["bytes", "note", "digest", "gone"])
def test_what_was_tampered_with_is_not_used(tmp_path: Path, change: str) -> None:
    cache = CrlCache(tmp_path)
    kept = keep(cache, b"list")
    (note,) = tmp_path.glob("*.json")
    match change:
        case "bytes":
            kept.path.write_bytes(b"evil")
        case "note":
            note.write_text("[]")
        case "digest":
            note.write_text(json.dumps({**json.loads(note.read_text()), "sha256": "../../etc/passwd"}))
        case "gone":
            kept.path.unlink()
    assert cache.find(URL) is None


def test_the_longest_unused_go_when_there_are_too_many_bytes(tmp_path: Path) -> None:
    cache = CrlCache(tmp_path, max_bytes=2500)
    for number in range(3):
        keep(cache, bytes([number]) * 1000, f"http://crl.example/{number}")
        for note in tmp_path.glob("*.json"):
            os.utime(note, (note.stat().st_atime - 100, note.stat().st_mtime - 100))
    assert [cache.find(f"http://crl.example/{number}") is not None for number in range(3)] == [
        False, True, True,
    ]  # fmt: skip
    assert sum(file.stat().st_size for file in tmp_path.glob("*.crl")) <= 2500


def test_a_list_longer_than_everything_is_kept_alone(tmp_path: Path) -> None:
    cache = CrlCache(tmp_path, max_bytes=10)
    keep(cache, b"small")
    keep(cache, b"x" * 100, "http://big.example/")
    assert cache.find("http://big.example/") is not None
    assert cache.find(URL) is None


def test_a_folder_that_cannot_be_made_is_an_environment_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EnvironmentFailureError), CrlCache(tmp_path / "file" / "crl").incoming():
        pass
