"""The lists at the left, as cards; in a narrow window a choice above the list in view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_version import ListSummary
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.list_card import ListCard
from trustdesk.gui.trust.words import list_looks, summary_title
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card, CardGround
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_WIDTH = 256


class ListColumn(QWidget):
    """Cards, the way to one more list, and how lists judge together.

    Signals:
        chosen: name of the list that the person wants to see.
        import_pressed: the person wants a list that is not here yet.
    """

    chosen = Signal(str)
    import_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[ListCard] = []
        self.add_button = Button(icon="add", name=say(msg("Import a list …")))
        self.add_button.clicked.connect(self.import_pressed)
        self.combo = Combo(name=say(msg("List in view")), icon="trust-lists")
        self.combo.activated.connect(lambda place: self.chosen.emit(str(self.combo.itemData(place))))
        self.hint = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self._scroll = ScrolledColumn(name=say(msg("Lists")))
        self._scroll.column.setSpacing(10)
        self._scroll.column.setContentsMargins(0, 0, 0, 0)
        self._title = Text(say(msg("Lists")), TypeStyle.SECTION)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self.combo, 1)
        head.addStretch(0)
        head.addWidget(self.add_button)
        self._foot = Card(ground=CardGround.SUNKEN)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(12, 9, 12, 10)
        foot.addWidget(self.hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._foot)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Be a line with a choice, or a column of cards."""
        had_focus = any(card.hasFocus() for card in self.cards) or self.combo.hasFocus()
        self.combo.setVisible(narrow)
        self._title.setVisible(not narrow)
        self._scroll.setVisible(not narrow)
        self._foot.setVisible(not narrow)
        self.setFixedWidth(_WIDTH) if not narrow else self.setMaximumWidth((1 << 24) - 1)
        if narrow:
            self.setMinimumWidth(0)
        if had_focus:
            self.focus_current()

    def show_lists(self, lists: Sequence[ListSummary], current: str, now: datetime) -> None:
        """Show the lists, one of them in view."""
        had_focus = next((card.summary.name for card in self.cards if card.hasFocus()), None)
        self._scroll.clear()
        self.cards = []
        self.combo.clear()
        for summary in lists:
            card = ListCard(summary, now)
            card.setChecked(summary.name == current)
            card.clicked.connect(lambda _checked=False, name=summary.name: self.chosen.emit(name))
            card.moved.connect(self._move)
            self._scroll.column.addWidget(card)
            self.cards.append(card)
            words = ", ".join(look.word for look in list_looks(summary, now))
            self.combo.addItem(f"{summary_title(summary)} ({words})", summary.name)
            if summary.name == had_focus:
                card.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.column.addStretch(1)
        self.combo.setCurrentIndex(next((i for i, one in enumerate(lists) if one.name == current), -1))
        self.hint.setText(say(_hint(sum(one.in_force for one in lists))))

    def set_current(self, name: str) -> None:
        """Mark the list in view."""
        for place, card in enumerate(self.cards):
            if card.summary.name == name:
                card.setChecked(True)
                self.combo.setCurrentIndex(place)

    def focus_current(self) -> None:
        """Move the keyboard to the list in view."""
        if self.combo.isVisible():
            self.combo.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        for card in self.cards:
            if card.isChecked():
                card.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, step: int) -> None:
        place = next((i for i, card in enumerate(self.cards) if card.hasFocus()), 0) + step
        if 0 <= place < len(self.cards):
            self.cards[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.cards[place].click()


def _hint(in_force: int) -> Message:
    if in_force == 0:
        return msg("No list of yours is in force.")
    return msg_n(
        "One list in force judges. A path counts when it ends in it.",
        "{count} lists in force judge together. A path counts when it ends in any.",
        in_force,
    )
