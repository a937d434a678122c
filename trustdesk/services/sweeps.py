"""Many probes side by side: each with its own credential, each reported as it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from trustdesk.core.finding import Verdict
from trustdesk.core.ports import Job
from trustdesk.core.probe import Outcome, Phase, ProbeRecord, ProbeReport
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.desk import SweepTotals
from trustdesk.services.handshakes import ClientSide, client_side
from trustdesk.services.reporting import report_on

DEFAULT_CONCURRENCY = 64
DEFAULT_PER_HOST = 2


@dataclass(slots=True)
class _Tally:
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    cancelled: int = 0

    def add(self, report: ProbeReport) -> None:
        if report.record.outcome is Outcome.CANCELLED:
            self.cancelled += 1
        else:
            self.verdicts[report.verdict] += 1


@dataclass(frozen=True, slots=True)
class SweepJob:
    """A running sweep."""

    probes: Job[int]
    future: Future[SweepTotals] = field(default_factory=Future)

    def cancel(self) -> None:
        """Start no more probes and end those that run; their partial records still come."""
        self.probes.cancel()


@dataclass(frozen=True, slots=True)
class KeptSweep:
    """A sweep whose results are written to the workspace as they come.

    Its future ends when the last one is written, and fails with the first that could not be: a result
    that is not kept must not look as if it were.
    """

    sweep: SweepJob
    kept: Sequence[Future[int]]
    future: Future[SweepTotals] = field(default_factory=Future)

    def __post_init__(self) -> None:
        self.sweep.future.add_done_callback(self._finish)

    def cancel(self) -> None:
        """Start no more probes and end those that run; what ended before is kept."""
        self.sweep.cancel()

    def _finish(self, done: Future[SweepTotals]) -> None:
        if not self.kept:
            self._settle(done)
            return
        # The workspace writes in order, so the last write is done when all are.
        self.kept[-1].add_done_callback(lambda _written: self._settle(done))

    def _settle(self, done: Future[SweepTotals]) -> None:
        for error in (done.exception(), *(written.exception() for written in self.kept)):
            if error is not None:
                self.future.set_exception(error)
                return
        self.future.set_result(done.result())


def start_sweep(
    network: NetworkThread,
    requests: Sequence[ProbeRequest],
    *,
    on_phase: Callable[[int, Phase], None],
    on_report: Callable[[int, ProbeReport], None],
    concurrency: int = DEFAULT_CONCURRENCY,
    per_host: int = DEFAULT_PER_HOST,
) -> SweepJob:
    """Probe all `requests`; both callbacks name the index and run on the network's thread."""
    started = time.monotonic()
    tally = _Tally()
    sides: dict[int, ClientSide] = {}

    def numbered() -> Iterator[tuple[int, ProbeRequest]]:
        yield from enumerate(requests)

    def finish_one(index: int, record: ProbeRecord) -> None:
        credential = requests[index].credential
        ours = sides.get(id(credential))
        if ours is None:
            ours = sides[id(credential)] = client_side(credential)
        report = report_on(record, ours.issuers, ours.certificate)
        tally.add(report)
        on_report(index, report)

    job = SweepJob(
        network.sweep(
            numbered(),
            concurrency=concurrency,
            per_host=per_host,
            on_phase=on_phase,
            on_record=finish_one,
        )
    )

    def finish(done: Future[int]) -> None:
        error = done.exception()
        if error is not None:
            job.future.set_exception(error)
            return
        job.future.set_result(
            SweepTotals(
                passed=tally.verdicts[Verdict.PASS],
                warned=tally.verdicts[Verdict.WARN],
                failed=tally.verdicts[Verdict.FAIL],
                cancelled=tally.cancelled,
                duration_ms=(time.monotonic() - started) * 1000,
            )
        )

    job.probes.future.add_done_callback(finish)
    return job
