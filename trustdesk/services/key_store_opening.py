"""The key stores of a workspace: the system's keyring, then the vault. Nothing is asked or made here."""

from __future__ import annotations

from pathlib import Path

from trustdesk.core.ports import Clock
from trustdesk.services.clock import SystemClock
from trustdesk.storage.key_stores import KeyStores
from trustdesk.storage.places import workspace_folder
from trustdesk.storage.secret_stores.systems import keyring_store
from trustdesk.storage.vault import Vault
from trustdesk.storage.workspace import Workspace

VAULT_FILE = "keys.vault"
LOCK_FILE = "keys.lock"
"""Beside the workspace's database: a copy of the folder takes the vault with it."""


def vault_of(folder: Path | None) -> Vault:
    """Return the vault of a workspace's folder, shut; None is the person's own."""
    return Vault((folder or workspace_folder()) / VAULT_FILE)


def open_key_stores(
    workspace: Workspace, folder: Path | None, *, vault: Vault | None = None, clock: Clock | None = None
) -> KeyStores:
    """Return the key stores of an open workspace.

    Args:
        folder: of the workspace; None is the person's own.
        vault: of `vault_of`, where the caller opens it; None for one that stays shut.
        clock: None for the system's.
    """
    place = folder or workspace_folder()
    stores = (keyring_store(), vault if vault is not None else vault_of(folder))
    return KeyStores(workspace, stores, place / LOCK_FILE, clock or SystemClock())
