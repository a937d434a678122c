"""The desk at work: workspace, network, lists and identities behind `services.desk.Desk`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding
from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.inspection import CertificateDetails, CertificateRow, CrlFacts, InspectedItem, Inspection
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Clock, Job
from trustdesk.core.probe import Outcome, Phase, ProbeReport
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.target import Target
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose, Verification
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.records import prepare
from trustdesk.network.fetch import WebFetcher
from trustdesk.network.request import ProbeLimits, ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.board import BoardRow, awaiting, board_row
from trustdesk.services.board_judging import BoardJudging, JudgingProcess
from trustdesk.services.bulk_judging import judge_rows
from trustdesk.services.conformance import ConformanceLinting
from trustdesk.services.crl_opening import CrlOpener
from trustdesk.services.desk import IdentityChoice, OpenedCrl, PastedData, SweepProgress, SweepTotals
from trustdesk.services.desk_revocation import DeskRevocation
from trustdesk.services.evidence_in_use import EvidenceInUse, OpenEvidence
from trustdesk.services.identities import choice_of, load_identity
from trustdesk.services.likely_issuers import IssuerIndex
from trustdesk.services.lint_evidence import key_evidence, with_evidence
from trustdesk.services.linting import choose_rule_sets, context_of, lint_all
from trustdesk.services.published_keys import published_keys
from trustdesk.services.reading import Bytes, ReadingService
from trustdesk.services.rejudging import Freshness, own_paths
from trustdesk.services.rejudging_worker import Viewpoint
from trustdesk.services.revocation import StoppableWeb, person_web
from trustdesk.services.revocation_aware import RevocationAwareRuns
from trustdesk.services.row_reading import holds_many, read_rows
from trustdesk.services.row_values import JudgedRows, JudgingTotals, RowsChunk, RowsRead
from trustdesk.services.search import Hit
from trustdesk.services.search_corpus import SearchCorpus
from trustdesk.services.sweeps import DEFAULT_PER_HOST, KeptSweep
from trustdesk.services.thread_jobs import ThreadJobs
from trustdesk.services.trust_lists import certifi_list, file_list
from trustdesk.services.verification import verify_certificate
from trustdesk.storage.atomic_file import write_atomically
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.lint import lint_key
from trustdesk.verify.profiles.context import CertificateSubject, CsrSubject, LintContext, Role

T = TypeVar("T")

_FETCHED_FOR_S = 10.0
"""Seconds in which an issuer, or that it could not be had, is not asked for again."""

_MAX_ABOVE = 50
"""Certificates of a bundle that are decoded with a row, because they can stand above it."""
_OPEN = msg("what is open")

_MAX_BESIDE = 200
"""CAs that are open and may stand above what is linted; more strangers find no other path."""

_EXPORT_MODE = 0o644
"""Certificates are public: the server that they are for may run as somebody else."""


class LiveDesk:
    """One open workspace with everything that works on it.

    Lists and identities that a person opens from files live as long as the desk; keys stay in memory.
    """

    def __init__(
        self,
        *,
        workspace: Workspace,
        trust_lists: Sequence[TrustList],
        identities: Mapping[str, ClientCredential],
        clock: Clock,
        limits: ProbeLimits | None = None,
        per_host: int = DEFAULT_PER_HOST,
        make_web: Callable[[], StoppableWeb] | None = None,
    ) -> None:
        """Open it.

        Args:
            make_web: makes what asks about revocation where that is switched on; None for the person's own.
        """
        prepare()
        self._lock = threading.Lock()
        self._changes = 0
        self._judges: dict[tuple[str, ...], PathJudge] = {}
        self._workspace = workspace
        self._directory = Directory(workspace)
        self._network = NetworkThread()
        self._network.start()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-reader")
        self._opener = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-opener")
        self._examiner = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-examiner")
        self._fetching = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-fetching")
        self._fetcher: tuple[float, WebFetcher] | None = None
        self._rejudging = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-rejudging")
        self._judging_process = JudgingProcess()
        self._searching = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-searching")
        self._corpus = SearchCorpus(self._directory)
        self._board_judging: BoardJudging | None = None
        self._reading = ReadingService()
        # A bundle takes seconds; what a person opens beside it does not wait for that.
        self._rows = ThreadJobs("trustdesk-rows")
        self._issuers = IssuerIndex()
        self._judging = ThreadJobs("trustdesk-judging")
        self._crls = CrlOpener()
        self._revocation = DeskRevocation(
            workspace,
            self._crls,
            clock=clock,
            make_web=make_web or (lambda: person_web(clock)),
            on_change=self._judge_anew,
        )
        self._runs = RevocationAwareRuns(self._network, self._revocation)
        self._conformance = ConformanceLinting()
        self._stopping = threading.Event()
        self._evaluation_time: datetime | None = None
        self._clock = clock
        self._limits = limits or ProbeLimits()
        self._per_host = per_host
        self._trust_lists = {trust_list.name: trust_list for trust_list in trust_lists}
        self._identities = dict(identities)
        self._own = own_paths(identities.values())

    @property
    def revocation(self) -> DeskRevocation:
        """What judgements look at before anybody is asked, and whether anybody is."""
        return self._revocation

    def board(self) -> Future[tuple[BoardRow, ...]]:
        """All endpoints with their last result, by partner name."""
        return self._reader.submit(self._read_board)

    def last_report(self, endpoint_id: int) -> Future[ProbeReport | None]:
        """The last probe of an endpoint; None when there was none."""
        return self._reader.submit(self._read_last_report, endpoint_id, self._viewpoint(None))

    def rejudge(
        self, endpoints: Sequence[Endpoint], on_rows: Callable[[Sequence[BoardRow]], None]
    ) -> Job[int]:
        """Judge the last results of endpoints again, a chunk at a time; a run before it stops."""
        if self._board_judging is not None:
            self._board_judging.cancel()
        viewpoint = self._viewpoint(None)
        job = self._board_judging = BoardJudging(
            self._directory,
            endpoints,
            viewpoint,
            lambda: self._judge(_names(viewpoint)),
            self._judging_process,
            on_rows,
        )
        self._rejudging.submit(job.run)
        return job

    def rejudge_report(self, report: ProbeReport, *, trust_list: str | None = None) -> Future[ProbeReport]:
        """Judge a report's certificates again; None for `trust_list` is the one in force."""
        return self._reader.submit(self._rejudged, report, self._viewpoint(trust_list))

    def add_endpoint(self, partner: str, target: Target, identity: str | None) -> Future[Endpoint]:
        """Add an endpoint to the directory, and its partner where it is new."""
        added = self._directory.add_endpoint(partner, target, identity)
        self._corpus.changed()
        return added

    def trust_lists(self) -> Future[tuple[TrustList, ...]]:
        """Lists that can be selected; the first is in force."""
        return _done(self._lists())

    def use_trust_list(self, name: str) -> Future[TrustList]:
        """Judge by this list from the next test on; it is the first of `trust_lists` then."""
        with self._lock:
            chosen = self._trust_lists.pop(name)
            self._trust_lists = {name: chosen, **self._trust_lists}
        self._judge_anew()
        return _done(chosen)

    def identities(self) -> Future[tuple[IdentityChoice, ...]]:
        """Client identities that can be selected."""
        with self._lock:
            return _done(tuple(choice_of(name, identity) for name, identity in self._identities.items()))

    def open_trust_list(self, file: Path) -> Future[TrustList]:
        """Read a list from a file, for this session."""
        return self._reader.submit(self._read_trust_list, file)

    def open_identity(
        self, certificate_file: Path, key_file: Path | None, password: str | None
    ) -> Future[IdentityChoice]:
        """Read a client certificate with its key, for this session, into memory only."""
        return self._reader.submit(self._read_identity, certificate_file, key_file, password)

    def probe(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[Phase | TimelineEvent], None] | None = None,
    ) -> Job[ProbeReport]:
        """Probe one target; `identity` and `trust_lists` are names of those above."""
        request = self._request(target, identity, trust_lists)
        return self._runs.handshake(request, self._chosen(tuple(trust_lists)), on_progress)

    def sweep(
        self, endpoints: Sequence[Endpoint], on_progress: Callable[[SweepProgress], None]
    ) -> Job[SweepTotals]:
        """Probe endpoints side by side, each with its own identity, and keep the results."""

        def phase_entered(index: int, phase: Phase) -> None:
            on_progress(SweepProgress(endpoint_id=endpoints[index].id, phase=phase))

        def ended(index: int, report: ProbeReport) -> None:
            endpoint = endpoints[index]
            if report.record.outcome is not Outcome.CANCELLED:
                kept.append(self._directory.record_report(endpoint.id, report))
                self._corpus.changed()
            row = board_row(endpoint, report, self._now())
            on_progress(SweepProgress(endpoint_id=endpoint.id, row=row, report=report))

        kept: list[Future[int]] = []
        requests = [self._request(endpoint.target, endpoint.identity, ()) for endpoint in endpoints]
        job = self._runs.sweep(
            requests,
            self._chosen(()),
            on_phase=phase_entered,
            on_report=ended,
            per_host=self._per_host,
        )
        return KeptSweep(job, kept)

    def inspect(
        self, sources: Sequence[Path | PastedData], password: str | None = None
    ) -> Future[Inspection]:
        """Read everything that lies in files, folders or pasted text, in a process of its own."""
        return self._opener.submit(self._inspect, tuple(sources), password)

    def holds_many(self, sources: Sequence[Path | PastedData]) -> Future[bool]:
        """Whether sources hold so many PEM certificates that rows should be read."""
        return self._opener.submit(holds_many, _readable(sources))

    def read_rows(
        self, sources: Sequence[Path | PastedData], on_rows: Callable[[RowsChunk], None]
    ) -> Job[RowsRead]:
        """Read the columns of any number of PEM certificates, in a process of their own."""

        def read(cancel: threading.Event) -> RowsRead:
            reading = ReadingService()
            try:
                return read_rows(reading, _readable(sources), on_rows, cancel)
            finally:
                reading.close()

        return self._rows.start(read)

    def open_row(self, rows: Sequence[CertificateRow], place: int, source: str) -> Future[Inspection]:
        """Decode one row, and after it those of `rows` that can stand above it."""
        return self._opener.submit(self._open_row, rows, place, source)

    def judge_rows(
        self, rows: Sequence[CertificateRow], on_verdicts: Callable[[JudgedRows], None]
    ) -> Job[JudgingTotals]:
        """Judge rows for both purposes by the list in force, as of the evaluation time."""
        with self._lock:
            in_force = next(iter(self._trust_lists.values()), None)
        at = self._now()
        return self._judging.start(
            lambda cancel: judge_rows(rows, in_force, at=at, on_verdicts=on_verdicts, cancel=cancel)
        )

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
        """Judge one certificate with others that may be its issuers, as of the evaluation time."""
        with self._lock:
            names = iter(self._trust_lists) if trust_list is None else iter((trust_list,))
            lists = [self._trust_lists[name] for name in names][:1]
        at = self._now()
        policy = self._revocation.policy(asks=asks_revocation)
        # A slow web server of a CA holds up nothing but what was asked of it.
        return (self._fetching if fetches or asks_revocation else self._examiner).submit(
            verify_certificate,
            certificate,
            beside,
            purpose=purpose,
            trust_lists=lists,
            at=at,
            fetcher=self._current_fetcher() if fetches else None,
            revocation=policy.evidence(),
        )

    def lint_certificate(
        self,
        certificate: CertificateDetails,
        *,
        purpose: Purpose,
        chain: Sequence[CertificateDetails] = (),
        beside: Sequence[InspectedItem] = (),
    ) -> Future[tuple[Finding, ...]]:
        """Apply the rule sets for a purpose, as of the evaluation time."""
        return self._examiner.submit(
            _lint,
            certificate,
            purpose,
            tuple(chain),
            tuple(beside),
            trust_lists=self._lists()[:1],
            at=self._now(),
        )

    def open_crl(
        self,
        crl: CrlFacts,
        *,
        beside: Sequence[CertificateFacts] = (),
        on_progress: Callable[[float], None] | None = None,
    ) -> Job[OpenedCrl]:
        """Make a revocation list that was read ready to be asked; a long one is indexed first."""
        job = self._crls.open(crl, tuple(beside), on_progress)
        job.future.add_done_callback(lambda done: self._revocation.opened_for_a_face(crl.sha256, done))
        return job

    def use_evidence(self, evidence: Sequence[OpenEvidence]) -> Future[EvidenceInUse]:
        """Judge by what a person has open, and by what the workspace keeps."""
        return self._revocation.use(evidence)

    def keep_crl(
        self, crl: CrlFacts, name: str, *, beside: Sequence[CertificateFacts] = ()
    ) -> Future[EvidenceInUse]:
        """Keep a list that is open for the workspace."""
        return self._revocation.keep(crl, name, beside)

    def forget_crl(self, sha256: str) -> Future[EvidenceInUse]:
        """Keep a list no longer."""
        return self._revocation.forget(sha256)

    def kept_crls(self) -> Future[tuple[PastedData, ...]]:
        """The lists that the workspace keeps."""
        return self._revocation.kept()

    def own_revocation(self, identity: str) -> Future[tuple[RevocationCheck, ...]]:
        """What is at hand on the revocation of one of our certificates; nobody is asked."""
        with self._lock:
            credential = self._identities.get(identity)
        if credential is None:
            return _done(())
        return self._runs.own_revocation(credential, self._chosen(()))

    def set_online(self, online: bool) -> None:
        """Ask the CAs about revocation from now on, or nobody."""
        self._revocation.set_online(online)

    def stop_asking(self) -> None:
        """End what is being asked now."""
        self._revocation.stop_asking()

    def lint_item(
        self, item: InspectedItem, *, beside: Sequence[InspectedItem] = ()
    ) -> Future[tuple[Finding, ...]]:
        """Apply the rule sets to a request or a private key; there are none for anything else."""
        return self._examiner.submit(_lint_item, item, tuple(beside), self._now())

    def lint_conformance(self, certificate: CertificateFacts) -> Job[tuple[Finding, ...]]:
        """Have pkilint read a certificate, in a process of its own."""
        return self._conformance.start(certificate.der)

    def search(self, query: str, opened: Sequence[CertificateFacts] = ()) -> Future[tuple[Hit, ...]]:
        """Search everything; one search after the other."""
        return self._searching.submit(self._corpus.find, query, self._lists(), tuple(opened))

    def certificate(self, sha256: str) -> Future[CertificateFacts | None]:
        """A certificate that was seen or stands on a list."""
        return self._reader.submit(self._corpus.certificate, sha256, self._lists())

    def save_file(self, file: Path, data: bytes) -> Future[Path]:
        """Write an export, whole or not at all."""
        return self._reader.submit(_save, file, data)

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Judge as of another instant from now on, and count days from it; None is the present."""
        self._evaluation_time = at

    def close(self) -> None:
        """End what runs and let go of files, threads and the reading process."""
        self._stopping.set()
        if self._board_judging is not None:
            self._board_judging.cancel()
        if self._fetcher is not None:
            self._fetcher[1].cancel()
        self._revocation.close()
        self._runs.close()
        self._network.close()
        self._rows.close()
        self._judging.close()
        self._opener.shutdown(cancel_futures=True)
        self._examiner.shutdown(cancel_futures=True)
        self._fetching.shutdown(cancel_futures=True)
        self._rejudging.shutdown(cancel_futures=True)
        self._judging_process.close()
        self._searching.shutdown(cancel_futures=True)
        self._reader.shutdown(cancel_futures=True)
        self._reading.close()
        self._crls.close()
        self._conformance.close()
        self._workspace.close()

    def _lists(self) -> tuple[TrustList, ...]:
        with self._lock:
            return tuple(self._trust_lists.values())

    def _now(self) -> datetime:
        return self._evaluation_time or self._clock.now()

    def _current_fetcher(self) -> WebFetcher:
        """Return the fetcher of this moment: it asks once for what several questions need."""
        now = time.monotonic()
        with self._lock:
            if self._fetcher is None or now - self._fetcher[0] > _FETCHED_FOR_S:
                self._fetcher = (now, WebFetcher())
            return self._fetcher[1]

    def _inspect(self, sources: tuple[Path | PastedData, ...], password: str | None) -> Inspection:
        given = iter(() if password is None else (password,))

        def ask(_subject: Message) -> str | None:
            # One password for one question; what it does not open stays locked, and the face asks again.
            return next(given, None)

        return self._reading.inspect(_readable(sources), ask, self._stopping)

    def _open_row(self, rows: Sequence[CertificateRow], place: int, source: str) -> Inspection:
        above = self._issuers.issuers_of(rows[place], rows, _MAX_ABOVE)
        sources = [Bytes(source, row.der) for row in (rows[place], *above)]
        return self._reading.inspect(sources, None, self._stopping)

    def _read_board(self) -> tuple[BoardRow, ...]:
        endpoints = self._directory.endpoints().result()
        reports = self._directory.last_reports().result()
        at, now = self._evaluation_time, self._clock.now()
        evidence = self._revocation.evidence()
        freshness = Freshness(next(iter(self._lists()), None), now, dict(self._own), evidence)
        rows = []
        for endpoint in endpoints:
            report = reports.get(endpoint.id)
            row = board_row(endpoint, report, at or now)
            is_due = report is not None and (at is not None or freshness.is_out_of_date(report))
            rows.append(awaiting(row) if is_due else row)
        return tuple(sorted(rows, key=lambda row: (row.endpoint.partner.casefold(), row.endpoint.id)))

    def _read_last_report(self, endpoint_id: int, viewpoint: Viewpoint) -> ProbeReport | None:
        report = self._directory.last_report(endpoint_id).result()
        return None if report is None else self._rejudged(report, viewpoint)

    def _rejudged(self, report: ProbeReport, viewpoint: Viewpoint) -> ProbeReport:
        return viewpoint.rejudger(self._judge(_names(viewpoint))).rejudge(report)

    def _viewpoint(self, trust_list: str | None) -> Viewpoint:
        """Fix evaluation time, list (None: the one in force), evidence and our certificates as they are."""
        given = self._revocation.given()
        with self._lock:
            names = tuple(self._trust_lists)[:1] if trust_list is None else (trust_list,)
            return Viewpoint(
                trust_lists=tuple(self._trust_lists[name] for name in names),
                at=self._evaluation_time,
                now=self._clock.now(),
                own=dict(self._own),
                revocation=given,
            )

    def _read_trust_list(self, file: Path) -> TrustList:
        trust_list = file_list(file)
        with self._lock:
            self._trust_lists[trust_list.name] = trust_list
        self._judge_anew()
        return trust_list

    def _read_identity(
        self, certificate_file: Path, key_file: Path | None, password: str | None
    ) -> IdentityChoice:
        name = certificate_file.name
        credential = load_identity(certificate_file, key_file, lambda: password, name)
        with self._lock:
            self._identities[name] = credential
            self._own.update(own_paths((credential,)))
        return choice_of(name, credential)

    def _request(self, target: Target, identity: str | None, trust_lists: Sequence[str]) -> ProbeRequest:
        with self._lock:
            credential = None if identity is None else self._identities.get(identity)
            known = tuple(self._identities)
        if identity is not None and credential is None:
            raise UnusableInputError(
                msg("There is no identity of the name {name}.", name=identity),
                remedy=msg("Choose one of: {names}.", names=", ".join(known) or "–"),
                place=target.endpoint,
            )
        return ProbeRequest(
            target=target,
            judge=self._judge(tuple(trust_lists)),
            credential=credential,
            limits=self._limits,
        )

    def _judge(self, names: tuple[str, ...]) -> PathJudge:
        with self._lock:
            judge = self._judges.get(names)
            changes = self._changes
        if judge is not None:
            return judge
        gate = self._revocation.policy(asks=False).gate
        judge = gate(self._chosen(names), published_keys=published_keys())
        with self._lock:
            if changes == self._changes:
                self._judges[names] = judge
        return judge

    def _chosen(self, names: tuple[str, ...]) -> tuple[TrustList, ...]:
        """Return lists by their names, the one in force for none."""
        with self._lock:
            return tuple(self._trust_lists[name] for name in names or tuple(self._trust_lists)[:1])

    def _judge_anew(self) -> None:
        """Make no judgement by the lists and the evidence of before."""
        with self._lock:
            self._changes += 1
            self._judges.clear()


def _names(viewpoint: Viewpoint) -> tuple[str, ...]:
    return tuple(trust_list.name for trust_list in viewpoint.trust_lists)


def _lint(
    certificate: CertificateDetails,
    purpose: Purpose,
    chain: tuple[CertificateDetails, ...],
    beside: tuple[InspectedItem, ...],
    *,
    trust_lists: Sequence[TrustList],
    at: datetime,
) -> tuple[Finding, ...]:
    role = Role.CA if certificate.facts.is_ca else Role(purpose.value)
    authorities = (item.certificate for item in beside if item.certificate is not None)
    context = context_of(
        certificate,
        role,
        at,
        trust_lists,
        chain=chain,
        beside=[one for one in authorities if one.facts.is_ca][:_MAX_BESIDE],
        public_list=certifi_list(),
    )
    subject = CertificateSubject(certificate)
    sources = (
        item.source
        for item in beside
        if item.certificate is not None and item.certificate.facts.sha256 == certificate.facts.sha256
    )
    context = with_evidence(context, subject, beside, source=next(sources, ""), place=_OPEN)
    return lint_all(subject, role, choose_rule_sets(()), context)


def _lint_item(item: InspectedItem, beside: tuple[InspectedItem, ...], at: datetime) -> tuple[Finding, ...]:
    rule_sets, context = choose_rule_sets(()), LintContext(at=at)
    if item.csr is not None:
        subject = CsrSubject(item.csr)
        context = with_evidence(context, subject, beside, source=item.source, place=_OPEN)
        return lint_all(subject, Role.CSR, rule_sets, context)
    key = key_evidence(item, beside)
    if key is None:
        return ()
    return lint_key(key, rule_sets, replace(context, compromised_keys=published_keys()))


def _readable(sources: Sequence[Path | PastedData]) -> list[Path | Bytes]:
    return [one if isinstance(one, Path) else Bytes(one.name, one.data) for one in sources]


def _save(file: Path, data: bytes) -> Path:
    write_atomically(file, data, _EXPORT_MODE)
    return file


def _done(value: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(value)
    return future
