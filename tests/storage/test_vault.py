"""The vault opens with its passphrase alone, keeps what it was given, and locks itself."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.store_cases import CHEAP, PASSPHRASE, opened_vault
from trustdesk.core.errors import (
    KeyStoreError,
    KeyStoreLockedError,
    KeyStoreUnavailableError,
    UnusableInputError,
    WrongPasswordError,
)
from trustdesk.core.key_store import KeyStoreState
from trustdesk.storage.vault import IDLE_S, Vault
from trustdesk.storage.vault_file import (
    MAGIC,
    DamagedVaultError,
    KdfCost,
    VaultContent,
    WrongPassphraseError,
    header_of,
    new_vault,
    opened,
    sealed,
    unwrapped,
)

SECRET = "TD1|p8|1/1|the secret that must not be seen"


class Watch:
    """Seconds that pass when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.vault"


@pytest.fixture
def vault(file: Path, watch: Watch) -> Iterator[Vault]:
    vault = Vault(file, cost=CHEAP, monotonic=watch)
    vault.make(PASSPHRASE)
    yield vault
    vault.lock()


def test_a_vault_that_was_not_made_is_absent_and_nothing_makes_it(file: Path) -> None:
    vault = Vault(file)
    assert vault.status().state is KeyStoreState.ABSENT
    for call in (vault.get, vault.delete, vault.names, vault.unlock):
        with pytest.raises(KeyStoreUnavailableError):
            call("a")
    assert not file.exists()


def test_a_vault_that_is_there_is_not_made_again(vault: Vault, file: Path) -> None:
    vault.set("a", SECRET)
    before = file.read_bytes()
    with pytest.raises(UnusableInputError):
        Vault(file, cost=CHEAP).make("another passphrase")
    assert file.read_bytes() == before


def test_an_empty_passphrase_is_refused(file: Path) -> None:
    with pytest.raises(UnusableInputError):
        Vault(file, cost=CHEAP).make("")
    assert not file.exists()


def test_a_locked_vault_gives_nothing_and_the_passphrase_opens_it(vault: Vault) -> None:
    vault.set("a", SECRET)
    vault.lock()
    assert vault.status().state is KeyStoreState.LOCKED
    for call in (
        lambda: vault.get("a"),
        lambda: vault.set("b", "c"),
        lambda: vault.delete("a"),
        lambda: vault.names(""),
    ):
        with pytest.raises(KeyStoreLockedError):
            call()
    with pytest.raises(WrongPasswordError):
        vault.unlock(PASSPHRASE + " ")
    assert vault.status().state is KeyStoreState.LOCKED
    vault.unlock(PASSPHRASE)
    assert vault.get("a") == SECRET


def test_a_passphrase_typed_in_other_code_points_is_the_same(file: Path) -> None:
    vault = Vault(file, cost=CHEAP)
    vault.make("Zu\u0308rich \u00e9t\u00e9")
    vault.lock()
    vault.unlock("Z\u00fcrich e\u0301te\u0301")
    vault.lock()


def test_the_file_holds_nothing_in_the_clear_and_is_for_its_owner_only(vault: Vault, file: Path) -> None:
    vault.set("a name", SECRET)
    data = file.read_bytes()
    assert b"secret" not in data
    assert b"a name" not in data
    assert PASSPHRASE.encode() not in data
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


def test_every_write_looks_like_another_file(vault: Vault, file: Path) -> None:
    seen = set()
    for number in range(5):
        vault.set(f"{number}", SECRET)
        vault.delete(f"{number}")
        seen.add(file.read_bytes()[-40:])
    assert len(seen) == 5


def test_another_passphrase_opens_and_the_old_one_does_not(vault: Vault, file: Path) -> None:
    vault.set("a", SECRET)
    vault.change_passphrase(PASSPHRASE, "another passphrase")
    assert vault.get("a") == SECRET, "it stays open"
    again = Vault(file)
    with pytest.raises(WrongPasswordError):
        again.unlock(PASSPHRASE)
    again.unlock("another passphrase")
    assert again.get("a") == SECRET
    again.lock()


