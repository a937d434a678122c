"""Reads our open form of trust lists: JSON, signed or not (`list_envelope`), entry by entry."""

from __future__ import annotations

import hashlib
import ipaddress
from base64 import b64decode
from collections.abc import Sequence

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import (
    AnchorMode,
    AppliesTo,
    Audit,
    CertificatePolicy,
    Distrust,
    EntryKind,
    EntryStatus,
    ListEntry,
    Owner,
    StatusChange,
    Usage,
)
from trustdesk.core.trust_version import ListContent
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.entry_facts import is_no_certificate, kind_of, may_be_ca, public_key_sha256
from trustdesk.formats.list_envelope import Envelope, MemberKind, read_envelope
from trustdesk.formats.list_fields import Fields
from trustdesk.formats.list_source import PROGRESS_STEP, ListBytes, NamedSigner, Progress


def read_json_list(
    source: ListBytes,
    *,
    schema: str,
    signers: Sequence[NamedSigner] = (),
    on_progress: Progress | None = None,
) -> ListContent:
    """Read a list in our form.

    Raises:
        UnusableInputError: as for `read_envelope`; a certificate cannot be read, or is not the one whose
            digest stands beside it; two entries have one certificate.
    """
    envelope = read_envelope(source, schema=schema, signers=signers)
    if envelope.kind is not MemberKind.ENTRIES:
        raise UnusableInputError(
            msg("The list holds identity providers, not CAs."),
            remedy=msg("Import it as a list of identity providers."),
            place=source.place,
        )
    return content_of(envelope, _entries(envelope, on_progress))


def content_of(envelope: Envelope, entries: tuple[ListEntry, ...]) -> ListContent:
    """Return what an envelope says with the entries that were read out of it."""
    return ListContent(
        title=envelope.title,
        entries=entries,
        list_id=envelope.list_id,
        publisher=envelope.publisher,
        scheme_uri=envelope.scheme_uri,
        sequence=envelope.sequence,
        issued_at=envelope.issued_at,
        next_update=envelope.next_update,
        is_closed=envelope.is_closed,
        supersedes_sha256=envelope.supersedes_sha256,
        authority_claimed=envelope.authority_claimed,
        authenticity=envelope.authenticity,
        remarks=envelope.remarks,
    )


def _entries(envelope: Envelope, on_progress: Progress | None) -> tuple[ListEntry, ...]:
    found: dict[str, ListEntry] = {}
    total = len(envelope.members)
    for number, fields in enumerate(envelope.members):
        entry = _entry(fields)
        if entry.sha256 in found:
            raise fields.error("certificate", msg("it is the certificate of an entry before it"))
        found[entry.sha256] = entry
        if on_progress is not None and (number + 1) % PROGRESS_STEP == 0:
            on_progress(number + 1, total)
    if on_progress is not None:
        on_progress(total, total)
    return tuple(found.values())


def _entry(fields: Fields) -> ListEntry:
    named = fields.part("certificate")
    certificate = certificate_of(named)
    spki = public_key_sha256(certificate.der) if certificate else None
    if spki is not None and named.text("spki_sha256") not in {"", spki}:
        raise named.error("spki_sha256", msg("it is not the digest of the key in the certificate beside it"))
    if "kind" in fields.values or certificate is None:
        kind = fields.choice("kind", EntryKind, EntryKind.ROOT)
    else:
        kind = kind_of(certificate)
    distrust, owner, policy = fields.part("distrust"), fields.part("owner"), fields.part("policy")
    return ListEntry(
        sha256=named.text("sha256"),
        certificate=certificate,
        subject=named.text("subject") if certificate is None else certificate.subject or "",
        spki_sha256=spki if certificate else named.text("spki_sha256") or None,
        id=fields.text("id"),
        kind=kind,
        anchor_mode=_anchor_mode(fields, kind, certificate),
        usages=frozenset(Usage(name) for name in fields.texts("usages"))
        if "usages" in fields.values
        else None,
        status=fields.choice("status", EntryStatus, EntryStatus.UNKNOWN),
        status_since=fields.instant("status_since"),
        history=tuple(_status_change(change) for change in fields.parts("history")),
        distrust=Distrust(
            tls_after=distrust.instant("tls_after"),
            smime_after=distrust.instant("smime_after"),
            sct_not_after=distrust.instant("sct_not_after"),
            applies_to=distrust.choice("applies_to", AppliesTo, AppliesTo.NOT_BEFORE),
        ),
        constraints=_limits(fields.part("constraints")),
        roles=fields.texts("roles"),
        owner=Owner(
            name=owner.text("name"),
            country=owner.text("country"),
            contact=owner.text("contact"),
            problem_reporting=owner.text("problem_reporting"),
        ),
        policy=CertificatePolicy(
            cp_uri=policy.text("cp_uri"), cps_uri=policy.text("cps_uri"), oids=policy.texts("oids")
        ),
        audits=tuple(_audit(audit) for audit in fields.parts("audits")),
        revocation_urls=fields.part("revocation").texts("urls"),
        caa_domains=fields.texts("caa_domains"),
        notes=fields.text("notes"),
        stores=tuple((store.text("program"), store.text("status")) for store in fields.parts("stores")),
    )


