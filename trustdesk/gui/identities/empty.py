"""No identity yet: what one is, and the two ways in."""

from __future__ import annotations

from PySide6.QtCore import Signal

from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.empty_state import EmptyState
from trustdesk.gui.words import say


class NoIdentities(EmptyState):
    """The empty state.

    Signals:
        import_pressed, request_pressed: the two ways in.
    """

    import_pressed = Signal()
    request_pressed = Signal()

    def __init__(self) -> None:
        self.import_button = Button(
            say(msg("Import a certificate with its key …")), icon="import", kind=ButtonKind.PRIMARY
        )
        self.request_button = Button(say(msg("Make a request for one …")), icon="add")
        super().__init__(
            msg("No identity yet"),
            msg("An identity is a certificate with its private key: what shows a partner who you are."),
            msg("The key goes into the keyring of this system; the certificate stays in the workspace."),
            buttons=(self.import_button, self.request_button),
            style=TypeStyle.HEADLINE,
            gap=10,
        )
        self.import_button.clicked.connect(self.import_pressed)
        self.request_button.clicked.connect(self.request_pressed)
