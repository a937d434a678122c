"""The table twin of the version line."""

from __future__ import annotations

from trustdesk.core.message import msg
from trustdesk.core.trust_version import VersionLine, VersionState
from trustdesk.gui.dates import iso_date
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.version_line import version_words
from trustdesk.gui.trust.words import VERSION_WORDS, signature_look
from trustdesk.gui.words import say
from trustdesk.services.board import State

_ICONS = {
    VersionState.APPLIED: ("tick", "accent"),
    VersionState.WAITING: ("clock", "warning"),
    VersionState.REPLACED: ("not-applicable", "text2"),
    VersionState.REFUSED: ("stop", "text2"),
}
_INKS = {State.BAD: "bad", State.WARNING: "warning", State.UNKNOWN: "unknown"}


def versions_table() -> RowTable[VersionLine]:
    """Return a table of versions; refused ones are in it too."""

    def state(one: VersionLine) -> RowCell:
        icon, ink = _ICONS[one.state]
        return RowCell(say(VERSION_WORDS[one.state]), ink, icon)

    def signature(one: VersionLine) -> RowCell:
        look = signature_look(one.authenticity)
        return RowCell(look.word, _INKS.get(look.state, "text2"), look.icon)

    columns: tuple[RowColumn[VersionLine], ...] = (
        RowColumn(
            head=msg("Version"),
            cell=lambda one: RowCell(str(one.number), style=TypeStyle.ROW_TITLE),
            width=9,
        ),
        RowColumn(head=msg("State"), cell=state),
        RowColumn(
            head=msg("Issued"),
            cell=lambda one: RowCell("–" if one.issued_at is None else iso_date(one.issued_at), "text2"),
            width=13,
        ),
        RowColumn(
            head=msg("Sequence"),
            cell=lambda one: RowCell("–" if one.sequence is None else str(one.sequence), "text2"),
            width=10,
            goes_first=1,
        ),
        RowColumn(
            head=msg("Next update"),
            cell=lambda one: RowCell("–" if one.next_update is None else iso_date(one.next_update), "text2"),
            width=13,
            goes_first=2,
        ),
        RowColumn(
            head=msg("Entries"), cell=lambda one: RowCell(str(one.entries), "text2"), width=8, goes_first=3
        ),
        RowColumn(head=msg("Signature"), cell=signature, width=24, goes_first=4),
    )
    return RowTable(columns, name=say(msg("Versions of the list")), spoken=version_words, narrowest=110)
