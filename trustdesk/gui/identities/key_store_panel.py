"""Where private keys are kept on this computer, and what can be done about it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.key_stores import KeyStoreWatch
from trustdesk.gui.identities.store_card import StoreCard
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.services.identity_desk import IdentityDesk


class KeyStorePanel(PlainDialog):
    """A card for each store; they follow the watch."""

    def __init__(self, parent: QWidget, bridge: Bridge, desk: IdentityDesk, watch: KeyStoreWatch) -> None:
        super().__init__(
            parent,
            msg("Where private keys are kept"),
            msg("Keys lie in the keyring of this system. No key lies in a file unless it is encrypted."),
            size=(640, 640),
        )
        self._watch = watch
        self.cards = {kind: StoreCard(bridge, desk, kind) for kind in KeyStoreKind}
        area = ScrolledColumn()
        inside = area.column
        inside.setSpacing(12)
        for card in self.cards.values():
            inside.addWidget(card)
            card.touched.connect(watch.tell_touched)
        inside.addStretch(1)
        self.content.addWidget(area, 1)
        watch.changed.connect(self._show)
        watch.refresh()
        self._show()

    def done(self, result: int) -> None:
        """Close; what waits for a keyring is let go."""
        for card in self.cards.values():
            card.give_up()
        self._watch.changed.disconnect(self._show)
        super().done(result)

    def _show(self) -> None:
        for kind, card in self.cards.items():
            status = self._watch.store(kind)
            card.setVisible(status is not None)
            if status is not None:
                card.show_status(status)
