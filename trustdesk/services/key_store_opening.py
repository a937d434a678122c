"""The key stores of a workspace as this machine has them: the system's keyring, and a vault beside it."""

from __future__ import annotations

from pathlib import Path

from trustdesk.services.clock import SystemClock
from trustdesk.storage.key_stores import KeyStores
from trustdesk.storage.places import workspace_folder
from trustdesk.storage.secret_stores.systems import keyring_store
from trustdesk.storage.vault import Vault
from trustdesk.storage.workspace import Workspace

_LOCK_FILE = "keys.lock"
_VAULT_FILE = "keys.vault"


def open_vault(folder: Path | None) -> Vault:
    """Return the vault of a workspace's folder, made or not; None is the person's own."""
    return Vault((folder or workspace_folder()) / _VAULT_FILE)


def open_key_stores(workspace: Workspace, folder: Path | None, vault: Vault | None = None) -> KeyStores:
    """Return the key stores of an open workspace, keyring first; nothing is unlocked.

    Args:
        folder: of the workspace; None is the person's own.
        vault: of the same folder, for those who open it with its passphrase.
    """
    stores = (keyring_store(), vault or open_vault(folder))
    return KeyStores(workspace, stores, (folder or workspace_folder()) / _LOCK_FILE, SystemClock())
