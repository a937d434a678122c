"""The facts of one probe for a report: label and lines, in the order in which a handshake goes."""

from __future__ import annotations

from collections.abc import Iterator

from trustdesk.core.handshake import AlertDirection, ClientCertificateVerdict
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import ProbeRecord, ProbeReport
from trustdesk.core.revocation import staple_status
from trustdesk.services.verdict_words import (
    CLIENT_CERTIFICATE_WORDS,
    OUTCOME_WORDS,
    REQUESTED_WORDS,
    STAPLE_WORDS,
)

Fact = tuple[Message, tuple[Message, ...]]
"""Label and lines of one fact."""

_SHOWN_NAMES = 24


def facts_of(report: ProbeReport) -> Iterator[Fact]:
    """Yield every fact that is known; what is not known has no line.

    The outcome is that of the test, also where the report was judged again.
    """
    record, rejudged = report.record, report.rejudged
    yield msg("Outcome"), (OUTCOME_WORDS[record.outcome if rejudged is None else rejudged.outcome],)
    yield msg("Tested"), (msg("{at}", at=record.started_at),)
    if rejudged is not None and rejudged.is_chosen:
        yield msg("Judged for"), (msg("{at}", at=rejudged.at),)
    if record.addresses:
        yield msg("Addresses"), tuple(_text(address) for address in record.addresses)
    if record.address is not None and len(record.addresses) > 1:
        yield msg("Connected to"), (_text(record.address),)
    if record.proxy is not None:
        yield msg("Through the proxy"), (_text(record.proxy),)
    target = record.target
    if target.server_name != target.host:
        sent = msg("none") if target.server_name is None else _text(target.server_name)
        yield msg("Server name sent"), (sent,)
    if target.verify_name != target.host:
        yield msg("Name verified"), (_text(target.verify_name),)
    if record.negotiated is not None:
        negotiated = record.negotiated
        yield msg("Connection"), _texts(negotiated.version.replace("TLSv", "TLS "), negotiated.cipher_suite)
        yield msg("Key exchange"), _texts(negotiated.group, negotiated.signature_scheme)
    yield from _client_facts(record)
    for alert in record.alerts:
        if alert.name == "close_notify":
            continue  # The proper end of a connection (RFC 8446 6.1); the timeline has it.
        label = msg("Alert received") if alert.direction is AlertDirection.RECEIVED else msg("Alert sent")
        yield (
            label,
            (msg("{name} ({code}), {level}", name=alert.name, code=alert.code, level=alert.level),),
        )
    if record.http is not None:
        yield msg("HTTP"), _texts(str(record.http.status), record.http.content_type, record.http.server)
    if record.amqp is not None:
        yield msg("AMQP"), _texts(record.amqp.version, *record.amqp.mechanisms)
        if record.amqp.derived_user is not None:
            yield msg("User for the broker"), _texts(record.amqp.derived_user, *record.amqp.other_users)
    if record.clock_offset_s is not None:
        difference = msg("{seconds} s ahead of ours", seconds=record.clock_offset_s)
        yield msg("Clock of the server"), (difference,)
    if record.judgement is not None and record.presented_chain:
        stapled = staple_status(record.stapled_ocsp, record.judgement.revocation)
        yield msg("Stapled OCSP response"), (STAPLE_WORDS[stapled],)
    if record.judgement is not None:
        yield msg("Judged by"), (_text(record.judgement.trust_list),)
        if record.judgement.opinion is not None:
            yield msg("Second opinion"), (_text(record.judgement.opinion),)
    yield from _phase_facts(record)


def _client_facts(record: ProbeRecord) -> Iterator[Fact]:
    client_auth = record.client_auth
    request = client_auth.request
    if record.identity is not None:
        sent = msg("sent") if client_auth.sent else msg("kept back")
        name = record.identity.name or record.identity.sha256[:16]
        yield msg("Our certificate"), (msg("{name}, {sent}", name=name, sent=sent),)
    if record.credential_error is not None:
        yield msg("Our certificate"), (record.credential_error,)
    if request is None and client_auth.verdict is ClientCertificateVerdict.UNKNOWN:
        return
    verdict = CLIENT_CERTIFICATE_WORDS[client_auth.verdict]
    if client_auth.verdict is ClientCertificateVerdict.REJECTED and not client_auth.sent:
        verdict = msg("none was sent")
    requested = () if request is None else (REQUESTED_WORDS[client_auth.requested],)
    yield msg("Client certificate"), (*requested, verdict)
    if request is None:
        return
    names = [_text(name) for name in request.acceptable_cas[:_SHOWN_NAMES]]
    left = len(request.acceptable_cas) - len(names)
    if left > 0:
        names.append(msg("and {count} more", count=left))
    yield msg("Acceptable CAs"), tuple(names) or (msg("any: the server names none"),)


def _phase_facts(record: ProbeRecord) -> Iterator[Fact]:
    phases = record.phases
    lines = tuple(
        msg("{phase} {ms} ms", phase=word, ms=ms)
        for word, ms in (
            (msg("Resolve"), phases.resolve_ms),
            (msg("Proxy"), phases.proxy_ms),
            (msg("Connect"), phases.connect_ms),
            (msg("Handshake"), phases.handshake_ms),
            (msg("Settle"), phases.settle_ms),
            (msg("First byte"), phases.first_byte_ms),
            (
                msg("Second request"),
                record.http.reused_connection_ms if record.http is not None else None,
            ),
        )
        if ms is not None
    )
    if lines:
        yield msg("Times"), lines


def _text(value: str) -> Message:
    return msg("{value}", value=value)


def _texts(*values: str | None) -> tuple[Message, ...]:
    return tuple(_text(value) for value in values if value)
