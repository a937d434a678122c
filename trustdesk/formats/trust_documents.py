"""The JSON documents on trust lists: `trustdesk.trust-lists/1`, `…trust-review/1`, `…trust-diff/1` and more.

Every key is always there; null says that there is nothing to tell. What lists say is foreign text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trustdesk.core.finding import Finding, Verdict, verdict_of
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import Audit, ListEntry
from trustdesk.core.trust_version import (
    Authenticity,
    ChangeKind,
    EntryChange,
    FieldChange,
    ListDifference,
    ListReview,
    ListSource,
    ListSummary,
    ListVersion,
    Obstacle,
    SignerPin,
    VersionLine,
)
from trustdesk.formats.document_values import Words, finding_value, instant, optional, utf8

LISTS_SCHEMA = "trustdesk.trust-lists/1"
VERSION_SCHEMA = "trustdesk.trust-version/1"
REVIEW_SCHEMA = "trustdesk.trust-review/1"
DIFF_SCHEMA = "trustdesk.trust-diff/1"
LINT_SCHEMA = "trustdesk.trust-lint/1"


def lists_document(lists: Sequence[ListSummary]) -> dict[str, object]:
    """Return all lists with their versions."""
    return {"schema": LISTS_SCHEMA, "lists": [list_value(one) for one in lists]}


def version_document(version: ListVersion, *, with_entries: bool = True) -> dict[str, object]:
    """Return one version, with its entries or without."""
    content = version.content
    return {
        "schema": VERSION_SCHEMA,
        "name": utf8(version.list_name),
        "number": version.number,
        "state": version.state.value,
        "kept_at": instant(version.kept_at),
        "list_id": utf8(content.list_id),
        "title": utf8(content.title),
        "publisher": {
            "name": utf8(content.publisher.name),
            "uri": utf8(content.publisher.uri),
            "contact": utf8(content.publisher.contact),
        },
        "scheme_uri": utf8(content.scheme_uri),
        "sequence": content.sequence,
        "issued_at": optional(content.issued_at, instant),
        "next_update": optional(content.next_update, instant),
        "is_closed": content.is_closed,
        "authority_claimed": utf8(content.authority_claimed),
        "endorsement": content.endorsement.value,
        "authenticity": authenticity_value(content.authenticity),
        "source": source_value(version.source),
        "entry_count": len(content.entries),
        "entries": [entry_value(entry) for entry in content.entries] if with_entries else [],
    }


def review_document(
    review: ListReview, applied: ListVersion | None, kept: ListVersion | None, text: Words
) -> dict[str, object]:
    """Return what an import would change.

    Args:
        applied: the version that was applied; None when the review is only shown.
        kept: the version that waits; None when nothing was kept.
    """
    changes = review.difference
    return {
        "schema": REVIEW_SCHEMA,
        "name": utf8(review.name),
        "number": review.number,
        "base": review.base,
        "title": utf8(review.content.title),
        "sequence": review.content.sequence,
        "issued_at": optional(review.content.issued_at, instant),
        "next_update": optional(review.content.next_update, instant),
        "authenticity": authenticity_value(review.content.authenticity),
        "source": source_value(review.source),
        "entry_count": len(review.content.entries),
        "counts": {kind.value: len(changes.of(kind)) for kind in ChangeKind},
        "unchanged": changes.unchanged,
        **_changes(changes, text),
        "undecided_usage": list(review.undecided),
        "lint": [finding_value(finding, text) for finding in review.lint],
        "obstacles": [_obstacle(one, text) for one in review.obstacles],
        "warnings": [utf8(text(one)) for one in review.warnings],
        "remarks": [utf8(text(one)) for one in review.content.remarks],
        "is_same": review.is_same,
        "applied": None if applied is None else applied.number,
        "waiting": None if kept is None else kept.number,
        "verdict": verdict_of_review(review).value,
    }


def verdict_of_review(review: ListReview) -> Verdict:
    """Return fail where something stands against applying it, else what the lint says."""
    return Verdict.FAIL if review.obstacles else verdict_of(review.lint)


def diff_document(difference: ListDifference, text: Words) -> dict[str, object]:
    """Return what one version holds that another does not."""
    return {
        "schema": DIFF_SCHEMA,
        "before": utf8(difference.before),
        "after": utf8(difference.after),
        "unchanged": difference.unchanged,
        **_changes(difference, text),
    }


def lint_document(
    name: str, number: int | None, findings: Sequence[Finding], text: Words
) -> dict[str, object]:
    """Return the lint of a version; `number` is None for a file that was only read."""
    return {
        "schema": LINT_SCHEMA,
        "name": utf8(name),
        "number": number,
        "findings": [finding_value(finding, text) for finding in findings],
        "verdict": verdict_of(findings).value,
    }


def list_value(summary: ListSummary) -> dict[str, object]:
    """Return the object of a list."""
    return {
        "name": utf8(summary.name),
        "title": utf8(summary.title),
        "in_force": summary.in_force,
        "is_builtin": summary.is_builtin,
        "endorsement": summary.endorsement.value,
        "url": utf8(summary.url),
        "pin": optional(summary.pin, _pin),
        "applied": None if summary.applied is None else summary.applied.number,
        "waiting": None if summary.waiting is None else summary.waiting.number,
        "versions": [_line(one) for one in summary.versions],
    }


def entry_value(entry: ListEntry) -> dict[str, object]:
    """Return the object of an entry; its certificate stands there by digest and dates."""
    facts = entry.certificate
    return {
        "sha256": entry.sha256,
        "spki_sha256": entry.spki_sha256,
        "subject": utf8(entry.subject),
        "issuer": None if facts is None else utf8(facts.issuer),
        "not_before": None if facts is None else optional(facts.not_before, instant),
        "not_after": None if facts is None else optional(facts.not_after, instant),
        "kind": entry.kind.value,
        "anchor_mode": entry.anchor_mode.value,
        "usages": None if entry.usages is None else sorted(usage.value for usage in entry.usages),
        "status": entry.status.value,
        "status_since": optional(entry.status_since, instant),
        "history": [
            {
                "status": one.status.value,
                "since": optional(one.since, instant),
                "reason": utf8(one.reason),
                "source": utf8(one.source),
            }
            for one in entry.history
        ],
        "distrust": {
            "tls_after": optional(entry.distrust.tls_after, instant),
            "smime_after": optional(entry.distrust.smime_after, instant),
            "sct_not_after": optional(entry.distrust.sct_not_after, instant),
            "applies_to": entry.distrust.applies_to.value,
        },
        "constraints": _limits(entry.constraints),
        "roles": [utf8(role) for role in entry.roles],
        "owner": {
            "name": utf8(entry.owner.name),
            "country": utf8(entry.owner.country),
            "contact": utf8(entry.owner.contact),
            "problem_reporting": utf8(entry.owner.problem_reporting),
        },
        "policy": {
            "cp_uri": utf8(entry.policy.cp_uri),
            "cps_uri": utf8(entry.policy.cps_uri),
            "oids": list(entry.policy.oids),
        },
        "audits": [_audit(one) for one in entry.audits],
        "revocation_urls": [utf8(url) for url in entry.revocation_urls],
        "caa_domains": [utf8(name) for name in entry.caa_domains],
        "notes": utf8(entry.notes),
        "stores": {utf8(store) or "": utf8(status) for store, status in entry.stores},
    }


def authenticity_value(authenticity: Authenticity) -> dict[str, object]:
    """Return the object of a signature's state."""
    certificate = authenticity.signer_certificate
    return {
        "state": authenticity.state.value,
        "method": authenticity.method.value,
        "signer": authenticity.signer,
        "signer_subject": None if certificate is None else utf8(certificate.subject),
        "signed_at": optional(authenticity.signed_at, instant),
        "pinned": authenticity.pinned,
    }


