from __future__ import annotations

import hashlib
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

import pytest

from tests.support.pki import Issued, root, rsa_key
from tests.support.revocation_lists import der, entry, extension, signed_list, spki
from trustdesk.core.errors import CancelledByPersonError, EnvironmentFailureError
from trustdesk.services import revocation_lists
from trustdesk.services.revocation_lists import open_revocation_list
from trustdesk.services.wording import wording
from trustdesk.storage.revocation_cache import RevocationCache
from trustdesk.verify.revocation_list import HeldRevocationList, IndexedRevocationList

ENTRIES = 30_000
REASON = der(0x30, extension(b"\x55\x1d\x15", b"\x0a\x01\x01"))


@pytest.fixture(scope="module")
def authority() -> Issued:
    return root("Big CA", key=rsa_key())


@pytest.fixture(scope="module")
def long_list(authority: Issued) -> bytes:
    entries = [entry((0x4000_0000_0000 + number * 7).to_bytes(6, "big"), REASON) for number in range(ENTRIES)]
    return signed_list(authority, der(0x30, *entries))


@pytest.fixture
def cache(tmp_path: Path) -> RevocationCache:
    return RevocationCache(tmp_path / "cache")


def serial(number: int) -> str:
    return f"{0x4000_0000_0000 + number * 7:x}"


def test_a_long_list_is_indexed_and_says_what_the_held_one_says(
    long_list: bytes, authority: Issued, cache: RevocationCache
) -> None:
    parts: list[float] = []
    opened = open_revocation_list(long_list, cache=cache, progress=parts.append)
    held = HeldRevocationList(long_list)
    assert isinstance(opened, IndexedRevocationList)
    assert parts[-1] == 1.0
    for number in (0, 17, ENTRIES - 1):
        found = opened.entry(serial(number))
        assert found is not None
        assert found == held.entry(serial(number), "CN=Big CA")
        assert (found.position, found.reason) == (number, "keyCompromise")
    assert opened.entry(f"{0x4000_0000_0001:x}") is None
    assert opened.entries(ENTRIES - 2, 10) == held.entries(ENTRIES - 2, 10)
    assert opened.is_signed_by(spki(authority)) is True
    assert opened.is_signed_by(spki(root("Big CA", key=rsa_key(3072)))) is False
    assert opened.facts.der == b""
    assert (opened.facts.sha256, opened.facts.count) == (hashlib.sha256(long_list).hexdigest(), ENTRIES)
    assert not opened.facts.is_damaged


def test_it_is_indexed_once(long_list: bytes, cache: RevocationCache) -> None:
    open_revocation_list(long_list, cache=cache)
    parts: list[float] = []
    again = open_revocation_list(long_list, cache=cache, progress=parts.append)
    assert again.entry(serial(5)) is not None
    assert not parts


@pytest.mark.parametrize("harm", ["cut", "turned", "foreign", "open to others", "gone"])
def test_an_index_that_cannot_be_trusted_is_made_again(
    long_list: bytes, cache: RevocationCache, harm: str
) -> None:
    open_revocation_list(long_list, cache=cache)
    file = cache.index_file(hashlib.sha256(long_list).hexdigest())
    whole = file.read_bytes()
    match harm:
        case "cut":
            file.write_bytes(whole[:-1])
        case "turned":
            file.write_bytes(whole[:5_000] + bytes([whole[5_000] ^ 1]) + whole[5_001:])
        case "foreign":
            file.write_bytes(b"SQLite format 3\0" * 10)
        case "open to others":
            file.chmod(0o666)
        case _:
            file.unlink()
    parts: list[float] = []
    again = open_revocation_list(long_list, cache=cache, progress=parts.append)
    assert parts
    assert again.entry(serial(ENTRIES - 1)) is not None
    assert file.read_bytes() == whole
    assert file.stat().st_mode & 0o777 == 0o600


def test_cancelling_ends_the_process_and_leaves_nothing_half_done(
    long_list: bytes, cache: RevocationCache
) -> None:
    before = set(multiprocessing.active_children())
    cancel = Event()
    cancel.set()  # set on the way, it would race with the end of the work on a busy machine
    with pytest.raises(CancelledByPersonError):
        open_revocation_list(long_list, cache=cache, cancel=cancel)
    assert set(multiprocessing.active_children()) <= before
    assert open_revocation_list(long_list, cache=cache).entry(serial(3)) is not None


def gone(pipe: Connection) -> None:
    """End before anything is done, as a process does that the system ended."""
    pipe.close()


def test_a_process_that_ends_before_it_is_done_is_told(
    long_list: bytes, cache: RevocationCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocation_lists, "index_list", gone)
    with pytest.raises(EnvironmentFailureError) as raised:
        open_revocation_list(long_list, cache=cache)
    said = wording("en").text(raised.value.problem)
    assert said == "Indexing the revocation list ended before it was done."


def test_a_folder_that_cannot_be_used_costs_only_the_time(long_list: bytes, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o777)
    opened = open_revocation_list(long_list, cache=RevocationCache(tmp_path / "shared"))
    found = opened.entry(serial(9))
    assert found is not None
    assert not list((tmp_path / "shared").iterdir())


def test_a_long_list_that_is_damaged_opens_and_says_so(long_list: bytes, cache: RevocationCache) -> None:
    cut = long_list[: len(long_list) // 2]
    opened = open_revocation_list(cut, cache=cache)
    assert opened.facts.is_damaged
    assert opened.entry(serial(0)) is None
    one = entry(bytes.fromhex(serial(100)), REASON)
    endless = long_list.replace(one, b"\x30\x84" + b"\xff" * (len(one) - 2), 1)
    opened = open_revocation_list(endless, cache=cache)
    assert opened.facts.is_damaged
    assert opened.entry(serial(99)) is not None


def test_a_short_list_is_held(cache: RevocationCache) -> None:
    assert isinstance(open_revocation_list(signed_list(root(), None), cache=cache), HeldRevocationList)
