"""A question before something that cannot be taken back: what follows from it, then one button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_ICON = 16
_SIZE, _SMALLEST = (540, 280), (420, 240)


class ConfirmDialog(PlainDialog):
    """Consequences, a line each; the safe button has the keyboard.

    Signals:
        agreed: the person wants it; the dialog closes.
    """

    agreed = Signal()

    def __init__(
        self,
        parent: QWidget,
        title: Message,
        explanation: Message,
        consequences: Sequence[Message],
        *,
        verb: Message,
    ) -> None:
        super().__init__(parent, title, explanation, size=_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_SIZE)
        self._marks: list[QLabel] = []
        for words in consequences:
            mark = QLabel()
            self._marks.append(mark)
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Text(say(words), wrap=True), 1)
            self.content.addLayout(row)
        self.content.addStretch(1)
        self.agree_button = self.add_button(Button(say(verb), icon="warning"))
        self.agree_button.clicked.connect(self._agree)
        self.close_button.show_as(say(msg("Keep it")), key=say(msg("Esc")))
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        current_theme().changed.connect(self._take_theme)
        self._take_theme()

    def _agree(self) -> None:
        self.agreed.emit()
        self.accept()

    def _take_theme(self) -> None:
        color = current_theme().tokens.warning
        for mark in self._marks:
            mark.setPixmap(pixmap("warning", color, _ICON, self.devicePixelRatioF()))
