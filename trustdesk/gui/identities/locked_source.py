"""A file of which something stayed closed: its password, and what came of the last one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.identities.secret_field import SecretField
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.words import say


class LockedSource(Card):
    """Name of the file, field, button.

    Signals:
        given: the file, and the password that was typed.
    """

    given = Signal(str, str)

    def __init__(self, source: str, *, is_java: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        name = source.rpartition("/")[2]
        title = msg("{file} is closed", file=name)
        label = msg("Password of {file}", file=name)
        if is_java:
            title = msg("A key in {file} is closed", file=name)
            label = msg("Password of a key in {file}", file=name)
        self.title = ElidedLabel(say(title), style=TypeStyle.ROW_TITLE_BAD)
        self.field = SecretField(say(label), placeholder=say(msg("Password")))
        unlock = say(msg("Unlock {file}", file=name))
        self.unlock_button = Button(say(msg("Unlock")), icon="unlock", name=unlock)
        self.unlock_button.setAutoDefault(False)
        self.wrong = RemarkLine(icon="bad", ink="bad")
        self.field.submitted.connect(self._give)
        self.field.edited.connect(self.wrong.hide)
        self.unlock_button.clicked.connect(self._give)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(self.unlock_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addLayout(line)
        layout.addWidget(self.wrong)
        if is_java:
            hint = msg(
                "Keys of a Java key store may each have a password of their own: give one after another."
            )
            layout.addWidget(RemarkLine(say(hint), icon="information"))
        self.wrong.hide()

    @property
    def source(self) -> str:
        """The file."""
        return self._source

    def show_wrong(self, words: Message) -> None:
        """Say that the password did not open it."""
        self.wrong.show_words(say(words))
        self.wrong.show()
        self.field.show_wrong()

    def forget(self) -> None:
        """Let go of what was typed."""
        self.field.forget()

    def _give(self) -> None:
        if self.field.text:
            self.given.emit(self._source, self.field.text)
