"""The key of this workspace's seals: 256 random bits that lie in a key store, and nowhere else.

Its record stands beside those of the private keys, under a name that their sweep does not look at. A second
record says that the log was sealed once: whoever has the database alone cannot take that back. Reading asks
nobody and unlocks nothing; what a person decides may wait for a locked keyring, where its caller says so.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.errors import KeyStoreError
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState
from trustdesk.core.ports import SecretStore
from trustdesk.storage import key_rows
from trustdesk.storage.key_cancellation import current_cancellation
from trustdesk.storage.process_lock import ProcessLock
from trustdesk.storage.schema import trust_seals
from trustdesk.storage.sealing import NO_SEALER, KeySealer, Sealer
from trustdesk.storage.trust_decisions import seal_distrusts
from trustdesk.storage.trust_log import seal_newest
from trustdesk.storage.workspace import Workspace

_log = logging.getLogger(__name__)

_RECORD = re.compile(r"TDS1\|(?P<key>[0-9a-f]{64})", re.ASCII)
_LOG_WAS_SEALED = "TDS1|log"
_KEY = "key"
"""Row of `trust_seals`: the kind of the store that the key lies in."""


class SealKeys:
    """The key of one workspace's seals.

    What is not `current` blocks, perhaps on a locked keyring: call it on `services.key_thread.KeyThread`,
    nowhere else, and never on the workspace's own thread.
    """

    def __init__(self, workspace: Workspace, stores: Sequence[SecretStore], lock_file: Path) -> None:
        """Take the stores in the order in which a new key is offered to them.

        Args:
            lock_file: held while the key is made, as by whoever changes private keys.
        """
        self._workspace = workspace
        self._stores = {store.kind: store for store in stores}
        self._lock = ProcessLock(lock_file)
        self._sealer: Sealer = NO_SEALER

    def current(self) -> Sealer:
        """Return what seals there can be made and checked now, without asking anybody; never blocks."""
        return self._sealer

    def look(self, *, may_ask: bool = False) -> Sealer:
        """Get the key where it is there and can be had; makes none.

        Args:
            may_ask: whether the system may ask the person to unlock its keyring; this waits for it then.

        Returns:
            A sealer that can say nothing where the key cannot be had.

        Raises:
            CancelledByPersonError: the person gave up.
        """
        if self._sealer is NO_SEALER:
            self._sealer = self._found(may_ask=may_ask)[0]
        return self._sealer

    def get(self, *, may_ask: bool) -> Sealer:
        """Get the key, and make it where there is none; then seal what was left for this chance.

        Where the key that was there is lost (another machine, an emptied keyring) a new one is made: seals
        of the old one do not hold any more, and are not made anew.

        Args:
            may_ask: as for `look`.

        Returns:
            As for `look`.

        Raises:
            CancelledByPersonError: the person gave up; at most a key that nothing is sealed with was kept.
            EnvironmentFailureError: the workspace cannot be written.
        """
        sealer = self.look(may_ask=may_ask)
        if not sealer.log_was_sealed:  # there is no key, or its maker did not come to the end
            sealer = self._made(may_ask=may_ask)
        if sealer is not NO_SEALER:
            self.seal_missing()
        return sealer

    def seal_missing(self) -> None:
        """Seal distrusts and lines of the log that were written without a key store; nothing that grants."""
        sealer = self._sealer

        def seal(connection: Connection) -> None:
            seal_distrusts(connection, sealer)
            seal_newest(connection, sealer)

        if sealer is not NO_SEALER:
            self._workspace.submit(seal, durable=True).result()

    def _found(self, *, may_ask: bool) -> tuple[Sealer, SecretStore | None]:
        """Return the sealer, and the store in which the key has to be made where none of them has it."""
        store_id, known = self._workspace.submit(
            lambda connection: (key_rows.store_id(connection), _known_store(connection)), durable=True
        ).result()
        empty: SecretStore | None = None
        for kind, store in self._stores.items():
            if known not in {None, kind} or not _may_be_asked(store, may_ask=may_ask):
                continue
            try:
                record = store.get(_name(store_id))
                marker = None if record is None else store.get(_marker(store_id))
            except KeyStoreError as error:
                _log.info("the key of the seals cannot be had: %s", type(error).__name__)
                continue
            current_cancellation().check()
            if record is None:
                empty = empty or store
                continue
            read = _RECORD.fullmatch(record)
            if read is None:
                _log.warning("the record of the key of the seals is damaged")
                return NO_SEALER, None
            key = bytes.fromhex(read["key"])
            return KeySealer(key, store_id, log_was_sealed=marker == _LOG_WAS_SEALED), store
        return NO_SEALER, empty

    def _made(self, *, may_ask: bool) -> Sealer:
        cancellation = current_cancellation()
        try:
            with self._lock.held() as let_others_in, cancellation.when_cancelled(let_others_in):
                sealer, store = self._found(may_ask=may_ask)  # another process may have made it
                if store is None:
                    return sealer
                store_id = self._workspace.submit(key_rows.store_id).result()
                if sealer is NO_SEALER:
                    record = f"TDS1|{secrets.token_hex(32)}"
                    store.set(_name(store_id), record)
                    cancellation.check()
                    if store.get(_name(store_id)) != record:
                        _log.warning("the key store did not keep the key of the seals")
                        return NO_SEALER
                    cancellation.check()
                    sealer = KeySealer(bytes.fromhex(record[5:]), store_id)
                kind, made = store.kind, sealer

                def adopt(connection: Connection) -> bool:
                    _note_store(connection, kind)
                    return seal_newest(connection, made)

                self._workspace.submit(adopt, durable=True).result()
                store.set(_marker(store_id), _LOG_WAS_SEALED)
                self._sealer = self._found(may_ask=may_ask)[0]
                return self._sealer
        except KeyStoreError as error:
            _log.info("the key of the seals cannot be made: %s", type(error).__name__)
            return self._sealer


def _may_be_asked(store: SecretStore, *, may_ask: bool) -> bool:
    state = store.status().state
    if state is KeyStoreState.READY:
        return True
    # A locked keyring asks the person by itself; a locked vault is opened elsewhere.
    return may_ask and state is KeyStoreState.LOCKED and store.kind is KeyStoreKind.KEYRING


def _name(store_id: str) -> str:
    return f"trustdesk:seal:{store_id}:key"


def _marker(store_id: str) -> str:
    return f"trustdesk:seal:{store_id}:log"


def _known_store(connection: Connection) -> KeyStoreKind | None:
    value = connection.execute(
        select(trust_seals.c.value).where(trust_seals.c.name == _KEY)
    ).scalar_one_or_none()
    try:
        return None if value is None else KeyStoreKind(value)
    except ValueError:
        return None


def _note_store(connection: Connection, kind: KeyStoreKind) -> None:
    connection.execute(delete(trust_seals).where(trust_seals.c.name == _KEY))
    connection.execute(insert(trust_seals).values(name=_KEY, value=str(kind)))