def test_a_wrong_old_passphrase_changes_nothing(vault: Vault, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(WrongPasswordError):
        vault.change_passphrase("wrong", "another passphrase")
    with pytest.raises(UnusableInputError):
        vault.change_passphrase(PASSPHRASE, "")
    assert file.read_bytes() == before


def test_it_locks_itself_after_a_while_without_use(vault: Vault, watch: Watch) -> None:
    vault.set("a", SECRET)
    watch.now += IDLE_S - 1
    assert vault.get("a") == SECRET
    watch.now += IDLE_S - 1
    assert vault.is_open, "use counts, looking does not"
    watch.now += 1
    assert vault.status().state is KeyStoreState.LOCKED
    with pytest.raises(KeyStoreLockedError):
        vault.get("a")


def test_it_locks_itself_though_nobody_asks(file: Path) -> None:
    """The key is gone from memory by then; the thread that sees to it ends with the vault's lock."""
    vault = Vault(file, cost=CHEAP, idle_s=0.01)
    vault.make(PASSPHRASE)
    timer = vault._timer
    while timer is not None:
        timer.join()
        timer = vault._timer
    assert vault._key is None


def test_a_locked_vaults_key_is_overwritten(vault: Vault) -> None:
    key = vault._key
    assert key is not None
    assert any(key)
    vault.lock()
    assert not any(key)


def test_two_programs_may_use_it_and_see_each_other(vault: Vault, tmp_path: Path) -> None:
    other = opened_vault(tmp_path)
    vault.set("a", "1")
    other.set("b", "2")
    vault.set("c", "3")
    assert vault.names("") == other.names("") == ("a", "b", "c")
    other.change_passphrase(PASSPHRASE, "another passphrase")
    vault.set("d", "4")
    assert other.get("d") == "4"
    other.lock()
    other.unlock("another passphrase")
    other.lock()


def test_many_threads_lose_nothing(vault: Vault, tmp_path: Path) -> None:
    vaults = [vault, opened_vault(tmp_path)]

    def write(number: int) -> None:
        for one in range(10):
            vaults[number % 2].set(f"{number}.{one}", SECRET)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(vault.names("") or ()) == 40
    vaults[1].lock()


def test_an_older_file_in_its_place_is_noticed(vault: Vault, file: Path) -> None:
    older = file.read_bytes()
    vault.set("a", SECRET)
    file.write_bytes(older)
    with pytest.raises(KeyStoreError) as caught:
        vault.get("a")
    assert "older copy" in caught.value.problem.id
    with pytest.raises(KeyStoreError):
        vault.set("b", "c")
    assert file.read_bytes() == older


def test_another_vault_in_its_place_is_noticed(vault: Vault, file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = opened_vault(tmp_path / "other", make=True)
    file.write_bytes((tmp_path / "other" / "keys.vault").read_bytes())
    with pytest.raises(KeyStoreError):
        vault.get("a")
    other.lock()


def test_a_damaged_file_is_said_to_be_damaged_and_stays(vault: Vault, file: Path) -> None:
    data = file.read_bytes()
    for damaged in (b"", b"nonsense", data[:-1], data + b"x", data[: len(data) // 2]):
        file.write_bytes(damaged)
        with pytest.raises(KeyStoreError):
            vault.set("a", "b")
        with pytest.raises((KeyStoreError, WrongPasswordError)):
            Vault(file).unlock(PASSPHRASE)
        assert file.read_bytes() == damaged


def test_a_file_that_may_not_be_read_is_not_said_to_be_unwritable(
    vault: Vault, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A root shell made it; tests may run as root, whom no mode keeps out."""

    def refuse(*_how: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(KeyStoreError, match="cannot be read") as caught:
        vault.names("")
    assert caught.value.place == str(file)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(KeyStoreError):
        Vault(tmp_path / "file" / "keys.vault", cost=CHEAP).make(PASSPHRASE)


# --- the file, hostile ---

_HEADER, _KEY = new_vault(PASSPHRASE, CHEAP)
_FILE = sealed(_HEADER, _KEY, VaultContent(generation=7, items={"a": SECRET}))


@given(st.integers(0, len(_FILE) - 1), st.integers(1, 255))
def test_one_changed_bit_anywhere_opens_nothing(at: int, change: int) -> None:
    damaged = bytearray(_FILE)
    damaged[at] ^= change
    with pytest.raises(DamagedVaultError):
        opened(bytes(damaged), _KEY)


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda data: MAGIC + data))
def test_any_bytes_are_said_to_be_no_vault(data: bytes) -> None:
    with pytest.raises(DamagedVaultError):
        header_of(data)


@pytest.mark.parametrize(
    "member",
    [
        {"memory_kib": 1024 * 1024 + 1},
        {"iterations": 11},
        {"lanes": 17},
        {"iterations": 0},
        {"iterations": True},
        {"iterations": "3"},
        {"memory_kib": -1},
        {"kdf": "none"},
        {"salt": "zz"},
        {"salt": None},
        {"wrapped": 7},
        {"vault": []},
    ],
)
def test_a_header_that_asks_for_more_than_ours_or_for_nonsense_is_refused(member: dict[str, object]) -> None:
    document = {**_HEADER.document(), "wrapped": _HEADER.wrapped.hex(), **member}
    head = json.dumps(document).encode()
    with pytest.raises(DamagedVaultError):
        header_of(MAGIC + len(head).to_bytes(4, "big") + head + bytes(60))


@pytest.mark.parametrize(
    "member", [{"iterations": 2}, {"lanes": 2}, {"memory_kib": 128}, {"vault": "00" * 16}]
)
def test_a_changed_cost_does_not_open_with_the_right_passphrase(member: dict[str, object]) -> None:
    document = {**_HEADER.document(), "wrapped": _HEADER.wrapped.hex(), **member}
    head = json.dumps(document).encode()
    header = header_of(MAGIC + len(head).to_bytes(4, "big") + head + bytes(60))
    with pytest.raises(WrongPassphraseError):
        unwrapped(header, PASSPHRASE)


@pytest.mark.parametrize("wrapped", ["", "00", "00" * 11])
def test_a_header_without_a_whole_wrapped_key_is_damaged(vault: Vault, file: Path, wrapped: str) -> None:
    vault.lock()
    data = file.read_bytes()
    end = 12 + int.from_bytes(data[8:12], "big")
    head = json.dumps({**json.loads(data[12:end]), "wrapped": wrapped}).encode()
    file.write_bytes(data[:8] + len(head).to_bytes(4, "big") + head + data[end:])
    with pytest.raises(KeyStoreError, match="damaged"):
        vault.unlock(PASSPHRASE)


def test_the_default_cost_is_the_recommended_one() -> None:
    assert KdfCost() == KdfCost(iterations=3, lanes=4, memory_kib=256 * 1024)


def test_what_is_shown_of_a_vault_holds_nothing_secret() -> None:
    content = VaultContent(generation=1, items={"a": SECRET})
    assert "secret" not in repr(content)
