"""One line of fixed-width text with a button that copies it: a log line, a command, an address."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, CardGround
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_LIMIT = 4000


class CodeLine(Card):
    """Fixed-width text on sunken ground; with `wraps` all of it is in view."""

    def __init__(
        self, text: str = "", *, name: str, wraps: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, ground=CardGround.SUNKEN)
        self._text = text
        self._shown: Text = (
            Text(style=TypeStyle.FIXED, wrap=True) if wraps else ElidedLabel(style=TypeStyle.FIXED)
        )
        # Code runs from left to right in every language.
        self._shown.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.copy_button = Button(icon="copy", kind=ButtonKind.BARE, name=say(msg("Copy")))
        self.copy_button.setAccessibleName(f"{say(msg('Copy'))}: {name}")
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margins(12, 2, 2, 2))
        layout.setSpacing(6)
        layout.addWidget(self._shown, 1)
        layout.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignTop)
        if not wraps:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.show_text(text)

    @property
    def text(self) -> str:
        """What is copied."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self._shown.setText(visible(text, _LIMIT))
        self.setAccessibleDescription(visible(text, _LIMIT))
