"""The third step: which key, and where it lives."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal

from trustdesk.core.key_store import KeyKind, KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.requests.choice_card import ChoiceCard, ChoiceList
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.step_page import StepPage
from trustdesk.gui.requests.wish_book import WishBook
from trustdesk.gui.requests.words import KEY_WORDS, STORE_WORDS
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_KEYS: tuple[tuple[KeyKind, Message], ...] = (
    (KeyKind.P256, msg("Suggested: short, fast, and taken by every TLS stack of today.")),
    (KeyKind.P384, msg("Where a partner's policy asks for more than 128 bits of strength.")),
    (KeyKind.RSA_2048, msg("For old software that knows no elliptic curves; the least that is allowed.")),
    (KeyKind.RSA_3072, msg("RSA of the strength of P-256.")),
    (KeyKind.RSA_4096, msg("Slow to sign with; only where it is asked for.")),
)
_STORE_WORDS: dict[KeyStoreKind, Message] = {
    KeyStoreKind.KEYRING: msg("The system guards the key and unlocks it with you."),
    KeyStoreKind.VAULT: msg("An encrypted file of trustdesk's own, opened with a passphrase."),
}
_STATE_WORDS: dict[KeyStoreState, Message] = {
    KeyStoreState.READY: msg("Ready"),
    KeyStoreState.LOCKED: msg("Locked"),
    KeyStoreState.UNAVAILABLE: msg("Unavailable"),
    KeyStoreState.REFUSED: msg("Refused"),
    KeyStoreState.ABSENT: msg("Not made yet"),
}
_USABLE = frozenset({KeyStoreState.READY, KeyStoreState.LOCKED})
_UNLOCK = {
    KeyStoreState.LOCKED: msg("Unlock …"),
    KeyStoreState.ABSENT: msg("Make the vault …"),
}


class KeyStep(StepPage):
    """Kinds of keys, and the key stores with their states.

    Signals:
        store_wanted: KeyStoreKind of a store that the person wants to unlock or to make.
    """

    store_wanted = Signal(object)

    def __init__(self, book: WishBook) -> None:
        super().__init__(msg("Which key shall it be?"), msg("It is made here, and never leaves its store."))
        self._book = book
        self._stores: tuple[KeyStoreStatus, ...] = ()
        self.kinds: ChoiceList[KeyKind] = ChoiceList(
            [(kind, ChoiceCard(say(KEY_WORDS[kind]), say(sentence))) for kind, sentence in _KEYS],
            name=say(msg("Kind of key")),
            gap=6,
        )
        self.stores: ChoiceList[KeyStoreKind] = ChoiceList(
            [
                (kind, ChoiceCard(say(STORE_WORDS[kind]), say(sentence), icon="lock"))
                for kind, sentence in _STORE_WORDS.items()
            ],
            name=say(msg("Where the key lives")),
            gap=6,
        )
        self.store_button = Button(say(msg("Unlock …")), icon="key")
        self.store_problem = Reason()
        self.content.addWidget(self.kinds)
        self.content.addSpacing(8)
        self.content.addWidget(Text(say(msg("Where shall it live?")), TypeStyle.ROW_TITLE_BAD))
        self.content.addWidget(self.stores)
        self.content.addWidget(self.store_problem)
        self.content.addWidget(self.store_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.content.addStretch(1)
        self.kinds.chosen.connect(lambda kind: book.choose(key=kind))
        self.stores.chosen.connect(lambda kind: book.choose(store=kind))
        self.store_button.clicked.connect(lambda: self.store_wanted.emit(book.wish.store))
        book.changed.connect(self._show)
        self._show()

    @property
    def is_sound(self) -> bool:
        """Whether the chosen store can take a key; one that is locked is asked for when it is needed."""
        status = self._status(self._book.wish.store)
        return status is not None and status.state in _USABLE

    def show_stores(self, stores: Sequence[KeyStoreStatus]) -> None:
        """Show the stores as they are; where the keyring cannot be used, nothing else is chosen for it."""
        self._stores = tuple(stores)
        self._show()

    def focus_first(self) -> None:
        """Move the keyboard to the kind of key."""
        self.kinds.focus_current()

    def _show(self) -> None:
        wish = self._book.wish
        many = len(wish.purposes)
        self.ask(
            msg_n("Which key shall it be?", "Which keys shall they be?", many),
            msg_n(
                "It is made here, and never leaves its store.",
                "Each request gets one of its own, made here, that never leaves its store.",
                many,
            ),
        )
        self.kinds.set_current(wish.key)
        self.stores.set_current(wish.store)
        for kind, card in self.stores.cards.items():
            status = self._status(kind)
            fact = "" if status is None else f"{status.title}: {say(_STATE_WORDS[status.state])}"
            card.show_sentence(say(_STORE_WORDS[kind]), fact=fact)
        status = self._status(wish.store)
        if status is None or status.state is KeyStoreState.READY:
            self.store_problem.show_words(None)
            self.store_button.hide()
            return
        self.store_problem.show_words(status.problem, status.remedy, is_warning=True)
        self.store_button.setVisible(status.state in _UNLOCK)
        if status.state in _UNLOCK:
            self.store_button.show_as(say(_UNLOCK[status.state]), icon="key")

    def _status(self, kind: KeyStoreKind) -> KeyStoreStatus | None:
        return next((status for status in self._stores if status.kind is kind), None)
