"""The bar below the pages: what runs, with Cancel; else what the last sweep came to."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.painting import hairline
from trustdesk.gui.widgets.progress_bar import ProgressBar
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

HEIGHT = 28


class StatusBar(QWidget):
    """One line about jobs.

    Signals:
        cancelled: the person pressed Cancel.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = Ring(14)
        self._icon = Text()
        self._icon_name, self._ink = "tick", "text2"
        self._words = ElidedLabel(style=TypeStyle.LABEL, ink="text2")
        self._bar = ProgressBar(name=say(msg("Progress of the job")))
        self._bar.setFixedWidth(96)
        self._cancel = Button(say(msg("Cancel")), kind=ButtonKind.LINK)
        self._cancel.clicked.connect(self.cancelled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 0, 24, 0)
        layout.setSpacing(8)
        layout.addWidget(self._ring)
        layout.addWidget(self._icon)
        layout.addWidget(self._words)
        layout.addWidget(self._bar)
        layout.addWidget(self._cancel)
        layout.addStretch(1)
        self._line = layout
        self.setFixedHeight(max(HEIGHT, self._cancel.sizeHint().height() + 4))
        self.setAccessibleName(say(msg("Status bar")))
        current_theme().changed.connect(self._redraw)
        self.show_rest(msg("No jobs running"))

    @property
    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def add_at_end(self, part: QWidget) -> None:
        """Put something that is told all the time at the end."""
        self._line.addWidget(part)

    def show_job(self, words: Message, done: int, total: int, *, can_cancel: bool) -> None:
        """Show a job that runs; 0 for `total` shows no bar."""
        self._ring.set_running(True)
        self._icon.hide()
        self._words.setText(say(words))
        self._bar.setVisible(total > 0)
        self._bar.show_parts([(done, "accent")], total, say(words))
        self._cancel.setVisible(can_cancel)

    def show_rest(self, words: Message, *, icon: str = "tick", ink: str = "text2") -> None:
        """Say what the last job came to; nothing runs."""
        self._ring.set_running(False)
        self._icon_name, self._ink = icon, ink
        self._icon.show()
        self._words.setText(say(words))
        self._bar.hide()
        self._cancel.hide()
        self._redraw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and line."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.rail))
        line = hairline(self.devicePixelRatioF())
        painter.fillRect(QRectF(0, 0, self.width(), line), QColor(tokens.border))
        painter.end()

    def _redraw(self) -> None:
        color = str(getattr(current_theme().tokens, self._ink))
        self._icon.setPixmap(pixmap(self._icon_name, color, 14, self.devicePixelRatioF()))
