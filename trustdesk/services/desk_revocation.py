"""What a desk knows of revocation: the lists and responses that a person opened or keeps, and leave to ask.

Decisions:
- 2026-11: a CRL that a person has open counts, and no longer than it is open; one that is kept counts in
  every session of the workspace. What counts is seen, and nothing else counts.
- 2026-11: nothing is weighed here. A list that is out of date, of a wrong signer or damaged is handed to the
  judge like any other, who says so: a list that were left out would turn "unavailable" into "not asked".
- 2026-11: so is a list that is not open, as one that says why. Handshakes, sweeps and diagnoses wait for the
  lists that are being opened: the gate is no place for "not yet".
- 2026-11: a list goes for an older one only when the same key signed both (`storage.kept_lists`). Otherwise
  both are looked at, so that a forged list of a high number takes nobody's word away.
- 2026-11: asking is off until a person switches it on, for a session: what a desk looks at is told to the
  CAs then. Judging kept results again asks nobody either way.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import CancelledByPersonError, TrustdeskError, UnusableInputError
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock
from trustdesk.core.revocation import CrlSignature, RevocationSource
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.services.crl_opening import CrlJob, CrlOpener
from trustdesk.services.desk_values import OpenedCrl, PastedData
from trustdesk.services.evidence_in_use import EvidenceInUse, OpenEvidence
from trustdesk.services.given_lists import GivenRevocation, response_source
from trustdesk.services.known_list import KnownList, is_delta_scope, kept_list_of
from trustdesk.services.revocation import RevocationPolicy, StoppableWeb
from trustdesk.services.revocation_lists import HELD_BYTES, open_indexed_list
from trustdesk.storage.kept_lists import KeptList, KeptLists
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.revocation.evidence import RevocationEvidence
from trustdesk.verify.revocation_list import HeldRevocationList, ReadRevocationList, find_signer


class DeskRevocation:
    """The evidence of one desk, and whether it asks; methods may be called from any thread."""

    def __init__(
        self,
        workspace: Workspace,
        opener: CrlOpener,
        *,
        clock: Clock,
        make_web: Callable[[], StoppableWeb],
    ) -> None:
        """Take up what the workspace keeps: short lists at once, a long one by its index.

        Args:
            opener: opens long lists; its owner closes it after this.
            make_web: makes what asks addresses, one for each run, because a cancelled one asks no more.

        Raises:
            EnvironmentFailureError: what the workspace keeps cannot be read.
        """
        self._kept = KeptLists(workspace)
        self._opener = opener
        self._clock = clock
        self._make_web = make_web
        self._on_change: Callable[[], None] = lambda: None
        self._lock = threading.RLock()
        self._known: dict[str, KnownList] = {}
        self._responses: dict[str, tuple[str, bytes]] = {}
        self._online = False
        self._webs: list[StoppableWeb] = []
        self._shared: StoppableWeb | None = None
        self._is_closed = False
        self._working = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-evidence")
        try:
            for kept in self._kept.all().result():
                self._take_up(kept)
        except BaseException:
            self._working.shutdown()
            raise

    @property
    def is_online(self) -> bool:
        """Whether handshakes, sweeps and questions ask the addresses that certificates name."""
        return self._online

    def set_online(self, online: bool) -> None:
        """Ask, or ask nobody any more; what is being asked is stopped then."""
        self._online = online
        if not online:
            self.stop_asking()

    def stop_asking(self) -> None:
        """End what is being asked now; from any thread, any number of times."""
        with self._lock:
            webs, self._webs = self._webs, []
            if self._shared is not None:
                webs, self._shared = [*webs, self._shared], None
        for web in webs:
            web.cancel()

    def when_changed(self, call: Callable[[], None]) -> None:
        """Have this called, from any thread, whenever judgements may come out otherwise from then on."""
        self._on_change = call

    def policy(self) -> RevocationPolicy:
        """Return what a run from now on goes by; it asks where the person has switched that on."""
        if not self._online:
            return self.silent_policy()
        web = self._make_web()
        with self._lock:
            # Those that are done cost nothing: cancelling them does nothing.
            self._webs = [*self._webs[-_REMEMBERED:], web]
            if self._is_closed:
                web.cancel()
        return RevocationPolicy(given=self.evidence(), web=web)

    def silent_policy(self) -> RevocationPolicy:
        """Return the same without asking anybody."""
        return RevocationPolicy(given=self.evidence())

    def asking_policy(self) -> RevocationPolicy:
        """Return what a person's questions go by; what one of them was told, the others know."""
        with self._lock:
            if self._shared is None:
                self._shared = self._make_web()
                if self._is_closed:
                    self._shared.cancel()
            return RevocationPolicy(given=self.evidence(), web=self._shared)

    def evidence(self) -> RevocationEvidence:
        """Return the lists and responses in use, which ask nobody; one that is not open says so itself."""
        with self._lock:
            lists = tuple(
                (one.revocation_source, asked)
                for one in self._known.values()
                if (asked := one.revocation_list) is not None
            )
            return RevocationEvidence(lists=lists, responses=self._given_responses())

    def given(self) -> GivenRevocation:
        """Return the same as values for another process."""
        with self._lock:
            lists = tuple(
                one.given(sha256) for sha256, one in self._known.items() if one.revocation_list is not None
            )
            return GivenRevocation(lists=lists, responses=self._given_responses())

    def opening(self) -> tuple[Future[None], ...]:
        """Return what ends when the lists count that are being opened; empty where all do."""
        with self._lock:
            return tuple(one.settled for one in self._known.values() if one.job is not None)

    def in_use(self, *, replaced: int = 0) -> EvidenceInUse:
        """Say how everything stands."""
        with self._lock:
            return EvidenceInUse(
                lists={sha256: one.standing for sha256, one in self._known.items()},
                responses=frozenset(self._responses),
                replaced=replaced,
            )

    def use(self, evidence: Sequence[OpenEvidence]) -> Future[EvidenceInUse]:
        """Judge by what a person has open: these and what is kept, and nothing else.

        The future ends when all of them are open; what cannot be opened is said there.
        """
        waited: list[Future[None]] = []
        with self._lock:
            for one in self._known.values():
                one.is_open = False
            self._responses = {
                hashlib.sha256(one.response).hexdigest(): (one.name, one.response)
                for one in evidence
                if one.response is not None
            }
            for crl, name in ((one.crl, one.name) for one in evidence):
                if crl is not None:
                    waited += self._open(crl, name)
            for sha256 in [key for key, one in self._known.items() if not one.is_open and one.kept is None]:
                self._drop(sha256)
        self._on_change()
        return self._when_open(waited)

    def opened_for_a_face(self, sha256: str, done: Future[OpenedCrl]) -> None:
        """Take a list that a face had opened; one that the person did not wait for is waited for no more."""
        opened = None if done.cancelled() or done.exception() else done.result().revocation_list
        with self._lock:
            known = self._known.get(sha256)
            if known is None or known.opened is not None:
                return
            if isinstance(opened, ReadRevocationList):
                known.opened, known.problem, known.job = opened, None, None
            elif known.job is not None and isinstance(done.exception(), CancelledByPersonError):
                known.job.cancel()
        self._on_change()

    def keep(self, crl: CrlFacts, name: str, beside: Sequence[CertificateFacts]) -> Future[EvidenceInUse]:
        """Keep a list for the workspace, from which it counts in every session.

        Args:
            name: of the file that it came from.
            beside: certificates that may have signed it. A list whose signer is found takes the place of
                older ones by it.
        """
        return self._working.submit(self._keep, crl, name, tuple(beside))

    def forget(self, sha256: str) -> Future[EvidenceInUse]:
        """Keep a list no longer; it counts as long as it is open still."""
        return self._working.submit(self._forget, sha256)

    def look_again(self) -> Future[EvidenceInUse]:
        """Take up what the workspace keeps by now: a private CA of its own may have issued lists."""
        return self._working.submit(self._look_again)

    def kept(self) -> Future[tuple[PastedData, ...]]:
        """Return the lists that are kept, under the names of their files."""
        return self._working.submit(self._kept_data)

    def close(self) -> None:
        """End what runs; blocks until it has ended."""
        with self._lock:
            self._is_closed = True
            jobs = [one.job for one in self._known.values() if one.job is not None]
        for job in jobs:
            job.cancel()
        self.stop_asking()
        self._working.shutdown(cancel_futures=True)

    def _take_up(self, kept: KeptList) -> None:
        """Open a list that is kept; a long one without an index is indexed meanwhile.

        It counts once it has been read, not half before; a person may open or close it at any moment of that.
        """
        indexed = open_indexed_list(kept.sha256) if kept.size > HELD_BYTES else None
        der, crl, problem = None, None, None
        if indexed is None:
            try:
                der = self._kept.der(kept.sha256).result()
            except TrustdeskError as error:
                problem = error.problem
            else:
                if der is None:
                    return
        if der is not None and kept.size > HELD_BYTES:
            crl = read_revocation_list(der, sha256=kept.sha256, count=0)
        with self._lock:
            new = KnownList(name=kept.source, is_delta=is_delta_scope(kept.scope))
            known = self._known.setdefault(kept.sha256, new)
            known.kept = kept
            if known.opened is not None or known.job is not None:
                return
            known.opened, known.problem = indexed, problem
            if crl is not None:
                self._start(known, crl)
            elif der is not None:
                known.opened, known.der = HeldRevocationList(der), der

    def _open(self, crl: CrlFacts, name: str) -> list[Future[None]]:
        known = self._known.setdefault(crl.sha256, KnownList(name=name, is_delta=crl.is_delta))
        known.is_open, known.about = True, replace(crl, der=b"", fields=())
        if known.kept is None:
            known.name = name
        if known.opened is not None:
            return []
        if len(crl.der) <= HELD_BYTES:
            known.opened, known.der, known.problem = HeldRevocationList(crl.der), crl.der, None
            return []
        if known.job is None:
            self._start(known, crl)
        return [known.settled] if known.job is not None else []

    def _start(self, known: KnownList, crl: CrlFacts) -> None:
        known.problem = None
        known.settled = settled = Future[None]()
        known.job = job = self._opener.open(crl, (), None)

        def finish(done: Future[OpenedCrl]) -> None:
            try:
                self._take(known, job, done)
            finally:
                settled.set_result(None)

        job.future.add_done_callback(finish)
        if self._is_closed:
            job.cancel()

    def _take(self, known: KnownList, job: CrlJob, done: Future[OpenedCrl]) -> None:
        with self._lock:
            if known.job is not job:
                return
            known.take(done)
        self._on_change()

    def _when_open(self, settling: Sequence[Future[None]]) -> Future[EvidenceInUse]:
        answer: Future[EvidenceInUse] = Future()
        left = len(settling)

        def one_done(_done: Future[None]) -> None:
            nonlocal left
            with self._lock:
                left -= 1
                is_last = left == 0
            if is_last:
                answer.set_result(self.in_use())

        if not settling:
            answer.set_result(self.in_use())
        for one in settling:
            one.add_done_callback(one_done)
        return answer

    def _drop(self, sha256: str) -> None:
        known = self._known.pop(sha256)
        if known.job is not None:
            known.job.cancel()

    def _keep(self, crl: CrlFacts, name: str, beside: tuple[CertificateFacts, ...]) -> EvidenceInUse:
        with self._lock:
            known = self._known.get(crl.sha256)
            opened = None if known is None else known.opened
        if opened is None:
            raise UnusableInputError(
                msg("This revocation list is not open."), remedy=msg("Open it, then keep it.")
            )
        if opened.facts.this_update is None:
            raise UnusableInputError(
                msg("This revocation list cannot be read."), remedy=msg("Ask its CA for another.")
            )
        signer = find_signer(opened, beside)
        is_signed = signer.state is CrlSignature.VALID and signer.may_sign and signer.is_issuer
        kept = kept_list_of(
            replace(opened.facts, sha256=crl.sha256),
            signer=signer.sha256 if is_signed else None,
            source=name,
            kept_at=self._clock.now(),
            size=len(crl.der),
        )
        older = self._kept.keep(kept, crl.der).result()
        with self._lock:
            if known is not None and self._known.get(crl.sha256) is known:
                known.kept = kept
            else:  # closed meanwhile
                der = crl.der if len(crl.der) <= HELD_BYTES else None
                self._known[crl.sha256] = KnownList(
                    name=name, is_delta=crl.is_delta, der=der, kept=kept, opened=opened
                )
            for sha256 in older:
                self._keep_no_longer(sha256)
        self._on_change()
        return self.in_use(replaced=len(older))

    def _look_again(self) -> EvidenceInUse:
        kept = {one.sha256: one for one in self._kept.all().result()}
        with self._lock:
            for sha256, known in self._known.items():
                known.kept = kept.get(sha256, known.kept)
            new = [one for sha256, one in kept.items() if sha256 not in self._known]
        for one in new:
            self._take_up(one)
        with self._lock:
            for sha256 in [key for key, one in self._known.items() if one.kept and key not in kept]:
                self._keep_no_longer(sha256)
        self._on_change()
        return self.in_use()

    def _forget(self, sha256: str) -> EvidenceInUse:
        self._kept.forget(sha256).result()
        with self._lock:
            self._keep_no_longer(sha256)
        self._on_change()
        return self.in_use()

    def _keep_no_longer(self, sha256: str) -> None:
        known = self._known.get(sha256)
        if known is not None:
            known.kept = None
            if not known.is_open:
                self._drop(sha256)

    def _kept_data(self) -> tuple[PastedData, ...]:
        ders = ((kept.source, self._kept.der(kept.sha256).result()) for kept in self._kept.all().result())
        return tuple(PastedData(name=name, data=der) for name, der in ders if der is not None)

    def _given_responses(self) -> tuple[tuple[RevocationSource, bytes], ...]:
        return tuple((response_source(name), der) for name, der in self._responses.values())


_REMEMBERED = 64
"""Runs that may be asking at the same time; stopping reaches these."""
