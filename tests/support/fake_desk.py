"""A desk without network or files: a test decides what it answers, and when."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from tests.support import sample_certificates
from tests.support.fake_authority_desk import FakeAuthorityDesk
from tests.support.fake_directory_desk import FakeDirectoryDesk
from tests.support.fake_expiry_desk import FakeExpiryDesk
from tests.support.fake_history_desk import FakeHistoryDesk
from tests.support.fake_identity_desk import FakeIdentityDesk
from tests.support.fake_provider_desk import FakeProviderDesk
from tests.support.fake_readiness_desk import FakeReadinessDesk
from tests.support.fake_report_desk import FakeReportDesk
from tests.support.fake_settings_desk import FakeSettingsDesk
from tests.support.fake_trust_desk import FakeTrustDesk
from tests.support.identity_samples import FAKE_NOW
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis, IdentityMatch, VariantProbe
from trustdesk.core.errors import CancelledByPersonError, TrustdeskError, UnusableInputError
from trustdesk.core.finding import Finding
from trustdesk.core.handshake import CertificateRequest, TimelineEvent
from trustdesk.core.inspection import (
    CertificateDetails,
    CertificateRow,
    CrlFacts,
    InspectedItem,
    Inspection,
    ItemKind,
)
from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.self_check import SelfCheck, SelfTest
from trustdesk.core.target import Target, parse_target
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.core.verification import BulkVerdicts, Purpose, Verification
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.board import BoardRow, State, awaiting
from trustdesk.services.crl_opening import asked_crl
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import (
    IdentityChoice,
    OpenedCrl,
    PastedData,
    RunningRehearsal,
    SweepProgress,
    SweepTotals,
)
from trustdesk.services.diagnosing import DiagnosisProgress
from trustdesk.services.evidence_in_use import EvidenceInUse, EvidenceState, ListInUse, OpenEvidence
from trustdesk.services.explaining import ExplainedMessage, explain_text
from trustdesk.services.likely_issuers import IssuerIndex
from trustdesk.services.row_values import JudgedRows, JudgingTotals, RowsChunk, RowsRead
from trustdesk.services.search import Hit
from trustdesk.services.timeline_values import ExpiryTimeline
from trustdesk.verify.revocation_list import HeldRevocationList

_KEPT_AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)

T = TypeVar("T")


class FakeJob(Generic[T]):
    """A job that ends when the test says so, or with `on_cancel` when it is cancelled."""

    def __init__(self, on_cancel: Callable[[], T] | None = None) -> None:
        self.future: Future[T] = Future()
        self.cancelled = False
        self._on_cancel = on_cancel

    def cancel(self) -> None:
        self.cancelled = True
        if self._on_cancel is not None and not self.future.done():
            self.future.set_result(self._on_cancel())


class FakeSweep(FakeJob[SweepTotals]):
    """A sweep whose progress the test plays."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        on_progress: Callable[[SweepProgress], None],
        goes_on: LeftOfSweep | None = None,
    ) -> None:
        super().__init__(self._totals)
        self.endpoints = tuple(endpoints)
        self.goes_on = goes_on
        self._on_progress = on_progress
        self._ended: dict[int, State] = {}
        self.is_paused = False

    def pause(self) -> None:
        self.is_paused = True

    def resume(self) -> None:
        self.is_paused = False

    def enter(self, endpoint_id: int, phase: Phase) -> None:
        """Let an endpoint enter a phase."""
        self._on_progress(SweepProgress(endpoint_id=endpoint_id, phase=phase))

    def end(self, row: BoardRow, report: ProbeReport | None = None) -> None:
        """Let an endpoint end with a row."""
        self._ended[row.endpoint.id] = row.state
        self._on_progress(SweepProgress(endpoint_id=row.endpoint.id, row=row, report=report))

    def finish(self) -> None:
        """End the sweep."""
        self.future.set_result(self._totals())

    def _totals(self) -> SweepTotals:
        states = list(self._ended.values())
        failed = states.count(State.BAD)
        warned = states.count(State.WARNING)
        return SweepTotals(
            passed=len(states) - failed - warned,
            warned=warned,
            failed=failed,
            cancelled=len(self.endpoints) - len(states),
            duration_ms=1234.0,
        )


