"""Making a vault: what it is and is not, and its passphrase, twice."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.identities.secret_field import SecretField
from trustdesk.gui.identities.strength_line import StrengthLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_REMARKS = (
    msg("Keys lie in one file of the workspace, encrypted by this passphrase (Argon2id, AES-256-GCM)."),
    msg("Once open it locks itself when it was not used for a while, when you lock it, and with trustdesk."),
    msg("Nobody can open it without the passphrase: what is in it is lost with it."),
    msg("It is no keyring of the system: its policies and its backup do not reach it."),
)


class VaultForm(QWidget):
    """Remarks, two fields, a button.

    Signals:
        made: the passphrase that was typed twice.
    """

    made = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = SecretField(say(msg("Passphrase of the vault")))
        self.second = SecretField(say(msg("Passphrase of the vault, again")))
        self.strength = StrengthLine()
        self._differ = RemarkLine(say(msg("Both are not the same.")), icon="warning", ink="warning")
        self.make_button = Button(say(msg("Make the vault")), icon="lock")
        self.make_button.setAutoDefault(False)
        self.make_button.clicked.connect(self._make)
        for field in (self.first, self.second):
            field.edited.connect(self._judge)
            field.submitted.connect(self._make)
        line = QHBoxLayout()
        line.addWidget(self.make_button)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for remark in _REMARKS:
            layout.addWidget(RemarkLine(say(remark), icon="information"))
        layout.addWidget(Text(say(msg("Passphrase")), TypeStyle.LABEL, "text2"))
        layout.addWidget(self.first)
        layout.addWidget(self.strength)
        layout.addWidget(Text(say(msg("The same again")), TypeStyle.LABEL, "text2"))
        layout.addWidget(self.second)
        layout.addWidget(self._differ)
        layout.addLayout(line)
        self._judge()

    def forget(self) -> None:
        """Empty both fields."""
        self.first.forget()
        self.second.forget()
        self._judge()

    def focus_first(self) -> None:
        """Move the keyboard to the first field."""
        self.first.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _judge(self) -> None:
        strong = self.strength.judge(self.first.text)
        self._differ.setVisible(bool(self.second.text) and self.first.text != self.second.text)
        self.make_button.setEnabled(strong and self.first.text == self.second.text)

    def _make(self) -> None:
        if self.make_button.isEnabled():
            passphrase = self.first.text
            self.forget()
            self.made.emit(passphrase)
