"""A question before something that is written into the trust log: what follows, why, then one button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.words import say

_SIZE, _SMALLEST = (560, 320), (420, 260)


class CommentDialog(PlainDialog):
    """What follows, a line for why, and the button.

    Signals:
        agreed: the comment; the dialog closes.
    """

    agreed = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        title: Message,
        explanation: Message,
        consequences: Sequence[Message] = (),
        *,
        verb: Message,
        required: bool = True,
        danger: bool = False,
    ) -> None:
        super().__init__(parent, title, explanation, size=_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self.resize(*_SIZE)
        self._required = required
        self.reason = Reason()
        self.reason.show_words(*consequences, is_warning=danger)
        self.content.addWidget(self.reason)
        self.comment = line_edit(say(msg("Why")), placeholder=say(msg("It is written into the trust log")))
        self.comment.setLayoutDirection(self.layoutDirection())
        self.comment.setMaxLength(500)
        self.comment.textChanged.connect(self._check)
        self.content.addWidget(FieldCell(say(msg("Why")), self.comment))
        self.content.addStretch(1)
        self.agree_button = self.add_button(
            Button(say(verb), kind=ButtonKind.DANGER if danger else ButtonKind.PRIMARY)
        )
        self.agree_button.clicked.connect(self._agree)
        self.comment.returnPressed.connect(self.agree_button.click)
        self.close_button.show_as(say(msg("Cancel")), key=say(msg("Esc")))
        self._check()
        self.comment.setFocus(Qt.FocusReason.OtherFocusReason)

    def _check(self) -> None:
        self.agree_button.setEnabled(not self._required or bool(self.comment.text().strip()))

    def _agree(self) -> None:
        self.agreed.emit(self.comment.text().strip())
        self.accept()
