"""The tab before there is any request: a sentence and the ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Signal

from trustdesk.core.message import msg
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.empty_state import EmptyState
from trustdesk.gui.words import say


class NoCases(EmptyState):
    """What the tab is for.

    Signals:
        new_wanted: the person wants to make a request.
        take_wanted: the person has one that was made elsewhere.
    """

    new_wanted = Signal()
    take_wanted = Signal()

    def __init__(self) -> None:
        self.new_button = Button(say(msg("New request …")), icon="add", kind=ButtonKind.PRIMARY)
        self.take_button = Button(say(msg("Take in a request …")), icon="import")
        super().__init__(
            msg("No certificate was requested yet"),
            msg(
                "A request asks a CA for a certificate. Its key is made here and stays here, and the"
                " request waits in this list until the CA has answered."
            ),
            buttons=(self.new_button, self.take_button),
        )
        self.new_button.clicked.connect(self.new_wanted)
        self.take_button.clicked.connect(self.take_wanted)
