"""Below the top bar, while what is judged is not judged for today."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.dates import iso_date
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.painting import hairline
from trustdesk.gui.words import say

HEIGHT = 36
_ICON = 16


class AsOfBanner(QWidget):
    """ "Judged as of 2027-03-15. Back to today", over the whole width.

    Signals:
        back_wanted: the person wants today again.
    """

    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ElidedLabel(style=TypeStyle.ROW_TITLE_BAD, ink="warning")
        self._hint = ElidedLabel(
            say(msg("Tests still happen now; what happened in them is told as of their own day.")),
            ink="text2",
        )
        self.back = Button(say(msg("Back to today")), kind=ButtonKind.LINK)
        self.back.clicked.connect(self.back_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margins(24 + _ICON + 8, 0, 24, 0))
        layout.setSpacing(10)
        layout.addWidget(self._words)
        layout.addWidget(self.back)
        layout.addWidget(self._hint, 1)
        self.setFixedHeight(HEIGHT)
        self.hide()

    @property
    def words(self) -> str:
        """The sentence."""
        return self._words.text()

    def show_time(self, at: datetime | None) -> None:
        """Say for which day is judged; None hides the banner."""
        self.setVisible(at is not None)
        if at is not None:
            date = iso_date(at).strip("\u2068\u2069")
            self._words.setText(say(msg("Judged as of {date}.", date=date)))
            self.setAccessibleName(self._words.text())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, its line and the icon."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.warning_soft))
        line = hairline(self.devicePixelRatioF())
        painter.fillRect(QRectF(0, self.height() - line, self.width(), line), QColor(tokens.border))
        left_to_right = self.layoutDirection().name == "LeftToRight"
        x = 24 if left_to_right else self.width() - 24 - _ICON
        picture = pixmap("clock", tokens.warning, _ICON, self.devicePixelRatioF())
        painter.drawPixmap(x, (self.height() - _ICON) // 2, picture)
        painter.end()
