"""The frame of one step: a question, a sentence, and what answers it, scrolled where it is too long."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from trustdesk.core.message import Message
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class StepPage(ScrolledColumn):
    """Question, sentence, content.

    Attributes:
        content: where the parts go.
    """

    def __init__(self, question: Message, explanation: Message) -> None:
        super().__init__(name=say(question))
        self.question = Text(say(question), TypeStyle.SECTION, wrap=True)
        self.explanation = Text(say(explanation), ink="text2", wrap=True)
        layout = self.column
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(0)
        layout.addWidget(self.question)
        layout.addSpacing(5)
        layout.addWidget(self.explanation)
        layout.addSpacing(12)
        self.content = QVBoxLayout()
        self.content.setSpacing(8)
        layout.addLayout(self.content, 1)

    def ask(self, question: Message, explanation: Message) -> None:
        """Ask something else."""
        self.question.setText(say(question))
        self.explanation.setText(say(explanation))
        self.setAccessibleName(say(question))

    def focus_first(self) -> None:
        """Move the keyboard to where one begins."""
