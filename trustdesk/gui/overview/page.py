"""The page Overview: what ends when. Tiles, planner and changes find their place above and below."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.message import msg, msg_n
from trustdesk.core.ports import Job
from trustdesk.core.trust_impact import RootDrop
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.overview.empty import NothingToOversee
from trustdesk.gui.overview.timeline_card import TimelineCard
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.timeline_values import ExpiryTimeline, Validity

_LOOKING = msg("Finding out who is below the CAs; no connection is made …")
_NOT_KNOWN = msg("Who is below the CAs could not be found out; planned removals and decisions are not shown.")


class OverviewPage(QWidget):
    """Where a person looks first.

    Signals:
        certificate_wanted: the CertificateFacts to show in the Inspector.
        test_wanted, import_wanted, demo_wanted: the ways to begin.
    """

    certificate_wanted = Signal(object)
    test_wanted = Signal()
    import_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, *, offers_demo: bool = False) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: Desk | None = None
        self._at: datetime | None = None
        self._awaited: Future[ExpiryTimeline] | None = None
        self._drops: Job[tuple[RootDrop, ...]] | None = None
        self._wanted: Validity | None = None
        self._was_waited_at = False
        self._is_outdated = False
        self._count = ElidedLabel(ink="text2")
        self.card = TimelineCard()
        self.empty = NothingToOversee(offers_demo=offers_demo)
        self.error = VerdictBanner()
        self._retry = Button(say(msg("Try again")), icon="refresh")
        self.error.add_button(self._retry)
        self._waiting = Text(say(msg("Reading certificates …")), ink="text2")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    @property
    def is_read(self) -> bool:
        """Whether what is in view is of the day and the list in force."""
        return self._desk is not None and self._awaited is None and not self._is_outdated

    @property
    def is_looking(self) -> bool:
        """Whether it is still being found out who is below CAs."""
        return self._drops is not None

    @property
    def count_words(self) -> str:
        """What is said of how many there are of everything."""
        return self._count.text()

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk, and show what ends when."""
        self._desk = desk
        self.outdate()

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Show how everything stands at an instant, which the desk knows already; None is the present."""
        self._at = at
        # Nothing of another day stays in view under this one's banner.
        self._stack.setCurrentWidget(self._waiting)
        self.outdate()

    def outdate(self) -> None:
        """Read everything again, at once where it is in view, else when it comes into view."""
        if self.isVisible():
            self.reload()
        else:
            self._is_outdated = True

    def showEvent(self, event: QShowEvent) -> None:
        """Read what has changed while the page was out of view."""
        super().showEvent(event)
        if self._is_outdated:
            self.reload()

    def reload(self) -> None:
        """Read everything again."""
        self._is_outdated = False
        if self._desk is None:
            return
        self._drop_job()
        timeline = self._awaited = self._desk.timeline()
        self._bridge.when_done(timeline, partial(self._take, timeline), partial(self._fail, timeline))

    def focus_main(self) -> None:
        """Move the keyboard to the timeline, or to the first way to begin."""
        if self._stack.currentWidget() is self.empty:
            self.empty.focus_first()
        elif self._stack.currentWidget() is self.card:
            self.card.focus_main()
        else:
            # The timeline gets it once it is there.
            part = self._retry if self.error.isVisible() else self._waiting
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, timeline: Future[ExpiryTimeline], found: ExpiryTimeline) -> None:
        if timeline is not self._awaited:
            return  # For another day, or by another list, than the one in view.
        self._awaited = None
        self._was_waited_at = self._waiting.hasFocus()
        self.error.hide()
        self._ask_who(found)
        has_own = found.partners > 0 or found.identities > 0
        self._count.setText(_counts(found) if has_own else "")
        self._stack.setCurrentWidget(self.card if has_own else self.empty)
        self._give_focus()

    def _ask_who(self, found: ExpiryTimeline) -> None:
        """Show what lists say, and find out beside it who is below what changes: that judges every chain."""
        is_today = self._at is None
        if self._desk is None or not (found.partners or found.identities):
            self.card.show_timeline(found, is_today=is_today)
            return
        self.card.show_timeline(found, is_today=is_today, words=say(_LOOKING))
        job = self._drops = self._desk.trust_desk.drops()
        self._bridge.when_done(
            job.future,
            partial(self._take_drops, job, found),
            partial(self._miss_drops, job, found),
            owner=self,
        )

    def _take_drops(
        self, job: Job[tuple[RootDrop, ...]], found: ExpiryTimeline, drops: tuple[RootDrop, ...]
    ) -> None:
        if job is self._drops:
            self._drops = None
            self.card.show_timeline(found.with_drops(drops), is_today=self._at is None, knows_who=True)

    def _miss_drops(
        self, job: Job[tuple[RootDrop, ...]], found: ExpiryTimeline, error: TrustdeskError
    ) -> None:
        if job is not self._drops:
            return
        self._drops = None
        self.card.show_timeline(found, is_today=self._at is None, words=say(_NOT_KNOWN))
        if not isinstance(error, CancelledByPersonError):
            self.show_error(error)

    def _drop_job(self) -> None:
        job, self._drops = self._drops, None
        if job is not None:
            job.cancel()

    def _fail(self, timeline: Future[ExpiryTimeline], error: TrustdeskError) -> None:
        if timeline is not self._awaited:
            return
        self._awaited = None
        self._was_waited_at = self._waiting.hasFocus()
        self._count.setText("")
        self._stack.setCurrentWidget(self._nothing)
        self.show_error(error)
        self._retry.show()
        self._give_focus()

    def show_error(self, error: TrustdeskError) -> None:
        """Say what failed, above everything."""
        self.error.show_error(error)
        self.error.show()
        self._retry.hide()

    def _give_focus(self) -> None:
        if self._was_waited_at:
            self._was_waited_at = False
            self.focus_main()

    def _open(self, validity: Validity) -> None:
        if validity.certificate is not None:
            self.certificate_wanted.emit(validity.certificate)
        elif self._desk is not None:
            self._wanted = validity
            asked = self._desk.certificate(validity.sha256)
            self._bridge.when_done(asked, partial(self._show, validity), self.show_error)

    def _show(self, validity: Validity, facts: CertificateFacts | None) -> None:
        if facts is not None and validity is self._wanted:
            self.certificate_wanted.emit(facts)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Text(say(msg("Overview")), TypeStyle.PAGE_TITLE))
        head.addWidget(self._count, 1)
        self._nothing = QWidget()
        for part in (self._waiting, self.card, self.empty, self._nothing):
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 14)
        layout.setSpacing(14)
        layout.addLayout(head)
        layout.addWidget(self.error)
        layout.addWidget(self._stack, 1)
        self.error.hide()

    def _connect(self) -> None:
        self._retry.clicked.connect(self.reload)
        self.card.opened.connect(self._open)
        self.empty.test_wanted.connect(self.test_wanted)
        self.empty.import_wanted.connect(self.import_wanted)
        self.empty.demo_wanted.connect(self.demo_wanted)


def _counts(found: ExpiryTimeline) -> str:
    return say(
        msg(
            "{partners}, {identities}, {authorities}",
            partners=msg_n("{count} partner", "{count} partners", found.partners),
            identities=msg_n("{count} identity", "{count} identities", found.identities),
            authorities=msg_n("{count} CA in force", "{count} CAs in force", found.authorities),
        )
    )
