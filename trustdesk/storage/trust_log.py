"""The trust log: what happened to trust, each line naming the one before it by digest.

A line is written in the transaction of what it tells of, so that neither is there without the other. Its
document is canonical JSON (RFC 8785) of every field but the hash; the hash is SHA-256 over its bytes. A seal
over the newest line shows when the end was cut off, as long as nobody puts an older seal back with it. A
seal that does not hold is never made anew by writing on: broken stays broken, until a person has looked and
lets everything be sealed anew (`storage.seal_review`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_decision import LogAction, LogEntry, TrustLog
from trustdesk.formats.canonical_json import canonical_json, well_formed
from trustdesk.formats.trust_records import log_entry_document, log_entry_of
from trustdesk.storage.schema import trust_log, trust_seals
from trustdesk.storage.sealing import NO_SEALER, Sealed, Sealer

FIRST = "0" * 64
"""What stands in place of the hash before the first line."""

_LONGEST = 4000
"""Characters of one text in a line: a comment that a person writes is shorter."""

_HEAD = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNote:
    """Who does something, when and why: what the line of the log cannot take from the deed itself.

    Attributes:
        by: account of the person on this machine.
        details: further values by name; names are ours, in ASCII.
    """

    by: str
    at: datetime
    comment: str = ""
    details: tuple[tuple[str, str], ...] = ()


def append_line(
    connection: Connection,
    note: LogNote,
    sealer: Sealer,
    *,
    action: LogAction,
    subject: str,
    fingerprint: str = "",
    details: Sequence[tuple[str, str]] = (),
) -> LogEntry:
    """Write the next line in the transaction of `connection`, and seal it where that can be done.

    Args:
        subject: the list, partner or certificate; untrusted text, kept up to 4,000 characters.
        details: beside those of the note, which they replace.
    """
    number, previous = newest_line(connection)
    told = {name: _kept(value) for name, value in (*note.details, *details)}
    entry = LogEntry(
        number=number + 1,
        at=note.at.astimezone(UTC),
        by=_kept(note.by),
        action=action,
        subject=_kept(subject),
        fingerprint=_kept(fingerprint),
        comment=_kept(note.comment),
        details=tuple(sorted(told.items())),
        previous=previous,
        hash="",
    )
    document = canonical_json(log_entry_document(entry))
    entry = replace(entry, hash=hashlib.sha256(document).hexdigest())
    values = {"number": entry.number, "hash": entry.hash, "document": document.decode()}
    may_seal = _may_seal(connection, sealer, number, previous)
    connection.execute(insert(trust_log).values(values))
    if may_seal:
        _seal(connection, sealer, entry.number, entry.hash)
    return entry


def newest_line(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the newest line; 0 and 64 zeros where there is none."""
    newest = select(trust_log.c.number, trust_log.c.hash).order_by(trust_log.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return (0, FIRST) if row is None else (row.number, row.hash)


def seal_newest(connection: Connection, sealer: Sealer) -> bool:
    """Seal the newest line where lines were written without a key store; return whether it is sealed now.

    Nothing is sealed where an older seal does not hold, or where one was removed.
    """
    number, line_hash = newest_line(connection)
    if not _may_seal(connection, sealer, number, line_hash):
        return False
    head = _head(connection)
    if head is not None and (head.number, head.hash) == (number, line_hash):
        return True
    return _seal(connection, sealer, number, line_hash)


def seal_as_it_stands(connection: Connection, sealer: Sealer) -> bool:
    """Seal the newest line whatever seal was there: only where a person has looked, and agreed to it."""
    number, line_hash = newest_line(connection)
    return _seal(connection, sealer, number, line_hash)


def read_log(connection: Connection, sealer: Sealer) -> TrustLog:
    """Return the log, with whether its chain and its seal hold.

    Lines that cannot be read at all are left out, and named by `broken_at`.
    """
    entries: list[LogEntry] = []
    broken_at: int | None = None
    broken_why: Message | None = None
    previous = FIRST
    rows = connection.execute(select(trust_log).order_by(trust_log.c.number)).all()
    for expected, row in enumerate(rows, start=1):
        entry, why = _line(row.document, row.hash, row.number, expected, previous)
        if entry is not None:
            entries.append(entry)
        if why is not None and broken_at is None:
            broken_at, broken_why = expected, why
        previous = row.hash
    sealed, cut_at, why_cut = _sealed(connection, sealer, {row.number: row.hash for row in rows}, len(rows))
    if broken_at is None:
        broken_at, broken_why = cut_at, why_cut
    return TrustLog(
        entries=tuple(entries),
        broken_at=broken_at,
        broken_why=broken_why,
        sealed=False if broken_at is not None and sealed else sealed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOfList:
    """What the log tells of the lists that had a name here, also of one that was removed since.

    Attributes:
        sequence: the highest that was applied; None for none.
        signer: that was pinned last, where nobody has taken that back; None for none.
    """

    sequence: int | None = None
    signer: str | None = None


NOTHING_TOLD = ToldOfList()


def told_of_list(connection: Connection, name: str) -> ToldOfList:
    """Return what the log tells of a name; lines that cannot be read tell nothing."""
    highest: int | None = None
    signer: str | None = None
    for entry in read_log(connection, NO_SEALER).entries:
        # Lists of identity providers, and the one that comes with the program, have names of their own.
        if entry.subject != name or "list" in dict(entry.details):
            continue
        if entry.action is LogAction.SIGNER_PINNED:
            signer = entry.fingerprint
        elif entry.action is LogAction.SIGNER_UNPINNED:
            signer = None
        elif entry.action is LogAction.APPLIED:
            text = dict(entry.details).get("sequence", "")
            if text.isascii() and text.isdecimal():
                highest = max(int(text), highest or 0)
    return ToldOfList(sequence=highest, signer=signer)


def _line(
    document: str, line_hash: str, number: int, expected: int, previous: str
) -> tuple[LogEntry | None, Message | None]:
    """Return a line as far as it can be read, and why it does not follow from those before it."""
    try:
        entry = log_entry_of(document, line_hash)
        is_canonical = canonical_json(json.loads(document)) == document.encode()
    except (EnvironmentFailureError, ValueError):
        return None, msg("A line of the trust log cannot be read.")
    if number != expected or entry.number != expected:
        return entry, msg("A line of the trust log is missing.")
    if not is_canonical or hashlib.sha256(document.encode()).hexdigest() != line_hash:
        return entry, msg("A line of the trust log was changed.")
    if entry.previous != previous:
        return entry, msg("A line of the trust log does not follow from the one before it.")
    return entry, None


def _sealed(
    connection: Connection, sealer: Sealer, hashes: Mapping[int, str], count: int
) -> tuple[bool | None, int | None, Message | None]:
    """Return whether the seal holds, and the line from which on it shows another log, with the reason."""
    head = _head(connection)
    if head is None:
        return (False if sealer.log_was_sealed else None), None, None
    holds = sealer.holds(Sealed.LOG, _HEAD, _head_text(head.number, head.hash), head.seal)
    if not holds:
        return holds, None, None
    if head.number > count:
        return False, count + 1, msg("The end of the trust log was cut off.")
    if hashes.get(head.number, FIRST) != head.hash:
        return False, head.number, msg("The trust log was written anew from an earlier line on.")
    return (True if head.number == count else None), None, None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    number: int
    hash: str
    seal: str


def _may_seal(connection: Connection, sealer: Sealer, number: int, line_hash: str) -> bool:
    """Whether the seal that is there, or was, lets the lines up to this one be sealed."""
    head = _head(connection)
    if head is None:
        return not sealer.log_was_sealed
    if head.number > number:
        return False
    if sealer.holds(Sealed.LOG, _HEAD, _head_text(head.number, head.hash), head.seal) is not True:
        return False
    if (head.number, head.hash) == (number, line_hash):
        return True
    # Lines were written without a key store: they have to follow from the last that was sealed.
    rows = connection.execute(
        select(trust_log).where(trust_log.c.number > head.number).order_by(trust_log.c.number)
    ).all()
    sealed = select(trust_log.c.hash).where(trust_log.c.number == head.number)
    previous = connection.execute(sealed).scalar_one_or_none() or FIRST
    if previous != head.hash:
        return False
    for expected, row in enumerate(rows, start=head.number + 1):
        if _line(row.document, row.hash, row.number, expected, previous)[1] is not None:
            return False
        previous = row.hash
    return True


def _seal(connection: Connection, sealer: Sealer, number: int, line_hash: str) -> bool:
    seal = sealer.seal(Sealed.LOG, _HEAD, _head_text(number, line_hash))
    if seal is None:
        return False
    value = json.dumps({"number": number, "hash": line_hash, "seal": seal})
    connection.execute(delete(trust_seals).where(trust_seals.c.name == _HEAD))
    connection.execute(insert(trust_seals).values(name=_HEAD, value=value))
    return True


def _head(connection: Connection) -> _Head | None:
    """Return the seal that is there; one that cannot be read is one that does not hold."""
    text = connection.execute(
        select(trust_seals.c.value).where(trust_seals.c.name == _HEAD)
    ).scalar_one_or_none()
    if text is None:
        return None
    try:
        match json.loads(text):
            case {"number": int(number), "hash": str(line_hash), "seal": str(seal)}:
                return _Head(number=number, hash=line_hash, seal=seal)
    except (ValueError, RecursionError):
        pass
    return _Head(number=0, hash="", seal="")


def _head_text(number: int, line_hash: str) -> str:
    return canonical_json({"hash": line_hash, "number": number}).decode()


def _kept(text: str) -> str:
    """Return a text as JSON and every database can hold it, and no longer than a line takes."""
    return well_formed(text[:_LONGEST])