class FakeRowReading(FakeJob[RowsRead]):
    """A bundle that is read as the test plays it."""

    def __init__(self, name: str, on_rows: Callable[[RowsChunk], None]) -> None:
        super().__init__(lambda: self._read(is_cancelled=True))
        self.name = name
        self._on_rows = on_rows
        self._count = 0
        self._unread = 0

    def give(self, rows: Sequence[CertificateRow], share: float, unread: int = 0) -> None:
        """Hand over some rows."""
        self._count, self._unread = self._count + len(rows), unread
        self._on_rows(RowsChunk(source=self.name, rows=tuple(rows), unread=unread, share=share))

    def finish(self, *problems: Message) -> None:
        """End the reading."""
        self.future.set_result(self._read(is_cancelled=False, problems=problems))

    def _read(self, *, is_cancelled: bool, problems: tuple[Message, ...] = ()) -> RowsRead:
        return RowsRead(count=self._count, unread=self._unread, is_cancelled=is_cancelled, problems=problems)


class FakeJudging(FakeJob[JudgingTotals]):
    """A run of the judge over many rows, as the test plays it."""

    def __init__(
        self,
        rows: Sequence[CertificateRow],
        on_verdicts: Callable[[JudgedRows], None],
        at: datetime | None,
        trust_list: TrustList,
    ) -> None:
        super().__init__(lambda: self._totals(is_cancelled=True))
        self.rows, self.at, self.trust_list = tuple(rows), at, trust_list
        self._on_verdicts = on_verdicts
        self._judged = 0

    def judge(self, start: int, *verdicts: BulkVerdicts) -> None:
        """Give verdicts on rows that follow each other."""
        self._judged += len(verdicts)
        self._on_verdicts(JudgedRows(start=start, verdicts=verdicts))

    def finish(self) -> None:
        """End the run."""
        self.future.set_result(self._totals(is_cancelled=False))

    def _totals(self, *, is_cancelled: bool) -> JudgingTotals:
        return JudgingTotals(
            total=len(self.rows),
            judged=self._judged,
            at=self.at or datetime(2026, 11, 20, tzinfo=UTC),
            trust_list=self.trust_list.title,
            is_cancelled=is_cancelled,
            duration_ms=1234.0,
        )


class FakeDiagnosing(FakeJob[Diagnosis]):
    """A diagnosis as the test plays it; cancelled, it delivers `so_far`."""

    def __init__(
        self,
        target: Target,
        identity: str | None,
        trust_lists: tuple[str, ...],
        on_progress: Callable[[DiagnosisProgress], None] | None,
    ) -> None:
        super().__init__()
        self.target, self.identity, self.trust_lists = target, identity, trust_lists
        self.so_far: Diagnosis | None = None
        self._on_progress = on_progress
        self._made = 0

    def begin(self, probe: VariantProbe) -> None:
        """Let a probe begin."""
        self._tell(probe, ended=False)

    def end(self, probe: VariantProbe) -> None:
        """Let a probe end."""
        self._made += 1
        self._tell(probe, ended=True)

    def cancel(self) -> None:
        self.cancelled = True
        if self.so_far is not None and not self.future.done():
            self.future.set_result(self.so_far)

    def _tell(self, probe: VariantProbe, *, ended: bool) -> None:
        if self._on_progress is not None:
            self._on_progress(
                DiagnosisProgress(
                    id=probe.id,
                    variant=probe.variant,
                    purpose=probe.purpose,
                    made=self._made,
                    probe=probe if ended else None,
                )
            )


