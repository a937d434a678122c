"""A diagnosis: preflight, the probe as it was given, and the further ones that tell the causes apart.

Each probe is a connection of its own, and so is each old version that is asked for: at most `MAX_CONNECTIONS`
in all, at most four at once, started one after the other. What to probe next is `diagnose.experiments`' to
say, and what it all means `diagnose.explain`'s; this module only makes the connections and keeps the time.

Decisions:
- 2026-11: a diagnosis has a thread of its own, which waits for probes on the network's thread: between them
  it judges and ranks, which would hold up every other connection there.
- 2026-11: the old versions are asked for only where the server answered in TLS. One that stays silent would
  stay silent three times more.
- 2026-11: the time of a diagnosis shortens no probe but the first. A further one that still runs when it is
  over is cancelled, and counts as such when its revocation was not found out by then: what we did not wait
  for is no evidence against the partner.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from trustdesk.core.diagnosis import (
    CertificateChoice,
    Diagnosis,
    Hypothesis,
    LegacyAnswer,
    LegacyVersion,
    Preflight,
    ProbeVariant,
    VariantProbe,
)
from trustdesk.core.finding import Verdict
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Job
from trustdesk.core.probe import Outcome, ProbeRecord, ProbeReport, StopReason
from trustdesk.diagnose.acceptable_cas import OwnIdentity, match_identities
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.experiments import MAX_ADDRESSES, MAX_PROBES, Enough, next_probe
from trustdesk.diagnose.explain import diagnose
from trustdesk.diagnose.observations import Observations, seen
from trustdesk.diagnose.server_family import guess_family
from trustdesk.network.legacy_hello import LEGACY_VERSIONS
from trustdesk.network.request import ProbeLimits, ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.diagnosis_job import DiagnosisJob
from trustdesk.services.explaining import rule_book
from trustdesk.services.handshakes import ClientSide, client_side, report_of
from trustdesk.services.revocation import SecondJudgement

MAX_CONNECTIONS = MAX_PROBES
"""Connections of one diagnosis, those for old versions among them."""

PACE_S = 0.02
"""Seconds between the starts of two connections to the host."""

_LEAST_S = 0.3
"""Seconds that have to be left for another probe to be worth its start."""

_TOTAL_S = 30.0
_CANCEL_S = 2.0
_AS_GIVEN = msg("The target as it was given.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisRequest:
    """What is to be diagnosed.

    Attributes:
        probe: the target as it is given; its variant and `measures_reuse` are set here.
        preflight: what was found out about our certificate.
        identities: all of ours that the server's request is joined with; the selected one among them.
        total_s: seconds for the whole diagnosis.
        second: judges the server again after each first answer, with addresses that may be asked; None for
            none.
    """

    probe: ProbeRequest
    preflight: Preflight = field(default_factory=Preflight)
    identities: Sequence[OwnIdentity] = ()
    total_s: float = _TOTAL_S
    second: SecondJudgement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisProgress:
    """One step: a probe began, or ended with `probe`.

    Attributes:
        id: "P1" …
        made: probes that have ended.
    """

    id: str
    variant: ProbeVariant
    purpose: Message
    made: int
    probe: VariantProbe | None = None


DiagnosisListener = Callable[[DiagnosisProgress], None]
"""Called on the diagnosis' thread; must be quick and total."""


def start_diagnosis(
    network: NetworkThread, request: DiagnosisRequest, on_progress: DiagnosisListener | None = None
) -> DiagnosisJob:
    """Diagnose a target in a thread of its own."""
    job = DiagnosisJob()
    job.asks(request.second)

    def work() -> None:
        try:
            job.future.set_result(_Run(network, request, job, on_progress).diagnosis())
        except BaseException as error:  # noqa: BLE001 - a job's edge: the future carries it to the asker
            job.future.set_exception(error)

    threading.Thread(target=work, name="trustdesk-diagnosis", daemon=True).start()
    return job


