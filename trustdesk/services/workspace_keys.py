"""What keeps the private keys of one workspace: the system's keyring, the vault, and their thread."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.ports import Clock, SecretStore
from trustdesk.services.key_thread import KeyThread
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.key_stores import KeyStores
from trustdesk.storage.secret_stores.systems import keyring_store
from trustdesk.storage.vault import Vault
from trustdesk.storage.workspace import Workspace

VAULT_FILE = "keys.vault"
LOCK_FILE = "keys.lock"
"""Beside the workspace's database: a copy of the folder takes the vault with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceKeys:
    """The key stores of a workspace; `stores` is called on `thread` alone."""

    stores: KeyStores
    vault: Vault
    thread: KeyThread
    seals: TrustSeals

    def close(self) -> None:
        """Let what runs come to its end or give it up, and forget the vault's key."""
        self.thread.close()
        self.vault.lock()


def open_keys(workspace: Workspace, clock: Clock, keyring: SecretStore | None = None) -> WorkspaceKeys:
    """Return the key stores of a workspace; nothing is asked and nothing unlocked yet.

    Args:
        keyring: None for the system's.
    """
    vault = Vault(workspace.folder / VAULT_FILE)
    kinds = (keyring if keyring is not None else keyring_store(), vault)
    lock_file, thread = workspace.folder / LOCK_FILE, KeyThread()
    return WorkspaceKeys(
        stores=KeyStores(workspace, kinds, lock_file, clock),
        vault=vault,
        thread=thread,
        seals=TrustSeals(workspace, kinds, lock_file, thread),
    )
