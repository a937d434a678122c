"""One thing that a CA did not issue as it was asked: asked, issued, and what follows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from trustdesk.core.certificate_request import RequestDifference
from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 16


class DifferenceRow(QWidget):
    """Icon and subject, both values below each other, the meaning; harmful ones are red."""

    def __init__(self, difference: RequestDifference) -> None:
        super().__init__()
        self._is_harmful = difference.is_harmful
        self._icon = QLabel()
        ink = "bad" if difference.is_harmful else "text"
        word = msg("Harmful") if difference.is_harmful else msg("Different")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 6, 0, 6)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Text(say(difference.subject), TypeStyle.ROW_TITLE_BAD, ink), 0, 1, 1, 2)
        for row, (label, value) in enumerate(
            ((msg("Asked"), difference.asked), (msg("Issued"), difference.issued)), 1
        ):
            grid.addWidget(Text(say(label), TypeStyle.LABEL, "text2"), row, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(_value(value), TypeStyle.SECOND_LINE, wrap=True), row, 2)
        grid.addWidget(Text(say(difference.meaning), TypeStyle.BODY, ink, wrap=True), 3, 1, 1, 2)
        self.setAccessibleName(f"{say(word)}: {say(difference.subject)}")
        said = (
            f"{say(msg('Asked'))}: {_value(difference.asked)}",
            f"{say(msg('Issued'))}: {_value(difference.issued)}",
            say(difference.meaning),
        )
        self.setAccessibleDescription(". ".join(said))
        current_theme().changed.connect(self._take_theme)
        self._take_theme()

    def _take_theme(self) -> None:
        tokens = current_theme().tokens
        name, color = ("bad", tokens.bad) if self._is_harmful else ("information", tokens.text2)
        self._icon.setPixmap(pixmap(name, color, _ICON, self.devicePixelRatioF()))


def _value(value: Message | None) -> str:
    return say(msg("nothing")) if value is None else say(value)
