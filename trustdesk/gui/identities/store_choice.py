"""Where new keys shall be kept: the system's keyring, or a vault where a person says so."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.key_stores import KeyStoreWatch
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.identities.store_card import StoreCard
from trustdesk.gui.identities.store_words import store_name
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk

_USABLE = frozenset({KeyStoreState.READY, KeyStoreState.LOCKED})


class StoreChoice(QWidget):
    """A choice with a sentence below it. The vault is never chosen but by the person.

    Signals:
        changed: another store, or one that can or cannot be used.
    """

    changed = Signal()

    def __init__(
        self, bridge: Bridge, desk: IdentityDesk, watch: KeyStoreWatch, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._watch = watch
        self._kinds: list[KeyStoreKind] = []
        self._was_chosen = False
        self.combo = Combo(name=say(msg("Where the keys shall be kept")), icon="lock")
        self.combo.setPlaceholderText(say(msg("Choose where the keys shall be kept")))
        self.remark = RemarkLine(icon="information")
        self.vault_card = StoreCard(bridge, desk, KeyStoreKind.VAULT)
        self.vault_card.touched.connect(watch.tell_touched)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(Text(say(msg("Keep the keys in")), TypeStyle.LABEL, "text2"))
        layout.addWidget(self.combo)
        layout.addWidget(self.remark)
        layout.addWidget(self.vault_card)
        self.combo.activated.connect(self._choose)
        watch.changed.connect(self._show)
        self._show()

    @property
    def kind(self) -> KeyStoreKind | None:
        """The chosen store, where keys can be put into it now; None else.

        A locked keyring counts: the system asks for its password when a key comes.
        """
        status = self._status
        if status is None:
            return None
        ready = status.state is KeyStoreState.READY
        asks = status.kind is KeyStoreKind.KEYRING and status.state is KeyStoreState.LOCKED
        return status.kind if ready or asks else None

    def give_up(self) -> None:
        """Wait for nothing any more."""
        self.vault_card.give_up()
        self._watch.changed.disconnect(self._show)

    @property
    def _status(self) -> KeyStoreStatus | None:
        place = self.combo.currentIndex()
        return self._watch.store(self._kinds[place]) if 0 <= place < len(self._kinds) else None

    def _choose(self) -> None:
        self._was_chosen = True
        self._tell()

    def _show(self) -> None:
        before = self._status
        self._kinds = [status.kind for status in self._watch.stores]
        self.combo.clear()
        self.combo.addItems([say(store_name(status)) for status in self._watch.stores])
        keyring = self._watch.store(KeyStoreKind.KEYRING)
        chosen = before.kind if before is not None and self._was_chosen else None
        if chosen is None and keyring is not None and keyring.state in _USABLE:
            chosen = KeyStoreKind.KEYRING
        self.combo.setCurrentIndex(-1 if chosen is None else self._kinds.index(chosen))
        self._tell()

    def _tell(self) -> None:
        status, keyring = self._status, self._watch.store(KeyStoreKind.KEYRING)
        vault = self._watch.store(KeyStoreKind.VAULT)
        shows_vault = (
            status is not None
            and status.kind is KeyStoreKind.VAULT
            and status.state is not KeyStoreState.READY
        )
        self.vault_card.setVisible(shows_vault)
        if vault is not None:
            self.vault_card.show_status(vault)
        if keyring is not None and keyring.state not in _USABLE and (status is None or status is keyring):
            self._remark_trouble(keyring)
        elif status is None:
            self.remark.hide()
        elif status.state is KeyStoreState.LOCKED and status.kind is KeyStoreKind.KEYRING:
            words = msg("It is locked: the system asks for its password when the keys are stored.")
            self.remark.show_as(say(words), icon="lock", ink="text2")
            self.remark.show()
        else:
            words = (
                msg("The keys lie encrypted in a file of the workspace.")
                if status.kind is KeyStoreKind.VAULT
                else msg("Whatever runs in your session can ask it for them, as for your passwords.")
            )
            self.remark.show_as(say(words), icon="information", ink="text2")
            self.remark.show()
        self.changed.emit()

    def _remark_trouble(self, keyring: KeyStoreStatus) -> None:
        lead = (
            msg("This computer has no system keyring.")
            if keyring.state is KeyStoreState.UNAVAILABLE
            else msg("The keyring of this computer is not used.")
        )
        parts = [lead, *(part for part in (keyring.problem, keyring.remedy) if part is not None)]
        self.remark.show_as(" ".join(map(say, parts)), icon="warning", ink="warning")
        self.remark.show()
