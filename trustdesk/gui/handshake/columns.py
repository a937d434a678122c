"""The two columns of a result: side by side in a wide window, one above the other in a narrow one."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.gui.handshake.comparison import ComparisonCard
from trustdesk.gui.handshake.fields import FieldsCard
from trustdesk.gui.handshake.known import KnownCard
from trustdesk.gui.handshake.message_card import MessageCard

WIDE = 1180
"""Width of the window from which the right column stands beside the ladder."""

_TALL = 400
_RIGHT = 440
_VERY_WIDE = 1800


class ResultColumns(QWidget):
    """Ladder or known facts at the start, comparison and fields at the end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageCard()
        self.known = KnownCard()
        self.comparison = ComparisonCard()
        self.fields = FieldsCard()
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(14)
        right.addWidget(self.comparison)
        right.addWidget(self.fields, 1)
        right.addStretch(0)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(14)
        self._box.addWidget(self.messages, 8)
        self._box.addWidget(self.known, 8)
        self._box.addWidget(self._right, 5)
        self._wide: bool | None = None
        self.arrange()

    def show_known_only(self, known_only: bool) -> None:
        """Show what is known in place of an empty ladder."""
        self.known.setVisible(known_only)
        self.messages.setVisible(not known_only)
        self.fields.setVisible(not known_only)
        tall = QSizePolicy.Policy.Maximum if known_only else QSizePolicy.Policy.Preferred
        self.setSizePolicy(QSizePolicy.Policy.Preferred, tall)
        self.arrange()

    def arrange(self) -> None:
        """Fit to the window: call it when the window's width or the content has changed."""
        wide = self.window().width() >= WIDE
        if wide is not self._wide:
            self._wide = wide
            direction = QBoxLayout.Direction
            self._box.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
            self._right.setMinimumWidth(_RIGHT if wide else 0)
        if wide:
            self._box.setStretchFactor(self._right, 5 if self.window().width() < _VERY_WIDE else 8)
        # Side by side the columns scroll inside; one above the other the page scrolls, and nothing inside.
        self.messages.setMinimumHeight(_TALL if wide else max(_TALL, self.messages.natural_height))
        self.fields.setMinimumHeight(160 if wide else min(900, self.fields.natural_height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep in step with the window."""
        super().resizeEvent(event)
        self.arrange()
