"""How the results of the page stand on the day in view: asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.probe import ProbeReport
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.run_book import RunBook, RunKind
from trustdesk.services.desk import Desk


class DayJudging(QObject):
    """Has the results in the book, and the probe that is open, judged for the day in view.

    At the present a result stands as it was made, unless list or evidence have changed since.

    Signals:
        changed: a result was judged.
        failed: a TrustdeskError; a result stays without a verdict.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, bridge: Bridge, book: RunBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._book = book
        self._desk: Desk | None = None
        self._asked = 0
        self._probe: ProbeReport | None = None
        self.probe: ProbeReport | None = None
        self.at: datetime | None = None

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def set_time(self, at: datetime | None) -> None:
        """Judge all results for another day; None is the present."""
        self.at = at
        self.judge_all()

    def judge_all(self) -> None:
        """Judge all results for the day, by the list and the evidence of now."""
        self._asked += 1
        self._book.forget_judged()
        for kind in RunKind:
            self.judge(kind)

    def judge(self, kind: RunKind) -> None:
        """Judge the result of a kind, if there is one and it does not stand as it was made."""
        report = self._book.report(kind)
        if report is None or not self._is_due(is_outdated=self._book.is_outdated(kind)):
            return
        self._book.await_judgement(kind)

        def take(judged: ProbeReport) -> None:
            # A result that another run has replaced is of no interest any more.
            if self._book.report(kind) is report:
                self._book.keep_judged(kind, judged)

        self._ask(report, take)

    def judge_probe(self, report: ProbeReport | None, *, is_outdated: bool) -> None:
        """Judge the probe that is open, None for none: `probe` is how it stands, None while that is asked."""
        self._probe = self.probe = report
        if report is None or not self._is_due(is_outdated=is_outdated):
            return
        self.probe = None

        def take(judged: ProbeReport) -> None:
            if self._probe is report:
                self.probe = judged

        self._ask(report, take)

    def _is_due(self, *, is_outdated: bool) -> bool:
        return self._desk is not None and (is_outdated or self.at is not None)

    def _ask(self, report: ProbeReport, take: Callable[[ProbeReport], None]) -> None:
        if self._desk is None:
            return
        asked = self._asked

        def done(judged: ProbeReport) -> None:
            # Nor is a day, a list or an evidence that was left.
            if asked == self._asked:
                take(judged)
                self.changed.emit()

        def fail(error: TrustdeskError) -> None:
            if asked == self._asked:
                self.failed.emit(error)

        question = self._desk.rejudge_report(report, trust_list=self._book.trust_list)
        self._bridge.when_done(question, done, fail)
