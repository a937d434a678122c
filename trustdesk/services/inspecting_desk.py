"""What the Inspector asks of the desk: reading, judging and linting what a person opened, and its evidence.

A part of `services.desk.Desk`, with the same promises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.certificate import CertificateFacts
    from trustdesk.core.finding import Finding
    from trustdesk.core.inspection import (
        CertificateDetails,
        CertificateRow,
        CrlFacts,
        InspectedItem,
        Inspection,
    )
    from trustdesk.core.ports import Job
    from trustdesk.core.verification import Purpose, Verification
    from trustdesk.services.desk_values import (
        OpenedCrl,
        PastedData,
    )
    from trustdesk.services.evidence_in_use import EvidenceInUse, OpenEvidence
    from trustdesk.services.row_values import JudgedRows, JudgingTotals, RowsChunk, RowsRead


class InspectingDesk(Protocol):
    """What a face does with certificates, requests, keys and revocation lists that are open."""

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

    def set_online(self, online: bool) -> None:
        """Ask the CAs about revocation (OCSP, CRL) in handshakes and sweeps from now on, or nobody.

        A desk begins with nobody. Kept results are judged again without asking either way.
        """
        ...

    def stop_asking(self) -> None:
        """End what is being asked now; what is judged then says that nothing could be had."""
        ...
