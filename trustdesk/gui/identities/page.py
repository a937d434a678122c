"""The page Identities: our own certificates and keys, requests for new ones, and private CAs."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import CaseState, RequestCase
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.identity import IdentityView
from trustdesk.core.message import Message, msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.dialogs import IdentityDialogs
from trustdesk.gui.identities.empty import NoIdentities
from trustdesk.gui.identities.heading import IdentitiesHeading
from trustdesk.gui.identities.list_pane import IdentityListPane
from trustdesk.gui.identities.standing import is_unusable_client
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.notice import Notice
from trustdesk.gui.widgets.tabs import Tabs
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk

IDENTITIES, REQUESTS, PRIVATE_CA = "identities", "requests", "private_ca"
"""Keys of the tabs; the last two are added by `add_tab`."""

_TIGHT = 940


class IdentitiesPage(QWidget):
    """What we show when a partner asks who we are.

    Signals:
        unusable_changed: how many identities cannot be used as a client.
        changed: identities were added, renamed or deleted.
        request_wanted: the person wants to ask for a certificate.
        match_wanted: the person wants to join a CA's reply with its request.
        renewal_wanted: the IdentityView that a new certificate shall follow.
        partner_wanted: the Endpoint of a partner to show.
        key_stores_changed: a key store may stand otherwise now.
    """

    unusable_changed = Signal(int)
    changed = Signal()
    request_wanted = Signal()
    match_wanted = Signal()
    renewal_wanted = Signal(object)
    partner_wanted = Signal(object)
    key_stores_changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: Desk | None = None
        self._awaited: Future[tuple[IdentityView, ...]] | None = None
        self._last_unusable = -1
        self._reveal_when_there = ""
        self._focus_is_due = False
        self._keys: list[str] = []
        self.heading = IdentitiesHeading()
        self.tabs = Tabs(name=say(msg("Parts of the page")))
        self.pane = IdentityListPane()
        self.model, self.table = self.pane.model, self.pane.table
        self.filters, self.detail = self.pane.filters, self.pane.detail
        self.empty = NoIdentities()
        self.error = VerdictBanner()
        self._retry = Button(say(msg("Try again")), icon="refresh")
        self.error.add_button(self._retry)
        self.notice = Notice(wraps=True)
        self.dialogs = IdentityDialogs(bridge, self)
        self._nothing = QWidget()
        self._body = QStackedWidget()
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    def add_tab(self, key: str, words: Message, part: QWidget) -> None:
        """Put another part of the page behind a tab; `show_tab` finds it by its key."""
        self._keys.append(key)
        self.tabs.addTab(say(words))
        self._stack.addWidget(part)
        self.tabs.setVisible(len(self._keys) > 1)
        self.filters.waiting.setVisible(REQUESTS in self._keys)

    def show_tab(self, key: str) -> None:
        """Bring a part of the page into view; nothing happens where it was not added."""
        if key in self._keys:
            self.tabs.setCurrentIndex(self._keys.index(key))

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk, and show its identities."""
        self._desk = desk
        self.dialogs.set_desk(desk.identity_desk)
        self.reload()

    def set_evaluation_time(self, _at: datetime | None) -> None:
        """Show how everything stands at an instant, which the desk knows already; None is the present."""
        self.judge_anew()

    def judge_anew(self) -> None:
        """Show no verdict until there are those of the day and the list in force now."""
        self.model.await_judgement()
        self.pane.show_all()
        self.reload()

    def reload(self) -> None:
        """Read the identities and the requests again."""
        if self._desk is None:
            return
        desk = self._desk.identity_desk
        views = self._awaited = desk.views()
        self._bridge.when_done(views, partial(self._take, views), partial(self._fail, views))
        self._bridge.when_done(desk.cases(), self._take_cases, lambda _error: None)

    def reveal(self, name: str) -> None:
        """Bring an identity into view, now or once it has been read."""
        self.show_tab(IDENTITIES)
        if self.model.named(name) is None:
            self._reveal_when_there = name
        else:
            self.pane.reveal(name)

    def focus_main(self) -> None:
        """Move the keyboard to the table, or to the way in where there is none."""
        if self._stack.currentIndex() != 0:
            self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._body.currentWidget() is self._nothing:
            # The table gets it once it is there.
            self._focus_is_due = True
            self.heading.import_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._body.currentWidget() is self.empty:
            self.empty.focus_first()
        else:
            self.pane.focus_table()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out where there is little room."""
        super().resizeEvent(event)
        self.heading.set_tight(self.width() < _TIGHT)

    def _take(self, views: Future[tuple[IdentityView, ...]], found: tuple[IdentityView, ...]) -> None:
        if views is not self._awaited:
            return  # Judged for another day, or by another list, than the one in view.
        self._awaited = None
        self.error.hide()
        self.model.set_views(found)
        self.pane.show_all()
        self._body.setCurrentWidget(self.pane if found else self.empty)
        self.heading.set_count(len(found))
        if self._focus_is_due:
            self._focus_is_due = False
            if self.isAncestorOf(QApplication.focusWidget() or self):
                self.focus_main()
        if self._reveal_when_there:
            name, self._reveal_when_there = self._reveal_when_there, ""
            self.pane.reveal(name)
        unusable = sum(map(is_unusable_client, found))
        if unusable != self._last_unusable:
            self._last_unusable = unusable
            self.unusable_changed.emit(unusable)

    def _fail(self, views: Future[tuple[IdentityView, ...]], error: TrustdeskError) -> None:
        if views is not self._awaited:
            return
        self._awaited = None
        # What stands there without verdicts stays so: nothing is known of the day in view.
        self.model.await_judgement()
        self.pane.show_all()
        if not self.model.views:
            self._body.setCurrentWidget(self._nothing)
            self.heading.set_count(None)
        self.show_error(error)
        self._retry.show()

    def show_error(self, error: TrustdeskError) -> None:
        """Say what failed, above everything."""
        self.error.show_error(error)
        self.error.show()
        self._retry.hide()

    def _take_cases(self, cases: tuple[RequestCase, ...]) -> None:
        waiting = sum(case.state is CaseState.REQUESTED for case in cases)
        self.filters.waiting.set_count(waiting)
        if REQUESTS in self._keys:
            self.tabs.set_count(self._keys.index(REQUESTS), len(cases) or None)

    def _take_change(self, words: Message, name: str) -> None:
        self.notice.show_notice(words, opens=bool(name))
        self._reveal_when_there = name
        self.error.hide()
        self.reload()
        self.changed.emit()

    def _rename(self, view: IdentityView) -> None:
        self.dialogs.rename(view, [one.identity.name for one in self.model.views])

    def _open_noticed(self) -> None:
        if self.dialogs.last_name:
            self.reveal(self.dialogs.last_name)
            self.pane.focus_table()

    def _turn_to(self, tab: int) -> None:
        self._stack.setCurrentIndex(tab)

    def _build(self) -> None:
        for part in (self._nothing, self.pane, self.empty):
            self._body.addWidget(part)
        self.add_tab(IDENTITIES, msg("Identities"), self._body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 14)
        layout.setSpacing(14)
        layout.addWidget(self.heading)
        layout.addWidget(self.tabs)
        layout.addWidget(self.error)
        layout.addWidget(self.notice)
        layout.addWidget(self._stack, 1)
        self.error.hide()
        self.notice.hide()

    def _connect(self) -> None:
        self._retry.clicked.connect(self.reload)
        self.tabs.currentChanged.connect(self._turn_to)
        self.notice.open_wanted.connect(self._open_noticed)
        dialogs, detail = self.dialogs, self.detail
        for part in (self.heading, self.empty):
            part.import_pressed.connect(lambda: dialogs.import_files(()))
            part.request_pressed.connect(self.request_wanted)
        self.heading.doctor_pressed.connect(lambda: dialogs.examine_file(None))
        self.heading.match_pressed.connect(self.match_wanted)
        self.filters.waiting_pressed.connect(lambda: self.show_tab(REQUESTS))
        detail.preflight_wanted.connect(dialogs.show_preflight)
        detail.renew_wanted.connect(self.renewal_wanted)
        detail.export_wanted.connect(dialogs.export)
        detail.hand_over_wanted.connect(dialogs.hand_over)
        detail.rename_wanted.connect(self._rename)
        detail.delete_wanted.connect(dialogs.delete)
        detail.compare_wanted.connect(dialogs.compare)
        detail.partner_wanted.connect(self.partner_wanted)
        self.table.delete_pressed.connect(detail.delete_button.click)
        dialogs.changed.connect(self._take_change)
        for change in (self.reload, self.changed):
            dialogs.interrupted.connect(change)
        dialogs.stores_touched.connect(self.key_stores_changed)
