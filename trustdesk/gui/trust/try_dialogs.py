"""What shall be tried: that a CA goes, or that a date comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import Message, msg
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.field_cell import FieldCell
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.decision_dialog import date_edit, instant_of
from trustdesk.gui.trust.words import entry_title
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import framed
from trustdesk.gui.words import say
from trustdesk.services.trust_words import usage_words

_TITLE = msg("What if a CA goes?")
_EXPLANATION = msg("Stored chains are judged as if no list in force had it. Nothing changes.")
_VERB = msg("Try it")


class DateDialog(PlainDialog):
    """A date.

    Signals:
        chosen: the instant; the dialog closes.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, now: datetime) -> None:
        super().__init__(
            parent,
            msg("What if a date comes?"),
            msg("Stored chains are judged for that day, by the lists in force now. Nothing changes."),
            size=(480, 260),
        )
        self.setMinimumSize(420, 240)
        self.resize(480, 260)
        today = now.astimezone(UTC)
        day = QDate(today.year, today.month, today.day).addMonths(6)
        self.date = date_edit(say(msg("Date")), day)
        self.content.addWidget(FieldCell(say(msg("Date")), self.date))
        self.content.addStretch(1)
        self.try_button = self.add_button(Button(say(msg("Try it")), kind=ButtonKind.PRIMARY))
        self.try_button.clicked.connect(self._try)
        self.try_button.setDefault(True)
        self.date.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        self.chosen.emit(instant_of(self.date.date()))
        self.accept()


class EntryDialog(PlainDialog):
    """One of a list's CAs.

    Signals:
        chosen: the ListEntry; the dialog closes.
    """

    chosen = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        entries: Sequence[ListEntry],
        *,
        title: Message = _TITLE,
        explanation: Message = _EXPLANATION,
        verb: Message = _VERB,
    ) -> None:
        super().__init__(parent, title, explanation, size=(640, 520))
        self._entries = tuple(sorted(entries, key=lambda one: entry_title(one).casefold()))
        self.search = FilterField(name=say(msg("Search the entries")), hint=say(msg("Name or owner")))
        self.search.textChanged.connect(self._filter)
        columns: tuple[RowColumn[ListEntry], ...] = (
            RowColumn(
                head=msg("Certificate authority"),
                cell=lambda one: RowCell(entry_title(one), icon="certificate", style=TypeStyle.ROW_TITLE),
            ),
            RowColumn(
                head=msg("Owner"), cell=lambda one: RowCell(visible(one.owner.name), "text2"), width=26
            ),
            RowColumn(
                head=msg("Usage"),
                cell=lambda one: RowCell(say(usage_words(one.usages)), "text2"),
                width=22,
                goes_first=1,
            ),
        )
        self.table: RowTable[ListEntry] = RowTable(
            columns, name=say(msg("Entries of the list")), spoken=entry_title, opens_on_click=False
        )
        self.content.addWidget(self.search)
        self.content.addWidget(framed(self.table), 1)
        self.try_button = self.add_button(Button(say(verb), kind=ButtonKind.PRIMARY))
        self.try_button.clicked.connect(self._try)
        self.table.opened.connect(lambda _place: self._try())
        self._filter()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filter(self) -> None:
        words = self.search.text().casefold().split()
        found = [
            one
            for one in self._entries
            if all(word in f"{entry_title(one)}\n{one.owner.name}".casefold() for word in words)
        ]
        self.table.show_rows(tuple(found))
        self.try_button.setEnabled(bool(found))
        if found:
            self.table.selectRow(0)

    def _try(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self.table.rows):
            self.chosen.emit(self.table.rows[place])
            self.accept()
