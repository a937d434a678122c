"""What entries are for, where their list does not say: nothing is answered for the person."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_entry import Usage
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_CHOICES: tuple[tuple[frozenset[Usage], Message], ...] = (
    (frozenset({Usage.TLS_SERVER}), msg("Servers of partners, whom we call")),
    (frozenset({Usage.TLS_CLIENT}), msg("Clients of partners, who call us")),
    (frozenset({Usage.TLS_SERVER, Usage.TLS_CLIENT}), msg("Both")),
)


class UsageQuestion(Card):
    """A question with three answers, none of them chosen.

    Signals:
        answered: the usages that were chosen.
    """

    answered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = Text(style=TypeStyle.SECTION, wrap=True)
        self._hint = Text(ink="text2", wrap=True)
        self.choices = [QRadioButton(say(words)) for _usages, words in _CHOICES]
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(self._question)
        layout.addWidget(self._hint)
        for place, choice in enumerate(self.choices):
            self._group.addButton(choice, place)
            choice.setMinimumHeight(24)
            layout.addWidget(choice)
        self._group.idClicked.connect(lambda place: self.answered.emit(_CHOICES[place][0]))

    def ask(self, count: int, *, can_answer: bool) -> None:
        """Ask about so many entries; 0 asks nothing."""
        self.setVisible(count > 0)
        question = (
            msg_n(
                "{count} entry does not say what it is for. What shall it vouch for?",
                "{count} entries do not say what they are for. What shall they vouch for?",
                count,
            )
            if can_answer
            else msg_n(
                "{count} entry does not say what it is for.",
                "{count} entries do not say what they are for.",
                count,
            )
        )
        self._question.setText(say(question))
        self._hint.setText(
            say(
                msg("Nothing is applied before this is answered.")
                if can_answer
                else msg(
                    "Until that is decided it counts for servers and clients; Limit usage in Entries does it."
                )
            )
        )
        self._group.setExclusive(False)
        for choice in self.choices:
            choice.setChecked(False)
            choice.setVisible(can_answer)
        self._group.setExclusive(True)
