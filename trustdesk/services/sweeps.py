"""Many probes side by side: each with its own credential, each reported as it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from trustdesk.core.finding import Verdict
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.core.probe import INCONCLUSIVE, Outcome, Phase, ProbeRecord, ProbeReport
from trustdesk.formats.credential import ClientCredential
from trustdesk.network.request import ProbeLimits, ProbeRequest
from trustdesk.network.sweep import Pace, SweepSwitch
from trustdesk.network.thread import NetworkThread
from trustdesk.services.desk_values import SweepTotals
from trustdesk.services.handshakes import ClientSide, client_side, report_of
from trustdesk.services.sweep_judging import SweptJudgements

DEFAULT_CONCURRENCY = 64
DEFAULT_PER_HOST = 2
HOST_GAP_S = 0.1
"""Seconds between the beginnings of two probes at one host, but for this machine."""

TRIES = 2
"""Of an endpoint that is not reached, or does not answer in time; the second comes after all others."""

_JUDGED_AT_ONCE = 8


def usual_pace(
    *,
    concurrency: int = DEFAULT_CONCURRENCY,
    per_host: int = DEFAULT_PER_HOST,
    gap_s: float = 0.0,
    tries: int = TRIES,
) -> Pace:
    """Return the pace of a sweep, with what holds where nothing else was chosen."""
    return Pace(concurrency=concurrency, per_host=per_host, gap_s=gap_s, tries=tries)


def limits_of_a_try(limits: ProbeLimits, tries: int) -> ProbeLimits:
    """Return what each of some tries may take, so that all together stay within the limit of one probe."""
    total_s = limits.total_s / tries
    return replace(
        limits,
        resolve_s=min(limits.resolve_s, total_s),
        proxy_s=min(limits.proxy_s, total_s),
        connect_s=min(limits.connect_s, total_s),
        handshake_s=min(limits.handshake_s, total_s),
        request_s=min(limits.request_s, total_s),
        total_s=total_s,
    )


def is_inconclusive(report: ProbeReport) -> bool:
    """Whether a test says nothing of the partner: it was not reached, or did not answer in time."""
    return report.record.outcome in INCONCLUSIVE


class SweepTally:
    """Counts how the endpoints of a sweep ended."""

    def __init__(self) -> None:
        self._verdicts = dict.fromkeys(Verdict, 0)
        self._cancelled = 0
        self._inconclusive = 0
        self._started = time.monotonic()

    def add(self, report: ProbeReport) -> None:
        """Count one."""
        if report.record.outcome is Outcome.CANCELLED:
            self._cancelled += 1
        elif is_inconclusive(report):
            self._inconclusive += 1
        else:
            self._verdicts[report.verdict] += 1

    def totals(self) -> SweepTotals:
        """Return what it came to so far."""
        return SweepTotals(
            passed=self._verdicts[Verdict.PASS],
            warned=self._verdicts[Verdict.WARN],
            failed=self._verdicts[Verdict.FAIL],
            cancelled=self._cancelled,
            inconclusive=self._inconclusive,
            duration_ms=(time.monotonic() - self._started) * 1000,
        )


class _Judging:
    """Judges the servers of one sweep again, a few at a time, while the next ones are probed."""

    def __init__(self, second: SweptJudgements) -> None:
        self._second = second
        self._workers = ThreadPoolExecutor(_JUDGED_AT_ONCE, thread_name_prefix="trustdesk-revocation")
        self._running: set[Future[None]] = set()
        self._trouble: BaseException | None = None
        self._lock = threading.Lock()

    def start(self, index: int, record: ProbeRecord, then: Callable[[ProbeRecord], None]) -> None:
        """Judge the record of a request; called on the network's thread alone."""
        running = self._workers.submit(lambda: then(self._second.judged(index, record)))
        with self._lock:
            self._running.add(running)
        running.add_done_callback(self._ended)

    def when_done(self, then: Callable[[BaseException | None], None]) -> None:
        """Call `then` with the first trouble when all are judged, on a thread of its own."""

        def wait_for_all() -> None:
            self._workers.shutdown()
            then(self._trouble)

        threading.Thread(target=wait_for_all, name="trustdesk-sweep-end").start()

    def _ended(self, done: Future[None]) -> None:
        with self._lock:
            self._running.discard(done)
            self._trouble = self._trouble or done.exception()


