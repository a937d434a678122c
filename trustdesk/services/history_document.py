"""The past of an endpoint as JSON-ready values, for scripts: what changed, flapping, trend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from trustdesk.core.message import Message
from trustdesk.core.partner import Endpoint
from trustdesk.formats.document_values import instant, milliseconds, optional
from trustdesk.services.flapping import Flapping
from trustdesk.services.history_trend import HandshakeTimes, Renewal, Trend
from trustdesk.services.history_values import DecidedFingerprint, EndpointHistory, HistoryEntry

Words = Callable[[Message], str]


def history_value(endpoint: Endpoint, history: EndpointHistory, text: Words) -> dict[str, object]:
    """Return the past of one endpoint; sentences stand in the person's language, as `text` says them."""
    awaiting = history.awaiting.now if history.awaiting is not None else None
    return {
        "endpoint": endpoint.target.endpoint,
        "tests": history.tests,
        "first_at": optional(history.first_at, instant),
        "last_at": optional(history.last_at, instant),
        "awaiting_sha256": None if awaiting is None else awaiting.sha256,
        "flapping": _flapping(history.flapping),
        **_trend(history.trend),
        "changes": [_change(entry, text) for entry in history.entries],
        "has_more_changes": history.has_more,
    }


def _change(entry: HistoryEntry, text: Words) -> dict[str, object]:
    return {
        "at": instant(entry.at),
        "kind": entry.kind.value,
        "title": text(entry.title),
        "details": [text(one) for one in entry.details],
        "before_sha256": entry.before or None,
        "after_sha256": entry.after or None,
        "decided": None if entry.decided is None else _decided(entry.decided),
    }


def _decided(decided: DecidedFingerprint) -> dict[str, object]:
    return {
        "accepted": decided.accepted,
        "by": decided.by,
        "at": instant(decided.at),
        "comment": decided.comment,
    }


def _flapping(flapping: Flapping) -> dict[str, object]:
    return {
        "days": flapping.window // timedelta(days=1),
        "tests": flapping.tests,
        "failing": flapping.failing,
        "changes": flapping.changes,
        "inconclusive": flapping.inconclusive,
        "reach_changes": flapping.reach_changes,
        "is_flapping": flapping.is_flapping,
        "certificates": flapping.certificates,
        "certificate_changes": flapping.certificate_changes,
        "last_change_at": optional(flapping.last_change_at, instant),
    }


def _trend(trend: Trend) -> dict[str, object]:
    return {
        "renewals": [_renewal(one) for one in trend.renewals],
        "days_left_slope": _rounded(trend.days_left_slope),
        "handshakes": None if trend.handshakes is None else _handshakes(trend.handshakes),
    }


def _renewal(renewal: Renewal) -> dict[str, object]:
    return {
        "at": instant(renewal.at),
        "before_sha256": renewal.before,
        "after_sha256": renewal.after,
        "days_left": _rounded(renewal.days_left),
    }


def _handshakes(times: HandshakeTimes) -> dict[str, object]:
    return {
        "count": times.count,
        "median_ms": milliseconds(times.median_ms),
        "p90_ms": milliseconds(times.p90_ms),
        "p99_ms": milliseconds(times.p99_ms),
        "slope_ms_per_day": _rounded(times.slope_ms),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
