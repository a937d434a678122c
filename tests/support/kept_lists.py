"""Versions of lists, decisions and policies in one line each, for tests of what is judged by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support.distrusts import key_of
from tests.support.pki import NOW, Issued
from trustdesk.core.trust_decision import DecisionKind, LocalDecision, PartnerPolicy
from trustdesk.core.trust_entry import AnchorMode, EntryKind, ListEntry, Usage
from trustdesk.core.trust_version import (
    ListContent,
    ListSource,
    ListVersion,
    SourceKind,
    VersionState,
)


def an_entry(issued: Issued, **changes: Any) -> ListEntry:
    """A CA on a list, for servers and clients."""
    is_root = issued.facts.is_self_issued
    given: dict[str, Any] = {
        "sha256": issued.sha256,
        "certificate": issued.facts,
        "subject": issued.facts.subject or "",
        "spki_sha256": key_of(issued),
        "kind": EntryKind.ROOT if is_root else EntryKind.INTERMEDIATE,
        "anchor_mode": AnchorMode.FULL_CHAIN if is_root else AnchorMode.NOT_ANCHOR,
        "usages": frozenset({Usage.TLS_SERVER, Usage.TLS_CLIENT}),
        **changes,
    }
    return ListEntry(**given)


def a_source() -> ListSource:
    """A file."""
    return ListSource(
        kind=SourceKind.PEM, place="partners.pem", retrieved_at=NOW, retrieved_by="ann", sha256="00" * 32
    )


def a_version(*entries: Issued | ListEntry, name: str = "partners", number: int = 1) -> ListVersion:
    """An applied version."""
    return ListVersion(
        list_name=name,
        number=number,
        content=ListContent(
            title="Partners",
            entries=tuple(an_entry(one) if isinstance(one, Issued) else one for one in entries),
        ),
        source=a_source(),
        state=VersionState.APPLIED,
        kept_at=NOW,
    )


def a_distrust(issued: Issued, **changes: Any) -> LocalDecision:
    """A person distrusts a certificate and its key."""
    given: dict[str, Any] = {
        "sha256": issued.sha256,
        "spki_sha256": key_of(issued),
        "subject": issued.facts.subject or "",
        "kind": DecisionKind.DISTRUST,
        "by": "ann",
        "at": NOW - timedelta(days=1),
        "reason": "It was broken into.",
        **changes,
    }
    return LocalDecision(**given)


def a_limit(issued: Issued, *usages: Usage, **changes: Any) -> LocalDecision:
    """A person lets a CA vouch for no more than some usages."""
    return a_distrust(issued, kind=DecisionKind.LIMIT_USAGE, usages=frozenset(usages), **changes)


def a_policy(partner: str, *private: Issued, **changes: Any) -> PartnerPolicy:
    """A policy with private roots, or with what else is named."""
    roots = tuple(one.facts for one in private)
    return PartnerPolicy(partner=partner, private_roots=roots, by="ann", at=NOW, reason="agreed", **changes)
