"""How the keys are kept, at the end of the status bar; a press opens the panel."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.key_stores import KeyStoreWatch
from trustdesk.gui.identities.store_words import short_words, shown_in_bar, store_look
from trustdesk.gui.widgets.status_button import StatusButton
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk


class KeyStoreButton(StatusButton):
    """Icon and words; quiet until something keeps keys from being had."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: IdentityDesk | None = None
        self.watch = KeyStoreWatch(bridge, self)
        self.watch.changed.connect(self._tell)
        self.clicked.connect(self.open_panel)
        self._tell()
        self.hide()

    def set_desk(self, desk: IdentityDesk) -> None:
        """Tell of a desk's key stores."""
        self._desk = desk
        self.watch.set_desk(desk)
        self.show()

    def open_panel(self) -> None:
        """Show where keys are kept, and what can be done."""
        from trustdesk.gui.identities.key_store_panel import KeyStorePanel

        if self._desk is not None:
            KeyStorePanel(self.window(), self._bridge, self._desk, self.watch).show()

    def _tell(self) -> None:
        status = shown_in_bar(self.watch.stores)
        if status is None:
            icon, ink = "unknown", "text2"
            full = short = say(msg("Key store not known"))
        else:
            look = store_look(status)
            icon, ink = look.icon, look.ink
            full, short = say(look.words), say(short_words(status))
        self.show_state(full, short, icon=icon, ink=ink)
        self.setAccessibleName(say(msg("Key store: {state}", state=full)))
        problem = None if status is None else status.problem
        tip = say(msg("Where private keys are kept")) if problem is None else say(problem)
        self.setToolTip(f"{full}. {tip}")
