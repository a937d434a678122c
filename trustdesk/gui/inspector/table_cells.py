"""What stands in each cell of the table of very many certificates, and what a screen reader says of a row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.core.verification import BulkVerdicts, Purpose
from trustdesk.gui.dates import iso_date
from trustdesk.gui.inspector.row_table import RowCell, RowColumn
from trustdesk.gui.inspector.table_arrange import RowOrder, TableRow, is_expired
from trustdesk.gui.inspector.tree import WARNING_DAYS
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.words import say

_FINGERPRINT = 8
"""Bytes of the fingerprint that are shown; all of it stands in the details."""

_MAX_SERIAL = 24
_shown = lru_cache(maxsize=4096)(visible)


class Column(IntEnum):
    """Columns in their order."""

    SUBJECT = 0
    SERVER = 1
    CLIENT = 2
    DAYS = 3
    NOT_AFTER = 4
    ISSUER = 5
    SERIAL = 6
    FINGERPRINT = 7


ORDERS: dict[Column, RowOrder] = {
    Column.SUBJECT: RowOrder.SUBJECT,
    Column.SERVER: RowOrder.SERVER,
    Column.CLIENT: RowOrder.CLIENT,
    Column.DAYS: RowOrder.NOT_AFTER,
    Column.NOT_AFTER: RowOrder.NOT_AFTER,
    Column.ISSUER: RowOrder.ISSUER,
    Column.SERIAL: RowOrder.SERIAL,
    Column.FINGERPRINT: RowOrder.FINGERPRINT,
}


def columns(now: Callable[[], datetime]) -> tuple[RowColumn[TableRow], ...]:
    """Return the columns, judged for the instant that `now` gives."""
    return (
        RowColumn(head=msg("Subject"), cell=lambda one: _subject(one, now())),
        RowColumn(head=msg("Server"), cell=lambda one: _verdict(one, Purpose.SERVER), width=15),
        RowColumn(head=msg("Client"), cell=lambda one: _verdict(one, Purpose.CLIENT), width=15),
        RowColumn(head=msg("Days left"), cell=lambda one: _days(one, now()), width=9),
        RowColumn(head=msg("Not after"), cell=_not_after, width=12, goes_first=3),
        RowColumn(head=msg("Issuer"), cell=_issuer, width=20, goes_first=4),
        RowColumn(head=msg("Serial number"), cell=_serial, width=_MAX_SERIAL, goes_first=2),
        RowColumn(head=msg("SHA-256"), cell=_fingerprint, width=26, goes_first=1),
    )


def spoken(one: TableRow, now: datetime) -> str:
    """Return a row in sentences: names, dates, and each verdict with its reason."""
    row = one.row
    parts = [
        f"{say(_state_words(one, now))}: {_shown(row.subject or '')}",
        say(msg("Issuer: {issuer}", issuer=row.issuer or "–")),
        say(_days_words(one, now)),
        say(msg("Serial number: {number}", number=row.serial_number or "–")),
    ]
    for purpose, title in ((Purpose.SERVER, msg("Server")), (Purpose.CLIENT, msg("Client"))):
        verdict = _verdict_words(one.verdicts, purpose)
        parts.append(say(msg("{purpose}: {verdict}", purpose=title, verdict=verdict)))
    return "\n".join(parts)


def _subject(one: TableRow, now: datetime) -> RowCell:
    icon, ink = _state(one, now)
    word = _shown(one.row.subject) if one.row.subject else "–"
    return RowCell(word, icon=icon, icon_ink=ink)


def _state(one: TableRow, now: datetime) -> tuple[str, str]:
    row = one.row
    if row.not_after is None or row.not_before is None:
        return "unknown", "unknown"
    if is_expired(row, now):
        return "bad", "bad"
    if row.not_before > now or _days_left(row.not_after, now) <= WARNING_DAYS:
        return "clock", "warning"
    return "certificate", "text2"


def _state_words(one: TableRow, now: datetime) -> Message:
    row = one.row
    if row.not_after is None or row.not_before is None:
        return msg("Dates not readable")
    if is_expired(row, now):
        return msg("Expired")
    return msg("Not yet valid") if row.not_before > now else msg("In its time")


def _days_left(at: datetime, now: datetime) -> int:
    return (at.astimezone(UTC).date() - now.astimezone(UTC).date()).days


def _days(one: TableRow, now: datetime) -> RowCell:
    if one.row.not_after is None:
        return RowCell("–", "text2")
    days = _days_left(one.row.not_after, now)
    ink = "bad" if is_expired(one.row, now) else "warning" if days <= WARNING_DAYS else "text"
    return RowCell(f"\u2212{-days}" if days < 0 else str(days), ink)


def _days_words(one: TableRow, now: datetime) -> Message:
    if one.row.not_after is None:
        return msg("Its end is not readable")
    days = _days_left(one.row.not_after, now)
    if days < 0:
        return msg_n("Expired {count} day ago", "Expired {count} days ago", -days)
    return msg_n("{count} day left", "{count} days left", days)


def _not_after(one: TableRow) -> RowCell:
    return RowCell("–" if one.row.not_after is None else iso_date(one.row.not_after), "text2")


def _issuer(one: TableRow) -> RowCell:
    return RowCell(_shown(one.row.issuer) if one.row.issuer else "–", "text2")


def _serial(one: TableRow) -> RowCell:
    return RowCell((one.row.serial_number or "–")[: _MAX_SERIAL * 2], "text2", style=TypeStyle.FIXED)


def _fingerprint(one: TableRow) -> RowCell:
    pairs = [one.row.sha256[at : at + 2].upper() for at in range(0, 2 * _FINGERPRINT, 2)]
    return RowCell(":".join(pairs) + " …", "text2", style=TypeStyle.FIXED)


def _verdict(one: TableRow, purpose: Purpose) -> RowCell:
    verdicts = one.verdicts
    if verdicts is None:
        return RowCell(say(msg("not judged")), "text3")
    verdict = verdicts.of(purpose)
    if verdict.trusted and verdict.disagreement is not None:
        return RowCell(say(msg("Yes, disputed")), "warning", "warning")
    if verdict.trusted:
        return RowCell(say(msg("Yes")), icon="good", icon_ink="good")
    if verdicts.is_ca:
        return RowCell(say(msg("CA")), "text2", "not-applicable")
    # Few are made for both: what can be one of them is no trouble, and must not look like it.
    ink = "text2" if verdicts.server.trusted or verdicts.client.trusted else "bad"
    return RowCell(say(msg("No")), ink, "bad")


def _verdict_words(verdicts: BulkVerdicts | None, purpose: Purpose) -> Message:
    if verdicts is None:
        return msg("not judged")
    verdict = verdicts.of(purpose)
    if verdicts.is_ca and not verdict.trusted:
        return msg("not applicable, it is the certificate of a CA")
    word = msg("yes") if verdict.trusted else msg("no")
    if verdict.disagreement is not None:
        return msg(
            "{word}. {reason} {disagreement}",
            word=word,
            reason=verdict.reason,
            disagreement=verdict.disagreement,
        )
    return msg("{word}. {reason}", word=word, reason=verdict.reason)
