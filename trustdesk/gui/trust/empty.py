"""What the page shows without a list."""

from __future__ import annotations

from PySide6.QtCore import Signal

from trustdesk.core.message import msg
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.empty_state import EmptyState
from trustdesk.gui.words import say

_WIDEST = 560


class NoLists(EmptyState):
    """What a list is for, and where one comes from.

    Signals:
        import_pressed: from a file, a folder or an address.
        system_pressed: what this machine trusts.
    """

    import_pressed = Signal()
    system_pressed = Signal()

    def __init__(self) -> None:
        self.import_button = Button(say(msg("Import a list …")), icon="import", kind=ButtonKind.PRIMARY)
        self.system_button = Button(say(msg("This machine's store …")), icon="trust-lists")
        super().__init__(
            msg("No trust list yet"),
            msg("A trust list says which CAs count, and for what. Import the one that you were given."),
            msg("IATA publishes no file: organisations receive or assemble such lists."),
            buttons=(self.import_button, self.system_button),
            widest=_WIDEST,
        )
        self.import_button.clicked.connect(self.import_pressed)
        self.system_button.clicked.connect(self.system_pressed)
