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

from trustdesk.services.inspecting_desk import InspectingDesk

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.certificate import CertificateFacts
    from trustdesk.core.diagnosis import Diagnosis, IdentityMatch
    from trustdesk.core.handshake import CertificateRequest, TimelineEvent
    from trustdesk.core.left_sweep import LeftOfSweep
    from trustdesk.core.message import Message
    from trustdesk.core.partner import Endpoint
    from trustdesk.core.ports import Job, PausableJob
    from trustdesk.core.probe import Phase, ProbeReport
    from trustdesk.core.revocation import RevocationCheck
    from trustdesk.core.self_check import SelfTest
    from trustdesk.core.target import Target
    from trustdesk.core.trust import TrustList
    from trustdesk.services.authority_desk import AuthorityDesk
    from trustdesk.services.board import BoardRow
    from trustdesk.services.desk_values import (
        IdentityChoice,
        RunningRehearsal,
        SweepProgress,
        SweepTotals,
    )
    from trustdesk.services.diagnosing import DiagnosisProgress
    from trustdesk.services.directory_desk import DirectoryDesk
    from trustdesk.services.expiry_desk import ExpiryDesk
    from trustdesk.services.explaining import ExplainedMessage
    from trustdesk.services.history_desk import HistoryDesk
    from trustdesk.services.identity_desk import IdentityDesk
    from trustdesk.services.provider_desk import ProviderDesk
    from trustdesk.services.readiness_desk import ReadinessDesk
    from trustdesk.services.report_desk import ReportDesk
    from trustdesk.services.search import Hit
    from trustdesk.services.settings_desk import SettingsDesk
    from trustdesk.services.trust_desk import TrustDesk


class Desk(InspectingDesk, Protocol):
    """What the window and the commands work with."""

    @property
    def identity_desk(self) -> IdentityDesk:
        """Our own certificates, requests and key stores."""
        ...

    @property
    def trust_desk(self) -> TrustDesk:
        """Trust lists with their versions, and what was decided about trust."""
        ...

    @property
    def authority_desk(self) -> AuthorityDesk:
        """Our own private CAs."""
        ...

    @property
    def provider_desk(self) -> ProviderDesk:
        """Identity providers, and the tokens that they issue."""
        ...

    @property
    def directory_desk(self) -> DirectoryDesk:
        """The partner directory: who they are, and how to reach them."""
        ...

    @property
    def history_desk(self) -> HistoryDesk:
        """What was observed, and what became of it."""
        ...

    @property
    def expiry_desk(self) -> ExpiryDesk:
        """What ends when, and what to renew by when."""
        ...

    @property
    def readiness_desk(self) -> ReadinessDesk:
        """Whether endpoints are ready for ONE Record, by rules."""
        ...

    @property
    def report_desk(self) -> ReportDesk:
        """One partner, or all of them, as a file."""
        ...

    def self_test(self) -> Future[SelfTest]:
        """Look at this machine, the key stores, the lists and all of the workspace; nobody is asked."""
        ...

    @property
    def settings_desk(self) -> SettingsDesk:
        """What the office agreed on, and how this computer connects."""
        ...

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
        """Lists that can be selected; those in force first.

        Those in force judge together: a path counts when it ends on any of them, and what one of them
        distrusts is distrusted for all. Several are put in force in the workspace
        (`TrustDesk.put_in_force`); one that is selected for the session judges alone.
        """
        ...

    def trust_changed(self) -> None:
        """Take lists, decisions and policies of the workspace as they are now; blocks.

        Every judgement is made anew from then on, and kept results that rest on others are due again.
        """
        ...

    def use_trust_list(self, name: str) -> Future[TrustList]:
        """Judge by this list alone from the next test on; it is the first of `trust_lists` then."""
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

        No list, or the first in force, is those in force. The policy of the partner whose endpoint the target
        is holds either way; of lists that are named otherwise it only takes trust away.

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
        self,
        endpoints: Sequence[Endpoint],
        on_progress: Callable[[SweepProgress], None],
        *,
        goes_on: LeftOfSweep | None = None,
    ) -> PausableJob[SweepTotals]:
        """Probe endpoints side by side, each with its own identity, and keep the results.

        Each key is loaded once, before the first probe; the future fails as that of `probe`. An endpoint
        whose identity is gone is not tested: its row says so, and it counts as failed.

        Args:
            goes_on: the sweep that left these endpoints. It has ended when all of them are tested; ended
                before that, it leaves those that are not, as it did.
        """
        ...

    def due(self, endpoints: Sequence[Endpoint]) -> Future[tuple[Endpoint, ...]]:
        """Those of some endpoints that have not answered a test for as long as the settings say."""
        ...

    def left_of_sweep(self) -> Future[LeftOfSweep | None]:
        """What the newest sweep left that was killed or cancelled; None where nothing is left.

        A sweep that a living program makes, here or on another machine, is not among them.
        """
        ...

    def dismiss_sweep(self, left: LeftOfSweep) -> Future[None]:
        """End what a sweep left, and what older ones did; tests that were made stay."""
        ...

    def own_revocation(self, identity: str) -> Future[tuple[RevocationCheck, ...]]:
        """What is at hand on the revocation of an identity's path, its own first; nobody is asked.

        Empty when nothing is at hand.
        """
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
