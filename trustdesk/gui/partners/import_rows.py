"""The rows of an import's preview: what each partner of the file would become."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex

from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.widgets.two_line_cells import CellModel, CellView
from trustdesk.gui.words import say
from trustdesk.services.directory_values import ImportRow, ImportStanding
from trustdesk.services.partner_words import STANDING_STATES, STANDING_WORDS

PARTNER, STANDING, DETAILS = range(3)

_INKS = {ImportStanding.DUPLICATE: "warning", ImportStanding.UNUSABLE: "bad", ImportStanding.SAME: "text2"}
ORDER = (
    ImportStanding.UNUSABLE,
    ImportStanding.DUPLICATE,
    ImportStanding.CHANGED,
    ImportStanding.NEW,
    ImportStanding.SAME,
)
"""What asks for a decision goes first."""

_Index = QModelIndex | QPersistentModelIndex


class ImportRowsModel(CellModel):
    """The rows in view."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([msg("Partner"), msg("Import"), msg("What it brings")], parent)
        self._rows: Sequence[ImportRow] = ()

    def set_rows(self, rows: Sequence[ImportRow]) -> None:
        """Show other rows, those that ask for a decision first, else in the order of the file."""
        self.beginResetModel()
        self._rows = sorted(rows, key=lambda row: ORDER.index(row.standing))
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def view(self, place: int, column: int) -> CellView:
        """Return what stands in a cell."""
        row = self._rows[place]
        if column == PARTNER:
            word = visible(row.name) or "–"
            return CellView(word=word, second=row.place, spoken=f"{word}\n{row.place}")
        if column == STANDING:
            word = say(STANDING_WORDS[row.standing])
            return CellView(
                state=STANDING_STATES[row.standing],
                word=word,
                ink=_INKS.get(row.standing, "text"),
                spoken=word,
            )
        lines = details_of(row)
        return CellView(
            word=lines[0] if lines else "",
            ink=_INKS.get(row.standing, "text2"),
            second="  ".join(lines[1:]),
            spoken="\n".join(lines[:12]) or "–",
        )


def details_of(row: ImportRow) -> list[str]:
    """Return what there is to say of a row, the problems first."""
    lines = [
        f"{one.place}: {say(one.message)}" if one.place != row.place else say(one.message)
        for one in row.problems
    ]
    lines += [say(one) for one in (*row.resembles, *row.changes)]
    if row.standing is ImportStanding.NEW and row.entry is not None:
        endpoints = [visible(one.target.endpoint) for one in row.entry.endpoints]
        lines += endpoints or [say(msg("Without an endpoint: it is kept, and not tested."))]
    return lines
