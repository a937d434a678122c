"""The Handshake page: form, phases, verdict, ladder, and what a message says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import Target
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.columns import ResultColumns
from trustdesk.gui.handshake.comparison_facts import comparison_column
from trustdesk.gui.handshake.day_judging import DayJudging, show_verdict
from trustdesk.gui.handshake.form import HandshakeForm
from trustdesk.gui.handshake.form_reading import FormField
from trustdesk.gui.handshake.known_facts import known_facts, reached_tls
from trustdesk.gui.handshake.ladder_rows import LadderRow, ladder_rows
from trustdesk.gui.handshake.phase_facts import finished_steps, running_steps
from trustdesk.gui.handshake.phase_strip import PhaseStrip
from trustdesk.gui.handshake.run_book import RunBook, RunKind, kind_of
from trustdesk.gui.handshake.run_view import (
    LiveRun,
    is_refused_in_http,
    live_fact,
    missing_run,
    report_fact,
    report_title,
)
from trustdesk.gui.handshake.runner import Runner
from trustdesk.gui.handshake.save_form import SaveForm
from trustdesk.gui.handshake.start_hint import StartHint
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk


class HandshakePage(QWidget):
    """One live handshake, message by message.

    `now` tells the instant that validity is measured from; None takes the machine's clock.

    Signals:
        running_changed: whether a run is going on.
        finished: the ProbeReport of a run that ended, cancelled ones too.
        saved: the Endpoint that was added to the partners.
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
        self._form = HandshakeForm()
        self._save_form = SaveForm()
        self._strip = PhaseStrip()
        self._banner = VerdictBanner()
        self._columns = ResultColumns()
        self._fact = ElidedLabel(ink="text2")
        self._save = Button(say(msg("Save as partner …")), icon="add")
        self._start = StartHint()
        self._build()
        self._connect_parts()
        self._show_start()

    @property
    def is_running(self) -> bool:
        """Whether a run is going on."""
        return self._runner.live is not None

    @property
    def form(self) -> HandshakeForm:
        """The fields."""
        return self._form

    @property
    def banner(self) -> VerdictBanner:
        """The verdict in words."""
        return self._banner

    @property
    def strip(self) -> PhaseStrip:
        """The phases."""
        return self._strip

    @property
    def columns(self) -> ResultColumns:
        """Ladder, comparison and fields."""
        return self._columns

    @property
    def save_form(self) -> SaveForm:
        """The form that saves the target as a partner's."""
        return self._save_form

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk: identities and lists are asked for, and a run that waited for it starts."""
        self._desk = desk
        self._form.choices.work_with(self._bridge, desk)

    def refresh_choices(self) -> None:
        """Ask the desk again for identities and trust lists."""
        self._form.choices.refresh()

    def set_trust_list(self, name: str) -> None:
        """Choose the list that the next run is judged by."""
        self._form.select_trust_list(name)

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Show how the results stand at an instant that the desk knows; messages stay as they were."""
        self._day.set_time(self._desk, at)
        if self._book.report(self._shown) is not None:
            self._show_kind(self._shown)

    def open_target(self, target: Target, identity: str | None, run: bool) -> None:
        """Fill the form; the result of another target goes.

        With `run` a run starts at once, or as soon as the desk has named its identities and what runs now
        has been cancelled.
        """
        self._form.show_target(target)
        self._form.select_identity(identity)
        self._wanted = (identity, run)
        if self.is_running:
            if run:
                self.cancel()
            return
        if self._book.target != target:
            self._book.clear()
            self._show_start()
        self._start_wanted()

    def focus_target(self) -> None:
        """Move the keyboard to the target (Ctrl+L)."""
        self._form.focus_target()

    def run(self) -> None:
        """Start what the form says; a target that cannot be read is shown at its field, and nothing runs."""
        if self._desk is None or self.is_running:
            return
        target = self._form.read()
        if target is None:
            return
        identity, trust_list = self._form.identity, self._form.trust_list
        self._columns.messages.set_current(None)
        self._columns.fields.show_row(None)
        self._shown = self._book.begin(target, trust_list, identity)
        try:
            run = self._runner.start(self._desk, target, identity, trust_list)
        except TrustdeskError as error:
            self._show_error(error)
            return
        self._set_running(True)
        self._banner.hide()
        self._show_live(run)

    def cancel(self) -> None:
        """Stop the run; what it found out is kept and shown."""
        self._runner.cancel()

    def _set_running(self, running: bool) -> None:
        self._form.set_running(running)
        self._escape.setEnabled(running)
        self.running_changed.emit(running)

    def _draw_live(self) -> None:
        if self._runner.live is not None:
            self._show_live(self._runner.live)

    def _show_live(self, run: LiveRun) -> None:
        self._strip.show_steps(running_steps(run.entered))
        self._start.hide()
        self._strip.show()
        self._columns.show()
        self._columns.show_known_only(False)
        self._fact.setText(say(msg("{endpoint}, running", endpoint=run.target.endpoint)))
        self._show_kind(self._shown)

    def _take_report(self, run: LiveRun, report: ProbeReport) -> None:
        self._set_running(False)
        self._book.keep(run.kind, report)
        self._day.judge(self._desk, run.kind)
        self._shown = run.kind
        self._show_kind(run.kind)
        self._columns.messages.show_trouble()
        if QAccessible.isActive():
            words = say(report.explanation.headline)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._banner, words))
        self.finished.emit(report)
        self._start_wanted()

    def _take_failure(self, error: TrustdeskError) -> None:
        self._set_running(False)
        self._strip.show_steps(())
        self._strip.hide()
        self._show_error(error)
        self._start_wanted()

    def _choose_kind(self, key: str) -> None:
        self._shown = RunKind(key)
        self._show_kind(self._shown)

    def _show_kind(self, kind: RunKind) -> None:
        """Show the run of a kind: the live one, the last result, or that there is none."""
        messages = self._columns.messages
        running = self._runner.live
        live = running if running is not None and running.kind is kind else None
        report = None if live is not None else self._book.report(kind)
        events = live.events if live else report.record.timeline if report else ()
        self._rows = ladder_rows(events, self._rows, refused_in_http=is_refused_in_http(report))
        target = running.target if running else report.record.target if report else None
        identity = self._book.identity(kind)
        messages.show_rows(
            self._rows,
            our_name=visible(identity) if identity else say(msg("no certificate")),
            partner_name=visible(target.verify_name) if target else "",
            fact=live_fact(live) if live else report_fact(report, kind) if report else "",
            empty="" if live else say(missing_run(kind)),
        )
        judged = None if live is not None else self._book.judged(kind)
        messages.show_report(judged, self._day.at or self._now())
        self._offer_kinds()
        self._show_current(messages.ladder.current)
        self._show_comparison()
        if live is None:
            self._show_verdict(report, judged)
        self._columns.arrange()

    def _show_verdict(self, report: ProbeReport | None, judged: ProbeReport | None) -> None:
        """Show what was run, and how it stands on the day in view; None for `judged` while that is asked."""
        if report is None:
            # A run of the other kind may still go on; its phases stay in view.
            self._banner.hide()
            self._columns.show_known_only(False)
            return
        record = report.record
        self._strip.show_steps(finished_steps(record))
        show_verdict(self._banner, record, judged)
        # The times stand beside the ladder; where there is no ladder, the strip says where it stopped.
        self._strip.setVisible(not reached_tls(record))
        self._banner.show()
        self._columns.show()
        self._start.hide()
        self._fact.setText(report_title(report))
        self._columns.show_known_only(not reached_tls(record))
        self._columns.known.show_facts(known_facts(record))

    def _show_comparison(self) -> None:
        columns = [
            comparison_column(report, kind, self._book.identity(kind))
            for kind in RunKind
            if (report := self._book.judged(kind)) is not None
        ]
        self._columns.comparison.setVisible(bool(columns))
        self._columns.comparison.show_columns(columns)

    def _show_current(self, index: int | None) -> None:
        row = self._rows[index] if index is not None and index < len(self._rows) else None
        self._columns.fields.show_row(row)
        self._columns.arrange()

    def _offer_kinds(self) -> None:
        # With an identity chosen the plain run is on offer too, and what was run stays to be looked at.
        offered = self._form.identity is not None or self._book.has_both
        offered = offered or self._shown is not kind_of(self._form.identity)
        self._columns.messages.show_kinds(offered, self._shown)

    def _show_error(self, error: TrustdeskError) -> None:
        self._start.hide()
        self._banner.show_error(error)
        self._banner.show()

    def _show_start(self) -> None:
        self._fact.setText("")
        self._start.show()
        for part in (self._strip, self._banner, self._columns):
            part.hide()

    def _take_identities(self) -> None:
        self._knows_identities = True
        self._start_wanted()

    def _start_wanted(self) -> None:
        if self._wanted is None or not self._knows_identities or self.is_running:
            return
        (identity, run), self._wanted = self._wanted, None
        self._form.select_identity(identity)
        if self._form.identity != identity:
            # Running as nobody instead would test something else than was asked for.
            self._show_error(
                UnusableInputError(
                    msg("The identity {name} is not on this desk.", name=identity or ""),
                    remedy=msg("Choose another identity, or open its file again."),
                )
            )
        elif run:
            self.run()

    def _ask_save(self) -> None:
        target = self._form.read()
        if target is not None:
            self._save_form.ask(target, self._form.identity)

    def _save_as(self, partner: str) -> None:
        target = self._form.read()
        if target is None or self._desk is None:
            return
        future = self._desk.add_endpoint(partner, target, self._form.identity)
        self._bridge.when_done(future, self._take_saved, self._save_form.show_error)

    def _take_saved(self, endpoint: Endpoint) -> None:
        self._save_form.show_saved(endpoint.partner)
        self.saved.emit(endpoint)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Text(say(msg("Handshake")), TypeStyle.PAGE_TITLE))
        head.addWidget(self._fact, 1)
        head.addWidget(self._save)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(24, 14, 24, 14)
        layout.setSpacing(14)
        layout.addLayout(head)
        layout.addWidget(self._form)
        layout.addWidget(self._save_form)
        layout.addWidget(self._start, 1)
        layout.addWidget(self._strip)
        layout.addWidget(self._banner)
        layout.addWidget(self._columns, 1)
        layout.addStretch(0)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.setAccessibleName(say(msg("Handshake")))
        self.setFocusProxy(self._form.edit(FormField.TARGET))
        QWidget.setTabOrder(self._form.last_control, self._save)
        QWidget.setTabOrder(self._save, self._columns)

    def _connect_parts(self) -> None:
        self._day.changed.connect(lambda: self._show_kind(self._shown))
        self._day.failed.connect(self._show_error)
        self._runner.stepped.connect(self._draw_live)
        self._runner.finished.connect(self._take_report)
        self._runner.failed.connect(self._take_failure)
        self._form.run_requested.connect(self.run)
        self._form.cancel_requested.connect(self.cancel)
        self._form.identity_changed.connect(self._offer_kinds)
        self._form.choices.identities_known.connect(self._take_identities)
        self._form.choices.failed.connect(self._show_error)
        self._save.clicked.connect(self._ask_save)
        self._save_form.save_requested.connect(self._save_as)
        messages = self._columns.messages
        messages.kind_chosen.connect(self._choose_kind)
        messages.row_chosen.connect(self._show_current)
        messages.row_opened.connect(lambda _index: self._columns.fields.focus_fields())
        self._shortcut("F5", self.run)
        self._shortcut("Ctrl+L", self.focus_target)
        self._shortcut("Ctrl+Tab", messages.turn)
        # Only while something runs: Esc closes other things too.
        self._escape = self._shortcut("Esc", self.cancel)
        self._escape.setEnabled(False)

    def _shortcut(self, keys: str, act: Callable[[], None]) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)
        return shortcut
