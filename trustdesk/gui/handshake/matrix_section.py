"""The probe matrix on the page Handshake: run, shown in a tab, and each probe opened in the ladder."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.diagnosis import CertificateChoice, Diagnosis, TlsVersions, VariantProbe
from trustdesk.core.handshake import CertificateRequest
from trustdesk.core.message import Message
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import Target
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.diagnosis.commands_dialog import CommandsDialog
from trustdesk.gui.diagnosis.run import DiagnosisRun
from trustdesk.gui.diagnosis.verdict import doubt_of
from trustdesk.gui.diagnosis.writing import DiagnosisWriting
from trustdesk.gui.handshake.columns import ResultColumns
from trustdesk.gui.handshake.run_book import RunBook, RunKind
from trustdesk.services.desk import Desk


class MatrixSection(QObject):
    """Keeps the diagnosis of the target in view, and which of its probes is open.

    Signals:
        probe_opened: another probe, or none, is to be shown in the ladder.
        ended: the Diagnosis.
        running_changed: it began, or ended.
        failed: a TrustdeskError.
    """

    probe_opened = Signal()
    ended = Signal(object)
    running_changed = Signal()
    failed = Signal(object)

    def __init__(self, bridge: Bridge, columns: ResultColumns, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._columns, self._page = bridge, columns, page
        self._desk: Desk | None = None
        self._diagnosis: Diagnosis | None = None
        self._is_current = True
        self._at: datetime | None = None
        self._identity: str | None = None
        self._asked: tuple[CertificateRequest | None, str | None, str | None] = (None, None, None)
        self.probe: VariantProbe | None = None
        self.run = DiagnosisRun(bridge, self)
        self.writing = DiagnosisWriting(bridge, page)
        view = columns.messages.diagnosis
        self.writing.serve(view)
        view.cancel_wanted.connect(self.run.cancel)
        view.probe_chosen.connect(self.open_probe)
        self.run.changed.connect(self._step)
        self.run.ended.connect(self._take)
        self.run.failed.connect(self._fail)

    @property
    def is_running(self) -> bool:
        """Whether the matrix is being run."""
        return self.run.is_running

    @property
    def diagnosis(self) -> Diagnosis | None:
        """What was found out about the target in view."""
        return self._diagnosis

    @property
    def probe_kind(self) -> RunKind | None:
        """Whether the probe that is open presents our certificate; None while none is open."""
        return None if self.probe is None else _kind(self.probe)

    def name_in(self, kind: RunKind, book: RunBook) -> str | None:
        """Return the name of the identity of what is in view; None for none."""
        if self.probe is None or self._diagnosis is None:
            return book.identity(kind)
        label = self._diagnosis.identity
        return None if kind is RunKind.TLS or label is None else label.name

    @property
    def is_shown(self) -> bool:
        """Whether the page has a tab for it: it runs, or has run."""
        return self.run.is_running or self._diagnosis is not None

    @property
    def is_outdated(self) -> bool:
        """Whether the list or the evidence is another one than the diagnosis was judged by."""
        return not self._is_current

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Take the diagnosis, which is of the present, for no verdict of another day."""
        self._at = at
        self._show_diagnosis()

    def outdate(self) -> None:
        """Take what was found out, or is being found out, for no verdict: list or evidence are other ones."""
        self._is_current = False
        self._show_diagnosis()

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk
        self.writing.set_desk(desk)

    def start(self, desk: Desk, target: Target, identity: str | None, trust_list: str | None) -> None:
        """Run the matrix.

        Raises:
            TrustdeskError: the desk cannot start it.
        """
        self.clear()
        self._identity = identity
        self._is_current = True
        self.run.start(desk, target, identity, () if trust_list is None else (trust_list,))
        self._columns.messages.show_diagnosis_tab(shown=True, turn=True)
        self.running_changed.emit()

    def cancel(self) -> bool:
        """Stop it; return whether anything ran."""
        return self.run.cancel()

    def clear(self) -> None:
        """Forget what was found out."""
        self._diagnosis, self.probe = None, None
        self._columns.messages.diagnosis.clear()
        self._columns.messages.show_diagnosis_tab(shown=False)

    def leave(self, *, keeps_diagnosis: bool) -> None:
        """Make way for a run of the page; a diagnosis of another target goes."""
        self.close_probe()
        if not keeps_diagnosis:
            self.clear()

    def close_probe(self) -> None:
        """Show the runs of the page again."""
        self.probe = None

    def show(self, diagnosis: Diagnosis, *, is_current: bool) -> None:
        """Show a diagnosis that another page made; `is_current` by the list and the evidence of now."""
        self._diagnosis, self._is_current = diagnosis, is_current
        self._show_diagnosis()
        self._columns.messages.show_diagnosis_tab(shown=True, count=len(diagnosis.hypotheses) or None)

    def open_probe(self, probe: VariantProbe) -> None:
        """Show the messages of a probe."""
        self.probe = probe
        self._columns.messages.turn_to_ladder()
        self.probe_opened.emit()

    def keep_in(self, book: RunBook) -> RunKind | None:
        """Keep the probe as given, and one without a certificate beside it, as the page's own runs."""
        if self._diagnosis is None or not self._diagnosis.probes:
            return None
        first, *others = self._diagnosis.probes
        kind = _kind(first)
        book.keep(kind, first.report)
        for other in others:
            if _kind(other) is RunKind.TLS is not kind and other.variant.versions is TlsVersions.ANY:
                book.keep(RunKind.TLS, other.report)
        return kind

    def verdict_of(self, report: ProbeReport) -> Diagnosis | None:
        """Return the diagnosis whose first probe this is, where it gives a verdict: that says more."""
        found = self._diagnosis
        if found is None or self._doubt is not None or not found.hypotheses:
            return None
        return found if found.probes[0].report is report else None

    def ask_matches(self, report: ProbeReport | None, chosen: str | None) -> None:
        """Join what a run's server asked for with the person's identities."""
        record = None if report is None else report.record
        request = None if record is None else record.client_auth.request
        version = None if record is None or record.negotiated is None else record.negotiated.version
        asked = (request, version, chosen)
        if self._desk is None or asked == self._asked:
            return
        self._asked = asked
        if request is None:
            self._columns.fields.show_matches((), chosen)
            return
        self._bridge.when_done(
            self._desk.match_identities(request, version),
            lambda matches: (
                self._columns.fields.show_matches(matches, chosen) if asked == self._asked else None
            ),
            self.failed.emit,
        )

    def show_commands(self, target: Target, our_name: str | None) -> None:
        """Show the test in view as commands."""
        variants = () if self.probe is None else ((self.probe.id, self.probe.variant),)
        CommandsDialog(self._page.window(), target, variants, with_identity=our_name is not None).open()

    @property
    def _doubt(self) -> Message | None:
        return doubt_of(is_current=self._is_current, at=self._at)

    def _show_diagnosis(self) -> None:
        if self._diagnosis is not None:
            self._columns.messages.diagnosis.show_diagnosis(self._diagnosis, self._doubt)

    def _step(self) -> None:
        if self.run.is_running:
            self._columns.messages.diagnosis.show_run(self.run, self._identity)

    def _take(self, diagnosis: Diagnosis) -> None:
        self.show(diagnosis, is_current=self._is_current)
        self.ended.emit(diagnosis)
        self.running_changed.emit()

    def _fail(self, error: object) -> None:
        self.clear()
        self.failed.emit(error)
        self.running_changed.emit()


def _kind(probe: VariantProbe) -> RunKind:
    return RunKind.MTLS if probe.variant.certificate is CertificateChoice.SELECTED else RunKind.TLS
