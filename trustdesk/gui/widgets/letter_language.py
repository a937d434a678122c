"""In which language a letter is written: the partner reads it, not the person at this desk."""

from __future__ import annotations

from trustdesk.core.message import Message, msg
from trustdesk.gui.language import NAMES
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.words import say
from trustdesk.services.wording import ENGLISH, wording


class LetterLanguage(Combo):
    """A choice of languages; English first, which the partners of an airline read."""

    def __init__(self) -> None:
        super().__init__(name=say(msg("Language of the letter")))
        for language, name in NAMES.items():
            self.addItem(name, language)
        self.setCurrentIndex(self.findData(ENGLISH))

    def say(self, message: Message) -> str:
        """Return a sentence in the language that is chosen."""
        return wording(str(self.currentData())).text(message)
