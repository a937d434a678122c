"""What a page or a tab shows before it holds anything: what it is for, and the ways to begin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_NO_LIMIT = (1 << 24) - 1
"""Qt's own largest width of a widget."""


class EmptyState(QWidget):
    """A headline, sentences below it, and buttons, in the middle of the room there is."""

    def __init__(
        self,
        headline: Message,
        *sentences: Message,
        buttons: Sequence[Button],
        style: TypeStyle = TypeStyle.PAGE_TITLE,
        widest: int = _NO_LIMIT,
        gap: int = 6,
    ) -> None:
        """Make it.

        Args:
            buttons: the ways to begin, the first one for the keyboard.
            style: of the headline.
            widest: how wide a line of words gets at most, in pixels.
            gap: between words and buttons, beside what is between lines, in pixels.
        """
        super().__init__()
        self._first = buttons[0]
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addLayout(_line(headline, style, "text", widest))
        for sentence in sentences:
            layout.addLayout(_line(sentence, TypeStyle.BODY, "text2", widest))
        layout.addSpacing(gap)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(3)

    def focus_first(self) -> None:
        """Move the keyboard to the first way to begin."""
        self._first.setFocus(Qt.FocusReason.OtherFocusReason)


def _line(words: Message, style: TypeStyle, ink: str, widest: int) -> QHBoxLayout:
    line = Text(say(words), style, ink, wrap=True)
    line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    line.setMaximumWidth(widest)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(line, 100)
    row.addStretch(1)
    return row
