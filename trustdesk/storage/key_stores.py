"""The private keys of one workspace: what has to be true of them after any crash.

A key is there when its row in table `keys` is active; then every record of it is in its store, was read
back, and whatever refers to it (an identity, a request, a CA) was written in the same transaction. A key is
gone when it has no row; then none of its records is left. Everything else is on its way: rows that are
pending or deleting are brought to one of the two ends by `sweep`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from trustdesk.core.key_store import KeyReference, KeyStoreKind, KeyStoreStatus, StoredKey
from trustdesk.core.ports import Clock, SecretStore
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
    from sqlalchemy import Connection

T = TypeVar("T")


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
        spared: records without a key that were left, because they are younger than what the workspace knows
            of: it is an older copy, and the keys may be in use.
        waiting: stores with something left to do that could not be used without asking a person.
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
        self._lock_file = lock_file
        self._clock = clock

    def statuses(self) -> tuple[KeyStoreStatus, ...]:
        """How the stores stand; asks nobody and unlocks nothing."""
        raise NotImplementedError

    def unlock(self, store: KeyStoreKind) -> KeyStoreStatus:
        """Let the system ask the person to unlock its keyring; a store that is ready stays so.

        The vault is opened with its passphrase instead (`storage.vault.Vault.unlock`).

        Raises:
            KeyStoreError: it stayed locked, or cannot be used at all.
        """
        raise NotImplementedError

    def put(
        self,
        keys: Sequence[NewKey],
        *,
        store: KeyStoreKind,
        also: Callable[[Connection, tuple[StoredKey, ...]], T],
    ) -> T:
        """Keep keys, all or none, together with what refers to them.

        Args:
            also: runs on the workspace's thread in the transaction that makes the keys count, with the
                keys in the order given; what it raises undoes everything. It must not submit to the
                workspace.

        Raises:
            KeyStoreError: the store cannot be used, or did not keep what it was given; nothing is kept.
            CancelledByPersonError: the person gave up; nothing is kept.
        """
        raise NotImplementedError

    def load(self, reference: KeyReference) -> CertificateIssuerPrivateKeyTypes:
        """Return a key; nobody keeps a copy of it here.

        Raises:
            KeyLostError: there is none of that reference, or what is kept is not that key any more.
            KeyStoreError: the store cannot be used.
        """
        raise NotImplementedError

    def release(self, references: Sequence[KeyReference], *, also: Callable[[Connection], T]) -> T:
        """Let go of keys, as far as nothing else refers to them once `also` has run.

        Args:
            also: runs in the transaction that lets go, and removes what refers to the keys; what it raises
                undoes everything. It must not submit to the workspace.

        Raises:
            KeyStoreError: the store cannot be used; nothing was changed.
            KeyStillThereError: what `also` did is done, and the keys are not used any more, but a store
                did not forget them; `sweep` tries again.
            CancelledByPersonError: the person gave up; nothing was changed.
        """
        raise NotImplementedError

    def sweep(self) -> SweptKeys:
        """Finish what a crash left on its way, and remove records that belong to no key.

        Asks nobody: a store that is locked is left for another time.
        """
        raise NotImplementedError
