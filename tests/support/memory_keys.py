"""The real key stores over a keyring in memory, which a test can lock, empty and listen at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from trustdesk.core.errors import KeyStoreLockedError
from trustdesk.core.key_store import KeyReference, KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock
from trustdesk.storage.key_stores import KeyStores
from trustdesk.storage.workspace import Workspace


class MemoryKeyring:
    """A `core.ports.SecretStore` that lasts as long as the test.

    Attributes:
        records: by name.
        is_locked: whether every call finds it locked.
    """

    kind = KeyStoreKind.KEYRING

    def __init__(self) -> None:
        self.records: dict[str, str] = {}
        self.is_locked = False

    def status(self) -> KeyStoreStatus:
        if not self.is_locked:
            return KeyStoreStatus(kind=self.kind, state=KeyStoreState.READY, title="Memory")
        return KeyStoreStatus(
            kind=self.kind,
            state=KeyStoreState.LOCKED,
            title="Memory",
            problem=msg("It is locked."),
            remedy=msg("Unlock it."),
        )

    def get(self, name: str) -> str | None:
        self._check()
        return self.records.get(name)

    def set(self, name: str, text: str) -> None:
        self._check()
        assert name not in self.records
        self.records[name] = text

    def delete(self, name: str) -> None:
        self._check()
        self.records.pop(name, None)

    def names(self, prefix: str) -> tuple[str, ...] | None:
        self._check()
        return tuple(name for name in self.records if name.startswith(prefix))

    def _check(self) -> None:
        if self.is_locked:
            raise KeyStoreLockedError(msg("It is locked."), remedy=msg("Unlock it."))


class MemoryKeyStores(KeyStores):
    """Key stores of a workspace over a keyring in memory.

    Attributes:
        keyring: where the records are.
        loads: references that were asked for, in order.
        planted: what is found in place of a key, by its reference.
        on_load: called on the thread that loads a key, before it has it.
    """

    def __init__(
        self, workspace: Workspace, folder: Path, clock: Clock, keyring: MemoryKeyring | None = None
    ) -> None:
        self.keyring = keyring or MemoryKeyring()
        super().__init__(workspace, (self.keyring,), folder / "keys.lock", clock)
        self.loads: list[str] = []
        self.planted: dict[str, CertificateIssuerPrivateKeyTypes] = {}
        self.on_load: Callable[[], None] = lambda: None

    def load(self, reference: KeyReference) -> CertificateIssuerPrivateKeyTypes:
        self.loads.append(str(reference))
        self.on_load()
        key = super().load(reference)
        return self.planted.get(str(reference), key)

    def lose(self, reference: KeyReference) -> None:
        """Take the records of a key away."""
        for name in [name for name in self.keyring.records if reference.record_id in name]:
            del self.keyring.records[name]
