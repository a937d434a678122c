"""Nobody in the directory yet: one sentence and the ways in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class NoPartners(QWidget):
    """The empty state.

    Signals:
        test_wanted: test a server by its name.
        demo_wanted: open the demo.
    """

    test_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, *, offers_demo: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignCenter
        headline = Text(say(msg("No partner in the directory yet")), TypeStyle.HEADLINE)
        sentence = Text(
            say(msg("One host name is enough: you get a handshake, a verdict in words and who has to act.")),
            ink="text2",
            wrap=True,
        )
        sentence.setAlignment(centre)
        headline.setAlignment(centre)
        test = self._test = Button(
            say(msg("Test a partner server")), icon="handshake", key="Ctrl+2", kind=ButtonKind.PRIMARY
        )
        test.clicked.connect(self.test_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(test)
        if offers_demo:
            demo = Button(say(msg("Open the demo")))
            demo.setToolTip(say(msg("Partner servers on this computer only, most with one thing wrong")))
            demo.clicked.connect(self.demo_wanted)
            buttons.addWidget(demo)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addWidget(headline)
        layout.addWidget(sentence)
        layout.addSpacing(10)
        layout.addLayout(buttons)
        layout.addStretch(3)

    def focus_first(self) -> None:
        """Move the keyboard to the first button."""
        self._test.setFocus(Qt.FocusReason.OtherFocusReason)
