"""The fields of trust lists and of their entries, and the values in them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from trustdesk.core.message import Message, listed, msg
from trustdesk.core.trust_entry import (
    AnchorMode,
    AppliesTo,
    Audit,
    EntryKind,
    EntryStatus,
    StatusChange,
    Usage,
)
from trustdesk.core.trust_version import AuthenticityState, Endorsement
from trustdesk.services.trust_words import (
    ANCHOR_WORDS,
    AUTHENTICITY_WORDS,
    ENDORSEMENT_WORDS,
    KIND_WORDS,
    STATUS_WORDS,
    usage_words,
)

APPLIES_TO: Mapping[AppliesTo, Message] = {
    AppliesTo.NOT_BEFORE: msg("what is issued after the date"),
    AppliesTo.NOW: msg("everything from the date on"),
}

ENTRY_FIELDS: Mapping[str, Message] = {
    "certificate": msg("Certificate"),
    "subject": msg("Subject"),
    "spki_sha256": msg("Key"),
    "id": msg("Number on the list"),
    "kind": msg("Kind"),
    "anchor_mode": msg("Where paths end"),
    "usages": msg("Trusted for"),
    "status": msg("Status"),
    "status_since": msg("Status since"),
    "history": msg("History of the status"),
    "distrust.tls_after": msg("Distrusted for TLS after"),
    "distrust.smime_after": msg("Distrusted for e-mail after"),
    "distrust.sct_not_after": msg("Timestamps of transparency logs not after"),
    "distrust.applies_to": msg("What the distrust date applies to"),
    "constraints.permitted_names": msg("Permitted names"),
    "constraints.excluded_names": msg("Excluded names"),
    "constraints.max_path_length": msg("CAs below it at most"),
    "constraints.policies": msg("Required policies"),
    "constraints.extended_key_usages": msg("Permitted extended key usages"),
    "constraints.max_validity_days": msg("Days of validity at most"),
    "roles": msg("Roles"),
    "owner.name": msg("Owner"),
    "owner.country": msg("Country of the owner"),
    "owner.contact": msg("Contact of the owner"),
    "owner.problem_reporting": msg("Where problems are reported"),
    "policy.cp_uri": msg("Certificate policy"),
    "policy.cps_uri": msg("Certification practice statement"),
    "policy.oids": msg("Policy identifiers"),
    "audits": msg("Audits"),
    "revocation_urls": msg("Addresses for revocation"),
    "caa_domains": msg("Names in CAA records"),
    "notes": msg("Notes"),
    "stores": msg("Root programs"),
}
"""Every field in which two entries of one certificate can differ, by its name, in the order of ListEntry."""

LIST_FIELDS: Mapping[str, Message] = {
    "title": msg("Title"),
    "list_id": msg("Name that the publisher gives the list"),
    "publisher.name": msg("Publisher"),
    "publisher.uri": msg("Address of the publisher"),
    "publisher.contact": msg("Contact of the publisher"),
    "scheme_uri": msg("Scheme"),
    "sequence": msg("Sequence"),
    "issued_at": msg("Issued"),
    "next_update": msg("Next update"),
    "is_closed": msg("Closed"),
    "supersedes_sha256": msg("Takes the place of"),
    "authority_claimed": msg("Issuer that it names"),
    "authenticity.state": msg("Signature"),
    "authenticity.signer": msg("Signer"),
    "endorsement": msg("Stands behind it"),
}
"""Every field of the list itself in which two versions can differ."""


def value_words(value: object) -> Message | None:
    """Return the value of a field in words; None for an empty one.

    Raises:
        TypeError: a kind of value that no field has.
    """
    if value is None or value in ("", ()):
        return None
    match value:
        case bool():
            return msg("yes") if value else msg("no")
        case EntryStatus():
            return STATUS_WORDS[value]
        case EntryKind():
            return KIND_WORDS[value]
        case AnchorMode():
            return ANCHOR_WORDS[value]
        case AppliesTo():
            return APPLIES_TO[value]
        case Endorsement():
            return ENDORSEMENT_WORDS[value]
        case AuthenticityState():
            return AUTHENTICITY_WORDS[value]
        case str() | int() | datetime():
            return msg("{value}", value=value)
        case frozenset():
            return usage_words(frozenset(one for one in value if isinstance(one, Usage)))
        case tuple():
            return msg("{names}", names=listed([_part_words(part) for part in value]))
    raise TypeError(f"no words for {type(value).__name__}")


def _part_words(part: object) -> str:
    """Return one of many values, which come from the list and are shown as they stand there."""
    match part:
        case str():
            return part
        case Audit():
            return " ".join(text for text in (part.kind, part.auditor, part.period, part.report_uri) if text)
        case StatusChange():
            since = "" if part.since is None else f" {part.since:%Y-%m-%d}"
            return f"{part.status}{since}"
        case (str() as name, str() as value):
            return f"{name}: {value}"
    raise TypeError(f"no words for {type(part).__name__}")
