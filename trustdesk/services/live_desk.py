"""The desk at work: workspace, network, lists and identities behind `services.desk.Desk`.

Each use has an object of its own beside this one; what all of them share is the `DeskSession`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis, IdentityMatch
from trustdesk.core.finding import Finding
from trustdesk.core.handshake import CertificateRequest, TimelineEvent
from trustdesk.core.inspection import CertificateDetails, CertificateRow, CrlFacts, InspectedItem, Inspection
from trustdesk.core.message import Message
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Clock, Job, SecretStore
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.target import Target
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose, Verification
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.records import prepare
from trustdesk.network.request import ProbeLimits
from trustdesk.network.thread import NetworkThread
from trustdesk.network.web_proxy import EnvironmentProxies, ProxyChoice
from trustdesk.services.authority_desk import AuthorityDesk
from trustdesk.services.board import BoardRow
from trustdesk.services.board_desk import BoardDesk
from trustdesk.services.certificate_desk import CertificateDesk
from trustdesk.services.crl_opening import CrlOpener
from trustdesk.services.desk_revocation import DeskRevocation
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.desk_values import (
    IdentityChoice,
    OpenedCrl,
    PastedData,
    RunningRehearsal,
    SweepProgress,
    SweepTotals,
)
from trustdesk.services.diagnosing import DiagnosisListener
from trustdesk.services.evidence_in_use import EvidenceInUse, OpenEvidence
from trustdesk.services.expiry_timeline import TimelineReader
from trustdesk.services.explaining import ExplainedMessage, explain_text
from trustdesk.services.identities_in_use import IdentitiesInUse
from trustdesk.services.identity_desk import IdentityDesk
from trustdesk.services.live_identities import LiveIdentities
from trustdesk.services.prepared_jobs import DoneJob
from trustdesk.services.private_ca import PrivateCa
from trustdesk.services.probing_desk import ProbingDesk
from trustdesk.services.reading_desk import ReadingDesk
from trustdesk.services.rehearsing import Rehearsals
from trustdesk.services.revocation import StoppableWeb, person_web
from trustdesk.services.row_values import JudgedRows, JudgingTotals, RowsChunk, RowsRead
from trustdesk.services.search import Hit
from trustdesk.services.search_corpus import SearchCorpus
from trustdesk.services.sweeps import DEFAULT_PER_HOST
from trustdesk.services.timeline_values import ExpiryTimeline
from trustdesk.services.workspace_keys import open_keys
from trustdesk.storage.atomic_file import save_export
from trustdesk.storage.directory import Directory
from trustdesk.storage.identities import IdentityIndex
from trustdesk.storage.stored_chains import ChainStore
from trustdesk.storage.workspace import Workspace


class LiveDesk:
    """One open workspace with everything that works on it."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        trust_lists: Sequence[TrustList],
        identities: Mapping[str, ClientCredential],
        clock: Clock,
        limits: ProbeLimits | None = None,
        proxies: ProxyChoice | None = None,
        per_host: int = DEFAULT_PER_HOST,
        make_web: Callable[[], StoppableWeb] | None = None,
        keyring: SecretStore | None = None,
    ) -> None:
        """Open it.

        Args:
            identities: for this session, with their keys.
            make_web: makes what asks about revocation; None for the person's own.
            keyring: keeps private keys; None for the system's.
        """
        prepare()
        self._workspace = workspace
        self._directory = Directory(workspace)
        self._crls = CrlOpener()
        self._revocation = DeskRevocation(
            workspace, self._crls, clock=clock, make_web=make_web or (lambda: person_web(clock))
        )
        self._session = DeskSession(trust_lists, identities, clock, self._revocation)
        self._network = NetworkThread()
        self._network.start()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-reader")
        self._searching = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-searching")
        self._corpus = SearchCorpus(self._directory, IdentityIndex(workspace).all)
        self._board = BoardDesk(self._directory, self._session)
        self._opening = ReadingDesk()
        self._certificates = CertificateDesk(self._session, self._crls)
        self._rehearsals = Rehearsals()
        self._keys = open_keys(workspace, clock, keyring)
        self._identities = LiveIdentities(workspace, self._keys, self._session, changed=self._corpus.changed)
        look_again = self._revocation.look_again
        self._authorities = PrivateCa(
            workspace, self._keys.stores, self._keys.thread, clock, on_lists=lambda: look_again().result()
        )
        self._in_use = IdentitiesInUse(self._session, self._identities.stored, self._identities.load_key)
        self._probing = ProbingDesk(
            self._network,
            self._session,
            self._in_use,
            limits=limits or ProbeLimits(),
            proxies=proxies or EnvironmentProxies(),
            per_host=per_host,
            record=self._record,
        )
        self._timeline = TimelineReader(ChainStore(workspace), self._in_use.paths)
        # What we send is known from the start, for results that are judged again.
        self._reader.submit(self._in_use.stored)
        self._identities.sweep_keys()

    @property
    def identity_desk(self) -> IdentityDesk:
        """Our own certificates, requests and key stores."""
        return self._identities

    @property
    def authority_desk(self) -> AuthorityDesk:
        """Our own private CAs."""
        return self._authorities

    @property
    def revocation(self) -> DeskRevocation:
        """What judgements look at before anybody is asked, and whether anybody is."""
        return self._revocation

    def board(self) -> Future[tuple[BoardRow, ...]]:
        """All endpoints with their last result, by partner name."""
        return self._reader.submit(self._board.board)

    def timeline(self) -> Future[ExpiryTimeline]:
        """What is valid until when, as of the evaluation time: partners', our own, and CAs in force."""
        return self._reader.submit(self._timeline.read, self._session.lists(), self._session.at)

    def last_report(self, endpoint_id: int) -> Future[ProbeReport | None]:
        """The last probe of an endpoint; None when there was none."""
        return self._reader.submit(self._board.last_report, endpoint_id, self._session.viewpoint())

    def rejudge(
        self, endpoints: Sequence[Endpoint], on_rows: Callable[[Sequence[BoardRow]], None]
    ) -> Job[int]:
        """Judge the last results of endpoints again, a chunk at a time; a run before it stops."""
        return self._board.rejudge(endpoints, on_rows)

    def rejudge_report(self, report: ProbeReport, *, trust_list: str | None = None) -> Future[ProbeReport]:
        """Judge a report's certificates again; None for `trust_list` is the one in force."""
        return self._reader.submit(self._board.rejudged, report, self._session.viewpoint(trust_list))

    def add_endpoint(self, partner: str, target: Target, identity: str | None) -> Future[Endpoint]:
        """Add an endpoint to the directory, and its partner where it is new."""
        added = self._directory.add_endpoint(partner, target, identity)
        self._corpus.changed()
        return added

    def trust_lists(self) -> Future[tuple[TrustList, ...]]:
        """Lists that can be selected; the first is in force."""
        return DoneJob(self._session.trust_lists).future

    def use_trust_list(self, name: str) -> Future[TrustList]:
        """Judge by this list from the next test on; it is the first of `trust_lists` then."""
        return DoneJob(self._session.use_trust_list(name)).future

    def identities(self) -> Future[tuple[IdentityChoice, ...]]:
        """Client identities that can be selected."""
        return self._reader.submit(self._in_use.choices)

    def open_trust_list(self, file: Path) -> Future[TrustList]:
        """Read a list from a file, for this session."""
        return self._reader.submit(self._session.open_trust_list, file)

    def open_identity(
        self, certificate_file: Path, key_file: Path | None, password: str | None
    ) -> Future[IdentityChoice]:
        """Read a client certificate with its key, for this session, into memory only."""

        def opened() -> IdentityChoice:
            taken = [one.name for one in self._in_use.stored()]
            return self._session.open_identity(certificate_file, key_file, password, taken)

        return self._reader.submit(opened)

    def probe(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[Phase | TimelineEvent], None] | None = None,
    ) -> Job[ProbeReport]:
        """Probe one target; `identity` and `trust_lists` are names of those above."""
        return self._probing.probe(target, identity, trust_lists, on_progress)

    def diagnose(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: DiagnosisListener | None = None,
    ) -> Job[Diagnosis]:
        """Find out why a handshake fails, as of the present: that is when it takes place."""
        return self._probing.diagnose(target, identity, trust_lists, on_progress)

    def sweep(
        self, endpoints: Sequence[Endpoint], on_progress: Callable[[SweepProgress], None]
    ) -> Job[SweepTotals]:
        """Probe endpoints side by side, each with its own identity, and keep the results."""
        return self._probing.sweep(endpoints, on_progress)

    def client_certificate(self, identity: str) -> Future[CertificateFacts | None]:
        """The certificate of an identity, without its key."""
        return self._reader.submit(self._probing.client_certificate, identity)

    def match_identities(
        self, request: CertificateRequest, version: str | None
    ) -> Future[tuple[IdentityMatch, ...]]:
        """Which of the identities clients of different make would present to this request."""
        return self._reader.submit(self._probing.match, request, version)

    def own_revocation(self, identity: str) -> Future[tuple[RevocationCheck, ...]]:
        """What is at hand on the revocation of one of our certificates; nobody is asked."""
        return self._reader.submit(self._probing.own_revocation, identity)

    def explain(self, text: str) -> Future[tuple[ExplainedMessage, ...]]:
        """Explain an error message of another tool."""
        return self._reader.submit(explain_text, text)

    def rehearse(
        self, style: str, client_ca_file: Path | None, on_verdict: Callable[[Message], None]
    ) -> Future[RunningRehearsal]:
        """Start a local server to rehearse with."""
        return self._reader.submit(self._rehearsals.start, style, client_ca_file, on_verdict)

    def inspect(
        self, sources: Sequence[Path | PastedData], password: str | None = None
    ) -> Future[Inspection]:
        """Read everything that lies in files, folders or pasted text, in a process of its own."""
        return self._opening.inspect(sources, password)

    def holds_many(self, sources: Sequence[Path | PastedData]) -> Future[bool]:
        """Whether sources hold so many PEM certificates that rows should be read."""
        return self._opening.holds_many(sources)

    def read_rows(
        self, sources: Sequence[Path | PastedData], on_rows: Callable[[RowsChunk], None]
    ) -> Job[RowsRead]:
        """Read the columns of any number of PEM certificates, in a process of their own."""
        return self._opening.read_rows(sources, on_rows)

    def open_row(self, rows: Sequence[CertificateRow], place: int, source: str) -> Future[Inspection]:
        """Decode one row, and after it those of `rows` that can stand above it."""
        return self._opening.open_row(rows, place, source)

    def judge_rows(
        self, rows: Sequence[CertificateRow], on_verdicts: Callable[[JudgedRows], None]
    ) -> Job[JudgingTotals]:
        """Judge rows for both purposes by the list in force, as of the evaluation time."""
        return self._certificates.judge_rows(rows, on_verdicts)

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
        return self._certificates.judge(
            certificate,
            purpose=purpose,
            beside=beside,
            trust_list=trust_list,
            fetches=fetches,
            asks_revocation=asks_revocation,
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
        return self._certificates.lint(certificate, purpose=purpose, chain=chain, beside=beside)

    def open_crl(
        self,
        crl: CrlFacts,
        *,
        beside: Sequence[CertificateFacts] = (),
        on_progress: Callable[[float], None] | None = None,
    ) -> Job[OpenedCrl]:
        """Make a revocation list that was read ready to be asked; a long one is indexed first."""
        return self._certificates.open_crl(crl, beside, on_progress)

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
        return self._certificates.lint_item(item, beside)

    def lint_conformance(self, certificate: CertificateFacts) -> Job[tuple[Finding, ...]]:
        """Have pkilint read a certificate, in a process of its own."""
        return self._certificates.lint_conformance(certificate)

    def search(self, query: str, opened: Sequence[CertificateFacts] = ()) -> Future[tuple[Hit, ...]]:
        """Search everything; one search after the other."""
        return self._searching.submit(self._corpus.find, query, self._session.trust_lists, tuple(opened))

    def certificate(self, sha256: str) -> Future[CertificateFacts | None]:
        """A certificate that was seen or stands on a list."""
        return self._reader.submit(self._corpus.certificate, sha256, self._session.trust_lists)

    def save_file(self, file: Path, data: bytes) -> Future[Path]:
        """Write an export, whole or not at all."""
        return self._reader.submit(save_export, file, data)

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Judge as of another instant from now on, and count days from it; None is the present."""
        self._session.evaluation_time = at

    def close(self) -> None:
        """End what runs and let go of files, threads and the reading process."""
        # Everything is asked to stop before the first of them is waited for.
        self._opening.cancel()
        self._board.cancel()
        self._certificates.cancel()
        self._revocation.close()
        # A run that waits for a keyring ends with the keys' thread, and what it would have begun is not.
        self._keys.close()
        self._probing.close()
        self._rehearsals.close()
        self._network.close()
        self._identities.close()
        self._authorities.close()
        self._opening.close()
        self._certificates.close()
        self._crls.close()
        self._board.close()
        self._searching.shutdown(cancel_futures=True)
        self._reader.shutdown(cancel_futures=True)
        self._workspace.close()

    def _record(self, endpoint_id: int, report: ProbeReport) -> Future[int]:
        recorded = self._directory.record_report(endpoint_id, report)
        self._corpus.changed()
        return recorded
