"""The page Partners: joins table, sweep and detail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.gui.bit_by_bit import BitByBit
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.partners.arrange import Filter, counts
from trustdesk.gui.partners.detail import PartnerDetail
from trustdesk.gui.partners.detail_reports import DetailReports
from trustdesk.gui.partners.diagnosing import PartnerDiagnosing
from trustdesk.gui.partners.directory_actions import DirectoryActions
from trustdesk.gui.partners.empty import NoPartners
from trustdesk.gui.partners.heading import PartnersHeading
from trustdesk.gui.partners.history_asking import with_history
from trustdesk.gui.partners.judging import JudgingRun
from trustdesk.gui.partners.last_seen_asking import LastSeenAsking
from trustdesk.gui.partners.list_pane import ListPane
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.partners.preparing import Prepared, preparing
from trustdesk.gui.partners.readiness_asking import with_readiness
from trustdesk.gui.partners.row_order import RowOrder
from trustdesk.gui.partners.run_choices import RunChoices
from trustdesk.gui.partners.runs_in_view import RunsInView
from trustdesk.gui.partners.split import PartnersSplit
from trustdesk.gui.partners.sweep_run import SweepRun
from trustdesk.gui.reports.strip import ReportStrip
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.painting import keyboard_is_somewhere
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow
from trustdesk.services.desk import Desk

NARROW = 1180
"""Width of the window below which the detail opens over the table."""


class PartnersPage(QWidget):
    """Who is tested and how it stands.

    Signals:
        handshake_wanted: an Endpoint to look at on the page Handshake.
        new_target_wanted: the person wants to test a server that is not in the directory.
        demo_wanted: the person wants the demo.
        failing_changed: how many partners fail.
        judging_changed: rows were judged again, or no more are.
        certificate_wanted: the CertificateFacts to show in the Inspector.
    """

    handshake_wanted = Signal(object)
    new_target_wanted = Signal()
    demo_wanted = Signal()
    failing_changed = Signal(int)
    judging_changed = Signal()
    certificate_wanted = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        parent: QWidget | None = None,
        *,
        offers_demo: bool = False,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: Desk | None = None
        self._run_when_loaded = False
        self._now = now
        self._at: datetime | None = None
        self._awaited_board: Future[tuple[BoardRow, ...]] | None = None
        self._preparing = BitByBit(self)
        self._last_failing = -1
        self.sweep = SweepRun(bridge, self)
        self.judging = JudgingRun(bridge, self)
        self.model = PartnersModel(now, self)
        self.heading = PartnersHeading()
        self.pane = ListPane(self.model, self.sweep)
        self.filters, self.strip, self.table = self.pane.filters, self.pane.strip, self.pane.table
        self.detail = PartnerDetail(lambda: self._at or now())
        self.reports = DetailReports(bridge, self.detail)
        self.diagnosing = PartnerDiagnosing(bridge, self.detail, self)
        self.readiness = with_readiness(bridge, self.detail, now)
        self.history = with_history(bridge, self.detail, now)
        self.split = PartnersSplit(self.pane, self.detail)
        self.order = RowOrder(self.model, self.pane, self.heading, self.detail, self.split)
        self.runs = RunsInView(
            self.sweep,
            self.judging,
            self.model,
            self.pane,
            self.order,
            self.reports,
            is_today=lambda: self._at is None,
            parent=self,
        )
        self.choices = RunChoices(bridge, self.heading, self.model, self.sweep, self._start, self)
        self.directory = DirectoryActions(bridge, self, self.heading, self.table, self.model, self.detail)
        self.last_seen = LastSeenAsking(bridge, self.model, self.pane, self)
        self.error = VerdictBanner()
        self._retry = Button(say(msg("Try again")), icon="refresh")
        self.error.add_button(self._retry)
        self.report = ReportStrip(bridge)
        self.empty = NoPartners(offers_demo=offers_demo)
        self._build()
        self._connect()
        self._show_busy()

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk, and show its board."""
        self._desk = desk
        own = (self.reports, self.runs, self.directory, self.last_seen)
        for part in (*own, self.diagnosing, self.readiness, self.history, self.choices):
            part.set_desk(desk)
        self.reload()

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Show how everything stands at an instant, which the desk knows already; None is the present."""
        self._at = at
        self.reports.set_evaluation_time(at)
        self.diagnosing.set_evaluation_time(at)
        self.judging.stop()
        if not self.sweep.is_running:
            # Its totals are those of the day of the tests.
            self.strip.hide()
        # Nothing of another day stays in view while the rows of this one come in.
        self.model.await_judgement()
        self.detail.show_waiting()
        self.order.keep_current()
        self._count()
        if at is None or self._awaited_board is not None:
            self.reload()
        else:
            self.reports.ask()
            self.runs.judge_due()

    def judge_anew(self) -> None:
        """Show how everything stands by another list in force, or by other evidence, which the desk has."""
        self.diagnosing.judge_anew()
        self.detail.show_waiting()
        self.reports.ask()
        self.reload()

    def reload(self) -> None:
        """Read the board again, and judge what is due; once a sweep that runs has ended."""
        if self.sweep.is_running:
            self.runs.reload_due = True
        elif self._desk is not None:
            self.runs.reload_due = False
            board = self._awaited_board = self._desk.board()
            self._bridge.when_done(board, partial(self._take_board, board), self._show_no_board)

    def run_all(self) -> None:
        """Test every partner."""
        self._start(self.model.endpoints())

    def run_when_loaded(self) -> None:
        """Test every partner as soon as the board has been read, once."""
        self._run_when_loaded = True
        self.reload()

    def run_marked_or_all(self) -> None:
        """Test the marked partners where several are, else every one."""
        if len(self.table.selected_places()) > 1:
            self.run_selected()
        else:
            self.run_all()

    def run_selected(self) -> None:
        """Test the marked partners."""
        self._start(self.model.endpoints(self.table.selected_places()))

    def report_rows(self) -> None:
        """Write how the rows shown stand into a file that the person names."""
        if self._desk is not None:
            rows = [self.model.row(place) for place in range(self.model.rowCount())]
            self.report.write_board(self._desk, [row.endpoint for row in rows])

    def write_sheet(self) -> None:
        """Write the review sheet of the partner in view into a file that the person names."""
        endpoint = self.detail.endpoint
        if self._desk is not None and endpoint is not None:
            diagnosis = self.detail.diagnosis_view.diagnosis
            diagnoses = {} if diagnosis is None else {endpoint.id: diagnosis}
            self.report.write_sheet(self._desk, endpoint.partner, diagnoses)

    def focus_main(self) -> None:
        """Move the keyboard to the table, or to the way in where there is none."""
        here = self.detail if self.split.is_detail_open else self.table
        if here is self.detail:
            self.detail.focus_first()
        elif here.isVisible():
            here.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.empty.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the detail beside the table or over it."""
        super().resizeEvent(event)
        self._settle()

    def _start(self, endpoints: Sequence[Endpoint], goes_on: LeftOfSweep | None = None) -> None:
        if self._desk is not None:
            self.error.hide()
            # Its rows would stand over those of the tests; what it leaves undone is judged afterwards.
            self.judging.stop()
            self.sweep.start(self._desk, endpoints, goes_on)
            if self.sweep.is_running:
                self._drop_board()

    def _take_board(self, board: Future[tuple[BoardRow, ...]], rows: tuple[BoardRow, ...]) -> None:
        if board is not self._awaited_board:
            return  # It was read for another day, or by another list, than the one in view.
        prepared = Prepared()
        self._preparing.do(
            preparing(rows, self.table, prepared),
            partial(self._show_board, board, rows, prepared),
            count=len(rows),
        )

    def _drop_board(self) -> None:
        if self._awaited_board is not None:
            # Its rows were read before the tests that begin now; it is read again when they are over.
            self._awaited_board = None
            self._preparing.stop()
            self.runs.reload_due = True

    def _show_board(
        self, board: Future[tuple[BoardRow, ...]], rows: tuple[BoardRow, ...], prepared: Prepared
    ) -> None:
        if board is not self._awaited_board:
            return  # It was asked for anew while these rows were prepared.
        self._awaited_board = None
        self.error.hide()
        self.model.set_rows(rows)
        self._body.setCurrentWidget(self.split if rows else self.empty)
        self.heading.set_directory(has_partners=bool(rows), is_known=True)
        self.split.share()
        if self.isVisible() and not keyboard_is_somewhere(self.window()):
            self.focus_main()
        self._tell_counts(prepared.counts)
        self._show_busy()
        self.order.keep_current()
        self.reports.ask()
        self.last_seen.ask()
        self.runs.judge_due()
        if rows and self._run_when_loaded:
            self._run_when_loaded = False
            self.run_all()

    def _show_current(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < self.model.rowCount():
            self._show_endpoint(self.model.row(place).endpoint)

    def _show_endpoint(self, endpoint: Endpoint) -> None:
        if self._desk is None or endpoint == self.detail.endpoint:
            return
        self.detail.show_endpoint(endpoint)
        self.detail.set_busy(self.sweep.is_running)
        self.reports.ask()
        self.order.tell_place()

    def _open_row(self, _place: int) -> None:
        self._show_current()
        if self.split.is_narrow:
            self.split.is_detail_open = True
            self._settle()
            self.detail.focus_first()

    def _back(self) -> None:
        if self.split.is_detail_open:
            self.split.is_detail_open = False
            self._settle()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _escape(self) -> None:
        if self.sweep.is_running:
            self.sweep.cancel()
            self.strip.refresh()
        elif not (self.diagnosing.cancel() or self.readiness.cancel() or self.report.cancel()):
            self._back()

    def _show_no_board(self, error: TrustdeskError) -> None:
        self._awaited_board = None
        # Nothing is known, so nothing is said of how many partners there are.
        if not self.model.rows:
            self._body.setCurrentWidget(self._nothing)
            self.heading.set_directory(has_partners=False, is_known=False)
        self._show_error(error)
        self._retry.show()

    def _show_error(self, error: TrustdeskError) -> None:
        self.error.show_error(error)
        self.error.show()
        self._retry.hide()

    def _show_busy(self) -> None:
        running = self.sweep.is_running
        some = bool(self.model.rows) and self._desk is not None
        self.heading.set_runnable(all_rows=some and not running, marked=some and not running)
        self.detail.set_busy(running)
        self.strip.refresh()

    def _count(self) -> None:
        self._tell_counts(counts(self.model.rows))

    def _tell_counts(self, found: Mapping[Filter, int]) -> None:
        total = self.model.total
        self.filters.set_counts(total, found)
        self.heading.set_count(total)
        failing = found[Filter.FAILING]
        if failing != self._last_failing:
            self._last_failing = failing
            self.failing_changed.emit(failing)
        self.order.tell()

    def _settle(self) -> None:
        """Put the detail beside the table or over it."""
        self.split.settle(narrow=self.window().width() < NARROW)
        self.heading.show_breadcrumb(self.split.shows_detail_alone)
        self.heading.fit(self.width() - 48)

    def _build(self) -> None:
        self._nothing = QWidget()
        self._body = QStackedWidget()
        for part in (self._nothing, self.split, self.empty):
            self._body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 14)
        layout.setSpacing(14)
        layout.addWidget(self.heading)
        layout.addWidget(self.error)
        layout.addWidget(self.choices.notice)
        layout.addWidget(self._body, 1)
        layout.addWidget(self.directory.notice)
        layout.addWidget(self.report)
        self.error.hide()

    def _connect(self) -> None:
        self._retry.clicked.connect(self.reload)
        self.filters.changed.connect(self.order.rearrange)
        self.heading.filter_changed.connect(self.order.rearrange)
        self.heading.run_all_pressed.connect(self.run_all)
        self.heading.run_selected_pressed.connect(self.run_selected)
        self.heading.export_pressed.connect(self.report_rows)
        self.detail.sheet_wanted.connect(self.write_sheet)
        self.heading.back_pressed.connect(self._back)
        self.strip.cancelled.connect(self._escape)
        self.strip.closed.connect(self.strip.hide)
        self.table.header_pressed.connect(self.order.sort)
        self.table.widened.connect(self.split.share)
        self.table.entered_row.connect(self._open_row)
        self.table.selectionModel().currentRowChanged.connect(self._show_current)
        self.detail.test_wanted.connect(lambda endpoint: self._start((endpoint,)))
        self.detail.handshake_wanted.connect(self.handshake_wanted)
        self.history.certificate_wanted.connect(self.certificate_wanted)
        self.directory.changed.connect(self.reload)
        self.sweep.ended.connect(self.last_seen.ask)
        self.choices.told.connect(self.directory.notice.show_words)
        self.empty.import_wanted.connect(self.directory.import_file)
        self.empty.test_wanted.connect(self.new_target_wanted)
        self.empty.demo_wanted.connect(self.demo_wanted)
        self.runs.counts_changed.connect(self._count)
        self.runs.busy_changed.connect(self._show_busy)
        for part in (self.report, self.diagnosing, self.directory, self.runs, self.choices):
            part.failed.connect(self._show_error)
        self.runs.reload_wanted.connect(self.reload)
        self.runs.judging_changed.connect(self.judging_changed)
        filter_rows = self.heading.focus_filter
        for key, call in (
            (Key.PARTNERS_RUN, self.run_marked_or_all),
            (Key.PARTNERS_CANCEL, self._escape),
            (Key.PARTNERS_FILTER, filter_rows),
            (Key.PARTNERS_BACK, self._back),
            (Key.PARTNERS_SHEET, self.write_sheet),
        ):
            bind(self, key, call)
