"""Reading the entries of a CRL, one by one, whatever is wrong with some of them.

What cannot be read must not make a certificate look as if it were not listed: an entry whose serial number
or certificate issuer is lost is counted as damaged, and nobody concludes anything from a list that has one.
A lost date or reason costs no more than itself: the certificate is listed all the same.

Source: RFC 5280 5.1.2.6, 5.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from trustdesk.core.revocation import CrlEntry
from trustdesk.formats.der import (
    GENERALIZED_TIME,
    INTEGER,
    SEQUENCE,
    UTC_TIME,
    DerError,
    Element,
    instant,
    integer,
    read_element,
    read_whole,
    whole_children,
)
from trustdesk.formats.distinguished_name import name_text
from trustdesk.formats.extension_oids import CERTIFICATE_ISSUER, INVALIDITY_DATE, REASON_CODE
from trustdesk.formats.extensions import Extension, read_extension

CERTIFICATE_HOLD = "certificateHold"
REMOVE_FROM_CRL = "removeFromCRL"
REVOCATION_REASONS = {
    0: "unspecified",
    1: "keyCompromise",
    2: "cACompromise",
    3: "affiliationChanged",
    4: "superseded",
    5: "cessationOfOperation",
    6: CERTIFICATE_HOLD,
    8: REMOVE_FROM_CRL,
    9: "privilegeWithdrawn",
    10: "aACompromise",
}
"""CRLReason (RFC 5280 5.3.1); 7 is not used."""

_ENUMERATED = 0x0A
_DIRECTORY_NAME = 0xA4
_TIMES = frozenset({UTC_TIME, GENERALIZED_TIME})
MAX_SERIAL_DIGITS = 4096

Issuers = tuple[str, ...] | None
"""Names of a certificate's issuer, RFC 4514; None for the list's own, () when they cannot be read."""


@dataclass(frozen=True, slots=True)
class DecodedEntry:
    """An entry and what a search has to know beyond it.

    Attributes:
        entry: None when not even its serial number can be read.
        issuers: of the certificate, by this entry or one before it (RFC 5280 5.3.3).
        damaged: whether the serial number or the issuer is not to be relied on.
    """

    entry: CrlEntry | None
    issuers: Issuers
    damaged: bool


@dataclass(frozen=True, slots=True)
class EntryExtensions:
    """What the extensions of an entry say.

    Attributes:
        issuers: None when the entry does not name any.
        unhandled: OIDs of critical extensions that are unknown here, or cannot be decoded.
        damaged: whether an extension, which might be the certificate's issuer, cannot be read.
    """

    reason: str | None = None
    invalidity_date: datetime | None = None
    issuers: Issuers = None
    unhandled: tuple[str, ...] = ()
    damaged: bool = False


def entry_elements(revoked: Element) -> Iterator[Element | None]:
    """Yield the entries of revokedCertificates in their order; None at the end when the rest is damaged."""
    position = revoked.content_start
    while position < revoked.content_end:
        try:
            element = read_element(revoked.data, position, revoked.content_end)
        except DerError:
            yield None
            return
        yield element
        position = element.end


def have_extensions(revoked: Element) -> bool:
    """Whether an entry of revokedCertificates has more than a serial number and a date, or is damaged.

    Entries whose lengths take one octet each are told by these: there may be a million of them.
    """
    data, position, end = revoked.data, revoked.content_start, revoked.content_end
    while position < end:
        head = data[position : position + 4]
        if len(head) == 4 and head[0] == SEQUENCE and head[2] == INTEGER and max(head[1], head[3]) < 0x80:
            size, date_at = 2 + head[1], 4 + head[3]
            date = data[position + date_at : position + date_at + 2]
            if (
                len(date) == 2
                and date[0] in _TIMES
                and date[1] < 0x80
                and date_at + 2 + date[1] == size
                and position + size <= end
            ):
                position += size
                continue
        try:
            element = read_element(data, position, end).expect(SEQUENCE)
            if sum(1 for _ in element.children()) > 2:
                return True
        except DerError:
            return True
        position = element.end
    return False


def decode_entries(revoked: Element) -> Iterator[DecodedEntry]:
    """Yield the entries of revokedCertificates in their order, each with the issuer that holds for it.

    What follows after an entry whose end cannot be found is one damaged entry.
    """
    carried: Issuers = None
    for position, element in enumerate(entry_elements(revoked)):
        decoded = decode_entry(element, position, carried)
        carried = decoded.issuers
        yield decoded


class HeldEntries:
    """All entries of a list that is short enough to be decoded at once.

    Attributes:
        damaged: as in CrlFacts.entries_damaged.
        unhandled: as in CrlFacts.critical_entry_extensions.
        names_others: as in CrlFacts.names_other_issuers.
    """

    def __init__(self, revoked: Element | None) -> None:
        """Decode revokedCertificates; None is a list without entries."""
        self._decoded = tuple(decode_entries(revoked)) if revoked is not None else ()
        self._by_serial_number: dict[str, list[DecodedEntry]] = {}
        for one in self._decoded:
            if one.entry is not None:
                self._by_serial_number.setdefault(one.entry.serial_number, []).append(one)
        self.damaged = sum(one.damaged for one in self._decoded)
        self.names_others = any(one.issuers is not None for one in self._decoded)
        self.unhandled = tuple(
            sorted({oid for one in self._decoded if one.entry is not None for oid in one.entry.unhandled})
        )

    def entries_of(self, serial_number: str) -> Iterator[DecodedEntry]:
        """Yield the entries with a serial number, in their order; the number as in CertificateFacts."""
        return iter(self._by_serial_number.get(serial_number, ()))

    def decoded(self, first: int, count: int) -> Iterator[DecodedEntry]:
        """Yield the entries from a position on, or what there is of them."""
        return iter(self._decoded[max(first, 0) : max(first, 0) + max(count, 0)])


def decode_entry(element: Element | None, position: int, carried: Issuers) -> DecodedEntry:
    """Read one entry.

    Args:
        element: None for what cannot be told apart from what follows.
        carried: issuers of the certificate of the entry before; None before the first one.
    """
    if element is None:
        return DecodedEntry(None, carried, True)
    parts, damaged_at = whole_children(element)
    whole = (
        element.tag == SEQUENCE
        and damaged_at is None
        and 2 <= len(parts) <= 3
        and _might_be_time(parts[1])
        and (len(parts) == 2 or parts[2].tag == SEQUENCE)
    )
    extensions = _NO_EXTENSIONS
    if len(parts) == 3:
        extensions = read_entry_extensions(parts[2].raw)
    damaged = not whole or extensions.damaged
    issuers = carried if extensions.issuers is None else extensions.issuers
    if damaged and carried is not None:
        # Whose certificates an entry means holds for those that follow: one lost name loses all of them.
        issuers = ()
    serial_number = _serial_number(parts)
    if serial_number is None:
        return DecodedEntry(None, issuers, True)
    entry = CrlEntry(
        position=position,
        serial_number=serial_number,
        revoked_at=_instant(parts[1]) if len(parts) > 1 else None,
        reason=extensions.reason,
        invalidity_date=extensions.invalidity_date,
        certificate_issuer=issuers[0] if issuers else None,
        unhandled=extensions.unhandled,
        offset=element.start,
    )
    return DecodedEntry(entry, issuers, damaged or issuers == ())


@lru_cache(maxsize=4096)
def read_entry_extensions(raw: bytes) -> EntryExtensions:
    """Read the Extensions of an entry; never raises.

    Remembered, because most of a list's entries say the same.
    """
    try:
        sequence = read_whole(raw, SEQUENCE)
        extensions = [read_extension(element) for element in sequence.children()]
    except DerError:
        return EntryExtensions(damaged=True)
    values = {extension.oid: extension for extension in extensions}
    damaged = len(values) != len(extensions) or not extensions
    unhandled = [extension.oid for extension in extensions if extension.critical]
    reason = _reason(values.get(REASON_CODE))
    invalidity_date = _invalidity_date(values.get(INVALIDITY_DATE))
    issuers: Issuers = None
    if CERTIFICATE_ISSUER in values:
        issuers = _issuers(values[CERTIFICATE_ISSUER])
        damaged = damaged or not issuers
    understood = {
        REASON_CODE: reason is not None,
        INVALIDITY_DATE: invalidity_date is not None,
        CERTIFICATE_ISSUER: bool(issuers),
    }
    return EntryExtensions(
        reason=reason,
        invalidity_date=invalidity_date,
        issuers=issuers,
        unhandled=tuple(oid for oid in unhandled if not understood.get(oid, False)),
        damaged=damaged,
    )


_NO_EXTENSIONS = EntryExtensions()


def serial_text(number: int) -> str:
    """Return a serial number as CertificateFacts has it: hex in lower case, without leading zeros."""
    return f"{'-' if number < 0 else ''}{abs(number):x}"[:MAX_SERIAL_DIGITS]


def _serial_number(parts: list[Element]) -> str | None:
    try:
        return serial_text(integer(parts[0])) if parts else None
    except DerError:
        return None


def _instant(element: Element) -> datetime | None:
    try:
        return instant(element)
    except ValueError:
        return None


def _might_be_time(element: Element) -> bool:
    """Whether this is a time, however unusual: one that is none may have swallowed the extensions."""
    return (
        element.tag in _TIMES and len(element.content) < 32 and not element.content.strip(b"0123456789+-.,Z")
    )


def _reason(extension: Extension | None) -> str | None:
    try:
        content = read_whole(extension.value, _ENUMERATED).content if extension else b""
    except DerError:
        return None
    return REVOCATION_REASONS.get(content[0]) if len(content) == 1 else None


def _invalidity_date(extension: Extension | None) -> datetime | None:
    try:
        return instant(read_whole(extension.value, GENERALIZED_TIME)) if extension else None
    except ValueError:
        return None


def _issuers(extension: Extension) -> tuple[str, ...]:
    """Return the distinguished names of certificateIssuer; () when one of them, or all, cannot be read.

    A name that is nothing but empty names nobody.
    """
    try:
        names = [
            name_text(read_element(name.data, name.content_start, name.content_end))
            for name in read_whole(extension.value, SEQUENCE).children()
            if name.tag == _DIRECTORY_NAME
        ]
    except ValueError:
        return ()
    return tuple(names) if all(names) else ()
