"""The trust log as a file that can be checked without this program.

Each line stands there as the document that was hashed, with its hash: SHA-256 over the document's canonical
JSON (RFC 8785), in which `previous` is the hash of the line before, 64 zeros for the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.trust_decision import LocalDecision, PartnerPolicy, TrustLog
from trustdesk.formats.trust_decision_documents import decision_value, policy_value
from trustdesk.formats.trust_records import log_entry_document

SCHEMA = "trustdesk.trust-log-export/1"
_HOW_TO_CHECK = (
    "For each line: SHA-256 of the RFC 8785 JSON of `line` is `hash`, and `line.previous` is the hash of the "
    "line before it, 64 zeros for the first."
)


def log_file(
    log: TrustLog, decisions: Sequence[LocalDecision], policies: Sequence[PartnerPolicy], at: datetime
) -> dict[str, object]:
    """Return the document.

    Args:
        decisions: that are in force.
        at: when it is written.
    """
    return {
        "schema": SCHEMA,
        "written_at": at.isoformat(),
        "how_to_check": _HOW_TO_CHECK,
        "broken_at": log.broken_at,
        "sealed": log.sealed,
        "lines": [{"line": log_entry_document(entry), "hash": entry.hash} for entry in log.entries],
        "decisions": [decision_value(one) for one in decisions],
        "policies": [policy_value(one) for one in policies],
    }
