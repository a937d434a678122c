"""One entry beside or below the table: all that the list says of it, and what is done with it here."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.digest_lines import DigestLines
from trustdesk.gui.trust.entry_arrange import EntryRow
from trustdesk.gui.trust.entry_facts import entry_facts
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class EntryDetail(Card):
    """Title, facts, and the actions at the foot.

    Signals:
        distrust_wanted, limit_wanted, withdraw_wanted, inspect_wanted, what_if_wanted: the EntryRow.
    """

    distrust_wanted = Signal(object)
    limit_wanted = Signal(object)
    withdraw_wanted = Signal(object)
    inspect_wanted = Signal(object)
    what_if_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: EntryRow | None = None
        self.title = Text(style=TypeStyle.SECTION, wrap=True)
        self.facts = FactGrid(name=say(msg("What the list says")))
        self.digests = DigestLines()
        self.distrust_button = Button(say(msg("Distrust …")), icon="stop", kind=ButtonKind.DANGER)
        self.limit_button = Button(say(msg("Limit usage …")), icon="edit")
        self.withdraw_button = Button(say(msg("Take the decision back …")), icon="refresh")
        self.what_if_button = Button(say(msg("What if it goes?")), icon="compare")
        self.inspect_button = Button(say(msg("Open in Inspector")), icon="inspector")
        self._empty = Text(
            say(msg("Choose an entry to see what the list says of it.")), ink="text2", wrap=True
        )
        scroll = ScrolledColumn(name=say(msg("What the list says")))
        scroll.column.setSpacing(12)
        scroll.column.addWidget(self.facts)
        scroll.column.addWidget(self.digests)
        scroll.column.addStretch(1)
        self._scroll = scroll
        self._buttons = QWidget()
        flow = Flow(self._buttons)
        for button, signal in (
            (self.inspect_button, self.inspect_wanted),
            (self.what_if_button, self.what_if_wanted),
            (self.limit_button, self.limit_wanted),
            (self.distrust_button, self.distrust_wanted),
            (self.withdraw_button, self.withdraw_wanted),
        ):
            flow.addWidget(button)
            button.clicked.connect(lambda _checked=False, wanted=signal: wanted.emit(self.row))
        self._line = Hairline()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margins(16, 12, 12, 12))
        layout.setSpacing(10)
        layout.addWidget(self.title)
        layout.addWidget(self._empty)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._line)
        layout.addWidget(self._buttons)
        self.setAccessibleName(say(msg("Entry")))
        self.clear()

    def clear(self) -> None:
        """Show no entry."""
        self.row = None
        self._show_parts(False)

    def show_row(self, row: EntryRow, now: datetime) -> None:
        """Show an entry."""
        is_other = self.row is None or self.row.entry.sha256 != row.entry.sha256
        self.row = row
        self._show_parts(True)
        self.title.setText(row.title)
        facts = entry_facts(row.entry, row.decision, now)
        self.facts.show_facts([one for one in facts if one.style is not TypeStyle.FIXED])
        self.digests.show_facts([one for one in facts if one.style is TypeStyle.FIXED])
        if is_other:
            self._scroll.verticalScrollBar().setValue(0)
        self.distrust_button.setVisible(row.decision is None)
        self.limit_button.setVisible(row.decision is None)
        self.withdraw_button.setVisible(row.decision is not None)
        for button in (self.inspect_button, self.what_if_button, self.limit_button):
            button.setEnabled(row.entry.certificate is not None)

    def _show_parts(self, shown: bool) -> None:
        for part in (self.title, self._scroll, self._line, self._buttons):
            part.setVisible(shown)
        self._empty.setVisible(not shown)