def certificate_of(named: Fields) -> CertificateFacts | None:
    """Return the certificate of a `certificate` object; None where there is only its digest.

    Raises:
        UnusableInputError: it cannot be read, or is not the one that the digests beside it name.
    """
    if "der" not in named.values:
        return None
    try:
        der = b64decode(named.text("der"), validate=True)
    except ValueError:
        raise named.error("der", msg("it is no base64")) from None
    facts = read_certificate(der)
    if is_no_certificate(facts):
        raise named.error("der", msg("it is no certificate that can be read"))
    if facts.sha256 != named.text("sha256"):
        raise named.error("sha256", msg("it is not the digest of the certificate beside it"))
    sha1 = hashlib.sha1(der, usedforsecurity=False).hexdigest()
    if named.text("sha1") not in {"", sha1}:
        raise named.error("sha1", msg("it is not the digest of the certificate beside it"))
    return facts


def _anchor_mode(fields: Fields, kind: EntryKind, certificate: CertificateFacts | None) -> AnchorMode:
    """Return what the list says, as far as the certificate lets it: an end entity vouches for nobody."""
    is_root = kind is EntryKind.ROOT and certificate is not None
    mode = fields.choice(
        "anchor_mode", AnchorMode, AnchorMode.FULL_CHAIN if is_root else AnchorMode.NOT_ANCHOR
    )
    if mode is AnchorMode.NOT_ANCHOR:
        return mode
    if certificate is None:
        raise fields.error("anchor_mode", msg("without its certificate an entry is no anchor"))
    if kind is EntryKind.END_ENTITY or not may_be_ca(certificate):
        raise fields.error("anchor_mode", msg("the certificate of a server or client is no anchor"))
    return mode


def _status_change(fields: Fields) -> StatusChange:
    return StatusChange(
        status=fields.choice("status", EntryStatus, EntryStatus.UNKNOWN),
        since=fields.instant("from"),
        reason=fields.text("reason"),
        source=fields.text("source"),
    )


def _audit(fields: Fields) -> Audit:
    return Audit(
        kind=fields.text("type"),
        auditor=fields.text("auditor"),
        period=fields.text("period"),
        report_uri=fields.text("report_uri"),
        expires=fields.instant("expires"),
    )


def _limits(fields: Fields) -> AnchorLimits:
    return AnchorLimits(
        permitted_names=_names(fields, "permitted"),
        excluded_names=_names(fields, "excluded"),
        max_path_length=fields.number("max_path_length"),
        policies=fields.texts("allowed_policies"),
        extended_key_usages=fields.texts("allowed_eku"),
        max_validity_days=fields.number("max_validity_days"),
    )


def _names(fields: Fields, name: str) -> tuple[str, ...]:
    names = fields.texts(name)
    for text in names:
        kind, _, rest = text.partition(":")
        if kind == "IP" and not _is_network(rest):
            raise fields.error(name, msg("a network is expected, as 192.0.2.0/24"))
    return names


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return "/" in text
