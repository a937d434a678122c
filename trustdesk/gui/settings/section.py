"""One section of the settings: for whom it holds, and its rows in cards."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.message import Message
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class Section(ScrolledColumn):
    """A column of cards that scrolls.

    Attributes:
        title: its name in the list of sections.
    """

    def __init__(self, title: Message, scope: Message) -> None:
        super().__init__(name=say(title))
        self.title = title
        self.column.setSpacing(10)
        self.column.addWidget(Text(say(title), TypeStyle.SECTION))
        self.column.addWidget(Text(say(scope), TypeStyle.SECOND_LINE, "text2", wrap=True))

    def add_rows(self, rows: Sequence[QWidget], *, title: Message | None = None) -> Card:
        """Add a card with rows, a line between them; return it."""
        if title is not None:
            self.column.addSpacing(4)
            self.column.addWidget(Text(say(title), TypeStyle.ROW_TITLE_BAD))
        card = Card()
        layout = QVBoxLayout(card)
        layout.setContentsMargins(1, 2, 1, 2)
        layout.setSpacing(0)
        for place, row in enumerate(rows):
            if place:
                layout.addWidget(Hairline())
            layout.addWidget(row)
        self.column.addWidget(card)
        return card

    def finish(self) -> None:
        """Keep the cards at the top."""
        self.column.addStretch(1)
