"""The JSON documents that others read: `trustdesk.probe/1` and `trustdesk.sweep/1`.

Every key is always there, in the contract's order; null says that there is nothing to tell: no identity was
selected, no negotiation took place, a phase did not end, a field of a certificate could not be read, or
nothing showed it (`server_family`; `ocsp_staple` where no chain came). A peer's text is data: it stays as it
came, within the record's bounds; only what UTF-8 cannot carry is replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from trustdesk.core.handshake import Alert, ClientAuth, Negotiated, TimelineEvent
from trustdesk.core.probe import AmqpFacts, HttpFacts, ProbeRecord, ProbeReport
from trustdesk.core.revocation import staple_answer, staple_status
from trustdesk.core.trust import ServerJudgement
from trustdesk.formats.document_values import (
    Words,
    certificate_in_short,
    fail_mode_values,
    finding_value,
    instant,
    milliseconds,
    optional,
    revocation_value,
    target_values,
    utf8,
)
from trustdesk.formats.json_text import json_text

PROBE_SCHEMA = "trustdesk.probe/1"
SWEEP_SCHEMA = "trustdesk.sweep/1"


def probe_document(report: ProbeReport, text: Words) -> dict[str, object]:
    """Return one probe as JSON-ready values; instants in UTC, durations in milliseconds."""
    record = report.record
    error = record.error or record.credential_error
    return {
        "schema": PROBE_SCHEMA,
        "target": _target(record),
        "identity": None
        if record.identity is None
        else {"name": utf8(record.identity.name), "sha256": record.identity.sha256},
        "started_at": instant(record.started_at),
        "phases": {
            "resolve_ms": milliseconds(record.phases.resolve_ms),
            "connect_ms": milliseconds(record.phases.connect_ms),
            "handshake_ms": milliseconds(record.phases.handshake_ms),
            "first_byte_ms": milliseconds(record.phases.first_byte_ms),
            "proxy_ms": milliseconds(record.phases.proxy_ms),
        },
        "outcome": record.outcome.value,
        "ended_in": record.ended_in.value,
        "negotiated": optional(record.negotiated, _negotiated),
        "client_auth": _client_auth(record.client_auth),
        "presented_chain": [certificate_in_short(certificate) for certificate in record.presented_chain],
        "trust": optional(record.judgement, _trust),
        "alerts": [_alert(alert) for alert in record.alerts],
        "timeline": [_event(event) for event in record.timeline],
        "http": optional(record.http, _http),
        "amqp": optional(record.amqp, _amqp),
        "addresses": list(record.addresses),
        "clock_offset_s": record.clock_offset_s,
        "server_family": report.server_family,
        "ocsp_staple": _staple(record),
        "revocation": [] if record.judgement is None else _revocation(record.judgement, text),
        "fail_modes": [] if record.judgement is None else fail_mode_values(record.judgement.fail_modes, text),
        "client_revocation": [revocation_value(check, text) for check in record.client_revocation],
        "proxy": record.proxy,
        "client_hello_bytes": record.client_hello_bytes,
        "findings": [finding_value(finding, text) for finding in report.findings],
        "error": None if error is None else utf8(text(error)),
        "verdict": report.verdict.value,
    }


def sweep_text(
    started_at: datetime, duration_ms: float, probes: Iterable[str], summary: Mapping[str, int]
) -> Iterator[str]:
    """Yield a sweep as JSON text, a piece at a time, for ten thousand probes would fill the memory.

    Args:
        probes: a probe document each, as `json_text` writes it with an indent of one.
        summary: how many there are, by verdict.
    """
    head = {
        "schema": SWEEP_SCHEMA,
        "started_at": instant(started_at),
        "duration_ms": milliseconds(duration_ms),
    }
    yield json_text(head, indent=1).removesuffix("\n}") + ',\n "results": ['
    is_first = True
    for text in probes:
        # Inside strings a line feed is written as an escape.
        yield ("" if is_first else ",") + "\n  " + text.replace("\n", "\n  ")
        is_first = False
    yield ("]" if is_first else "\n ]") + ',\n "summary": '
    yield json_text(summary, indent=1).replace("\n", "\n ") + "\n}\n"


def _target(record: ProbeRecord) -> dict[str, object]:
    target = record.target
    return {
        **target_values(target),
        "address": record.address,
    }


def _negotiated(negotiated: Negotiated) -> dict[str, object]:
    return {
        "version": negotiated.version,
        "cipher_suite": negotiated.cipher_suite,
        "group": negotiated.group,
        "signature_scheme": negotiated.signature_scheme,
        "alpn": utf8(negotiated.alpn),
    }


def _client_auth(client_auth: ClientAuth) -> dict[str, object]:
    request = client_auth.request
    return {
        "requested": client_auth.requested.value,
        "acceptable_cas": [] if request is None else [utf8(name) for name in request.acceptable_cas],
        "signature_schemes": [] if request is None else list(request.signature_schemes),
        "sent": client_auth.sent,
        "verdict": client_auth.verdict.value,
        "offered_later": client_auth.offered_later,
        "asked_by": None if client_auth.asked_by is None else client_auth.asked_by.value,
    }


def _trust(judgement: ServerJudgement) -> dict[str, object]:
    return {
        "trusted": judgement.trusted,
        "trust_list": utf8(judgement.trust_list),
        "path": list(judgement.path),
        "name_matched": judgement.name_matched,
        "matched_by": utf8(judgement.matched_by),
    }


def _staple(record: ProbeRecord) -> dict[str, object] | None:
    judgement = record.judgement
    if judgement is None or not record.presented_chain:
        return None
    answer = staple_answer(judgement.revocation) if record.stapled_ocsp is not None else None
    return {
        "status": staple_status(record.stapled_ocsp, judgement.revocation).value,
        "next_update": None if answer is None else optional(answer.next_update, instant),
    }


def _revocation(judgement: ServerJudgement, text: Words) -> list[dict[str, object]]:
    return [revocation_value(check, text) for check in judgement.revocation]


def _alert(alert: Alert) -> dict[str, object]:
    return {
        "direction": alert.direction.value,
        "level": alert.level,
        "code": alert.code,
        "name": alert.name,
        "at_ms": milliseconds(alert.at_ms),
    }


def _event(event: TimelineEvent) -> dict[str, object]:
    return {
        "at_ms": milliseconds(event.at_ms),
        "direction": event.direction.value,
        "message": event.message,
        "bytes": event.bytes,
        "detail": utf8(event.detail),
        "encrypted": event.encrypted,
    }


def _http(http: HttpFacts) -> dict[str, object]:
    return {
        "status": http.status,
        "content_type": utf8(http.content_type),
        "server": utf8(http.server),
        "reused_connection_ms": milliseconds(http.reused_connection_ms),
    }


def _amqp(amqp: AmqpFacts) -> dict[str, object]:
    return {
        "version": amqp.version,
        "mechanisms": [utf8(name) for name in amqp.mechanisms],
        "derived_user": utf8(amqp.derived_user),
        "other_users": [utf8(name) for name in amqp.other_users],
    }
