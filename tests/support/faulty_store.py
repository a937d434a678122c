"""A secret store that fails where a test tells it to, over one that works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from trustdesk.core.errors import KeyStoreError, KeyStoreUnavailableError
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import msg
from trustdesk.core.ports import SecretStore

T = TypeVar("T")


class FaultyStore:
    """Passes calls on. `before` and `after` see the name of each call, and may raise or take the store away.

    Attributes:
        calls: names of the methods called so far, without `status`.
        is_reachable: False is a keyring whose daemon has gone.
        forgets: whether what is set is lost without a word.
    """

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self.before: Callable[[str], None] = lambda _call: None
        self.after: Callable[[str], None] = lambda _call: None
        self.calls: list[str] = []
        self.is_reachable = True
        self.forgets = False

    @property
    def kind(self) -> KeyStoreKind:
        return self._store.kind

    def status(self) -> KeyStoreStatus:
        status = self._store.status()
        if self.is_reachable:
            return status
        return replace(status, state=KeyStoreState.UNAVAILABLE, problem=msg("Gone."), remedy=msg("Wait."))

    def get(self, name: str) -> str | None:
        return self._call("get", lambda: self._store.get(name))

    def set(self, name: str, text: str) -> None:
        if not self.forgets:
            self._call("set", lambda: self._store.set(name, text))

    def delete(self, name: str) -> None:
        self._call("delete", lambda: self._store.delete(name))

    def names(self, prefix: str) -> tuple[str, ...] | None:
        return self._call("names", lambda: self._store.names(prefix))

    def _call(self, call: str, work: Callable[[], T]) -> T:
        self.calls.append(call)
        self._see_that_it_is_reachable()
        self.before(call)
        result = work()
        self.after(call)
        self._see_that_it_is_reachable()
        return result

    def _see_that_it_is_reachable(self) -> None:
        if not self.is_reachable:
            raise KeyStoreUnavailableError(msg("Gone."), remedy=msg("Wait."))


def trouble() -> KeyStoreError:
    """Return what is made of a failure that nobody knows."""
    return KeyStoreError(msg("Something failed."), remedy=msg("Try again."))
