"""The desk: everything that a page or a command can ask for, in one place.

Nothing here blocks: a question answers with a future, something long with a job. Futures complete on
other threads; a face brings them to its own. `services.live_desk` is the implementation; this module is
what a face may import before its first paint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.certificate import CertificateFacts
    from trustdesk.core.diagnosis import Diagnosis, IdentityMatch
    from trustdesk.core.finding import Finding
    from trustdesk.core.handshake import CertificateRequest, TimelineEvent
    from trustdesk.core.inspection import (
        CertificateDetails,
        CertificateRow,
        CrlFacts,
        InspectedItem,
        Inspection,
    )
    from trustdesk.core.message import Message
    from trustdesk.core.partner import Endpoint
    from trustdesk.core.ports import Job
    from trustdesk.core.probe import Phase, ProbeReport
    from trustdesk.core.revocation import RevocationCheck
    from trustdesk.core.target import Target
    from trustdesk.core.trust import TrustList
    from trustdesk.core.verification import Purpose, Verification
    from trustdesk.services.authority_desk import AuthorityDesk
    from trustdesk.services.board import BoardRow
    from trustdesk.services.desk_values import (
        IdentityChoice,
        OpenedCrl,
        PastedData,
        RunningRehearsal,
        SweepProgress,
        SweepTotals,
    )
    from trustdesk.services.diagnosing import DiagnosisProgress
    from trustdesk.services.evidence_in_use import EvidenceInUse, OpenEvidence
    from trustdesk.services.explaining import ExplainedMessage
    from trustdesk.services.identity_desk import IdentityDesk
    from trustdesk.services.row_values import JudgedRows, JudgingTotals, RowsChunk, RowsRead
    from trustdesk.services.search import Hit
    from trustdesk.services.timeline_values import ExpiryTimeline


class Desk(Protocol):
    """What the window and the commands work with."""

    @property
    def identity_desk(self) -> IdentityDesk:
        """Our own certificates, requests and key stores."""
        ...

    @property
    def authority_desk(self) -> AuthorityDesk:
        """Our own private CAs."""
        ...

    def board(self) -> Future[tuple[BoardRow, ...]]:
        """All endpoints with their last result, by partner name.

        What cannot be shown as it was tested stands as not judged yet, and is due for `rejudge`.
        """
        ...

    def timeline(self) -> Future[ExpiryTimeline]:
        """What is valid until when, as of the evaluation time: partners', our own, and CAs in force."""
        ...

    def last_report(self, endpoint_id: int) -> Future[ProbeReport | None]:
        """The last probe of an endpoint; None when there was none.

        Its certificates are judged for the evaluation time, by the list in force.
        """
        ...

    def rejudge(
        self, endpoints: Sequence[Endpoint], on_rows: Callable[[Sequence[BoardRow]], None]
    ) -> Job[int]:
        """Judge the last results of endpoints for the evaluation time, by the list in force.

        Rows come a chunk at a time, in the order of `endpoints`; one never tested has none. The future holds
        how many there were. Another time or list asks for another job: this one keeps to its own.
        """
        ...

    def rejudge_report(self, report: ProbeReport, *, trust_list: str | None = None) -> Future[ProbeReport]:
        """Judge a report's certificates for the evaluation time, by a list; None is the one in force."""
        ...

    def add_endpoint(self, partner: str, target: Target, identity: str | None) -> Future[Endpoint]:
        """Add an endpoint to the directory, and its partner where it is new."""
        ...

    def trust_lists(self) -> Future[tuple[TrustList, ...]]:
        """Lists that can be selected; the first is in force."""
        ...

    def use_trust_list(self, name: str) -> Future[TrustList]:
        """Judge by this list from the next test on; it is the first of `trust_lists` then."""
        ...

    def identities(self) -> Future[tuple[IdentityChoice, ...]]:
        """Client identities that can be selected: those with keys in a key store, then opened ones."""
        ...

    def open_trust_list(self, file: Path) -> Future[TrustList]:
        """Read a list from a file, for this session; it can be selected by its name from then on."""
        ...

    def open_identity(
        self, certificate_file: Path, key_file: Path | None, password: str | None
    ) -> Future[IdentityChoice]:
        """Read a client certificate with its key, for this session, into memory only.

        The future fails with WrongPasswordError when the file is protected and `password` is None or wrong.
        """
        ...

    def probe(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[Phase | TimelineEvent], None] | None = None,
    ) -> Job[ProbeReport]:
        """Probe one target; `identity` and `trust_lists` are names of those above.

        A key in a key store is loaded for this run. The future fails with UnusableInputError where there is
        no such identity, with a KeyStoreError where its key cannot be had, and with CancelledByPersonError
        when it is cancelled while it waits for that.
        """
        ...

    def diagnose(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[DiagnosisProgress], None] | None = None,
    ) -> Job[Diagnosis]:
        """Find out why a handshake fails: preflight, the probe as given, and those that separate causes.

        Cancelled, it delivers what was found out so far; `hypotheses` is empty where nothing is proved. An
        identity's key is had as for `probe`.

        Args:
            on_progress: told from another thread as each probe begins and ends.
        """
        ...

    def client_certificate(self, identity: str) -> Future[CertificateFacts | None]:
        """The certificate of an identity, without its key; None when there is no such identity."""
        ...

    def match_identities(
        self, request: CertificateRequest, version: str | None
    ) -> Future[tuple[IdentityMatch, ...]]:
        """Which of the identities clients of different make would present to this request.

        Args:
            version: negotiated, as in `Negotiated`; None when not known.
        """
        ...

    def explain(self, text: str) -> Future[tuple[ExplainedMessage, ...]]:
        """Explain an error message of another tool; empty when nothing in it is known.

        The future fails with UnusableInputError where there is no text, or too much of it.
        """
        ...

    def rehearse(
        self, style: str, client_ca_file: Path | None, on_verdict: Callable[[Message], None]
    ) -> Future[RunningRehearsal]:
        """Start a local server to rehearse with; it ends with `stop`, at the latest with the desk.

        Args:
            style: value of `lab.rehearsal.Style`.
            client_ca_file: the CAs whose clients it takes; None for the lab's own.
            on_verdict: told from another thread what is made of each client.
        """
        ...

    def sweep(
        self, endpoints: Sequence[Endpoint], on_progress: Callable[[SweepProgress], None]
    ) -> Job[SweepTotals]:
        """Probe endpoints side by side, each with its own identity, and keep the results.

        Each key is loaded once, before the first probe; the future fails as that of `probe`. An endpoint
        whose identity is gone is not tested: its row says so, and it counts as failed.
        """
        ...

    def inspect(
        self, sources: Sequence[Path | PastedData], password: str | None = None
    ) -> Future[Inspection]:
        """Read everything that lies in files, folders or pasted text; what cannot be read is an item too."""
        ...

    def holds_many(self, sources: Sequence[Path | PastedData]) -> Future[bool]:
        """Whether sources hold so many PEM certificates that rows should be read; see `read_rows`."""
        ...

    def read_rows(
        self, sources: Sequence[Path | PastedData], on_rows: Callable[[RowsChunk], None]
    ) -> Job[RowsRead]:
        """Read the columns of any number of PEM certificates; what is none is counted.

        Args:
            on_rows: called on another thread, in the order of the sources.
        """
        ...

    def open_row(self, rows: Sequence[CertificateRow], place: int, source: str) -> Future[Inspection]:
        """Decode one row, and after it those of `rows` that can stand above it.

        Args:
            rows: what is shown; it may grow meanwhile.
            source: what the items are said to come from.
        """
        ...

    def judge_rows(
        self, rows: Sequence[CertificateRow], on_verdicts: Callable[[JudgedRows], None]
    ) -> Job[JudgingTotals]:
        """Judge rows for both purposes by the list in force, as of the evaluation time.

        One run at a time: a second one begins when the first is over, so cancel that first.

        Args:
            rows: certificates among them that others name as issuer serve as intermediates.
            on_verdicts: called on another thread, in any order.
        """
        ...

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
        """Judge one certificate with others that may be its issuers, as of the evaluation time.

        Args:
            trust_list: None is the one in force.
            fetches: whether missing issuers may be asked for at the web addresses that certificates name
                (AIA): the CA's server sees it.
            asks_revocation: whether the addresses that certificates name for revocation (OCSP, CRL) may be
                asked: the CA's server sees it. Only where a person asked for it.
        """
        ...

    def lint_certificate(
        self,
        certificate: CertificateDetails,
        *,
        purpose: Purpose,
        chain: Sequence[CertificateDetails] = (),
        beside: Sequence[InspectedItem] = (),
    ) -> Future[tuple[Finding, ...]]:
        """Apply the rule sets for a purpose, as of the evaluation time.

        Args:
            chain: what came along.
            beside: everything that is open, the certificate too: keys and other uses of its key.
        """
        ...

    def lint_item(
        self, item: InspectedItem, *, beside: Sequence[InspectedItem] = ()
    ) -> Future[tuple[Finding, ...]]:
        """Apply the rule sets to a request or a private key; there are none for anything else."""
        ...

    def lint_conformance(self, certificate: CertificateFacts) -> Job[tuple[Finding, ...]]:
        """Have pkilint read a certificate, in a process of its own; what it cannot do is "not run"."""
        ...

    def open_crl(
        self,
        crl: CrlFacts,
        *,
        beside: Sequence[CertificateFacts] = (),
        on_progress: Callable[[float], None] | None = None,
    ) -> Job[OpenedCrl]:
        """Make a revocation list that was read ready to be asked; a long one is indexed first.

        Args:
            beside: certificates that may have signed it, or be on it.
            on_progress: told from another thread how far it is, from 0 to 1.
        """
        ...

    def use_evidence(self, evidence: Sequence[OpenEvidence]) -> Future[EvidenceInUse]:
        """Judge by what a person has open, and by what the workspace keeps, and by nothing else given.

        Every judgement from now on looks at it: certificates, handshakes, sweeps, kept results, our own
        certificates. The future ends when all of it is open; what cannot be opened is said there.
        """
        ...

    def keep_crl(
        self, crl: CrlFacts, name: str, *, beside: Sequence[CertificateFacts] = ()
    ) -> Future[EvidenceInUse]:
        """Keep a list that is open for the workspace: it counts in every session from now on.

        Args:
            name: of the file that it came from.
            beside: certificates that may have signed it; by a known signer it replaces older ones.
        """
        ...

    def forget_crl(self, sha256: str) -> Future[EvidenceInUse]:
        """Keep a list no longer; it counts as long as it is open still."""
        ...

    def kept_crls(self) -> Future[tuple[PastedData, ...]]:
        """The lists that the workspace keeps, under the names of their files."""
        ...

    def own_revocation(self, identity: str) -> Future[tuple[RevocationCheck, ...]]:
        """What is at hand on the revocation of an identity's path, its own first; nobody is asked.

        Empty when nothing is at hand.
        """
        ...

    def set_online(self, online: bool) -> None:
        """Ask the CAs about revocation (OCSP, CRL) in handshakes and sweeps from now on, or nobody.

        A desk begins with nobody. Kept results are judged again without asking either way.
        """
        ...

    def stop_asking(self) -> None:
        """End what is being asked now; what is judged then says that nothing could be had."""
        ...

    def search(self, query: str, opened: Sequence[CertificateFacts] = ()) -> Future[tuple[Hit, ...]]:
        """Search partners, certificates that were seen, trust-list entries, and what a face has open."""
        ...

    def certificate(self, sha256: str) -> Future[CertificateFacts | None]:
        """A certificate that was seen or stands on a list, by its digest; None when there is none."""
        ...

    def save_file(self, file: Path, data: bytes) -> Future[Path]:
        """Write an export, whole or not at all; the person has agreed to replace what is there."""
        ...

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Judge as of another instant from now on, and count days from it; None is the present.

        Tests of partners are not touched by it: they happen at the present, and what may be sent in them is
        judged for the present.
        """
        ...

    def close(self) -> None:
        """End what runs and let go of files and threads; blocks until that is done."""
        ...
