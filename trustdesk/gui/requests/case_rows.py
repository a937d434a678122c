"""The case list as a table: one line for each request, with what it waits for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from trustdesk.core.certificate_request import CaseState, RequestCase
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.requests.words import (
    CASE_ICONS,
    CASE_WORDS,
    ON_THE_SERVER,
    PURPOSE_ICONS,
    PURPOSE_WORDS,
    age,
    key_place,
    key_words,
)
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.words import say

_LONGEST = 160
_LATE_DAYS = 14
"""A CA that has not answered for so long has to be asked."""


def is_late(case: RequestCase, now: datetime) -> bool:
    """Whether a CA takes longer to answer than anybody expects."""
    return case.state is CaseState.REQUESTED and (now - case.created_at).days >= _LATE_DAYS


def case_table(now: Callable[[], datetime]) -> RowTable[RequestCase]:
    """Return a table of cases; `now` is what their age is counted to."""

    def state(case: RequestCase) -> RowCell:
        ink = "good" if case.state is CaseState.TESTED else "text2"
        return RowCell(say(CASE_WORDS[case.state]), "text", CASE_ICONS[case.state], icon_ink=ink)

    def since(case: RequestCase) -> RowCell:
        words = say(age(case.created_at, now()))
        return RowCell(words, "warning", "clock") if is_late(case, now()) else RowCell(words, "text2")

    def spoken(case: RequestCase) -> str:
        parts: list[str | Message] = [
            visible(case.name, _LONGEST),
            CASE_WORDS[case.state],
            PURPOSE_WORDS[case.purpose],
            age(case.created_at, now()),
            key_place(case.key),
        ]
        if case.partner:
            parts.append(msg("for {partner}", partner=case.partner))
        if is_late(case, now()):
            parts.append(msg("ask the CA"))
        return ", ".join(part if isinstance(part, str) else say(part) for part in parts)

    columns: tuple[RowColumn[RequestCase], ...] = (
        RowColumn(
            head=msg("Name"),
            cell=lambda case: RowCell(
                visible(case.name, _LONGEST), icon=PURPOSE_ICONS[case.purpose], style=TypeStyle.ROW_TITLE
            ),
        ),
        RowColumn(head=msg("State"), cell=state, width=16),
        RowColumn(
            head=msg("Purpose"),
            cell=lambda case: RowCell(say(PURPOSE_WORDS[case.purpose]), "text2"),
            width=24,
            goes_first=1,
        ),
        RowColumn(
            head=msg("Partner"),
            cell=lambda case: (
                RowCell(visible(case.partner, _LONGEST), "text2") if case.partner else RowCell("–", "text3")
            ),
            width=26,
            goes_first=3,
        ),
        RowColumn(head=msg("Age"), cell=since, width=14),
        RowColumn(
            head=msg("Key"),
            cell=lambda case: RowCell("–" if case.key is None else key_words(case.key), "text2"),
            width=14,
            goes_first=2,
        ),
        RowColumn(
            head=msg("Key lives in"),
            cell=lambda case: RowCell(
                say(ON_THE_SERVER if case.key is None else key_place(case.key)),
                "text2",
                "server" if case.key is None else "lock",
            ),
            width=20,
            goes_first=4,
        ),
    )
    return RowTable(columns, name=say(msg("Requests")), spoken=spoken)
