"""What a sweep and a run of the judge find, brought into the table while they go on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from trustdesk.gui.partners.detail_reports import DetailReports
from trustdesk.gui.partners.judging import JudgingRun
from trustdesk.gui.partners.list_pane import ListPane
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.partners.row_order import RowOrder
from trustdesk.gui.partners.sweep_run import SweepRun, SweepStep
from trustdesk.gui.widgets.ring import ring_clock
from trustdesk.services.board import BoardRow, awaiting
from trustdesk.services.desk import Desk

_COUNT_EVERY_MS = 200


class RunsInView(QObject):
    """Follows the one sweep and the one run of the judge; rows change at their place, the order afterwards.

    Attributes:
        reload_due: whether the board has to be read again once the sweep has ended.

    Signals:
        counts_changed: rows have changed, several of them at once.
        busy_changed: a sweep has begun or ended.
        failed: a run's TrustdeskError.
        reload_wanted: the board has to be read again now.
        judging_changed: rows were judged again, or no more are.
    """

    counts_changed = Signal()
    busy_changed = Signal()
    failed = Signal(object)
    reload_wanted = Signal()
    judging_changed = Signal()

    def __init__(
        self,
        sweep: SweepRun,
        judging: JudgingRun,
        model: PartnersModel,
        pane: ListPane,
        order: RowOrder,
        reports: DetailReports,
        *,
        is_today: Callable[[], bool],
        parent: QObject,
    ) -> None:
        """Begin to follow.

        Args:
            is_today: whether the table shows the present; a sweep tells of nothing else.
        """
        super().__init__(parent)
        self._sweep, self._judging, self._model = sweep, judging, model
        self._strip, self._table = pane.strip, pane.table
        self._order, self._reports, self._is_today = order, reports, is_today
        self._desk: Desk | None = None
        self.reload_due = False
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(_COUNT_EVERY_MS)
        self._recount.timeout.connect(self.counts_changed)
        sweep.started.connect(self._sweep_started)
        sweep.stepped.connect(self._take_step)
        sweep.ended.connect(self._sweep_ended)
        judging.stepped.connect(self._take_judged)
        judging.ended.connect(self._judging_ended)

    def set_desk(self, desk: Desk) -> None:
        """Judge with a desk."""
        self._desk = desk

    def judge_due(self) -> None:
        """Have the rows judged that are due; after a sweep, where one runs."""
        if self._desk is not None and not self._sweep.is_running:
            self._judging.start(self._desk, self._model.due())
            self.judging_changed.emit()

    def _sweep_started(self) -> None:
        ring_clock().run_for(self._table, True)
        self._strip.show()
        self.busy_changed.emit()

    def _take_step(self, step: SweepStep) -> None:
        # A test tells of now; how it stands on another day is judged when the tests are over.
        rows = step.rows if self._is_today() else [awaiting(row) for row in step.rows]
        self._model.put(rows, step.activities)
        if rows:
            self._table.measure(rows)
        for progress in step.progress:
            self._reports.take_test(progress)
        self._strip.refresh()
        self._count_soon()

    def _sweep_ended(self) -> None:
        ring_clock().run_for(self._table, False)
        if self._sweep.error is not None:
            self.failed.emit(self._sweep.error)
        self._model.end_activities()
        self._strip.refresh()
        self._strip.setVisible(self._sweep.totals is not None)
        self.busy_changed.emit()
        self.counts_changed.emit()
        self._order.rearrange()
        if self.reload_due:
            self.reload_wanted.emit()
        else:
            self.judge_due()

    def _take_judged(self, rows: list[BoardRow]) -> None:
        self._model.put(rows, {})
        self._table.measure(rows)
        self._count_soon()
        self.judging_changed.emit()

    def _judging_ended(self) -> None:
        if self._judging.error is not None:
            self.failed.emit(self._judging.error)
        self._model.give_up_due()
        self.counts_changed.emit()
        self._order.rearrange()
        self.judging_changed.emit()

    def _count_soon(self) -> None:
        if not self._recount.isActive():
            self._recount.start()
