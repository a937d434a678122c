"""The test run before this one did not come to its end: go on with it, or leave it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.dates import both_times, date_and_time
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 16


class LeftNotice(Card):
    """What was interrupted, Go on and Dismiss.

    Signals:
        go_on_pressed, dismissed: the buttons; the notice stays as it is.
    """

    go_on_pressed = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = Text()
        self._words = Text(wrap=True)
        self.go_on_button = Button(say(msg("Go on")), icon="run", name=say(msg("Go on with the test run")))
        self.go_on_button.setToolTip(say(msg("Test those that are left")))
        self.go_on_button.clicked.connect(self.go_on_pressed)
        self.dismiss_button = Button(say(msg("Dismiss")), name=say(msg("Dismiss the rest of the test run")))
        self.dismiss_button.setToolTip(say(msg("Results that are there stay; the run is not offered again")))
        self.dismiss_button.clicked.connect(self.dismissed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margins(14, 8, 10, 8))
        layout.setSpacing(10)
        layout.addWidget(self._picture)
        layout.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.go_on_button)
        layout.addWidget(self.dismiss_button)
        current_theme().changed.connect(self._redraw)
        self._redraw()
        self.hide()

    @property
    def words(self) -> str:
        """The sentence."""
        return self._words.text()

    def show_left(self, left: LeftOfSweep) -> None:
        """Say what is left."""
        self._words.setText(say(left_words(left)))
        self._words.setToolTip(both_times(left.started_at))
        self.setAccessibleName(self._words.text())
        self.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._words.text()))

    def _redraw(self) -> None:
        ink = current_theme().tokens.text2
        self._picture.setPixmap(pixmap("information", ink, _ICON, self.devicePixelRatioF()))


def left_words(left: LeftOfSweep) -> Message:
    """Say which run was interrupted, and how much of it is left."""
    return msg_n(
        "The test run of {started} was interrupted: {count} of {all} is left.",
        "The test run of {started} was interrupted: {count} of {all} are left.",
        len(left.endpoints),
        started=date_and_time(left.started_at),
        all=left.targets,
    )
