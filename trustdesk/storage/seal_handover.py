"""The key of a shared workspace's seals, taken from one machine to another in a file under a passphrase.

The file is a vault (`storage.vault_file`) with two texts in it. Whoever has the file and its passphrase can
make seals that hold: both go to people who may decide about trust, and by different ways.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from trustdesk.core.errors import KeyStoreRefusedError, KeyStoreUnavailableError, UnusableInputError
from trustdesk.core.key_store import KeyStoreState
from trustdesk.core.message import msg
from trustdesk.core.ports import SecretStore
from trustdesk.storage import key_rows
from trustdesk.storage.seal_keys import SealKeys, marker_name, record_name
from trustdesk.storage.vault import Vault
from trustdesk.storage.vault_file import KdfCost
from trustdesk.storage.workspace import Workspace


def hand_over(
    workspace: Workspace, stores: list[SecretStore], file: Path, passphrase: str, cost: KdfCost | None = None
) -> None:
    """Write the key of the seals into a new file; call it on the key stores' thread.

    Raises:
        KeyStoreUnavailableError: the key is in none of the stores that can be used now.
        KeyStoreError: a store failed.
        UnusableInputError: the file is there already.
        EnvironmentFailureError: it cannot be written.
    """
    store_id = workspace.submit(key_rows.store_id).result()
    for store in stores:
        if store.status().state is not KeyStoreState.READY:
            continue
        record = store.get(record_name(store_id))
        if record is None:
            continue
        marker = store.get(marker_name(store_id))
        with _vault(file, cost) as vault:
            if vault.status().state is not KeyStoreState.ABSENT:
                raise UnusableInputError(
                    msg("There is a file of this name already."),
                    remedy=msg("Name a new file."),
                    place=str(file),
                )
            vault.make(passphrase)
            vault.set(record_name(store_id), record)
            if marker is not None:
                vault.set(marker_name(store_id), marker)
        return
    raise KeyStoreUnavailableError(
        msg("The key of the seals is in no key store that is open on this computer."),
        remedy=msg("Unlock the keyring or open the vault, or hand it over where decisions were made so far."),
    )


def take_over(
    workspace: Workspace, seals: SealKeys, file: Path, passphrase: str, cost: KdfCost | None = None
) -> None:
    """Keep the key of the seals that a file holds; call it on the key stores' thread.

    Raises:
        UnusableInputError: the file is of another workspace, or holds no such key.
        WrongPasswordError: the passphrase is another one.
        KeyStoreRefusedError: there is another key of the seals here, or a store did not keep this one.
        KeyStoreError: there is no store that can be used.
    """
    store_id = workspace.submit(key_rows.store_id, durable=True).result()
    with _vault(file, cost) as vault:
        vault.unlock(passphrase)
        record, marker = vault.get(record_name(store_id)), vault.get(marker_name(store_id))
    if record is None:
        raise UnusableInputError(
            msg("This file does not hold the key of this workspace's seals."),
            remedy=msg("Have it written by trustdesk workspace hand-over on the same workspace."),
            place=str(file),
        )
    if not seals.take(record, was_sealed=marker is not None):
        raise KeyStoreRefusedError(
            msg("This computer has another key of the seals already."),
            remedy=msg("See with trustdesk trust log which of the two sealed the log."),
        )


@contextlib.contextmanager
def _vault(file: Path, cost: KdfCost | None) -> Iterator[Vault]:
    vault = Vault(file, cost=cost)
    try:
        yield vault
    finally:
        vault.lock()
        file.with_name(f"{file.name}.lock").unlink(missing_ok=True)
