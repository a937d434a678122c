"""The identities that a desk can present: those with keys in a key store, and those opened for one session.

A stored key is loaded when a run begins, on the thread of the key stores, and goes with that run. Everything
public (names, certificates, chains) is had without a key, and so without a keyring.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError, UnusableInputError
from trustdesk.core.identity import Identity
from trustdesk.core.key_store import KeyReference
from trustdesk.core.message import msg
from trustdesk.core.ports import Job
from trustdesk.formats.credential import ClientCredential, ClientIdentity
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.desk_values import IdentityChoice
from trustdesk.services.identities import choice_of
from trustdesk.services.prepared_jobs import DoneJob, FailedJob, PreparedJob, ThreadEach
from trustdesk.services.rejudging import OwnPath, own_path

T = TypeVar("T")

PrivateKey = CertificateIssuerPrivateKeyTypes
LoadKey = Callable[[KeyReference], Job[PrivateKey]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedIdentities:
    """What a run begins with.

    Attributes:
        credentials: by name, with their keys.
        missing: names of which there is no identity.
    """

    credentials: Mapping[str, ClientCredential] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()

    def of(self, name: str | None) -> ClientCredential | None:
        """Return the credential of a name; None for None, and where there is none."""
        return None if name is None else self.credentials.get(name)


class IdentitiesInUse:
    """Names to identities; where a stored one and an opened one have the same name, the stored one counts.

    Methods may be called from any thread; those that say so block until the workspace answers.
    """

    def __init__(
        self,
        session: DeskSession,
        stored: Callable[[], Future[tuple[Identity, ...]]],
        load_key: LoadKey,
    ) -> None:
        """Take what others own.

        Args:
            stored: all identities of the workspace, as they are at each call.
            load_key: begins to load a key.
        """
        self._session = session
        self._stored = stored
        self._load_key = load_key
        self._preparing = ThreadEach("trustdesk-identities")

    def stored(self) -> tuple[Identity, ...]:
        """All identities of the workspace; blocks. The session knows what we send from then on."""
        found = self._stored().result()
        self._session.know_own(map(public_side, found))
        return found

    def choices(self) -> tuple[IdentityChoice, ...]:
        """What can be selected, stored ones first; blocks."""
        return tuple(choice_of(name, one) for name, one in self.everything().items())

    def everything(self) -> dict[str, ClientIdentity]:
        """The public sides by name, stored ones first; blocks."""
        found: dict[str, ClientIdentity] = {one.name: public_side(one) for one in self.stored()}
        for name, opened in self._session.credentials().items():
            found.setdefault(name, opened)
        return found

    def paths(self) -> dict[str, OwnPath]:
        """What is sent with each identity, by its name, end entity first; blocks."""
        return {name: own_path(one) for name, one in self.everything().items()}

    def run_with(
        self,
        names: Iterable[str | None],
        begin: Callable[[LoadedIdentities], Job[T]],
        *,
        place: str | None = None,
        may_lack: bool = False,
        given_up: Callable[[], T] | None = None,
    ) -> Job[T]:
        """Load the keys of identities, each once, and begin a run with them; at once where none is named.

        The future fails with UnusableInputError when there is none of a name, with a KeyStoreError when its
        key cannot be had, and with CancelledByPersonError when it is cancelled while it waits for that: no
        run begins without the identity that it was meant to have.

        Args:
            begin: runs on a thread that may wait.
            place: what the run is about, for the error.
            may_lack: whether the run begins also where there is no identity of some name.
            given_up: returns what is delivered when it is cancelled while it waits; None to fail.
        """
        wanted = tuple(dict.fromkeys(name for name in names if name is not None))
        if not wanted:
            try:
                return begin(LoadedIdentities())
            except TrustdeskError as error:  # on a window's thread: it is told as of all others
                return FailedJob(error)
        loading = _Loading(self._load_key)

        def start() -> Job[T]:
            try:
                loaded = self._loaded(wanted, loading, place, may_lack=may_lack)
            except CancelledByPersonError:
                if given_up is None:
                    raise
                return DoneJob(given_up())
            return begin(loaded)

        return PreparedJob(self._preparing, start, loading.stop)

    def close(self) -> None:
        """Begin nothing more; blocks until what waits has ended. The key stores' thread was closed before."""
        self._preparing.shutdown()

    def _loaded(
        self, wanted: Sequence[str], loading: _Loading, place: str | None, *, may_lack: bool
    ) -> LoadedIdentities:
        stored = {one.name: one for one in self.stored()}
        opened = self._session.credentials()
        missing = [name for name in wanted if name not in stored and name not in opened]
        if missing and not may_lack:
            raise _unknown(missing[0], (*stored, *opened), place)
        credentials = {name: opened[name] for name in wanted if name in opened and name not in stored}
        for name in wanted:
            if name in stored:
                credentials[name] = credential_of(stored[name], loading.key(stored[name]))
        return LoadedIdentities(credentials=credentials, missing=frozenset(missing))


def public_side(identity: Identity) -> ClientIdentity:
    """Return what a server sees of a stored identity."""
    path = tuple(facts.der for facts in identity.certification_path)
    return ClientIdentity(name=identity.name, certification_path=path)


def credential_of(identity: Identity, private_key: PrivateKey) -> ClientCredential:
    """Join a stored identity with its key."""
    path = tuple(facts.der for facts in identity.certification_path)
    return ClientCredential(name=identity.name, certification_path=path, private_key=private_key)


class _Loading:
    """Loads keys one after the other until it is told to stop."""

    def __init__(self, load_key: LoadKey) -> None:
        self._load_key = load_key
        self._lock = threading.Lock()
        self._job: Job[PrivateKey] | None = None
        self.is_stopped = False

    def key(self, identity: Identity) -> PrivateKey:
        """Return the key of an identity; blocks, perhaps until a person unlocks the keyring.

        Raises:
            KeyStoreError: it cannot be had.
            CancelledByPersonError: it was stopped.
        """
        with self._lock:
            if self.is_stopped:
                raise CancelledByPersonError
            job = self._job = self._load_key(identity.key.reference)
        try:
            return job.future.result()
        finally:
            with self._lock:
                self._job = None

    def stop(self) -> None:
        with self._lock:
            self.is_stopped = True
            job = self._job
        if job is not None:
            job.cancel()


def _unknown(name: str, known: Iterable[str], place: str | None) -> UnusableInputError:
    return UnusableInputError(
        msg("There is no identity of the name {name}.", name=name),
        remedy=msg("Choose one of: {names}.", names=", ".join(dict.fromkeys(known)) or "–"),
        place=place,
    )
