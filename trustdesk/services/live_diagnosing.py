"""The desk's diagnoses: our certificate is checked off the asker's thread, then the probes begin."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from trustdesk.core.diagnosis import Diagnosis, IdentityMatch
from trustdesk.core.handshake import CertificateRequest
from trustdesk.core.trust import TrustList
from trustdesk.diagnose.acceptable_cas import OwnIdentity, match_identities
from trustdesk.formats.credential import ClientCredential
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.diagnosing import (
    DiagnosisJob,
    DiagnosisListener,
    DiagnosisRequest,
    own_identity,
    start_diagnosis,
)
from trustdesk.services.handshakes import client_side
from trustdesk.services.preflight import preflight_of

_END_S = 5.0
"""Seconds that a cancelled diagnosis has to end in when the desk closes."""


class PreparedDiagnosis:
    """A diagnosis that is being prepared, or runs."""

    def __init__(self) -> None:
        self._future: Future[Diagnosis] = Future()
        self._lock = threading.Lock()
        self._cancelled = False
        self._job: DiagnosisJob | None = None
        self._future.set_running_or_notify_cancel()

    @property
    def future(self) -> Future[Diagnosis]:
        """The result to come."""
        return self._future

    def cancel(self) -> None:
        """Ask it to stop; what was found out so far still comes."""
        with self._lock:
            self._cancelled, job = True, self._job
        if job is not None:
            job.cancel()

    def follow(self, job: DiagnosisJob) -> None:
        """Deliver what this job finds out."""
        with self._lock:
            self._job, cancelled = job, self._cancelled
        if cancelled:
            job.cancel()
        job.future.add_done_callback(self._deliver)

    def fail(self, error: BaseException) -> None:
        """Deliver why it could not begin."""
        self._future.set_exception(error)

    def _deliver(self, done: Future[Diagnosis]) -> None:
        error = done.exception()
        if error is not None:
            self._future.set_exception(error)
        else:
            self._future.set_result(done.result())


class LiveDiagnosing:
    """Starts diagnoses and ends those that still run."""

    def __init__(self, network: NetworkThread) -> None:
        self._network = network
        self._preparing = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-preflight")
        self._running: set[PreparedDiagnosis] = set()

    def start(
        self,
        probe: ProbeRequest,
        identities: Mapping[str, ClientCredential],
        trust_lists: Sequence[TrustList],
        at: datetime,
        on_progress: DiagnosisListener | None,
    ) -> PreparedDiagnosis:
        """Diagnose a target.

        Args:
            identities: all of ours by name; the one that `probe` presents among them.
            trust_lists: that our certificate is checked against too.
        """
        job = PreparedDiagnosis()
        self._running.add(job)
        job.future.add_done_callback(lambda _done: self._running.discard(job))

        def begin() -> None:
            try:
                request = _request(probe, identities, trust_lists, at)
                job.follow(start_diagnosis(self._network, request, on_progress))
            except Exception as error:  # noqa: BLE001 - a job's edge: the future carries it to the asker
                job.fail(error)

        self._preparing.submit(begin)
        return job

    def match(
        self, request: CertificateRequest, identities: Mapping[str, ClientCredential], version: str | None
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
    identities: Mapping[str, ClientCredential],
    trust_lists: Sequence[TrustList],
    at: datetime,
) -> DiagnosisRequest:
    preflight = preflight_of(probe.credential, trust_lists, at)
    chosen = next((name for name, one in identities.items() if one is probe.credential), None)
    others = {name: one for name, one in identities.items() if name != chosen}
    return DiagnosisRequest(
        probe=probe,
        preflight=preflight,
        identities=(*(own_identity(chosen, preflight) if chosen else ()), *_own(others)),
    )


def _own(identities: Mapping[str, ClientCredential]) -> tuple[OwnIdentity, ...]:
    sides = ((name, client_side(one)) for name, one in identities.items())
    return tuple(
        OwnIdentity(name=name, certificate=side.certificate, issuers=side.issuers)
        for name, side in sides
        if side.certificate is not None
    )
