"""What a list's entry takes from its certificate: kind, whether paths may end there, digest of its key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust_entry import AnchorMode, EntryKind, ListEntry
from trustdesk.formats.certification_path import is_issued_by, load
from trustdesk.formats.der import SEQUENCE, DerError, read_element

_VERSION = 0xA0
_SUBJECT_PUBLIC_KEY_INFO = 5  # serial, signature, issuer, validity, subject before it (RFC 5280 4.1)


def kind_of(facts: CertificateFacts) -> EntryKind:
    """Return the kind by basicConstraints and by the certificate's own signature; never CROSS: see the list.

    A root of version 1 has no basicConstraints to call itself a CA with; it is a root all the same (RFC 5280
    6.1.1 (d)), and the verifier says whether paths to it hold.
    """
    if not facts.is_ca:
        return EntryKind.ROOT if may_be_ca(facts) else EntryKind.END_ENTITY
    if not facts.is_self_issued:
        return EntryKind.INTERMEDIATE
    certificate = load(facts.der)
    # One that the library refuses (1 in 80) is taken for what its names say.
    is_root = certificate is None or is_issued_by(certificate, certificate)
    return EntryKind.ROOT if is_root else EntryKind.INTERMEDIATE


def may_be_ca(facts: CertificateFacts) -> bool:
    """Whether a certificate is a CA's, or a root of version 1."""
    return facts.is_ca or (facts.is_self_issued and _is_version_1(facts.der))


def is_no_certificate(facts: CertificateFacts) -> bool:
    """Whether bytes were so little of a certificate that nothing of it could be read."""
    return facts.subject is None and facts.issuer is None and facts.not_after is None


def public_key_sha256(der: bytes) -> str | None:
    """Return SHA-256 of a certificate's SubjectPublicKeyInfo, lower-case hex; None where it has none."""
    try:
        outer = read_element(der).expect(SEQUENCE)
        fields = list(read_element(der, outer.content_start, outer.content_end).expect(SEQUENCE).children())
        first = 1 if fields[0].tag == _VERSION else 0
        return hashlib.sha256(fields[first + _SUBJECT_PUBLIC_KEY_INFO].expect(SEQUENCE).raw).hexdigest()
    except (DerError, IndexError):
        return None


def within(at: datetime, start: datetime | None, end: datetime | None) -> bool:
    """Whether an instant lies in a validity; clocks may differ by minutes."""
    slack = timedelta(minutes=10)
    return (start is None or at >= start - slack) and (end is None or at <= end + slack)


def with_cross_certificates(entries: Iterable[ListEntry]) -> tuple[ListEntry, ...]:
    """Return entries with those named as crosses whose key a root among them has too.

    A cross certificate vouches for nobody: the root with its key does, where the list trusts that.
    """
    found = tuple(entries)
    roots = {entry.spki_sha256 for entry in found if entry.kind is EntryKind.ROOT} - {None}
    return tuple(
        replace(entry, kind=EntryKind.CROSS, anchor_mode=AnchorMode.NOT_ANCHOR)
        if entry.kind is EntryKind.INTERMEDIATE and entry.spki_sha256 in roots
        else entry
        for entry in found
    )


def _is_version_1(der: bytes) -> bool:
    try:
        to_be_signed = next(read_element(der).expect(SEQUENCE).children()).expect(SEQUENCE)
        return next(to_be_signed.children()).tag != _VERSION
    except (DerError, StopIteration):
        return False
