"""What was done to the directory, with Undo."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.widgets.notice import Notice
from trustdesk.gui.words import say
from trustdesk.services.directory_values import DirectoryChange
from trustdesk.services.partner_words import change_words


class DirectoryNotice(Notice):
    """A sentence and Undo; `open_wanted` is that the person wants the change back.

    Attributes:
        change: what Undo takes back; None for nothing.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.change: DirectoryChange | None = None
        self.open_button.show_as(say(msg("Undo")), name=say(msg("Undo the change of the directory")))
        self.hide()

    def show_change(self, change: DirectoryChange) -> None:
        """Say what was done."""
        self.change = change if change.undo is not None else None
        self.show_notice(change_words(change), opens=self.change is not None)

    def show_words(self, words: Message) -> None:
        """Say something that has no Undo."""
        self.change = None
        self.show_notice(words, opens=False)
