"""JSON document on readiness checks: `trustdesk.readiness/1`.

Every key is always there; null says that there is nothing to tell. No token is in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.finding import Verdict
from trustdesk.core.partner import Endpoint
from trustdesk.core.readiness import CallMade, Readiness
from trustdesk.formats.document_values import Words, finding_value, instant, optional, target_values, utf8

SCHEMA = "trustdesk.readiness/1"


def readiness_check_document(
    checks: Sequence[tuple[Endpoint, Readiness]], verdict: Verdict, text: Words
) -> dict[str, object]:
    """Return checks with their calls and findings, and the worst verdict of them."""
    return {
        "schema": SCHEMA,
        "checks": [_check(endpoint, readiness, text) for endpoint, readiness in checks],
        "verdict": verdict.value,
    }


def _check(endpoint: Endpoint, readiness: Readiness, text: Words) -> dict[str, object]:
    target = endpoint.target
    return {
        "partner": utf8(endpoint.partner) or None,
        "endpoint": target.endpoint,
        "target": target_values(target),
        "identity": utf8(endpoint.identity),
        "checked_at": instant(readiness.at),
        "calls": [_call(one, text) for one in readiness.calls],
        "findings": [finding_value(one, text) for one in readiness.findings],
        "complete": readiness.is_whole,
        "verdict": readiness.verdict.value,
    }


def _call(one: CallMade, text: Words) -> dict[str, object]:
    return {
        "call": one.call.value,
        "made": one.not_made is None,
        "outcome": optional(one.outcome, lambda words: utf8(text(words))),
        "not_made": optional(one.not_made, lambda words: utf8(text(words))),
    }