class _Run:
    """One diagnosis while it runs, on its own thread."""

    def __init__(
        self,
        network: NetworkThread,
        request: DiagnosisRequest,
        job: DiagnosisJob,
        on_progress: DiagnosisListener | None,
    ) -> None:
        self._network = network
        self._request = request
        self._job = job
        self._on_progress = on_progress
        self._began = time.monotonic()
        self._end = self._began + request.total_s
        self._started_at = datetime.now(UTC)
        self._ours = client_side(request.probe.credential)
        self._numbers = 0
        self._probes: list[VariantProbe] = []
        self._legacy: tuple[LegacyVersion, ...] = ()
        self._legacy_job: Job[tuple[LegacyVersion, ...]] | None = None
        self._is_cut = False

    def diagnosis(self) -> Diagnosis:
        chosen = CertificateChoice.NONE
        if self._request.probe.credential is not None:
            chosen = self._request.probe.variant.certificate
        given = replace(self._request.probe.variant, certificate=chosen)
        self._make([(given, _AS_GIVEN)], measures_reuse=True)
        self._begin_legacy()
        if self._remaining_s() >= _LEAST_S:
            self._make(self._other_addresses())
        limit = self._experiment()
        if limit is None and self._is_cut:
            limit = self._time_over()
        self._end_legacy()
        observations = self._observations()
        hypotheses = diagnose(observations, rule_book())
        first = self._probes[0].report.record
        return Diagnosis(
            target=self._request.probe.target,
            identity=first.identity,
            started_at=self._started_at,
            duration_ms=(time.monotonic() - self._began) * 1000,
            preflight=self._request.preflight.findings,
            probes=tuple(self._probes),
            legacy=self._legacy,
            family=observations.family,
            hypotheses=hypotheses,
            identities=match_identities(
                first.client_auth.request,
                self._request.identities,
                None if first.negotiated is None else first.negotiated.version,
            ),
            limit=limit,
            verdict=_verdict(self._probes, self._legacy, hypotheses),
        )

    # -- probes ---------------------------------------------------------------------------------------

    def _make(
        self, variants: Sequence[tuple[ProbeVariant, Message]], *, measures_reuse: bool = False
    ) -> None:
        """Make probes side by side, and keep them in the order given."""
        running = []
        for variant, purpose in variants:
            if self._numbers:
                self._job.pause(PACE_S)
            if self._job.is_cancelled and self._numbers:
                break
            self._numbers += 1
            number = f"P{self._numbers}"
            self._tell(DiagnosisProgress(id=number, variant=variant, purpose=purpose, made=len(self._probes)))
            limits = self._request.probe.limits if self._probes else self._first_limits()
            request = replace(
                self._request.probe, variant=variant, measures_reuse=measures_reuse, limits=limits
            )
            job = self._network.probe(request)
            self._job.watch(job)
            running.append((number, variant, purpose, job))
        for number, variant, purpose, job in running:
            report = self._report(self._record(job), variant)
            probe = VariantProbe(id=number, variant=variant, report=report, purpose=purpose)
            self._probes.append(probe)
            self._tell(
                DiagnosisProgress(
                    id=number, variant=variant, purpose=purpose, made=len(self._probes), probe=probe
                )
            )

    def _record(self, job: Job[ProbeRecord]) -> ProbeRecord:
        """Wait for a probe; for a further one no longer than there is time."""
        if not self._probes:
            return job.future.result()
        try:
            return job.future.result(max(0.0, self._remaining_s()))
        except NotYet:
            self._is_cut = True
            job.cancel()
            return job.future.result()

    def _judged(self, record: ProbeRecord) -> ProbeRecord:
        """Have it judged again within the time; a further one that was not is left as a cancelled one."""
        second = self._request.second
        if second is None:
            return record
        left_s = self._remaining_s()
        if not self._job.is_cancelled and left_s > 0:
            timer = threading.Timer(left_s, second.cancel)
            timer.start()
            try:
                record = second.judged(record)
            finally:
                timer.cancel()
        if self._job.is_cancelled or self._remaining_s() <= 0:
            self._is_cut = True
            if self._probes:
                return replace(record, outcome=Outcome.CANCELLED, stopped_by=StopReason.CANCELLED)
        return record

    def _report(self, record: ProbeRecord, variant: ProbeVariant) -> ProbeReport:
        record = self._judged(record)
        presents = variant.certificate is CertificateChoice.SELECTED
        return report_of(record, self._ours if presents else ClientSide())

    def _other_addresses(self) -> list[tuple[ProbeVariant, Message]]:
        """Return a probe of each further address: one node of a cluster can be broken."""
        first = self._probes[0]
        record = first.report.record
        if record.address is None or record.outcome is Outcome.CANCELLED:
            return []
        others = [address for address in record.addresses if address != record.address]
        return [
            (
                replace(first.variant, address=address),
                msg("Whether {address} answers as {first} does.", address=address, first=record.address),
            )
            for address in others[: MAX_ADDRESSES - 1]
        ]

    def _experiment(self) -> Message | None:
        """Probe on until no probe is worth it; return why it was stopped before that."""
        while not self._job.is_cancelled:
            observations = self._observations()
            hypotheses = diagnose(observations, rule_book())
            chosen = next_probe(observations, hypotheses, rule_book(), self._room())
            if isinstance(chosen, Enough):
                return chosen.limit
            if self._remaining_s() < _LEAST_S:
                return self._time_over()
            self._make([(chosen.variant, chosen.purpose)])
        return msg("It was cancelled.")

    def _room(self) -> int:
        """Return how many probes there may be in all: what other connections took is taken off."""
        connections = sum(
            event.message == "tcp_connect" and ("result", "connected") in event.fields
            for probe in self._probes
            for event in probe.report.record.timeline
        )
        further = max(0, connections - len(self._probes))
        old = len(LEGACY_VERSIONS) if self._legacy_job is not None else 0
        return MAX_CONNECTIONS - further - old

    def _first_limits(self) -> ProbeLimits:
        limits = self._request.probe.limits
        return replace(limits, total_s=max(_LEAST_S, min(limits.total_s, self._remaining_s())))

    def _time_over(self) -> Message:
        return msg("The time for this diagnosis, {seconds} s, is over.", seconds=self._request.total_s)

    def _remaining_s(self) -> float:
        return self._end - time.monotonic()

    # -- old versions ---------------------------------------------------------------------------------

    def _begin_legacy(self) -> None:
        record = self._probes[0].report.record
        answered = record.negotiated is not None or bool(record.alerts)
        if not answered or self._job.is_cancelled or self._remaining_s() < _LEAST_S:
            return
        self._legacy_job = self._network.legacy_versions(
            self._request.probe.target, record.address, self._request.probe.proxy
        )
        self._job.watch(self._legacy_job)

    def _end_legacy(self) -> None:
        job = self._legacy_job
        if job is None:
            return
        try:
            self._legacy = job.future.result(max(0.0, self._remaining_s()))
        except NotYet:
            job.cancel()
            self._legacy = job.future.result(_CANCEL_S)

    # -- what it comes to -----------------------------------------------------------------------------

    def _observations(self) -> Observations:
        return Observations(
            probes=seen(self._probes),
            preflight=self._request.preflight,
            legacy=self._legacy,
            family=guess_family([probe.report.record for probe in self._probes]),
        )

    def _tell(self, progress: DiagnosisProgress) -> None:
        if self._on_progress is not None:
            self._on_progress(progress)


