"""The JSON documents that others read: `trustdesk.probe/1` and `trustdesk.sweep/1`.

Every key is always there, in the contract's order; null says that there is nothing to tell: no identity was
selected, no negotiation took place, a phase did not end, a field of a certificate could not be read, or
nobody looked (`clock_offset_s`, `server_family`, `ocsp_staple` so far). A peer's text is data: it stays as it
came, within the record's bounds; only what UTF-8 cannot carry is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, Verdict
from trustdesk.core.handshake import Alert, ClientAuth, Negotiated, TimelineEvent
from trustdesk.core.message import Message
from trustdesk.core.probe import AmqpFacts, HttpFacts, ProbeRecord, ProbeReport
from trustdesk.core.trust import ServerJudgement

PROBE_SCHEMA = "trustdesk.probe/1"
SWEEP_SCHEMA = "trustdesk.sweep/1"

Words = Callable[[Message], str]
"""Turns a sentence into words: `Wording.text`."""

T = TypeVar("T")


def probe_document(report: ProbeReport, text: Words) -> dict[str, object]:
    """Return one probe as JSON-ready values; instants in UTC, durations in milliseconds."""
    record = report.record
    error = record.error or record.credential_error
    return {
        "schema": PROBE_SCHEMA,
        "target": _target(record),
        "identity": None
        if record.identity is None
        else {"name": _utf8(record.identity.name), "sha256": record.identity.sha256},
        "started_at": _instant(record.started_at),
        "phases": {
            "resolve_ms": _ms(record.phases.resolve_ms),
            "connect_ms": _ms(record.phases.connect_ms),
            "handshake_ms": _ms(record.phases.handshake_ms),
            "first_byte_ms": _ms(record.phases.first_byte_ms),
        },
        "outcome": record.outcome.value,
        "ended_in": record.ended_in.value,
        "negotiated": _optional(record.negotiated, _negotiated),
        "client_auth": _client_auth(record.client_auth),
        "presented_chain": [_certificate(certificate) for certificate in record.presented_chain],
        "trust": _optional(record.judgement, _trust),
        "alerts": [_alert(alert) for alert in record.alerts],
        "timeline": [_event(event) for event in record.timeline],
        "http": _optional(record.http, _http),
        "amqp": _optional(record.amqp, _amqp),
        "addresses": list(record.addresses),
        "clock_offset_s": None,
        "server_family": None,
        "ocsp_staple": None,
        "findings": [_finding(finding, text) for finding in report.findings],
        "error": None if error is None else _utf8(text(error)),
        "verdict": report.verdict.value,
    }


def sweep_document(
    reports: Sequence[ProbeReport], started_at: datetime, duration_ms: float, text: Words
) -> dict[str, object]:
    """Return a sweep as JSON-ready values, its probes in the order given."""
    return {
        "schema": SWEEP_SCHEMA,
        "started_at": _instant(started_at),
        "duration_ms": _ms(duration_ms),
        "results": [probe_document(report, text) for report in reports],
        "summary": {
            verdict.value: sum(report.verdict is verdict for report in reports) for verdict in Verdict
        },
    }


def _target(record: ProbeRecord) -> dict[str, object]:
    target = record.target
    return {
        "host": target.host,
        "port": target.port,
        "protocol": target.protocol.value,
        "server_name": target.server_name,
        "verify_name": target.verify_name,
        "address": record.address,
    }


def _negotiated(negotiated: Negotiated) -> dict[str, object]:
    return {
        "version": negotiated.version,
        "cipher_suite": negotiated.cipher_suite,
        "group": negotiated.group,
        "signature_scheme": negotiated.signature_scheme,
        "alpn": _utf8(negotiated.alpn),
    }


def _client_auth(client_auth: ClientAuth) -> dict[str, object]:
    request = client_auth.request
    return {
        "requested": client_auth.requested.value,
        "acceptable_cas": [] if request is None else [_utf8(name) for name in request.acceptable_cas],
        "signature_schemes": [] if request is None else list(request.signature_schemes),
        "sent": client_auth.sent,
        "verdict": client_auth.verdict.value,
    }


def _certificate(facts: CertificateFacts) -> dict[str, object]:
    return {
        "sha256": facts.sha256,
        "subject": _utf8(facts.subject),
        "issuer": _utf8(facts.issuer),
        "serial_number": facts.serial_number,
        "not_before": _optional(facts.not_before, _instant),
        "not_after": _optional(facts.not_after, _instant),
    }


def _trust(judgement: ServerJudgement) -> dict[str, object]:
    return {
        "trusted": judgement.trusted,
        "trust_list": _utf8(judgement.trust_list),
        "path": list(judgement.path),
        "name_matched": judgement.name_matched,
        "matched_by": _utf8(judgement.matched_by),
    }


def _alert(alert: Alert) -> dict[str, object]:
    return {
        "direction": alert.direction.value,
        "level": alert.level,
        "code": alert.code,
        "name": alert.name,
        "at_ms": _ms(alert.at_ms),
    }


def _event(event: TimelineEvent) -> dict[str, object]:
    return {
        "at_ms": _ms(event.at_ms),
        "direction": event.direction.value,
        "message": event.message,
        "bytes": event.bytes,
        "detail": _utf8(event.detail),
        "encrypted": event.encrypted,
    }


def _http(http: HttpFacts) -> dict[str, object]:
    return {
        "status": http.status,
        "content_type": _utf8(http.content_type),
        "server": _utf8(http.server),
        "reused_connection_ms": _ms(http.reused_connection_ms),
    }


def _amqp(amqp: AmqpFacts) -> dict[str, object]:
    return {
        "version": amqp.version,
        "mechanisms": [_utf8(name) for name in amqp.mechanisms],
        "derived_user": _utf8(amqp.derived_user),
    }


def _finding(finding: Finding, text: Words) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "status": finding.status.value,
        "severity": finding.severity.value,
        "title": _utf8(text(finding.title)),
        "evidence": _utf8(text(finding.evidence)),
        "remedy": "" if finding.remedy is None else _utf8(text(finding.remedy)),
        "source": finding.source,
    }


def _optional(value: T | None, write: Callable[[T], object]) -> object:
    return None if value is None else write(value)


def _instant(at: datetime) -> str:
    """Return RFC 3339 in UTC, with milliseconds only where there are any."""
    at = at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def _ms(duration_ms: float | None) -> float | None:
    return None if duration_ms is None else round(duration_ms, 3)


def _utf8(text: str | None) -> str | None:
    """Replace lone surrogates, which no UTF-8 can carry, by U+FFFD."""
    if text is None:
        return None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
