"""The desk's diagnoses: our certificate is checked off the asker's thread, then the probes begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from trustdesk.core.diagnosis import Diagnosis, IdentityMatch
from trustdesk.core.handshake import CertificateRequest
from trustdesk.core.ports import Job
from trustdesk.core.trust import TrustList
from trustdesk.diagnose.acceptable_cas import OwnIdentity, match_identities
from trustdesk.formats.credential import ClientIdentity
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.diagnosing import (
    DiagnosisListener,
    DiagnosisRequest,
    own_identity,
    start_diagnosis,
)
from trustdesk.services.handshakes import client_side
from trustdesk.services.preflight import preflight_of
from trustdesk.services.prepared_jobs import PreparedJob, start_after
from trustdesk.services.published_keys import published_keys
from trustdesk.services.revocation import own_revocation
from trustdesk.services.revocation_aware import stop_of

_END_S = 5.0
"""Seconds that a cancelled diagnosis has to end in when the desk closes."""


class LiveDiagnosing:
    """Starts diagnoses and ends those that still run."""

    def __init__(self, network: NetworkThread, session: DeskSession) -> None:
        self._network = network
        self._session = session
        self._revocation = session.revocation
        self._preparing = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-diagnosing")
        self._running: set[Job[Diagnosis]] = set()

    def start(
        self,
        probe: ProbeRequest,
        names: Sequence[str],
        partners: Sequence[str],
        identities: Callable[[], Mapping[str, ClientIdentity]],
        on_progress: DiagnosisListener | None,
    ) -> Job[Diagnosis]:
        """Diagnose a target, as of the present; the session's judge by the lists of these names is the gate.

        Args:
            probe: presents one of the identities, under its name, or none.
            names: of the lists that our certificate is checked against too.
            partners: whose endpoint it is, whose policies hold for the server.
            identities: returns all of ours, with which the server's request is joined; may block.
        """
        at = self._session.clock.now()

        def start() -> Job[Diagnosis]:
            trust_lists = self._session.lists(names)
            gated = replace(probe, judge=self._session.gate(tuple(names), tuple(partners)))
            by_policy = self._session.lists(names, partners)
            return self._start(gated, identities, trust_lists, by_policy, at, on_progress)

        job = start_after(self._revocation.opening(), self._preparing, start)
        self._running.add(job)
        job.future.add_done_callback(lambda _done: self._running.discard(job))
        return job

    def _start(
        self,
        probe: ProbeRequest,
        identities: Callable[[], Mapping[str, ClientIdentity]],
        trust_lists: Sequence[TrustList],
        by_policy: Sequence[TrustList],
        at: datetime,
        on_progress: DiagnosisListener | None,
    ) -> Job[Diagnosis]:
        policy = self._revocation.policy()

        def begin() -> Job[Diagnosis]:
            ours = () if probe.credential is None else own_revocation(probe.credential, trust_lists, policy)
            request = _request(replace(probe, client_revocation=ours), identities(), trust_lists, at)
            second = policy.second(by_policy, published_keys=published_keys())
            return start_diagnosis(self._network, replace(request, second=second), on_progress)

        return PreparedJob(self._preparing, begin, stop_of(policy))

    def match(
        self, request: CertificateRequest, identities: Mapping[str, ClientIdentity], version: str | None
    ) -> tuple[IdentityMatch, ...]:
        """Join identities with a server's request."""
        return match_identities(request, _own(identities), version)

    def close(self) -> None:
        """Cancel what runs and wait for its end."""
        running = tuple(self._running)
        for job in running:
            job.cancel()
        self._preparing.shutdown(wait=True)
        for job in running:
            job.future.exception(_END_S)


def _request(
    probe: ProbeRequest,
    identities: Mapping[str, ClientIdentity],
    trust_lists: Sequence[TrustList],
    at: datetime,
) -> DiagnosisRequest:
    preflight = preflight_of(probe.credential, trust_lists, at, probe.client_revocation)
    chosen = None if probe.credential is None else probe.credential.name
    others = {name: one for name, one in identities.items() if name != chosen}
    return DiagnosisRequest(
        probe=probe,
        preflight=preflight,
        identities=(*(own_identity(chosen, preflight) if chosen else ()), *_own(others)),
    )


def _own(identities: Mapping[str, ClientIdentity]) -> tuple[OwnIdentity, ...]:
    sides = ((name, client_side(one)) for name, one in identities.items())
    return tuple(
        OwnIdentity(name=name, certificate=side.certificate, issuers=side.issuers)
        for name, side in sides
        if side.certificate is not None
    )
