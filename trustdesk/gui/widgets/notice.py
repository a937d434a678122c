"""An inline notice: something was done. It stays until it is closed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.accessible import announce
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class Notice(Card):
    """Tick, sentence, Open and Close; with `wraps` a long sentence takes several lines, else it is elided.

    Signals:
        open_wanted: the person wants to see what was made.
    """

    open_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, wraps: bool = False) -> None:
        super().__init__(parent)
        self._tick = Text()
        self._words: Text = Text(wrap=True) if wraps else ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.open_button = Button(say(msg("Open")), kind=ButtonKind.LINK)
        self.open_button.clicked.connect(self.open_wanted)
        close = Button(icon="close", kind=ButtonKind.BARE, name=say(msg("Close the notice")))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margins(14, 6 if wraps else 2, 4, 6 if wraps else 2))
        layout.setSpacing(10)
        layout.addWidget(self._tick)
        layout.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.open_button)
        layout.addWidget(close)
        current_theme().changed.connect(self._redraw)
        self._redraw()

    @property
    def words(self) -> str:
        """What was done."""
        return self._words.text()

    def show_notice(self, words: Message, *, opens: bool = True) -> None:
        """Say what was done; `opens` is whether there is something to see."""
        self.open_button.setVisible(opens)
        self._words.setText(say(words))
        self.setAccessibleName(self._words.text())
        self.show()
        announce(self, self._words.text())

    def _redraw(self) -> None:
        self._tick.setPixmap(pixmap("tick", current_theme().tokens.text2, 16, self.devicePixelRatioF()))
