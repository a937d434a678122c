"""Which of very many certificates are shown, and in which order: plain lists, a little at a time, no Qt."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from heapq import merge
from itertools import islice

from trustdesk.core.inspection import CertificateRow
from trustdesk.core.verification import BulkVerdicts, Purpose
from trustdesk.services.fingerprints import digits_of

_STEP = 500
_RUN = 2_000
_SHORTEST_DIGITS = 4
"""Shorter digits are words of a name: "ca" is no fingerprint."""

_DIGESTS = {32: "md5", 40: "sha1"}


class RowFilter(StrEnum):
    """The chips; several combine with "and"."""

    SERVER = "server"
    CLIENT = "client"
    NEITHER = "neither"
    AUTHORITY = "authority"
    NOT_JUDGED = "not_judged"
    EXPIRED = "expired"


class RowOrder(StrEnum):
    """Orders of the table; FILE is the one that the file has."""

    FILE = "file"
    SUBJECT = "subject"
    ISSUER = "issuer"
    NOT_AFTER = "not_after"
    SERIAL = "serial"
    FINGERPRINT = "fingerprint"
    SERVER = "server"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsWanted:
    """What the person wants to see.

    Attributes:
        text: words that must all stand in subject or issuer; or digits of the serial number or a digest, in
            any spelling.
    """

    text: str = ""
    filters: frozenset[RowFilter] = frozenset()
    order: RowOrder = RowOrder.FILE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; `place` counts in the order of the file, `verdicts` is None before it is judged."""

    place: int
    row: CertificateRow
    verdicts: BulkVerdicts | None


def is_expired(row: CertificateRow, now: datetime) -> bool:
    """Whether it is no longer valid."""
    return row.not_after is not None and row.not_after < now


def filters_of(row: CertificateRow, verdicts: BulkVerdicts | None, now: datetime) -> Iterator[RowFilter]:
    """Yield the chips that leave a row."""
    if is_expired(row, now):
        yield RowFilter.EXPIRED
    if verdicts is None:
        yield RowFilter.NOT_JUDGED
        return
    if verdicts.server.trusted:
        yield RowFilter.SERVER
    if verdicts.client.trusted:
        yield RowFilter.CLIENT
    if not verdicts.server.trusted and not verdicts.client.trusted:
        yield RowFilter.AUTHORITY if verdicts.is_ca else RowFilter.NEITHER


def test_of(wanted: RowsWanted, now: datetime) -> Callable[[CertificateRow, BulkVerdicts | None], bool]:
    """Return what tells whether a row is shown."""
    has_text = _text_test(wanted.text)
    filters = wanted.filters

    def passes(row: CertificateRow, verdicts: BulkVerdicts | None) -> bool:
        return has_text(row) and (not filters or filters.issubset(filters_of(row, verdicts, now)))

    return passes


def arranging(
    rows: Sequence[CertificateRow],
    verdicts: Sequence[BulkVerdicts | None],
    wanted: RowsWanted,
    now: datetime,
) -> Iterator[list[int] | None]:
    """Find the places of the rows that pass, in order; yields None between steps of some ms, the places last.

    A sort of 100,000 rows in one go would hold up the window for longer than a person takes for at once; so
    runs are sorted and then merged. Rows that are added meanwhile are left out.
    """
    passes = test_of(wanted, now)
    places: list[int] = []
    for start in range(0, len(rows), _STEP):
        part = range(start, min(start + _STEP, len(rows)))
        places.extend(place for place in part if passes(rows[place], verdicts[place]))
        yield None
    if wanted.order is RowOrder.FILE:
        yield places[::-1] if wanted.descending else places
        return
    key_of = _KEYS[wanted.order]

    def key(place: int) -> _Key:
        return key_of(rows[place], verdicts[place])

    runs: list[list[int]] = []
    for start in range(0, len(places), _RUN):
        runs.append(sorted(places[start : start + _RUN], key=key, reverse=wanted.descending))
        yield None
    merged = merge(*runs, key=key, reverse=wanted.descending)
    found: list[int] = []
    while part_of := list(islice(merged, _STEP)):
        found.extend(part_of)
        yield None
    yield found


def _text_test(text: str) -> Callable[[CertificateRow], bool]:
    words = text.casefold().split()
    digits = digits_of(text)
    if digits is not None and len(digits) < _SHORTEST_DIGITS:
        digits = None
    decimal = f"{int(text):x}" if text.strip().isascii() and text.strip().isdigit() else None
    number = (digits or "").lstrip("0")
    digest = _DIGESTS.get(len(digits or ""))

    def has_text(row: CertificateRow) -> bool:
        if not words:
            return True
        if digits is not None:
            serial = row.serial_number or ""
            if digits in row.sha256 or (number and number in serial) or decimal == serial:
                return True
            if (
                digest is not None
                and hashlib.new(digest, row.der, usedforsecurity=False).hexdigest() == digits
            ):
                return True
        names = f"{row.subject}\n{row.issuer}".casefold()
        return all(word in names for word in words)

    return has_text


_Key = tuple[int, str | datetime]
_NEVER = datetime.max.replace(tzinfo=UTC)


def _by_word(word: str | None) -> _Key:
    return (0, word.casefold()) if word else (1, "")


def _by_serial(row: CertificateRow) -> _Key:
    # Hexadecimal digits sort like numbers once they are of one length; the shorter is the smaller.
    return len(row.serial_number or ""), row.serial_number or ""


def _by_verdict(verdicts: BulkVerdicts | None, purpose: Purpose) -> _Key:
    if verdicts is None:
        return 3, ""
    if verdicts.of(purpose).trusted:
        return 1, ""
    return (2, "") if verdicts.is_ca else (0, "")


_KEYS: Mapping[RowOrder, Callable[[CertificateRow, BulkVerdicts | None], _Key]] = {
    RowOrder.SUBJECT: lambda row, _: _by_word(row.subject),
    RowOrder.ISSUER: lambda row, _: _by_word(row.issuer),
    RowOrder.NOT_AFTER: lambda row, _: (0, row.not_after or _NEVER),
    RowOrder.SERIAL: lambda row, _: _by_serial(row),
    RowOrder.FINGERPRINT: lambda row, _: (0, row.sha256),
    RowOrder.SERVER: lambda _, verdicts: _by_verdict(verdicts, Purpose.SERVER),
    RowOrder.CLIENT: lambda _, verdicts: _by_verdict(verdicts, Purpose.CLIENT),
}
