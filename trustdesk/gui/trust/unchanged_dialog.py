"""Who is judged the same before and after: "Show all" of the card Impact."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.core.trust_impact import Impact
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.words import say


class UnchangedDialog(PlainDialog):
    """A table of names with a filter."""

    def __init__(self, parent: QWidget, impact: Impact) -> None:
        super().__init__(
            parent,
            msg_n(
                "{count} other is judged the same",
                "{count} others are judged the same",
                len(impact.unchanged),
            ),
            msg("The verdict on their chains does not change: trusted stays so, and not trusted too."),
            size=(620, 520),
        )
        self._rows = impact.unchanged
        self.search = FilterField(name=say(msg("Search the names")), hint=say(msg("Partner or identity")))
        self.search.textChanged.connect(self._settle)
        self.table = _table()
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.table)
        self.content.addWidget(self.search)
        self.content.addWidget(card, 1)
        self._settle()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self) -> None:
        words = self.search.text().casefold().split()
        self.table.show_rows(
            tuple(row for row in self._rows if all(word in " ".join(row).casefold() for word in words))
        )


def _table() -> RowTable[tuple[str, str]]:
    columns: tuple[RowColumn[tuple[str, str]], ...] = (
        RowColumn(head=msg("Who"), cell=lambda row: RowCell(visible(row[0]))),
        RowColumn(
            head=msg("Where"),
            cell=lambda row: RowCell(visible(row[1]) if row[1] else say(msg("Identity")), "text2"),
        ),
    )
    return RowTable(
        columns,
        name=say(msg("Judged the same")),
        spoken=lambda row: visible(" ".join(row)),
        opens_on_click=False,
    )
