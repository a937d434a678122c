"""The table of partners judged again: for another day, or by another list, a chunk of rows at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime

from trustdesk.core.partner import Endpoint
from trustdesk.services.board import BoardRow, board_row
from trustdesk.services.rejudging import Rejudger
from trustdesk.storage.directory import Directory

CHUNK = 50
"""Rows that are read and told at a time: some 50 ms of work, so that a cancelled job ends soon."""


class BoardJudging:
    """One run over the table (`core.ports.Job`); `future` holds how many rows were judged again."""

    def __init__(
        self,
        directory: Directory,
        endpoints: Sequence[Endpoint],
        viewpoint: Callable[[], Rejudger],
        at: datetime,
        on_rows: Callable[[Sequence[BoardRow]], None],
    ) -> None:
        """Prepare a run.

        Args:
            endpoints: in the order in which they are judged.
            viewpoint: makes the point of view ready, on the thread of `run`.
            at: what days left are counted from.
            on_rows: told of each chunk, on the thread of `run`; endpoints never tested are left out.
        """
        self.future: Future[int] = Future()
        self._directory = directory
        self._endpoints = tuple(endpoints)
        self._viewpoint = viewpoint
        self._at = at
        self._on_rows = on_rows
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Judge no further row; nothing is told any more once the row in hand is done."""
        self._cancelled.set()

    def run(self) -> None:
        """Do it, on the calling thread, which is not that of a window."""
        try:
            self.future.set_result(self._judge_all())
        except BaseException as error:  # noqa: BLE001 - a job's edge: the future carries it to the asker
            self.future.set_exception(error)

    def _judge_all(self) -> int:
        judged, rejudger = 0, self._viewpoint()
        for first in range(0, len(self._endpoints), CHUNK):
            rows = self._judge(self._endpoints[first : first + CHUNK], rejudger)
            if self._cancelled.is_set():
                break
            judged += len(rows)
            self._on_rows(rows)
        return judged

    def _judge(self, endpoints: Sequence[Endpoint], rejudger: Rejudger) -> list[BoardRow]:
        if self._cancelled.is_set():
            return []
        reports = self._directory.last_reports([endpoint.id for endpoint in endpoints]).result()
        rows: list[BoardRow] = []
        for endpoint in endpoints:
            report = reports.get(endpoint.id)
            if self._cancelled.is_set():
                break
            if report is not None:
                rows.append(board_row(endpoint, rejudger.rejudge(report), self._at))
        return rows
