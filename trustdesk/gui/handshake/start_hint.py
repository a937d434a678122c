"""What stands on the page before anything was run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 32


class StartHint(QWidget):
    """A sign and two lines in the middle of the empty page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        title = Text(say(msg("Nothing was run yet")), TypeStyle.SECTION)
        sentence = msg("Name a partner's server above and press Run: one connection, message by message.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 40)
        layout.setSpacing(8)
        layout.addStretch(1)
        for part in (self._icon, title, Text(say(sentence), ink="text2")):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        current_theme().changed.connect(self._take_theme)
        self._take_theme()

    def _take_theme(self) -> None:
        color = current_theme().tokens.text3
        self._icon.setPixmap(pixmap("handshake", color, _ICON, self.devicePixelRatioF()))
