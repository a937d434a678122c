"""One case: how far it is, what was asked for, its request as PEM, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout

from trustdesk.core.certificate_request import CaseState, RequestCase
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import both_times, distance
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.requests.case_path import CasePath
from trustdesk.gui.requests.case_rows import is_late
from trustdesk.gui.requests.csr_facts import facts_of_request
from trustdesk.gui.requests.csr_files import request_pem
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.words import PURPOSE_WORDS, day, key_place, key_words
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.plain_view import PlainView
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.words import say

_LONGEST = 300
_STACKS_BELOW = 860


class CaseDetail(Card):
    """Head with the buttons, the way it has gone, facts at the left and PEM at the right.

    Signals:
        state_wanted: CaseState that the person says the case has reached.
        save_wanted: the person wants the request in a file.
        match_wanted: the person has the CA's reply.
        identity_wanted: name of the identity that came of it.
        drop_wanted: the person wants the case gone.
    """

    state_wanted = Signal(object)
    save_wanted = Signal()
    match_wanted = Signal()
    identity_wanted = Signal(str)
    drop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.case: RequestCase | None = None
        self._title = ElidedLabel(style=TypeStyle.SECTION)
        self._fact = ElidedLabel(ink="text2")
        self.match_button = Button(say(msg("Match CA reply …")), icon="link")
        self.installed_button = Button(say(msg("Mark as installed")), icon="tick")
        self.tested_button = Button(say(msg("Mark as tested")), icon="tick")
        self.identity_button = Button(say(msg("Show the identity")), icon="person")
        self.drop_button = Button(say(msg("Drop …")), icon="close")
        self.path = CasePath()
        self.next = Reason()
        self.facts = FactGrid(name=say(msg("What was asked for")))
        self.pem = PlainView(name=say(msg("Request as PEM")))
        self.copy_button = Button(say(msg("Copy PEM")), icon="copy")
        self.save_button = Button(say(msg("Save again …")), icon="export")
        self._build()
        self.match_button.clicked.connect(self.match_wanted)
        self.installed_button.clicked.connect(lambda: self.state_wanted.emit(CaseState.INSTALLED))
        self.tested_button.clicked.connect(lambda: self.state_wanted.emit(CaseState.TESTED))
        self.identity_button.clicked.connect(self._show_identity)
        self.drop_button.clicked.connect(self.drop_wanted)
        self.copy_button.clicked.connect(self._copy)
        self.save_button.clicked.connect(self.save_wanted)

    def show_case(self, case: RequestCase, now: datetime) -> None:
        """Show a case as it stands at an instant."""
        self.case = case
        self._title.setText(visible(case.name, _LONGEST))
        since = case.created_at
        made = msg("{date}, {distance}", date=day(since), distance=distance(since, now))
        self._fact.setText(f"{say(PURPOSE_WORDS[case.purpose])}, {say(made)}")
        self._fact.setToolTip(both_times(case.created_at))
        self.setAccessibleName(self._title.text())
        self.path.show_state(case.state)
        self.next.show_words(_next_step(case, now), is_warning=is_late(case, now))
        self.match_button.setVisible(case.state is CaseState.REQUESTED)
        self.installed_button.setVisible(case.state is CaseState.ISSUED)
        self.tested_button.setVisible(case.state is CaseState.INSTALLED)
        self.identity_button.setVisible(case.identity is not None)
        self.facts.show_facts(_facts(case))
        self.pem.setPlainText(request_pem(case.request))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the request below the facts where both have no room side by side."""
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        self._sides.setDirection(ways.TopToBottom if self.width() < _STACKS_BELOW else ways.LeftToRight)

    def _copy(self) -> None:
        if self.case is not None:
            QGuiApplication.clipboard().setText(request_pem(self.case.request))

    def _show_identity(self) -> None:
        if self.case is not None and self.case.identity is not None:
            self.identity_wanted.emit(self.case.identity)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._fact, 1)
        buttons = Flow(gap=8)
        for button in (
            self.match_button,
            self.installed_button,
            self.tested_button,
            self.identity_button,
            self.copy_button,
            self.save_button,
            self.drop_button,
        ):
            buttons.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.facts)
        left.addStretch(1)
        self.pem.setMinimumHeight(170)
        # A line of PEM has 64 characters.
        self.pem.setMinimumWidth(self.pem.fontMetrics().averageCharWidth() * 40)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(16)
        self._sides.addLayout(left, 1)
        self._sides.addWidget(self.pem, 1)
        area = ScrolledColumn(name=say(msg("Request")))
        area.column.setContentsMargins(0, 0, 0, 0)
        area.column.addLayout(self._sides, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(buttons)
        layout.addWidget(Hairline())
        layout.addWidget(self.path)
        layout.addWidget(self.next)
        layout.addWidget(area, 1)


def _facts(case: RequestCase) -> tuple[Fact, ...]:
    facts = list(facts_of_request(case.request))
    if case.key is not None:
        place = msg("{store}, {key}", store=case.key.store_title, key=key_words(case.key))
        facts.append(Fact(label=msg("Key lives in"), value=say(place)))
    else:
        facts.append(Fact(label=msg("Key lives in"), value=say(key_place(None))))
    if case.partner:
        facts.append(Fact(label=msg("For partner"), value=visible(case.partner, _LONGEST)))
    if case.renews:
        facts.append(Fact(label=msg("Renews"), value=visible(case.renews, _LONGEST)))
    if case.certificate is not None:
        issuer = visible(case.certificate.issuer or "–", _LONGEST)
        facts.append(Fact(label=msg("Issued by"), value=issuer))
    return tuple(facts)


def _next_step(case: RequestCase, now: datetime) -> Message | None:
    match case.state:
        case CaseState.REQUESTED if is_late(case, now):
            return msg(
                "The CA has not answered for {count} days: ask it.", count=(now - case.created_at).days
            )
        case CaseState.REQUESTED:
            return msg("It waits for the CA. When the answer has come, open its file by Match CA reply …")
        case CaseState.ISSUED if case.key is None:
            return msg(
                "Install the certificate with its chain on the server, then mark the case as installed."
            )
        case CaseState.ISSUED | CaseState.INSTALLED if case.renews:
            return msg(
                "Test a partner with it. Until that has gone well, {name} stays in use.", name=case.renews
            )
        case CaseState.ISSUED | CaseState.INSTALLED:
            return msg("Test a partner with it: an accepted handshake is the only proof that it works.")
        case CaseState.TESTED:
            return None
