"""Downloaded CRLs on disk: found by their address, private, bounded, and never another than was kept."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.storage.crl_addresses import CrlAddresses, KeptCrl
from trustdesk.storage.revocation_cache import RevocationCache

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
URL = "http://crl.example/a.crl"


def keep(cache: RevocationCache, data: bytes, url: str = URL, at: datetime = AT) -> KeptCrl:
    return CrlAddresses(cache).keep(url, hashlib.sha256(data).hexdigest(), data, at)


def found(cache: RevocationCache, url: str = URL) -> bytes | None:
    kept = CrlAddresses(cache).find(url)
    return None if kept is None else cache.read(kept.sha256)


def test_what_was_kept_is_found_by_its_address_with_its_time(tmp_path: Path) -> None:
    cache = RevocationCache(tmp_path / "revocation")
    kept = keep(cache, b"list")
    assert CrlAddresses(cache).find(URL) == kept
    assert found(cache) == b"list"
    assert kept.fetched_at == AT
    assert CrlAddresses(cache).find(URL + "x") is None


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "revocation"
    keep(RevocationCache(folder), b"list")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_the_newer_list_of_an_address_takes_the_place_of_the_older(tmp_path: Path) -> None:
    cache = RevocationCache(tmp_path)
    keep(cache, b"old")
    keep(cache, b"new", at=AT + timedelta(days=1))
    assert found(cache) == b"new"


def test_one_list_at_two_addresses_lies_there_once(tmp_path: Path) -> None:
    cache = RevocationCache(tmp_path)
    keep(cache, b"list")
    keep(cache, b"list", "http://other.example/")
    assert len(list(tmp_path.glob("*.crl"))) == 1
    assert found(cache) == found(cache, "http://other.example/") == b"list"


@pytest.mark.parametrize("change", ["bytes", "note", "digest", "gone", "of others"])
def test_what_was_tampered_with_is_not_used(tmp_path: Path, change: str) -> None:
    cache = RevocationCache(tmp_path)
    file = cache.list_file(keep(cache, b"list").sha256)
    (note,) = tmp_path.glob("*.json")
    match change:
        case "bytes":
            file.write_bytes(b"evil")
        case "note":
            note.write_text("[]")
        case "digest":
            note.write_text(json.dumps({**json.loads(note.read_text()), "sha256": "../../etc/passwd"}))
        case "gone":
            file.unlink()
        case "of others":
            file.chmod(0o666)
    assert found(cache) is None


def test_nothing_is_found_in_a_folder_that_others_may_write_in(tmp_path: Path) -> None:
    cache = RevocationCache(tmp_path / "revocation")
    keep(cache, b"list")
    cache.folder.chmod(0o777)
    assert CrlAddresses(cache).find(URL) is None


def test_a_note_goes_with_the_list_that_made_room(tmp_path: Path) -> None:
    cache = RevocationCache(tmp_path, limit_bytes=2500)
    first = keep(cache, b"1" * 1000)
    os.utime(cache.list_file(first.sha256), (1, 1))
    keep(cache, b"2" * 1000, "http://crl.example/2")
    assert found(cache) is None
    assert found(cache, "http://crl.example/2") == b"2" * 1000
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_a_folder_that_cannot_be_made_or_trusted_is_an_environment_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EnvironmentFailureError):
        keep(RevocationCache(tmp_path / "file" / "revocation"), b"list")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(EnvironmentFailureError):
        keep(RevocationCache(tmp_path / "open"), b"list")
    assert list((tmp_path / "open").iterdir()) == []
