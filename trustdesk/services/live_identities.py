"""Our own certificates at work (`services.identity_desk.IdentityDesk`).

What touches a key store runs on that store's thread, one thing after the other. Reading files, judging and
the workspace have threads of their own, so that a keyring that waits for a person holds up nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from trustdesk.core.certificate_request import (
    AskedFor,
    CaseState,
    FieldRemark,
    MatchedReply,
    RequestCase,
    RequestDraft,
    ServerCommand,
)
from trustdesk.core.errors import CancelledByPersonError, EnvironmentFailureError
from trustdesk.core.finding import Finding
from trustdesk.core.identity import (
    Deletion,
    ExportedFile,
    ExportForm,
    ExportProfile,
    HandOver,
    Identity,
    IdentityView,
    ImportChoice,
    P12Diagnosis,
)
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.key_store import KeyReference, KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.ports import Job
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.files import read_bounded
from trustdesk.services.hand_over import hand_over
from trustdesk.services.identity_desk import PreparedImport
from trustdesk.services.identity_import import OpenedImport, prepare
from trustdesk.services.identity_keeping import surroundings_of
from trustdesk.services.identity_views import IdentityViewpoint, identity_view
from trustdesk.services.p12_doctor import reexport_p12
from trustdesk.services.passphrases import check_vault_passphrase
from trustdesk.services.reading import ReadingService
from trustdesk.services.request_cases import RequestCases
from trustdesk.services.request_content import asked_for
from trustdesk.services.request_fields import field_remarks
from trustdesk.services.request_hosts import host_remarks
from trustdesk.services.request_preflight import preflight
from trustdesk.services.server_commands import server_commands
from trustdesk.services.stored_identities import ExportWish, StoredIdentities
from trustdesk.services.thread_jobs import ThreadJobs
from trustdesk.services.trust_lists import certifi_list
from trustdesk.services.wording import wording
from trustdesk.services.workspace_keys import WorkspaceKeys
from trustdesk.storage.identities import IdentityIndex
from trustdesk.storage.key_stores import SweptKeys
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")

_log = logging.getLogger(__name__)

_FOLLOW_S = 2.0
"""How long is waited for what follows; the key stores' thread may be busy with a person."""


