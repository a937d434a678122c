"""Writes our open form of trust lists: everything that was imported, and nothing that was decided here."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import AnchorMode, AppliesTo, Audit, ListEntry, StatusChange
from trustdesk.core.trust_version import ListContent
from trustdesk.formats.json_text import json_text
from trustdesk.formats.list_envelope import Envelope, MemberKind, envelope_document, filled
from trustdesk.formats.list_fields import instant_text


def json_list(content: ListContent) -> bytes:
    """Return a list in our form, unsigned; the same content gives the same bytes."""
    envelope = Envelope(
        kind=MemberKind.ENTRIES,
        title=content.title,
        list_id=content.list_id,
        publisher=content.publisher,
        scheme_uri=content.scheme_uri,
        sequence=content.sequence,
        issued_at=content.issued_at,
        next_update=content.next_update,
        is_closed=content.is_closed,
        supersedes_sha256=content.supersedes_sha256,
        authority_claimed=content.authority_claimed,
    )
    document = envelope_document(envelope, [entry_document(entry) for entry in content.entries])
    return json_text(document, indent=1).encode() + b"\n"


def entry_document(entry: ListEntry) -> dict[str, object]:
    """Return an entry as a JSON-ready document; what is empty is left out."""
    distrust = entry.distrust
    applies_to = None if distrust.applies_to is AppliesTo.NOT_BEFORE else distrust.applies_to.value
    document: dict[str, object] = {
        "id": entry.id,
        "certificate": _certificate(entry),
        "kind": entry.kind.value,
        "anchor_mode": (AnchorMode.NOT_ANCHOR if entry.certificate is None else entry.anchor_mode).value,
        "status": entry.status.value,
        "status_since": _instant(entry.status_since),
        "history": [_status_change(change) for change in entry.history],
        "distrust": filled(
            {
                "tls_after": _instant(distrust.tls_after),
                "smime_after": _instant(distrust.smime_after),
                "sct_not_after": _instant(distrust.sct_not_after),
                "applies_to": applies_to,
            }
        ),
        "constraints": _limits(entry.constraints),
        "roles": list(entry.roles),
        "owner": filled(
            {
                "name": entry.owner.name,
                "country": entry.owner.country,
                "contact": entry.owner.contact,
                "problem_reporting": entry.owner.problem_reporting,
            }
        ),
        "policy": filled(
            {
                "cp_uri": entry.policy.cp_uri,
                "cps_uri": entry.policy.cps_uri,
                "oids": list(entry.policy.oids),
            }
        ),
        "audits": [_audit(audit) for audit in entry.audits],
        "revocation": filled({"urls": list(entry.revocation_urls)}),
        "caa_domains": list(entry.caa_domains),
        "stores": [{"program": program, "status": status} for program, status in entry.stores],
        "notes": entry.notes,
    }
    # An empty set of usages is a decision; one that nobody has taken is left out.
    usages = {} if entry.usages is None else {"usages": sorted(usage.value for usage in entry.usages)}
    return {**filled(document), **usages}


def certificate_document(facts: CertificateFacts) -> dict[str, object]:
    """Return a certificate with its digests, and with its name and dates for people."""
    return filled(
        {
            "der": b64encode(facts.der).decode(),
            "sha256": facts.sha256,
            "sha1": hashlib.sha1(facts.der, usedforsecurity=False).hexdigest(),
            "subject": facts.subject,
            "issuer": facts.issuer,
            "serial": facts.serial_number,
            "not_before": _instant(facts.not_before),
            "not_after": _instant(facts.not_after),
        }
    )


def _certificate(entry: ListEntry) -> dict[str, object]:
    spki = filled({"spki_sha256": entry.spki_sha256})
    if entry.certificate is None:
        return {"sha256": entry.sha256, **spki, **filled({"subject": entry.subject})}
    return {**certificate_document(entry.certificate), **spki}


def _status_change(change: StatusChange) -> dict[str, object]:
    return filled(
        {
            "status": change.status.value,
            "from": _instant(change.since),
            "reason": change.reason,
            "source": change.source,
        }
    )


def _audit(audit: Audit) -> dict[str, object]:
    return filled(
        {
            "type": audit.kind,
            "auditor": audit.auditor,
            "period": audit.period,
            "report_uri": audit.report_uri,
            "expires": _instant(audit.expires),
        }
    )


def _limits(limits: AnchorLimits) -> dict[str, object]:
    return filled(
        {
            "permitted": list(limits.permitted_names),
            "excluded": list(limits.excluded_names),
            "max_path_length": limits.max_path_length,
            "allowed_policies": list(limits.policies),
            "allowed_eku": list(limits.extended_key_usages),
            "max_validity_days": limits.max_validity_days,
        }
    )


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
