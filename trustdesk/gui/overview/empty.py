"""Nothing that could expire yet: what the page will show, and the ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Signal

from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.empty_state import EmptyState
from trustdesk.gui.words import say


class NothingToOversee(EmptyState):
    """The empty state.

    Signals:
        test_wanted, import_wanted: the ways to begin.
        steps_wanted: the person wants to see the first steps after all.
    """

    test_wanted = Signal()
    import_wanted = Signal()
    steps_wanted = Signal()

    def __init__(self) -> None:
        self.test_button = Button(
            say(msg("Test a partner server")), icon="handshake", key="Ctrl+3", kind=ButtonKind.PRIMARY
        )
        self.import_button = Button(say(msg("Import an identity …")), icon="import")
        self.steps_button = Button(say(msg("First steps")))
        super().__init__(
            msg("Nothing to keep an eye on yet"),
            msg("What expires when, of partners, of your own certificates and of CAs, will stand here."),
            buttons=(self.test_button, self.import_button, self.steps_button),
            style=TypeStyle.HEADLINE,
            gap=10,
        )
        self.test_button.clicked.connect(self.test_wanted)
        self.import_button.clicked.connect(self.import_wanted)
        self.steps_button.clicked.connect(self.steps_wanted)
