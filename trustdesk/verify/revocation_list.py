"""A CRL that can be asked for a serial number: the port `RevocationList`, for short and for long lists."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Protocol, cast

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message, msg_n
from trustdesk.core.ports import RevocationList
from trustdesk.core.revocation import CrlEntry, CrlSignature, CrlSigner
from trustdesk.formats.revocation_entries import REMOVE_FROM_CRL, DecodedEntry, HeldEntries
from trustdesk.formats.revocation_index import RevocationIndex
from trustdesk.formats.revocation_list import read_revocation_list, revoked_certificates, signed_parts
from trustdesk.verify.comparable_names import comparable_text
from trustdesk.verify.decoded import decode
from trustdesk.verify.signatures import SignatureStatus, signature_status


class EntrySource(Protocol):
    """The entries of a list, wherever they are."""

    @property
    def damaged(self) -> int:
        """As in CrlFacts.entries_damaged."""
        ...

    @property
    def unhandled(self) -> Sequence[str]:
        """As in CrlFacts.critical_entry_extensions."""
        ...

    @property
    def names_others(self) -> bool:
        """As in CrlFacts.names_other_issuers."""
        ...

    def entries_of(self, serial_number: str) -> Iterator[DecodedEntry]:
        """Yield the entries with a serial number, in their order."""
        ...

    def decoded(self, first: int, count: int) -> Iterator[DecodedEntry]:
        """Yield the entries from a position on, or what there is of them."""
        ...


class ReadRevocationList(ABC):
    """What short and long lists have in common.

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
        """Whether this key made its signature; None when key or algorithm cannot be used here.

        Checked once for a key: over 46 MiB that takes 0.1 s.
        """
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
        own = self.facts.issuer
        wanted = _issuer_key(certificate_issuer, own)
        return _deciding(
            decoded.entry
            for decoded in self._read.entries.entries_of(serial_number)
            if decoded.entry is not None and wanted in _issuer_keys(decoded, own)
        )

    def listed(self, serial_number: str) -> Sequence[CrlEntry]:
        """Return all entries with a serial number, whoever issued the certificate; as in CertificateFacts."""
        found = self._read.entries.entries_of(serial_number)
        return tuple(decoded.entry for decoded in found if decoded.entry is not None)

    def entries(self, first: int, count: int) -> Sequence[CrlEntry]:
        """Return `count` entries, or what there is of them, from position `first` on; no unreadable one."""
        decoded = self._read.entries.decoded(first, count)
        return tuple(one.entry for one in decoded if one.entry is not None)

    @cached_property
    @abstractmethod
    def _read(self) -> _Read: ...

    def _checked(self, subject_public_key_info: bytes) -> bool | None:
        parts = signed_parts(self.facts, self._der)
        if parts is None:
            return None
        body, algorithm, signature = parts
        # A view, because a copy may be large; the library takes one, though not all its annotations say so.
        with memoryview(self._der) as whole, whole[body.start : body.end] as signed:
            status = signature_status(algorithm, signature, cast("bytes", signed), subject_public_key_info)
        return None if status is SignatureStatus.UNCHECKED else status is SignatureStatus.MADE


class HeldRevocationList(ReadRevocationList):
    """A CRL that is short enough to be held; its entries are decoded when it is asked for the first time."""

    @cached_property
    def _read(self) -> _Read:
        facts = read_revocation_list(self._der)
        entries = HeldEntries(revoked_certificates(facts, self._der))
        return _Read(_with_entries(facts, entries), entries)


class IndexedRevocationList(ReadRevocationList):
    """A long CRL that lies in a file with its index: only what is asked for is read and decoded.

    Args:
        der: the CRL, mapped.
        index: over `der`.
        sha256: of `der`, lower-case hex.
    """

    def __init__(self, der: bytes, index: RevocationIndex, sha256: str) -> None:
        super().__init__(der)
        self._index = index
        self._sha256 = sha256

    @cached_property
    def _read(self) -> _Read:
        facts = read_revocation_list(self._der, sha256=self._sha256, count=self._index.count)
        return _Read(_with_entries(replace(facts, der=b""), self._index), self._index)


@dataclass(frozen=True, slots=True)
class _Read:
    facts: CrlFacts
    entries: EntrySource


_MAX_RENAMED = 8


def find_signer(revocation_list: RevocationList, certificates: Iterable[CertificateFacts]) -> CrlSigner:
    """Say which of some certificates holds the key that signed a list.

    Asked are those that bear the name of the list's issuer, and a few others only when none does.
    """
    own = revocation_list.facts.issuer
    name = None if own is None else _comparable(own)
    by_name: dict[bool, list[CertificateFacts]] = {True: [], False: []}
    for certificate in certificates:
        by_name[certificate.subject is not None and _comparable(certificate.subject) == name].append(
            certificate
        )
    found = CrlSigner(state=CrlSignature.NOT_CHECKED)
    for certificate in by_name[True] or by_name[False][:_MAX_RENAMED]:
        signer = _asked(revocation_list, certificate, is_issuer=bool(by_name[True]))
        if signer.state is CrlSignature.VALID:
            return signer
        if signer.is_issuer and found.state is not CrlSignature.INVALID:
            found = signer
    return found


def _asked(revocation_list: RevocationList, certificate: CertificateFacts, *, is_issuer: bool) -> CrlSigner:
    key = decode(certificate).public_key
    signed = revocation_list.is_signed_by(key) if key else None
    state = CrlSignature.UNCHECKED
    if signed is not None:
        state = CrlSignature.VALID if signed else CrlSignature.INVALID
    return CrlSigner(
        state=state,
        subject=certificate.subject,
        sha256=certificate.sha256,
        may_sign=certificate.key_usage is None or "cRLSign" in certificate.key_usage,
        is_issuer=is_issuer,
    )


def _with_entries(facts: CrlFacts, entries: EntrySource) -> CrlFacts:
    """Return what a list says of itself, with what its entries add to it."""
    return replace(
        facts,
        entries_damaged=entries.damaged,
        critical_entry_extensions=tuple(entries.unhandled),
        names_other_issuers=entries.names_others,
        problems=(*facts.problems, *_entry_problems(entries.damaged)),
    )


def _issuer_key(name: str | None, own: str | None) -> str | None:
    """Return the name of a certificate's issuer as it is compared; None only when the list's is unreadable.

    RFC 4514 strings are compared as RFC 5280 7.1 compares the values in them. Two names that differ in what
    that leaves out are taken for one: a certificate is then listed rather than not.

    Args:
        name: None for the list's own issuer.
        own: the list's issuer; None when it cannot be read.
    """
    name = own if name is None else name
    return None if name is None else _comparable(name)


def _issuer_keys(decoded: DecodedEntry, own: str | None) -> tuple[str | None, ...]:
    """Return the names of the certificate's issuer by which an entry may be found."""
    if decoded.issuers is None:
        return (_issuer_key(None, own),)
    return tuple(_issuer_key(name, own) for name in decoded.issuers)


def _deciding(entries: Iterable[CrlEntry]) -> CrlEntry | None:
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
