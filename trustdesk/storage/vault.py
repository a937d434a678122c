"""Our own encrypted vault, for machines without a keyring, where a person chose it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from trustdesk.core.errors import (
    EnvironmentFailureError,
    KeyStoreError,
    KeyStoreLockedError,
    KeyStoreUnavailableError,
    UnusableInputError,
    WrongPasswordError,
)
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import msg
from trustdesk.storage.atomic_file import write_atomically
from trustdesk.storage.failures import file_failure
from trustdesk.storage.process_lock import ProcessLock

if TYPE_CHECKING:
    from trustdesk.storage.vault_file import KdfCost, VaultContent, VaultHeader

T = TypeVar("T")

TITLE = "Vault"
IDLE_S = 15 * 60.0
"""After how long without use the vault locks itself."""

_LOCKED = msg("The vault is locked.")
_OPEN_IT = msg("Open it with its passphrase.")
_ABSENT = msg("There is no vault yet.")
_MAKE_IT = msg("Make one with a passphrase, or use the system's keyring.")


class Vault:
    """A `core.ports.SecretStore` in one encrypted file; only its key is in memory, and only while it is open.

    The file is read and opened anew with every call, so that several processes may use it, and so that no
    secret stays in memory. Thread-safe.
    """

    kind = KeyStoreKind.VAULT

    def __init__(
        self,
        file: Path,
        *,
        cost: KdfCost | None = None,
        idle_s: float = IDLE_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the place of the vault; nothing is read or made yet.

        Args:
            cost: of the passphrases that are set from here on; None for the default.
            idle_s: after how long without use it locks itself.
            monotonic: seconds that never go back.
        """
        self._file = file
        self._cost = cost
        self._idle_s = idle_s
        self._monotonic = monotonic
        self._guard = threading.RLock()
        self._key: bytearray | None = None
        self._vault_id = ""
        self._generation = 0
        self._used_at = 0.0
        self._timer: threading.Timer | None = None

    def status(self) -> KeyStoreStatus:
        """Ready, locked, or not made yet; asks nobody."""
        state, problem, remedy = KeyStoreState.READY, None, None
        if not self._file.exists():
            state, problem, remedy = KeyStoreState.ABSENT, _ABSENT, _MAKE_IT
        elif not self.is_open:
            state, problem, remedy = KeyStoreState.LOCKED, _LOCKED, _OPEN_IT
        return KeyStoreStatus(kind=self.kind, state=state, title=TITLE, problem=problem, remedy=remedy)

    @property
    def is_open(self) -> bool:
        """Whether its key is in memory."""
        with self._guard:
            self._lock_when_idle()
            return self._key is not None

    def make(self, passphrase: str) -> None:
        """Make the vault, and leave it open.

        Raises:
            UnusableInputError: there is one already, or the passphrase is empty.
            EnvironmentFailureError: the file cannot be written.
        """
        from trustdesk.storage.vault_file import KdfCost, VaultContent, new_vault, sealed

        _see_that_there_is_one(passphrase)
        header, key = new_vault(passphrase, self._cost or KdfCost())
        with self._guard, self._alone():
            if self._file.exists():
                raise UnusableInputError(
                    msg("There is a vault already."),
                    remedy=msg("Open it with its passphrase, or move its file away."),
                    place=str(self._file),
                )
            write_atomically(self._file, sealed(header, key, VaultContent(generation=1, items={})))
            self._take(header, key, 1)

    def unlock(self, passphrase: str) -> None:
        """Open the vault; takes 0.4 s, on purpose.

        Raises:
            WrongPasswordError: the passphrase is another one.
            KeyStoreUnavailableError: there is no vault.
            KeyStoreError: the file is damaged.
        """
        data = self._read()
        header, key = self._unwrapped(data, passphrase)
        content = self._opened(data, key)[1]
        with self._guard:
            self._take(header, key, content.generation)

    def lock(self) -> None:
        """Forget the vault's key."""
        with self._guard:
            if self._key is not None:
                self._key[:] = bytes(len(self._key))
                self._key = None
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the vault's key anew; an open vault stays open.

        Raises:
            UnusableInputError: the new one is empty.
            WrongPasswordError: the old one is wrong.
            KeyStoreError: there is no vault, or it is damaged.
        """
        from trustdesk.storage.vault_file import KdfCost, VaultContent, rewrapped, sealed

        _see_that_there_is_one(new)
        with self._guard, self._alone():
            data = self._read()
            header, key = self._unwrapped(data, old)
            content = self._opened(data, key)[1]
            header = rewrapped(header, key, new, self._cost or KdfCost())
            content = VaultContent(generation=content.generation + 1, items=content.items)
            write_atomically(self._file, sealed(header, key, content))
            if self._key is not None:
                self._generation = content.generation

    def get(self, name: str) -> str | None:
        """Return the text of a name; None when there is none.

        Raises:
            KeyStoreError: it is locked, gone, or damaged; as for the next ones.
        """
        return self._look(lambda items: items.get(name))

    def set(self, name: str, text: str) -> None:
        """Keep a text of at most 1,200 UTF-16 units under a name that was never used before."""
        from trustdesk.storage.key_records import see_that_it_fits

        see_that_it_fits(text)

        def add(items: dict[str, str]) -> None:
            if name in items:
                raise KeyStoreError(
                    msg("The vault has an entry of this name already."), remedy=msg("Try again."), place=TITLE
                )
            items[name] = text

        self._change(add)

    def delete(self, name: str) -> None:
        """Forget a name; nothing happens when it is not there."""

        def remove(items: dict[str, str]) -> None:
            items.pop(name, None)

        self._change(remove)

    def names(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names that begin so."""
        return self._look(lambda items: tuple(sorted(name for name in items if name.startswith(prefix))))

    def _look(self, at: Callable[[dict[str, str]], T]) -> T:
        with self._guard:
            return at(self._content(self._used_key())[1].items)

    def _change(self, change: Callable[[dict[str, str]], None]) -> None:
        from trustdesk.storage.vault_file import VaultContent, sealed

        with self._guard, self._alone():
            key = self._used_key()
            header, content = self._content(key)
            items = dict(content.items)
            change(items)
            if items == content.items:
                return
            generation = content.generation + 1
            write_atomically(
                self._file, sealed(header, key, VaultContent(generation=generation, items=items))
            )
            self._generation = generation

    def _content(self, key: bytearray) -> tuple[VaultHeader, VaultContent]:
        header, content = self._opened(self._read(), key)
        if content.generation < self._generation or header.vault_id != self._vault_id:
            raise KeyStoreError(
                msg("An older copy of the vault lies in its place."),
                remedy=msg(
                    "Put the newer file back, or lock the vault and open it again to go on with this."
                ),
                place=str(self._file),
            )
        self._generation = content.generation
        return header, content

    def _used_key(self) -> bytearray:
        self._lock_when_idle()
        if self._key is None:
            if not self._file.exists():
                raise KeyStoreUnavailableError(_ABSENT, remedy=_MAKE_IT, place=TITLE)
            raise KeyStoreLockedError(_LOCKED, remedy=_OPEN_IT, place=TITLE)
        self._used_at = self._monotonic()
        return self._key

    def _take(self, header: VaultHeader, key: bytearray, generation: int) -> None:
        self.lock()
        self._key, self._vault_id, self._generation = key, header.vault_id, generation
        self._used_at = self._monotonic()
        self._watch(self._idle_s)

    def _watch(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._lock_or_watch)
        self._timer.daemon = True
        self._timer.start()

    def _lock_or_watch(self) -> None:
        with self._guard:
            self._lock_when_idle()
            if self._key is not None:
                self._watch(self._used_at + self._idle_s - self._monotonic())

    def _lock_when_idle(self) -> None:
        if self._key is not None and self._monotonic() - self._used_at >= self._idle_s:
            self.lock()

    def _unwrapped(self, data: bytes, passphrase: str) -> tuple[VaultHeader, bytearray]:
        from trustdesk.storage.vault_file import (
            DamagedVaultError,
            WrongPassphraseError,
            header_of,
            unwrapped,
        )

        try:
            header = header_of(data)
            return header, unwrapped(header, passphrase)
        except DamagedVaultError:
            raise self._damaged() from None
        except WrongPassphraseError:
            raise WrongPasswordError(
                msg("The vault does not open: the passphrase is wrong, or the file is damaged."),
                remedy=msg("Try the passphrase again; without it nobody can open the vault."),
                place=str(self._file),
            ) from None

    def _opened(self, data: bytes, key: bytearray) -> tuple[VaultHeader, VaultContent]:
        from trustdesk.storage.vault_file import DamagedVaultError, opened

        try:
            return opened(data, key)
        except DamagedVaultError:
            raise self._damaged() from None

    def _read(self) -> bytes:
        from trustdesk.storage.vault_file import MAX_BYTES

        try:
            with self._file.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise KeyStoreUnavailableError(_ABSENT, remedy=_MAKE_IT, place=TITLE) from None
        except PermissionError:
            raise KeyStoreError(
                msg("The vault's file belongs to somebody else: it cannot be read."),
                remedy=msg("Give yourself the right to read and write it."),
                place=str(self._file),
            ) from None
        except OSError as error:
            failure = file_failure(error, str(self._file))
            raise KeyStoreError(failure.problem, remedy=failure.remedy, place=failure.place) from None
        if len(data) > MAX_BYTES:
            raise self._damaged()
        return data

    def _damaged(self) -> KeyStoreError:
        return KeyStoreError(
            msg("The vault's file is damaged, or was changed by another program."),
            remedy=msg("Restore it from a backup."),
            place=str(self._file),
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from writing meanwhile; what the file system refuses is a KeyStoreError."""
        try:
            with ProcessLock(self._file.with_name(self._file.name + ".lock")).held():
                yield
        except KeyStoreError:
            raise
        except EnvironmentFailureError as failure:
            raise KeyStoreError(failure.problem, remedy=failure.remedy, place=failure.place) from None


def _see_that_there_is_one(passphrase: str) -> None:
    if not passphrase:
        raise UnusableInputError(
            msg("The vault needs a passphrase."), remedy=msg("Choose one of at least seven words.")
        )
