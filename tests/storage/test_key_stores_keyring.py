"""Keys on a real keyring that is locked, gone, or does not answer: said at once, and nothing half done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from tests.support.faulty_store import FaultyStore
from tests.support.key_kills import digest
from tests.support.secret_service import SecretServiceDaemon
from trustdesk.core.errors import (
    CancelledByPersonError,
    KeyStillThereError,
    KeyStoreError,
    KeyStoreLockedError,
    KeyStoreUnavailableError,
)
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, StoredKey
from trustdesk.core.message import msg
from trustdesk.services.key_thread import KeyThread
from trustdesk.services.workspace_keys import open_keys
from trustdesk.storage import schema
from trustdesk.storage.key_stores import KeyStores, NewKey, SweptKeys
from trustdesk.storage.secret_stores.deletion import what_deletion_means
from trustdesk.storage.secret_stores.systems import keyring_store
from trustdesk.storage.workspace import Workspace

PATIENCE_S = 30.0


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 27, 18, 5, tzinfo=UTC)


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretServiceDaemon]:
    with SecretServiceDaemon(tmp_path / "session") as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
        yield daemon


@pytest.fixture
def store(daemon: SecretServiceDaemon) -> FaultyStore:
    return FaultyStore(keyring_store())


@pytest.fixture
def keys(workspace: Workspace, store: FaultyStore, tmp_path: Path) -> KeyStores:
    return KeyStores(workspace, [store], tmp_path / "desk" / "keys.lock", Clock())


def put(keys: KeyStores, key: ec.EllipticCurvePrivateKey | None = None) -> StoredKey:
    new = NewKey(private_key=key or ec.generate_private_key(ec.SECP256R1()), source="a test")
    return keys.put([new], store=KeyStoreKind.KEYRING, also=lambda _connection, stored: stored[0])


def states(workspace: Workspace) -> list[str]:
    rows = workspace.submit(lambda connection: connection.execute(select(schema.keys.c.state)).all()).result()
    return [row.state for row in rows]


def records() -> tuple[str, ...]:
    return keyring_store().names("trustdesk:") or ()


def test_a_locked_keyring_begins_nothing_and_loses_nothing(
    daemon: SecretServiceDaemon, keys: KeyStores, workspace: Workspace
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    kept = put(keys, private)
    daemon.lock()
    assert [status.state for status in keys.statuses()] == [KeyStoreState.LOCKED]
    for call in (
        lambda: put(keys),
        lambda: keys.load(kept.reference),
        lambda: keys.unlock(KeyStoreKind.KEYRING),
        lambda: keys.release([kept.reference], also=lambda _connection: None),
    ):
        with pytest.raises(KeyStoreLockedError):
            call()
    assert states(workspace) == ["active"]
    assert keys.sweep() == SweptKeys()
    daemon.kill()
    daemon.start()
    assert digest(keys.load(kept.reference)) == digest(private)
    assert len(records()) == 1


def test_a_keyring_that_is_locked_on_the_way_is_cleared_when_it_is_open_again(
    daemon: SecretServiceDaemon, keys: KeyStores, workspace: Workspace, store: FaultyStore
) -> None:
    store.after = lambda call: daemon.lock() if call == "set" else None
    with pytest.raises(KeyStoreLockedError):
        put(keys)
    assert states(workspace) == ["pending"]
    store.after = lambda _call: None
    assert keys.sweep() == SweptKeys(waiting=(KeyStoreKind.KEYRING,)), "nobody is asked at the start"
    daemon.kill()
    daemon.start()
    assert keys.sweep() == SweptKeys(rolled_back=1)
    assert (states(workspace), records()) == ([], ())


def test_a_keyring_that_is_gone_begins_nothing(
    daemon: SecretServiceDaemon, keys: KeyStores, workspace: Workspace
) -> None:
    kept = put(keys)
    daemon.kill()
    for call in (lambda: put(keys), lambda: keys.load(kept.reference)):
        with pytest.raises(KeyStoreUnavailableError):
            call()
    assert states(workspace) == ["active"]


def test_an_identity_can_be_deleted_though_its_keyring_is_gone(
    daemon: SecretServiceDaemon, keys: KeyStores, workspace: Workspace
) -> None:
    kept = put(keys)
    daemon.kill()
    with pytest.raises(KeyStillThereError):
        keys.release([kept.reference], also=lambda _connection: None, even_if_away=True)
    assert states(workspace) == ["deleting"]
    daemon.start()
    assert keys.sweep() == SweptKeys(deleted=1)
    assert records() == ()


def test_a_keyring_that_does_not_answer_is_left_behind_by_a_cancel_and_keeps_nothing(
    daemon: SecretServiceDaemon, keys: KeyStores, workspace: Workspace, store: FaultyStore
) -> None:
    waits = threading.Event()

    def hang(call: str) -> None:
        if call == "set":
            daemon.pause()
            waits.set()

    store.before = hang
    thread = KeyThread()
    job = thread.run(lambda: put(keys))
    assert waits.wait(PATIENCE_S)
    left_behind = thread._worker
    assert left_behind is not None
    job.cancel()
    with pytest.raises(CancelledByPersonError):
        job.future.result(0)
    assert left_behind.is_alive()
    daemon.go_on()
    left_behind.join(PATIENCE_S)
    assert not left_behind.is_alive()
    assert (states(workspace), records()) == ([], ())
    thread.close()


def test_a_keyring_that_does_not_answer_is_said_to_be_unavailable(
    daemon: SecretServiceDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustdesk.storage.secret_stores.secret_service._ANSWER_S", 0.05)
    store = keyring_store()
    daemon.pause()
    assert store.status().state is KeyStoreState.UNAVAILABLE
    with pytest.raises(KeyStoreError):
        store.names("trustdesk:")
    daemon.go_on()
    monkeypatch.undo()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
    assert store.status().state is KeyStoreState.READY


def test_a_workspace_has_the_keyring_and_a_vault_that_nobody_has_made(
    daemon: SecretServiceDaemon, workspace: Workspace, tmp_path: Path
) -> None:
    keys = open_keys(workspace, Clock())
    assert [(status.kind, status.state) for status in keys.stores.statuses()] == [
        (KeyStoreKind.KEYRING, KeyStoreState.READY),
        (KeyStoreKind.VAULT, KeyStoreState.ABSENT),
    ]
    with pytest.raises(KeyStoreUnavailableError):
        keys.stores.unlock(KeyStoreKind.VAULT)
    assert not (tmp_path / "desk" / "keys.vault").exists()
    assert keys.vault.status().state is KeyStoreState.ABSENT


def test_every_store_says_what_its_deletion_means() -> None:
    titles = ("Secret Service", "Windows Credential Locker", "macOS Keychain")
    said = {what_deletion_means(KeyStoreKind.KEYRING, title) for title in titles}
    said.add(what_deletion_means(KeyStoreKind.VAULT, "Vault"))
    assert len(said) == 4
    assert msg("secure wipe") not in said
