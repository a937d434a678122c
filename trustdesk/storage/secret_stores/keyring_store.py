"""One system's keyring as a secret store, through `keyring`'s own class for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import Message
from trustdesk.storage.key_records import see_that_it_fits
from trustdesk.storage.secret_stores.failures import key_store_failure, says_that_it_is_not_there

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

USER = "key"
"""User name of every entry; each has a service name of its own, which Windows and macOS need."""


class KeyringSystem(Protocol):
    """What differs from one system to the next; keyring's modules are imported at the first call."""

    @property
    def title(self) -> str:
        """What the system calls its keyring."""
        ...

    def backend(self) -> KeyringBackend:
        """Return keyring's own class for it, made directly, with nothing taken from the environment."""
        ...

    def standing(self) -> tuple[KeyStoreState, Message | None, Message | None]:
        """Return state, problem and remedy; asks nobody and unlocks nothing. May raise what it meets."""
        ...

    def names(self, prefix: str) -> tuple[str, ...] | None:
        """Return the entries of ours that begin so, locked or not; None where they cannot be listed."""
        ...


class KeyringStore:
    """A `core.ports.SecretStore` in the system's keyring."""

    kind = KeyStoreKind.KEYRING

    def __init__(self, system: KeyringSystem) -> None:
        self._system = system
        self._backend: KeyringBackend | None = None

    def status(self) -> KeyStoreStatus:
        """Whether it can be used now; asks nobody and unlocks nothing."""
        try:
            state, problem, remedy = self._system.standing()
        except Exception as error:  # noqa: BLE001 - four libraries' exceptions, all of them a state
            failure = key_store_failure(error, self._system.title)
            state, problem, remedy = KeyStoreState.UNAVAILABLE, failure.problem, failure.remedy
        return KeyStoreStatus(
            kind=self.kind, state=state, title=self._system.title, problem=problem, remedy=remedy
        )

    def get(self, name: str) -> str | None:
        """Return the text of a name; None when there is none.

        Raises:
            KeyStoreError: it is locked, unavailable or refused; as for the next ones.
        """
        return self._call(lambda keyring: keyring.get_password(name, USER))

    def set(self, name: str, text: str) -> None:
        """Keep a text of at most 1,200 UTF-16 units under a name that was never used before."""
        see_that_it_fits(text)
        self._call(lambda keyring: keyring.set_password(name, USER, text))

    def delete(self, name: str) -> None:
        """Forget a name; nothing happens when it is not there."""
        self._call(lambda keyring: _delete(keyring, name))

    def names(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names that begin so; None where the system cannot list them.

        A keyring that is locked is not unlocked for it: that is a KeyStoreLockedError.
        """
        return self._call(lambda _keyring: self._system.names(prefix))

    def _call(self, work: Callable[[KeyringBackend], T]) -> T:
        try:
            if self._backend is None:
                self._backend = self._system.backend()
            return work(self._backend)
        except Exception as error:  # noqa: BLE001 - four libraries' exceptions, each a key store's failure
            raise key_store_failure(error, self._system.title) from None


def _delete(keyring: KeyringBackend, name: str) -> None:
    from keyring.errors import PasswordDeleteError

    try:
        keyring.delete_password(name, USER)
    except PasswordDeleteError:
        # Said for what is not there, and on macOS for everything else too.
        if keyring.get_password(name, USER) is not None:
            raise
    except Exception as error:
        if not says_that_it_is_not_there(error):
            raise
