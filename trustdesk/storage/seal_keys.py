"""The key of this workspace's seals: 256 random bits that lie in a key store, and nowhere else.

Its record stands beside those of the private keys, under a name that their sweep does not look at. A second
record says that the log was sealed once: whoever has the database alone cannot take that back. Reading asks
nobody and unlocks nothing; what a person decides may wait for a locked keyring, where its caller says so.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.errors import (
    KeyStoreError,
    KeyStoreLockedError,
    KeyStoreRefusedError,
    KeyStoreUnavailableError,
)
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState
from trustdesk.core.message import msg
from trustdesk.core.ports import SecretStore
from trustdesk.storage import key_rows
from trustdesk.storage.key_cancellation import current_cancellation
from trustdesk.storage.process_lock import ProcessLock
from trustdesk.storage.schema import trust_seals
from trustdesk.storage.sealing import NO_SEALER, KeySealer, Sealer
from trustdesk.storage.trust_decisions import seal_distrusts
from trustdesk.storage.trust_log import seal_newest
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")

_log = logging.getLogger(__name__)

_RECORD = re.compile(r"TDS1\|(?P<key>[0-9a-f]{64})", re.ASCII)
_LOG_WAS_SEALED = "TDS1|log"
_KEY = "key"
"""Row of `trust_seals`: the kind of the store that the key lies in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the key is, or would be made.

    Attributes:
        sealer: NO_SEALER where it is not there.
        store: None where there is none that can be used.
        is_damaged: whether a record is there that is no key.
    """

    sealer: Sealer
    store: SecretStore | None
    is_damaged: bool = False


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

    def looked_for(self) -> Sealer:
        """Get the key for a person who wants to see how the seals stand: every store is asked, and may ask.

        Raises:
            CancelledByPersonError: the person gave up.
            KeyStoreError: the store that the key should lie in is locked, or failed.
        """
        self._sealer = self._searched().sealer
        return self._sealer

    def anew(self, work: Callable[[Connection, Sealer, bool], T]) -> T:
        """Run `work` in one transaction with the key, or with a new one where it is lost.

        To be called only where a person has looked at what stands and agreed. What ends in between (a kill,
        a failure of the store) leaves at most a key that nothing is sealed with.

        Args:
            work: takes the connection, the sealer, and whether its key is a new one.

        Raises:
            CancelledByPersonError: the person gave up; nothing was sealed.
            KeyStoreError: there is no store that can be used.
        """
        cancellation = current_cancellation()
        with self._lock.held() as let_others_in, cancellation.when_cancelled(let_others_in):
            place = self._searched()
            store, sealer = place.store, place.sealer
            if store is None:
                raise _no_store()
            is_new = sealer is NO_SEALER
            store_id = self._workspace.submit(key_rows.store_id).result()
            if is_new:
                if place.is_damaged:
                    store.delete(record_name(store_id))
                sealer = _new_key(store, store_id)
            cancellation.decide()

            def adopt(connection: Connection) -> T:
                _note_store(connection, store.kind)
                return work(connection, sealer, is_new)

            result = self._workspace.submit(adopt, durable=True).result()
            self._sealer = sealer
            try:
                store.set(marker_name(store_id), _LOG_WAS_SEALED)
                self._sealer = self._found(may_ask=False)[0]
            except KeyStoreError as error:  # the next deed that is sealed makes up for it
                _log.info("that the log is sealed cannot be noted: %s", type(error).__name__)
            return result

    def take(self, record: str, *, was_sealed: bool) -> bool:
        """Keep the key that another machine of a shared workspace has; return whether it is the one here now.

        Raises:
            CancelledByPersonError: the person gave up.
            KeyStoreError: there is no store that can be used, or it did not keep it; or it is no key.
        """
        cancellation = current_cancellation()
        read = _RECORD.fullmatch(record)
        if read is None:
            raise KeyStoreRefusedError(
                msg("What was handed over is no key of seals."), remedy=msg("Have it handed over again.")
            )
        with self._lock.held() as let_others_in, cancellation.when_cancelled(let_others_in):
            place = self._searched(must_be_known=False)
            if place.store is None:
                raise _no_store()
            store_id = self._workspace.submit(key_rows.store_id).result()
            cancellation.decide()
            if place.sealer is NO_SEALER:
                if place.is_damaged:
                    place.store.delete(record_name(store_id))
                _set_whole(place.store, record_name(store_id), record)
            elif place.store.get(record_name(store_id)) != record:
                return False
            if was_sealed and place.store.get(marker_name(store_id)) is None:
                place.store.set(marker_name(store_id), _LOG_WAS_SEALED)
            self._sealer = self._found(may_ask=False)[0]
            return True

    def is_lost(self) -> bool:
        """Whether the key is not there although nothing is locked that it could lie in; asks nobody.

        In a workspace that machines share, another one has it, as far as can be told here.
        """
        if self._sealer is not NO_SEALER:
            return False
        known = self._workspace.submit(_known_store).result()
        if known is not None and self._workspace.machine is not None:
            return False
        states = [store.status().state for kind, store in self._stores.items() if known in {None, kind}]
        return KeyStoreState.LOCKED not in states

    def _searched(self, *, must_be_known: bool = True) -> _Place:
        """Look for the key in every store, beginning with the one that it should lie in.

        Args:
            must_be_known: whether a store that cannot be looked into may be the one that has it.

        Raises:
            CancelledByPersonError: the person gave up.
            KeyStoreError: the key is found nowhere, and the store that it should lie in is locked or failed.
        """
        store_id, known = self._workspace.submit(
            lambda connection: (key_rows.store_id(connection), _known_store(connection)), durable=True
        ).result()
        place = _Place(sealer=NO_SEALER, store=None)
        failure: KeyStoreError | None = None
        for kind, store in sorted(self._stores.items(), key=lambda item: item[0] is not known):
            try:
                if kind is known and kind is KeyStoreKind.VAULT and _is_locked(store):
                    raise KeyStoreLockedError(
                        msg("The vault is locked."), remedy=msg("Open it with its passphrase.")
                    )
                if not _may_be_asked(store, may_ask=True):
                    continue
                record = store.get(record_name(store_id))
                marker = None if record is None else store.get(marker_name(store_id))
            except KeyStoreError as error:
                current_cancellation().check()
                failure = failure or (error if known in {None, kind} else None)
                continue
            current_cancellation().check()
            read = None if record is None else _RECORD.fullmatch(record)
            if read is not None:
                key = bytes.fromhex(read["key"])
                sealer = KeySealer(key, store_id, log_was_sealed=marker == _LOG_WAS_SEALED)
                return _Place(sealer=sealer, store=store)
            if place.store is None:
                place = _Place(sealer=NO_SEALER, store=store, is_damaged=record is not None)
        if failure is not None and must_be_known:
            raise failure
        return place

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
            # Of machines that share a workspace each has its own store for the one key.
            is_place = known in {None, kind} or self._workspace.machine is not None
            if not is_place or not _may_be_asked(store, may_ask=may_ask):
                continue
            try:
                record = store.get(record_name(store_id))
                marker = None if record is None else store.get(marker_name(store_id))
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
        # Another machine has the key of a shared workspace: a second one would break every seal of the first.
        return NO_SEALER, None if known is not None and self._workspace.machine is not None else empty

    def _made(self, *, may_ask: bool) -> Sealer:
        cancellation = current_cancellation()
        try:
            with self._lock.held() as let_others_in, cancellation.when_cancelled(let_others_in):
                sealer, store = self._found(may_ask=may_ask)  # another process may have made it
                if store is None:
                    return sealer
                store_id = self._workspace.submit(key_rows.store_id).result()
                if sealer is NO_SEALER:
                    sealer = _new_key(store, store_id)
                kind, made = store.kind, sealer

                def adopt(connection: Connection) -> bool:
                    _note_store(connection, kind)
                    return seal_newest(connection, made)

                self._workspace.submit(adopt, durable=True).result()
                store.set(marker_name(store_id), _LOG_WAS_SEALED)
                self._sealer = self._found(may_ask=may_ask)[0]
                return self._sealer
        except KeyStoreError as error:
            _log.info("the key of the seals cannot be made: %s", type(error).__name__)
            return self._sealer


def _new_key(store: SecretStore, store_id: str) -> KeySealer:
    """Make the key in a store.

    Raises:
        CancelledByPersonError: the person gave up.
        KeyStoreError: the store failed, or did not keep it.
    """
    record = f"TDS1|{secrets.token_hex(32)}"
    _set_whole(store, record_name(store_id), record)
    return KeySealer(bytes.fromhex(record[5:]), store_id)


def _set_whole(store: SecretStore, name: str, record: str) -> None:
    store.set(name, record)
    current_cancellation().check()
    if store.get(name) != record:
        raise KeyStoreRefusedError(
            msg("The key store did not keep the key of the seals."),
            remedy=msg("Use the system's keyring, or make the vault."),
        )
    current_cancellation().check()


def _no_store() -> KeyStoreUnavailableError:
    return KeyStoreUnavailableError(
        msg("There is no key store that could keep the key of the seals."),
        remedy=msg("Unlock the system's keyring, or make the vault, and try again."),
    )


def _is_locked(store: SecretStore) -> bool:
    return store.status().state is KeyStoreState.LOCKED


def _may_be_asked(store: SecretStore, *, may_ask: bool) -> bool:
    state = store.status().state
    if state is KeyStoreState.READY:
        return True
    # A locked keyring asks the person by itself; a locked vault is opened elsewhere.
    return may_ask and state is KeyStoreState.LOCKED and store.kind is KeyStoreKind.KEYRING


def record_name(store_id: str) -> str:
    """Return the name of the key's record in a store."""
    return f"trustdesk:seal:{store_id}:key"


def marker_name(store_id: str) -> str:
    """Return the name of the record that says that the log was sealed once."""
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
