"""One partner: the verdict in words, and behind tabs what it rests on, messages and chain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport, Responsible
from trustdesk.core.untrusted import visible
from trustdesk.gui.chain_revocation import card_revocations, revocation_lines
from trustdesk.gui.diagnosis.run import DiagnosisRun
from trustdesk.gui.diagnosis.verdict import show_diagnosis_verdict
from trustdesk.gui.diagnosis.view import DiagnosisView, can_write
from trustdesk.gui.partners.diagnosis import DiagnosisTab
from trustdesk.gui.partners.messages_tab import MessagesTab
from trustdesk.gui.report_words import action_of, loudest_fact
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.chain_list import ChainList
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.focus_ring import FocusRing
from trustdesk.gui.widgets.tabs import Tabs
from trustdesk.gui.words import say
from trustdesk.services.board import State, row_state

_ROOM_FOR_WORDS = 560
_DIAGNOSIS, _HANDSHAKE, _CHAIN = range(3)
_AT_EASE_MS = 25


class PartnerDetail(Card):
    """The card at the right of the table, or over it in a narrow window.

    Signals:
        test_wanted: probe this endpoint again.
        handshake_wanted: look at this endpoint on the page Handshake.
        diagnose_wanted: find out why this endpoint fails.
        sheet_wanted: write the review sheet of this partner.
        letter_wanted: write about the Diagnosis that is shown.
        reported: the endpoint's own result is shown now, or that there is none.

    Attributes:
        messages, messages_place: the tab Handshake, and where it is among the tabs.
    """

    test_wanted = Signal(object)
    handshake_wanted = Signal(object)
    diagnose_wanted = Signal(object)
    sheet_wanted = Signal()
    letter_wanted = Signal(object)
    reported = Signal()
    messages_place = _HANDSHAKE

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._endpoint: Endpoint | None = None
        self._answered = False
        self._report: ProbeReport | None = None
        self._filled: set[int] = set()
        self._chosen = _DIAGNOSIS
        self._name = ElidedLabel(style=TypeStyle.SUBJECT_TITLE)
        self._address = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self._again = Button(say(msg("Test again")), icon="refresh")
        self._again.clicked.connect(self._ask_test)
        self._open_words = say(msg("Handshake"))
        self._open = Button(self._open_words, icon="handshake", name=say(msg("Open in Handshake")))
        self._open.setToolTip(say(msg("Open this endpoint on the page Handshake")))
        self._open.clicked.connect(self._ask_handshake)
        self.sheet_button = Button(icon="file", name=say(msg("Review sheet")))
        self.sheet_button.setToolTip(say(msg("Write a review sheet of this partner, to sign (Ctrl+P)")))
        self.sheet_button.clicked.connect(self.sheet_wanted)
        self._banner = VerdictBanner()
        self.letter_button = Button(say(msg("Write to partner …")), kind=ButtonKind.PRIMARY)
        self.letter_button.clicked.connect(self._ask_letter)
        self.diagnose_button = Button(say(msg("Diagnose")), icon="search")
        self.diagnose_button.setToolTip(say(msg("Find out why, with up to 12 connections (Ctrl+F5)")))
        self.diagnose_button.clicked.connect(self._ask_diagnosis)
        self._banner.add_button(self.letter_button)
        self._banner.add_button(self.diagnose_button)
        self._tabs = Tabs(name=say(msg("Parts of the result")))
        self._pages = QStackedWidget()
        self._diagnosis, self.messages = DiagnosisTab(), MessagesTab()
        self._chain = ChainList()
        for words, page in (
            (msg("Diagnosis"), self._diagnosis),
            (msg("Handshake"), self.messages),
            (msg("Chain"), self._chain),
        ):
            self._tabs.addTab(say(words))
            self._pages.addWidget(_scrolled(page, say(words)))
        self._tabs.currentChanged.connect(self._turn_to)
        self._filling = QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.setInterval(_AT_EASE_MS)
        self._filling.timeout.connect(self._fill)
        self._build()
        bind(self, Key.PARTNERS_TAB, self._next_tab, in_part=True)
        bind(self, Key.PARTNERS_DIAGNOSE, self.diagnose_button.click)
        self.clear()

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint that is shown; None when none is."""
        return self._endpoint

    @property
    def tabs(self) -> Tabs:
        """The tabs below the verdict."""
        return self._tabs

    @property
    def report(self) -> ProbeReport | None:
        """The result in view; None without one."""
        return self._report

    @property
    def tested_at(self) -> datetime | None:
        """When the result in view was made; None without one."""
        return None if self._report is None else self._report.record.started_at

    @property
    def has_answer(self) -> bool:
        """Whether the endpoint's last result has been read."""
        return self._answered

    @property
    def banner(self) -> VerdictBanner:
        """The verdict in words."""
        return self._banner

    @property
    def diagnosis_view(self) -> DiagnosisView:
        """Causes and matrix, in the first tab."""
        return self._diagnosis.view

    def add_tab(self, words: str, page: QWidget) -> int:
        """Add a tab for what is known of the endpoint besides its last test; return its place."""
        self._pages.addWidget(_scrolled(page, words))
        return self._tabs.addTab(words)

    def clear(self) -> None:
        """Show nothing."""
        self._endpoint, self._answered = None, False
        self._body.setVisible(False)

    def show_endpoint(self, endpoint: Endpoint) -> None:
        """Show an endpoint whose result is still being read; nothing of the one before stays."""
        if endpoint == self._endpoint:
            return
        self._endpoint = endpoint
        self._wait(msg("Reading the last result …"))
        self._body.setVisible(True)
        self._name.setText(visible(endpoint.partner))
        self._address.setText(visible(endpoint.target.endpoint))
        self.setAccessibleName(self._name.text())

    def show_report(self, report: ProbeReport | None, *, at_ease: bool = False) -> None:
        """Show the last result of the endpoint; None when it was never tested.

        `at_ease` leaves the tabs to a later turn: a sweep has the hands full.
        """
        self._answered = True
        self._report = report
        self._filled.clear()
        self._diagnosis.view.clear()
        self._diagnosis.view.hide()
        self.letter_button.hide()
        self.diagnose_button.show_as(say(msg("Diagnose")), icon="search")
        self.diagnose_button.show()
        self._show_tabs()
        self._again.show_as(say(msg("Test again") if report else msg("Test now")), icon="refresh")
        if report is None:
            self._banner.show_verdict(
                State.UNKNOWN,
                say(msg("This endpoint was not tested yet as it is set up now.")),
                say(msg("Test it to get a verdict.")),
            )
            self.reported.emit()
            return
        explanation, record = report.explanation, report.record
        self._banner.show_verdict(
            row_state(report),
            say(explanation.headline),
            say(action_of(explanation)),
            loudest_fact(record),
            details=visible(record.error_detail) if record.error_detail else "",
        )
        self._banner.setToolTip(explanation.cause if explanation.cause != "none" else "")
        if at_ease:
            self._filling.start()
        else:
            self._fill()
        self._tabs.set_count(_DIAGNOSIS, None)
        self.reported.emit()

    def show_run(self, run: DiagnosisRun, identity: str | None) -> None:
        """Show how far a diagnosis of this endpoint is, in the first tab."""
        self.letter_button.hide()
        self.diagnose_button.hide()
        view = self._diagnosis.view
        begins = view.isHidden() or view.diagnosis is not None
        view.show()
        view.show_run(run, identity)
        self._show_tabs()
        if begins:
            self._tabs.setCurrentIndex(_DIAGNOSIS)
        self._diagnosis.facts.setVisible(self._report is not None)

    def end_run(self) -> None:
        """Take a diagnosis away that came to nothing; the last result stays."""
        self._diagnosis.view.clear()
        self._diagnosis.view.hide()
        self.diagnose_button.show()
        self._show_tabs()

    def show_diagnosis(self, diagnosis: Diagnosis, doubt: Message | None = None) -> None:
        """Show what a diagnosis found out; it gives the verdict where there is no `doubt` of that."""
        view = self._diagnosis.view
        view.show()
        view.show_diagnosis(diagnosis, doubt)
        self._show_tabs()
        self._tabs.set_count(_DIAGNOSIS, len(diagnosis.hypotheses) or None)
        self.diagnose_button.show_as("", icon="search", name=say(msg("Diagnose again")))
        self.diagnose_button.show()
        first = next(iter(diagnosis.hypotheses), None)
        if first is None or doubt is not None:
            self._fill()
            return
        self._report = diagnosis.probes[0].report
        self._filled.clear()
        self._show_tabs()
        show_diagnosis_verdict(self._banner, diagnosis)
        theirs = first.responsible is not Responsible.US
        self.letter_button.set_kind(ButtonKind.PRIMARY if theirs else ButtonKind.QUIET)
        self.letter_button.setVisible(can_write(diagnosis))
        self._fill()

    def show_waiting(self) -> None:
        """Say that the result is being judged again; nothing of the last verdict stays."""
        if self._endpoint is not None:
            self._wait(msg("Judging …"))

    def _wait(self, words: Message) -> None:
        self._answered, self._report = False, None
        self._filling.stop()
        self._filled.clear()
        self._tabs.hide()
        self._pages.hide()
        self.letter_button.hide()
        self.diagnose_button.hide()
        self._banner.show_verdict(State.UNKNOWN, say(words), "")
        self._banner.setToolTip("")

    def show_error(self, error: TrustdeskError) -> None:
        """Say why the result cannot be shown."""
        self._answered = True
        self._tabs.hide()
        self._pages.hide()
        self.letter_button.hide()
        self._banner.show_error(error)

    def focus_first(self) -> None:
        """Move the keyboard to the tabs, or to the test where there are none."""
        first = self._tabs if self._tabs.isVisible() else self._open
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """Whether a sweep runs, so that no other test can be started."""
        self._again.setEnabled(not busy)

    def set_diagnosable(self, possible: bool) -> None:
        """Whether a diagnosis can be started: one at a time."""
        self.diagnose_button.setEnabled(possible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the word of a button out before the partner's name is cut."""
        super().resizeEvent(event)
        words = self._open_words if self.width() >= _ROOM_FOR_WORDS else ""
        if words != self._open.text():
            self._open.show_as(words, icon="handshake", name=say(msg("Open in Handshake")))

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._name)
        names.addWidget(self._address)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(names, 1)
        head.addWidget(self._again)
        head.addWidget(self._open)
        head.addWidget(self.sheet_button)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(0, 0, 0, 0)
        tabs.addWidget(self._tabs, 1)
        self._body = QWidget()
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(18, 14, 18, 12)
        inside.setSpacing(10)
        inside.addLayout(head)
        inside.addWidget(self._banner)
        inside.addLayout(tabs)
        inside.addWidget(self._pages, 1)
        inside.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._body)

    def _ask_test(self) -> None:
        if self._endpoint is not None:
            self.test_wanted.emit(self._endpoint)

    def _ask_handshake(self) -> None:
        if self._endpoint is not None:
            self.handshake_wanted.emit(self._endpoint)

    def _ask_diagnosis(self) -> None:
        if self._endpoint is not None:
            self.diagnose_wanted.emit(self._endpoint)

    def _ask_letter(self) -> None:
        if self._diagnosis.view.diagnosis is not None:
            self.letter_wanted.emit(self._diagnosis.view.diagnosis)

    def _show_tabs(self) -> None:
        """Show the tabs that tell of this endpoint: those of a test only where there is one."""
        chosen, tested = self._chosen, self._report is not None
        self._tabs.set_count(_CHAIN, len(self._report.record.presented_chain) if self._report else None)
        self._tabs.setTabVisible(_DIAGNOSIS, tested or not self._diagnosis.view.isHidden())
        self._tabs.setTabVisible(_HANDSHAKE, tested)
        self._tabs.setTabVisible(_CHAIN, tested)
        # Another tab stands in while the one that the person chose has nothing to tell.
        if self._tabs.isTabVisible(chosen):
            self._tabs.setCurrentIndex(chosen)
        self._chosen = chosen
        shown = any(self._tabs.isTabVisible(tab) for tab in range(self._tabs.count()))
        self._tabs.setVisible(shown)
        self._pages.setVisible(shown)

    def _turn_to(self, tab: int) -> None:
        self._chosen = tab
        self._pages.setCurrentIndex(tab)
        self._fill()

    def _fill(self) -> None:
        """Fill the tab in view; the others when they are turned to, so that results come in lightly."""
        tab, report = self._tabs.currentIndex(), self._report
        if report is None or tab in self._filled:
            return
        self._filled.add(tab)
        record = report.record
        if tab == _DIAGNOSIS:
            diagnosed = self._diagnosis.view.diagnosis is not None
            self._diagnosis.facts.show_report(report, with_evidence=not diagnosed)
            self._diagnosis.facts.show()
        elif tab == _HANDSHAKE:
            self.messages.show_report(report)
        elif tab == _CHAIN:
            path = frozenset(record.judgement.path[-1:]) if record.judgement else frozenset[str]()
            self._chain.show_chain(
                record.presented_chain,
                now=self._now(),
                anchors=path,
                revocation=card_revocations(record),
                lines=revocation_lines(record),
            )

    def _next_tab(self) -> None:
        shown = [tab for tab in range(self._tabs.count()) if self._tabs.isTabVisible(tab)]
        after = [tab for tab in shown if tab > self._tabs.currentIndex()]
        self._tabs.setCurrentIndex(next(iter((*after, *shown)), _DIAGNOSIS))


def _scrolled(page: QWidget, name: str) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(page)
    page.setAutoFillBackground(False)
    FocusRing(area)
    return area
