"""Taking records out of key stores: of keys on their way in or out, and of none at all."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from trustdesk.core.errors import EnvironmentFailureError, KeyStoreError
from trustdesk.core.key_store import KeyReference, KeyStoreKind, KeyStoreState
from trustdesk.core.ports import SecretStore
from trustdesk.storage import key_rows
from trustdesk.storage.key_records import made_at_of
from trustdesk.storage.key_rows import KeyRow
from trustdesk.storage.workspace import Workspace

_log = logging.getLogger(__name__)


class KeyRemoval:
    """Removes records, and the rows of keys that are gone; asks nobody. Its caller is alone at it."""

    def __init__(self, workspace: Workspace, stores: Mapping[KeyStoreKind, SecretStore]) -> None:
        self._workspace = workspace
        self._stores = stores

    def is_ours(self, reference: KeyReference) -> bool:
        """Whether a key lies in a store of this machine, and not of another that shares the workspace."""
        machine = self._workspace.machine
        return machine is None or reference.record_id.startswith(machine)

    def unfinished(self) -> tuple[KeyRow, ...]:
        """Return the keys of this machine on their way in or out."""
        rows = self._workspace.submit(key_rows.unfinished).result()
        return tuple(row for row in rows if self.is_ours(row.reference))

    def finish(self, kind: KeyStoreKind, rows: Iterable[KeyRow]) -> bool:
        """Bring keys of a store to their end: their records go, then their rows.

        Args:
            rows: of keys that are pending or deleting; those of other stores are left, and those of other
                machines, which finish them themselves.

        Returns:
            Whether none is left; what cannot be done without a person, or fails, is left for another time.
        """
        mine = [row for row in rows if row.reference.store is kind and self.is_ours(row.reference)]
        if not mine:
            return True
        store = self._stores[kind]
        if store.status().state is not KeyStoreState.READY:
            return False
        gone = [row.reference for row in mine]
        try:
            store_id = self._workspace.submit(key_rows.store_id).result()
            for row in mine:
                for name in key_rows.record_names(store_id, row):
                    _remove(store, name)
            self._workspace.submit(
                lambda connection: key_rows.forget(connection, gone), durable=True
            ).result()
        except EnvironmentFailureError as error:  # of the store, or the disk is full
            _log.warning("keys on their way are left for the next start: %s", error)
            return False
        return True

    def remove_orphans(self, kind: KeyStoreKind) -> tuple[int, int]:
        """Remove records of this workspace that no row knows of; return how many, and how many were spared.

        Every row is on the disk before its first record is written, so that a record younger than all rows
        was written by another copy of the workspace (a backup was restored, a folder copied): such records
        are spared, and once there were any, all others too.
        """
        if self._stores[kind].status().state is not KeyStoreState.READY:
            return 0, 0
        removed = spared = 0
        try:
            made, is_copy = self._orphans(kind)
            for name, made_at in made.items():
                if is_copy and made_at is not None:
                    spared += 1
                else:
                    _remove(self._stores[kind], name)
                    removed += 1
        except KeyStoreError as error:
            _log.warning("records that belong to no key are left for the next start: %s", error)
        if spared:
            _log.warning("%d records in the key store belong to another copy of this workspace", spared)
        return removed, spared

    def look_for_a_copy(self, kind: KeyStoreKind) -> None:
        """Note whether another copy of this workspace makes keys: before a new key, and never after one.

        The new key would be younger than that copy's, which would look like orphans from then on.

        Raises:
            KeyStoreError: the store cannot be asked.
        """
        self._orphans(kind)

    def _orphans(self, kind: KeyStoreKind) -> tuple[dict[str, datetime | None], bool]:
        """Return when records without a row were made, by name, and whether there is another copy."""
        store = self._stores[kind]
        store_id, known, last_key_at, is_copy = self._workspace.submit(
            lambda connection: (
                key_rows.store_id(connection),
                key_rows.known_references(connection),
                key_rows.last_key_at(connection, kind),
                key_rows.is_copy(connection),
            )
        ).result()
        names = store.names(key_rows.record_prefix(store_id)) or ()
        orphans = [name for name in names if key_rows.reference_of(name, store_id, kind) not in known]
        made = {name: made_at_of(store.get(name) or "") for name in orphans}
        is_young = any(at is not None and (not last_key_at or at > last_key_at) for at in made.values())
        if is_young and not is_copy:
            self._workspace.submit(key_rows.note_copy, durable=True).result()
        return made, is_copy or is_young


def _remove(store: SecretStore, name: str) -> None:
    """Delete a record, and see that it is gone: some keyrings move entries, or keep a second one."""
    store.delete(name)
    if store.get(name) is not None:
        store.delete(name)
        if store.get(name) is not None:
            raise _not_deleted(store)


def _not_deleted(store: SecretStore) -> KeyStoreError:
    from trustdesk.core.message import msg

    return KeyStoreError(
        msg("The key store says that it deleted a key, and has it still."),
        remedy=msg("Delete it with the system's own program for passwords."),
        place=store.status().title,
    )
