"""The title of one request: icon, purpose, and how it stands."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.gui.requests.words import PURPOSE_ICONS, REQUEST_WORDS
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State

_ICON = 16


class RequestHead(QWidget):
    """Icon, words, chip."""

    def __init__(self, purpose: RequestPurpose, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._purpose = purpose
        self._icon = QLabel()
        self.chip = _Chip()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(9)
        layout.addWidget(self._icon)
        layout.addWidget(Text(say(REQUEST_WORDS[purpose]), TypeStyle.ROW_TITLE_BAD), 1)
        layout.addWidget(self.chip)
        current_theme().changed.connect(self._take_theme)
        self._take_theme()

    def _take_theme(self) -> None:
        color = current_theme().tokens.text2
        self._icon.setPixmap(pixmap(PURPOSE_ICONS[self._purpose], color, _ICON, self.devicePixelRatioF()))


class _Chip(StateChip):
    """What is ready has the accent and a tick: it can be gone on with, and nothing is proved."""

    def show_state(
        self, state: State | None, word: str, *, name: str | None = None, icon: str | None = None
    ) -> None:
        """Show a state."""
        super().show_state(state, word, name=name, icon="tick" if state is State.RUNNING else icon)
