"""Entries out of certificates alone: what forms without usages, dates and owners let be said.

An intermediate CA whose root is in the same source helps to build paths and no path ends at it. One that
stands without its root was put there to be trusted by itself, as partners' trust stores do: paths may end
at it, and a remark and LST-11 say so. The certificate of a server or client comes in as a pinned peer, which
vouches for nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_entry import AnchorMode, EntryKind, EntryStatus, ListEntry, Usage
from trustdesk.core.untrusted import bounded
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import IssuerPool, load
from trustdesk.formats.der import DerError, read_element
from trustdesk.formats.entry_facts import (
    is_no_certificate,
    kind_of,
    public_key_sha256,
    with_cross_certificates,
)
from trustdesk.formats.list_source import MAX_ENTRIES, PROGRESS_STEP, Progress

_MAX_NOTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCertificate:
    """A certificate as it lies in a source.

    Attributes:
        where: in words, for errors: "block 3, at byte 4711".
        place: the file that it lies in.
        notes: its alias, or the comment above it; untrusted.
        usages, status: where the source says them (OpenSSL's trust settings); None and TRUSTED else.
    """

    der: bytes = field(repr=False)
    place: str
    where: Message
    notes: str = ""
    usages: frozenset[Usage] | None = None
    status: EntryStatus = EntryStatus.TRUSTED


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntries:
    """Entries in the order of the source, each certificate once, with what a person should know."""

    entries: tuple[ListEntry, ...]
    remarks: tuple[Message, ...] = ()


def entries_of(found: Sequence[FoundCertificate], on_progress: Progress | None = None) -> FoundEntries:
    """Make entries of certificates; one that stands there again adds its notes to the first.

    Raises:
        UnusableInputError: one cannot be read, there are none or too many; names the first.
    """
    entries: dict[str, ListEntry] = {}
    repeated = 0
    for number, one in enumerate(found):
        entry = _entry(one)
        known = entries.get(entry.sha256)
        repeated += known is not None
        entries[entry.sha256] = entry if known is None else _merged(known, entry, one)
        if len(entries) > MAX_ENTRIES:
            raise too_many(one.place)
        if on_progress is not None and number % PROGRESS_STEP == 0:
            on_progress(number, len(found))
    placed = _placed(with_cross_certificates(entries.values()), on_progress)
    if on_progress is not None:
        on_progress(len(found), len(found))
    return FoundEntries(entries=placed, remarks=_remarks(placed, repeated))


def too_many(place: str) -> UnusableInputError:
    """Make the error of a list that is longer than any real one."""
    return UnusableInputError(
        msg("The list has more than {limit} entries.", limit=MAX_ENTRIES),
        remedy=msg("Name a file with fewer certificates."),
        place=place,
    )


def _entry(one: FoundCertificate) -> ListEntry:
    facts = read_certificate(one.der)
    if is_no_certificate(facts) or facts.subject is None or facts.not_after is None or _has_more(one.der):
        raise UnusableInputError(
            msg("The certificate of {where} is damaged. {problem}", where=one.where, problem=_first(facts)),
            remedy=msg("Get the file again from whoever gave it; nothing of it was taken."),
            place=one.place,
        )
    kind = kind_of(facts)
    return ListEntry(
        sha256=facts.sha256,
        certificate=facts,
        subject=facts.subject,
        spki_sha256=public_key_sha256(facts.der),
        kind=kind,
        anchor_mode=AnchorMode.FULL_CHAIN if kind is EntryKind.ROOT else AnchorMode.NOT_ANCHOR,
        usages=one.usages,
        status=one.status,
        notes=bounded(one.notes.replace("\0", "\N{REPLACEMENT CHARACTER}"), _MAX_NOTES),
    )


def _has_more(der: bytes) -> bool:
    """Whether bytes follow the certificate: its digest would be no certificate's."""
    try:
        return read_element(der).end != len(der)
    except DerError:
        return True


def _first(facts: CertificateFacts) -> Message:
    return facts.problems[0] if facts.problems else msg("Its name and dates cannot be read.")


def _merged(known: ListEntry, again: ListEntry, one: FoundCertificate) -> ListEntry:
    """Join what two places say of one certificate; distrust and the narrower usage win."""
    notes = known.notes
    if again.notes and again.notes not in notes.split("\n"):
        notes = bounded(f"{notes}\n{again.notes}" if notes else again.notes, _MAX_NOTES)
    status = EntryStatus.DISTRUSTED if EntryStatus.DISTRUSTED in {known.status, one.status} else known.status
    usages = known.usages
    if one.usages is not None:
        usages = one.usages if usages is None else usages & one.usages
    return replace(known, notes=notes, status=status, usages=usages)


def _placed(entries: tuple[ListEntry, ...], on_progress: Progress | None) -> tuple[ListEntry, ...]:
    """Let paths end at intermediates that no root of the source stands above.

    Thousands of one name take their time: whoever waits may stop it.
    """
    if all(entry.kind is not EntryKind.INTERMEDIATE for entry in entries):
        return entries
    pool = IssuerPool(
        entry.certificate.der
        for entry in entries
        if entry.certificate is not None and entry.kind is not EntryKind.END_ENTITY
    )
    roots = {entry.certificate.der for entry in entries if entry.certificate and entry.kind is EntryKind.ROOT}
    reach: dict[bytes, bool] = {}
    found = []
    for number, entry in enumerate(entries):
        if entry.kind is EntryKind.INTERMEDIATE and entry.certificate is not None:
            if on_progress is not None and number % PROGRESS_STEP == 0:
                on_progress(number, len(entries))
            if not _reaches(entry.certificate.der, pool, roots, reach):
                entry = replace(entry, anchor_mode=AnchorMode.PARTIAL_CHAIN_ALLOWED)  # noqa: PLW2901
        found.append(entry)
    return tuple(found)


def _reaches(der: bytes, pool: IssuerPool, roots: set[bytes], reach: dict[bytes, bool]) -> bool:
    """Whether a root of the source stands above a certificate, over others of the source."""
    waiting, seen = [der], {der}
    while waiting:
        current = waiting.pop()
        if current in roots or reach.get(current, False):
            reach[der] = True
            return True
        certificate = load(current)
        for issuer, _ in () if certificate is None else pool.issuers_of(certificate):
            if issuer not in seen:
                seen.add(issuer)
                waiting.append(issuer)
    reach[der] = False
    return False


def _remarks(entries: Sequence[ListEntry], repeated: int) -> tuple[Message, ...]:
    remarks = []
    partial = sum(entry.anchor_mode is AnchorMode.PARTIAL_CHAIN_ALLOWED for entry in entries)
    if partial:
        remarks.append(
            msg_n(
                "{count} issuing CA stands there without its root: paths may end at it.",
                "{count} issuing CAs stand there without their root: paths may end at them.",
                partial,
            )
        )
    peers = sum(entry.kind is EntryKind.END_ENTITY for entry in entries)
    if peers:
        remarks.append(
            msg_n(
                "{count} certificate of a server or client is taken as a pinned peer, never as an anchor.",
                "{count} certificates of servers or clients are taken as pinned peers, never as anchors.",
                peers,
            )
        )
    if repeated:
        remarks.append(
            msg_n(
                "{count} certificate stood there again and counts once.",
                "{count} certificates stood there again and count once.",
                repeated,
            )
        )
    return tuple(remarks)
