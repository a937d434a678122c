"""The private keys of one workspace: what has to be true of them after any crash.

A key is there when its row in table `keys` is active; then every record of it is in its store, was read
back, and whatever refers to it (an identity, a request, a CA) was written in the same transaction. A key is
gone when it has no row; then none of its records is left. Everything else is on its way: rows that are
pending or deleting are brought to one of the two ends by `sweep`.

A record is written once under a random name and never again: replacing a key is another key, and the old
one released. One process at a time changes keys; no lock is held while a person is asked to unlock.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from trustdesk.core.errors import (
    CancelledByPersonError,
    KeyStoreRefusedError,
    KeyStoreUnavailableError,
    TrustdeskError,
)
from trustdesk.core.key_store import KeyReference, KeyStoreKind, KeyStoreState, KeyStoreStatus, StoredKey
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock, SecretStore
from trustdesk.formats.algorithms import curve_of, key_of
from trustdesk.formats.certification_path import spki_of, spki_sha256
from trustdesk.formats.der import read_element
from trustdesk.storage import key_records, key_rows
from trustdesk.storage.key_cancellation import KeyCancellation, cancellable, current_cancellation
from trustdesk.storage.key_failures import key_elsewhere, key_lost, key_not_kept, key_still_there
from trustdesk.storage.key_removal import KeyRemoval
from trustdesk.storage.key_rows import KeyRow, KeyState
from trustdesk.storage.process_lock import LockTakenError, ProcessLock
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
    from sqlalchemy import Connection

T = TypeVar("T")

_log = logging.getLogger(__name__)

_SWEEP_WAITS_S = 1.0
"""Calls of the person wait behind the sweep of the start: it does not wait for a process that may hang."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A private key that shall be kept.

    Attributes:
        source: where it comes from: a file's name, or what it was made for.
    """

    private_key: CertificateIssuerPrivateKeyTypes = field(repr=False, compare=False)
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SweptKeys:
    """What `KeyStores.sweep` found to do.

    Attributes:
        rolled_back: keys that were on their way in, and are gone without a trace now.
        deleted: keys that were on their way out, and are gone now.
        orphans: records without a key that were removed.
        spared: records without a key that were left: they are younger than all that the workspace knows of,
            so another copy of it made them, and may use them.
        waiting: stores with something left to do that could not be used without asking a person; all of
            them while another process changes keys.
    """

    rolled_back: int = 0
    deleted: int = 0
    orphans: int = 0
    spared: int = 0
    waiting: tuple[KeyStoreKind, ...] = ()


class KeyStores:
    """The private keys of one workspace.

    Every call blocks, also on a locked keyring: call it on `services.key_thread.KeyThread`, nowhere else,
    and never on the workspace's own thread.
    """

    def __init__(
        self, workspace: Workspace, stores: Sequence[SecretStore], lock_file: Path, clock: Clock
    ) -> None:
        """Take the stores, one of a kind, in the order in which they are shown.

        Args:
            lock_file: held by the one process that changes keys; made where it is missing.
        """
        self._workspace = workspace
        self._stores = {store.kind: store for store in stores}
        self._removal = KeyRemoval(workspace, self._stores)
        self._lock = ProcessLock(lock_file)
        self._clock = clock
        self._in_order: set[KeyStoreKind] = set()

    def statuses(self) -> tuple[KeyStoreStatus, ...]:
        """How the stores stand; asks nobody and unlocks nothing."""
        return tuple(store.status() for store in self._stores.values())

    def unlock(self, store: KeyStoreKind) -> KeyStoreStatus:
        """Let the system ask the person to unlock its keyring; a store that is ready stays so.

        The vault is opened with its passphrase instead (`storage.vault.Vault.unlock`).

        Raises:
            KeyStoreError: it stayed locked, or cannot be used at all.
            CancelledByPersonError: the person gave up.
        """
        found = self._usable(store)
        found.get(f"{key_rows.record_prefix(self._store_id())}{secrets.token_hex(16)}")
        current_cancellation().check()
        return found.status()

    def put(
        self,
        keys: Sequence[NewKey],
        *,
        store: KeyStoreKind,
        also: Callable[[Connection, tuple[StoredKey, ...]], T],
        replacing: Sequence[KeyReference] = (),
    ) -> T:
        """Keep keys, all or none, together with what refers to them.

        Args:
            also: runs on the workspace's thread in the transaction that makes the keys count, with the
                keys in the order given; what it raises undoes everything. It must not submit to the
                workspace.
            replacing: keys to let go of in the same transaction, as far as nothing refers to them once
                `also` has run; a store that does not forget them now is asked again by `sweep`.

        Raises:
            KeyStoreError: the store cannot be used, or did not keep what it was given; nothing is kept.
            CancelledByPersonError: the person gave up; nothing is kept.
            KeyStillThereError: all is done, but the person gave up while a store was forgetting an old key.
        """
        cancellation = current_cancellation()
        cancellation.let_go(CancelledByPersonError())  # of the keys that the same job has kept before
        title = self.unlock(store).title  # before anything is begun, and while nobody waits for us
        target, store_id = self._stores[store], self._store_id()
        now = self._clock.now().astimezone(UTC).replace(microsecond=0)
        new = [_new_record(key, store, title, now, self._workspace.machine or "") for key in keys]
        stored = tuple(one.key for one in new)
        named = [pair for one in new for pair in one.named_records(store_id)]

        def make_them_count(connection: Connection) -> tuple[T, tuple[KeyRow, ...]]:
            if not key_rows.activate(connection, [key.reference for key in stored]):
                raise key_not_kept(title)  # another process swept while a person had us wait, and gave up
            return also(connection, stored), key_rows.let_go(connection, replacing)

        try:
            with self._alone(cancellation):
                self._put_in_order(store)
                self._removal.look_for_a_copy(store)
                cancellation.check()
                pending = [(one.key, len(one.records)) for one in new]
                self._do(lambda connection: key_rows.add_pending(connection, pending))
                for name, record in named:
                    target.set(name, record)
                    cancellation.check()
                for name, record in named:
                    if target.get(name) != record:
                        raise key_not_kept(title)
                    cancellation.check()
                cancellation.decide()
                result, replaced = self._do(make_them_count)
                if replaced:
                    cancellation.let_go(key_still_there())
                for kind in self._stores:
                    self._removal.finish(kind, replaced)
            cancellation.decide()
            return result
        except BaseException:
            self._roll_back([one.row for one in new])
            raise

    def load(self, reference: KeyReference) -> CertificateIssuerPrivateKeyTypes:
        """Return a key; nobody keeps a copy of it here.

        Raises:
            KeyLostError: there is none of that reference, or what is kept is not that key any more.
            KeyStoreError: the store cannot be used.
            CancelledByPersonError: the person gave up.
        """
        store_id, found = self._workspace.submit(
            lambda connection: (key_rows.store_id(connection), key_rows.stored_key(connection, reference))
        ).result()
        if found is None:
            raise key_lost(reference)
        known, row = found
        store = self._usable(reference.store)
        records = [store.get(name) for name in key_rows.record_names(store_id, row)]
        current_cancellation().check()
        if not any(records) and not self._removal.is_ours(reference):
            raise key_elsewhere(reference)
        try:
            key = key_records.key_of([record for record in records if record is not None])
        except key_records.DamagedRecordError:
            raise key_lost(reference) from None
        if spki_sha256(key) != known.spki_sha256:
            raise key_lost(reference)
        return key

    def release(
        self,
        references: Sequence[KeyReference],
        *,
        also: Callable[[Connection], T],
        even_if_away: bool = False,
    ) -> T:
        """Let go of keys, as far as nothing else refers to them once `also` has run.

        Args:
            also: runs in the transaction that lets go, and removes what refers to the keys; what it raises
                undoes everything. It must not submit to the workspace.
            even_if_away: whether to go on without asking the stores, which may be locked, or on another
                machine for ever: for a person who has been told that a key may stay there.

        Raises:
            KeyStoreError: the store cannot be used; nothing was changed.
            KeyStillThereError: what `also` did is done, and the keys are not used any more, but a store
                did not forget them; `sweep` tries again.
            CancelledByPersonError: the person gave up; nothing was changed.
        """
        cancellation = current_cancellation()
        ours = [reference for reference in references if self._removal.is_ours(reference)]
        opened = {reference.store for reference in ours if not even_if_away}
        for kind in opened:
            self.unlock(kind)

        def let_go(connection: Connection) -> tuple[T, tuple[KeyRow, ...]]:
            result = also(connection)
            return result, key_rows.let_go(connection, references)

        with self._alone(cancellation):
            for kind in opened:
                self._put_in_order(kind)
            cancellation.decide()
            result, rows = self._do(let_go)
            cancellation.let_go(key_still_there())
            finished = [self._removal.finish(kind, rows) for kind in self._stores]
            if not all(finished):
                raise key_still_there()
        cancellation.check()
        return result

    def sweep(self) -> SweptKeys:
        """Finish what a crash left on its way, and remove records that belong to no key.

        Asks nobody: a store that is locked is left for another time, and so is all while another process
        changes keys.
        """
        try:
            with self._alone(current_cancellation(), _SWEEP_WAITS_S):
                return self._swept()
        except LockTakenError:
            return SweptKeys(waiting=tuple(self._stores))

    def _swept(self) -> SweptKeys:
        orphans = spared = 0
        waiting = []
        rows = self._removal.unfinished()
        for kind in self._stores:
            if not self._removal.finish(kind, rows):
                waiting.append(kind)
                continue
            removed = self._removal.remove_orphans(kind)
            orphans, spared = orphans + removed[0], spared + removed[1]
        asked = self._stores.keys() - set(waiting)
        done = [row.state for row in rows if row.reference.store in asked]
        return SweptKeys(
            rolled_back=done.count(KeyState.PENDING),
            deleted=done.count(KeyState.DELETING),
            orphans=orphans,
            spared=spared,
            waiting=tuple(waiting),
        )

    def _put_in_order(self, kind: KeyStoreKind) -> None:
        """Do once for a store that was unlocked what `sweep` could not do while it was locked."""
        if kind in self._in_order:
            return
        self._in_order.add(kind)
        self._removal.finish(kind, self._removal.unfinished())
        self._removal.remove_orphans(kind)

    def _roll_back(self, rows: Sequence[KeyRow]) -> None:
        """Take back what did not come to count; what cannot be taken back now is left to `sweep`.

        The rows may be gone by now, swept by another process, and a record be there that came later.
        """
        references = [row.reference for row in rows]
        try:
            with cancellable(KeyCancellation()), self._alone(current_cancellation()):
                known = self._do(lambda connection: key_rows.rows_of(connection, references))
                active = {row.reference for row in known if row.state is KeyState.ACTIVE}
                for kind in self._stores:
                    self._removal.finish(kind, [row for row in rows if row.reference not in active])
        except (TrustdeskError, RuntimeError) as error:  # the disk is full; the workspace was closed
            _log.warning("keys that do not count are left for the next start: %s", type(error).__name__)

    def _usable(self, kind: KeyStoreKind) -> SecretStore:
        store = self._stores.get(kind)
        if store is None:
            problem, remedy = msg("There is no such key store here."), msg("Choose another key store.")
            raise KeyStoreUnavailableError(problem, remedy=remedy, place=str(kind))
        status = store.status()
        if status.problem is None or status.remedy is None:
            return store
        if status.state in {KeyStoreState.UNAVAILABLE, KeyStoreState.ABSENT}:
            raise KeyStoreUnavailableError(status.problem, remedy=status.remedy, place=status.title)
        if status.state is KeyStoreState.REFUSED:
            raise KeyStoreRefusedError(status.problem, remedy=status.remedy, place=status.title)
        return store

    def _store_id(self) -> str:
        return self._workspace.submit(key_rows.store_id, durable=True).result()

    def _do(self, work: Callable[[Connection], T]) -> T:
        return self._workspace.submit(work, durable=True).result()

    @contextmanager
    def _alone(self, cancellation: KeyCancellation, wait_s: float | None = None) -> Iterator[None]:
        """Be the one process that changes keys; whoever gives up on a keyring that hangs lets others in."""
        with self._lock.held(wait_s) as let_others_in, cancellation.when_cancelled(let_others_in):
            yield


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewRecord:
    key: StoredKey
    records: tuple[str, ...] = field(repr=False)

    @property
    def row(self) -> KeyRow:
        return KeyRow(reference=self.key.reference, state=KeyState.PENDING, parts=len(self.records))

    def named_records(self, store_id: str) -> list[tuple[str, str]]:
        return list(zip(key_rows.record_names(store_id, self.row), self.records, strict=True))


def _new_record(new: NewKey, store: KeyStoreKind, title: str, now: datetime, machine: str) -> _NewRecord:
    public = read_element(spki_of(new.private_key.public_key()))
    algorithm, bits = key_of(public)
    key = StoredKey(
        reference=KeyReference(store=store, record_id=f"{machine}{secrets.token_hex(16)}"[:32]),
        store_title=title,
        algorithm=algorithm or "",
        bits=bits or 0,
        curve=curve_of(public),
        spki_sha256=spki_sha256(new.private_key),
        created_at=now,
        source=new.source,
    )
    return _NewRecord(key=key, records=key_records.records_of(new.private_key, now))