def source_value(source: ListSource) -> dict[str, object]:
    """Return the object of a source."""
    return {
        "kind": source.kind.value,
        "place": utf8(source.place),
        "transport": source.transport.value,
        "retrieved_at": instant(source.retrieved_at),
        "retrieved_by": utf8(source.retrieved_by),
        "sha256": source.sha256,
        "etag": utf8(source.etag),
    }


def _changes(difference: ListDifference, text: Words) -> Mapping[str, object]:
    return {
        "added": [_moved(one) for one in difference.of(ChangeKind.ADDED)],
        "removed": [_moved(one) for one in difference.of(ChangeKind.REMOVED)],
        "changed": [
            {
                **entry_value(one.entry),
                "fields": [_field(field, text) for field in one.fields],
            }
            for one in difference.of(ChangeKind.CHANGED)
        ],
        "expired": [_moved(one) for one in difference.of(ChangeKind.EXPIRED)],
        "list": [_field(field, text) for field in difference.envelope],
    }


def _field(field: FieldChange, text: Words) -> dict[str, object]:
    return {
        "field": field.field,
        "title": utf8(text(field.title)),
        "before": optional(field.before, lambda words: utf8(text(words))),
        "after": optional(field.after, lambda words: utf8(text(words))),
    }


def _moved(change: EntryChange) -> dict[str, object]:
    return {**entry_value(change.entry), "same_key": list(change.same_key)}


def _line(line: VersionLine) -> dict[str, object]:
    return {
        "number": line.number,
        "state": line.state.value,
        "sequence": line.sequence,
        "issued_at": optional(line.issued_at, instant),
        "next_update": optional(line.next_update, instant),
        "kept_at": instant(line.kept_at),
        "entry_count": line.entries,
        "authenticity": authenticity_value(line.authenticity),
        "source": source_value(line.source),
    }


def _pin(pin: SignerPin) -> dict[str, object]:
    return {
        "signer": pin.signer,
        "list_id": utf8(pin.list_id),
        "pinned_at": instant(pin.pinned_at),
        "pinned_by": utf8(pin.pinned_by),
        "endorsement": pin.endorsement.value,
        "sealed": pin.sealed,
    }


def _obstacle(obstacle: Obstacle, text: Words) -> dict[str, object]:
    return {
        "problem": utf8(text(obstacle.problem)),
        "remedy": utf8(text(obstacle.remedy)),
        "overridable_by": obstacle.overridable_by,
    }


def _limits(limits: AnchorLimits) -> dict[str, object]:
    return {
        "permitted_names": [utf8(name) for name in limits.permitted_names],
        "excluded_names": [utf8(name) for name in limits.excluded_names],
        "max_path_length": limits.max_path_length,
        "policies": list(limits.policies),
        "extended_key_usages": [utf8(usage) for usage in limits.extended_key_usages],
        "max_validity_days": limits.max_validity_days,
    }


def _audit(audit: Audit) -> dict[str, object]:
    return {
        "kind": utf8(audit.kind),
        "auditor": utf8(audit.auditor),
        "period": utf8(audit.period),
        "report_uri": utf8(audit.report_uri),
        "expires": optional(audit.expires, instant),
    }
