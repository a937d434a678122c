"""Diagnoses of partners: one runs at a time, and what was found out stays with its endpoint."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.diagnosis import Diagnosis, VariantProbe
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.partner import Endpoint
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.diagnosis.run import DiagnosisRun
from trustdesk.gui.diagnosis.verdict import doubt_of
from trustdesk.gui.diagnosis.writing import DiagnosisWriting
from trustdesk.gui.partners.detail import PartnerDetail
from trustdesk.services.desk import Desk


class PartnerDiagnosing(QObject):
    """Joins the detail of a partner with the desk's diagnoses.

    A diagnosis goes when the endpoint is tested again after it: it tells of an older connection then. It
    gives no verdict on another day than the present, nor once the list in force or the evidence is another.

    Signals:
        probe_wanted: Diagnosis and VariantProbe whose messages the person wants to see, and whether it was
            judged by the list and the evidence of now.
        changed: one began, came further, or ended.
        failed: the TrustdeskError that kept it from a result.
    """

    probe_wanted = Signal(object, object, bool)
    changed = Signal()
    failed = Signal(object)

    def __init__(self, bridge: Bridge, detail: PartnerDetail, page: QWidget) -> None:
        super().__init__(page)
        self._detail = detail
        self._desk: Desk | None = None
        self._at: datetime | None = None
        self._endpoint: Endpoint | None = None
        # By the endpoint as it was then: one that is set up otherwise since was never diagnosed.
        self._made: dict[Endpoint, Diagnosis] = {}
        self._current: set[Endpoint] = set()
        self._is_run_current = False
        self.run = DiagnosisRun(bridge, self)
        self.writing = DiagnosisWriting(bridge, page)
        self.writing.serve(detail.diagnosis_view)
        detail.letter_wanted.connect(self.writing.write_letter)
        detail.diagnose_wanted.connect(self.start)
        detail.reported.connect(self._show)
        detail.diagnosis_view.cancel_wanted.connect(self.run.cancel)
        detail.diagnosis_view.probe_chosen.connect(self._open_probe)
        self.run.changed.connect(self._step)
        self.run.ended.connect(self._keep)
        self.run.failed.connect(self.failed)

    @property
    def is_running(self) -> bool:
        """Whether a diagnosis goes on."""
        return self.run.is_running

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk
        self._made.clear()
        self._current.clear()
        self.writing.set_desk(desk)

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Take diagnoses, which are of the present, for no verdict of another day."""
        self._at = at

    def judge_anew(self) -> None:
        """Take what was found out so far for no verdict: another list is in force, or other evidence."""
        self._current.clear()
        self._is_run_current = False

    def start(self, endpoint: Endpoint) -> None:
        """Diagnose an endpoint, with its own identity and the list in force."""
        if self._desk is None or self.run.is_running:
            return
        self._endpoint = endpoint
        self._made.pop(endpoint, None)
        self._is_run_current = True
        try:
            self.run.start(self._desk, endpoint.target, endpoint.identity, ())
        except TrustdeskError as error:
            self.failed.emit(error)

    def cancel(self) -> bool:
        """Stop what runs; return whether anything did."""
        return self.run.cancel()

    def _keep(self, diagnosis: Diagnosis) -> None:
        if self._endpoint is None:
            return
        self._made[self._endpoint] = diagnosis
        self._current.discard(self._endpoint)
        if self._is_run_current:
            self._current.add(self._endpoint)

    def _step(self) -> None:
        self._detail.set_diagnosable(not self.run.is_running)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        shown = self._detail.endpoint
        if shown is None or not self._detail.has_answer:
            return
        if self._endpoint == shown:
            if self.run.is_running:
                self._detail.show_run(self.run, shown.identity)
                return
            if shown not in self._made and self._detail.diagnosis_view.isVisibleTo(self._detail):
                self._detail.end_run()
                return
        diagnosis = self._made.get(shown)
        if diagnosis is None:
            return
        tested_at = self._detail.tested_at
        if tested_at is not None and tested_at > diagnosis.probes[0].report.record.started_at:
            del self._made[shown]
        elif self._detail.diagnosis_view.diagnosis is not diagnosis:
            doubt = doubt_of(is_current=shown in self._current, at=self._at)
            self._detail.show_diagnosis(diagnosis, doubt)

    def _open_probe(self, probe: VariantProbe) -> None:
        shown, diagnosis = self._detail.endpoint, self._detail.diagnosis_view.diagnosis
        if shown is not None and diagnosis is not None:
            self.probe_wanted.emit(diagnosis, probe, shown in self._current)
