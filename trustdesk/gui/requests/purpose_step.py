"""The first step: what the certificate is for, for which partner, and what it renews."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.field_cell import FieldCell
from trustdesk.gui.requests.choice_card import ChoiceCard, ChoiceList
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.step_page import StepPage
from trustdesk.gui.requests.wish import Wanted
from trustdesk.gui.requests.wish_book import WishBook
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.words import say

_CHOICES: tuple[tuple[Wanted, Message, Message, str], ...] = (
    (
        Wanted.CLIENT,
        msg("ONE Record client"),
        msg("We call partners. It carries our 1R-IDs and clientAuth."),
        "person",
    ),
    (
        Wanted.SERVER,
        msg("ONE Record server"),
        msg("Partners call us. It carries our host names and serverAuth."),
        "server",
    ),
    (
        Wanted.BOTH,
        msg("Both"),
        msg("We call partners and they call us: two requests with two keys."),
        "handshake",
    ),
    (
        Wanted.FREE,
        msg("Free form"),
        msg("Any subject, names and usages, for something outside of ONE Record."),
        "certificate",
    ),
)
_NOBODY = msg("nobody in particular")
_NOTHING = msg("nothing, it is new")


class PurposeStep(StepPage):
    """Four choices, and whom and what the request is linked with."""

    def __init__(self, book: WishBook) -> None:
        super().__init__(
            msg("What is the certificate for?"),
            msg("The purpose decides which names and usages a CA is asked for."),
        )
        self._book = book
        self.choices: ChoiceList[Wanted] = ChoiceList(
            [
                (wanted, ChoiceCard(say(title), say(sentence), icon=icon))
                for wanted, title, sentence, icon in _CHOICES
            ],
            name=say(msg("Purpose")),
        )
        self.partner = Combo(name=say(msg("For partner")))
        self.renews = Combo(name=say(msg("Renews")))
        links = QWidget()
        row = QHBoxLayout(links)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(FieldCell(say(msg("For partner")), self.partner), 1)
        row.addWidget(FieldCell(say(msg("Renews")), self.renews), 1)
        self.reason = Reason()
        body = QVBoxLayout()
        body.setSpacing(14)
        body.addWidget(self.choices)
        body.addWidget(links)
        self.content.addLayout(body)
        self.content.addStretch(1)
        self.content.addWidget(self.reason)
        self.offer_partners(())
        self.offer_identities(())
        self.choices.chosen.connect(lambda wanted: book.choose(wanted=wanted))
        self.partner.activated.connect(lambda _place: book.choose(partner=self.partner.currentData()))
        self.renews.activated.connect(lambda _place: book.choose(renews=self.renews.currentData()))
        book.changed.connect(self._show)
        self._show()

    def offer_partners(self, names: Sequence[str]) -> None:
        """Offer partners to choose from."""
        _offer(self.partner, _NOBODY, names, self._book.wish.partner)

    def offer_identities(self, names: Sequence[str]) -> None:
        """Offer identities that the new one can follow."""
        _offer(self.renews, _NOTHING, names, self._book.wish.renews)

    def focus_first(self) -> None:
        """Move the keyboard to the chosen purpose."""
        self.choices.focus_current()

    def _show(self) -> None:
        wish = self._book.wish
        self.choices.set_current(wish.wanted)
        if wish.renews:
            words: Message | None = msg(
                "{name} stays in use until the new certificate has proved itself in a handshake.",
                name=wish.renews,
            )
        else:
            words = _reason(wish.wanted)
        self.reason.show_words(words)


def _reason(wanted: Wanted) -> Message | None:
    from trustdesk.services.request_content import TWO_REQUESTS_IN_DETAIL, WHY_TWO_REQUESTS

    match wanted:
        case Wanted.BOTH:
            return WHY_TWO_REQUESTS
        case Wanted.SERVER:
            return TWO_REQUESTS_IN_DETAIL[1]
        case Wanted.CLIENT:
            return TWO_REQUESTS_IN_DETAIL[0]
        case Wanted.FREE:
            return None


def _offer(combo: Combo, nothing: Message, names: Sequence[str], chosen: str | None) -> None:
    combo.clear()
    combo.addItem(say(nothing), None)
    for name in dict.fromkeys((*names, *(() if chosen is None else (chosen,)))):
        combo.addItem(visible(name, 120), name)
    combo.setCurrentIndex(max(0, combo.findData(chosen)))
    combo.updateGeometry()
