"""Seals over what people decided: HMACs that whoever has the database alone cannot make.

A seal binds what it is over, whose it is and which workspace it lies in. It says that this program wrote
the value with this workspace's key; that an older value was put back together with its seal it cannot say.
"""

from __future__ import annotations

import hmac
from enum import StrEnum
from typing import Protocol

from trustdesk.formats.canonical_json import canonical_json


class Sealed(StrEnum):
    """What a seal is over."""

    PIN = "pin"
    PROVIDER_PIN = "provider_pin"
    DECISION = "decision"
    POLICY = "policy"
    LOG = "log"


class Sealer(Protocol):
    """Makes and checks seals; never blocks, and is used from any thread."""

    @property
    def log_was_sealed(self) -> bool:
        """Whether the key store says that a seal over the log was made: a missing one was removed then."""
        ...

    def seal(self, kind: Sealed, name: str, text: str) -> str | None:
        """Return the seal over a text; None where the key is not at hand."""
        ...

    def holds(self, kind: Sealed, name: str, text: str, seal: str | None) -> bool | None:
        """Whether a seal holds; a missing one does not. None where the key is not at hand."""
        ...


class NoSealer:
    """What there is while the key store cannot be asked: nothing is sealed, and nothing can be said."""

    log_was_sealed = False

    def seal(self, kind: Sealed, name: str, text: str) -> str | None:  # noqa: ARG002 - a sealer's signature
        """Return None."""
        return None

    def holds(self, kind: Sealed, name: str, text: str, seal: str | None) -> bool | None:  # noqa: ARG002
        """Return None."""
        return None


NO_SEALER: Sealer = NoSealer()


class KeySealer:
    """Seals with a key that came from a key store; it shows it to nobody."""

    __slots__ = ("_mac", "_workspace", "log_was_sealed")

    def __init__(self, key: bytes, workspace: str, *, log_was_sealed: bool = False) -> None:
        """Take the key, of 32 bytes, and the random number of the workspace."""
        self._mac = hmac.new(key, digestmod="sha256")
        self._workspace = workspace
        self.log_was_sealed = log_was_sealed

    def seal(self, kind: Sealed, name: str, text: str) -> str:
        """Return the seal in hex."""
        mac = self._mac.copy()
        mac.update(
            canonical_json({"kind": str(kind), "name": name, "value": text, "workspace": self._workspace})
        )
        return mac.hexdigest()

    def holds(self, kind: Sealed, name: str, text: str, seal: str | None) -> bool:
        """Whether a seal is the one that belongs here."""
        return seal is not None and hmac.compare_digest(self.seal(kind, name, text).encode(), seal.encode())
