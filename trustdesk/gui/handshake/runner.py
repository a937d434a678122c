"""One run at a time: started, followed step by step, cancelled."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.ports import Job
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.core.target import Target
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.run_book import kind_of
from trustdesk.gui.handshake.run_view import LiveRun
from trustdesk.services.desk import Desk


class Runner(QObject):
    """Runs probes for the page; what arrives after a run's end is dropped.

    Signals:
        stepped: the live run came further; many steps of one tick are told once.
        finished: the LiveRun that ended, and its ProbeReport; cancelled ones too.
        failed: the TrustdeskError that kept a run from a report.
    """

    stepped = Signal()
    finished = Signal(object, object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._live: LiveRun | None = None
        self._job: Job[ProbeReport] | None = None
        self._runs = 0
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.timeout.connect(self._tell)

    @property
    def live(self) -> LiveRun | None:
        """The run that goes on; None when none does."""
        return self._live

    def start(self, desk: Desk, target: Target, identity: str | None, trust_list: str | None) -> LiveRun:
        """Start a run; the one before must have ended.

        Raises:
            TrustdeskError: the desk cannot start it.
        """
        self._runs += 1
        run = LiveRun(number=self._runs, kind=kind_of(identity), target=target, identity=identity)
        self._job = desk.probe(
            target,
            identity=identity,
            trust_lists=() if trust_list is None else (trust_list,),
            on_progress=lambda step: self._bridge.post(partial(self._take_step, run, step)),
        )
        self._live = run
        self._bridge.when_done(
            self._job.future, partial(self._take_report, run), partial(self._take_error, run)
        )
        return run

    def cancel(self) -> None:
        """Stop the run; it still delivers what it found out."""
        if self._job is not None:
            self._job.cancel()

    def _take_step(self, run: LiveRun, step: Phase | TimelineEvent) -> None:
        if self._live is run:
            run.take(step)
            self._telling.start()

    def _tell(self) -> None:
        if self._live is not None:
            self.stepped.emit()

    def _take_report(self, run: LiveRun, report: ProbeReport) -> None:
        if self._live is run:
            self._live = self._job = None
            self.finished.emit(run, report)

    def _take_error(self, run: LiveRun, error: TrustdeskError) -> None:
        if self._live is run:
            self._live = self._job = None
            self.failed.emit(error)