def _verdict(
    probes: Sequence[VariantProbe], legacy: Sequence[LegacyVersion], hypotheses: Sequence[Hypothesis]
) -> Verdict:
    """Return the first probe's verdict, made worse by what the others add.

    A server that answers otherwise without a server name, or in another version, is asked so by nobody but
    us; what an old version or another address of it does, others meet too. A cancelled probe adds nothing.
    """
    first = probes[0].report.verdict
    elsewhere = any(
        probe.report.verdict is Verdict.FAIL
        for probe in probes[1:]
        if probe.variant.address is not None and probe.report.record.outcome is not Outcome.CANCELLED
    )
    if first is Verdict.FAIL or elsewhere or any(one.answer is LegacyAnswer.ACCEPTED for one in legacy):
        return Verdict.FAIL
    is_healthy = bool(hypotheses) and hypotheses[0].cause == Cause.NONE
    return first if is_healthy or first is Verdict.WARN else Verdict.WARN


def own_identity(name: str, preflight: Preflight) -> tuple[OwnIdentity, ...]:
    """Return the selected identity for the join with the server's request; empty when none is selected."""
    if preflight.certificate is None:
        return ()
    return (
        OwnIdentity(
            name=name,
            certificate=preflight.certificate,
            issuers=preflight.issuers,
            reachable_issuers=preflight.reachable_issuers,
        ),
    )
