"""Many probes side by side: each with its own credential, each reported as it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from trustdesk.core.finding import Verdict
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.core.probe import Outcome, Phase, ProbeRecord, ProbeReport
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.desk_values import SweepTotals
from trustdesk.services.handshakes import ClientSide, client_side, report_of
from trustdesk.services.sweep_judging import SweptJudgements

DEFAULT_CONCURRENCY = 64
DEFAULT_PER_HOST = 2

_JUDGED_AT_ONCE = 8


@dataclass(slots=True)
class _Tally:
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    cancelled: int = 0

    def add(self, report: ProbeReport) -> None:
        if report.record.outcome is Outcome.CANCELLED:
            self.cancelled += 1
        else:
            self.verdicts[report.verdict] += 1


class _Judging:
    """Judges the servers of one sweep again, a few at a time, while the next ones are probed."""

    def __init__(self, second: SweptJudgements) -> None:
        self._second = second
        self._workers = ThreadPoolExecutor(_JUDGED_AT_ONCE, thread_name_prefix="trustdesk-revocation")
        self._running: list[Future[None]] = []

    def start(self, index: int, record: ProbeRecord, then: Callable[[ProbeRecord], None]) -> None:
        """Judge the record of a request; called on the network's thread alone."""
        self._running.append(self._workers.submit(lambda: then(self._second.judged(index, record))))

    def when_done(self, then: Callable[[BaseException | None], None]) -> None:
        """Call `then` with the first trouble when all are judged, on a thread of its own."""

        def wait_for_all() -> None:
            self._workers.shutdown()
            then(next((error for one in self._running if (error := one.exception())), None))

        threading.Thread(target=wait_for_all, name="trustdesk-sweep-end").start()


@dataclass(frozen=True, slots=True)
class SweepJob:
    """A running sweep."""

    probes: Job[int]
    second: SweptJudgements | None = None
    future: Future[SweepTotals] = field(default_factory=Future)

    def cancel(self) -> None:
        """Start no more probes and end those that run; their partial records still come."""
        self.probes.cancel()
        if self.second is not None:
            self.second.cancel()


@dataclass(frozen=True, slots=True)
class KeptSweep:
    """A sweep whose results are written to the workspace as they come.

    Its future ends when the last one is written, and fails with the first that could not be: a result
    that is not kept must not look as if it were.

    Attributes:
        kept: of the results, as they are handed over for writing.
        lost: endpoints that were not tested because their identity is gone; they count as failed.
    """

    sweep: Job[SweepTotals]
    kept: Sequence[Future[int]]
    lost: Sequence[Endpoint] = ()
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
        totals = done.result()
        self.future.set_result(replace(totals, failed=totals.failed + len(self.lost)))


def start_sweep(
    network: NetworkThread,
    requests: Sequence[ProbeRequest],
    *,
    on_phase: Callable[[int, Phase], None],
    on_report: Callable[[int, ProbeReport], None],
    concurrency: int = DEFAULT_CONCURRENCY,
    per_host: int = DEFAULT_PER_HOST,
    second: SweptJudgements | None = None,
) -> SweepJob:
    """Probe all `requests`; both callbacks name the index, one at a time, on threads of the network's.

    Args:
        second: judges each server again, with addresses that may be asked; None for none.
    """
    started = time.monotonic()
    tally = _Tally()
    sides: dict[int, ClientSide] = {}
    reporting = threading.Lock()
    judging = None if second is None else _Judging(second)

    def numbered() -> Iterator[tuple[int, ProbeRequest]]:
        yield from enumerate(requests)

    def report_one(index: int, record: ProbeRecord) -> None:
        credential = requests[index].credential
        with reporting:
            ours = sides.get(id(credential))
            if ours is None:
                ours = sides[id(credential)] = client_side(credential)
            report = report_of(record, ours)
            tally.add(report)
            on_report(index, report)

    def finish_one(index: int, record: ProbeRecord) -> None:
        if judging is None:
            report_one(index, record)
        else:
            judging.start(index, record, lambda judged: report_one(index, judged))

    job = SweepJob(
        network.sweep(
            numbered(),
            concurrency=concurrency,
            per_host=per_host,
            on_phase=on_phase,
            on_record=finish_one,
        ),
        second,
    )

    def finish(done: Future[int]) -> None:
        if judging is None:
            settle(done.exception())
        else:
            judging.when_done(lambda trouble: settle(done.exception() or trouble))

    def settle(error: BaseException | None) -> None:
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
