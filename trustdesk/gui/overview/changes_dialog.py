"""All changes of the workspace in a table, to type in and to open."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import distance, iso_date
from trustdesk.gui.history_looks import icon_of, state_word
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import INKS
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.history_values import LatestChange, LatestChanges

_SIZE = (940, 600)


class ChangesDialog(PlainDialog):
    """The newest first; what is typed filters.

    Signals:
        opened: the LatestChange that the person wants to see; the dialog closes.
    """

    opened = Signal(object)

    def __init__(self, parent: QWidget, found: LatestChanges, now: datetime) -> None:
        super().__init__(
            parent,
            msg("Latest changes"),
            msg("What tests showed that was otherwise before, at every partner; the newest first."),
            size=_SIZE,
        )
        self._changes = found.changes
        self._words_of = [_spoken(change).casefold() for change in found.changes]
        self.filter = FilterField(name=say(msg("Filter changes")), hint=say(msg("Filter changes")))
        self.table: RowTable[LatestChange] = RowTable(
            _columns(now), name=say(msg("Latest changes")), spoken=_spoken, opens_on_click=False
        )
        count = len(found.changes)
        words = (
            msg_n("The newest {count} change is shown.", "The newest {count} changes are shown.", count)
            if found.has_more
            else msg_n("{count} change", "{count} changes", count)
        )
        self._count = Text(say(words), TypeStyle.SECOND_LINE, "text2")
        self.filter.textChanged.connect(self._arrange)
        self.table.opened.connect(self._open)
        self.content.addWidget(self.filter)
        self.content.addWidget(self.table, 1)
        self.content.addWidget(self._count)
        self._arrange("")
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self, text: str) -> None:
        wanted = text.casefold().split()
        rows = [
            change
            for change, said in zip(self._changes, self._words_of, strict=True)
            if all(one in said for one in wanted)
        ]
        self.table.show_rows(rows)
        if rows:
            self.table.selectRow(0)

    def _open(self, place: int) -> None:
        change = self.table.rows[place]
        self.accept()
        self.opened.emit(change)


def _spoken(change: LatestChange) -> str:
    parts = [say(change.title), say(change.detail), visible(change.place)]
    if change.entry is not None:
        parts.insert(0, state_word(change.entry))
        parts += [say(one) for one in change.entry.details]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _columns(now: datetime) -> tuple[RowColumn[LatestChange], ...]:
    def what(change: LatestChange) -> RowCell:
        if change.entry is None:
            return RowCell(say(change.title), "text", "trust-lists", TypeStyle.ROW_TITLE, "accent")
        ink = INKS[change.entry.state]
        return RowCell(say(change.title), "text", icon_of(change.entry), TypeStyle.ROW_TITLE, ink)

    def details(change: LatestChange) -> RowCell:
        entry = change.entry
        words = [say(one) for one in entry.details] if entry is not None else [say(change.detail)]
        return RowCell(" ".join(words) or "–", "text2")

    return (
        RowColumn(head=msg("What"), cell=what, width=34),
        RowColumn(head=msg("Who"), cell=lambda change: RowCell(visible(change.subject)), width=28),
        RowColumn(head=msg("More"), cell=details),
        RowColumn(
            head=msg("When"),
            cell=lambda change: RowCell(iso_date(change.at), "text2"),
            width=14,
        ),
        RowColumn(
            head=msg("Distance"),
            cell=lambda change: RowCell(say(distance(change.at, now)), "text2"),
            width=16,
            goes_first=1,
        ),
    )
