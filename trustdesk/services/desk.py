"""The desk: everything that a page or a command can ask for, in one place.

Nothing here blocks: a question answers with a future, something long with a job. Futures complete on
other threads; a face brings them to its own. `services.live_desk` is the implementation; this module is
what a face may import before its first paint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.inspection import CertificateDetails, Inspection
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.core.target import Target
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose, Verification
from trustdesk.services.board import BoardRow
from trustdesk.services.search import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChoice:
    """One client identity that can be selected, without its key."""

    name: str
    sha256: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepProgress:
    """One step of a sweep: the endpoint entered `phase`, or ended with `row` and `report`."""

    endpoint_id: int
    phase: Phase | None = None
    row: BoardRow | None = None
    report: ProbeReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepTotals:
    """What a sweep came to; `cancelled` endpoints keep their earlier result."""

    passed: int
    warned: int
    failed: int
    cancelled: int
    duration_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedData:
    """Something to inspect that is no file: pasted or dropped text.

    Attributes:
        name: what stands for the file's name.
    """

    name: str
    data: bytes = field(repr=False)


class Desk(Protocol):
    """What the window and the commands work with."""

    def board(self) -> Future[tuple[BoardRow, ...]]:
        """All endpoints with their last result, by partner name.

        What cannot be shown as it was tested stands as not judged yet, and is due for `rejudge`.
        """
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
        """Client identities that can be selected."""
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
        """Probe one target; `identity` and `trust_lists` are names of those above."""
        ...

    def sweep(
        self, endpoints: Sequence[Endpoint], on_progress: Callable[[SweepProgress], None]
    ) -> Job[SweepTotals]:
        """Probe endpoints side by side, each with its own identity, and keep the results."""
        ...

    def inspect(
        self, sources: Sequence[Path | PastedData], password: str | None = None
    ) -> Future[Inspection]:
        """Read everything that lies in files, folders or pasted text; what cannot be read is an item too."""
        ...

    def judge_certificate(
        self,
        certificate: CertificateFacts,
        *,
        purpose: Purpose,
        beside: Sequence[CertificateFacts] = (),
        trust_list: str | None = None,
        fetches: bool = False,
    ) -> Future[Verification]:
        """Judge one certificate with others that may be its issuers, as of the evaluation time.

        Args:
            trust_list: None is the one in force.
            fetches: whether missing issuers may be asked for at the web addresses that certificates name
                (AIA): the CA's server sees it.
        """
        ...

    def lint_certificate(
        self, certificate: CertificateDetails, *, purpose: Purpose, chain: Sequence[CertificateDetails] = ()
    ) -> Future[tuple[Finding, ...]]:
        """Apply the rule sets for a purpose, as of the evaluation time; `chain` is what came along."""
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
