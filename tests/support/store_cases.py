"""The secret stores that every suite on them runs on: the real Secret Service, the vault, and Windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.support import windows_credentials
from tests.support.secret_service import SecretServiceDaemon
from trustdesk.core.ports import SecretStore
from trustdesk.storage.secret_stores.systems import keyring_store
from trustdesk.storage.vault import Vault
from trustdesk.storage.vault_file import KdfCost

CHEAP = KdfCost(iterations=1, lanes=1, memory_kib=64)
PASSPHRASE = "seven words that nobody will ever guess"
STORES = ("secret service", "vault", "windows")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCase:
    """A store, and how it looks to the next start of the program.

    Attributes:
        again: opens the same store anew.
        environ: what another process needs to reach it; empty for nothing.
    """

    store: SecretStore
    again: Callable[[], SecretStore]
    environ: dict[str, str]


@contextmanager
def store_case(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreCase]:
    """Give one of STORES, empty and ready."""
    match name:
        case "secret service":
            with SecretServiceDaemon(folder / "session") as daemon:
                monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
                yield StoreCase(store=keyring_store(), again=keyring_store, environ=daemon.environ)
        case "vault":
            vaults = [opened_vault(folder, make=True)]

            def again() -> Vault:
                vaults.append(opened_vault(folder))
                return vaults[-1]

            yield StoreCase(store=vaults[0], again=again, environ={})
            for vault in vaults:
                vault.lock()
        case _:
            windows_credentials.install(monkeypatch)
            yield StoreCase(store=windows_store(), again=windows_store, environ={})


def windows_store() -> SecretStore:
    """Return keyring's Windows class as a store, over whatever `win32cred` is there."""
    return keyring_store("keyring.backends.Windows.WinVaultKeyring")


def let_vaults_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make vaults cheap to open for a test: by default a try takes 0.4 s, as the vault's own tests hold."""
    monkeypatch.setattr("trustdesk.storage.vault_file.KdfCost", partial(KdfCost, **asdict(CHEAP)))


def opened_vault(folder: Path, *, make: bool = False) -> Vault:
    """Return the vault of a folder, open, with a passphrase that costs nothing to try."""
    vault = Vault(folder / "keys.vault", cost=CHEAP)
    (vault.make if make else vault.unlock)(PASSPHRASE)
    return vault
