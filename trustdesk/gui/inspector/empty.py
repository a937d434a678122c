"""The page before anything is open: a sentence and two ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Signal

from trustdesk.core.message import msg, msg_n
from trustdesk.gui.inspector.recent_button import RecentButton
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.empty_state import EmptyState
from trustdesk.gui.words import say


class NothingOpened(EmptyState):
    """What the page is for, and how something comes in.

    Signals:
        open_wanted: the person wants to choose files.
        paste_wanted: the person wants to paste.
        kept_wanted: the person wants to see the revocation lists that the workspace keeps.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    kept_wanted = Signal()

    def __init__(self) -> None:
        open_button = Button(say(msg("Open a file …")), icon="file", key="Ctrl+O", kind=ButtonKind.PRIMARY)
        paste_button = Button(say(msg("Paste PEM")), icon="copy", key="Ctrl+V")
        self.kept_button = Button(icon="certificate", name=say(msg("Open the kept revocation lists")))
        self.kept_button.hide()
        self.recent_button = RecentButton()
        super().__init__(
            msg("Open a certificate to see what it can be used for"),
            msg(
                "Certificates, requests, revocation lists, PKCS#7, PKCS#12, Java key stores, "
                "archives and folders of these."
            ),
            msg("Drop them anywhere on the window, or paste PEM text."),
            buttons=(open_button, paste_button, self.recent_button, self.kept_button),
        )
        open_button.clicked.connect(self.open_wanted)
        paste_button.clicked.connect(self.paste_wanted)
        self.kept_button.clicked.connect(self.kept_wanted)

    def show_kept(self, count: int) -> None:
        """Offer the revocation lists that the workspace keeps; nothing for none."""
        words = msg_n("{count} kept revocation list", "{count} kept revocation lists", count)
        self.kept_button.show_as(say(words), icon="certificate", name=say(words))
        self.kept_button.setVisible(count > 0)
