"""The results of the page on another day: asked for, kept, and said in the banner."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal

from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeRecord, ProbeReport
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.run_book import RunBook, RunKind
from trustdesk.gui.handshake.run_view import report_details
from trustdesk.gui.report_words import action_of, loudest_fact, state_of
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.desk import Desk


class DayJudging(QObject):
    """Has the results in the book judged for the day in view.

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
        self._asked = 0
        self.at: datetime | None = None

    def set_time(self, desk: Desk | None, at: datetime | None) -> None:
        """Judge all results for another day; None is the present, for which they stand as they were made."""
        self.at = at
        self._asked += 1
        self._book.forget_judged()
        for kind in RunKind:
            self.judge(desk, kind)

    def judge(self, desk: Desk | None, kind: RunKind) -> None:
        """Judge the result of a kind, if there is one and the day is another one than today."""
        report = self._book.report(kind)
        if self.at is None or report is None or desk is None:
            return
        self._book.await_judgement(kind)
        asked = self._asked

        def take(judged: ProbeReport) -> None:
            # A day that was left, or a result that another run has replaced, is of no interest any more.
            if asked == self._asked and self._book.report(kind) is report:
                self._book.keep_judged(kind, judged)
                self.changed.emit()

        future = desk.rejudge_report(report, trust_list=self._book.trust_list)
        self._bridge.when_done(future, take, self.failed.emit)


def show_verdict(banner: VerdictBanner, record: ProbeRecord, judged: ProbeReport | None) -> None:
    """Say how a run stands on the day in view; None for `judged` while that is asked."""
    if judged is None:
        banner.show_verdict(State.UNKNOWN, say(msg("Judging …")), "")
        banner.setToolTip("")
        return
    explanation = judged.explanation
    banner.show_verdict(
        state_of(judged),
        say(explanation.headline),
        say(action_of(explanation)),
        loudest_fact(record),
        details=report_details(judged),
    )
    banner.setToolTip("" if explanation.cause == "none" else explanation.cause)
