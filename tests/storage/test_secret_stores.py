"""The system's keyring: from an allow-list only, and with every failure in words."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring.errors
import pytest

from tests.support import windows_credentials
from tests.support.secret_service import SecretServiceDaemon
from tests.support.store_cases import windows_store
from trustdesk.core.errors import (
    KeyStoreError,
    KeyStoreLockedError,
    KeyStoreRefusedError,
    KeyStoreUnavailableError,
)
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState
from trustdesk.core.ports import SecretStore
from trustdesk.storage.secret_stores.failures import key_store_failure
from trustdesk.storage.secret_stores.systems import keyring_store

NAME = f"trustdesk:1:{'0' * 32}:{'1' * 32}"


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretServiceDaemon]:
    with SecretServiceDaemon(tmp_path) as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
        yield daemon


def failures(store: SecretStore) -> set[type[Exception]]:
    """Return what the calls of a store raise, each of which has to."""
    found: set[type[Exception]] = set()
    for call in (
        lambda: store.get(NAME),
        lambda: store.set(NAME, "text"),
        lambda: store.delete(NAME),
        lambda: store.names("trustdesk:"),
    ):
        with pytest.raises(KeyStoreError) as caught:
            call()
        assert caught.value.__suppress_context__, "no traceback shows what the library had to say"
        found.add(type(caught.value))
    return found


def test_a_locked_keyring_is_said_and_stays_locked(daemon: SecretServiceDaemon) -> None:
    store = keyring_store()
    store.set(NAME, "text")
    daemon.lock()
    assert store.status().state is KeyStoreState.LOCKED
    assert store.status().problem is not None
    assert failures(store) == {KeyStoreLockedError}
    assert store.status().state is KeyStoreState.LOCKED


def test_a_daemon_that_was_killed_is_said_and_starts_with_what_it_kept(
    daemon: SecretServiceDaemon,
) -> None:
    store = keyring_store()
    store.set(NAME, "text")
    daemon.kill()
    assert store.status().state is KeyStoreState.UNAVAILABLE
    assert failures(store) == {KeyStoreUnavailableError}
    daemon.start()
    assert (store.status().state, store.get(NAME)) == (KeyStoreState.READY, "text")


@pytest.mark.parametrize("address", [None, "unix:path=/nowhere/at/all", "nonsense"])
def test_a_machine_without_a_session_bus_has_no_keyring(
    monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    store = keyring_store()
    assert store.status().state is KeyStoreState.UNAVAILABLE
    assert failures(store) == {KeyStoreUnavailableError}


def test_failing_calls_lose_no_file_descriptor(daemon: SecretServiceDaemon) -> None:
    store = keyring_store()
    store.get(NAME)
    daemon.lock()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        failures(store)
    assert len(os.listdir("/proc/self/fd")) == before


def test_status_asks_nobody(daemon: SecretServiceDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlock(*_arguments: object) -> None:
        pytest.fail("a person would have been asked")

    monkeypatch.setattr("secretstorage.collection.unlock_objects", unlock)
    daemon.lock()
    assert keyring_store().status().state is KeyStoreState.LOCKED
    with pytest.raises(KeyStoreLockedError):
        keyring_store().names("trustdesk:")


def test_a_collection_that_ends_with_the_session_is_refused(daemon: SecretServiceDaemon) -> None:
    from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped]
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

    service = DBusAddress(
        "/org/freedesktop/secrets", "org.freedesktop.secrets", "org.freedesktop.Secret.Service"
    )
    session = "/org/freedesktop/secrets/collection/session"
    with open_dbus_connection(daemon.address) as connection:
        connection.send_and_get_reply(new_method_call(service, "SetAlias", "so", ("default", session)))
    store = keyring_store()
    assert store.status().state is KeyStoreState.REFUSED
    with pytest.raises(KeyStoreRefusedError):
        store.set(NAME, "text")


def test_the_environment_does_not_say_where_keys_go(
    daemon: SecretServiceDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = "/org/freedesktop/secrets/collection/session"
    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", session)
    monkeypatch.setenv("KEYRING_PROPERTY_APPID", "somebody else")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    store = keyring_store()
    store.set(NAME, "text")
    monkeypatch.undo()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
    assert keyring_store().get(NAME) == "text"
    assert keyring_store().names("trustdesk:") == (NAME,)


@pytest.mark.parametrize(
    ("backend", "sentence"),
    [
        ("keyring.backends.null.Keyring", "stores nothing"),
        ("keyring.backends.fail.Keyring", "no keyring at all"),
        ("keyring.backends.chainer.ChainerBackend", "nobody would know where a key is"),
        ("keyrings.alt.file.PlaintextKeyring", "in the clear"),
        ("keyrings.alt.file.EncryptedKeyring", "in the clear"),
        ("keyring.backends.kwallet.DBusKeyring", "none of the keyrings"),
        ("some.package.Keyring", "none of the keyrings"),
    ],
)
def test_other_backends_are_refused_with_a_sentence_and_never_loaded(backend: str, sentence: str) -> None:
    loaded = set(sys.modules)
    store = keyring_store(backend)
    status = store.status()
    assert (status.state, status.kind, status.title) == (KeyStoreState.REFUSED, KeyStoreKind.KEYRING, backend)
    assert status.problem is not None
    assert sentence in status.problem.id
    for call in (
        lambda: store.get(NAME),
        lambda: store.set(NAME, "text"),
        lambda: store.delete(NAME),
        lambda: store.names(""),
    ):
        with pytest.raises(KeyStoreRefusedError):
            call()
    assert set(sys.modules) == loaded


# --- Windows: keyring's own class over the rules of Credential Manager ---


def test_windows_entries_stay_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = windows_credentials.install(monkeypatch)
    monkeypatch.setenv("KEYRING_PROPERTY_PERSIST", "enterprise")
    windows_store().set(NAME, "text")
    assert [entry["Persist"] for entry in credentials.entries.values()] == [
        credentials.CRED_PERSIST_LOCAL_MACHINE
    ]


def test_windows_limit_is_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    windows_credentials.install(monkeypatch)
    from keyring.backends import Windows

    backend = Windows.WinVaultKeyring()  # type: ignore[no-untyped-call]
    backend.set_password("service", "user", "x" * 1280)  # type: ignore[no-untyped-call]
    with pytest.raises(windows_credentials.CredentialError):
        backend.set_password("another", "user", "x" * 1281)  # type: ignore[no-untyped-call]


def test_what_windows_pushed_aside_is_listed_and_deleted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = windows_credentials.install(monkeypatch)
    store = windows_store()
    store.set(NAME, "old")
    store.set(NAME, "new")  # what we never do
    assert sorted(credentials.entries) == [f"key@{NAME}", NAME]
    assert store.names("trustdesk:") == (NAME,)
    store.delete(NAME)
    assert credentials.entries == {}


@pytest.mark.parametrize(
    ("winerror", "kind"), [(8, KeyStoreError), (1783, KeyStoreError), (1312, KeyStoreUnavailableError)]
)
def test_windows_errors_are_said_in_words(
    monkeypatch: pytest.MonkeyPatch, winerror: int, kind: type[KeyStoreError]
) -> None:
    credentials = windows_credentials.install(monkeypatch)
    store = windows_store()
    credentials.failing_with = winerror
    with pytest.raises(KeyStoreError) as caught:
        store.set(NAME, "text")
    assert type(caught.value) is kind
    assert caught.value.place == "Windows Credential Locker"
    assert "GNOME" not in caught.value.remedy.id


def test_windows_without_its_library_has_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("its library is installed there")
    assert windows_store().status().state is KeyStoreState.UNAVAILABLE
    with pytest.raises(KeyStoreUnavailableError):
        windows_store().get(NAME)


# --- what cannot be run here ---


def test_macos_errors_are_said_in_words() -> None:
    def failure(number: int, kind: type[Exception]) -> type[KeyStoreError]:
        error = kind("Can't store password on keychain")
        error.__cause__ = Exception(number, "said by the system")
        return type(key_store_failure(error, "macOS Keychain"))

    assert failure(-25293, keyring.errors.PasswordSetError) is KeyStoreUnavailableError
    assert failure(-67030, keyring.errors.PasswordSetError) is KeyStoreUnavailableError
    assert failure(-25308, keyring.errors.KeyringError) is KeyStoreLockedError
    assert failure(-128, keyring.errors.KeyringLocked) is KeyStoreRefusedError
    assert failure(-1, keyring.errors.PasswordSetError) is KeyStoreError


def test_a_no_to_the_keyrings_question_is_no_missing_keyring() -> None:
    import secretstorage

    refused = key_store_failure(secretstorage.PromptDismissedException("Prompt dismissed."), "Secret Service")
    assert type(refused) is KeyStoreRefusedError


def test_what_a_library_says_stays_out_of_the_failure() -> None:
    failure = key_store_failure(RuntimeError("TD1|p8|the whole secret"), "Secret Service")
    assert type(failure) is KeyStoreError
    assert "secret" not in str(failure).replace("Secret Service", "")
    assert "TD1" not in repr((failure.problem, failure.remedy, failure.args))
