"""The card What changes: entries that differ, and below them the fields of the one in view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_version import EntryChange, ListDifference
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.change_table import ChangesModel, ChangesTable, FieldDifferences
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_PAD = 16


class ChangeCard(Card):
    """Title with the count, table, fields.

    Signals:
        chosen: SHA-256 of the entry in view.
        opened: SHA-256 of an entry that a person wants to see whole.
    """

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self._words = Text(ink="text2", wrap=True)
        self.error = VerdictBanner()
        self.error.hide()
        self.model = ChangesModel(self)
        self.table = ChangesTable(self.model)
        self.fields = FieldDifferences()
        self.table.selectionModel().currentRowChanged.connect(lambda _index: self._show_current())
        self.table.entered_row.connect(self._open)
        head = QHBoxLayout()
        head.setContentsMargins(_PAD, 12, _PAD, 0)
        head.setSpacing(10)
        head.addWidget(Text(say(msg("What changes")), TypeStyle.SECTION))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addStrut(32)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(0)
        foot.addWidget(Hairline())
        inside = QVBoxLayout()
        inside.setContentsMargins(_PAD, 9, _PAD, 12)
        inside.addWidget(self.fields)
        foot.addLayout(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        self._said = QWidget()
        said = QVBoxLayout(self._said)
        said.setContentsMargins(_PAD, 0, _PAD, 10)
        said.addWidget(self._words)
        layout.addWidget(self._said)
        layout.addWidget(self.error)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)
        layout.addWidget(self._foot)
        self.say_nothing(msg("Comparing …"))

    @property
    def words(self) -> str:
        """What is said in place of the table."""
        return self._words.text()

    def say_nothing(self, words: Message) -> None:
        """Show no difference, and say why."""
        self._show((), words)

    def show_difference(self, difference: ListDifference) -> None:
        """Show what differs."""
        same = msg_n(
            "Nothing differs: {count} entry is the same in both.",
            "Nothing differs: all {count} entries are the same in both.",
            difference.unchanged,
        )
        self._show(difference.changes, None if difference.changes else same)

    def show_error(self, error: TrustdeskError) -> None:
        """Say why it could not be compared."""
        self._show((), None)
        self.error.show_error(error)
        self.error.show()

    def select(self, digests: Sequence[str]) -> None:
        """Mark the first change of one of these certificates."""
        for place, change in enumerate(self.model.changes):
            if change.entry.sha256 in digests:
                self.table.select(place)
                return

    def _show(self, changes: Sequence[EntryChange], words: Message | None) -> None:
        self.error.hide()
        self.model.show_changes(changes)
        self.table.measure()
        self.table.setVisible(bool(changes))
        self._words.setText("" if words is None else say(words))
        self._said.setVisible(words is not None)
        self._count.setText(say(msg_n("{count} entry", "{count} entries", len(changes))) if changes else "")
        self._foot.setVisible(bool(changes))
        if changes:
            self.table.select(0)
        else:
            self.fields.show_change(None)

    def _show_current(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self.model.changes):
            change = self.model.changes[place]
            self.fields.show_change(change)
            self.chosen.emit(change.entry.sha256)

    def _open(self, place: int) -> None:
        self.opened.emit(self.model.changes[place].entry.sha256)
