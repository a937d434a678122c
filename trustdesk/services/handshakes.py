"""One live handshake: target, credential and judge joined, probed, judged and explained."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.ports import Job
from trustdesk.core.probe import Phase, ProbeRecord, ProbeReport
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.credential import ClientIdentity
from trustdesk.network.request import ProbeLimits, ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.reporting import report_on
from trustdesk.services.revocation import SecondJudgement


@dataclass(frozen=True, slots=True)
class ClientSide:
    """What is known of our own certificate, for the rules and the explanation.

    Attributes:
        certificate: the end entity's facts; None without a credential.
        issuers: RFC 4514 names of the issuers in our path, the end entity's first.
        titles: what a person calls the certificates of our path, by SHA-256.
    """

    certificate: CertificateFacts | None = None
    issuers: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)


def client_side(identity: ClientIdentity | None) -> ClientSide:
    """Read what a server sees of us; None when we show nothing."""
    if identity is None:
        return ClientSide()
    path = [read_certificate(der) for der in identity.certification_path]
    return ClientSide(
        path[0],
        tuple(facts.issuer for facts in path if facts.issuer),
        {facts.sha256: facts.title for facts in path},
    )


def limits_within(timeout_s: float | None) -> ProbeLimits:
    """Return limits whose every phase fits into `timeout_s` seconds; None for the defaults."""
    limits = ProbeLimits()
    if timeout_s is None:
        return limits
    return ProbeLimits(
        resolve_s=min(limits.resolve_s, timeout_s),
        connect_s=min(limits.connect_s, timeout_s),
        handshake_s=min(limits.handshake_s, timeout_s),
        request_s=min(limits.request_s, timeout_s),
        total_s=timeout_s,
    )


@dataclass(frozen=True, slots=True)
class ReportJob:
    """A running probe whose record becomes a report."""

    probe: Job[ProbeRecord]
    second: SecondJudgement | None = None
    future: Future[ProbeReport] = field(default_factory=Future)

    def cancel(self) -> None:
        """Ask the probe to stop; the report of what was seen still comes."""
        self.probe.cancel()
        if self.second is not None:
            self.second.cancel()


def report_of(record: ProbeRecord, ours: ClientSide) -> ProbeReport:
    """Make what is to be made of a record."""
    return report_on(record, ours.issuers, ours.certificate, ours.titles)


def start_handshake(
    network: NetworkThread,
    request: ProbeRequest,
    on_progress: Callable[[Phase | TimelineEvent], None] | None = None,
    second: SecondJudgement | None = None,
) -> ReportJob:
    """Probe one target; the report comes on the network's thread, or on one of its own with `second`.

    Args:
        second: judges the server again, with addresses that may be asked; None for none.
    """
    ours = client_side(request.credential)
    job = ReportJob(network.probe(request, on_progress), second)

    def finish(done: Future[ProbeRecord]) -> None:
        try:
            record = done.result()
            job.future.set_result(report_of(record if second is None else second.judged(record), ours))
        except BaseException as error:  # noqa: BLE001 - a job's edge: the future carries it to the asker
            job.future.set_exception(error)

    if second is not None:
        # Asking takes its time, and the network's thread has none.
        job.probe.future.add_done_callback(
            lambda done: threading.Thread(target=finish, args=(done,), name="trustdesk-revocation").start()
        )
        return job

    job.probe.future.add_done_callback(finish)
    return job