class FakeRehearsal:
    """A rehearsed server that the test lets speak."""

    def __init__(
        self, style: str, client_ca_file: Path | None, on_verdict: Callable[[Message], None]
    ) -> None:
        self.style, self.client_ca_file, self.say = style, client_ca_file, on_verdict
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True

    @property
    def running(self) -> RunningRehearsal:
        target = parse_target("https://rehearsal.example:40123", connect="127.0.0.1:40123")
        return RunningRehearsal(target=target, trust_list=Path("/tmp/lab/trust.pem"), stop=self.stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeQuestion:
    """What a page asked the judge; None for `at` is the present."""

    certificate: CertificateFacts
    purpose: Purpose
    beside: tuple[CertificateFacts, ...]
    trust_list: TrustList
    at: datetime | None
    fetches: bool = False
    asks_revocation: bool = False


class FakeConformance(FakeJob[tuple[Finding, ...]]):
    """One certificate at pkilint."""

    def __init__(self, certificate: CertificateFacts) -> None:
        super().__init__(tuple)
        self.certificate = certificate


class FakeDesk(Desk):
    """Answers at once with what it holds.

    Attributes:
        failure: raised by every question while it is set.
        sweeps, probes: everything that was started, in order.
        due_ids: numbers of the endpoints that are due.
        left, dismissed: what an earlier sweep left, and what was not wanted of it.
        added: endpoints that a page added.
        inspections: what files hold, by their path or the name of pasted text.
        read: sources and password of every call of `inspect`.
        evaluation_time: what was last set.
        rejudged: what reports and rows become on another day; None leaves them as they are.
        rejudged_now: what reports become at the present, by other lists or evidence; None as above.
        judged_by: the list of every report that was judged by itself, in order.
        rejudgings: every run over the table of partners, in order; a test plays it.
        hits: what can be found, by its title; `searches` are the questions.
        certificates: by their digest.
        saved: exports, by their file.
        verify: judges a certificate; None leaves every question open.
        bundles: files of many certificates, by their path or the name of pasted text.
        readings, judgings: everything that was started on rows, in order.
        crl_jobs: revocation lists that were opened, in order; they end at once unless `opens_crls` is False.
        lint_others: lints requests and keys; None leaves every question open.
        conformance: what was asked of pkilint, in order; a test ends it.
        diagnoses, rehearsals: everything that was started, in order; a test plays them.
        matches: which identities would be sent, whatever is asked.
        clients: certificates of identities, by their names.
        evidence, kept: what is judged by, from the page and from the workspace.
        own_checks: what is at hand on the revocation of identities; `own_asked` are the questions.
        expiries: what is valid until when.
        online, stopped_asking: whether CAs are asked, and how often that was stopped.
    """

    def __init__(
        self,
        rows: Sequence[BoardRow] = (),
        *,
        reports: Mapping[int, ProbeReport] | None = None,
        trust_lists: Sequence[TrustList] | None = None,
        identities: Sequence[IdentityChoice] | None = None,
    ) -> None:
        self.rows = tuple(rows)
        self.reports = dict(reports or {})
        self.trust_changes = 0
        self.lists = tuple(trust_lists if trust_lists is not None else sample_lists())
        self.choices = tuple(identities if identities is not None else sample_identities())
        self.failure: TrustdeskError | None = None
        self.self_checks: tuple[SelfCheck, ...] = ()
        self.sweeps: list[FakeSweep] = []
        self.due_ids: set[int] = set()
        self.left: LeftOfSweep | None = None
        self.dismissed: list[LeftOfSweep] = []
        self.probes: list[FakeProbe] = []
        self.added: list[Endpoint] = []
        self.closed = False
        self.inspections: dict[str, Callable[[str | None], Inspection]] = {}
        self.read: list[tuple[tuple[str, ...], str | None]] = []
        self.evaluation_time: datetime | None = None
        self.saved: dict[Path, bytes] = {}
        self.verify: Callable[[JudgeQuestion], Verification] | None = None
        self.lint: Callable[[CertificateDetails, Purpose], Sequence[Finding]] | None = None
        self.lint_others: Callable[[InspectedItem], Sequence[Finding]] | None = None
        self.conformance: list[FakeConformance] = []
        self.questions: list[JudgeQuestion] = []
        self.identity_desk_held = FakeIdentityDesk()
        self.authority_desk_held = FakeAuthorityDesk(sample_certificates.root)
        self.provider_desk_held = FakeProviderDesk()
        self.trust_desk_held = FakeTrustDesk()
        self.directory_desk_held = FakeDirectoryDesk()
        self.history_desk_held = FakeHistoryDesk()
        self.readiness_desk_held = FakeReadinessDesk()
        self.settings_desk_held = FakeSettingsDesk()
        self.report_desk_held = FakeReportDesk()
        self.expiry_desk_held = FakeExpiryDesk(
            lambda: replace(self.expiries, at=self.evaluation_time or self.expiries.at), lambda: self.failure
        )
        self.bundles: set[str] = set()
        self.readings: list[FakeRowReading] = []
        self.judgings: list[FakeJudging] = []
        self.crl_jobs: list[FakeCrlJob] = []
        self.opens_crls = True
        self.rejudged: Callable[[ProbeReport, datetime], ProbeReport] | None = None
        self.rejudged_now: Callable[[ProbeReport], ProbeReport] | None = None
        self.judged_by: list[str | None] = []
        self.rejudgings: list[FakeRejudging] = []
        self.hits: tuple[Hit, ...] = ()
        self.searches: list[tuple[str, tuple[CertificateFacts, ...]]] = []
        self.certificates: dict[str, CertificateFacts] = {}
        self.diagnoses: list[FakeDiagnosing] = []
        self.rehearsals: list[FakeRehearsal] = []
        self.matches: tuple[IdentityMatch, ...] = ()
        self.clients: dict[str, CertificateFacts] = {}
        self.evidence: tuple[OpenEvidence, ...] = ()
        self.kept: dict[str, tuple[str, CrlFacts]] = {}
        self.own_asked: list[str] = []
        self.own_checks: dict[str, tuple[RevocationCheck, ...]] = {}
        self.expiries = ExpiryTimeline(at=FAKE_NOW)
        self.online = False
        self.stopped_asking = 0

    @property
    def identity_desk(self) -> FakeIdentityDesk:
        return self.identity_desk_held

    @property
    def authority_desk(self) -> FakeAuthorityDesk:
        return self.authority_desk_held

    @property
    def provider_desk(self) -> FakeProviderDesk:
        return self.provider_desk_held

    @property
    def trust_desk(self) -> FakeTrustDesk:
        return self.trust_desk_held

    @property
    def directory_desk(self) -> FakeDirectoryDesk:
        return self.directory_desk_held

    @property
    def history_desk(self) -> FakeHistoryDesk:
        return self.history_desk_held

    @property
    def readiness_desk(self) -> FakeReadinessDesk:
        return self.readiness_desk_held

    @property
    def settings_desk(self) -> FakeSettingsDesk:
        return self.settings_desk_held

    @property
    def report_desk(self) -> FakeReportDesk:
        return self.report_desk_held

    @property
    def expiry_desk(self) -> FakeExpiryDesk:
        return self.expiry_desk_held

    def self_test(self) -> Future[SelfTest]:
        return self._answer(SelfTest(at=FAKE_NOW, checks=self.self_checks))

    def board(self) -> Future[tuple[BoardRow, ...]]:
        return self._answer(self.rows if self.evaluation_time is None else tuple(map(awaiting, self.rows)))

    def last_report(self, endpoint_id: int) -> Future[ProbeReport | None]:
        report = self.reports.get(endpoint_id)
        return self._answer(None if report is None else self._rejudge(report))

    def rejudge(
        self, endpoints: Sequence[Endpoint], on_rows: Callable[[Sequence[BoardRow]], None]
    ) -> FakeRejudging:
        judging = FakeRejudging(self, endpoints, on_rows)
        self.rejudgings.append(judging)
        return judging

    def rejudge_report(self, report: ProbeReport, *, trust_list: str | None = None) -> Future[ProbeReport]:
        self.judged_by.append(trust_list)
        return self._answer(self._rejudge(report))

    def _rejudge(self, report: ProbeReport) -> ProbeReport:
        if self.rejudged_now is not None and self.evaluation_time is None:
            return self.rejudged_now(report)
        if self.rejudged is None or self.evaluation_time is None:
            return report
        return self.rejudged(report, self.evaluation_time)

    def add_endpoint(self, partner: str, target: Target, identity: str | None) -> Future[Endpoint]:
        endpoint = Endpoint(id=1000 + len(self.added), partner=partner, target=target, identity=identity)
        self.added.append(endpoint)
        return self._answer(endpoint)

    def trust_lists(self) -> Future[tuple[TrustList, ...]]:
        return self._answer(self.lists)

    def trust_changed(self) -> None:
        self.trust_changes += 1

    def use_trust_list(self, name: str) -> Future[TrustList]:
        chosen = next(one for one in self.lists if one.name == name)
        self.lists = (chosen, *(one for one in self.lists if one is not chosen))
        return self._answer(chosen)

    def identities(self) -> Future[tuple[IdentityChoice, ...]]:
        return self._answer(self.choices)

    def open_trust_list(self, file: Path) -> Future[TrustList]:
        opened = replace(self.lists[0], name=file.name, title=msg("List {name}", name=file.name))
        if self.failure is None:
            self.lists = (*self.lists, opened)
        return self._answer(opened)

    def open_identity(
        self, certificate_file: Path, key_file: Path | None, password: str | None
    ) -> Future[IdentityChoice]:
        choice = IdentityChoice(name=certificate_file.name, sha256="ab" * 32, subject="CN=opened")
        self.choices = (*self.choices, choice)
        return self._answer(choice)

    def probe(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[Phase | TimelineEvent], None] | None = None,
    ) -> FakeProbe:
        if self.failure is not None:
            raise self.failure
        probe = FakeProbe(target, identity, tuple(trust_lists), on_progress)
        self.probes.append(probe)
        return probe

    def diagnose(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[DiagnosisProgress], None] | None = None,
    ) -> FakeDiagnosing:
        if self.failure is not None:
            raise self.failure
        self.diagnoses.append(FakeDiagnosing(target, identity, tuple(trust_lists), on_progress))
        return self.diagnoses[-1]

    def client_certificate(self, identity: str) -> Future[CertificateFacts | None]:
        return self._answer(self.clients.get(identity))

    def match_identities(
        self, request: CertificateRequest, version: str | None
    ) -> Future[tuple[IdentityMatch, ...]]:
        return self._answer(self.matches)

    def explain(self, text: str) -> Future[tuple[ExplainedMessage, ...]]:
        future: Future[tuple[ExplainedMessage, ...]] = Future()
        try:
            future.set_result(explain_text(text))
        except TrustdeskError as error:
            future.set_exception(error)
        return future

    def rehearse(
        self, style: str, client_ca_file: Path | None, on_verdict: Callable[[Message], None]
    ) -> Future[RunningRehearsal]:
        self.rehearsals.append(FakeRehearsal(style, client_ca_file, on_verdict))
        return self._answer(self.rehearsals[-1].running)

    def sweep(
        self,
        endpoints: Sequence[Endpoint],
        on_progress: Callable[[SweepProgress], None],
        *,
        goes_on: LeftOfSweep | None = None,
    ) -> FakeSweep:
        if self.failure is not None:
            raise self.failure
        sweep = FakeSweep(endpoints, on_progress, goes_on)
        self.sweeps.append(sweep)
        return sweep

    def due(self, endpoints: Sequence[Endpoint]) -> Future[tuple[Endpoint, ...]]:
        return self._answer(tuple(one for one in endpoints if one.id in self.due_ids))

    def left_of_sweep(self) -> Future[LeftOfSweep | None]:
        return self._answer(self.left)

    def dismiss_sweep(self, left: LeftOfSweep) -> Future[None]:
        self.dismissed.append(left)
        if self.failure is None:
            self.left = None
        return self._answer(None)

    def inspect(
        self, sources: Sequence[Path | PastedData], password: str | None = None
    ) -> Future[Inspection]:
        names = tuple(map(_name, sources))
        self.read.append((names, password))
        found = [self.inspections[name](password) for name in names if name in self.inspections]
        items = tuple(item for one in found for item in one.items)
        problems = tuple(problem for one in found for problem in one.problems)
        return self._answer(Inspection(items=items, problems=problems))

    def holds_many(self, sources: Sequence[Path | PastedData]) -> Future[bool]:
        return self._answer(any(_name(one) in self.bundles for one in sources))

    def read_rows(
        self, sources: Sequence[Path | PastedData], on_rows: Callable[[RowsChunk], None]
    ) -> FakeRowReading:
        self.readings.append(FakeRowReading(_name(sources[0]), on_rows))
        return self.readings[-1]

    def open_row(self, rows: Sequence[CertificateRow], place: int, source: str) -> Future[Inspection]:
        above = IssuerIndex().issuers_of(rows[place], rows, 50)
        items = tuple(
            InspectedItem(
                kind=ItemKind.CERTIFICATE, source=source, position=0, certificate=read_details(row.der)
            )
            for row in (rows[place], *above)
        )
        return self._answer(Inspection(items=items))

    def judge_rows(
        self, rows: Sequence[CertificateRow], on_verdicts: Callable[[JudgedRows], None]
    ) -> FakeJudging:
        self.judgings.append(FakeJudging(rows, on_verdicts, self.evaluation_time, self.lists[0]))
        return self.judgings[-1]

    def judge_certificate(
        self,
        certificate: CertificateFacts,
        *,
        purpose: Purpose,
        beside: Sequence[CertificateFacts] = (),
        trust_list: str | None = None,
        fetches: bool = False,
        asks_revocation: bool = False,
    ) -> Future[Verification]:
        question = JudgeQuestion(
            certificate=certificate,
            purpose=purpose,
            beside=tuple(beside),
            trust_list=next(one for one in self.lists if trust_list in {None, one.name}),
            at=self.evaluation_time,
            fetches=fetches,
            asks_revocation=asks_revocation,
        )
        self.questions.append(question)
        return Future() if self.verify is None else self._answer(self.verify(question))

    def lint_certificate(
        self,
        certificate: CertificateDetails,
        *,
        purpose: Purpose,
        chain: Sequence[CertificateDetails] = (),
        beside: Sequence[InspectedItem] = (),
    ) -> Future[tuple[Finding, ...]]:
        return Future() if self.lint is None else self._answer(tuple(self.lint(certificate, purpose)))

    def open_crl(
        self,
        crl: CrlFacts,
        *,
        beside: Sequence[CertificateFacts] = (),
        on_progress: Callable[[float], None] | None = None,
    ) -> FakeCrlJob:
        job = FakeCrlJob(crl, tuple(beside), on_progress)
        self.crl_jobs.append(job)
        if self.opens_crls:
            job.finish()
        return job

    def lint_item(
        self, item: InspectedItem, *, beside: Sequence[InspectedItem] = ()
    ) -> Future[tuple[Finding, ...]]:
        return Future() if self.lint_others is None else self._answer(tuple(self.lint_others(item)))

    def lint_conformance(self, certificate: CertificateFacts) -> FakeConformance:
        job = FakeConformance(certificate)
        self.conformance.append(job)
        return job

    def use_evidence(self, evidence: Sequence[OpenEvidence]) -> Future[EvidenceInUse]:
        self.evidence = tuple(evidence)
        return self._answer(self.in_use())

    def keep_crl(
        self, crl: CrlFacts, name: str, *, beside: Sequence[CertificateFacts] = ()
    ) -> Future[EvidenceInUse]:
        self.kept[crl.sha256] = (name, crl)
        return self._answer(self.in_use())

    def forget_crl(self, sha256: str) -> Future[EvidenceInUse]:
        self.kept.pop(sha256, None)
        return self._answer(self.in_use())

    def kept_crls(self) -> Future[tuple[PastedData, ...]]:
        return self._answer(tuple(PastedData(name=name, data=crl.der) for name, crl in self.kept.values()))

    def own_revocation(self, identity: str) -> Future[tuple[RevocationCheck, ...]]:
        self.own_asked.append(identity)
        return self._answer(self.own_checks.get(identity, ()))

    def set_online(self, online: bool) -> None:
        self.online = online

    def stop_asking(self) -> None:
        self.stopped_asking += 1

    def in_use(self) -> EvidenceInUse:
        """Say how what is open and what is kept stands: all of it is used."""
        names = {one.crl.sha256: one.name for one in self.evidence if one.crl is not None}
        known = {**{key: name for key, (name, _crl) in self.kept.items()}, **names}
        return EvidenceInUse(
            lists={
                key: ListInUse(
                    state=EvidenceState.IN_USE,
                    source=name,
                    kept_at=_KEPT_AT if key in self.kept else None,
                    is_open=key in names,
                )
                for key, name in known.items()
            },
            responses=frozenset(
                hashlib.sha256(one.response).hexdigest() for one in self.evidence if one.response is not None
            ),
        )

    def search(self, query: str, opened: Sequence[CertificateFacts] = ()) -> Future[tuple[Hit, ...]]:
        self.searches.append((query, tuple(opened)))
        return self._answer(tuple(hit for hit in self.hits if query.casefold() in hit.title.casefold()))

    def certificate(self, sha256: str) -> Future[CertificateFacts | None]:
        return self._answer(self.certificates.get(sha256))

    def save_file(self, file: Path, data: bytes) -> Future[Path]:
        if self.failure is None:
            self.saved[file] = data
        return self._answer(file)

    def set_evaluation_time(self, at: datetime | None) -> None:
        self.evaluation_time = at

    def close(self) -> None:
        self.closed = True

    def _answer(self, value: T) -> Future[T]:
        future: Future[T] = Future()
        if self.failure is not None:
            future.set_exception(self.failure)
        else:
            future.set_result(value)
        return future


