"""A CRL in memory that can be asked for a serial number: the port `RevocationList` for ordinary lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message, msg_n
from trustdesk.core.revocation import CrlEntry
from trustdesk.formats.revocation_entries import REMOVE_FROM_CRL, DecodedEntry, decode_entries
from trustdesk.formats.revocation_list import read_revocation_list, revoked_certificates, signed_parts
from trustdesk.verify.comparable_names import comparable_text
from trustdesk.verify.signatures import SignatureStatus, signature_status


class HeldRevocationList:
    """A CRL that is short enough to be held; entries are decoded when one is asked for the first time.

    Nothing follows from `entry` returning None while `facts.is_damaged` is true: the serial number may be
    in what could not be read. What is found all the same is listed. `facts.critical_entry_extensions` are
    those of all entries, because one that nobody understands makes the whole list useless (RFC 5280 5.3).
    """

    def __init__(self, der: bytes) -> None:
        self._der = der
        self._signed_by: dict[bytes, bool | None] = {}

    @property
    def facts(self) -> CrlFacts:
        """What it says of itself, its entries looked at."""
        return self._read.facts

    def is_signed_by(self, subject_public_key_info: bytes) -> bool | None:
        """Whether this key made its signature; None when key or algorithm cannot be used here."""
        if subject_public_key_info not in self._signed_by:
            self._signed_by[subject_public_key_info] = self._checked(subject_public_key_info)
        return self._signed_by[subject_public_key_info]

    def entry(self, serial_number: str, certificate_issuer: str | None = None) -> CrlEntry | None:
        """Return the entry of a certificate; None when it is not listed, or when its entry is damaged.

        Of several for one certificate the first that revokes counts: a removal does not undo another entry
        of the same list.

        Args:
            serial_number: as in CertificateFacts.
            certificate_issuer: RFC 4514 name; None for the list's own issuer (RFC 5280 5.3.3).
        """
        wanted = issuer_key(certificate_issuer, self.facts.issuer)
        found = [
            decoded.entry
            for decoded in self._read.by_serial_number.get(serial_number, ())
            if decoded.entry is not None and wanted in issuer_keys(decoded, self.facts.issuer)
        ]
        return deciding_entry(found)

    def entries(self, first: int, count: int) -> Sequence[CrlEntry]:
        """Return `count` entries, or what there is of them, from position `first` on; no unreadable one."""
        decoded = self._read.decoded[max(first, 0) : max(first, 0) + max(count, 0)]
        return tuple(one.entry for one in decoded if one.entry is not None)

    @cached_property
    def _read(self) -> _Read:
        return _read(self._der)

    def _checked(self, subject_public_key_info: bytes) -> bool | None:
        parts = signed_parts(self.facts, self._der)
        if parts is None:
            return None
        body, algorithm, signature = parts
        status = signature_status(algorithm, signature, body.raw, subject_public_key_info)
        return None if status is SignatureStatus.UNCHECKED else status is SignatureStatus.MADE


@dataclass(frozen=True, slots=True)
class _Read:
    facts: CrlFacts
    decoded: tuple[DecodedEntry, ...]
    by_serial_number: dict[str, list[DecodedEntry]]


def _read(der: bytes) -> _Read:
    facts = read_revocation_list(der)
    revoked = revoked_certificates(facts, der)
    decoded = tuple(decode_entries(revoked)) if revoked is not None else ()
    by_serial_number: dict[str, list[DecodedEntry]] = {}
    for one in decoded:
        if one.entry is not None:
            by_serial_number.setdefault(one.entry.serial_number, []).append(one)
    return _Read(
        with_entries(
            facts,
            damaged=sum(one.damaged for one in decoded),
            unhandled=(oid for one in decoded if one.entry for oid in one.entry.unhandled),
        ),
        decoded,
        by_serial_number,
    )


def with_entries(facts: CrlFacts, *, damaged: int, unhandled: Iterable[str]) -> CrlFacts:
    """Return what a list says of itself, with what its entries add to it."""
    return replace(
        facts,
        entries_damaged=damaged,
        critical_entry_extensions=tuple(sorted(set(unhandled))),
        problems=(*facts.problems, *_entry_problems(damaged)),
    )


def issuer_key(name: str | None, own: str | None) -> str | None:
    """Return the name of a certificate's issuer as it is compared; None only when the list's is unreadable.

    RFC 4514 strings are compared as RFC 5280 7.1 compares the values in them. Two names that differ in what
    that leaves out are taken for one: a certificate is then listed rather than not.

    Args:
        name: None for the list's own issuer.
        own: the list's issuer; None when it cannot be read.
    """
    name = own if name is None else name
    return None if name is None else _comparable(name)


def issuer_keys(decoded: DecodedEntry, own: str | None) -> tuple[str | None, ...]:
    """Return the names of the certificate's issuer by which an entry may be found."""
    if decoded.issuers is None:
        return (issuer_key(None, own),)
    return tuple(issuer_key(name, own) for name in decoded.issuers)


def deciding_entry(entries: Iterable[CrlEntry]) -> CrlEntry | None:
    """Return the first entry that revokes, or else the first; None of none."""
    removal: CrlEntry | None = None
    for entry in entries:
        if entry.reason != REMOVE_FROM_CRL:
            return entry
        removal = removal or entry
    return removal


@lru_cache(maxsize=1024)
def _comparable(name: str) -> str:
    return ",".join(
        "+".join(sorted(comparable_text(attribute) for attribute in relative_name.split("+")))
        for relative_name in name.split(",")
    )


def _entry_problems(damaged: int) -> tuple[Message, ...]:
    if not damaged:
        return ()
    return (
        msg_n(
            "{count} entry cannot be read: a certificate that is not found may be listed all the same.",
            "{count} entries cannot be read: a certificate that is not found may be listed all the same.",
            damaged,
        ),
    )
