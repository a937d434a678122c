"""The table as a file: for a spreadsheet, as a page to pass on, or for programs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeReport
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.widgets.notice import Notice
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.services.board import BoardRow, board_row
from trustdesk.services.desk import Desk

_FORMS = {
    ".csv": msg("Table for a spreadsheet"),
    ".html": msg("Page to read and print"),
    ".json": msg("Document for programs"),
}


class ExportNotice(Notice):
    """Asks for a file, writes it on a thread of its own, and says so.

    Signals:
        failed: the TrustdeskError.
    """

    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._written: Path | None = None
        self.ask_file: Callable[[QWidget], Path | None] = _ask_file
        self.open_wanted.connect(self._open)
        self.hide()

    def export(
        self, desk: Desk, rows: Sequence[BoardRow], made_at: datetime, evaluated_at: datetime | None = None
    ) -> None:
        """Write rows with their last reports; the ending of the name given says in which form.

        `evaluated_at` is the instant that the desk judges for; None for the present.
        """
        file = self.ask_file(self.window())
        if file is None:
            return
        self.hide()
        reports = {row.endpoint.id: desk.last_report(row.endpoint.id) for row in rows}
        writing: Future[Path] = Future()
        threading.Thread(
            target=_write,
            args=(writing, tuple(rows), reports, file, made_at, evaluated_at),
            name="trustdesk-export",
        ).start()
        self._bridge.when_done(writing, self._show_written, self.failed.emit)

    def _show_written(self, file: Path) -> None:
        self._written = file
        self.show_notice(msg("Written: {file}", file=str(file)))

    def _open(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))


def _ask_file(parent: QWidget) -> Path | None:
    return ask_file(parent, "partners.csv", title=msg("Export partners"), kinds=_FORMS)


def _write(
    writing: Future[Path],
    rows: tuple[BoardRow, ...],
    asked: dict[int, Future[ProbeReport | None]],
    file: Path,
    made_at: datetime,
    evaluated_at: datetime | None,
) -> None:
    try:
        from trustdesk.services.reports import render_report

        answers = {endpoint_id: answer.result() for endpoint_id, answer in asked.items()}
        reports = {one: report for one, report in answers.items() if report is not None}
        # Rows made of the reports: those in view may not all have been judged yet.
        at = evaluated_at or made_at
        rows = tuple(board_row(row.endpoint, reports.get(row.endpoint.id), at) for row in rows)
        render_report(file, rows, reports, made_at=made_at, evaluated_at=evaluated_at)
        writing.set_result(file)
    except Exception as error:  # noqa: BLE001 - the edge of a thread: the future carries it to the window
        writing.set_exception(error)
