"""Deeds that are sealed: run on the key stores' own thread, where they may wait for a locked keyring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from trustdesk.core.ports import Job, SecretStore
from trustdesk.core.seal_review import SealReview
from trustdesk.core.trust_decision import TrustLog
from trustdesk.services.key_thread import KeyThread
from trustdesk.storage.key_cancellation import current_cancellation
from trustdesk.storage.seal_handover import hand_over, take_over
from trustdesk.storage.seal_keys import SealKeys
from trustdesk.storage.seal_review import is_unsealed, seal_anew, seal_review
from trustdesk.storage.sealing import NO_SEALER, Sealer
from trustdesk.storage.trust_log import LogNote
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
        self._workspace = workspace
        self._keys = SealKeys(workspace, stores, lock_file)
        self._stores = list(stores)
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
            self.look_here()

        return self._thread.run(look)

    def look_here(self) -> bool:
        """As `look`, for who is on the key stores' thread; return whether the key came by it."""
        had_none = self._keys.current() is NO_SEALER
        has_key = self._keys.look() is not NO_SEALER
        self._keys.seal_missing()
        return had_none and has_key

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

    def reviewed(self) -> Job[SealReview]:
        """Say how all seals stand, and what the log tells of; the person may be asked to unlock the keyring.

        The future fails with a KeyStoreError where the store of the key is locked.
        """

        def run() -> SealReview:
            sealer = self._keys.looked_for()
            return self._workspace.submit(lambda connection: seal_review(connection, sealer)).result()

        return self._thread.run(run)

    def anew(
        self, seen: SealReview, note: Callable[[], LogNote], changed: Callable[[], None]
    ) -> Job[SealReview]:
        """Seal everything that the log tells, with the key or, where it is lost, with a new one.

        Cancelling while a key store is waited for keeps everything as it was.

        Args:
            seen: what a person looked at, and agreed to.
            note: returns what the log says of it; what it raises ends the job before anything is asked.
            changed: told before the job ends: what was sealed counts now.
        """

        def run() -> SealReview:
            said = note()
            result = self._keys.anew(
                lambda connection, sealer, is_new: seal_anew(
                    connection, sealer, seen, said, is_new_key=is_new
                )
            )
            changed()
            return result

        return self._thread.run(run)

    def hand_over(self, file: Path, passphrase: str) -> Job[None]:
        """Write the key of the seals into a new file, for another machine that shares the workspace.

        The future fails as `storage.seal_handover.hand_over`.
        """
        return self._thread.run(lambda: hand_over(self._workspace, self._stores, file, passphrase))

    def take_over(self, file: Path, passphrase: str) -> Job[None]:
        """Keep the key of the seals that such a file holds; fails as `storage.seal_handover.take_over`."""
        return self._thread.run(lambda: take_over(self._workspace, self._keys, file, passphrase))

    def log(self, read: Callable[[], Future[TrustLog]]) -> Job[TrustLog]:
        """Read the trust log with seals looked at as in `checked`, and say where their key is lost."""

        def run() -> TrustLog:
            self._keys.look()
            found = read().result()
            sealer = self._keys.current()
            return replace(
                found,
                key_is_lost=found.sealed is not True and self._keys.is_lost(),
                unsealed=found.broken_at is None
                and self._workspace.submit(lambda connection: is_unsealed(connection, sealer)).result(),
            )

        return self._thread.run(run)

    def checked(self, question: Callable[[], Future[T]]) -> Job[T]:
        """Answer a question with seals looked at, as far as that can be done without asking anybody."""

        def run() -> T:
            self._keys.look()
            return question().result()

        return self._thread.run(run)
