"""Very many certificates: a table at the left, and at the right the row in view, decoded when it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.inspection import CertificateRow, Inspection
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import TrustList
from trustdesk.gui import collector
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.detail import ItemDetail
from trustdesk.gui.inspector.examiner import Examiner
from trustdesk.gui.inspector.opened import OpenedItems
from trustdesk.gui.inspector.table_arrange import arranging
from trustdesk.gui.inspector.table_cells import ORDERS, Column
from trustdesk.gui.inspector.table_model import CertificatesModel
from trustdesk.gui.inspector.table_pane import TablePane
from trustdesk.gui.inspector.table_run import TableRun
from trustdesk.gui.inspector.tree import issuer_of
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import PastedData
from trustdesk.services.row_values import JudgedRows, JudgingTotals, RowsChunk, RowsRead

_BUDGET_S = 0.008
_SHARES = (680, 520)
"""Width of table and details to begin with, as they share what there is."""

_FEW = 5_000
"""Rows up to which the garbage collector may walk through them."""

_FOLLOW_MS = 60
"""How long the keyboard rests on a row before it is decoded."""


class CertificateTablePage(QWidget):
    """Table and details.

    The details are those of the tree: a second pane would take as long to make as a person notices.

    Signals:
        failed: a TrustdeskError.
        busy_changed: something began, went on or ended.
    """

    failed = Signal(object)
    busy_changed = Signal()

    def __init__(self, bridge: Bridge, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._now = now
        self._desk: Desk | None = None
        self._lists: tuple[TrustList, ...] = ()
        self._arranging: Iterator[list[int] | None] | None = None
        self._known = 0
        self._place: int | None = None
        self._asked = 0
        self._left_alone = 0
        self._online = False
        self._opened = OpenedItems()
        self._sources: list[Path | PastedData] = []
        self.model = CertificatesModel(now, self)
        self.run = TableRun(bridge, self)
        self.examiner = Examiner(bridge, self)
        self.pane = TablePane(self.model, self.run)
        self.table = self.pane.table
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._detail: ItemDetail | None = None
        self._steps = QTimer(self)
        self._steps.setInterval(0)
        self._steps.timeout.connect(self._arrange_more)
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_FOLLOW_MS)
        self._follow.timeout.connect(self._decode)
        self._build()
        self._connect()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in the table, nor coming."""
        return not self.model.certificates and not self.run.is_reading

    @property
    def is_arranging(self) -> bool:
        """Whether rows are being sorted or filtered."""
        return self._steps.isActive()

    @property
    def sources(self) -> tuple[Path | PastedData, ...]:
        """What was read into the table."""
        return tuple(self._sources)

    @property
    def place(self) -> int | None:
        """Place of the row in view; None for none."""
        return self._place

    @property
    def progress(self) -> tuple[Message, int, int] | None:
        """What runs, in words, how much of it is done, and of how much; None when nothing runs."""
        if self.run.is_reading:
            return msg("Reading certificates"), round(self.run.share * 1000), 1000
        if self.run.is_judging:
            words = msg("Judging: {done} of {total}", done=self.run.done, total=self.run.total)
            return words, self.run.done, self.run.total
        return None

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def set_lists(self, lists: tuple[TrustList, ...]) -> None:
        """Judge by other lists: what was judged is judged again where the one in force is another."""
        another = lists[:1] != self._lists[:1]
        self._lists = lists
        self._judge_again(another=another)

    def set_day(self) -> None:
        """The day that is judged for is another: judge again what was judged, and count days from it."""
        self._judge_again(another=True)
        self.model.tell_changed()
        if self.model.wanted.filters:
            self.arrange()

    def set_online(self, online: bool) -> None:
        """Ask the CAs about the revocation of the row in view from now on, or nobody."""
        self._online = online
        self._judge_again(another=False)

    def read(self, sources: Sequence[Path | PastedData]) -> None:
        """Read bundles, to what is there already."""
        if self._desk is None:
            return
        self._forget_verdicts()
        self._sources.extend(sources)
        self.run.read(self._desk, sources)

    def add_rows(self, rows: Sequence[tuple[str, CertificateRow]]) -> None:
        """Take certificates that are open elsewhere, each with its source; known ones are left out."""
        known = {row.sha256 for row in self.model.certificates}
        new = [(source, row) for source, row in rows if row.sha256 not in known]
        if new:
            self._forget_verdicts()
        for source, row in new:
            self.model.add([row], source)
        self._rows_added()

    def judge_all(self) -> None:
        """Judge every row, by the list in force and for the day that is set."""
        if self._desk is not None and self.model.certificates and not self.run.is_reading:
            self.model.forget_verdicts()
            self.pane.show_judged(None)
            self.run.judge(self._desk, tuple(self.model.certificates))

    def cancel(self) -> None:
        """Stop what runs; what is there stays."""
        if self.progress is not None:
            self.run.cancel()

    def clear(self) -> None:
        """Close every row, and drop what runs."""
        self.run.drop_reading()
        self.run.drop_judging()
        self._stop_arranging()
        self._sources.clear()
        self.model.clear()
        self._place = None
        self._asked += 1
        self.examiner.clear()
        self.pane.forget()
        self._opened = OpenedItems()
        if self._detail is not None:
            self._detail.hide()
        self._refresh()
        if self._left_alone:
            self._left_alone = 0
            collector.let_go()

    def arrange(self) -> None:
        """Sort and filter, a little at a time; the rows stand as they did until that is done."""
        wanted = self.model.wanted = self.pane.filters.wanted
        self._known = len(self.model.certificates)
        self._arranging = arranging(self.model.certificates, self.model.verdicts, wanted, self._now())
        self._steps.start()

    def choose(self, digest: str) -> bool:
        """Bring a certificate into view; False when it is not in the table."""
        rows = self.model.certificates
        place = next((at for at, row in enumerate(rows) if row.sha256 == digest), None)
        if place is None:
            return False
        shown = self.model.shown_at(place)
        if shown is not None:
            self.table.select(shown)
        else:
            # The filter hides it.
            self._place = place
            self._decode()
        return True

    def take_detail(self, detail: ItemDetail) -> None:
        """Show the row in view in these details, until they are taken elsewhere."""
        if self._detail is None:
            self._detail = detail
            self._split.addWidget(detail)
            self._split.setSizes(list(_SHARES))
            detail.setVisible(self._place is not None)
            self._examine()

    def give_detail(self) -> None:
        """Show nothing in the details any more: they are the tree's again."""
        self._detail = None

    def ask(self, *, fetches: bool, asks_revocation: bool) -> None:
        """Judge the row in view with what its CA answers: missing issuers, or its revocation."""
        self._examine(fetches=fetches, asks_revocation=asks_revocation)

    def focus_main(self) -> None:
        """Move the keyboard to the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_filter(self) -> None:
        """Move the keyboard to the filter."""
        self.pane.filters.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _judge_again(self, *, another: bool) -> None:
        was_judged = self.run.is_judging or self.model.is_judged
        if another and was_judged:
            self._forget_verdicts()
            self.judge_all()
        if self._place is not None:
            self._examine()

    def _forget_verdicts(self) -> None:
        self.run.drop_judging()
        if self.model.is_judged:
            self.model.forget_verdicts()
        self.pane.show_judged(None)
        self._refresh()

    def _arrange_more(self) -> None:
        until = time.perf_counter() + _BUDGET_S
        while self._arranging is not None and time.perf_counter() < until:
            places = next(self._arranging)
            if places is not None:
                self._stop_arranging()
                self.model.show_places(places, self._known)
                self._keep_current()
                self._refresh()

    def _stop_arranging(self) -> None:
        self._arranging = None
        self._steps.stop()

    def _keep_current(self) -> None:
        """Have the row in view selected still, and else the first one."""
        shown = None if self._place is None else self.model.shown_at(self._place)
        if shown is not None:
            self.table.select(shown)
        elif self._place is None and self.model.rowCount():
            self.table.select(0)

    def _take_rows(self, chunk: RowsChunk) -> None:
        first = not self.model.certificates
        self.model.add(chunk.rows, chunk.source)
        if first:
            self.table.measure()
            self._keep_current()
        if len(self.model.certificates) >= self._left_alone + _FEW:
            self._leave_rows_alone()

    def _leave_rows_alone(self) -> None:
        collector.leave_alone()
        self._left_alone = len(self.model.certificates)

    def _take_verdicts(self, some: JudgedRows) -> None:
        first = not self.model.is_judged
        self.model.put(some.start, some.verdicts)
        if first:
            self.table.measure()

    def _rows_added(self) -> None:
        self.table.measure()
        if self.model.wanted != type(self.model.wanted)():
            self.arrange()
        self._keep_current()
        self._refresh()

    def _end_reading(self, read: RowsRead) -> None:
        self.pane.show_read(read)
        self._rows_added()
        if len(self.model.certificates) > _FEW:
            self._leave_rows_alone()

    def _end_judging(self, totals: JudgingTotals) -> None:
        self.pane.show_judged(totals)
        self.table.measure()
        self.arrange()

    def _fail(self, error: TrustdeskError) -> None:
        self.pane.strip.hide()
        self.failed.emit(error)

    def _move(self, shown: int) -> None:
        place = self.model.place(shown)
        if place != self._place:
            self._place = place
            self._follow.start()

    def _decode(self) -> None:
        """Have the row in view decoded, with what can stand above it."""
        if self._desk is None or self._place is None:
            return
        self._asked += 1
        asked, place = self._asked, self._place
        source, position = self.model.origin(place)

        def take(inspection: Inspection) -> None:
            if asked == self._asked:
                self._opened = OpenedItems()
                first = [replace(item, position=position) for item in inspection.items[:1]]
                self._opened.add((*first, *inspection.items[1:]))
                self._examine()

        question = self._desk.open_row(self.model.certificates, place, source)
        self._bridge.when_done(question, take, self.failed.emit)

    def _examine(self, *, fetches: bool = False, asks_revocation: bool = False) -> None:
        # A press asks once: nothing that follows it, a day or a list, asks the CAs again.
        one = next(iter(self._opened.items), None)
        if one is None or self._desk is None or self._detail is None or self._place is None:
            return
        details = {a.key: a.details for a in self._opened.certificates() if a.details is not None}
        self._detail.show_item(one, self._now(), issuer_of(one, self._opened.items), details)
        self._detail.show()
        now, asks = self._now(), asks_revocation or self._online
        self.examiner.examine(
            self._desk, one, self._opened, self._lists, now, fetches=fetches, asks_revocation=asks
        )
        self._show_examination()

    def _show_examination(self) -> None:
        if self._detail is not None:
            self._detail.show_examination(self.examiner.current, self._now())

    def _open(self) -> None:
        if self._detail is not None and self._detail.isVisible():
            self._detail.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _press_header(self, section: int) -> None:
        self.pane.filters.press_header(ORDERS[Column(section)])

    def _refresh(self) -> None:
        wanted = self.model.wanted
        self.table.show_order(wanted.order, descending=wanted.descending)
        self.pane.refresh()
        self.busy_changed.emit()

    def _build(self) -> None:
        self._split.setHandleWidth(20)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.pane)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)

    def _connect(self) -> None:
        self.run.rows_came.connect(self._take_rows)
        self.run.verdicts_came.connect(self._take_verdicts)
        self.run.read_ended.connect(self._end_reading)
        self.run.judged_ended.connect(self._end_judging)
        self.run.failed.connect(self._fail)
        self.run.changed.connect(self._refresh)
        self.pane.judge_wanted.connect(self.judge_all)
        self.pane.filters.changed.connect(self.arrange)
        self.table.moved.connect(self._move)
        self.table.opened.connect(self._open)
        self.table.header_pressed.connect(self._press_header)
        self.examiner.changed.connect(self._show_examination)
        self.examiner.failed.connect(self.failed)
        bind(self, Key.INSPECTOR_CANCEL, self.cancel, in_part=True)