class FakeCrlJob(FakeJob[OpenedCrl]):
    """A revocation list being opened; `finish` really opens it, in memory."""

    def __init__(
        self,
        crl: CrlFacts,
        beside: tuple[CertificateFacts, ...],
        on_progress: Callable[[float], None] | None,
    ) -> None:
        super().__init__()
        self.crl = crl
        self.beside = beside
        self._on_progress = on_progress

    def say(self, part: float) -> None:
        if self._on_progress is not None:
            self._on_progress(part)

    def cancel(self) -> None:
        self.cancelled = True
        if not self.future.done():
            self.future.set_exception(CancelledByPersonError())

    def finish(self) -> None:
        self.future.set_result(asked_crl(HeldRevocationList(self.crl.der), self.beside))


class FakeRejudging(FakeJob[int]):
    """A run over the table whose progress the test plays."""

    def __init__(
        self, desk: FakeDesk, endpoints: Sequence[Endpoint], on_rows: Callable[[Sequence[BoardRow]], None]
    ) -> None:
        super().__init__(lambda: 0)
        self.endpoints = tuple(endpoints)
        self.at = desk.evaluation_time
        self._on_rows = on_rows

    def tell(self, *rows: BoardRow) -> None:
        """Tell of a chunk."""
        self._on_rows(rows)

    def finish(self) -> None:
        """End the run."""
        self.future.set_result(len(self.endpoints))


