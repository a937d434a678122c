"""How strong a passphrase is that a person types: a bar, a word, and why it is refused."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.progress_bar import ProgressBar
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_FULL = 4
_WORDS: tuple[tuple[Message, str], ...] = (
    (msg("Found at once"), "bad"),
    (msg("Weak"), "bad"),
    (msg("Not strong enough"), "warning"),
    (msg("Strong"), "good"),
    (msg("Very strong"), "good"),
)


class StrengthLine(QWidget):
    """Bar and words; nothing while there is nothing to judge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = ProgressBar(name=say(msg("Strength of the passphrase")))
        self._bar.setFixedWidth(96)
        self._words = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._bar)
        layout.addWidget(self._words, 1)
        self.is_strong = False
        self._bar.hide()

    @property
    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def judge(self, passphrase: str, about: Sequence[str] = ()) -> bool:
        """Say how strong a passphrase is; return whether it may be used."""
        # The estimate's word lists are not needed before something is typed.
        from trustdesk.services.passphrases import strength_of

        self._bar.setVisible(bool(passphrase))
        if not passphrase:
            self.is_strong = False
            self._words.setText("")
            return False
        strength = strength_of(passphrase, about)
        self.is_strong = strength.problem is None
        words, ink = _WORDS[strength.score]
        shown = say(words) if strength.problem is None else say(strength.problem)
        self._words.setText(shown)
        self._words.set_ink("text2" if self.is_strong else ink)
        self._bar.show_parts([(max(1, strength.score), ink)], _FULL, shown)
        self.setAccessibleName(shown)
        return self.is_strong
