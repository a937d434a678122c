"""The line that tells of a report: how far it is, with Cancel; then where it lies, with Open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.file_name import plain_stem
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.widgets.job_strip import JobStrip
from trustdesk.gui.widgets.notice import Notice
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.report_desk import ReportListener, WrittenReport

_PDF = (".pdf", msg("Pages to print and sign"))
_HTML = (".html", msg("Page to read and print"))
_CSV = (".csv", msg("Table for a spreadsheet"))
_JSON = (".json", msg("Document for programs"))

AskFile = Callable[[QWidget, str, Message, Mapping[str, Message]], Path | None]
"""Asks where to write to: window, suggested name, title, endings with what each means."""


class ReportStrip(QWidget):
    """Asks for a file, has the report written, and says so. One at a time.

    Signals:
        failed: the TrustdeskError.

    Attributes:
        ask_file: the question where to save.
    """

    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._job: Job[WrittenReport] | None = None
        self._written: Path | None = None
        self._is_cancelling = False
        self._told = (0, 1)
        self.ask_file: AskFile = _ask_file
        self.progress = JobStrip(bar=say(msg("Progress of the report")), close=say(msg("Close the notice")))
        self.progress.show_only()
        self.progress.cancelled.connect(self.cancel)
        self.notice = Notice()
        self.notice.open_wanted.connect(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.progress)
        layout.addWidget(self.notice)
        self.progress.hide()
        self.notice.hide()

    @property
    def is_running(self) -> bool:
        """Whether a report is being written."""
        return self._job is not None

    def write_board(self, desk: Desk, endpoints: Sequence[Endpoint] | None) -> None:
        """Write how endpoints stand into a file that the person names; None for all of them."""
        file = self._asked("partners.html", msg("Report on partners"), (_HTML, _PDF, _CSV, _JSON))
        if file is not None:
            self._start(lambda told: desk.report_desk.write_board(file, endpoints, told))

    def write_sheet(self, desk: Desk, partner: str, diagnoses: Mapping[int, Diagnosis]) -> None:
        """Write a partner's review sheet into a file that the person names.

        Args:
            diagnoses: that are in view, by the endpoint's id.
        """
        name = f"{plain_stem(partner, 'partner')}-review.pdf"
        file = self._asked(name, msg("Review sheet"), (_PDF, _HTML, _CSV, _JSON))
        if file is not None:
            self._start(
                lambda told: desk.report_desk.write_sheet(file, partner, told, diagnoses=dict(diagnoses))
            )

    def cancel(self) -> bool:
        """Stop what is written; return whether there was anything. What lay there before stays."""
        if self._job is None:
            return False
        self._is_cancelling = True
        self._job.cancel()
        self._show_progress()
        return True

    def _asked(self, name: str, title: Message, kinds: Sequence[tuple[str, Message]]) -> Path | None:
        if self._job is not None:
            return None
        return self.ask_file(self.window(), name, title, dict(kinds))

    def _start(self, begin: Callable[[ReportListener], Job[WrittenReport]]) -> None:
        self.notice.hide()
        self._is_cancelling, self._told = False, (0, 1)

        def told(done: int, total: int) -> None:
            self._bridge.post(partial(self._take_step, done, total))

        job = self._job = begin(told)
        self._show_progress()
        self.progress.show()
        self._bridge.when_done(job.future, self._end, self._fail, owner=self)

    def _take_step(self, done: int, total: int) -> None:
        if self._job is not None and total:
            self._told = (done, total)
            self._show_progress()

    def _show_progress(self) -> None:
        done, total = self._told
        title = msg("Cancelling") if self._is_cancelling else msg("Writing the report")
        words = msg("{percent} %", percent=100 * done // total)
        self.progress.show_job(
            title, words, [(done, "accent")], total, running=True, cancelling=self._is_cancelling
        )

    def _end(self, written: WrittenReport) -> None:
        self._job = None
        self.progress.hide()
        self._written = written.file
        if written.file is None:
            self.notice.show_notice(msg("Cancelled. No report was written."), opens=False)
        else:
            self.notice.show_notice(msg("Written: {file}", file=str(written.file)))

    def _fail(self, error: TrustdeskError) -> None:
        self._job = None
        self.progress.hide()
        self.failed.emit(error)

    def _open(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))


def _ask_file(parent: QWidget, name: str, title: Message, kinds: Mapping[str, Message]) -> Path | None:
    return ask_file(parent, name, title=title, kinds=kinds)
