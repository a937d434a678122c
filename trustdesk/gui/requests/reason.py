"""An information notice: one thing that a person should understand before going on."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.message import Message
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_rounded
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 16
_LEFT = 12
_INFORMATION = ("information", "accent", "accent_soft")
_WARNING = ("warning", "warning", "warning_soft")
_BAD = ("bad", "bad", "bad_soft")


class Reason(QWidget):
    """Icon and sentences on the accent's soft ground; a warning on that of its state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = _INFORMATION
        self._words = Text(wrap=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margins(0, 9, _LEFT, 9))
        layout.setSpacing(0)
        # The icon's room is an item and no margin: margins do not change sides in right-to-left.
        layout.addSpacing(_LEFT + _ICON + 10)
        layout.addWidget(self._words, 1)

    @property
    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def show_words(self, *words: Message | None, is_warning: bool = False, is_bad: bool = False) -> None:
        """Say something, a sentence a line, as information or as what its state is; nothing hides it."""
        said = "\n".join(say(one) for one in words if one is not None)
        self._look = _BAD if is_bad else _WARNING if is_warning else _INFORMATION
        self._words.setText(said)
        self.setAccessibleName(said)
        self.setVisible(bool(said))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and icon."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        name, ink, soft = self._look
        ground, color = str(getattr(tokens, soft)), str(getattr(tokens, ink))
        paint_rounded(painter, QRectF(self.rect()), CONTROL_RADIUS, fill=ground)
        line = self._words.fontMetrics().height()
        place = QRect(_LEFT, 9 + max(0, (line - _ICON) // 2), _ICON, _ICON)
        place = self.style().visualRect(self.layoutDirection(), self.rect(), place)
        painter.drawPixmap(place.topLeft(), pixmap(name, color, _ICON, self.devicePixelRatioF()))
        painter.end()
