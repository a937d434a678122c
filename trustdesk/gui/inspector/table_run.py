"""What runs on the rows of the table, as the window sees it: reading, then judging."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.inspection import CertificateRow
from trustdesk.core.ports import Job
from trustdesk.gui.bridge import Bridge
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import PastedData
from trustdesk.services.row_values import JudgedRows, JudgingTotals, RowsChunk, RowsRead

_AT_ONCE = 2
"""Chunks that are taken in one turn of the window's thread."""


class TableRun(QObject):
    """Follows one reading and one judging at a time; another one of the same kind drops the earlier.

    Signals:
        rows_came: a RowsChunk.
        verdicts_came: a JudgedRows.
        read_ended: a RowsRead.
        judged_ended: a JudgingTotals.
        failed: a TrustdeskError; what ran has ended.
        changed: something began, went on or ended.
    """

    rows_came = Signal(object)
    verdicts_came = Signal(object)
    read_ended = Signal(object)
    judged_ended = Signal(object)
    failed = Signal(object)
    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._lock = threading.Lock()
        self._inbox: deque[tuple[int, RowsChunk | JudgedRows]] = deque()
        self._posted = False
        self._reading: Job[RowsRead] | None = None
        self._judging: Job[JudgingTotals] | None = None
        self._read_number = 0
        self._judge_number = 0
        self.is_cancelling = False
        self.share = 0.0
        self.done = 0
        self.total = 0

    @property
    def is_reading(self) -> bool:
        """Whether rows are coming in."""
        return self._reading is not None

    @property
    def is_judging(self) -> bool:
        """Whether rows are being judged."""
        return self._judging is not None

    def read(self, desk: Desk, sources: Sequence[Path | PastedData]) -> None:
        """Read bundles."""
        self.drop_reading()
        self.is_cancelling, self.share = False, 0.0
        number = self._read_number
        job = self._reading = desk.read_rows(sources, lambda chunk: self._receive(number, chunk))

        def finish(read: RowsRead) -> None:
            if number == self._read_number:
                self._take_all()
                self._reading = None
                self.read_ended.emit(read)
                self.changed.emit()

        def fail(error: TrustdeskError) -> None:
            if number == self._read_number:
                self._take_all()
                self._reading = None
                self.failed.emit(error)
                self.changed.emit()

        self._bridge.when_done(job.future, finish, fail)
        self.changed.emit()

    def judge(self, desk: Desk, rows: Sequence[CertificateRow]) -> None:
        """Judge rows; an earlier run is cancelled, and none of its verdicts comes any more."""
        self.drop_judging()
        self.is_cancelling, self.done, self.total = False, 0, len(rows)
        number = self._judge_number
        job = self._judging = desk.judge_rows(rows, lambda some: self._receive(number, some))

        def finish(totals: JudgingTotals) -> None:
            if number == self._judge_number:
                self._take_all()
                self._judging = None
                self.judged_ended.emit(totals)
                self.changed.emit()

        def fail(error: TrustdeskError) -> None:
            if number == self._judge_number:
                self._take_all()
                self._judging = None
                self.failed.emit(error)
                self.changed.emit()

        self._bridge.when_done(job.future, finish, fail)
        self.changed.emit()

    def cancel(self) -> None:
        """Ask what runs to stop; what is done stays done."""
        for job in (self._reading, self._judging):
            if job is not None:
                self.is_cancelling = True
                job.cancel()
        self.changed.emit()

    def drop_reading(self) -> None:
        """Cancel a reading; nothing of it comes any more."""
        self._read_number += 1
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def drop_judging(self) -> None:
        """Cancel a judging; nothing of it comes any more."""
        self._judge_number += 1
        if self._judging is not None:
            self._judging.cancel()
            self._judging = None

    def _receive(self, number: int, some: RowsChunk | JudgedRows) -> None:
        # On a thread of the desk: many chunks become one visit of the mailbox.
        with self._lock:
            self._inbox.append((number, some))
            if self._posted:
                return
            self._posted = True
        self._bridge.post(self._take)

    def _take(self) -> None:
        for _ in range(_AT_ONCE):
            if not self._take_one():
                break
        with self._lock:
            self._posted = bool(self._inbox)
            more = self._posted
        if more:
            self._bridge.post(self._take)
        self.changed.emit()

    def _take_all(self) -> None:
        while self._take_one():
            pass

    def _take_one(self) -> bool:
        with self._lock:
            if not self._inbox:
                return False
            number, some = self._inbox.popleft()
        if isinstance(some, RowsChunk):
            if number == self._read_number:
                self.share = some.share
                self.rows_came.emit(some)
        elif number == self._judge_number:
            self.done += len(some.verdicts)
            self.verdicts_came.emit(some)
        return True
