"""A secret store that keeps texts in memory, for tests of what is built on key stores."""

from __future__ import annotations

from trustdesk.core.errors import KeyStoreLockedError
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import msg


class MemorySecrets:
    """A `core.ports.SecretStore`.

    Attributes:
        texts: what is kept, by name.
        is_locked: whether every call finds it locked.
    """

    kind = KeyStoreKind.KEYRING

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.is_locked = False

    def status(self) -> KeyStoreStatus:
        state = KeyStoreState.LOCKED if self.is_locked else KeyStoreState.READY
        return KeyStoreStatus(kind=self.kind, state=state, title="Memory")

    def get(self, name: str) -> str | None:
        self._check()
        return self.texts.get(name)

    def set(self, name: str, text: str) -> None:
        self._check()
        self.texts[name] = text

    def delete(self, name: str) -> None:
        self._check()
        self.texts.pop(name, None)

    def names(self, prefix: str) -> tuple[str, ...] | None:
        self._check()
        return tuple(name for name in self.texts if name.startswith(prefix))

    def _check(self) -> None:
        if self.is_locked:
            raise KeyStoreLockedError(msg("It is locked."), remedy=msg("Unlock it."))
