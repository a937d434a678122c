"""Which keyring is used: the system's own, from an allow-list."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from trustdesk.core.errors import KeyStoreRefusedError
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import SecretStore
from trustdesk.storage.secret_stores.failures import refused
from trustdesk.storage.secret_stores.keyring_store import USER, KeyringStore, KeyringSystem
from trustdesk.storage.secret_stores.secret_service import SecretServiceKeyring

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_NOT_FOUND = 1168  # Windows: ERROR_NOT_FOUND


class WindowsKeyring:
    """Credential Manager of the person who is logged in, on this machine only (`KeyringSystem`)."""

    title = "Windows Credential Locker"

    def backend(self) -> KeyringBackend:
        """Return keyring's class for it; entries do not roam with the person's profile."""
        from keyring.backends import Windows

        made = Windows.WinVaultKeyring()  # type: ignore[no-untyped-call]
        vars(made).clear()  # what KEYRING_PROPERTY_… variables set
        made.persist = "local machine"
        return made

    def standing(self) -> tuple[KeyStoreState, Message | None, Message | None]:
        """Ready, when entries can be listed."""
        self.names("trustdesk:")
        return KeyStoreState.READY, None, None

    def names(self, prefix: str) -> tuple[str, ...] | None:
        """List them; an entry that another one pushed aside (`key@…`) counts under its own name."""
        aside = f"{USER}@"
        found = {*_targets(prefix), *(name.removeprefix(aside) for name in _targets(aside + prefix))}
        return tuple(sorted(found))


def _targets(prefix: str) -> list[str]:
    from keyring.backends import Windows

    if Windows.missing_deps:
        raise ImportError("no access to Windows credentials")
    # As keyring found them: pywin32-ctypes, or pywin32.
    win32cred, error = vars(Windows)["win32cred"], vars(Windows)["pywintypes"].error
    try:
        entries = win32cred.CredEnumerate(f"{prefix}*", 0)
    except error as failure:
        if failure.winerror == _NOT_FOUND:
            return []
        raise
    return [str(entry["TargetName"]) for entry in entries]


class MacosKeyring:
    """The login keychain of macOS (`KeyringSystem`)."""

    title = "macOS Keychain"

    def backend(self) -> KeyringBackend:
        """Return keyring's class for it."""
        from keyring.backends import macOS

        made = macOS.Keyring()  # type: ignore[no-untyped-call]
        vars(made).clear()  # what KEYRING_PROPERTY_… variables set
        made.keychain = None  # KEYCHAIN_PATH
        return made

    def standing(self) -> tuple[KeyStoreState, Message | None, Message | None]:
        """Ready on macOS; whether it is locked cannot be seen without asking."""
        from keyring.backends import macOS

        if not hasattr(macOS, "api"):  # the system's libraries, which are only there
            raise ImportError("no access to the keychain")
        return KeyStoreState.READY, None, None

    def names(self, prefix: str) -> tuple[str, ...] | None:  # noqa: ARG002 - keyring cannot list them here
        """None."""
        return None


_ALLOWED: dict[str, Callable[[], KeyringSystem]] = {
    "keyring.backends.SecretService.Keyring": SecretServiceKeyring,
    "keyring.backends.Windows.WinVaultKeyring": WindowsKeyring,
    "keyring.backends.macOS.Keyring": MacosKeyring,
}
_OF_SYSTEM = {
    "win32": "keyring.backends.Windows.WinVaultKeyring",
    "darwin": "keyring.backends.macOS.Keyring",
}
_OF_ALL_OTHERS = "keyring.backends.SecretService.Keyring"


def keyring_store(backend: str | None = None) -> SecretStore:
    """Return the system's keyring, or the one whose class of `keyring` a person named.

    Nothing is imported or asked yet. A class that is not on the allow-list is never loaded: its store refuses
    every call, and its status says why.
    """
    name = backend or _OF_SYSTEM.get(sys.platform, _OF_ALL_OTHERS)
    system = _ALLOWED.get(name)
    return KeyringStore(system()) if system is not None else RefusedKeyring(name)


class RefusedKeyring:
    """A keyring that is not used, with the reason (`core.ports.SecretStore`)."""

    kind = KeyStoreKind.KEYRING

    def __init__(self, backend: str) -> None:
        self._backend = backend

    def status(self) -> KeyStoreStatus:
        """Refused, always."""
        failure = self._failure()
        return KeyStoreStatus(
            kind=self.kind,
            state=KeyStoreState.REFUSED,
            title=self._backend,
            problem=failure.problem,
            remedy=failure.remedy,
        )

    def get(self, name: str) -> str | None:  # noqa: ARG002 - a store's signature
        """Raise KeyStoreRefusedError; as all of them."""
        raise self._failure()

    def set(self, name: str, text: str) -> None:  # noqa: ARG002 - a store's signature
        """Raise KeyStoreRefusedError."""
        raise self._failure()

    def delete(self, name: str) -> None:  # noqa: ARG002 - a store's signature
        """Raise KeyStoreRefusedError."""
        raise self._failure()

    def names(self, prefix: str) -> tuple[str, ...] | None:  # noqa: ARG002 - a store's signature
        """Raise KeyStoreRefusedError."""
        raise self._failure()

    def _failure(self) -> KeyStoreRefusedError:
        return refused(_why_not(self._backend))


def _why_not(backend: str) -> Message:
    match backend.split("."):
        case ["keyring", "backends", "null", *_]:
            return msg("{backend} stores nothing, and says so to nobody.", backend=backend)
        case ["keyring", "backends", "fail", *_]:
            return msg("{backend} stands for having no keyring at all.", backend=backend)
        case ["keyring", "backends", "chainer", *_]:
            return msg(
                "{backend} writes to one keyring and reads from any: nobody would know where a key is.",
                backend=backend,
            )
        case ["keyrings", "alt", *_] | ["keyring", "backends", "file", *_]:
            return msg("{backend} keeps secrets in the clear, or as good as that.", backend=backend)
        case _:
            return msg("{backend} is none of the keyrings that trustdesk knows to be safe.", backend=backend)
