"""Trust lists in memory: jobs that end at once, or as the test says, and decisions that are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tests.support.fake_key_jobs import Answers, FakeKeyJob
from tests.support.trust_samples import (
    NOW,
    OWN,
    PILOT,
    PINS,
    difference_of,
    digest,
    line_of,
    sample_impact,
    sample_lint,
    sample_versions,
)
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding
from trustdesk.core.message import msg
from trustdesk.core.seal_review import SealedItem, SealedKind, SealReview
from trustdesk.core.trust_decision import (
    AwaitingDecision,
    DecisionKind,
    LocalDecision,
    LogAction,
    LogEntry,
    PartnerPolicy,
    TrustLog,
)
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_impact import Impact, RootDrop
from trustdesk.core.trust_version import (
    AuthenticityState,
    Endorsement,
    ListContent,
    ListDifference,
    ListReview,
    ListSource,
    ListSummary,
    ListVersion,
    Obstacle,
    SignerPin,
    SourceKind,
    VersionState,
)
from trustdesk.services.list_review import EXPIRED_OPTION
from trustdesk.services.trust_desk import (
    ExportWish,
    ImportPhase,
    ImportProgress,
    ImportWish,
    PreparedList,
    TrustDesk,
    WhatIf,
    WrittenList,
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A list that was read."""

    review: ListReview


