"""The tables of the tab: private CAs, and what one of them issued."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.private_ca import IssuedCertificate, PrivateAuthority
from trustdesk.core.untrusted import visible
from trustdesk.gui.authority.words import REASON_WORDS, crl_standing, issued_standing
from trustdesk.gui.dates import distance
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.requests.words import PURPOSE_ICONS, PURPOSE_WORDS, day
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.words import say
from trustdesk.services.board import State

_LONGEST = 160
Now = Callable[[], datetime]
_ICONS = {
    State.BAD: "bad",
    State.WARNING: "warning",
    State.UNKNOWN: "unknown",
    State.NOT_APPLICABLE: "tick",
}
# Words that need no attention keep the colour of text.
_INKS = {State.BAD: "bad", State.WARNING: "warning", State.UNKNOWN: "unknown", State.NOT_APPLICABLE: "text2"}


def authority_table(now: Now) -> RowTable[PrivateAuthority]:
    """Return a table of CAs; `now` is what days are counted to."""

    def crl(authority: PrivateAuthority) -> RowCell:
        standing = crl_standing(authority, now())
        return _state_cell(standing.state, standing.word)

    def spoken(authority: PrivateAuthority) -> str:
        parts = (
            authority.name,
            say(msg_n("{count} certificate", "{count} certificates", len(authority.issued))),
            say(crl_standing(authority, now()).sentence),
        )
        return visible(", ".join(parts), 600)

    columns: tuple[RowColumn[PrivateAuthority], ...] = (
        RowColumn(
            head=msg("Private CA"),
            cell=lambda one: RowCell(
                visible(one.name, _LONGEST), icon="authority", style=TypeStyle.ROW_TITLE
            ),
        ),
        RowColumn(
            head=msg("Root until"), cell=lambda one: _until(one.root.not_after, now()), width=24, goes_first=1
        ),
        RowColumn(
            head=msg("Issuing CA until"),
            cell=lambda one: _until(one.issuing.not_after, now()),
            width=24,
            goes_first=2,
        ),
        RowColumn(
            head=msg("Issued"), cell=lambda one: RowCell(str(len(one.issued)), "text2"), width=8, goes_first=3
        ),
        RowColumn(head=msg("Revocation list"), cell=crl, width=22),
    )
    return RowTable(columns, name=say(msg("Private CAs")), spoken=spoken)


def issued_table(now: Now) -> RowTable[IssuedCertificate]:
    """Return a table of issued certificates."""

    def state(one: IssuedCertificate) -> RowCell:
        return _state_cell(*issued_standing(one, now()))

    def days(one: IssuedCertificate) -> RowCell:
        end = one.certificate.not_after
        return RowCell("–", "text3") if end is None else RowCell(str((end - now()).days), "text2")

    def reason(one: IssuedCertificate) -> RowCell:
        return RowCell("", "text2") if one.reason is None else RowCell(say(REASON_WORDS[one.reason]), "text2")

    def spoken(one: IssuedCertificate) -> str:
        parts: list[Message | str] = [
            visible(one.certificate.title, _LONGEST),
            issued_standing(one, now())[1],
            PURPOSE_WORDS[one.purpose],
        ]
        if one.certificate.not_after is not None:
            parts.append(distance(one.certificate.not_after, now()))
        if one.reason is not None:
            parts.append(REASON_WORDS[one.reason])
        return ", ".join(part if isinstance(part, str) else say(part) for part in parts)

    columns: tuple[RowColumn[IssuedCertificate], ...] = (
        RowColumn(
            head=msg("Certificate"),
            cell=lambda one: RowCell(
                visible(one.certificate.title, _LONGEST),
                icon=PURPOSE_ICONS[one.purpose],
                style=TypeStyle.ROW_TITLE,
            ),
        ),
        RowColumn(head=msg("State"), cell=state, width=14),
        RowColumn(
            head=msg("Purpose"),
            cell=lambda one: RowCell(say(PURPOSE_WORDS[one.purpose]), "text2"),
            width=24,
            goes_first=2,
        ),
        RowColumn(head=msg("Days"), cell=days, width=7),
        RowColumn(
            head=msg("Issued on"),
            cell=lambda one: RowCell(day(one.issued_at), "text2"),
            width=14,
            goes_first=3,
        ),
        RowColumn(head=msg("Reason"), cell=reason, width=34, goes_first=1),
    )
    return RowTable(columns, name=say(msg("Issued certificates")), spoken=spoken)


def _state_cell(state: State, word: Message) -> RowCell:
    ink = _INKS[state]
    return RowCell(say(word), "text" if ink == "text2" else ink, _ICONS[state], icon_ink=ink)


def _until(end: datetime | None, now: datetime) -> RowCell:
    if end is None:
        return RowCell("–", "text3")
    words = f"{day(end)}, {say(distance(end, now))}"
    return RowCell(words, "bad" if end <= now else "text2")
