"""The page Overview: four tiles, what ends when, what to renew by when, and what changed last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.identity import IdentityView
from trustdesk.core.message import msg
from trustdesk.core.ports import Job
from trustdesk.core.renewal import RenewalPlan
from trustdesk.core.trust_impact import RootDrop
from trustdesk.core.trust_version import ListSummary
from trustdesk.gui.bit_by_bit import BitByBit
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.overview.body import OverviewBody
from trustdesk.gui.overview.deeds import OverviewDeeds
from trustdesk.gui.overview.heading import OverviewHeading
from trustdesk.gui.overview.timeline_rows import GroupRows, preparing_rows
from trustdesk.gui.reports.strip import ReportStrip
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.gui.welcome.start import Start
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow
from trustdesk.services.desk import Desk
from trustdesk.services.expiry_values import Expiry
from trustdesk.services.timeline_values import ExpiryTimeline, TimelineGroup, Validity

_LOOKING = msg("Finding out who is below the CAs; no connection is made …")
_NOT_KNOWN = msg("Who is below the CAs could not be found out; planned removals and decisions are not shown.")
_NO_PLAN = msg("What has to be renewed could not be found out.")
_PLANNING = msg("Looking at our own certificates …")


class OverviewPage(QWidget):
    """Where a person looks first.

    Partners, identities and lists are told to it by the pages that read them anyway.

    Signals:
        certificate_wanted: the CertificateFacts to show in the Inspector.
        revocation_list_wanted: SHA-256 of a kept one.
        test_wanted, import_wanted, demo_wanted: the ways to begin.
        run_wanted, import_partners_wanted, import_list_wanted: the buttons of the head.
        failing_wanted, unusable_wanted, lists_wanted: the pages behind tiles.
        renew_wanted: name of an identity.
        endpoint_wanted: number of the endpoint at which something changed.
        version_wanted: name of a list, and number of the version that waits.
    """

    certificate_wanted = Signal(object)
    revocation_list_wanted = Signal(str)
    test_wanted = Signal()
    import_wanted = Signal()
    demo_wanted = Signal()
    run_wanted = Signal()
    import_partners_wanted = Signal()
    import_list_wanted = Signal()
    failing_wanted = Signal()
    unusable_wanted = Signal()
    lists_wanted = Signal()
    renew_wanted = Signal(str)
    endpoint_wanted = Signal(int)
    version_wanted = Signal(str, int)

    def __init__(
        self,
        bridge: Bridge,
        parent: QWidget | None = None,
        *,
        offers_demo: bool = False,
        settings: QSettings | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Make it.

        Args:
            settings: remember what the desktop was told of; None for nothing.
        """
        super().__init__(parent)
        self._bridge = bridge
        self._now = now
        self._desk: Desk | None = None
        self._at: datetime | None = None
        self._awaited: Future[Expiry] | None = None
        self._planned: Future[RenewalPlan] | None = None
        self._drops: Job[tuple[RootDrop, ...]] | None = None
        self._wanted: Validity | None = None
        self._was_waited_at = False
        self._is_outdated = False
        self._preparing = BitByBit(self)
        self.heading = OverviewHeading()
        self.body = OverviewBody(bridge, now=now)
        self.tiles, self.card, self.planner = self.body.tiles, self.body.card, self.body.planner
        self.deeds = OverviewDeeds(bridge, self, settings)
        self.report = ReportStrip(bridge)
        self.empty = Start(settings, offers_demo=offers_demo)
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
        """Whether it is still being found out who is below CAs, or what has to be renewed."""
        return self._drops is not None or self._planned is not None

    @property
    def count_words(self) -> str:
        """What is said of how many there are of everything."""
        return self.heading.count_words

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk, and show what ends when."""
        self._desk = desk
        self.deeds.set_desk(desk)
        self.body.changes.set_desk(desk)
        self.outdate()

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Show how everything stands at an instant, which the desk knows already; None is the present."""
        self._at = at
        # Nothing of another day stays in view under this one's banner.
        self._stack.setCurrentWidget(self._waiting)
        self.tiles.show_endings(None)
        self.tiles.show_identities(None)
        self.outdate()

    def show_partners(self, rows: Sequence[BoardRow] | None) -> None:
        """Count partners as the page Partners has them; None while it has none."""
        self.tiles.show_partners(rows)

    def show_identities(self, views: Sequence[IdentityView] | None) -> None:
        """Count identities as the page Identities has them; None while they are judged."""
        self.tiles.show_identities(views)

    def show_lists(self, lists: Sequence[ListSummary]) -> None:
        """Say which lists judge."""
        self.tiles.show_lists(lists, self._at or self._now())

    def show_waiting(self, waiting: int) -> None:
        """Say how much waits for a decision about trust."""
        self.tiles.show_waiting(waiting, self._at or self._now())

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the lower cards beside or below each other."""
        super().resizeEvent(event)
        self.body.settle(self.window().width())

    def reload(self) -> None:
        """Read everything again."""
        self._is_outdated = False
        if self._desk is None:
            return
        self._drop_job()
        self.body.changes.reload()
        found = self._awaited = self._desk.expiry_desk.expiry()
        self._bridge.when_done(found, partial(self._take, found), partial(self._fail, found))

    def focus_main(self) -> None:
        """Move the keyboard to the timeline, or to the first way to begin."""
        if self._stack.currentWidget() is self.empty:
            self.empty.focus_first()
        elif self._stack.currentWidget() is self.body:
            self.card.focus_main()
        else:
            # The timeline gets it once it is there.
            part = self._retry if self.error.isVisible() else self._waiting
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: TrustdeskError) -> None:
        """Say what failed, above everything."""
        self.error.show_error(error)
        self.error.show()
        self._retry.hide()

    def _take(self, asked: Future[Expiry], found: Expiry) -> None:
        if asked is not self._awaited:
            return  # For another day, or by another list, than the one in view.
        bars: list[GroupRows] = []
        self._preparing.do(
            preparing_rows(found.timeline, bars),
            lambda: self._show_found(asked, found, bars[0]),
            count=len(found.timeline.validities),
        )

    def _show_found(self, asked: Future[Expiry], found: Expiry, bars: GroupRows) -> None:
        if asked is not self._awaited:
            return  # It was asked anew while the bars were made.
        self._awaited = None
        self._was_waited_at = self._waiting.hasFocus()
        self.error.hide()
        timeline = found.timeline
        self._ask_who(timeline, bars)
        has_own = timeline.partners > 0 or timeline.identities > 0
        self.heading.show_counts(timeline if has_own else None)
        self.tiles.show_endings(found.endings)
        self.tiles.show_judging(found.in_force, self._at or self._now())
        self._stack.setCurrentWidget(self.body if has_own else self.empty)
        self._give_focus()
        if has_own:
            self._ask_plan()
        if self._at is None:
            self.deeds.remind(found.endings)

    def _ask_plan(self) -> None:
        if self._desk is None:
            return
        if self.planner.plan is None:
            self.planner.show_waiting(_PLANNING)
        asked = self._planned = self._desk.expiry_desk.plan()
        self._bridge.when_done(
            asked, partial(self._take_plan, asked), partial(self._miss_plan, asked), owner=self
        )

    def _take_plan(self, asked: Future[RenewalPlan], plan: RenewalPlan) -> None:
        if asked is self._planned:
            self._planned = None
            self.planner.show_plan(plan)

    def _miss_plan(self, asked: Future[RenewalPlan], error: TrustdeskError) -> None:
        if asked is self._planned:
            self._planned = None
            self.planner.show_waiting(_NO_PLAN)
            self.show_error(error)

    def _ask_who(self, found: ExpiryTimeline, bars: GroupRows) -> None:
        """Show what lists say, and find out beside it who is below what changes: that judges every chain."""
        is_today = self._at is None
        if self._desk is None or not (found.partners or found.identities):
            self.card.show_timeline(found, is_today=is_today, rows=bars)
            return
        self.card.show_timeline(found, is_today=is_today, words=say(_LOOKING), rows=bars)
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

    def _fail(self, asked: Future[Expiry], error: TrustdeskError) -> None:
        if asked is not self._awaited:
            return
        self._awaited = None
        self._was_waited_at = self._waiting.hasFocus()
        self.heading.show_counts(None)
        self.tiles.show_endings(None)
        self._stack.setCurrentWidget(self._nothing)
        self.show_error(error)
        self._retry.show()
        self._give_focus()

    def _give_focus(self) -> None:
        if self._was_waited_at:
            self._was_waited_at = False
            self.focus_main()

    def _open(self, validity: Validity) -> None:
        if validity.group is TimelineGroup.LISTS:
            if validity.sha256:
                self.revocation_list_wanted.emit(validity.sha256)
            else:
                self.lists_wanted.emit()
        elif validity.certificate is not None:
            self.certificate_wanted.emit(validity.certificate)
        elif self._desk is not None:
            self._wanted = validity
            asked = self._desk.certificate(validity.sha256)
            self._bridge.when_done(asked, partial(self._show, validity), self.show_error)

    def _show(self, validity: Validity, facts: CertificateFacts | None) -> None:
        if facts is not None and validity is self._wanted:
            self.certificate_wanted.emit(facts)

    def _run(self) -> None:
        if self.heading.run_button.isVisible() and self.heading.run_button.isEnabled():
            self.run_wanted.emit()

    def _report(self) -> None:
        if self._desk is not None:
            self.report.write_board(self._desk, None)

    def _build(self) -> None:
        self._nothing = QWidget()
        for part in (self._waiting, self.body, self.empty, self._nothing):
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 14)
        layout.setSpacing(14)
        layout.addWidget(self.heading)
        layout.addWidget(self.error)
        layout.addWidget(self.deeds.notice)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.report)
        self.error.hide()

    def _connect(self) -> None:
        self._retry.clicked.connect(self.reload)
        self.heading.report_wanted.connect(self._report)
        self.report.failed.connect(self.show_error)
        self.card.opened.connect(self._open)
        self.empty.test_wanted.connect(self.test_wanted)
        self.empty.import_wanted.connect(self.import_wanted)
        self.empty.demo_wanted.connect(self.demo_wanted)
        self.heading.run_wanted.connect(self._run)
        self.heading.import_partners_wanted.connect(self.import_partners_wanted)
        self.heading.import_identity_wanted.connect(self.import_wanted)
        self.heading.import_list_wanted.connect(self.import_list_wanted)
        self.tiles.failing_wanted.connect(self.failing_wanted)
        self.tiles.expiring_wanted.connect(self.card.show_near)
        self.tiles.unusable_wanted.connect(self.unusable_wanted)
        self.tiles.lists_wanted.connect(self.lists_wanted)
        self.planner.renew_wanted.connect(self.renew_wanted)
        self.planner.plan_wanted.connect(lambda: self.deeds.show_plan(self.planner.plan))
        self.planner.calendar_wanted.connect(self.deeds.save_calendar)
        self.planner.reminders_wanted.connect(self.deeds.ask_reminders)
        self.body.changes.endpoint_wanted.connect(self.endpoint_wanted)
        self.body.changes.version_wanted.connect(self.version_wanted)
        self.deeds.renew_wanted.connect(self.renew_wanted)
        self.deeds.settings_changed.connect(self.reload)
        self.deeds.failed.connect(self.show_error)
        bind(self, Key.OVERVIEW_RUN, self._run)
        bind(self, Key.TIMELINE_TABLE, self.card.twin.toggle)
