"""The page before anything is open: a sentence and two ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class NothingOpened(QWidget):
    """What the page is for, and how something comes in.

    Signals:
        open_wanted: the person wants to choose files.
        paste_wanted: the person wants to paste.
        kept_wanted: the person wants to see the revocation lists that the workspace keeps.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    kept_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open = Button(say(msg("Open a file …")), icon="file", key="Ctrl+O", kind=ButtonKind.PRIMARY)
        self._paste = Button(say(msg("Paste PEM")), icon="copy", key="Ctrl+V")
        self.kept_button = Button(icon="certificate", name=say(msg("Open the kept revocation lists")))
        self.kept_button.clicked.connect(self.kept_wanted)
        self.kept_button.hide()
        self._open.clicked.connect(self.open_wanted)
        self._paste.clicked.connect(self.paste_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(self._open)
        buttons.addWidget(self._paste)
        buttons.addWidget(self.kept_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        for words, style, ink in (
            (msg("Open a certificate to see what it can be used for"), TypeStyle.PAGE_TITLE, "text"),
            (
                msg(
                    "Certificates, requests, revocation lists, PKCS#7, PKCS#12, Java key stores, "
                    "archives and folders of these."
                ),
                TypeStyle.BODY,
                "text2",
            ),
            (msg("Drop them anywhere on the window, or paste PEM text."), TypeStyle.BODY, "text2"),
        ):
            line = Text(say(words), style, ink, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(line)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        layout.addStretch(3)

    def show_kept(self, count: int) -> None:
        """Offer the revocation lists that the workspace keeps; nothing for none."""
        words = msg_n("{count} kept revocation list", "{count} kept revocation lists", count)
        self.kept_button.show_as(say(words), icon="certificate", name=say(words))
        self.kept_button.setVisible(count > 0)

    def focus_first(self) -> None:
        """Move the keyboard to the first way in."""
        self._open.setFocus(Qt.FocusReason.OtherFocusReason)
