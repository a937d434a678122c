"""The Handshake page: form, phases, verdict, ladder, and what a message says."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from trustdesk.core.diagnosis import Diagnosis, VariantProbe
from trustdesk.core.errors import TrustdeskError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import Target
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.columns import ResultColumns
from trustdesk.gui.handshake.day_judging import DayJudging
from trustdesk.gui.handshake.form import HandshakeForm
from trustdesk.gui.handshake.form_reading import FormField
from trustdesk.gui.handshake.help_dialogs import HelpDialogs
from trustdesk.gui.handshake.ladder_rows import LadderRow, ladder_rows
from trustdesk.gui.handshake.matrix_section import MatrixSection
from trustdesk.gui.handshake.page_layout import PageHead, lay_out_page
from trustdesk.gui.handshake.phase_facts import running_steps
from trustdesk.gui.handshake.run_book import RunBook, RunKind, kind_of
from trustdesk.gui.handshake.run_view import (
    LiveRun,
    is_refused_in_http,
    live_fact,
    missing_run,
    report_fact,
)
from trustdesk.gui.handshake.runner import Runner
from trustdesk.gui.handshake.save_form import SaveForm
from trustdesk.gui.handshake.saving import SavingAsPartner
from trustdesk.gui.handshake.standing import Standing
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk


class HandshakePage(QWidget):
    """One live handshake, message by message.

    `now` tells the instant that validity is measured from; None takes the machine's clock.

    Signals:
        running_changed: whether a run is going on.
        finished: the ProbeReport of a run that ended, cancelled ones too.
        saved: the Endpoint that was added to the partners.

    Attributes:
        form, save_form: the fields, and those that save the target as a partner's.
        strip, banner: the phases, and the verdict in words.
        columns: ladder, comparison and fields.
        matrix: the probe matrix and its diagnosis.
        helpers: Explain an error, and Rehearse.
    """

    running_changed = Signal(bool)
    finished = Signal(object)
    saved = Signal(object)

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._now = now or (lambda: datetime.now(UTC))
        self._desk: Desk | None = None
        self._runner = Runner(bridge, self)
        self._book = RunBook()
        self._shown = RunKind.TLS
        self._day = DayJudging(bridge, self._book, self)
        self._rows: tuple[LadderRow, ...] = ()
        self._wanted: tuple[str | None, bool] | None = None
        self._knows_identities = False
        self.form = HandshakeForm()
        self.save_form = SaveForm()
        self.columns = ResultColumns()
        self._standing = Standing(self.columns)
        self.strip, self.banner = self._standing.strip, self._standing.banner
        self.matrix = MatrixSection(bridge, self.columns, self)
        self._save = Button(say(msg("Save as partner …")), icon="add")
        self.helpers = HelpDialogs(bridge, self.form, self)
        self._saving = SavingAsPartner(bridge, self.form, self.save_form, self)
        self._build()
        self._connect_parts()
        self._standing.show_start()

    @property
    def is_running(self) -> bool:
        """Whether a run is going on."""
        return self._runner.live is not None or self.matrix.is_running

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk: identities and lists are asked for, and a run that waited for it starts."""
        self._desk = desk
        self._saving.set_desk(desk)
        self.helpers.set_desk(desk)
        self.matrix.set_desk(desk)
        self._day.set_desk(desk)
        self.form.choices.work_with(self._bridge, desk)

    def refresh_choices(self) -> None:
        """Ask the desk again for identities and trust lists."""
        self.form.choices.refresh()

    def set_trust_list(self, name: str) -> None:
        """Judge by another list what was run and what is run next."""
        self.form.select_trust_list(name)
        self.judge_anew(name)

    def judge_anew(self, trust_list: str | None = None) -> None:
        """Show how the results stand by other evidence, which the desk has, or by another list."""
        self._book.outdate(trust_list)
        self.matrix.outdate()
        self._day.judge_all()
        self._judge_probe()
        self._show_again()

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Show how the results stand at an instant that the desk knows; messages stay as they were."""
        self.matrix.close_probe()
        self.matrix.set_evaluation_time(at)
        self._day.set_time(at)
        self._show_again()

    def open_target(self, target: Target, identity: str | None, run: bool) -> None:
        """Fill the form; the result of another target goes.

        With `run` a run starts at once, or as soon as the desk has named its identities and what runs now
        has been cancelled.
        """
        self.form.show_target(target)
        self.form.select_identity(identity)
        self._wanted = (identity, run)
        if self.is_running:
            if run:
                self.cancel()
            return
        if self._book.target != target:
            self._book.clear()
            self.matrix.clear()
            self._standing.show_start()
        self._start_wanted()

    def show_probe(self, diagnosis: Diagnosis, probe: VariantProbe, *, is_current: bool = True) -> None:
        """Show the messages of one probe of a diagnosis that another page made.

        Args:
            is_current: whether it was judged by the list and the evidence of now.
        """
        if self.is_running:
            return  # What goes on is in view, and stays there.
        name = None if diagnosis.identity is None else diagnosis.identity.name
        self.open_target(diagnosis.target, name, run=False)
        self._book.begin(diagnosis.target, self.form.trust_list, name)
        if not is_current:
            self._book.outdate()
        self.matrix.show(diagnosis, is_current=is_current)
        self.matrix.keep_in(self._book)
        self._day.judge_all()
        self.matrix.open_probe(probe)

    def focus_target(self) -> None:
        """Move the keyboard to the target (Ctrl+L)."""
        self.form.focus_target()

    def run(self) -> None:
        """Start what the form says; a target that cannot be read is shown at its field, and nothing runs."""
        target = None if self._desk is None or self.is_running else self.form.read()
        if target is None or self._desk is None:
            return
        identity, trust_list = self.form.identity, self.form.trust_list
        self.matrix.leave(keeps_diagnosis=(target, trust_list) == self._book.subject)
        self.columns.messages.turn_to_ladder()
        self.columns.messages.set_current(None)
        self.columns.fields.show_row(None)
        self._shown = self._book.begin(target, trust_list, identity)
        try:
            self._runner.start(self._desk, target, identity, trust_list)
        except TrustdeskError as error:
            self._standing.show_error(error)
            return
        self._set_running(True)
        self.banner.hide()
        self._show_live()

    def run_matrix(self) -> None:
        """Run the probe matrix for what the form says."""
        target = None if self._desk is None or self.is_running else self.form.read()
        if target is None or self._desk is None:
            return
        self._shown = self._book.begin(target, self.form.trust_list, self.form.identity)
        try:
            self.matrix.start(self._desk, target, self.form.identity, self.form.trust_list)
        except TrustdeskError as error:
            self._standing.show_error(error)
            return
        self.banner.hide()
        self._standing.show_running(target, None)
        self._show_kind(self._shown)

    def cancel(self) -> None:
        """Stop the run; what it found out is kept and shown."""
        if not self.matrix.cancel():
            self._runner.cancel()

    def _take_diagnosis(self) -> None:
        self._shown = self.matrix.keep_in(self._book) or self._shown
        self._day.judge_all()
        self._show_kind(self._shown)

    def _judge_probe(self) -> None:
        probe = self.matrix.probe
        self._day.judge_probe(None if probe is None else probe.report, is_outdated=self.matrix.is_outdated)

    def _open_probe(self) -> None:
        self._judge_probe()
        self._show_kind(self._shown)

    def _show_again(self) -> None:
        if self._book.report(self._shown) is not None or self.matrix.probe is not None:
            self._show_kind(self._shown)

    def _follow_matrix(self) -> None:
        self._set_running(self.is_running)
        self._start_wanted()

    def _set_running(self, running: bool) -> None:
        self.form.set_running(running)
        self._escape.setEnabled(running)
        self.running_changed.emit(running)

    def _show_live(self) -> None:
        if (run := self._runner.live) is not None:
            self._standing.show_running(run.target, running_steps(run.entered))
            self._show_kind(self._shown)

    def _take_report(self, run: LiveRun, report: ProbeReport) -> None:
        self._set_running(False)
        self._book.keep(run.kind, report)
        self._day.judge(run.kind)
        self._shown = run.kind
        self._show_kind(run.kind)
        self.columns.messages.show_trouble()
        if QAccessible.isActive():
            words = say(report.explanation.headline)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.banner, words))
        self.finished.emit(report)
        self._start_wanted()

    def _take_failure(self, error: TrustdeskError) -> None:
        self._set_running(False)
        self.strip.show_steps(())
        self.strip.hide()
        # What was known before it stands there again, and nothing says that something still runs.
        self._standing.fact.setText("")
        self._show_kind(self._shown)
        self._standing.show_error(error)
        self._start_wanted()

    def _choose_kind(self, key: str) -> None:
        self.matrix.close_probe()
        self._shown = RunKind(key)
        self._show_kind(self._shown)

    def _show_kind(self, kind: RunKind) -> None:
        """Show the run of a kind: the live one, the last result, or that there is none."""
        messages = self.columns.messages
        running = self._runner.live
        live = running if running is not None and running.kind is kind else None
        probe, kind = self.matrix.probe, self.matrix.probe_kind or kind
        report = probe.report if probe else None if live is not None else self._book.report(kind)
        events = live.events if live else report.record.timeline if report else ()
        self._rows = ladder_rows(events, self._rows, refused_in_http=is_refused_in_http(report))
        target = running.target if running else report.record.target if report else None
        identity = self.matrix.name_in(kind, self._book)
        fact = live_fact(live) if live else report_fact(report, kind) if report else ""
        messages.show_rows(
            self._rows,
            our_name=visible(identity) if identity else say(msg("no certificate")),
            partner_name=visible(target.verify_name) if target else "",
            fact=fact if probe is None else f"{probe.id}: {fact}",
            empty="" if live else say(missing_run(kind)),
        )
        judged = self._day.probe if probe else None if live is not None else self._book.judged(kind)
        messages.show_report(judged, self._day.at or self._now())
        messages.show_record(report.record if report else None, identity, probe.variant if probe else None)
        self.matrix.ask_matches(report, identity)
        self._offer_kinds()
        self._show_current(messages.ladder.current)
        self.columns.comparison.show_book(self._book)
        if live is None and report is not None:
            found, shown = self.matrix.verdict_of(report), self.matrix.is_shown
            self._standing.show_result(report, judged, found, with_matrix=shown)
        elif live is None:
            self._standing.show_none()
        self.columns.arrange()

    def _show_current(self, index: int | None) -> None:
        row = self._rows[index] if index is not None and index < len(self._rows) else None
        self.columns.fields.show_row(row)
        self.columns.arrange()

    def _offer_kinds(self) -> None:
        # With an identity chosen the plain run is on offer too, and what was run stays to be looked at.
        offered = self.form.identity is not None or self._book.has_both
        shown = self.matrix.probe_kind or self._shown
        offered = offered or shown is not kind_of(self.form.identity)
        self.columns.messages.show_kinds(offered, shown)

    def _show_commands(self) -> None:
        if self._book.target is not None:
            name = self.matrix.name_in(self.matrix.probe_kind or self._shown, self._book)
            self.matrix.show_commands(self._book.target, name)

    def _take_identities(self) -> None:
        self._knows_identities = True
        self._start_wanted()

    def _start_wanted(self) -> None:
        if self._wanted is None or not self._knows_identities or self.is_running:
            return
        (identity, run), self._wanted = self._wanted, None
        self.form.select_identity(identity)
        if self.form.identity != identity:
            # Running as nobody instead would test something else than was asked for.
            self._standing.show_error(
                UnusableInputError(
                    msg("The identity {name} is not on this desk.", name=identity or ""),
                    remedy=msg("Choose another identity, or open its file again."),
                )
            )
        elif run:
            self.run()

    def _build(self) -> None:
        start = self._standing.start
        parts = (self.form, self.save_form, start, self.strip, self.banner, self.columns)
        head = PageHead(self._standing.fact, self.helpers, (self._save,))
        lay_out_page(self, head, parts, growing=(start, self.columns))
        self.setFocusProxy(self.form.edit(FormField.TARGET))
        order = (self.form.last_control, self.helpers.explain_button, self.helpers.rehearse_button)
        for before, after in itertools.pairwise((*order, self._save, self.columns)):
            QWidget.setTabOrder(before, after)

    def _connect_parts(self) -> None:
        self._day.changed.connect(lambda: self._show_kind(self._shown))
        self._day.failed.connect(self._standing.show_error)
        self._runner.stepped.connect(self._show_live)
        self._runner.finished.connect(self._take_report)
        self._runner.failed.connect(self._take_failure)
        self.form.run_requested.connect(self.run)
        self.form.cancel_requested.connect(self.cancel)
        self.form.identity_changed.connect(self._offer_kinds)
        self.form.choices.identities_known.connect(self._take_identities)
        self.form.choices.failed.connect(self._standing.show_error)
        self.form.matrix_requested.connect(self.run_matrix)
        self.matrix.running_changed.connect(self._follow_matrix)
        self.matrix.ended.connect(lambda _diagnosis: self._take_diagnosis())
        self.matrix.failed.connect(self._standing.show_error)
        self.matrix.probe_opened.connect(self._open_probe)
        self._save.clicked.connect(self._saving.ask)
        self._saving.saved.connect(self.saved)
        self.helpers.test_wanted.connect(self.run)
        messages = self.columns.messages
        messages.kind_chosen.connect(self._choose_kind)
        messages.row_chosen.connect(self._show_current)
        messages.row_opened.connect(lambda _index: self.columns.fields.focus_fields())
        messages.copy_as.commands_wanted.connect(self._show_commands)
        bind(self, Key.HANDSHAKE_RUN, self.run, in_part=True)
        bind(self, Key.HANDSHAKE_MATRIX, self.run_matrix, in_part=True)
        bind(self, Key.HANDSHAKE_EXPLAIN, self.helpers.explain, in_part=True)
        bind(self, Key.HANDSHAKE_TURN, messages.turn, in_part=True)
        # Only while something runs: Esc closes other things too.
        self._escape = bind(self, Key.HANDSHAKE_CANCEL, self.cancel, in_part=True)
        self._escape.setEnabled(False)
