"""JSON documents on what follows from trust and who decided it: impact, drops, decisions, policies, log."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.certificate_path import digests_of
from trustdesk.core.trust_decision import (
    AwaitingDecision,
    LocalDecision,
    LogEntry,
    PartnerPolicy,
    TrustLog,
)
from trustdesk.core.trust_impact import AffectedChain, Impact, RootDrop
from trustdesk.formats.document_values import Words, certificate_in_short, instant, optional, utf8

IMPACT_SCHEMA = "trustdesk.trust-impact/1"
DROPS_SCHEMA = "trustdesk.trust-drops/1"
DECISIONS_SCHEMA = "trustdesk.trust-decisions/1"
POLICIES_SCHEMA = "trustdesk.trust-policies/1"
QUEUE_SCHEMA = "trustdesk.trust-queue/1"
LOG_SCHEMA = "trustdesk.trust-log/1"


def impact_document(impact: Impact, text: Words) -> dict[str, object]:
    """Return whose verdict would change; paths run from the end entity to the anchor."""
    return {
        "schema": IMPACT_SCHEMA,
        "title": utf8(text(impact.title)),
        "at": instant(impact.at),
        "at_after": instant(impact.at_after),
        "looked_at": impact.looked_at,
        "partners": [_affected(one, text) for one in impact.partners],
        "identities": [_affected(one, text) for one in impact.identities],
        "not_judged": [utf8(name) for name in impact.not_judged],
        "summary": {
            "partners_lose": sum(one.loses for one in impact.partners),
            "partners_gain": sum(one.gains for one in impact.partners),
            "identities_lose": sum(one.loses for one in impact.identities),
            "identities_gain": sum(one.gains for one in impact.identities),
        },
    }


def drops_document(drops: Sequence[RootDrop], text: Words) -> dict[str, object]:
    """Return the dates at which trust in a CA changes, the next first."""
    return {
        "schema": DROPS_SCHEMA,
        "drops": [
            {
                "at": instant(one.at),
                "kind": one.kind.value,
                "sha256": one.sha256,
                "subject": utf8(one.subject),
                "what": utf8(text(one.what)),
                "source": utf8(one.source),
                "list": utf8(one.list_name),
                "store": utf8(one.store),
                "partners": [utf8(name) for name in one.partners],
                "identities": [utf8(name) for name in one.identities],
                "is_past": one.is_past,
            }
            for one in drops
        ],
    }


def decisions_document(decisions: Sequence[LocalDecision]) -> dict[str, object]:
    """Return what was decided here about certificates, the newest first."""
    return {"schema": DECISIONS_SCHEMA, "decisions": [decision_value(one) for one in decisions]}


def policies_document(policies: Sequence[PartnerPolicy]) -> dict[str, object]:
    """Return by what partners are judged that have a policy of their own."""
    return {"schema": POLICIES_SCHEMA, "policies": [policy_value(one) for one in policies]}


def queue_document(queue: Sequence[AwaitingDecision], text: Words) -> dict[str, object]:
    """Return what waits for a decision."""
    return {
        "schema": QUEUE_SCHEMA,
        "waiting": [
            {
                "what": utf8(text(one.what)),
                "since": instant(one.since),
                "list": utf8(one.list_name),
                "version": one.version,
                "partner": utf8(one.partner),
                "endpoint_id": one.endpoint_id,
                "before": optional(one.before, certificate_in_short),
                "now": optional(one.now, certificate_in_short),
            }
            for one in queue
        ],
    }


def log_document(log: TrustLog, text: Words) -> dict[str, object]:
    """Return the log, oldest first, with whether its chain and its seal hold."""
    return {
        "schema": LOG_SCHEMA,
        "holds": log.broken_at is None,
        "broken_at": log.broken_at,
        "broken_why": optional(log.broken_why, lambda words: utf8(text(words))),
        "sealed": log.sealed,
        "untold": [utf8(text(sentence)) for sentence in log.untold],
        "entries": [_entry(one) for one in log.entries],
    }


def decision_value(decision: LocalDecision) -> dict[str, object]:
    """Return the object of a decision."""
    return {
        "sha256": decision.sha256,
        "spki_sha256": decision.spki_sha256,
        "subject": utf8(decision.subject),
        "kind": decision.kind.value,
        "usages": sorted(usage.value for usage in decision.usages),
        "by": utf8(decision.by),
        "at": instant(decision.at),
        "reason": utf8(decision.reason),
        "expires": optional(decision.expires, instant),
        "sealed": decision.sealed,
    }


def policy_value(policy: PartnerPolicy) -> dict[str, object]:
    """Return the object of a policy."""
    return {
        "partner": utf8(policy.partner),
        "lists": [utf8(name) for name in policy.lists],
        "only_cas": list(policy.only_cas),
        "pins": list(policy.pins),
        "private_roots": [certificate_in_short(root) for root in policy.private_roots],
        "by": utf8(policy.by),
        "at": optional(policy.at, instant),
        "reason": utf8(policy.reason),
        "sealed": policy.sealed,
    }


def _affected(one: AffectedChain, text: Words) -> dict[str, object]:
    return {
        "partner": utf8(one.partner),
        "endpoint_id": one.endpoint_id,
        "place": utf8(one.place),
        "identity": utf8(one.identity),
        "before": one.before.value,
        "after": one.after.value,
        "lost_path": list(digests_of(one.lost_path)),
        "gained_path": list(digests_of(one.gained_path)),
        "broken_by": one.broken_by,
        "why": utf8(text(one.why)),
    }


def _entry(entry: LogEntry) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": instant(entry.at),
        "by": utf8(entry.by),
        "action": entry.action.value,
        "subject": utf8(entry.subject),
        "fingerprint": entry.fingerprint,
        "comment": utf8(entry.comment),
        "details": {utf8(name) or "": utf8(value) for name, value in entry.details},
        "previous": entry.previous,
        "hash": entry.hash,
    }