class FakeProbe(FakeJob[ProbeReport]):
    """One probe; `say` plays its progress, `future.set_result` ends it."""

    def __init__(
        self,
        target: Target,
        identity: str | None,
        trust_lists: tuple[str, ...],
        on_progress: Callable[[Phase | TimelineEvent], None] | None,
    ) -> None:
        super().__init__()
        self.target = target
        self.identity = identity
        self.trust_lists = trust_lists
        self._on_progress = on_progress

    def say(self, *events: Phase | TimelineEvent) -> None:
        for event in events:
            if self._on_progress is not None:
                self._on_progress(event)


def _name(source: Path | PastedData) -> str:
    return str(source) if isinstance(source, Path) else source.name


def sample_lists() -> tuple[TrustList, ...]:
    """A list in force and the public web's."""
    return (
        TrustList(name="lab", title=msg("Lab list (throw-away CAs)"), origin=TrustListOrigin.LAB, anchors=()),
        TrustList(
            name="certifi",
            title=msg("Public web list (certifi)"),
            origin=TrustListOrigin.PUBLIC_WEB,
            anchors=(),
        ),
    )


def sample_identities() -> tuple[IdentityChoice, ...]:
    """Two client identities."""
    return tuple(
        IdentityChoice(name=name, sha256=digit * 64, subject=f"CN={name},O=Example")
        for name, digit in (("client-good", "a"), ("client-expired", "b"))
    )


def broken_workspace() -> UnusableInputError:
    """A failure that a page has to show inline."""
    return UnusableInputError(
        msg("The workspace cannot be read."),
        remedy=msg("Choose another folder."),
        place="/somewhere/workspace.db",
    )
