"""One line that says what was done to trust, with Undo where it can be taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.done_notice import DoneNotice
from trustdesk.gui.words import say


class UndoNotice(DoneNotice):
    """Tick, sentence, Undo, close."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undo: Callable[[], None] | None = None
        self.undo_button = Button(say(msg("Undo")), kind=ButtonKind.LINK)
        self.undo_button.clicked.connect(self._press)
        layout = self.layout()
        if isinstance(layout, QHBoxLayout):
            layout.insertWidget(layout.count() - 1, self.undo_button)

    def say_done_with(self, words: Message, undo: Callable[[], None] | None = None) -> None:
        """Say what was done; `undo` takes it back, None where nothing does."""
        self._undo = undo
        self.undo_button.setVisible(undo is not None)
        self.say_done(say(words))

    def _press(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()