class LiveIdentities:
    """Identities, requests and key stores of one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        keys: WorkspaceKeys,
        session: DeskSession,
        *,
        changed: Callable[[], None],
        opened: Callable[[], None] = lambda: None,
    ) -> None:
        """Take what others own and close.

        Args:
            changed: told, from any thread, that identities may have changed.
            opened: told on the key stores' thread that one of them can be used that could not before.
        """
        self._workspace = workspace
        self._keys = keys
        self._session = session
        self._changed = changed
        self._opened = opened
        self._usable = frozenset[KeyStoreKind]()
        self._index = IdentityIndex(workspace)
        self._stored = StoredIdentities(workspace, keys.stores, session.clock)
        self._cases = RequestCases(workspace, keys.stores, session.clock)
        self._reading = ReadingService()
        self._opening = ThreadJobs("trustdesk-importing")
        # Whether a store is locked has to be seen while the stores' thread waits for it to be unlocked.
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-key-stores")
        self._working = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-own")
        # Judging waits for long revocation lists to be indexed.
        self._judging = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-own-judging")
        # Name servers that do not answer take seconds, while a person types on.
        self._asking = ThreadPoolExecutor(2, thread_name_prefix="trustdesk-hosts")

    # --- for the desk ---

    def stored(self) -> Future[tuple[Identity, ...]]:
        """All identities of the workspace, by name."""
        return self._index.all()

    def load_key(self, reference: KeyReference) -> Job[CertificateIssuerPrivateKeyTypes]:
        """Load a key for one run."""
        return self._keys.thread.run(lambda: self._keys.stores.load(reference))

    def sweep_keys(self) -> Job[SweptKeys]:
        """Put in order what a crash left in the key stores; asks nobody, and what fails is in the log."""
        job = self._keys.thread.run(self._keys.stores.sweep)
        job.future.add_done_callback(_log_failure)
        return job

    def close(self) -> None:
        """End what runs; the key stores' thread was closed before."""
        self._opening.close()
        self._reading.close()
        self._looking.shutdown(cancel_futures=True)
        self._working.shutdown(cancel_futures=True)
        self._judging.shutdown(cancel_futures=True)
        self._asking.shutdown(cancel_futures=True)

    # --- key stores ---

    def key_stores(self) -> Future[tuple[KeyStoreStatus, ...]]:
        """The system's keyring, then the vault."""
        return self._looking.submit(self._standing)

    def _standing(self) -> tuple[KeyStoreStatus, ...]:
        """Return how they stand, after what depends on one that was unlocked elsewhere has followed."""
        statuses = self._keys.stores.statuses()
        usable = frozenset(one.kind for one in statuses if one.state is KeyStoreState.READY)
        if not usable <= self._usable:
            with suppress(RuntimeError):  # the desk is being closed
                wait([self._keys.thread.run(self._opened).future], _FOLLOW_S)
        self._usable = usable
        return statuses

    def unlock(self, store: KeyStoreKind, passphrase: str | None = None) -> Job[KeyStoreStatus]:
        """Ask the system to unlock its keyring, or open the vault with its passphrase."""

        def unlocked() -> KeyStoreStatus:
            if store is KeyStoreKind.KEYRING:
                status = self._keys.stores.unlock(store)
            else:
                self._keys.vault.unlock(passphrase or "")
                status = self._keys.vault.status()
            self._opened()
            return status

        job = self._keys.thread.run(unlocked)
        # What could not be put in order while it was locked can be now, after whatever waits for it.
        job.future.add_done_callback(self._sweep_again)
        return job

    def make_vault(self, passphrase: str) -> Job[KeyStoreStatus]:
        """Make the encrypted file."""

        def made() -> KeyStoreStatus:
            self._keys.vault.make(check_vault_passphrase(passphrase))
            self._opened()
            return self._keys.vault.status()

        return self._keys.thread.run(made)

    def lock_vault(self) -> Future[KeyStoreStatus]:
        """Forget the vault's key."""

        def locked() -> KeyStoreStatus:
            self._keys.vault.lock()
            return self._keys.vault.status()

        return self._looking.submit(locked)

    # --- identities ---

    def views(self, trust_lists: Sequence[str] = ()) -> Future[tuple[IdentityView, ...]]:
        """All identities by name, as of the evaluation time, by the list in force or those named.

        They come when the revocation lists are open that are being opened.
        """
        at, revocation = self._session.at, self._session.revocation

        def seen() -> tuple[IdentityView, ...]:
            wait(revocation.opening())
            self._session.precedence.give_way()
            self._session.look_again()
            lists = self._session.lists(trust_lists)
            own = self._index.all().result()
            viewpoint = IdentityViewpoint(
                at=at,
                trust_lists=lists,
                public_list=certifi_list(),
                revocation=revocation.silent_policy().evidence(),
                uses=self._index.uses().result(),
                own=own,
            )
            return tuple(identity_view(one, viewpoint) for one in own)

        return self._judging.submit(seen)

    def prepare_import(self, files: Sequence[Path], passwords: Sequence[str] = ()) -> Job[PreparedImport]:
        """Open files and say what they hold; nothing is kept."""

        def prepared(cancel: threading.Event) -> PreparedImport:
            here = surroundings_of(self._workspace, self._session.trust_lists, self._session.clock.now())
            return prepare(files, passwords, reading=self._reading, here=here, cancel=cancel)

        return self._opening.start(prepared)

    def import_identities(
        self, prepared: PreparedImport, choices: Sequence[ImportChoice]
    ) -> Job[tuple[Identity, ...]]:
        """Keep the chosen ones, each whole or not at all."""
        if not isinstance(prepared, OpenedImport):
            raise TypeError("an import that was prepared elsewhere")
        return self._with_keys(lambda: self._stored.import_chosen(prepared, choices))

    def rename(self, name: str, new_name: str) -> Future[Identity]:
        """Give an identity another name; endpoints that use it follow."""
        return self._change(lambda: self._stored.rename(name, new_name))

    def export(
        self,
        name: str,
        file: Path,
        form: ExportForm,
        *,
        profile: ExportProfile | None = None,
        passphrase: str | None = None,
        is_agreed: bool = False,
    ) -> Job[tuple[ExportedFile, ...]]:
        """Write an identity to a file of mode 0600, and read it back."""
        wish = ExportWish(form=form, profile=profile, passphrase=passphrase, is_agreed=is_agreed)
        trust_lists = self._session.trust_lists
        if wish.needs_key:
            return self._keys.thread.run(lambda: self._stored.export(name, file, wish, trust_lists))
        return self._opening.start(lambda _cancel: self._stored.export(name, file, wish, trust_lists))

    def hand_over(
        self,
        name: str,
        folder: Path,
        passphrase: str,
        *,
        form: ExportForm | None = None,
        profile: ExportProfile | None = None,
    ) -> Job[HandOver]:
        """Write a protected file and an instruction sheet, without the passphrase."""
        trust_lists = self._session.trust_lists

        def handed_over() -> HandOver:
            what = self._stored.exportable(name, trust_lists, with_key=True)
            at, say = self._session.clock.now(), wording().text
            return hand_over(what, folder, passphrase, at=at, say=say, form=form, profile=profile)

        return self._keys.thread.run(handed_over)

    def check_key(self, name: str) -> Job[None]:
        """Take the key of an identity from its store, see that it fits, and let go of it."""
        return self._keys.thread.run(lambda: self._stored.check_key(name))

    def delete(self, name: str, *, even_if_away: bool = False) -> Job[Deletion]:
        """Delete an identity, and its key where nothing else uses it."""
        return self._with_keys(lambda: self._stored.delete(name, even_if_away=even_if_away))

    def doctor(self, file: Path, password: str | None = None) -> Future[P12Diagnosis]:
        """Say what a PKCS#12 file is made of, and who can open it."""
        return self._opening.start(lambda cancel: self._reading.diagnose_p12(file, password, cancel)).future

    def reexport(
        self, file: Path, password: str | None, to: Path, profile: ExportProfile, passphrase: str
    ) -> Job[ExportedFile]:
        """Write a PKCS#12 file anew with another profile; nothing of it is kept."""

        def written(_cancel: threading.Event) -> ExportedFile:
            data = read_bounded(file)
            return reexport_p12(data, str(file), password, to, profile=profile, passphrase=passphrase)

        return self._opening.start(written)

    # --- requests ---

    def preflight(self, draft: RequestDraft) -> tuple[Finding, ...]:
        """Apply the rules on requests to a draft."""
        return preflight(draft, at=self._session.at)

    def field_remarks(self, draft: RequestDraft) -> tuple[FieldRemark, ...]:
        """What to say beside the fields of a draft."""
        return field_remarks(draft)

    def host_remarks(self, draft: RequestDraft) -> Future[tuple[FieldRemark, ...]]:
        """Ask the name servers for the hosts that a draft names."""
        return self._asking.submit(host_remarks, draft)

    def asked_for(self, draft: RequestDraft) -> AskedFor:
        """What a request would ask for as the draft stands."""
        return asked_for(draft)

    def server_commands(self, draft: RequestDraft) -> tuple[ServerCommand, ...]:
        """Lines that make key and request on the server instead."""
        return server_commands(draft)

    def make_requests(
        self, drafts: Sequence[RequestDraft], store: KeyStoreKind
    ) -> Job[tuple[RequestCase, ...]]:
        """Make a key in the store and a request for each draft."""
        return self._with_keys(lambda: self._cases.make(drafts, store))

    def take_request(self, csr: CsrFacts, draft: RequestDraft) -> Future[RequestCase]:
        """Take in a request whose key was made elsewhere."""
        return self._change(lambda: self._cases.take(csr, draft))

    def cases(self) -> Future[tuple[RequestCase, ...]]:
        """All requests, the newest first."""
        return self._working.submit(self._cases.cases)

    def set_case_state(self, case_id: int, state: CaseState) -> Future[RequestCase]:
        """Note how far a case has come."""
        return self._change(lambda: self._cases.set_state(case_id, state))

    def drop_case(self, case_id: int) -> Job[None]:
        """Drop a case, and its key where nothing else uses it."""
        return self._with_keys(lambda: self._cases.drop(case_id))

    def match(self, files: Sequence[Path]) -> Future[tuple[MatchedReply, ...]]:
        """Find the cases that a CA's reply answers, by key, and what differs from what was asked."""

        def matched(cancel: threading.Event) -> tuple[MatchedReply, ...]:
            found = self._reading.inspect(files, None, cancel)
            return self._cases.match(found, self._session.trust_lists)

        return self._opening.start(matched).future

    def accept(self, reply: MatchedReply) -> Job[RequestCase]:
        """Take a matched certificate."""
        return self._with_keys(lambda: self._cases.accept(reply))

    def _sweep_again(self, unlocked: Future[KeyStoreStatus]) -> None:
        if unlocked.exception() is None:
            with suppress(RuntimeError):  # the desk was closed meanwhile
                # What is sealed can be seen now, and counts from now on.
                self._keys.seals.look().future.add_done_callback(lambda _done: self._judge_anew())
                self.sweep_keys()

    def _judge_anew(self) -> None:
        with suppress(RuntimeError, EnvironmentFailureError):  # closed meanwhile; or the next judge says it
            self._session.trust_changed()

    def _with_keys(self, work: Callable[[], T]) -> Job[T]:
        """Do something on the key stores' thread; also when it fails, something may have changed."""
        job = self._keys.thread.run(work)
        job.future.add_done_callback(lambda _done: self._changed())
        return job

    def _change(self, work: Callable[[], T]) -> Future[T]:
        future = self._working.submit(work)
        future.add_done_callback(lambda _done: self._changed())
        return future


def _log_failure(done: Future[SweptKeys]) -> None:
    error = done.exception()
    if error is not None and not isinstance(error, CancelledByPersonError):
        _log.warning("the key stores were not put in order: %s", type(error).__name__)
