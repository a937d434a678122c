"""Nobody in the directory yet: one sentence and the ways in."""

from __future__ import annotations

from PySide6.QtCore import Signal

from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.empty_state import EmptyState
from trustdesk.gui.words import say


class NoPartners(EmptyState):
    """The empty state.

    Signals:
        import_wanted: add partners from a file.
        test_wanted: test a server by its name.
        demo_wanted: open the demo.
    """

    import_wanted = Signal()
    test_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, *, offers_demo: bool) -> None:
        test = Button(
            say(msg("Test a partner server")), icon="handshake", key="Ctrl+3", kind=ButtonKind.PRIMARY
        )
        file = Button(say(msg("Import partners …")), icon="import")
        demo = Button(say(msg("Open the demo")))
        demo.setToolTip(say(msg("Partner servers on this computer only, most with one thing wrong")))
        super().__init__(
            msg("No partner in the directory yet"),
            msg("One host name is enough: you get a handshake, a verdict in words and who has to act."),
            buttons=(test, file, demo) if offers_demo else (test, file),
            style=TypeStyle.HEADLINE,
            gap=10,
        )
        test.clicked.connect(self.test_wanted)
        file.clicked.connect(self.import_wanted)
        demo.clicked.connect(self.demo_wanted)
