"""The middle step of an import: what is being done, how far it is, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.progress_bar import ProgressBar
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.trust_desk import ImportPhase, ImportProgress

PHASE_WORDS: dict[ImportPhase, Message] = {
    ImportPhase.FETCHING: msg("Fetching"),
    ImportPhase.READING: msg("Reading"),
    ImportPhase.CHECKING: msg("Checking signature, rules and differences"),
    ImportPhase.KEEPING: msg("Keeping"),
}


class ImportSteps(QWidget):
    """The phases, the current one with its numbers.

    Signals:
        cancelled: the person pressed Cancel.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = Ring(18)
        self._title = Text(style=TypeStyle.SECTION)
        self._numbers = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self._bar = ProgressBar(name=say(msg("How far the import is")))
        self.cancel_button = Button(say(msg("Cancel")), key=say(msg("Esc")))
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.cancelled)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._ring)
        head.addWidget(self._title, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addLayout(head)
        layout.addWidget(self._bar)
        layout.addWidget(self._numbers)
        layout.addWidget(self.cancel_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(3)

    @property
    def words(self) -> str:
        """What is being done, and how far it is."""
        return f"{self._title.text()} {self._numbers.text()}".strip()

    def begin(self, words: Message) -> None:
        """Show that something begins."""
        self._ring.set_running(True)
        self.cancel_button.setEnabled(True)
        self._title.setText(say(words))
        self._numbers.setText("")
        self._bar.show_parts((), 1, "")

    def end(self) -> None:
        """Stand still."""
        self._ring.set_running(False)

    def show_progress(self, progress: ImportProgress) -> None:
        """Show how far it is."""
        self._title.setText(f"{say(PHASE_WORDS[progress.phase])} …")
        if progress.total:
            numbers = say(msg("{done} of {total}", done=progress.done, total=progress.total))
            self._bar.show_parts(((progress.done, "accent"),), progress.total, numbers)
        else:
            numbers = str(progress.done) if progress.done else ""
            self._bar.show_parts((), 1, numbers)
        self._numbers.setText(numbers)
        self.setAccessibleName(self.words)
