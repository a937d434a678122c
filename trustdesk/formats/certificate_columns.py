"""The few columns of a certificate that a table of 100,000 shows, and nothing that a table does not.

A decoded certificate takes 20 kB of memory and 250 µs; its columns take 0.3 kB and 15 µs. So lists keep DER
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

from trustdesk.core.inspection import CertificateRow
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.der import DerError, instant, read_element
from trustdesk.formats.distinguished_name import name_text
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
    """

    unread: int = 0
    _names: dict[bytes, str] = field(default_factory=dict)
    _instants: dict[bytes, datetime] = field(default_factory=dict)

    def pem_rows(self, data: bytes | mmap.mmap) -> Iterator[CertificateRow]:
        """Yield a row for every certificate of a PEM file, which may be mapped instead of read."""
        starts = _BEGIN.finditer(data)
        start = next(starts, None)
        while start is not None:
            following = next(starts, None)
            ordinary = _ORDINARY.match(data, start.start())
            if ordinary is not None:
                try:
                    yield self.row(binascii.a2b_base64(ordinary[1]))
                except binascii.Error:
                    self.unread += 1
            else:
                end = len(data) if following is None else following.start()
                yield from self._unusual(bytes(data[start.start() : end]))
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
        at, end = _inside(der, 0)
        if end != len(der):
            raise DerError("bytes after the certificate")
        at, _ = _inside(der, at)
        if der[at] == _VERSION:
            at = _inside(der, at)[1]
        content, at = _inside(der, at)
        serial = int.from_bytes(der[content:at], "big", signed=True)
        at = _inside(der, at)[1]
        issuer = at
        at = _inside(der, at)[1]
        validity, subject = _inside(der, at)
        end = _inside(der, subject)[1]
        middle = _inside(der, validity)[1]
        return CertificateRow(
            der=der,
            sha256=hashlib.sha256(der).hexdigest(),
            subject=self._name(der[subject:end]),
            issuer=self._name(der[issuer:at]),
            serial_number=f"{'-' if serial < 0 else ''}{abs(serial):x}"[:4096],
            not_before=self._instant(der[validity:middle]),
            not_after=self._instant(der[middle:subject]),
        )

    def _name(self, raw: bytes) -> str:
        known = self._names.get(raw)
        if known is None:
            if len(self._names) >= _REMEMBERED:
                self._names.clear()
            known = self._names[raw] = name_text(read_element(raw))
        return known

    def _instant(self, raw: bytes) -> datetime:
        known = self._instants.get(raw)
        if known is None:
            if len(self._instants) >= _REMEMBERED:
                self._instants.clear()
            known = self._instants[raw] = instant(read_element(raw))
        return known


def _inside(data: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the element at `at` begins and ends.

    `formats.der` does the same with an object for each element, which is what takes the time there.

    Raises:
        DerError: it does not end inside the data.
        IndexError: it does not even begin.
    """
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
