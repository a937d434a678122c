"""The demo's keyring: in memory, so that the person's own holds nothing when the demo is gone."""

from __future__ import annotations

from threading import Lock

from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus


class DemoKeyring:
    """A secret store (`core.ports.SecretStore`) that ends with its desk; always ready."""

    kind = KeyStoreKind.KEYRING

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._lock = Lock()

    def status(self) -> KeyStoreStatus:
        """Ready."""
        return KeyStoreStatus(kind=self.kind, state=KeyStoreState.READY, title="Memory of the demo")

    def get(self, name: str) -> str | None:
        """Return the text of a name; None when there is none."""
        with self._lock:
            return self._texts.get(name)

    def set(self, name: str, text: str) -> None:
        """Keep a text until the demo ends."""
        with self._lock:
            self._texts[name] = text

    def delete(self, name: str) -> None:
        """Forget a name."""
        with self._lock:
            self._texts.pop(name, None)

    def names(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names that begin so."""
        with self._lock:
            return tuple(name for name in self._texts if name.startswith(prefix))
