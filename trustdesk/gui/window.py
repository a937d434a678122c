"""The main window: rail, top bar, status bar, and the pages between them.

The frame stands before the pages are imported, so that the first paint does not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.evaluate_at.banner import AsOfBanner
from trustdesk.gui.frame.job_words import cancel_job, tell_jobs
from trustdesk.gui.frame.list_choosing import ListChoosing
from trustdesk.gui.frame.opening import Opening
from trustdesk.gui.frame.page_owner import PageOwner, built
from trustdesk.gui.frame.parts import next_part
from trustdesk.gui.frame.rail import Rail
from trustdesk.gui.frame.searching import Searching
from trustdesk.gui.frame.status_bar import StatusBar
from trustdesk.gui.frame.top_bar import TopBar
from trustdesk.gui.frame.window_memory import remember, restore
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.gui.theme.theme import ThemeMode, current_theme

if TYPE_CHECKING:
    from trustdesk.core.certificate import CertificateFacts
    from trustdesk.core.diagnosis import Diagnosis, VariantProbe
    from trustdesk.core.partner import Endpoint
    from trustdesk.gui.frame.request_links import RequestTabs
    from trustdesk.gui.frame.settings_links import SettingsLinks
    from trustdesk.services.desk import Desk

OVERVIEW, PARTNERS, HANDSHAKE = "overview", "partners", "handshake"
INSPECTOR, IDENTITIES, TRUST_LISTS = "inspector", "identities", "trust_lists"
HELP, SETTINGS = "help", "settings"
_PAGES = (
    (OVERVIEW, Key.OVERVIEW),
    (PARTNERS, Key.PARTNERS),
    (HANDSHAKE, Key.HANDSHAKE),
    (INSPECTOR, Key.INSPECTOR),
    (IDENTITIES, Key.IDENTITIES),
    (TRUST_LISTS, Key.TRUST_LISTS),
)
COLLAPSE_BELOW = 1080
_SMALLEST = (760, 560)
_FIRST_SIZE = (1440, 900)


class MainWindow(PageOwner):
    """The one window.

    Signals:
        painted: the window has been painted for the first time.
        demo_wanted: the person wants the demo.
        closed: the person closed it.
    """

    painted = Signal()
    demo_wanted = Signal()
    closed = Signal()

    def __init__(
        self,
        bridge: Bridge,
        *,
        title: str,
        settings: QSettings | None = None,
        offers_demo: bool = False,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._settings = settings
        self._offers_demo = offers_demo
        self._desk: Desk | None = None
        self._was_painted = False
        self._current = OVERVIEW
        self.request_tabs: RequestTabs | None = None
        self.settings_links: SettingsLinks | None = None
        self.rail = Rail()
        for page, key in _PAGES:
            self.rail.add_entry(page, key, icon=page.replace("_", "-"))
        self.rail.add_foot_entry(HELP, Key.HELP, msg("Help"), icon="information", opens_page=True)
        self.rail.add_foot_entry(SETTINGS, Key.SETTINGS, msg("Settings"), icon="settings", opens_page=False)
        self.rail.set_current(OVERVIEW)
        self.top_bar = TopBar()
        self.searching = Searching(bridge, self.top_bar.search, self)
        self.lists = ListChoosing(bridge, self.top_bar, self)
        self.as_of = AsOfBanner()
        self.status_bar = StatusBar()
        self.opening = Opening()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.opening)
        self.setWindowTitle(title)
        self.setMinimumSize(*_SMALLEST)
        self.resize(QSize(*_FIRST_SIZE).boundedTo(self.screen().availableSize()))
        self._build()
        mode = restore(self, settings)
        if mode is not None:
            self._set_mode(mode)

    @property
    def bridge(self) -> Bridge:
        """The way of results into the window."""
        return self._bridge

    @property
    def desk(self) -> Desk | None:
        """What the window works with; None before it is open."""
        return self._desk

    @property
    def offers_demo(self) -> bool:
        """Whether there is a demo to open beside it."""
        return self._offers_demo

    @property
    def current_page(self) -> str:
        """Key of the page in view."""
        return self._current

    def build_pages(self) -> None:
        """Import and make the pages; they are shown once there is a desk."""
        from trustdesk.gui.frame.help_links import link_help
        from trustdesk.gui.frame.identity_links import link_identities
        from trustdesk.gui.frame.list_links import link_lists
        from trustdesk.gui.frame.overview_links import link_overview
        from trustdesk.gui.frame.recent_links import link_recent
        from trustdesk.gui.frame.request_links import link_requests
        from trustdesk.gui.frame.settings_links import link_settings
        from trustdesk.gui.frame.trust_links import link_trust
        from trustdesk.gui.frame.welcome_links import link_welcome
        from trustdesk.gui.handshake.page import HandshakePage
        from trustdesk.gui.identities.page import IdentitiesPage
        from trustdesk.gui.inspector.page import InspectorPage
        from trustdesk.gui.overview.page import OverviewPage
        from trustdesk.gui.partners.page import PartnersPage

        self._overview = OverviewPage(self._bridge, offers_demo=self._offers_demo, settings=self._settings)
        partners = self._partners = PartnersPage(self._bridge, offers_demo=self._offers_demo)
        handshake = self._handshake = HandshakePage(self._bridge)
        inspector = self._inspector = InspectorPage(self._bridge)
        identities = self._identities = IdentitiesPage(self._bridge)
        for page in (self._overview, partners, handshake, inspector, identities):
            self._stack.addWidget(page)
        partners.failing_changed.connect(self.rail.entry(PARTNERS).set_failing)
        partners.handshake_wanted.connect(self._open_handshake)
        partners.new_target_wanted.connect(lambda: self.show_page(HANDSHAKE))
        partners.demo_wanted.connect(self.demo_wanted)
        sweep = partners.sweep
        for change in (sweep.started, sweep.stepped, sweep.ended, partners.judging_changed):
            change.connect(self._tell_jobs)
        partners.diagnosing.changed.connect(self._tell_jobs)
        partners.diagnosing.probe_wanted.connect(self._open_probe)
        handshake.running_changed.connect(self._tell_jobs)
        handshake.saved.connect(partners.reload)
        inspector.busy_changed.connect(self._tell_jobs)
        inspector.evidence_changed.connect(partners.judge_anew)
        inspector.evidence_changed.connect(handshake.refresh_choices)
        inspector.evidence_changed.connect(handshake.judge_anew)
        link_lists(self)
        link_recent(inspector, self._settings)
        link_overview(self)
        self._key_stores = link_identities(self)
        self.request_tabs = link_requests(self, self._key_stores, self._settings)
        self._trust_lists = link_trust(self)
        self.settings_links = link_settings(self, self._settings)
        self._stack.addWidget(self._trust_lists)
        named = {OVERVIEW: self._overview, PARTNERS: partners, HANDSHAKE: handshake, INSPECTOR: inspector}
        for key, one in {**named, IDENTITIES: identities, TRUST_LISTS: self._trust_lists}.items():
            one.setAccessibleName(self.rail.entry(key).text())
        self._help = link_help(self)
        link_welcome(self, self._help)
        self._stack.addWidget(self._help)

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk; the page in view appears."""
        self._desk = desk
        self.lists.set_desk(desk)
        self.opening.set_done()
        for page in (self.overview, self.partners, self.handshake, self.inspector, self.identities):
            page.set_desk(desk)
        built(self.request_tabs).set_desk(desk)
        built(self.settings_links).set_desk(desk)
        self.trust_lists.set_desk(desk.trust_desk)
        if self._key_stores is not None:
            self._key_stores.set_desk(desk.identity_desk)
        self.help.set_desk(desk)
        built(self.clock).set_desk(desk)
        self.searching.set_desk(desk, self.inspector.opened.certificate_facts)
        self._tell_jobs()
        self.show_page(self._current)
        # The switch may have been turned while there was no desk yet; a desk begins with it off.
        if self.top_bar.online.isChecked():
            self._ask_cas(True)

    def show_failure(self, error: TrustdeskError) -> None:
        """Say in place of the pages why there is no desk."""
        self.opening.show_error(error)
        if self._help is not None:
            self._help.set_desk(None, error)
        self.status_bar.show_rest(msg("Nothing is open"), icon="bad", ink="bad")

    def show_page(self, key: str) -> None:
        """Bring a page into view, as it was left."""
        self._current = key
        self.rail.set_current(key)
        if self._desk is None or self._identities is None:
            # Help is there also where the workspace could not be opened.
            self._stack.setCurrentWidget(self._help if key == HELP and self._help else self.opening)
            return
        self.lists.refresh()
        page, focus = {
            OVERVIEW: (self.overview, self.overview.focus_main),
            PARTNERS: (self.partners, self.partners.focus_main),
            HANDSHAKE: (self.handshake, self.handshake.focus_target),
            INSPECTOR: (self.inspector, self.inspector.focus_main),
            IDENTITIES: (self.identities, self.identities.focus_main),
            TRUST_LISTS: (self.trust_lists, self.trust_lists.focus_main),
            HELP: (self.help, self.help.focus_main),
        }[key]
        self._stack.setCurrentWidget(page)
        focus()

    def evaluate_at(self, at: datetime | None) -> None:
        """Judge every page as of an instant; None is the present."""
        if self._desk is None:
            return
        self._desk.set_evaluation_time(at)
        self.top_bar.evaluate_at.show_time(at)
        self.as_of.show_time(at)
        pages = (self.overview, self.inspector, self.partners, self.handshake, self.identities)
        for page in (*pages, self.trust_lists):
            page.set_evaluation_time(at)
        built(self.request_tabs).set_evaluation_time(at)

    def takes_drops(self) -> bool:
        """Whether there is a desk that can open anything."""
        return self._desk is not None

    def open_dropped(self, files: Sequence[Path], text: str) -> None:
        """Open what was dropped in the Inspector."""
        self.show_page(INSPECTOR)
        self.inspector.open_sources(files) if files else self.inspector.open_text(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first paint."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show icons only in a narrow window."""
        super().resizeEvent(event)
        self.rail.set_collapsed(self.width() < COLLAPSE_BELOW)
        self.top_bar.set_short(self.width() < COLLAPSE_BELOW)
        if self._key_stores is not None:
            self._key_stores.set_short(self.width() < COLLAPSE_BELOW)
        if self.clock is not None:
            self.clock.set_short(self.width() < COLLAPSE_BELOW)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how the window was left."""
        remember(self, self._settings)
        super().closeEvent(event)
        self.closed.emit()

    def _set_mode(self, mode: ThemeMode) -> None:
        current_theme().set_mode(mode)
        self.top_bar.show_mode(mode)

    def judge_anew(self) -> None:
        """Judge every page anew: the lists in force, or what was decided about them, are others."""
        self.lists.refresh()
        self.handshake.refresh_choices()
        self.handshake.judge_anew()
        self.inspector.reload_lists()
        self.partners.judge_anew()
        self.identities.judge_anew()
        self.overview.outdate()

    def _open_handshake(self, endpoint: Endpoint) -> None:
        self.show_page(HANDSHAKE)
        self.handshake.open_target(endpoint.target, endpoint.identity, run=False)

    def _open_probe(self, diagnosis: Diagnosis, probe: VariantProbe, is_current: bool) -> None:
        self.show_page(HANDSHAKE)
        self.handshake.show_probe(diagnosis, probe, is_current=is_current)

    def _ask_cas(self, online: bool) -> None:
        if self._desk is not None:
            self._desk.set_online(online)
            self.inspector.set_online(online)

    def show_partner(self, endpoint: Endpoint) -> None:
        """Bring a partner into view."""
        self.show_page(PARTNERS)
        self.partners.order.reveal(endpoint)

    def show_certificate(self, facts: CertificateFacts) -> None:
        """Bring a certificate into view in the Inspector."""
        self.show_page(INSPECTOR)
        self.inspector.choose(facts.sha256, facts)

    def _open_files(self) -> None:
        if self._desk is not None:
            self.show_page(INSPECTOR)
            self.inspector.choose_files()

    def _paste(self) -> None:
        if self._desk is not None:
            self.show_page(INSPECTOR)
            self.inspector.paste()

    def _tell_jobs(self) -> None:
        tell_jobs(self.status_bar, self.partners, self.handshake, self.inspector)

    def _next_part(self, step: int) -> None:
        parts = (self.rail, self.top_bar, self._stack, self.status_bar)
        part = next_part(parts, here=2, step=step)
        if part is self.rail:
            self.rail.focus_current()
        elif part is self._stack:
            self.show_page(self._current)

    def _build(self) -> None:
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.top_bar)
        middle.addWidget(self.as_of)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self.status_bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addLayout(middle, 1)
        self.rail.chosen.connect(self.show_page)
        self.top_bar.mode_chosen.connect(self._set_mode)
        self.top_bar.evaluate_at.time_chosen.connect(self.evaluate_at)
        self.top_bar.online.toggled.connect(self._ask_cas)
        self.as_of.back_wanted.connect(lambda: self.evaluate_at(None))
        self.searching.partner_wanted.connect(self.show_partner)
        self.searching.certificate_wanted.connect(self.show_certificate)
        self.top_bar.show_mode(current_theme().mode)
        self.status_bar.cancelled.connect(lambda: cancel_job(self.partners, self.handshake, self.inspector))
        calls: tuple[tuple[Key, Callable[[], object]], ...] = (
            *((key, partial(self.show_page, page)) for page, key in _PAGES),
            (Key.SEARCH, self.top_bar.search.focus_search),
            (Key.OPEN, self._open_files),
            (Key.PASTE, self._paste),
            (Key.TARGET, lambda: self.show_page(HANDSHAKE)),
            (Key.NEXT_PART, lambda: self._next_part(1)),
            (Key.PREVIOUS_PART, lambda: self._next_part(-1)),
            (Key.QUIT, self.close),
        )
        for key, call in calls:
            bind(self, key, call)
