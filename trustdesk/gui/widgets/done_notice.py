"""One line that says what was done; it stays until it is closed."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 16


class DoneNotice(Card):
    """Tick, sentence, close."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Text(wrap=True)
        self.close_button = Button(icon="close", kind=ButtonKind.BARE, name=say(msg("Close the notice")))
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margins(14 + _ICON + 10, 4, 6, 4))
        layout.setSpacing(10)
        layout.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.close_button)
        self.hide()

    @property
    def words(self) -> str:
        """The sentence."""
        return self._words.text()

    def say_done(self, words: str) -> None:
        """Say what was done."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card with its tick."""
        super().paintEvent(event)
        painter = QPainter(self)
        place = QRect(14, (self.height() - _ICON) // 2, _ICON, _ICON)
        place = self.style().visualRect(self.layoutDirection(), self.rect(), place)
        color = current_theme().tokens.text2
        painter.drawPixmap(place.topLeft(), pixmap("tick", color, _ICON, self.devicePixelRatioF()))
        painter.end()
