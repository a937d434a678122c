"""A card that says how far something long is, with Cancel; afterwards what it came to, with a cross."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.progress_bar import ProgressBar
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State


class JobStrip(Card):
    """Ring, title, numbers, chips with counts, bar.

    Signals:
        cancelled: the person pressed Cancel.
        closed: the person wants the totals gone.
    """

    cancelled = Signal()
    closed = Signal()

    def __init__(self, *, bar: str, close: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = Ring(18)
        self._title = Text(style=TypeStyle.ROW_TITLE_BAD)
        self._numbers = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self._chips = {state: StateChip() for state in (State.GOOD, State.WARNING, State.BAD, State.UNKNOWN)}
        self._bar = ProgressBar(name=bar)
        self.cancel_button = Button(say(msg("Cancel")), key="Esc")
        self.cancel_button.clicked.connect(self.cancelled)
        self.close_button = Button(icon="close", name=close)
        self.close_button.clicked.connect(self.closed)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._title)
        words.addWidget(self._numbers, 1)
        for chip in self._chips.values():
            words.addWidget(chip)
        self._chips[State.UNKNOWN].hide()
        middle = QVBoxLayout()
        middle.setSpacing(7)
        middle.addLayout(words)
        middle.addWidget(self._bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margins(13, 10, 12, 10))
        layout.setSpacing(12)
        layout.addWidget(self._ring)
        layout.addLayout(middle, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addWidget(self.cancel_button)
        self._buttons.addWidget(self.close_button)
        layout.addLayout(self._buttons)

    @property
    def words(self) -> str:
        """Title and numbers."""
        return self.accessibleName()

    def put_before_cancel(self, button: Button) -> None:
        """Add a button for what else can be done with the job."""
        self._buttons.insertWidget(0, button)

    def show_job(
        self,
        title: Message,
        numbers: Message,
        parts: Sequence[tuple[int, str]],
        total: int,
        *,
        running: bool,
        cancelling: bool = False,
        held: bool = False,
    ) -> None:
        """Show how far it is: `parts` of `total`, each with the token of its colour.

        Args:
            held: whether it waits for a person to let it go on.
        """
        self._ring.set_running(running and not held)
        self.cancel_button.setVisible(running)
        self.cancel_button.setEnabled(not cancelling)
        self.close_button.setVisible(not running)
        self._title.setText(say(title))
        self._numbers.setText(say(numbers))
        self._bar.show_parts(parts, total, say(numbers))
        self.setAccessibleName(f"{self._title.text()}: {self._numbers.text()}")

    def show_count(self, state: State, count: int, words: Message) -> None:
        """Show a count in the chip of its state; `words` is what assistive technology says.

        What is neither good nor bad has its chip only where there is something of it.
        """
        self._chips[state].show_state(state, str(count), name=say(words))
        if state is State.UNKNOWN:
            self._chips[state].setVisible(count > 0)

    def show_only(self, *states: State) -> None:
        """Show the chips of these states alone."""
        for state, chip in self._chips.items():
            chip.setVisible(state in states)
