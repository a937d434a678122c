"""An index over the entries of a long CRL, so that one serial number is found without reading the others.

Three tables of fixed width behind a header, all big-endian, and a digest over everything at the end:

    offsets   where each entry stands in the CRL's DER, in the order of the list (4 octets each)
    records   last 29 bits of a serial number, then 24 bits with the position of its entry, sorted
    changes   from which position on entries are another issuer's, and whether its name is known (4 + 4)

Serial numbers are looked up by their last bits and compared whole in the DER, which stays the source of all
that is said of an entry. A record is a double that holds a whole number of 53 bits: Python sorts a million
of those in 0.26 s, and as many larger integers in 0.73 s. Source: RFC 5280 5.1.2.6, 5.3.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from trustdesk.formats.der import DerError, Element, read_element
from trustdesk.formats.revocation_entries import (
    MAX_SERIAL_DIGITS,
    DecodedEntry,
    Issuers,
    decode_entry,
)

_MAGIC = b"TDCRLIX1"
_HEAD = struct.Struct(">8sI")
_DIGEST_OCTETS = 32
_MAX_HEADER = 64 * 1024
_KEY_OCTETS = 4
_KEY_MASK = (1 << 29) - 1
_MAX_ENTRIES = 1 << 24
_RECORD = struct.Struct(">d")
_OFFSET = struct.Struct(">I")
_CHANGE = struct.Struct(">Q")
_NUMBER_MASK = 0xFFFF_FFFF
_AT_ONCE = 1 << 16
_REMEMBERED = 4096
_MAX_UNHANDLED = 256

_ORDINARY_EXTENSIONS = re.compile(
    rb"\x30.(?:\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01[\x00-\x06\x08-\x0a])?"
    rb"(?:\x30\x18\x06\x03\x55\x1d\x18\x04\x11\x18\x0f[0-9]{14}Z)?",
    re.DOTALL,
)
"""A reason, a date of invalidity, or both: what nearly all entries have. All else is read in full."""

Report = Callable[[float], None]
"""Is told from time to time which part of the list is done, from 0 to 1."""


@dataclass(slots=True)
class _Tables:
    offsets: array[int] = field(default_factory=lambda: array("I"))
    records: list[float] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    damaged: int = 0
    unhandled: set[str] = field(default_factory=set)


def index_chunks(revoked: Element | None, crl_sha256: str, report: Report) -> Iterator[bytes]:
    """Yield the index over the entries of a CRL, some octets at a time.

    Args:
        revoked: revokedCertificates of a list of less than 4 GiB; None when it has none. What follows after
            16,777,216 entries counts as one damaged entry.
        crl_sha256: of the whole CRL, lower-case hex.
    """
    tables = _Tables()
    if revoked is not None:
        _Walk(revoked, tables).run(lambda part: report(part * 0.6))
    records = tables.records
    records.sort()
    report(0.8)
    header = json.dumps(
        {
            "crl": crl_sha256,
            "entries": len(tables.offsets),
            "records": len(records),
            "changes": len(tables.changes),
            "damaged": tables.damaged,
            "unhandled": sorted(tables.unhandled),
        }
    ).encode("ascii")
    digest = hashlib.sha256()
    for chunk in _chunks(header, tables):
        digest.update(chunk)
        yield chunk
    yield digest.digest()
    report(1.0)


def _chunks(header: bytes, tables: _Tables) -> Iterator[bytes]:
    yield _HEAD.pack(_MAGIC, len(header)) + header
    if sys.byteorder == "little":
        tables.offsets.byteswap()
    yield tables.offsets.tobytes()
    records = array("d", tables.records)
    tables.records.clear()
    if sys.byteorder == "little":
        records.byteswap()
    yield records.tobytes()
    yield b"".join([_CHANGE.pack(change) for change in tables.changes])


class _Walk:
    """One pass over all entries: the ordinary ones by hand, the others with the reader of entries."""

    def __init__(self, revoked: Element, tables: _Tables) -> None:
        self._revoked = revoked
        self._tables = tables
        self._carried: Issuers = None
        self._heads: dict[bytes, tuple[int, int, int, int]] = {}
        self._extensions = {b""}

    def run(self, report: Report) -> None:
        """Fill the tables."""
        start, end = self._revoked.content_start, self._revoked.content_end
        position: int | None = start
        while position is not None and position < end:
            if len(self._tables.offsets) >= _MAX_ENTRIES:
                self._tables.damaged += 1
                return
            # After a lost issuer every entry is damaged, which the ordinary way does not see.
            position, is_other = self._ordinary(position) if self._carried != () else (position, True)
            if is_other and len(self._tables.offsets) < _MAX_ENTRIES:
                position = self._other(position)
            else:
                report((position - start) / (end - start))

    def _ordinary(self, position: int) -> tuple[int, bool]:
        """Take entries of the ordinary form, up to one that is not, or until it is time to report.

        An entry is ordinary when it has a serial number, a UTCTime, no or ordinary extensions, and lengths of
        one octet. The loop is written for speed: a list has a million entries.

        Returns:
            Where the next entry begins, and whether it is another one than ordinary.
        """
        data, end = self._revoked.data, self._revoked.content_end
        tables, heads, ordinary = self._tables, self._heads, self._extensions
        add_offset, add_record = tables.offsets.append, tables.records.append
        number_of, mask, scale = int.from_bytes, _KEY_MASK, float(_MAX_ENTRIES)
        number = len(tables.offsets)
        stop = min(number + _AT_ONCE, _MAX_ENTRIES)
        while position < end and number < stop:
            start = data[position : position + 4]
            head = heads.get(start)
            if head is None:
                head = _head(start)
                if head is None:
                    return position, True
                heads[start] = head
            key_at, key_octets, date_end, size = head
            entry = data[position + key_at : position + size]
            date = entry[key_octets:date_end]
            if (
                position + size > end
                or date[:2] != b"\x17\r"
                or date[-1:] != b"Z"
                or not date[2:-1].isdigit()
            ):
                return position, True
            extensions = entry[date_end:]
            if extensions not in ordinary:
                if not _is_ordinary(extensions):
                    return position, True
                if len(ordinary) < _REMEMBERED:
                    ordinary.add(extensions)
            if key_octets == _KEY_OCTETS:
                add_record((number_of(entry[:4], "big") & mask) * scale + number)
            else:
                key = number_of(entry[:key_octets], "big", signed=True) & mask
                add_record(key * scale + number)
            add_offset(position)
            number += 1
            position += size
        return position, False

    def _other(self, position: int) -> int | None:
        """Take one entry of any form; return where the next one begins, None when that cannot be known."""
        tables = self._tables
        try:
            element = read_element(self._revoked.data, position, self._revoked.content_end)
        except DerError:
            tables.damaged += 1
            return None
        number = len(tables.offsets)
        decoded = decode_entry(element, number, self._carried)
        tables.offsets.append(position)
        tables.damaged += decoded.damaged
        if decoded.issuers != self._carried:
            tables.changes.append(number << 32 | bool(decoded.issuers))
            self._carried = decoded.issuers
        if decoded.entry is not None:
            serial_number = decoded.entry.serial_number
            tables.damaged += len(serial_number) >= MAX_SERIAL_DIGITS and not decoded.damaged
            tables.records.append(float(_key(serial_number) * _MAX_ENTRIES + number))
            if len(tables.unhandled) < _MAX_UNHANDLED:
                tables.unhandled.update(decoded.entry.unhandled)
        return element.end


def _head(start: bytes) -> tuple[int, int, int, int] | None:
    """Return what the first four octets of an entry say, None for other than an ordinary one.

    Where the last octets of the serial number begin, how many, where behind those the date ends, and how
    long the entry is.
    """
    if len(start) < 4:
        return None
    sequence, length, integer, octets = start
    if sequence != 0x30 or length >= 0x80 or integer != 0x02 or not 0 < octets <= length - 17:
        return None
    key_octets = min(octets, _KEY_OCTETS)
    return 4 + octets - key_octets, key_octets, key_octets + 15, 2 + length


def _is_ordinary(extensions: bytes) -> bool:
    return (
        len(extensions) > 2
        and extensions[1] == len(extensions) - 2
        and _ORDINARY_EXTENSIONS.fullmatch(extensions) is not None
    )


def _key(serial_number: str) -> int:
    return int(serial_number, 16) & _KEY_MASK


class RevocationIndex:
    """An index that was made earlier, with the CRL it was made of.

    Attributes:
        count: entries that can be told apart.
        damaged: as in CrlFacts.entries_damaged.
        unhandled: as in CrlFacts.critical_entry_extensions.
        names_others: as in CrlFacts.names_other_issuers.
    """

    def __init__(self, index: bytes, header_end: int, header: dict[str, object], crl: bytes) -> None:
        """Take over what `open_index` has checked."""
        self._index, self._crl = index, crl
        self.count = _count(header, "entries")
        self.damaged = _count(header, "damaged")
        unhandled = header["unhandled"]
        self.unhandled = tuple(str(oid) for oid in unhandled) if isinstance(unhandled, list) else ()
        self._offsets = _Numbers(index, header_end, self.count, _OFFSET)
        self._records = _Numbers(index, self._offsets.end, _count(header, "records"), _RECORD)
        self._changes = _Numbers(index, self._records.end, _count(header, "changes"), _CHANGE)
        self.names_others = len(self._changes) > 0

    @property
    def length(self) -> int:
        """Octets that header, tables and digest take."""
        return self._changes.end + _DIGEST_OCTETS

    def entries_of(self, serial_number: str) -> Iterator[DecodedEntry]:
        """Yield the entries with a serial number, in their order; the number as in CertificateFacts."""
        try:
            key = _key(serial_number)
        except ValueError:
            return  # what is no number is in no list
        for at in range(bisect_left(self._records, key * _MAX_ENTRIES), len(self._records)):
            found, position = divmod(self._records[at], _MAX_ENTRIES)
            if found != key:
                return
            decoded = self._decoded(position)
            if decoded.entry is not None and decoded.entry.serial_number == serial_number:
                yield decoded

    def decoded(self, first: int, count: int) -> Iterator[DecodedEntry]:
        """Yield the entries from a position on, or what there is of them."""
        for position in range(max(first, 0), min(max(first, 0) + max(count, 0), self.count)):
            yield self._decoded(position)

    def _decoded(self, position: int) -> DecodedEntry:
        return decode_entry(self._element(position), position, self._issuers_before(position))

    def _issuers_before(self, position: int) -> Issuers:
        found = bisect_left(self._changes, position << 32)
        if found == 0:
            return None
        change = self._changes[found - 1]
        if not change & _NUMBER_MASK:
            return ()
        named_at = change >> 32
        return decode_entry(self._element(named_at), named_at, None).issuers

    def _element(self, position: int) -> Element:
        return read_element(self._crl, self._offsets[position])


def open_index(index: bytes, crl: bytes, crl_sha256: str) -> RevocationIndex | None:
    """Return an index, None when it is damaged, or another CRL's, or of another form than this one.

    Args:
        index: anything that is indexed like bytes, such as a mapped file; as `crl`.
        crl_sha256: of `crl`, lower-case hex.
    """
    if len(index) < _HEAD.size + _DIGEST_OCTETS:
        return None
    magic, header_length = _HEAD.unpack(index[: _HEAD.size])
    header_end = _HEAD.size + header_length
    if magic != _MAGIC or header_length > _MAX_HEADER:
        return None
    whole = memoryview(index)
    try:
        if hashlib.sha256(whole[:-_DIGEST_OCTETS]).digest() != whole[-_DIGEST_OCTETS:]:
            return None
    finally:
        whole.release()
    try:
        header = json.loads(index[_HEAD.size : header_end])
        opened = RevocationIndex(index, header_end, header, crl)
    except (ValueError, KeyError, TypeError):
        return None
    return opened if header["crl"] == crl_sha256 and opened.length == len(index) else None


def _count(header: dict[str, object], name: str) -> int:
    number = header[name]
    if not isinstance(number, int) or not 0 <= number <= _NUMBER_MASK:
        raise ValueError(name)
    return number


class _Numbers:
    """A table of numbers of the same width, as a sequence to search in."""

    def __init__(self, data: bytes, start: int, count: int, form: struct.Struct) -> None:
        self._data, self._start, self._count, self._form = data, start, count, form
        self.end = start + count * form.size

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: int) -> int:
        (number,) = self._form.unpack_from(self._data, self._start + at * self._form.size)
        return int(number)
