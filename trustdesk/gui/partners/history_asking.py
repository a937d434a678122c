"""Reads the history of the partner in view, compares certificates, and keeps what is decided."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError, UnusableInputError
from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.core.trust_decision import AwaitingDecision
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.partners.compare_dialog import CompareCertificatesDialog
from trustdesk.gui.partners.detail import PartnerDetail
from trustdesk.gui.partners.history_tab import HistoryTab
from trustdesk.gui.trust.comment_dialog import CommentDialog
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.history_desk import MOST_ENTRIES
from trustdesk.services.history_values import EndpointHistory

_AT_EASE_MS = 120
"""The arrow keys run through rows faster than anybody reads a history."""

_Pair = tuple[CertificateDetails | None, CertificateDetails | None]


class HistoryAsking(QObject):
    """Joins a HistoryTab with the desk.

    Attributes:
        tab_place: place of the tab in the detail of a partner.
        dialog: the one that is open; None for none.

    Signals:
        read: how many changes there are of the endpoint in view; 0 too where they are not read yet.
        certificate_wanted: the CertificateFacts to show in the Inspector.
        decided: a decision on a certificate was kept.
    """

    read = Signal(int)
    certificate_wanted = Signal(object)
    decided = Signal()

    def __init__(self, bridge: Bridge, tab: HistoryTab, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._tab = tab
        self._desk: Desk | None = None
        self._endpoint: Endpoint | None = None
        self._awaited: Future[EndpointHistory] | None = None
        self._deciding: Job[None] | None = None
        self._limit = MOST_ENTRIES
        self.tab_place = 0
        self.dialog: CompareCertificatesDialog | CommentDialog | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AT_EASE_MS)
        self._timer.timeout.connect(self._ask)
        tab.compare_wanted.connect(self._compare)
        tab.decided.connect(self._ask_why)
        tab.more_wanted.connect(self._ask_more)

    @property
    def is_read(self) -> bool:
        """Whether what is shown is that of the endpoint."""
        return self._awaited is None and not self._timer.isActive()

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def show_endpoint(self, endpoint: Endpoint | None) -> None:
        """Show the history of an endpoint, read anew; None for none."""
        if endpoint is None or endpoint != self._endpoint:
            self._tab.clear()
            self.read.emit(0)
            self._limit = MOST_ENTRIES
        self._endpoint, self._awaited = endpoint, None
        if endpoint is None:
            self._timer.stop()
        else:
            self._timer.start()

    def reload(self) -> None:
        """Read what is in view again, where something is: it may have been decided on elsewhere."""
        if self._tab.history is not None:
            self._ask()

    def _ask_more(self) -> None:
        self._limit *= 2
        self._ask()

    def _ask(self) -> None:
        if self._desk is None or self._endpoint is None:
            return
        history = self._awaited = self._desk.history_desk.history(self._endpoint.id, limit=self._limit)
        self._bridge.when_done(
            history, partial(self._take, history), partial(self._fail, history), owner=self
        )

    def _take(self, asked: Future[EndpointHistory], history: EndpointHistory) -> None:
        if asked is self._awaited:
            self._awaited = None
            self._tab.show_history(history)
            self.read.emit(len(history.entries))

    def _fail(self, asked: Future[EndpointHistory], error: TrustdeskError) -> None:
        if asked is self._awaited:
            self._awaited = None
            self._tab.show_error(error)

    def _compare(self, before: str, after: str) -> None:
        if self._desk is None or self._endpoint is None:
            return
        asked = self._desk.history_desk.pair(before, after)
        show = partial(self._show_pair, self._endpoint)
        self._bridge.when_done(asked, show, self._tab.show_error, owner=self)

    def _show_pair(self, endpoint: Endpoint, pair: _Pair) -> None:
        before, after = pair
        if before is None or after is None:
            self._tab.show_error(
                UnusableInputError(
                    msg("One of the two certificates is not kept any more."),
                    remedy=msg("Compare it in the Inspector, if you have it as a file."),
                )
            )
            return
        dialog = CompareCertificatesDialog(self._tab.window(), endpoint.partner, before, after)
        dialog.certificate_wanted.connect(self.certificate_wanted)
        self._open(dialog)

    def _ask_why(self, awaiting: AwaitingDecision, accepted: bool) -> None:
        """Ask for the comment, and keep the decision with it."""
        title = msg("This certificate is expected") if accepted else msg("This certificate is not expected")
        follows = (
            msg("It no longer waits in the review queue. Whether it is trusted is judged by the lists alone.")
            if accepted
            else msg(
                "The log keeps it. It takes no trust away: distrust the certificate for that, on the page"
                " Trust lists, and ask the partner."
            )
        )
        dialog = CommentDialog(
            self._tab.window(),
            title,
            awaiting.what,
            (follows,),
            verb=msg("Keep the decision"),
            danger=not accepted,
        )
        dialog.agreed.connect(partial(self._keep, awaiting, accepted))
        self._open(dialog)

    def _open(self, dialog: CompareCertificatesDialog | CommentDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _keep(self, awaiting: AwaitingDecision, accepted: bool, comment: str) -> None:
        if self._desk is None or awaiting.endpoint_id is None or awaiting.now is None:
            return
        job = self._deciding = self._desk.trust_desk.decide_fingerprint(
            awaiting.endpoint_id, awaiting.now.sha256, accepted=accepted, comment=comment
        )
        self._bridge.when_done(job.future, lambda _none: self._kept(), self._not_kept, owner=self)

    def _kept(self) -> None:
        self._deciding = None
        self.decided.emit()
        self._ask()

    def _not_kept(self, error: TrustdeskError) -> None:
        self._deciding = None
        if not isinstance(error, CancelledByPersonError):
            self._tab.show_error(error)


def with_history(bridge: Bridge, detail: PartnerDetail, now: Callable[[], datetime]) -> HistoryAsking:
    """Add the tab to the detail of a partner; it follows what is shown there, and each new test."""
    tab = HistoryTab(now)
    place = detail.add_tab(say(msg("History")), tab)
    asking = HistoryAsking(bridge, tab, detail)
    asking.tab_place = place
    asking.read.connect(lambda count: detail.tabs.set_count(place, count or None))
    detail.reported.connect(lambda: asking.show_endpoint(detail.endpoint))
    return asking
