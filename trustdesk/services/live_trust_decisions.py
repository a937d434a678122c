"""What people decide about trust, at work: decisions, policies, the review queue and the trust log."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock, Job
from trustdesk.core.trust import PUBLIC_WEB_LIST
from trustdesk.core.trust_decision import (
    AwaitingDecision,
    DecisionKind,
    LocalDecision,
    PartnerPolicy,
    TrustLog,
)
from trustdesk.core.trust_entry import Usage
from trustdesk.formats.certificate import read_certificate
from trustdesk.services.account import account_name
from trustdesk.services.fingerprints import sha256_of
from trustdesk.services.thread_jobs import ThreadJobs
from trustdesk.services.trust_queue import queue_of
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.atomic_file import PASSED_ON, write_atomically
from trustdesk.storage.listed_certificates import listed_certificate
from trustdesk.storage.new_fingerprints import all_new_fingerprints
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log import LogNote
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.outline import outline

T = TypeVar("T")

_log = logging.getLogger(__name__)

FindCertificate = Callable[[str], CertificateFacts | None]


class LiveTrustDecisions:
    """Decisions of one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        seals: TrustSeals,
        clock: Clock,
        *,
        find_certificate: FindCertificate,
        changed: Callable[[], None],
        give_way: Callable[[], None],
    ) -> None:
        """Take what others own.

        Args:
            find_certificate: one that was seen or is judged by; blocks.
            changed: told, from any thread, that what is judged by may have changed.
            give_way: waits while what a person looks at is read.
        """
        self._workspace = workspace
        self._seals = seals
        self._clock = clock
        self._find = find_certificate
        self._changed = changed
        self._give_way = give_way
        self._store = TrustDecisions(workspace, seals.current)
        self._lists = TrustLists(workspace, seals.current)
        self._log = TrustLogBook(workspace, seals.current)
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-decisions")
        self._writing = ThreadJobs("trustdesk-trust-log")

    def close(self) -> None:
        """End what runs; the key stores' thread was closed before."""
        self._looking.shutdown(cancel_futures=True)
        self._writing.close()

    def decisions(self) -> Future[tuple[LocalDecision, ...]]:
        """What was decided here about certificates, the newest first."""
        return self._store.decisions()

    def distrust(self, sha256: str, reason: str, *, expires: datetime | None = None) -> Job[LocalDecision]:
        """Trust nothing that passes through a certificate's key, whatever lists say."""
        return self._decide(sha256, DecisionKind.DISTRUST, reason, expires, frozenset())

    def limit_usage(
        self, sha256: str, usages: frozenset[Usage], reason: str, *, expires: datetime | None = None
    ) -> Job[LocalDecision]:
        """Let a CA vouch for no more than this."""
        return self._decide(sha256, DecisionKind.LIMIT_USAGE, reason, expires, usages)

    def withdraw_decision(self, sha256: str, reason: str) -> Job[None]:
        """Take a decision back; the log keeps both."""
        note = self._note(reason)
        return self._deed(lambda: self._store.withdraw(sha256_of(sha256), with_reason(note)), may_ask=False)

    def policies(self) -> Future[tuple[PartnerPolicy, ...]]:
        """Policies of partners, by partner."""
        return self._store.policies()

    def set_policy(self, policy: PartnerPolicy, reason: str) -> Job[PartnerPolicy]:
        """Judge a partner's servers by this from now on; an empty policy takes it away."""
        note = self._note(reason)

        def deed() -> Future[PartnerPolicy]:
            with_reason(note)
            return self._store.set_policy(_by(policy, note), note, builtin=(PUBLIC_WEB_LIST,))

        # What it grants counts for nothing without a seal: that is worth asking a person for.
        return self._deed(deed, may_ask=bool(policy.private_roots))

    def queue(self) -> Future[tuple[AwaitingDecision, ...]]:
        """What waits for a decision."""

        def waiting() -> tuple[AwaitingDecision, ...]:
            lists = self._lists.summaries().result()
            return queue_of(lists, all_new_fingerprints(self._workspace, self._give_way))

        return self._looking.submit(waiting)

    def decide_fingerprint(self, endpoint_id: int, sha256: str, *, accepted: bool, comment: str) -> Job[None]:
        """Write down that a new server certificate is expected, or is not."""
        note = self._note(comment)
        return self._deed(
            lambda: self._store.decide_fingerprint(
                endpoint_id, sha256_of(sha256), accepted=accepted, note=note
            ),
            may_ask=False,
        )

    def log(self) -> Job[TrustLog]:
        """The trust log, with whether its chain and its seal hold."""
        return self._seals.log(self._log.read)

    def export_log(self, file: Path) -> Job[Path]:
        """Write the log with the decisions that are in force."""

        def written(cancel: threading.Event) -> Path:
            document = self._log.document(self._clock.now()).result()
            if not cancel.is_set():
                data = json.dumps(document, indent=1, ensure_ascii=False).encode()
                write_atomically(file, data + b"\n", PASSED_ON)
            return file

        return self._writing.start(written)

    def _decide(
        self,
        sha256: str,
        kind: DecisionKind,
        reason: str,
        expires: datetime | None,
        usages: frozenset[Usage],
    ) -> Job[LocalDecision]:
        note = self._note(reason)

        def deed() -> Future[LocalDecision]:
            with_reason(note)
            digest = sha256_of(sha256)
            if expires is not None and expires <= note.at:
                raise UnusableInputError(
                    msg("A decision that has ended already decides nothing."),
                    remedy=msg("Name a day that is still to come."),
                    place=digest,
                )
            facts = self.certificate(digest)
            decision = LocalDecision(
                sha256=digest,
                # As it is usually written: by that all encodings of the key are found.
                spki_sha256=next(reversed(outline(facts.der).key_digests), None)
                if facts is not None
                else None,
                subject=digest if facts is None else facts.subject or facts.title,
                kind=kind,
                by=note.by,
                at=note.at,
                reason=note.comment,
                usages=usages,
                expires=expires,
            )
            return self._store.decide(decision, note)

        if kind is DecisionKind.DISTRUST:
            return self._at_once(deed)
        # A limit also says what a list leaves open: it is never sealed later, so the key is got first.
        return self._deed(deed, may_ask=False)

    def certificate(self, sha256: str) -> CertificateFacts | None:
        """A certificate that was seen, is judged by, or stands on a version of a list; blocks."""
        found = self._find(sha256)
        if found is not None:
            return found
        der = self._workspace.submit(lambda connection: listed_certificate(connection, sha256)).result()
        return None if der is None else read_certificate(der)

    def _note(self, comment: str) -> LogNote:
        return LogNote(by=account_name(), at=self._clock.now(), comment=comment.strip())

    def _at_once(self, deed: Callable[[], Future[T]]) -> Job[T]:
        """Do what only takes trust away: it waits for no keyring, and is sealed when that can be done."""
        job = self._writing.start(lambda _cancel: told_of(deed, self._changed).result())

        def seal_it(_done: Future[T]) -> None:
            with suppress(RuntimeError):  # the desk was closed meanwhile
                self._seals.sealed(lambda: done_with(None), may_ask=False)

        job.future.add_done_callback(seal_it)
        return job

    def _deed(self, deed: Callable[[], Future[T]], *, may_ask: bool) -> Job[T]:
        return self._seals.sealed(lambda: told_of(deed, self._changed), may_ask=may_ask)


def told_of(deed: Callable[[], Future[T]], changed: Callable[[], None]) -> Future[T]:
    """Do something and tell of it before anybody gets its answer, who may judge by it at once; blocks.

    It is done also where what is judged by cannot be read again: whoever judges next is told that.
    """
    result = deed().result()
    tell(changed)
    return done_with(result)


def tell(changed: Callable[[], None]) -> None:
    """Tell that what is judged by may have changed; see `told_of`."""
    try:
        changed()
    except EnvironmentFailureError as error:
        _log.warning("what is judged by cannot be read: %s", error)


def done_with(result: T) -> Future[T]:
    """Return a future that has come to its end."""
    done = Future[T]()
    done.set_result(result)
    return done


def with_reason(note: LogNote) -> LogNote:
    """Return a note that says why.

    Raises:
        UnusableInputError: it does not.
    """
    if not note.comment:
        raise UnusableInputError(
            msg("A decision about trust needs a reason: the log keeps it."),
            remedy=msg("Say in a sentence why."),
        )
    return note


def _by(policy: PartnerPolicy, note: LogNote) -> PartnerPolicy:
    return replace(policy, by=note.by, at=note.at, reason=note.comment)
