"""The tab before there is a private CA: what one is good for, what it is not, and how to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.private_ca import WHAT_IT_IS_NOT
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class NoAuthorities(QWidget):
    """A sentence, an honest one, and a button.

    Signals:
        new_wanted: the person wants to make a CA.
    """

    new_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.new_button = Button(say(msg("New private CA …")), icon="add", kind=ButtonKind.PRIMARY)
        self.new_button.clicked.connect(self.new_wanted)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.new_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        for words, style, ink in (
            (msg("Be the CA of a closed group"), TypeStyle.PAGE_TITLE, "text"),
            (
                msg(
                    "Whoever trusts your root accepts whom you certify. It signs requests for a year at most,"
                    " revokes them, and issues the list that says so."
                ),
                TypeStyle.BODY,
                "text2",
            ),
            (WHAT_IT_IS_NOT, TypeStyle.BODY, "text2"),
        ):
            line = Text(say(words), style, ink, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            line.setMaximumWidth(720)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(line, 100)
            row.addStretch(1)
            layout.addLayout(row)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        layout.addStretch(3)
