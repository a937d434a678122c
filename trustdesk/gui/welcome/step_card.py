"""One of the first steps: what it is, what comes of it, whether it is done, and the button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 24


class StepCard(Card):
    """The card.

    Signals:
        wanted: the person wants to take the step.
    """

    wanted = Signal()

    def __init__(
        self, title: Message, sentence: Message, action: Message, *, icon: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._title = say(title)
        self.is_done = False
        self._icon = QLabel()
        self._done = Text(say(msg("Done")), TypeStyle.LABEL, "text2")
        self._tick = QLabel()
        self.button = Button(say(action))
        self.button.clicked.connect(self.wanted)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._icon)
        head.addStretch(1)
        head.addWidget(self._tick)
        head.addWidget(self._done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addSpacing(4)
        layout.addWidget(Text(self._title, TypeStyle.SECTION, wrap=True))
        layout.addWidget(Text(say(sentence), ink="text2", wrap=True))
        layout.addStretch(1)
        layout.addSpacing(8)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeading)
        current_theme().changed.connect(self._take_theme)
        self._take_theme()
        self.show_standing(is_done=False, is_next=False)

    def show_standing(self, *, is_done: bool, is_next: bool) -> None:
        """Say whether the step is done, and make the next one the loud one."""
        self.is_done = is_done
        self._done.setVisible(is_done)
        self._tick.setVisible(is_done)
        self.button.set_kind(ButtonKind.PRIMARY if is_next else ButtonKind.QUIET)
        name = say(msg("{step}: done", step=self._title)) if is_done else self._title
        self.setAccessibleName(name)

    def _take_theme(self) -> None:
        tokens, ratio = current_theme().tokens, self.devicePixelRatioF()
        self._icon.setPixmap(pixmap(self._icon_name, tokens.accent, _ICON, ratio))
        self._tick.setPixmap(pixmap("tick", tokens.text2, 16, ratio))
