"""No identity yet: one sentence and the two ways in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class NoIdentities(QWidget):
    """The empty state.

    Signals:
        import_pressed, request_pressed: the two ways in.
    """

    import_pressed = Signal()
    request_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.import_button = Button(say(msg("Import a certificate with its key …")), icon="import")
        self.import_button.set_kind(ButtonKind.PRIMARY)
        self.import_button.clicked.connect(self.import_pressed)
        self.request_button = Button(say(msg("Make a request for one …")), icon="add")
        self.request_button.clicked.connect(self.request_pressed)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(self.import_button)
        buttons.addWidget(self.request_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        for words, style, ink in (
            (msg("No identity yet"), TypeStyle.HEADLINE, "text"),
            (
                msg("An identity is a certificate with its private key: what shows a partner who you are."),
                TypeStyle.BODY,
                "text2",
            ),
            (
                msg("The key goes into the keyring of this system; the certificate stays in the workspace."),
                TypeStyle.BODY,
                "text2",
            ),
        ):
            line = Text(say(words), style, ink, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(line)
        layout.addSpacing(10)
        layout.addLayout(buttons)
        layout.addStretch(3)

    def focus_first(self) -> None:
        """Move the keyboard to the first way in."""
        self.import_button.setFocus(Qt.FocusReason.OtherFocusReason)
