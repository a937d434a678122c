"""The tab before there is a private CA: what one is good for, what it is not, and how to begin."""

from __future__ import annotations

from PySide6.QtCore import Signal

from trustdesk.core.message import msg
from trustdesk.core.private_ca import WHAT_IT_IS_NOT
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.empty_state import EmptyState
from trustdesk.gui.words import say


class NoAuthorities(EmptyState):
    """A sentence, an honest one, and a button.

    Signals:
        new_wanted: the person wants to make a CA.
    """

    new_wanted = Signal()

    def __init__(self) -> None:
        self.new_button = Button(say(msg("New private CA …")), icon="add", kind=ButtonKind.PRIMARY)
        super().__init__(
            msg("Be the CA of a closed group"),
            msg(
                "Whoever trusts your root accepts whom you certify. It signs requests for a year at most,"
                " revokes them, and issues the list that says so."
            ),
            WHAT_IT_IS_NOT,
            buttons=(self.new_button,),
            widest=720,
        )
        self.new_button.clicked.connect(self.new_wanted)
