"""The few columns of a certificate that a table of 100,000 shows, and nothing that a table does not.

A decoded certificate takes 20 kB of memory and 110 µs; its columns take 0.3 kB and 13 µs. So lists keep DER
and columns, and `formats.certificate_details` reads the one that a person opens.
"""

from __future__ import annotations

import binascii
import hashlib
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from trustdesk.core.inspection import CertificateRow
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.der import INTEGER, SEQUENCE, DerError, instant, read_element
from trustdesk.formats.distinguished_name import joined, relative_name_text
from trustdesk.formats.pem import CERTIFICATE_LABELS, pem_blocks

_BEGIN = re.compile(rb"-----BEGIN ")
_ORDINARY = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_VERSION = 0xA0
_REMEMBERED = 4096


@dataclass(slots=True)
class RowReader:
    """Reads rows; names and dates that come again and again are kept once.

    Attributes:
        unread: PEM blocks met so far that hold no certificate, or a damaged one.
        at: where the block begins that is being read, in bytes from the start.
    """

    unread: int = 0
    at: int = 0
    _names: dict[bytes, str] = field(default_factory=dict)
    _parts: dict[bytes, str] = field(default_factory=dict)
    _instants: dict[bytes, datetime] = field(default_factory=dict)

    def pem_rows(self, data: bytes | mmap.mmap) -> Iterator[CertificateRow]:
        """Yield a row for every certificate of a PEM file, which may be mapped instead of read."""
        starts = _BEGIN.finditer(data)
        start = next(starts, None)
        while start is not None:
            following = next(starts, None)
            self.at = start.start()
            ordinary = _ORDINARY.match(data, self.at)
            if ordinary is not None:
                try:
                    yield self.row(binascii.a2b_base64(ordinary[1]))
                except binascii.Error:
                    self.unread += 1
            else:
                end = len(data) if following is None else following.start()
                yield from self._unusual(bytes(data[self.at : end]))
            start = following

    def row(self, der: bytes) -> CertificateRow:
        """Return the columns of a certificate; what cannot be read is None, as in `read_certificate`."""
        try:
            return self._row(der)
        except (ValueError, IndexError):
            facts = read_certificate(der)
        return CertificateRow(
            der=der,
            sha256=facts.sha256,
            subject=facts.subject,
            issuer=facts.issuer,
            serial_number=facts.serial_number,
            not_before=facts.not_before,
            not_after=facts.not_after,
        )

    def _unusual(self, block: bytes) -> Iterator[CertificateRow]:
        for found in pem_blocks(block, 1):
            if found.der is None or found.label not in CERTIFICATE_LABELS:
                self.unread += 1
            else:
                yield self.row(found.der)

    def _row(self, der: bytes) -> CertificateRow:
        """Read an ordinary certificate; anything unusual raises and is left to `read_certificate`."""
        outer = _parts(der, 0, SEQUENCE)
        if outer[-1] != len(der):
            raise DerError("bytes after the certificate")
        fields = _parts(der, outer[0], SEQUENCE)
        first = 1 if der[fields[0]] == _VERSION else 0
        serial, _, issuer, validity, subject, key = fields[first : first + 6]
        dates = _parts(der, validity, SEQUENCE)
        content, end = _inside(der, serial)
        if der[serial] != INTEGER or content == end or len(dates) != 3:
            raise DerError("another form")
        number = int.from_bytes(der[content:end], "big", signed=True)
        return CertificateRow(
            der=der,
            sha256=hashlib.sha256(der).hexdigest(),
            subject=self._name(der[subject:key]),
            issuer=self._name(der[issuer:validity]),
            serial_number=f"{'-' if number < 0 else ''}{abs(number):x}"[:4096],
            not_before=self._instant(der[dates[0] : dates[1]]),
            not_after=self._instant(der[dates[1] : dates[2]]),
        )

    def _name(self, raw: bytes) -> str:
        known = self._names.get(raw)
        if known is None:
            if len(self._names) >= _REMEMBERED:
                self._names.clear()
            known = self._names[raw] = self._name_of_parts(raw)
        return known

    def _name_of_parts(self, raw: bytes) -> str:
        """Put a new name together: country and organisation are those of other names."""
        texts = []
        for start, end in pairwise(_parts(raw, 0, SEQUENCE)):
            part = raw[start:end]
            text = self._parts.get(part)
            if text is None:
                if len(self._parts) >= _REMEMBERED:
                    self._parts.clear()
                text = self._parts[part] = relative_name_text(read_element(part))
            texts.append(text)
        return joined(texts)

    def _instant(self, raw: bytes) -> datetime:
        known = self._instants.get(raw)
        if known is None:
            if len(self._instants) >= _REMEMBERED:
                self._instants.clear()
            known = self._instants[raw] = instant(read_element(raw))
        return known


def _parts(data: bytes, at: int, tag: int) -> list[int]:
    """Return where the elements inside the element at `at` begin, and where the last of them ends.

    Raises:
        DerError: it has another tag, or its content is not made of whole elements.
        IndexError: the data ends before.
    """
    start, end = _inside(data, at)
    if data[at] != tag:
        raise DerError("another tag")
    found = [start]
    while start < end:
        start = _inside(data, start)[1]
        found.append(start)
    if start != end:
        raise DerError("an element beyond the end")
    return found


def _inside(data: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the element at `at` begins and ends.

    `formats.der` does the same with an object for each element, which is what takes the time there.

    Raises:
        DerError: it does not end inside the data.
        IndexError: it does not even begin.
    """
    if data[at] & 0x1F == 0x1F:
        raise DerError("a high tag number")
    length = data[at + 1]
    start = at + 2
    if length >= 0x80:
        octets = length & 0x7F
        if not 0 < octets <= 4:
            raise DerError("a length that does not fit")
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
    if start + length > len(data):
        raise DerError("a length beyond the end")
    return start, start + length