class FakeTrustDesk(TrustDesk):
    """Keeps versions and decisions in memory, and writes the log.

    Attributes:
        answers: whether questions fail and jobs wait; its `jobs` say what was asked.
        versions: of all lists.
        in_force: names of lists.
        content: what the next import reads.
        obstacles: that stand against what is read next.
        drops_held: dates at which trust in a CA changes.
        impact_held: what every question about an impact answers.
        findings: what `lint` answers.
        waiting_fingerprints: of the queue, beside the versions that wait.
        exported: files that were written, with the wish.
        broken_log: whether the chain of the log is broken.
    """

    def __init__(self, versions: Sequence[ListVersion] | None = None) -> None:
        self.answers = Answers()
        self.versions = list(sample_versions() if versions is None else versions)
        self.in_force = [
            one for one in (PILOT, OWN, PINS) if any(held.list_name == one for held in self.versions)
        ]
        self.pins: dict[str, SignerPin] = {}
        self.content: ListContent | None = None
        self.obstacles: tuple[Obstacle, ...] = ()
        self.impact_held: Impact = sample_impact()
        self.drops_held: tuple[RootDrop, ...] = ()
        self.findings: tuple[Finding, ...] = sample_lint()
        self.held_decisions: dict[str, LocalDecision] = {}
        self.held_policies: dict[str, PartnerPolicy] = {}
        self.waiting_fingerprints: list[AwaitingDecision] = []
        self.lines: list[LogEntry] = []
        self.exported: list[tuple[Path, ExportWish]] = []
        self.is_unchanged = False
        self.broken_log = False
        self.seals_are_lost = False

    # --- lists and versions ---

    def lists(self) -> Future[tuple[ListSummary, ...]]:
        return self.answers.answer(self._summaries)

    def version(self, name: str, number: int | None = None) -> Future[ListVersion]:
        return self.answers.answer(lambda: self._version(name, number))

    def prepare_import(
        self, wish: ImportWish, on_progress: Callable[[ImportProgress], None] | None = None
    ) -> FakeKeyJob[PreparedList]:
        def read() -> PreparedList:
            for phase in (ImportPhase.READING, ImportPhase.CHECKING):
                if on_progress is not None:
                    on_progress(ImportProgress(phase=phase, done=1, total=2))
            return Prepared(self._review_of(wish))

        return self.answers.job("prepare_import", read, wish=wish, on_progress=on_progress)

    def prepare_update(
        self, name: str, on_progress: Callable[[ImportProgress], None] | None = None
    ) -> FakeKeyJob[PreparedList | None]:
        def read() -> PreparedList | None:
            if self.is_unchanged:
                return None
            return Prepared(self._review_of(ImportWish(source=Path("again.json"), name=name)))

        return self.answers.job("prepare_update", read, name=name)

    def prepare_waiting(
        self,
        name: str,
        number: int,
        *,
        accept_expired: bool = False,
        usages: frozenset[Usage] | None = None,
        signer: str | None = None,
        endorsement: Endorsement | None = None,
    ) -> FakeKeyJob[PreparedList]:
        def read() -> PreparedList:
            waiting = self._version(name, number)
            entries = tuple(
                one if one.usages is not None else replace(one, usages=usages)
                for one in waiting.content.entries
            )
            content = replace(waiting.content, entries=entries)
            return Prepared(
                self._review(name, waiting.number, content, waiting.source, accept_expired=accept_expired)
            )

        return self.answers.job(
            "prepare_waiting",
            read,
            name=name,
            number=number,
            accept_expired=accept_expired,
            usages=usages,
            signer=signer,
            endorsement=endorsement,
        )

    def keep_waiting(self, prepared: PreparedList, comment: str) -> FakeKeyJob[ListVersion]:
        def keep() -> ListVersion:
            return self._keep(prepared.review, VersionState.WAITING, LogAction.IMPORTED, comment)

        return self.answers.job("keep_waiting", keep, prepared=prepared, comment=comment)

    def apply(
        self, prepared: PreparedList, comment: str, *, in_force: bool = True
    ) -> FakeKeyJob[ListVersion]:
        def apply() -> ListVersion:
            review = prepared.review
            if review.obstacles:
                raise UnusableInputError(review.obstacles[0].problem, remedy=review.obstacles[0].remedy)
            self._replace(review.name, VersionState.APPLIED, VersionState.REPLACED)
            if in_force and review.name not in self.in_force:
                self.in_force.append(review.name)
            return self._keep(review, VersionState.APPLIED, LogAction.APPLIED, comment)

        return self.answers.job("apply", apply, prepared=prepared, comment=comment, in_force=in_force)

    def refuse(self, name: str, number: int, comment: str) -> Future[ListVersion]:
        def refuse() -> ListVersion:
            self._log(LogAction.REFUSED, name, comment)
            return self._set_state(self._version(name, number), VersionState.REFUSED)

        return self.answers.answer(refuse)

    def undo(self, name: str, comment: str) -> FakeKeyJob[ListVersion | None]:
        def undo() -> ListVersion | None:
            current = self._version(name, None)
            before = [
                one for one in self.versions if one.list_name == name and one.state is VersionState.REPLACED
            ]
            self._set_state(current, VersionState.WAITING)
            self._log(LogAction.UNDONE, name, comment)
            if not before:
                return None
            return self._set_state(max(before, key=lambda one: one.number), VersionState.APPLIED)

        return self.answers.job("undo", undo, name=name, comment=comment)

    def remove(self, name: str, comment: str) -> FakeKeyJob[None]:
        def remove() -> None:
            self.versions = [one for one in self.versions if one.list_name != name]
            self.in_force = [one for one in self.in_force if one != name]
            self._log(LogAction.REMOVED, name, comment)

        return self.answers.job("remove", remove, name=name, comment=comment)

    def put_in_force(self, names: Sequence[str], comment: str = "") -> Future[tuple[ListSummary, ...]]:
        def put() -> tuple[ListSummary, ...]:
            if not names:
                raise UnusableInputError(
                    msg("One list has to be in force."), remedy=msg("Put another one in force first.")
                )
            self.in_force = list(names)
            self._log(LogAction.PUT_IN_FORCE, ", ".join(names), comment)
            return self._summaries()

        return self.answers.answer(put)

    def forget_pin(self, name: str, comment: str) -> FakeKeyJob[None]:
        def forget() -> None:
            self.pins.pop(name, None)
            self._log(LogAction.SIGNER_UNPINNED, name, comment)

        return self.answers.job("forget_pin", forget, name=name, comment=comment)

    # --- looking ---

    def difference(self, before: str, after: str) -> Future[ListDifference]:
        def compare() -> ListDifference:
            later = self._reference(after)
            return difference_of(self._reference(before), later.content, after)

        return self.answers.answer(compare)

    def lint(self, name: str, number: int | None = None) -> Future[tuple[Finding, ...]]:
        return self.answers.answer(lambda: self.findings)

    def impact(
        self, what_if: WhatIf, on_progress: Callable[[int, int], None] | None = None
    ) -> FakeKeyJob[Impact]:
        return self.answers.job("impact", lambda: self.impact_held, what_if=what_if, on_progress=on_progress)

    def drops(self) -> FakeKeyJob[tuple[RootDrop, ...]]:
        return self.answers.job("drops", lambda: self.drops_held)

    def export(self, name: str, number: int | None, file: Path, wish: ExportWish) -> FakeKeyJob[WrittenList]:
        def write() -> WrittenList:
            self.exported.append((file, wish))
            count = len(self._version(name, number).content.entries)
            return WrittenList(file=file, sha256=digest(str(file)), entries=count, lost=("owner", "audits"))

        return self.answers.job("export", write, name=name, number=number, file=file, wish=wish)

    # --- decisions ---

    def decisions(self) -> Future[tuple[LocalDecision, ...]]:
        return self.answers.answer(
            lambda: tuple(sorted(self.held_decisions.values(), key=lambda one: one.at, reverse=True))
        )

    def distrust(
        self, sha256: str, reason: str, *, expires: datetime | None = None
    ) -> FakeKeyJob[LocalDecision]:
        def decide() -> LocalDecision:
            return self._decide(sha256, DecisionKind.DISTRUST, frozenset(), reason, expires)

        return self.answers.job("distrust", decide, sha256=sha256, reason=reason, expires=expires)

    def limit_usage(
        self, sha256: str, usages: frozenset[Usage], reason: str, *, expires: datetime | None = None
    ) -> FakeKeyJob[LocalDecision]:
        def decide() -> LocalDecision:
            return self._decide(sha256, DecisionKind.LIMIT_USAGE, usages, reason, expires)

        return self.answers.job(
            "limit_usage", decide, sha256=sha256, usages=usages, reason=reason, expires=expires
        )

    def withdraw_decision(self, sha256: str, reason: str) -> FakeKeyJob[None]:
        def withdraw() -> None:
            self.held_decisions.pop(sha256, None)
            self._log(LogAction.DECISION_WITHDRAWN, sha256, reason)

        return self.answers.job("withdraw_decision", withdraw, sha256=sha256, reason=reason)

    def policies(self) -> Future[tuple[PartnerPolicy, ...]]:
        return self.answers.answer(
            lambda: tuple(sorted(self.held_policies.values(), key=lambda one: one.partner))
        )

    def set_policy(self, policy: PartnerPolicy, reason: str) -> FakeKeyJob[PartnerPolicy]:
        def put() -> PartnerPolicy:
            kept = replace(policy, by="ada", at=NOW, reason=reason)
            if kept.is_empty:
                self.held_policies.pop(kept.partner, None)
                self._log(LogAction.POLICY_CLEARED, kept.partner, reason)
            else:
                self.held_policies[kept.partner] = kept
                self._log(LogAction.POLICY_SET, kept.partner, reason)
            return kept

        return self.answers.job("set_policy", put, policy=policy, reason=reason)

    def queue(self) -> Future[tuple[AwaitingDecision, ...]]:
        def waits() -> tuple[AwaitingDecision, ...]:
            versions = (
                AwaitingDecision(
                    what=msg("Version {number} of {list} waits.", number=one.number, list=one.content.title),
                    since=one.kept_at,
                    list_name=one.list_name,
                    version=one.number,
                )
                for one in self.versions
                if one.state is VersionState.WAITING
            )
            return (*versions, *self.waiting_fingerprints)

        return self.answers.answer(waits)

    def decide_fingerprint(
        self, endpoint_id: int, sha256: str, *, accepted: bool, comment: str
    ) -> FakeKeyJob[None]:
        def decide() -> None:
            self.waiting_fingerprints = [
                one for one in self.waiting_fingerprints if one.endpoint_id != endpoint_id
            ]
            action = LogAction.FINGERPRINT_ACCEPTED if accepted else LogAction.FINGERPRINT_REFUSED
            self._log(action, sha256, comment)

        return self.answers.job(
            "decide_fingerprint",
            decide,
            endpoint_id=endpoint_id,
            sha256=sha256,
            accepted=accepted,
            comment=comment,
        )

    def log(self) -> FakeKeyJob[TrustLog]:
        def read() -> TrustLog:
            if self.broken_log:
                why = msg("Entry {number} was changed.", number=2)
                return TrustLog(entries=tuple(self.lines), broken_at=2, broken_why=why, sealed=False)
            return TrustLog(
                entries=tuple(self.lines),
                sealed=None if self.seals_are_lost else True,
                key_is_lost=self.seals_are_lost,
            )

        return self.answers.job("log", read)

    def review_seals(self) -> FakeKeyJob[SealReview]:
        return self.answers.job("review_seals", self._review_seals)

    def seal_anew(self, comment: str, seen: SealReview) -> FakeKeyJob[SealReview]:
        def seal() -> SealReview:
            self.seals_are_lost = False
            self._log(LogAction.SEALED_ANEW, "", comment)
            return self._review_seals()

        return self.answers.job("seal_anew", seal, comment=comment, seen=seen)

    def export_log(self, file: Path) -> FakeKeyJob[Path]:
        return self.answers.job("export_log", lambda: file, file=file)

    # --- in memory ---

    def _review_seals(self) -> SealReview:
        sealed = None if self.seals_are_lost else True
        lines = {one.fingerprint: one for one in self.lines}
        items = tuple(
            SealedItem(kind=SealedKind.DECISION, name=sha256, line=lines.get(digest(sha256)), sealed=sealed)
            for sha256 in self.held_decisions
        )
        return SealReview(
            number=len(self.lines),
            head=self.lines[-1].hash if self.lines else "0" * 64,
            items=items,
            log_sealed=sealed,
            has_key=not self.seals_are_lost,
        )

    def _summaries(self) -> tuple[ListSummary, ...]:
        names = dict.fromkeys(one.list_name for one in self.versions)
        made = []
        for name in names:
            held = [one for one in self.versions if one.list_name == name]
            shown = held[-1]
            is_builtin = shown.source.kind is SourceKind.CERTIFI
            waiting = [one for one in held if one.state is VersionState.WAITING]
            applied = [one for one in held if one.state is VersionState.APPLIED]
            made.append(
                ListSummary(
                    name=name,
                    title=shown.content.title,
                    endorsement=shown.content.endorsement,
                    versions=tuple(map(line_of, held)),
                    in_force=name in self.in_force,
                    applied=line_of(applied[-1]) if applied else None,
                    waiting=line_of(waiting[-1]) if waiting else None,
                    url=shown.source.place if shown.source.place.startswith("https:") else "",
                    pin=self.pins.get(name),
                    is_builtin=is_builtin,
                )
            )
        return tuple(made)

    def _version(self, name: str, number: int | None) -> ListVersion:
        for one in reversed(self.versions):
            wanted = one.state is VersionState.APPLIED if number is None else one.number == number
            if one.list_name == name and wanted:
                return one
        raise UnusableInputError(
            msg("There is no such version."), remedy=msg("Choose another one."), place=name
        )

    def _reference(self, reference: str) -> ListVersion:
        name, _, number = reference.rpartition("@")
        return self._version(name, int(number))

    def _review_of(self, wish: ImportWish) -> ListReview:
        content = self.content or self._version(PILOT, 15).content
        if wish.usages is not None:
            usages = wish.usages
            content = replace(content, entries=tuple(one.with_usages(usages) for one in content.entries))
        authenticity = content.authenticity
        if wish.signer is not None and wish.signer == authenticity.signer:
            content = replace(
                content,
                authenticity=replace(authenticity, state=AuthenticityState.VERIFIED, pinned=True),
                endorsement=wish.endorsement or content.endorsement,
            )
        held = [one.number for one in self.versions if one.list_name == wish.name]
        source = ListSource(
            kind=SourceKind.PEM,
            place=str(wish.source),
            retrieved_at=NOW,
            retrieved_by="ada",
            sha256=digest(str(wish.source)),
        )
        number = 1 + max(held, default=0)
        return self._review(wish.name, number, content, source, accept_expired=wish.accept_expired)

    def _review(
        self,
        name: str,
        number: int,
        content: ListContent,
        source: ListSource,
        *,
        accept_expired: bool = False,
    ) -> ListReview:
        applied = [
            one for one in self.versions if one.list_name == name and one.state is VersionState.APPLIED
        ]
        base = applied[-1] if applied else None
        return ListReview(
            name=name,
            number=number,
            base=None if base is None else base.number,
            content=content,
            source=source,
            difference=difference_of(base, content, f"{name}@{number}"),
            lint=self.findings,
            obstacles=tuple(
                one for one in self.obstacles if not (accept_expired and one.overridable_by == EXPIRED_OPTION)
            ),
            undecided=tuple(one.sha256 for one in content.entries if one.usages is None),
        )

    def _keep(self, review: ListReview, state: VersionState, action: LogAction, comment: str) -> ListVersion:
        kept = ListVersion(
            list_name=review.name,
            number=review.number,
            content=review.content,
            source=review.source,
            state=state,
            kept_at=NOW,
        )
        same = (review.name, review.number)
        self.versions = [one for one in self.versions if (one.list_name, one.number) != same]
        builtin = [place for place, one in enumerate(self.versions) if one.source.kind is SourceKind.CERTIFI]
        self.versions.insert(builtin[0] if builtin else len(self.versions), kept)
        self._log(action, kept.reference, comment)
        return kept

    def _replace(self, name: str, before: VersionState, after: VersionState) -> None:
        for one in list(self.versions):
            if one.list_name == name and one.state is before:
                self._set_state(one, after)

    def _set_state(self, one: ListVersion, state: VersionState) -> ListVersion:
        changed = replace(one, state=state)
        self.versions[self.versions.index(one)] = changed
        return changed

    def _decide(
        self,
        sha256: str,
        kind: DecisionKind,
        usages: frozenset[Usage],
        reason: str,
        expires: datetime | None,
    ) -> LocalDecision:
        found = [one for held in self.versions for one in held.content.entries if one.sha256 == sha256]
        made = LocalDecision(
            sha256=sha256,
            spki_sha256=found[0].spki_sha256 if found else None,
            subject=found[0].subject if found else "",
            kind=kind,
            by="ada",
            at=NOW,
            reason=reason,
            usages=usages,
            expires=expires,
        )
        self.held_decisions[sha256] = made
        is_distrust = kind is DecisionKind.DISTRUST
        self._log(LogAction.DISTRUSTED if is_distrust else LogAction.USAGE_LIMITED, sha256, reason)
        return made

    def _log(self, action: LogAction, subject: str, comment: str) -> None:
        previous = self.lines[-1].hash if self.lines else "0" * 64
        self.lines.append(
            LogEntry(
                number=len(self.lines) + 1,
                at=NOW,
                by="ada",
                action=action,
                subject=subject,
                fingerprint=digest(subject),
                comment=comment,
                details=(),
                previous=previous,
                hash=digest(previous + subject),
            )
        )
