"""Trust lists at work (`services.trust_desk.TrustDesk`): lists, versions, and what people decide about them.

Lists are read one after the other on a thread of their own, their bytes in a process; what is sealed runs on
the key stores' thread. What changes what is judged by is told to the session first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from trustdesk.core.errors import CancelledByPersonError, UnusableInputError
from trustdesk.core.finding import Finding
from trustdesk.core.list_form import ListForm
from trustdesk.core.message import msg
from trustdesk.core.ports import Job
from trustdesk.core.trust import PUBLIC_WEB_LIST
from trustdesk.core.trust_decision import AwaitingDecision, LocalDecision, PartnerPolicy, TrustLog
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_impact import Impact, RootDrop
from trustdesk.core.trust_version import (
    AuthenticityState,
    Endorsement,
    ListDifference,
    ListSummary,
    ListVersion,
    VersionState,
)
from trustdesk.network.download import Downloader
from trustdesk.services.account import account_name
from trustdesk.services.builtin_list import refuse_builtin
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.identities_in_use import IdentitiesInUse, LoadedIdentities
from trustdesk.services.list_export import export_list
from trustdesk.services.list_preparing import ListPreparer, ReviewedList
from trustdesk.services.list_review import check_applicable
from trustdesk.services.list_versions import ListVersions
from trustdesk.services.live_sealing import LiveSealing
from trustdesk.services.live_trust_decisions import FindCertificate, LiveTrustDecisions, done_with, told_of
from trustdesk.services.sealed_trust import SealedTrust
from trustdesk.services.thread_jobs import Stop, ThreadJobs
from trustdesk.services.trust_desk import (
    ExportWish,
    ImportProgress,
    ImportWish,
    PreparedList,
    WhatIf,
    WrittenList,
)
from trustdesk.services.trust_questions import TrustQuestions
from trustdesk.services.workspace_keys import WorkspaceKeys
from trustdesk.storage.sealing import NO_SEALER
from trustdesk.storage.trust_in_force import trust_revision
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log import LogNote
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")


class LiveTrust(LiveSealing):
    """The trust lists of one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        keys: WorkspaceKeys,
        session: DeskSession,
        in_use: IdentitiesInUse,
        kept: SealedTrust,
        *,
        find_certificate: FindCertificate,
        make_downloader: Callable[[], Downloader] = Downloader,
    ) -> None:
        """Take what others own and close.

        Args:
            find_certificate: one that was seen or is judged by; blocks.
            make_downloader: makes one for each list that is fetched.
        """
        super().__init__(keys.seals, session.clock, session.trust_changed)
        self._in_use = in_use
        self._session = session
        self._kept = kept
        self._lists = TrustLists(workspace, keys.seals.current)
        self._versions = ListVersions(self._lists, keys.seals, kept, session)
        self._decided = LiveTrustDecisions(
            workspace,
            keys.seals,
            session.clock,
            find_certificate=find_certificate,
            changed=session.trust_changed,
            give_way=session.precedence.give_way,
        )
        self._questions = TrustQuestions(
            workspace, session, in_use, self._versions, self._decided.certificate
        )
        self._preparer = ListPreparer(
            clock=session.clock, known=self._versions.known, make_downloader=make_downloader
        )
        self._preparing = ThreadJobs("trustdesk-trust-lists")
        self._writing = ThreadJobs("trustdesk-trust-export")
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-trust")
        self._workspace = workspace
        self._seen = trust_revision(workspace)

    def close(self) -> None:
        """End what runs; the key stores' thread was closed before."""
        self._preparing.close()
        self._preparer.close()
        self._writing.close()
        self._questions.close()
        self._decided.close()
        self._looking.shutdown(cancel_futures=True)

    # --- lists and versions ---

    def lists(self) -> Future[tuple[ListSummary, ...]]:
        """All lists by name, the bundled one last."""
        return self._looking.submit(self._listed)

    def version(self, name: str, number: int | None = None) -> Future[ListVersion]:
        """One version with its entries; None is the applied one."""
        return self._looking.submit(self._versions.version, name, number)

    def prepare_import(
        self, wish: ImportWish, on_progress: Callable[[ImportProgress], None] | None = None
    ) -> Job[PreparedList]:
        """Read a list, check its signature, compare it with the applied version, and keep nothing."""
        at, tell = self._session.at, on_progress or (lambda _progress: None)

        def prepared(stop: Stop) -> PreparedList:
            refuse_builtin(wish.name)
            found = self._preparer.prepare(wish, at, stop, tell)
            if found is None:
                raise AssertionError("nothing was asked that could be unchanged")
            return found

        return self._preparing.start(prepared)

    def prepare_update(
        self, name: str, on_progress: Callable[[ImportProgress], None] | None = None
    ) -> Job[PreparedList | None]:
        """Fetch the list's URL again; None where the server says that nothing has changed (ETag)."""
        at, tell = self._session.at, on_progress or (lambda _progress: None)

        def prepared(stop: Stop) -> PreparedList | None:
            refuse_builtin(name)
            origin = self._lists.origin(name).result()
            if not origin.url:
                raise UnusableInputError(
                    msg("The list was not fetched from an address."),
                    remedy=msg("Import its newest version from where you got it."),
                    place=name,
                )
            wish = ImportWish(source=origin.url, name=name)
            return self._preparer.prepare(wish, at, stop, tell, etag=origin.etag)

        return self._preparing.start(prepared)

    def prepare_waiting(
        self,
        name: str,
        number: int,
        *,
        accept_expired: bool = False,
        usages: frozenset[Usage] | None = None,
        signer: str | None = None,
        endorsement: Endorsement | None = None,
    ) -> Job[PreparedList]:
        """Review a version that waits, or was applied before, with what the person says of it."""
        at = self._session.at

        def prepared(stop: Stop) -> PreparedList:
            version = self._lists.version_to_decide(name, number).result()
            wish = ImportWish(
                source=version.source.place,
                name=name,
                usages=usages,
                signer=signer,
                endorsement=endorsement,
                accept_expired=accept_expired,
            )
            return self._preparer.review_kept(version, wish, at, stop)

        return self._preparing.start(prepared)

    def keep_waiting(self, prepared: PreparedList, comment: str) -> Job[ListVersion]:
        """Keep a version and leave the decision for later."""
        reviewed = _reviewed(prepared)
        review = reviewed.review
        if reviewed.is_kept:
            return self._preparing.start(lambda _stop: self._versions.version(review.name, review.number))

        def kept() -> Future[ListVersion]:
            waiting = self._versions.waiting_as(review) if reviewed.pin is None else None
            if waiting is not None:
                return done_with(waiting)
            return self._keep(reviewed, comment, VersionState.WAITING, in_force=False)

        return self._deed(kept, may_ask=reviewed.pin is not None)

    def apply(self, prepared: PreparedList, comment: str, *, in_force: bool = True) -> Job[ListVersion]:
        """Keep a version and judge by it from now on: one transaction, with the line in the log."""
        reviewed = _reviewed(prepared)

        def applied() -> Future[ListVersion]:
            review = reviewed.review
            check_applicable(review, comment)
            is_there = reviewed.is_kept or (review.is_same and reviewed.pin is None)
            if not is_there:
                return self._keep(reviewed, comment, VersionState.APPLIED, in_force=in_force)
            number = review.number if reviewed.is_kept or review.base is None else review.base
            return self._lists.apply(
                review.name,
                number,
                base=review.base,
                note=self._note(comment, reviewed.said),
                in_force=in_force,
            )

        return self._deed(applied, may_ask=reviewed.pin is not None)

    def refuse(self, name: str, number: int, comment: str) -> Future[ListVersion]:
        """Decide against a version that waits; it stays to be looked at."""
        note = self._note(comment)
        return self._deed_on(name, lambda: self._lists.refuse(name, number, note)).future

    def undo(self, name: str, comment: str) -> Job[ListVersion | None]:
        """Go back to the version that was applied before; None where there was none: nothing is applied."""
        note = self._note(comment)
        return self._deed_on(name, lambda: self._lists.undo(name, note))

    def remove(self, name: str, comment: str) -> Job[None]:
        """Take a list away with all its versions; the log stays."""
        note = self._note(comment)
        return self._deed_on(name, lambda: self._lists.remove(name, note))

    def put_in_force(self, names: Sequence[str], comment: str = "") -> Future[tuple[ListSummary, ...]]:
        """Judge by these lists, and by no others; at least one."""
        note, wanted = self._note(comment), tuple(names)
        job = self._deed(
            lambda: self._lists.put_in_force(wanted, note, builtin=PUBLIC_WEB_LIST), may_ask=False
        )

        def summaries() -> tuple[ListSummary, ...]:
            job.future.result()
            return self._versions.summaries()

        return self._looking.submit(summaries)

    def forget_pin(self, name: str, comment: str) -> Job[None]:
        """Let any signer's list be reviewed again."""
        note = self._note(comment)
        return self._deed_on(name, lambda: self._lists.forget_pin(name, note))

    # --- looking ---

    def difference(self, before: str, after: str) -> Future[ListDifference]:
        """Compare two versions, `NAME@NUMBER` each."""
        return self._looking.submit(self._versions.difference, before, after)

    def lint(self, name: str, number: int | None = None) -> Future[tuple[Finding, ...]]:
        """Apply LST-01 to LST-12 to a version, as of the evaluation time."""
        return self._looking.submit(self._versions.lint, name, number, self._session.at)

    def impact(self, what_if: WhatIf, on_progress: Callable[[int, int], None] | None = None) -> Job[Impact]:
        """Say whose verdict would change, from stored chains; no connection is made."""
        return self._questions.impact(what_if, on_progress)

    def drops(self) -> Job[tuple[RootDrop, ...]]:
        """Dates at which trust in a CA of ours changes, the next first."""
        return self._questions.drops()

    def export(self, name: str, number: int | None, file: Path, wish: ExportWish) -> Job[WrittenList]:
        """Write a version, whole or not at all; the person has agreed to replace what is there."""

        def begin(loaded: LoadedIdentities) -> Job[WrittenList]:
            signer, at = loaded.of(wish.identity), self._session.clock.now()

            def written(stop: Stop) -> WrittenList:
                version = self._versions.version(name, number)
                decisions = self._decided.decisions().result() if wish.with_local else ()
                if stop.is_set():
                    raise CancelledByPersonError
                return export_list(version, file, wish, decisions=decisions, at=at, signer=signer)

            return self._writing.start(written)

        # A form that cannot be signed is refused when it is written; no key is asked for in vain.
        signs = wish.form is ListForm.JSON
        return self._in_use.run_with([wish.identity if signs else None], begin, place=str(file))

    # --- decisions ---

    def decisions(self) -> Future[tuple[LocalDecision, ...]]:
        """What was decided here about certificates, the newest first."""
        return self._looking.submit(self._with_seals, self._decided.decisions)

    def distrust(self, sha256: str, reason: str, *, expires: datetime | None = None) -> Job[LocalDecision]:
        """Trust nothing that passes through a certificate's key, whatever lists say."""
        return self._decided.distrust(sha256, reason, expires=expires)

    def limit_usage(
        self, sha256: str, usages: frozenset[Usage], reason: str, *, expires: datetime | None = None
    ) -> Job[LocalDecision]:
        """Let a CA vouch for no more than this."""
        return self._decided.limit_usage(sha256, usages, reason, expires=expires)

    def withdraw_decision(self, sha256: str, reason: str) -> Job[None]:
        """Take a decision back; the log keeps both."""
        return self._decided.withdraw_decision(sha256, reason)

    def policies(self) -> Future[tuple[PartnerPolicy, ...]]:
        """Policies of partners, by partner; those without one are not among them."""
        return self._looking.submit(self._with_seals, self._decided.policies)

    def set_policy(self, policy: PartnerPolicy, reason: str) -> Job[PartnerPolicy]:
        """Judge a partner's servers by this from now on; an empty policy takes it away."""
        return self._decided.set_policy(policy, reason)

    def queue(self) -> Future[tuple[AwaitingDecision, ...]]:
        """What waits for a decision: versions, and server certificates that were not seen there before."""
        return self._decided.queue()

    def decide_fingerprint(self, endpoint_id: int, sha256: str, *, accepted: bool, comment: str) -> Job[None]:
        """Write down that a new server certificate is expected, or is not."""
        return self._decided.decide_fingerprint(endpoint_id, sha256, accepted=accepted, comment=comment)

    def log(self) -> Job[TrustLog]:
        """The trust log, with whether its chain and its seal hold."""
        return self._decided.log()

    def export_log(self, file: Path) -> Job[Path]:
        """Write the log with the decisions that are in force, as JSON that can be checked without us."""
        return self._decided.export_log(file)

    # --- within ---

    def _with_seals(self, question: Callable[[], Future[T]]) -> T:
        """Ask once the key store was looked at, as far as that asks nobody: else no seal could be told."""
        self._kept.wait()
        return question().result()

    def _listed(self) -> tuple[ListSummary, ...]:
        """Return all lists, and judge by them from now on where another program has changed something."""
        revision = trust_revision(self._workspace)
        if revision.result() != self._seen.result():
            self._session.trust_changed()
        self._seen = revision
        return self._versions.summaries()

    def _keep(
        self, reviewed: ReviewedList, comment: str, state: VersionState, *, in_force: bool
    ) -> Future[ListVersion]:
        review, pin, content = reviewed.review, reviewed.pin, reviewed.review.content
        if content.authenticity.state is AuthenticityState.FAILED:
            check_applicable(review, comment)
        if pin is not None and self._seals.current() is NO_SEALER:
            content = replace(content, remarks=(*content.remarks, _NOT_PINNED))
            pin = None
        elif pin is not None:
            content = replace(content, authenticity=replace(content.authenticity, pinned=True))
        return self._lists.keep(
            review.name,
            content,
            review.source,
            state=state,
            base=review.base,
            note=self._note(comment, reviewed.said),
            in_force=in_force,
            pin=pin,
            url=reviewed.url or None,
        )

    def _note(self, comment: str, said: tuple[tuple[str, str], ...] = ()) -> LogNote:
        return LogNote(by=account_name(), at=self._session.clock.now(), comment=comment.strip(), details=said)

    def _deed_on(self, name: str, deed: Callable[[], Future[T]]) -> Job[T]:
        def done() -> Future[T]:
            refuse_builtin(name)
            return deed()

        return self._deed(done, may_ask=False)

    def _deed(self, deed: Callable[[], Future[T]], *, may_ask: bool) -> Job[T]:
        return self._seals.sealed(lambda: told_of(deed, self._session.trust_changed), may_ask=may_ask)


_NOT_PINNED = msg("The signer was compared this time and is not pinned: there is no key store to seal that.")


def _reviewed(prepared: PreparedList) -> ReviewedList:
    if not isinstance(prepared, ReviewedList):
        raise TypeError("a list that was prepared elsewhere")
    return prepared
