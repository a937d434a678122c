"""Writes a list in the forms that others read: our JSON, PEM, PKCS#7, a Java trust store, CCADB's CSV.

Forms that cannot say what is not trusted hold what is: entries that are distrusted, withdrawn or only help
to build paths are left out of them, because whoever loads such a file trusts all of it. `what_is_lost`
says what else they cannot carry.
"""

from __future__ import annotations

import csv
import io
import re
import textwrap
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import ExportProfile
from trustdesk.core.list_form import ListForm
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_entry import AnchorMode, AppliesTo, EntryStatus, ListEntry, Usage
from trustdesk.core.trust_version import ListContent
from trustdesk.core.untrusted import visible
from trustdesk.formats.list_losses import what_is_lost

JAVAS_PASSWORD = "changeit"  # noqa: S105 - Java's usual one, which protects nothing
_MAX_ALIAS = 100
_DASHES = re.compile("-{3,}")
_AGAINST_KEYS = frozenset({EntryStatus.DISTRUSTED, EntryStatus.WITHDRAWN, EntryStatus.SUSPENDED})
"""As where a list judges (`services.lists_in_force`)."""

_TLS = frozenset({Usage.TLS_SERVER, Usage.TLS_CLIENT, Usage.IDP_SIGNING, Usage.LIST_SIGNING})


