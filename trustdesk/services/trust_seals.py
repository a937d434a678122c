"""Deeds that are sealed: run on the key stores' own thread, where they may wait for a locked keyring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from trustdesk.core.ports import Job, SecretStore
from trustdesk.services.key_thread import KeyThread
from trustdesk.storage.key_cancellation import current_cancellation
from trustdesk.storage.seal_keys import SealKeys
from trustdesk.storage.sealing import Sealer
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")


class TrustSeals:
    """Seals over what is decided about trust, for one workspace.

    Give `current` to `TrustLists`, `TrustDecisions` and `ProviderLists`; what they write inside `sealed` is
    sealed where the key can be had, and is written unsealed where it cannot.
    """

    def __init__(
        self, workspace: Workspace, stores: Sequence[SecretStore], lock_file: Path, thread: KeyThread
    ) -> None:
        """Take the key stores of the workspace, in order, with their lock; nothing is asked yet."""
        self._keys = SealKeys(workspace, stores, lock_file)
        self._thread = thread

    def current(self) -> Sealer:
        """Return what seals there can be made and checked now; never blocks."""
        return self._keys.current()

    def look(self) -> Job[None]:
        """Get the key where it can be had without asking anybody, so that seals can be checked from then on.

        Makes nothing, and unlocks nothing: for the start, and whenever a key store was unlocked. What was
        decided without a key store, and only takes trust away, is sealed then.
        """

        def look() -> None:
            self._keys.look()
            self._keys.seal_missing()

        return self._thread.run(look)

    def sealed(self, deed: Callable[[], Future[T]], *, may_ask: bool) -> Job[T]:
        """Do something with seals, once: get the key, or make it, then let `deed` write.

        Cancelling before `deed` begins keeps everything as it was; later it changes nothing.

        Args:
            deed: submits to the workspace, and returns its future; called on the key stores' thread.
            may_ask: whether the system may ask the person to unlock its keyring, and this waits for that: for
                what grants trust, which counts for nothing without a seal. What only takes trust away must
                not wait: it holds at once, and is sealed later.
        """

        def run() -> T:
            self._keys.get(may_ask=may_ask)
            current_cancellation().decide()
            return deed().result()

        return self._thread.run(run)

    def checked(self, question: Callable[[], Future[T]]) -> Job[T]:
        """Answer a question with seals looked at, as far as that can be done without asking anybody."""

        def run() -> T:
            self._keys.look()
            return question().result()

        return self._thread.run(run)
