"""The tab before there is any request: a sentence and the ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class NoCases(QWidget):
    """What the tab is for.

    Signals:
        new_wanted: the person wants to make a request.
        take_wanted: the person has one that was made elsewhere.
    """

    new_wanted = Signal()
    take_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.new_button = Button(say(msg("New request …")), icon="add", kind=ButtonKind.PRIMARY)
        self.take_button = Button(say(msg("Take in a request …")), icon="import")
        self.new_button.clicked.connect(self.new_wanted)
        self.take_button.clicked.connect(self.take_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(self.new_button)
        buttons.addWidget(self.take_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        for words, style, ink in (
            (msg("No certificate was requested yet"), TypeStyle.PAGE_TITLE, "text"),
            (
                msg(
                    "A request asks a CA for a certificate. Its key is made here and stays here, and the"
                    " request waits in this list until the CA has answered."
                ),
                TypeStyle.BODY,
                "text2",
            ),
        ):
            line = Text(say(words), style, ink, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(line)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        layout.addStretch(3)
