"""Three steps to the first verdict: a list to judge by, a certificate of our own, a partner to test."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.welcome.drawing import Drawing, DropHint
from trustdesk.gui.welcome.step_card import StepCard
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_WIDEST = 960
_STACKED_BELOW = 700
_DRAWN_FROM = 640


class Step(StrEnum):
    """The steps, in their order."""

    LIST = "list"
    IDENTITY = "identity"
    PARTNER = "partner"


class FirstSteps(ScrolledColumn):
    """The steps as cards, with the demo for whoever only looks.

    Signals:
        list_wanted, identity_wanted, partner_wanted: a step.
        open_wanted: the person wants to look at a certificate.
        demo_wanted: the person wants the demo.
        self_test_wanted: the person wants to know whether everything is there.
        skip_wanted: the person wants to see no steps.
    """

    list_wanted = Signal()
    identity_wanted = Signal()
    partner_wanted = Signal()
    open_wanted = Signal()
    demo_wanted = Signal()
    self_test_wanted = Signal()
    skip_wanted = Signal()

    def __init__(self, *, offers_demo: bool, skips: bool = True, draws: bool = True) -> None:
        """Make them.

        Args:
            skips: whether there is a way past them.
            draws: whether there is room for a drawing where the window is high.
        """
        super().__init__(name=say(msg("First steps")))
        self._draws = draws
        self.cards = {
            Step.LIST: StepCard(
                msg("Load a trust list"),
                msg("A file or a URL with the CAs your community agreed on. You review it before it counts."),
                msg("Load a trust list …"),
                icon="trust-lists",
            ),
            Step.IDENTITY: StepCard(
                msg("Import your identity"),
                msg("Your certificate with its key: PKCS#12, PEM or JKS. The key goes into the keyring."),
                msg("Import an identity …"),
                icon="identities",
            ),
            Step.PARTNER: StepCard(
                msg("Test a partner"),
                msg("One host name is enough. You get a handshake, a verdict in words and who has to act."),
                msg("Test a partner …"),
                icon="handshake",
            ),
        }
        self.cards[Step.LIST].wanted.connect(self.list_wanted)
        self.cards[Step.IDENTITY].wanted.connect(self.identity_wanted)
        self.cards[Step.PARTNER].wanted.connect(self.partner_wanted)
        self.drawing = Drawing()
        self.open_button = _link(msg("Open a certificate"))
        self.open_button.clicked.connect(self.open_wanted)
        self.demo_button = _link(msg("Open the demo"))
        tip = msg("Partner servers on this computer only, most with one thing wrong")
        self.demo_button.setToolTip(say(tip))
        self.demo_button.clicked.connect(self.demo_wanted)
        self.demo_button.setVisible(offers_demo)
        self.self_test_button = _link(msg("Self-test"))
        self.self_test_button.clicked.connect(self.self_test_wanted)
        self.skip_button = _link(msg("Skip the steps"))
        self.skip_button.clicked.connect(self.skip_wanted)
        self.skip_button.setVisible(skips)
        self._note = Text(
            say(
                msg(
                    "Until you load a list, certificates are judged by the public web's list that comes with"
                    " trustdesk (certifi). It is no air cargo list."
                )
            ),
            TypeStyle.SECOND_LINE,
            "text2",
            wrap=True,
        )
        self._note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._build()
        self.show_done(frozenset())

    def show_done(self, done: frozenset[Step]) -> None:
        """Say which steps are done; the first of the others is the loud one."""
        ahead = next((step for step in Step if step not in done), None)
        for step, card in self.cards.items():
            card.show_standing(is_done=step in done, is_next=step is ahead)
        self._note.setVisible(Step.LIST not in done)

    def focus_first(self) -> None:
        """Move the keyboard to the step that comes next."""
        card = next((one for one in self.cards.values() if not one.is_done), self.cards[Step.LIST])
        card.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the cards in a narrow window; the drawing goes where it would push them out of view."""
        narrow = self.width() < _STACKED_BELOW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() is not way:
            self._row.setDirection(way)
        self.drawing.setVisible(self._draws and not narrow and self.height() >= _DRAWN_FROM)
        super().resizeEvent(event)

    def _build(self) -> None:
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.drawing, 0, Qt.AlignmentFlag.AlignHCenter)
        for words, style, ink in (
            (msg("Start with one thing you have"), TypeStyle.HEADLINE, "text"),
            (
                msg("trustdesk tells which certificates hold in ONE Record exchange, and who has to act."),
                TypeStyle.BODY,
                "text2",
            ),
        ):
            line = Text(say(words), style, ink, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(line)
        column.addSpacing(6)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(14)
        for card in self.cards.values():
            self._row.addWidget(card, 1)
        column.addLayout(self._row)
        column.addWidget(DropHint())
        foot = QHBoxLayout()
        foot.addStretch(1)
        for link in (self.open_button, self.demo_button, self.self_test_button, self.skip_button):
            foot.addWidget(link)
        foot.addStretch(1)
        column.addLayout(foot)
        column.addWidget(self._note)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(inside, 100)
        middle.addStretch(1)
        self.column.addStretch(2)
        self.column.addLayout(middle)
        self.column.addStretch(3)


def _link(words: Message) -> Button:
    return Button(say(words), kind=ButtonKind.LINK)