WrittenEntry = tuple[str, EntryStatus | None, frozenset[Usage] | None]
"""Digest of the certificate; status and usages where the form says them for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDraft:
    """A list as it would be written; nothing of it is anywhere yet.

    Attributes:
        entries: how many are in it.
        written: what has to be read back of each (`written_entry`), in any order.
        lost: as `what_is_lost` names them.
    """

    data: bytes = field(repr=False)
    entries: int
    lost: tuple[str, ...] = ()
    written: tuple[WrittenEntry, ...] = ()


def written_entry(entry: ListEntry, form: ListForm) -> WrittenEntry:
    """Return what has to be read back of an entry."""
    return (entry.sha256, entry.status, entry.usages) if form is ListForm.JSON else (entry.sha256, None, None)


def write_list(
    content: ListContent,
    form: ListForm,
    *,
    at: datetime,
    usage: Usage | None = None,
    passphrase: str | None = None,
    profile: ExportProfile = ExportProfile.MODERN,
) -> ListDraft:
    """Return a list in a form. JSON comes out unsigned: `list_signing.sign_list` signs it.

    Args:
        at: the instant that entries are to be trusted at, for those that end on a date.
        usage: only entries that are trusted for this; None for all entries (JSON), or for all that are
            trusted for anything.
        passphrase: of a Java trust store; None for Java's usual one.

    Raises:
        UnusableInputError: no entry would be in it, or a certificate is damaged so that the form cannot hold
            it.
    """
    if form is ListForm.JSON:
        from trustdesk.formats.list_json_writing import json_list

        chosen = content.entries if usage is None else _trusted_for(content.entries, usage, at)
        narrowed = replace(content, entries=tuple(chosen))
        return _draft(json_list(narrowed), chosen, form, narrowed)
    anchors = [
        (entry, entry.certificate)
        for entry in _trusted_for(content.entries, usage, at)
        if entry.anchor_mode is not AnchorMode.NOT_ANCHOR and entry.certificate is not None
    ]
    if not anchors:
        raise UnusableInputError(_nothing(usage), remedy=msg("Choose another usage, or write it as JSON."))
    data = _written(content, form, anchors, usage, passphrase or JAVAS_PASSWORD, profile)
    return _draft(data, [entry for entry, _ in anchors], form, content)


def _draft(data: bytes, entries: Sequence[ListEntry], form: ListForm, content: ListContent) -> ListDraft:
    return ListDraft(
        data=data,
        entries=len(entries),
        lost=what_is_lost(content, form),
        written=tuple(written_entry(entry, form) for entry in entries),
    )


def _trusted_for(entries: Sequence[ListEntry], usage: Usage | None, at: datetime) -> list[ListEntry]:
    """Return what is trusted at an instant: an entry that is against a key is against all of that key."""
    against = {one.spki_sha256 for one in entries if one.status in _AGAINST_KEYS} - {None}
    return [
        entry
        for entry in entries
        if entry.spki_sha256 not in against and not _is_over(entry, at) and _is_trusted(entry, usage, at)
    ]


def _is_over(entry: ListEntry, at: datetime) -> bool:
    # A trust store's reader need not look at an anchor's dates, and Java does not (RFC 5280 6.1.1 (d)).
    ends = None if entry.certificate is None else entry.certificate.not_after
    return ends is not None and ends < at


def _is_trusted(entry: ListEntry, usage: Usage | None, at: datetime) -> bool:
    """Whether a list trusts an entry for a usage at an instant; None for any, or for one nobody decided."""
    distrust = entry.distrust
    if entry.status not in {EntryStatus.TRUSTED, EntryStatus.TRUSTED_UNTIL}:
        return False
    if usage is None:
        named = frozenset(Usage) if entry.usages is None else entry.usages
    else:
        named = frozenset({usage}) & (entry.usages or frozenset())
    if entry.status is EntryStatus.TRUSTED_UNTIL and distrust.tls_after is None:
        # As where it is judged: until a day that is not named is until none, and that for mail is none here.
        named -= frozenset(Usage) if distrust.smime_after is None else _TLS
    if distrust.applies_to is AppliesTo.NOW:
        if distrust.tls_after is not None and distrust.tls_after <= at:
            named -= _TLS
        if distrust.smime_after is not None and distrust.smime_after <= at:
            named -= {Usage.EMAIL}
    return bool(named)


def _nothing(usage: Usage | None) -> Message:
    if usage is None:
        return msg("No CA of the list is trusted for anything.")
    return msg("No CA of the list is trusted for {usage}.", usage=usage.value)


def _written(
    content: ListContent,
    form: ListForm,
    anchors: Sequence[tuple[ListEntry, CertificateFacts]],
    usage: Usage | None,
    passphrase: str,
    profile: ExportProfile,
) -> bytes:
    match form:
        case ListForm.PEM:
            return _pem(content, anchors, usage)
        case ListForm.PKCS7:
            return _pkcs7([facts for _, facts in anchors])
        case ListForm.JAVA_TRUST_STORE:
            from trustdesk.formats.pkcs12_writing import write_java_trust_store

            return write_java_trust_store(_aliases(anchors), passphrase=passphrase, profile=profile)
        case ListForm.CCADB:
            return _ccadb(anchors)
        case ListForm.JSON:
            raise ValueError("written by itself")


def _pem(
    content: ListContent, anchors: Sequence[tuple[ListEntry, CertificateFacts]], usage: Usage | None
) -> bytes:
    """Text before each block says what it is; comments are what readers pass over (RFC 7468 5.2)."""
    what = "any usage" if usage is None else usage.value
    lines = [f"# {_comment(content.title)}", f"# trusted for: {what}", ""]
    for _, facts in anchors:
        lines += [
            f"# subject: {_comment(facts.subject or '')}",
            f"# sha256: {facts.sha256}",
            pem_text(facts.der),
        ]
    return "\n".join(lines).encode()


def pem_text(der: bytes) -> str:
    """Return a certificate as a PEM block (RFC 7468), with a newline at its end."""
    body = "\n".join(textwrap.wrap(b64encode(der).decode(), 64))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


def _comment(text: str) -> str:
    """Return a foreign text that can neither end its line nor begin a block."""
    return _DASHES.sub("--", visible(text))


def _pkcs7(certificates: Sequence[CertificateFacts]) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    from trustdesk.formats.certification_path import load

    loaded = []
    for facts in certificates:
        certificate = load(facts.der)
        if certificate is None:
            raise UnusableInputError(
                msg("The certificate {title} is damaged, so that PKCS#7 cannot hold it.", title=facts.title),
                remedy=msg("Write the list as PEM or as JSON."),
            )
        loaded.append(certificate)
    return pkcs7.serialize_certificates(loaded, Encoding.DER)


def _aliases(anchors: Sequence[tuple[ListEntry, CertificateFacts]]) -> list[tuple[str, bytes]]:
    """Return each with an alias of its own: the one that it came with, or its title. Java ignores case."""
    used: set[str] = set()
    found = []
    for entry, facts in anchors:
        came_with = entry.notes if "\n" not in entry.notes and len(entry.notes) <= _MAX_ALIAS else ""
        stem = visible(came_with or facts.title, _MAX_ALIAS).lower()
        alias = stem if stem not in used else f"{stem} {facts.sha256[:16]}"
        while alias in used:
            alias += "+"
        used.add(alias)
        found.append((alias, facts.der))
    return found


def _ccadb(anchors: Sequence[tuple[ListEntry, CertificateFacts]]) -> bytes:
    from trustdesk.formats.ccadb_cells import COLUMNS, row

    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(row(entry, facts, pem_text(facts.der)) for entry, facts in anchors)
    return out.getvalue().encode()
