"""The page Trust lists: lists with their versions, who would lose trust, and what was decided."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_decision import AwaitingDecision, LocalDecision, PartnerPolicy
from trustdesk.core.trust_version import ListSummary
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.trust.actions import TrustActions
from trustdesk.gui.trust.empty import NoLists
from trustdesk.gui.trust.list_column import ListColumn
from trustdesk.gui.trust.list_view import ListView
from trustdesk.gui.trust.undo_notice import UndoNotice
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.words import say
from trustdesk.services.trust_desk import TrustDesk

LISTS, POLICIES, QUEUE, PROVIDERS = "lists", "policies", "queue", "providers"
"""Keys of the parts of the page; those beside the lists are added by `add_part`."""

_DECISIONS = "decisions"
_NARROW = 924


class TrustListsPage(QWidget):
    """By which CAs we judge, why, and what would change.

    Signals:
        trust_changed: what is judged by is another now.
        waiting_changed: how much waits for a decision.
        lists_changed: the ListSummary values, as they are now.
        queue_changed: the AwaitingDecision values, as they are now.
        certificate_wanted: the CertificateFacts to show in the Inspector.
        partner_wanted, identity_wanted: a name to show.
    """

    trust_changed = Signal()
    waiting_changed = Signal(int)
    lists_changed = Signal(object)
    queue_changed = Signal(object)
    certificate_wanted = Signal(object)
    partner_wanted = Signal(str)
    identity_wanted = Signal(str)

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(parent)
        self._bridge, self._clock = bridge, now
        self._at: datetime | None = None
        self._desk: TrustDesk | None = None
        self._awaited: Future[tuple[ListSummary, ...]] | None = None
        self._focus_is_due = False
        self._known: dict[str, object] = {}
        self._keys: list[str] = [LISTS]
        self.lists: tuple[ListSummary, ...] = ()
        self.decisions: dict[str, LocalDecision] = {}
        self.waiting: tuple[AwaitingDecision, ...] = ()
        self.current = ""
        self.column = ListColumn()
        self.view = ListView(bridge, self.now)
        self.empty = NoLists()
        self.error = VerdictBanner()
        self.retry = Button(say(msg("Try again")), icon="refresh")
        self.error.add_button(self.retry)
        self.notice = UndoNotice()
        self.job_line = JobLine(bridge)
        self.actions_ = TrustActions(bridge, self, self.job_line)
        self.actions_.now = self.now
        self.segment = Segment(((LISTS, say(msg("Lists"))),), name=say(msg("Parts of the page")))
        self._parts = QStackedWidget()
        self._nothing = QWidget()
        self._body = QStackedWidget()
        self._build()
        self._connect()

    @property
    def actions(self) -> TrustActions:  # type: ignore[override]  # Qt's actions() is of no use on a page
        """What is done with lists, in dialogs."""
        return self.actions_

    def now(self) -> datetime:
        """Return the instant that is judged for."""
        return self._at or self._clock()

    def add_part(self, key: str, words: Message, part: QWidget) -> None:
        """Put another part of the page beside the lists; `show_part` finds it by its key."""
        self._keys.append(key)
        self.segment.add(key, say(words))
        self._parts.addWidget(part)
        self.segment.setVisible(len(self._keys) > 1)

    def name_part(self, key: str, words: Message) -> None:
        """Call a part otherwise."""
        self.segment.add(key, say(words))

    def show_part(self, key: str) -> None:
        """Bring a part of the page into view; nothing happens where it was not added."""
        if key in self._keys:
            self.segment.set_current(key)
            self._parts.setCurrentIndex(self._keys.index(key))

    def set_desk(self, desk: TrustDesk) -> None:
        """Work with a desk, and show its lists."""
        self._desk = desk
        self.actions_.set_desk(desk)
        self.view.set_desk(desk)
        self.reload()

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Count days, and judge what would change, for an instant; None is the present."""
        self._at = at
        self.reload()

    def judge_anew(self) -> None:
        """Ask again who would lose trust: what was tested or decided is another."""
        self.reload()

    def reload(self, reveal: str = "") -> None:
        """Read the lists again; `reveal` is the name of one to show."""
        if self._desk is None:
            return
        self.current = reveal or self.current
        asked = self._awaited = self._desk.lists()
        self._bridge.when_done(asked, partial(self._take, asked), partial(self._fail, asked), owner=self)
        self._bridge.when_done(self._desk.decisions(), self._take_decisions, self.show_error, owner=self)
        self._bridge.when_done(self._desk.queue(), self._take_queue, self.show_error, owner=self)

    def look_again(self) -> None:
        """See whether another program has changed what is judged by; then everything is judged anew."""
        if self._desk is None or self._awaited is not None:
            return
        questions: tuple[tuple[str, Future[Any]], ...] = (
            (LISTS, self._desk.lists()),
            (_DECISIONS, self._desk.decisions()),
            (POLICIES, self._desk.policies()),
        )
        for key, asked in questions:
            self._bridge.when_done(asked, partial(self._compare, key), self.show_error, owner=self)

    def take_policies(self, policies: tuple[PartnerPolicy, ...]) -> None:
        """Know the policies that are shown, so that another program's are seen."""
        self._known[POLICIES] = policies

    def showEvent(self, event: QShowEvent) -> None:
        """Look again whenever the page comes into view."""
        super().showEvent(event)
        self.look_again()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when the window that is watched comes to the front, after the command line perhaps."""
        if event.type() == QEvent.Type.WindowActivate:
            self.look_again()
        return super().eventFilter(watched, event)

    def _compare(self, key: str, found: object) -> None:
        # Before the first answer there is nothing that could have changed.
        if self._known.get(key, found) != found:
            self._known[key] = found
            self.reload()
            self.trust_changed.emit()

    def reveal(self, name: str) -> None:
        """Bring a list into view."""
        self.show_part(LISTS)
        if any(one.name == name for one in self.lists):
            self.show_list(name)
        else:
            self.current = name

    def show_list(self, name: str) -> None:
        """Show a list."""
        found = next((one for one in self.lists if one.name == name), None)
        if found is not None:
            self.current = name
            self.column.set_current(name)
            self.view.show_list(found, self.decisions)

    def focus_main(self) -> None:
        """Move the keyboard to where a person goes on."""
        if self.segment.current != LISTS:
            self.segment.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._body.currentWidget() is self._nothing:
            self._focus_is_due = True
        elif self._body.currentWidget() is self.empty:
            self.empty.focus_first()
        else:
            self.column.focus_current()

    def next_part(self, step: int) -> bool:
        """Move the keyboard among lists, versions, changes, impact and the bar at the foot (F6)."""
        compare = self.view.compare
        if not compare.isVisible():
            return False
        in_column = self.column.isAncestorOf(QApplication.focusWidget() or self)
        if in_column and step < 0:
            return False
        if compare.next_part(step):
            return True
        if step < 0:
            self.column.focus_current()
        return step < 0

    def show_error(self, error: TrustdeskError) -> None:
        """Say what failed, above everything."""
        self.error.show_error(error)
        self.error.show()
        self.retry.setVisible(self._body.currentWidget() is self._nothing)

    def say_done(self, words: Message, undo: Callable[[], None] | None = None) -> None:
        """Say what was done, and judge everything anew."""
        self.error.hide()
        self.notice.say_done_with(words, undo)
        self.reload()
        self.trust_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the lists above the one in view where there is little room."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self.column.set_narrow(narrow)
        self._box.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        self._box.setSpacing(10 if narrow else 20)

    def _take(self, asked: Future[tuple[ListSummary, ...]], lists: tuple[ListSummary, ...]) -> None:
        if asked is not self._awaited:
            return
        self._awaited = None
        self.error.hide()
        self.lists = lists
        self._known[LISTS] = lists
        names = {one.name for one in lists}
        if self.current not in names:
            first = next((one for one in lists if one.waiting is not None), None)
            first = first or next((one for one in lists if one.in_force), None)
            self.current = (first or lists[0]).name if lists else ""
        self.column.show_lists(lists, self.current, self.now())
        self._body.setCurrentWidget(self._page if lists else self.empty)
        if lists:
            self.show_list(self.current)
        self.lists_changed.emit(lists)
        if self._focus_is_due:
            self._focus_is_due = False
            self.focus_main()

    def _fail(self, asked: Future[tuple[ListSummary, ...]], error: TrustdeskError) -> None:
        if asked is self._awaited:
            self._awaited = None
            self.show_error(error)
            self.retry.show()

    def _take_decisions(self, decisions: tuple[LocalDecision, ...]) -> None:
        self._known[_DECISIONS] = decisions
        self.decisions = {one.sha256: one for one in decisions}
        self.view.show_decisions(self.decisions)

    def _take_queue(self, waiting: tuple[AwaitingDecision, ...]) -> None:
        self.waiting = waiting
        self.waiting_changed.emit(len(waiting))
        self.queue_changed.emit(waiting)

    def _turn_to(self, key: str) -> None:
        self._parts.setCurrentIndex(self._keys.index(key))

    def _build(self) -> None:
        self._page = QWidget()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._page)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self.column)
        self._box.addWidget(self.view, 1)
        for part in (self._nothing, self._page, self.empty):
            self._body.addWidget(part)
        self._parts.addWidget(self._body)
        top = QHBoxLayout()
        top.addWidget(self.segment)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 14, 24, 14)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.error)
        layout.addWidget(self.notice)
        layout.addWidget(self.job_line)
        layout.addWidget(self._parts, 1)
        self.error.hide()
        self.segment.hide()

    def _connect(self) -> None:
        actions, view = self.actions_, self.view
        self.retry.clicked.connect(self._retry_pressed)
        self.segment.changed.connect(self._turn_to)
        self.column.chosen.connect(self.show_list)
        for part in (self.column, self.empty, view.heading):
            part.import_pressed.connect(actions.ask_for_list)
        self.empty.system_pressed.connect(actions.import_system)
        actions.done.connect(self.say_done)
        actions.failed.connect(self.show_error)
        actions.kept.connect(self._take_kept)
        view.join(actions)
        view.certificate_wanted.connect(self.certificate_wanted)
        view.partner_wanted.connect(self.partner_wanted)
        view.identity_wanted.connect(self.identity_wanted)

    def _retry_pressed(self) -> None:
        self.reload()

    def _take_kept(self, name: str) -> None:
        self.current = name
        self.show_part(LISTS)
