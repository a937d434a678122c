"""The tables of the P12 doctor: programs that open a file, and the bags in it."""

from __future__ import annotations

from trustdesk.core.identity import Opener, P12Bag
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.words import say

_OPENS: dict[bool | None, tuple[Message, str, str]] = {
    True: (msg("Yes"), "tick", "text"),
    False: (msg("No"), "bad", "bad"),
    None: (msg("Unknown"), "unknown", "unknown"),
}


def opener_table() -> RowTable[Opener]:
    """Return a table of programs with whether each opens the file, and why."""
    columns: tuple[RowColumn[Opener], ...] = (
        RowColumn(
            head=msg("Program"),
            cell=lambda one: RowCell(visible(one.program), style=TypeStyle.ROW_TITLE),
            width=30,
        ),
        RowColumn(head=msg("Opens it"), cell=_opens, width=14),
        RowColumn(head=msg("Why"), cell=lambda one: RowCell(say(one.why), ink="text2")),
    )
    return RowTable(columns, name=say(msg("Who can open it")), spoken=_spoken_opener)


def bag_table() -> RowTable[P12Bag]:
    """Return a table of a file's bags with how each is protected, and what is wrong with it."""
    columns: tuple[RowColumn[P12Bag], ...] = (
        RowColumn(head=msg("What"), cell=lambda one: RowCell(say(one.what), style=TypeStyle.ROW_TITLE)),
        RowColumn(
            head=msg("Name in it"),
            cell=lambda one: RowCell(visible(one.alias or "–", 60), ink="text2"),
            width=18,
            goes_first=1,
        ),
        RowColumn(head=msg("Protection"), cell=lambda one: RowCell(say(one.protection), ink="text2")),
        RowColumn(head=msg("Problem"), cell=_problem, width=36),
    )
    return RowTable(columns, name=say(msg("What is in it")), spoken=_spoken_bag)


def _opens(one: Opener) -> RowCell:
    word, icon, ink = _OPENS[one.opens]
    return RowCell(say(word), ink=ink, icon=icon)


def _spoken_opener(one: Opener) -> str:
    return f"{visible(one.program)}: {say(_OPENS[one.opens][0])}. {say(one.why)}"


def _problem(one: P12Bag) -> RowCell:
    if one.problem is None:
        return RowCell(say(msg("none")), ink="text2")
    return RowCell(say(one.problem), ink="warning", icon="warning")


def _spoken_bag(one: P12Bag) -> str:
    parts = [say(one.what), say(one.protection)]
    if one.problem is not None:
        parts.append(say(one.problem))
    return ". ".join(parts)
