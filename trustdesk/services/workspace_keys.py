"""What keeps the private keys of one workspace: the system's keyring, the vault, and their thread."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.ports import Clock, SecretStore
from trustdesk.services.key_store_opening import LOCK_FILE, open_key_stores, vault_of
from trustdesk.services.key_thread import KeyThread
from trustdesk.storage.key_stores import KeyStores
from trustdesk.storage.vault import Vault
from trustdesk.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceKeys:
    """The key stores of a workspace; `stores` is called on `thread` alone."""

    stores: KeyStores
    vault: Vault
    thread: KeyThread

    def close(self) -> None:
        """Let what runs come to its end or give it up, and forget the vault's key."""
        self.thread.close()
        self.vault.lock()


def open_keys(workspace: Workspace, clock: Clock, keyring: SecretStore | None = None) -> WorkspaceKeys:
    """Return the key stores of a workspace; nothing is asked and nothing unlocked yet.

    Args:
        keyring: None for the system's.
    """
    vault = vault_of(workspace.folder)
    if keyring is None:
        stores = open_key_stores(workspace, workspace.folder, vault=vault, clock=clock)
    else:
        stores = KeyStores(workspace, (keyring, vault), workspace.folder / LOCK_FILE, clock)
    return WorkspaceKeys(stores=stores, vault=vault, thread=KeyThread())
