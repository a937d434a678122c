"""One sweep as the window sees it: what is done, what runs, what waits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import PausableJob
from trustdesk.core.probe import Outcome
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.partners.cells import Activity
from trustdesk.services.board import BoardRow, State
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import SweepProgress, SweepTotals

_APART_MS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far a sweep is; `done` is all that ended: those from `passed` on.

    Attributes:
        inconclusive: not reached, or no answer in time: nothing is known of the partner.
        stopped: cancelled; they keep their earlier result.
    """

    total: int = 0
    running: int = 0
    passed: int = 0
    warned: int = 0
    failed: int = 0
    inconclusive: int = 0
    stopped: int = 0

    @property
    def done(self) -> int:
        """Endpoints that ended."""
        return self.passed + self.warned + self.failed + self.inconclusive + self.stopped

    @property
    def waiting(self) -> int:
        """Endpoints whose turn is still to come."""
        return max(0, self.total - self.done - self.running)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepStep:
    """What happened since the last step: results, and activities by endpoint (None: ended)."""

    progress: tuple[SweepProgress, ...]
    activities: Mapping[int, Activity | None]

    @property
    def rows(self) -> list[BoardRow]:
        """Rows of the endpoints that ended; a cancelled one keeps its earlier row."""
        return [step.row for step in self.progress if step.row is not None and not _was_cancelled(step)]


def _was_cancelled(step: SweepProgress) -> bool:
    return step.report is not None and step.report.record.outcome is Outcome.CANCELLED


class SweepRun(QObject):
    """Starts and follows the one sweep that may run at a time.

    Signals:
        started: a sweep has begun.
        stepped: a SweepStep; at most one for each emptying of the mailbox.
        ended: the sweep is over; `tally`, `totals` and `error` stay until the next one.
    """

    started = Signal()
    stepped = Signal(object)
    ended = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._job: PausableJob[SweepTotals] | None = None
        self._inbox: deque[SweepProgress] = deque()
        self._lock = threading.Lock()
        self._posted = False
        self._ended: dict[int, State] = {}
        self._running: set[int] = set()
        self._stopped: set[int] = set()
        self._total = 0
        self.totals: SweepTotals | None = None
        self.error: TrustdeskError | None = None
        self.is_cancelling = False

    @property
    def is_running(self) -> bool:
        """Whether a sweep runs."""
        return self._job is not None

    @property
    def is_paused(self) -> bool:
        """Whether it is held: what had begun ends, and nothing else begins."""
        return self._job is not None and self._job.is_paused and not self.is_cancelling

    @property
    def tally(self) -> Tally:
        """How far the sweep is, or was when it ended."""
        states = [state for one, state in self._ended.items() if one not in self._stopped]
        failed, warned, unknown = (states.count(s) for s in (State.BAD, State.WARNING, State.UNKNOWN))
        return Tally(
            total=self._total,
            running=len(self._running),
            passed=len(states) - failed - warned - unknown,
            warned=warned,
            failed=failed,
            inconclusive=unknown,
            stopped=len(self._stopped),
        )

    def start(self, desk: Desk, endpoints: Sequence[Endpoint], goes_on: LeftOfSweep | None = None) -> None:
        """Begin; ignored while a sweep runs or with nothing to test.

        Args:
            goes_on: the sweep that left these endpoints; None for one of its own.
        """
        if self.is_running or not endpoints:
            return
        self._ended, self._running, self._stopped, self._total = {}, set(), set(), len(endpoints)
        self.totals, self.error, self.is_cancelling = None, None, False
        self._inbox.clear()
        try:
            self._job = desk.sweep(endpoints, self._receive, goes_on=goes_on)
        except TrustdeskError as error:
            self.error = error
            self.ended.emit()
            return
        self._bridge.post(partial(self._announce, [endpoint.id for endpoint in endpoints]))
        self._bridge.when_done(self._job.future, self._finish, self._fail)

    def turn_pause(self) -> None:
        """Hold the sweep, or let it go on."""
        if self._job is None or self.is_cancelling:
            return
        if self._job.is_paused:
            self._job.resume()
        else:
            self._job.pause()

    def cancel(self) -> None:
        """Ask the sweep to stop; what is done stays done."""
        if self._job is not None:
            self.is_cancelling = True
            self._job.cancel()

    def _announce(self, endpoint_ids: Sequence[int]) -> None:
        # Starting, making room for the strip and marking rows are three turns, so that none of them is long.
        self.started.emit()
        QTimer.singleShot(_APART_MS, self, partial(self._mark_waiting, endpoint_ids))

    def _mark_waiting(self, endpoint_ids: Sequence[int]) -> None:
        if self._job is not None:
            known = self._running | self._ended.keys()
            waiting: dict[int, Activity | None] = {
                one: Activity() for one in endpoint_ids if one not in known
            }
            self.stepped.emit(SweepStep(progress=(), activities=waiting))

    def _receive(self, progress: SweepProgress) -> None:
        # On the thread of the network: many steps become one visit of the mailbox.
        with self._lock:
            self._inbox.append(progress)
            if self._posted:
                return
            self._posted = True
        self._bridge.post(self._take)

    def _take(self) -> None:
        with self._lock:
            taken = tuple(self._inbox)
            self._inbox.clear()
            self._posted = False
        if not taken or self._job is None:
            return
        activities: dict[int, Activity | None] = {}
        for step in taken:
            if step.row is not None:
                self._ended[step.endpoint_id] = step.row.state
                self._running.discard(step.endpoint_id)
                if _was_cancelled(step):
                    self._stopped.add(step.endpoint_id)
                activities[step.endpoint_id] = None
            elif step.phase is not None and step.endpoint_id not in self._ended:
                self._running.add(step.endpoint_id)
                activities[step.endpoint_id] = Activity(step.phase)
        self.stepped.emit(SweepStep(progress=taken, activities=activities))

    def _finish(self, totals: SweepTotals) -> None:
        self._take()
        self.totals = totals
        self._end()

    def _fail(self, error: TrustdeskError) -> None:
        self._take()
        self.error = error
        self._end()

    def _end(self) -> None:
        self._job = None
        self._running = set()
        self.ended.emit()