class _Switched:
    """What pauses by a switch (`core.ports.PausableJob`)."""

    __slots__ = ()
    switch: SweepSwitch

    @property
    def is_paused(self) -> bool:
        """Whether no probe begins."""
        return self.switch.is_paused

    def pause(self) -> None:
        """Start no more probes until `resume`; those that run go on to their end."""
        self.switch.pause()

    def resume(self) -> None:
        """Go on."""
        self.switch.resume()


@dataclass(frozen=True, slots=True)
class SweepJob(_Switched):
    """A running sweep (`core.ports.PausableJob`)."""

    probes: Job[int]
    second: SweptJudgements | None = None
    switch: SweepSwitch = field(default_factory=SweepSwitch)
    future: Future[SweepTotals] = field(default_factory=Future)

    def cancel(self) -> None:
        """Start no more probes and end those that run; their partial records still come."""
        self.probes.cancel()
        if self.second is not None:
            self.second.cancel()


@dataclass(frozen=True, slots=True)
class KeptSweep(_Switched):
    """A sweep whose results are written to the workspace as they come (`core.ports.PausableJob`).

    Its future ends when the last one is written, and fails with the first that could not be: a result
    that is not kept must not look as if it were.

    Attributes:
        written: called when the last result was handed over; its answer comes when all is written.
        lost: endpoints that were not tested because their identity is gone; they count as failed.
        switch: what pauses it.
    """

    sweep: Job[SweepTotals]
    written: Callable[[], Future[None]]
    lost: Sequence[Endpoint] = ()
    switch: SweepSwitch = field(default_factory=SweepSwitch)
    future: Future[SweepTotals] = field(default_factory=Future)

    def __post_init__(self) -> None:
        self.sweep.future.add_done_callback(self._finish)

    def cancel(self) -> None:
        """Start no more probes and end those that run; what ended before is kept."""
        self.sweep.cancel()

    def _finish(self, done: Future[SweepTotals]) -> None:
        self.written().add_done_callback(lambda written: self._settle(done, written))

    def _settle(self, done: Future[SweepTotals], written: Future[None]) -> None:
        if done.cancelled():
            self.future.cancel()
            return
        error = done.exception() or written.exception()
        if error is not None:
            self.future.set_exception(error)
            return
        totals = done.result()
        self.future.set_result(replace(totals, failed=totals.failed + len(self.lost)))


def done_already() -> Future[None]:
    """Return the answer of a sweep that writes nothing."""
    future: Future[None] = Future()
    future.set_result(None)
    return future


def start_sweep(
    network: NetworkThread,
    requests: Iterable[ProbeRequest],
    *,
    on_phase: Callable[[int, Phase], None],
    on_report: Callable[[int, ProbeReport], None],
    pace: Pace | None = None,
    second: SweptJudgements | None = None,
    switch: SweepSwitch | None = None,
) -> SweepJob:
    """Probe all `requests`; both callbacks name the index, one at a time, on threads of the network's.

    Args:
        network: makes the probes.
        requests: read on the network's thread, each as a place becomes free; what it raises ends the sweep.
        on_phase: is told which probe entered which phase.
        on_report: is given each report once.
        pace: how hard it goes; None for the usual.
        second: judges each server again, with addresses that may be asked; None for none.
        switch: pauses it, also before it begins; None for one of its own.
    """
    switch = switch or SweepSwitch()
    tally = SweepTally()
    presented: dict[int, ClientCredential | None] = {}
    sides: dict[int, ClientSide] = {}
    reporting = threading.Lock()
    judging = None if second is None else _Judging(second)

    def numbered() -> Iterator[tuple[int, ProbeRequest]]:
        for index, request in enumerate(requests):
            presented[index] = request.credential
            yield index, request

    def report_one(index: int, record: ProbeRecord) -> None:
        credential = presented.pop(index)
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
            numbered(), pace=pace or usual_pace(), on_phase=on_phase, on_record=finish_one, switch=switch
        ),
        second,
        switch,
    )

    def finish(done: Future[int]) -> None:
        if judging is None:
            settle(done.exception())
        else:
            judging.when_done(lambda trouble: settle(done.exception() or trouble))

    def settle(error: BaseException | None) -> None:
        if error is not None:
            job.future.set_exception(error)
        else:
            job.future.set_result(tally.totals())

    job.probes.future.add_done_callback(finish)
    return job
