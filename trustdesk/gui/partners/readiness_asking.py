"""Joins the tab Readiness with the desk: the last check of the partner in view, and one that runs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.core.readiness import Readiness
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.partners.detail import PartnerDetail
from trustdesk.gui.partners.expectations_dialog import ExpectationsDialog
from trustdesk.gui.partners.readiness_tab import ReadinessTab
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk

if TYPE_CHECKING:
    from trustdesk.services.readiness_desk import ReadinessProgress

_AT_EASE_MS = 120
"""The arrow keys run through rows faster than anybody reads a check."""


class ReadinessAsking(QObject):
    """One check at a time; what it finds stays with its endpoint.

    Attributes:
        tab_place: place of the tab in the detail of a partner.

    Signals:
        shown: how many rules of the check in view did not hold; None where there is none.
    """

    shown = Signal(object)

    def __init__(self, bridge: Bridge, tab: ReadinessTab, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._tab = tab
        self._desk: Desk | None = None
        self._endpoint: Endpoint | None = None
        self._awaited: Future[Readiness | None] | None = None
        self._job: Job[Readiness] | None = None
        self._checked: Endpoint | None = None
        self._step: Message = msg("It begins …")
        self.tab_place = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AT_EASE_MS)
        self._timer.timeout.connect(self._ask)
        tab.form.check_wanted.connect(self.start)
        tab.form.cancel_wanted.connect(self.cancel)
        tab.form.expectations_wanted.connect(self.show_expectations)

    @property
    def is_running(self) -> bool:
        """Whether a check goes on, of whatever endpoint."""
        return self._job is not None

    @property
    def is_read(self) -> bool:
        """Whether what is shown is that of the endpoint."""
        return self._awaited is None and not self._timer.isActive()

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def show_endpoint(self, endpoint: Endpoint | None) -> None:
        """Show the last check of an endpoint; None for none. Nothing happens where it is in view already."""
        if endpoint is not None and endpoint == self._endpoint:
            return
        self._endpoint, self._awaited = endpoint, None
        self._tab.clear()
        self.shown.emit(None)
        self._show_running()
        if endpoint is None:
            self._timer.stop()
        else:
            self._tab.form.show_for(endpoint.target.protocol)
            self._timer.start()

    def start(self) -> None:
        """Check the endpoint in view, with what the form says; the token leaves the form."""
        from trustdesk.services.bearer_tokens import bearer_token  # a page is painted before it is needed
        from trustdesk.services.readiness_desk import ReadinessWishes

        if self._desk is None or self._endpoint is None or self.is_running:
            return
        form = self._tab.form
        form.hide_problem()
        text = form.take_token()
        try:
            wishes = ReadinessWishes(
                token=bearer_token(text) if text.strip() else None,
                asks_for_unknown_object=form.unknown_object.isChecked(),
                tries_wrong_certificate=form.wrong_certificate.isChecked(),
            )
            self._job = self._desk.readiness_desk.check(
                self._endpoint, wishes, on_progress=lambda step: self._bridge.post(partial(self._tell, step))
            )
        except TrustdeskError as error:
            form.show_problem(error)
            return
        finally:
            del text
        self._checked = self._endpoint
        self._step = msg("It begins …")
        self._show_running()
        done = partial(self._end, self._job)
        self._bridge.when_done(self._job.future, done, partial(self._fail, self._job), owner=self)

    def cancel(self) -> bool:
        """Stop what runs; return whether anything did."""
        if self._job is None:
            return False
        self._job.cancel()
        return True

    def show_expectations(self) -> None:
        """Open what checks go by."""
        if self._desk is not None:
            ExpectationsDialog(self._tab, self._bridge, self._desk.readiness_desk).open()

    def _ask(self) -> None:
        if self._desk is None or self._endpoint is None:
            return
        asked = self._awaited = self._desk.readiness_desk.last(self._endpoint.id)
        self._bridge.when_done(asked, partial(self._take, asked), partial(self._miss, asked), owner=self)

    def _take(self, asked: Future[Readiness | None], readiness: Readiness | None) -> None:
        if asked is self._awaited:
            self._awaited = None
            self._show(readiness)

    def _miss(self, asked: Future[Readiness | None], error: TrustdeskError) -> None:
        if asked is self._awaited:
            self._awaited = None
            self._tab.show_unread(error)

    def _tell(self, step: ReadinessProgress) -> None:
        from trustdesk.services.readiness_words import CALL_WORDS

        if self._job is not None:
            self._step = msg(
                "{position} of {of}: {call}", position=step.position, of=step.of, call=CALL_WORDS[step.call]
            )
            self._show_running()

    def _end(self, job: Job[Readiness], readiness: Readiness) -> None:
        if job is not self._job:
            return
        is_in_view = self._is_in_view()
        self._job = self._checked = None
        if is_in_view:
            self._awaited = None
            self._timer.stop()
            self._show(readiness)
        self._show_running()

    def _fail(self, job: Job[Readiness], error: TrustdeskError) -> None:
        if job is not self._job:
            return
        is_in_view = self._is_in_view()
        self._job = self._checked = None
        self._show_running()
        if is_in_view and not isinstance(error, CancelledByPersonError):
            self._tab.show_error(error)

    def _is_in_view(self) -> bool:
        return self._checked is not None and self._checked == self._endpoint

    def _show(self, readiness: Readiness | None) -> None:
        self._tab.show_check(readiness)
        bad = None
        if readiness is not None:
            bad = sum(one.is_failure or one.is_warning for one in readiness.findings) or None
        self.shown.emit(bad)

    def _show_running(self) -> None:
        """Show the run with its own endpoint; with another one, that it has to wait."""
        form = self._tab.form
        form.button.setToolTip("")
        if self._job is None:
            form.show_running(None)
        elif self._is_in_view():
            form.show_running(self._step)
        else:
            form.show_running(None)
            form.button.setEnabled(False)
            partner = "" if self._checked is None else self._checked.partner
            form.button.setToolTip(say(msg("Another check runs: {partner}", partner=partner)))


def with_readiness(bridge: Bridge, detail: PartnerDetail, now: Callable[[], datetime]) -> ReadinessAsking:
    """Add the tab to the detail of a partner; it follows what is shown there."""
    tab = ReadinessTab(now)
    place = detail.add_tab(say(msg("Readiness")), tab)
    asking = ReadinessAsking(bridge, tab, detail)
    asking.tab_place = place
    asking.shown.connect(lambda count: detail.tabs.set_count(place, count))
    detail.reported.connect(lambda: asking.show_endpoint(detail.endpoint))
    detail.reported.connect(lambda: tab.show_test(() if detail.report is None else detail.report.findings))
    return asking
