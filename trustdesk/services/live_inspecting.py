"""What a desk does with what is open: reading, judging, linting, evidence of revocation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.inspection import CertificateDetails, CertificateRow, CrlFacts, InspectedItem, Inspection
from trustdesk.core.ports import Job
from trustdesk.core.verification import Purpose, Verification
from trustdesk.services.certificate_desk import CertificateDesk
from trustdesk.services.desk_revocation import DeskRevocation
from trustdesk.services.desk_values import OpenedCrl, PastedData
from trustdesk.services.evidence_in_use import EvidenceInUse, OpenEvidence
from trustdesk.services.reading_desk import ReadingDesk
from trustdesk.services.row_values import JudgedRows, JudgingTotals, RowsChunk, RowsRead


class LiveInspecting:
    """That side of a desk; each method as in `services.desk.Desk`. Its owner closes what it takes."""

    def __init__(
        self, opening: ReadingDesk, certificates: CertificateDesk, revocation: DeskRevocation
    ) -> None:
        self._opening = opening
        self._certificates = certificates
        self._revocation = revocation

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
        """Judge rows for both purposes by the lists in force, as of the evaluation time."""
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
