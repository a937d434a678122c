"""One diagnosis at a time: started, followed probe by probe, cancelled."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from trustdesk.core.diagnosis import Diagnosis, ProbeVariant, VariantProbe
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Job
from trustdesk.core.target import Target
from trustdesk.gui.bridge import Bridge
from trustdesk.services.desk import Desk

if TYPE_CHECKING:
    from trustdesk.services.diagnosing import DiagnosisProgress


class DiagnosisRun(QObject):
    """Runs diagnoses for a page; what arrives after a run's end is dropped.

    Signals:
        changed: it began, came further, is being cancelled, or ended.
        ended: the Diagnosis, a cancelled one too.
        failed: the TrustdeskError that kept it from one.

    Attributes:
        probes: that have ended, in that order.
        running: variants of those that go on, by id.
        purpose: of the probe that began last.
    """

    changed = Signal()
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._job: Job[Diagnosis] | None = None
        self._number = 0
        self.is_cancelling = False
        self.probes: list[VariantProbe] = []
        self.running: dict[str, ProbeVariant] = {}
        self.purpose: Message = msg("Checking our certificate")

    @property
    def is_running(self) -> bool:
        """Whether one goes on."""
        return self._job is not None

    def start(self, desk: Desk, target: Target, identity: str | None, trust_lists: tuple[str, ...]) -> None:
        """Start one; the one before must have ended.

        Raises:
            TrustdeskError: the desk cannot start it.
        """
        self._number += 1
        number = self._number
        self.probes, self.running, self.is_cancelling = [], {}, False
        self.purpose = msg("Checking our certificate") if identity is not None else msg("Connecting")
        job = desk.diagnose(
            target,
            identity=identity,
            trust_lists=trust_lists,
            on_progress=lambda step: self._bridge.post(partial(self._take_step, number, step)),
        )
        self._job = job
        self._bridge.when_done(job.future, partial(self._end, number), partial(self._fail, number))
        self.changed.emit()

    def cancel(self) -> bool:
        """Stop it; what was found out is still delivered. Return whether there was anything to stop."""
        if self._job is None:
            return False
        self.is_cancelling = True
        self._job.cancel()
        self.changed.emit()
        return True

    def _take_step(self, number: int, step: DiagnosisProgress) -> None:
        if number != self._number or self._job is None:
            return
        if step.probe is None:
            self.running[step.id] = step.variant
            self.purpose = step.purpose
        else:
            self.running.pop(step.id, None)
            self.probes.append(step.probe)
        self.changed.emit()

    def _end(self, number: int, diagnosis: Diagnosis) -> None:
        if number == self._number:
            self._job = None
            self.running = {}
            self.ended.emit(diagnosis)
            self.changed.emit()

    def _fail(self, number: int, error: TrustdeskError) -> None:
        if number == self._number:
            self._job = None
            self.running = {}
            self.failed.emit(error)
            self.changed.emit()
