"""Opening the person's workspace, or another by its folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk.core.ports import Clock
from trustdesk.services.clock import SystemClock
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.trust_lists import certifi_list
from trustdesk.storage.places import workspace_folder
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from trustdesk.storage.key_stores import KeyStores
    from trustdesk.storage.vault import Vault

VAULT_NAME = "keys.vault"
KEY_LOCK_NAME = "keys.lock"
"""Files beside the workspace's database."""


@contextmanager
def open_workspace(folder: Path | None) -> Iterator[Workspace]:
    """Open a workspace; None is the person's own.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    workspace = Workspace.open(folder or workspace_folder())
    try:
        yield workspace
    finally:
        workspace.close()


def open_key_stores(workspace: Workspace, folder: Path | None, clock: Clock) -> tuple[KeyStores, Vault]:
    """Return the key stores of an open workspace, the system's keyring first, and the vault among them.

    Nothing is asked, unlocked or made yet. Their calls belong on a `services.key_thread.KeyThread`.

    Args:
        folder: as it was given to open the workspace; None is the person's own.
    """
    from trustdesk.storage.key_stores import KeyStores
    from trustdesk.storage.secret_stores.systems import keyring_store
    from trustdesk.storage.vault import Vault

    place = folder or workspace_folder()
    vault = Vault(place / VAULT_NAME)
    return KeyStores(workspace, [keyring_store(), vault], place / KEY_LOCK_NAME, clock), vault


def open_desk(folder: Path | None) -> LiveDesk:
    """Open a desk on a workspace, judging against the public web's list until another is chosen.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    return LiveDesk(
        workspace=Workspace.open(folder or workspace_folder()),
        trust_lists=(certifi_list(),),
        identities={},
        clock=SystemClock(),
    )
