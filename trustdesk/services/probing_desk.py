"""The desk's side of live handshakes: probes, diagnoses and sweeps with the identities in use."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis, IdentityMatch
from trustdesk.core.handshake import CertificateRequest, TimelineEvent
from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job, PausableJob
from trustdesk.core.probe import Outcome, Phase, ProbeReport
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.target import Target
from trustdesk.formats.credential import ClientCredential
from trustdesk.network.outgoing import Outgoing
from trustdesk.network.request import ProbeLimits, ProbeRequest
from trustdesk.network.sweep import Pace, SweepSwitch
from trustdesk.network.thread import NetworkThread
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.board import board_row, without_identity
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.desk_values import SweepProgress, SweepTotals
from trustdesk.services.diagnosing import DiagnosisListener
from trustdesk.services.handshakes import client_side
from trustdesk.services.identities_in_use import IdentitiesInUse, LoadedIdentities
from trustdesk.services.live_diagnosing import LiveDiagnosing
from trustdesk.services.partner_policies import EndpointPlaces
from trustdesk.services.revocation_aware import RevocationAwareRuns
from trustdesk.services.sweep_keeping import SweepKeeper, targets_digest
from trustdesk.services.sweeps import KeptSweep, done_already, limits_of_a_try
from trustdesk.storage.sweeps import SweepBook

_KEPT_WITHIN_S = 5.0


class ProbingDesk:
    """Starts runs on the network's thread; each method as in `services.desk.Desk`."""

    def __init__(
        self,
        network: NetworkThread,
        session: DeskSession,
        identities: IdentitiesInUse,
        *,
        limits: ProbeLimits,
        proxies: Outgoing,
        pace: Pace,
        book: SweepBook,
        on_kept: Callable[[], None],
        places: Callable[[], EndpointPlaces],
    ) -> None:
        """Take what others own and close.

        Args:
            pace: of sweeps.
            book: keeps what sweeps find.
            on_kept: is told that there is something new in it.
            places: returns who is at which target, where policies ask for it; may block.
        """
        self._session = session
        self._identities = identities
        self._runs = RevocationAwareRuns(network, session)
        self._diagnosing = LiveDiagnosing(network, session)
        self._limits = limits
        self._proxies = proxies
        self._pace = pace
        self._book = book
        self._on_kept = on_kept
        self._places = places
        self._sweeps: set[concurrent.futures.Future[SweepTotals]] = set()

    def probe(
        self,
        target: Target,
        identity: str | None,
        trust_lists: Sequence[str],
        on_progress: Callable[[Phase | TimelineEvent], None] | None,
    ) -> Job[ProbeReport]:
        """Probe one target."""

        def begin(found: LoadedIdentities) -> Job[ProbeReport]:
            self._session.look_again()
            partners = self._places().partners_at(target)
            request = self._request(target, found.of(identity), trust_lists, partners)
            return self._runs.handshake(request, trust_lists, partners, on_progress)

        return self._identities.run_with([identity], begin, place=target.endpoint)

    def diagnose(
        self,
        target: Target,
        identity: str | None,
        trust_lists: Sequence[str],
        on_progress: DiagnosisListener | None,
    ) -> Job[Diagnosis]:
        """Find out why a handshake fails."""

        def begin(found: LoadedIdentities) -> Job[Diagnosis]:
            self._session.look_again()
            partners = self._places().partners_at(target)
            return self._diagnosing.start(
                self._request(target, found.of(identity), trust_lists, partners),
                trust_lists,
                partners,
                self._identities.everything,
                on_progress,
            )

        return self._identities.run_with([identity], begin, place=target.endpoint)

    def sweep(
        self,
        endpoints: Sequence[Endpoint],
        on_progress: Callable[[SweepProgress], None],
        goes_on: LeftOfSweep | None = None,
    ) -> PausableJob[SweepTotals]:
        """Probe endpoints side by side, and keep the results; each identity's key is loaded once.

        One whose identity is gone is not tested without it: its row says so, and it counts as failed.
        """

        def phase_entered(index: int, phase: Phase) -> None:
            on_progress(SweepProgress(endpoint_id=tested[index].id, phase=phase))

        def ended(index: int, report: ProbeReport) -> None:
            endpoint = tested[index]
            if report.record.outcome is not Outcome.CANCELLED:
                position = index if goes_on is None else positions[endpoint.id]
                keepers[0].keep(position, endpoint.id, report)
            row = board_row(endpoint, report, self._session.at)
            on_progress(SweepProgress(endpoint_id=endpoint.id, row=row, report=report))

        def begin(found: LoadedIdentities) -> Job[SweepTotals]:
            self._session.look_again()
            for endpoint in endpoints:
                if endpoint.identity in found.missing:
                    lost.append(endpoint)
                    on_progress(SweepProgress(endpoint_id=endpoint.id, row=without_identity(endpoint)))
                else:
                    tested.append(endpoint)
            now = datetime.now(UTC)
            digest = targets_digest(tested)
            begun = (
                self._book.begin(digest, len(tested), now, tuple(tested))
                if goes_on is None
                else self._book.go_on(goes_on, digest, now)
            )
            keepers.append(
                SweepKeeper(
                    self._book,
                    begun,
                    left=len(tested),
                    on_written=self._on_kept,
                    now=lambda: datetime.now(UTC),
                )
            )
            places = self._places()
            partners = [places.partners_at(one.target) for one in tested]
            proxies = self._proxies.as_it_stands()
            return self._runs.sweep(
                [
                    replace(
                        self._request(one.target, found.of(one.identity), (), some, proxies), limits=limits
                    )
                    for one, some in zip(tested, partners, strict=True)
                ],
                partners,
                on_phase=phase_entered,
                on_report=ended,
                pace=self._pace,
                switch=switch,
            )

        switch = SweepSwitch()
        positions = (
            {}
            if goes_on is None
            else {
                one.id: position for one, position in zip(goes_on.endpoints, goes_on.positions, strict=True)
            }
        )
        limits = limits_of_a_try(self._limits, self._pace.tries)
        tested: list[Endpoint] = []
        lost: list[Endpoint] = []
        keepers: list[SweepKeeper] = []
        names = (endpoint.identity for endpoint in endpoints)
        nothing = SweepTotals(passed=0, warned=0, failed=0, cancelled=len(endpoints), duration_ms=0.0)
        job = self._identities.run_with(names, begin, may_lack=True, given_up=lambda: nothing)
        kept = KeptSweep(job, lambda: keepers[0].close() if keepers else done_already(), lost, switch)
        self._sweeps.add(kept.future)
        kept.future.add_done_callback(self._sweeps.discard)
        return kept

    def match(self, request: CertificateRequest, version: str | None) -> tuple[IdentityMatch, ...]:
        """Join all identities with a server's request; blocks, and needs no key."""
        return self._diagnosing.match(request, self._identities.everything(), version)

    def client_certificate(self, name: str) -> CertificateFacts | None:
        """Return the certificate of an identity; None when there is none of the name. Blocks."""
        return client_side(self._identities.everything().get(name)).certificate

    def own_revocation(self, name: str) -> tuple[RevocationCheck, ...]:
        """Look up an identity's path in what is at hand; blocks, and needs no key."""
        identity = self._identities.everything().get(name)
        return () if identity is None else self._runs.own_revocation(identity, self._session.lists())

    def close(self) -> None:
        """End what runs and prepare nothing more; the key stores' thread was closed before."""
        self._diagnosing.close()
        self._identities.close()
        self._runs.close()

    def await_kept(self) -> None:
        """Wait until what sweeps have found is kept, once the network has ended them; not for long."""
        concurrent.futures.wait(self._sweeps.copy(), _KEPT_WITHIN_S)

    def _request(
        self,
        target: Target,
        credential: ClientCredential | None,
        trust_lists: Sequence[str],
        partners: tuple[str, ...],
        proxies: ProxyChoice | None = None,
    ) -> ProbeRequest:
        return ProbeRequest(
            target=target,
            credential=credential,
            judge=self._session.judge(tuple(trust_lists), partners),
            proxy=(proxies or self._proxies).tunnel_to(
                target.connect_address or target.host, target.connect_port or target.port
            ),
            limits=self._limits,
        )
