"""The table judged again, as the window sees it: chunks of rows that come from another thread."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.gui.bridge import Bridge
from trustdesk.services.board import BoardRow
from trustdesk.services.desk import Desk


class JudgingRun(QObject):
    """Starts and follows the one run that may go on at a time; what comes of an earlier one is dropped.

    Signals:
        stepped: list of BoardRow; at most one for each emptying of the mailbox.
        ended: the run is over, cancelled ones too; `error` stays until the next one.
    """

    stepped = Signal(object)
    ended = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._job: Job[int] | None = None
        self._run = 0
        self._inbox: list[BoardRow] = []
        self._posted = False
        self._lock = threading.Lock()
        self.done = 0
        self.total = 0
        self.error: TrustdeskError | None = None

    @property
    def is_running(self) -> bool:
        """Whether rows are being judged."""
        return self._job is not None

    def start(self, desk: Desk, endpoints: Sequence[Endpoint]) -> None:
        """Begin with these, in their order; what ran before stops."""
        self.stop()
        if not endpoints:
            return
        self.done, self.total, self.error = 0, len(endpoints), None
        run = self._run
        job = self._job = desk.rejudge(endpoints, partial(self._receive, run))
        self._bridge.when_done(job.future, partial(self._finish, run), partial(self._fail, run))

    def cancel(self) -> None:
        """Judge no further rows."""
        if self._job is not None:
            self.stop()
            self.ended.emit()

    def stop(self) -> None:
        """Forget the run without a word: another takes its place, or its rows are about to change."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        with self._lock:
            self._run += 1
            self._inbox = []

    def _receive(self, run: int, rows: Sequence[BoardRow]) -> None:
        # On the thread that judges: many chunks become one visit of the mailbox.
        with self._lock:
            if run != self._run:
                return
            self._inbox.extend(rows)
            if self._posted:
                return
            self._posted = True
        self._bridge.post(self._take)

    def _take(self) -> None:
        with self._lock:
            taken, self._inbox, self._posted = self._inbox, [], False
        if taken and self._job is not None:
            self.done += len(taken)
            self.stepped.emit(taken)

    def _finish(self, run: int, _judged: int) -> None:
        if run == self._run and self._job is not None:
            self._take()
            self._job = None
            self.ended.emit()

    def _fail(self, run: int, error: TrustdeskError) -> None:
        if run == self._run and self._job is not None:
            self._take()
            self._job, self.error = None, error
            self.ended.emit()
