"""A probe in words for the detail of a partner: who has to act, and the facts behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Explanation, Outcome, ProbeRecord, ProbeReport, Responsible
from trustdesk.core.untrusted import visible
from trustdesk.gui.words import say
from trustdesk.services.board import State

_WHO: dict[Responsible, Message] = {
    Responsible.US: msg("We have to act."),
    Responsible.PARTNER: msg("Partner has to act."),
    Responsible.NETWORK: msg("Whoever runs the network between us has to act."),
    Responsible.CA: msg("The certification authority has to act."),
    Responsible.UNCLEAR: msg("It is not clear yet who has to act."),
    Responsible.NOBODY: msg("Nobody has to act."),
}

_CLIENT_CERTIFICATE: dict[ClientCertificateVerdict, Message] = {
    ClientCertificateVerdict.ACCEPTED: msg("accepted, an answer proves it"),
    ClientCertificateVerdict.REJECTED: msg("rejected"),
    ClientCertificateVerdict.NOT_ASKED: msg("not asked for"),
    ClientCertificateVerdict.IGNORED: msg("optional: answered without one"),
    ClientCertificateVerdict.UNKNOWN: msg("not known"),
}


def state_of(report: ProbeReport) -> State:
    """Return the state of a report's banner."""
    if report.record.outcome is Outcome.CANCELLED:
        return State.UNKNOWN
    return {"pass": State.GOOD, "warn": State.WARNING, "fail": State.BAD}[report.verdict]


def action_of(explanation: Explanation) -> Message:
    """Say who has to act and what to do."""
    who = _WHO[explanation.responsible]
    if explanation.action is None:
        return who
    if explanation.responsible is Responsible.NOBODY:
        return explanation.action
    return msg("{who} {action}", who=who, action=explanation.action)


def loudest_fact(record: ProbeRecord) -> str:
    """Return the one fact for the end of the banner: the alert, else the answer; "" for neither."""
    if record.alerts:
        alert = record.alerts[-1]
        return say(msg("alert {code} at {ms} ms", code=alert.code, ms=round(alert.at_ms)))
    if record.http is not None:
        return say(msg("HTTP {status}", status=record.http.status))
    return ""


def facts_of(report: ProbeReport) -> tuple[tuple[str, str], ...]:
    """Return label and value of each fact that is known, in words, safe to show."""
    return tuple((say(label), say(value)) for label, value in _facts(report.record))


def _facts(record: ProbeRecord) -> Iterator[tuple[Message, Message]]:
    yield msg("Tested"), msg("{at}", at=record.started_at.astimezone(UTC))
    if record.address is not None:
        others = len(record.addresses) - 1
        if others > 0:
            yield msg("Address"), msg("{address}, one of {count}", address=record.address, count=others + 1)
        else:
            yield msg("Address"), msg("{value}", value=record.address)
    target = record.target
    if target.server_name is None:
        yield msg("Server name sent"), msg("none")
    elif target.server_name != target.host:
        yield msg("Server name sent"), msg("{value}", value=target.server_name)
    if target.verify_name != target.host:
        yield msg("Name verified"), msg("{value}", value=target.verify_name)
    if record.negotiated is not None:
        negotiated = record.negotiated
        version = negotiated.version.replace("TLSv", "TLS ")
        yield (
            msg("Connection"),
            msg("{version}, {cipher_suite}", version=version, cipher_suite=negotiated.cipher_suite),
        )
        if negotiated.group is not None:
            yield msg("Key exchange"), msg("{value}", value=negotiated.group)
    yield from _identity_facts(record)
    yield from _answer_facts(record)
    if record.judgement is not None:
        yield msg("Judged by"), msg("{value}", value=record.judgement.trust_list)
    if phases := _phases(record):
        yield msg("Times"), msg("{value}", value=phases)


def _identity_facts(record: ProbeRecord) -> Iterator[tuple[Message, Message]]:
    client_auth = record.client_auth
    known = client_auth.request is not None or client_auth.requested is not CertificateRequested.UNKNOWN
    if not known and not client_auth.sent:
        return
    verdict = _CLIENT_CERTIFICATE[client_auth.verdict]
    if record.identity is not None and client_auth.sent:
        name = record.identity.name or record.identity.sha256[:16]
        yield msg("Client certificate"), msg("{name}: {verdict}", name=name, verdict=verdict)
    elif record.identity is not None and client_auth.request is not None:
        yield msg("Client certificate"), msg("asked for, and kept back")
    else:
        yield msg("Client certificate"), verdict
    if client_auth.request is not None:
        count = len(client_auth.request.acceptable_cas)
        yield (
            msg("Accepted CAs"),
            msg("{count} named by the server", count=count) if count else msg("any: the server names none"),
        )


def _answer_facts(record: ProbeRecord) -> Iterator[tuple[Message, Message]]:
    http, amqp = record.http, record.amqp
    if http is not None:
        if http.server:
            yield msg("Answer"), msg("HTTP {status}, {server}", status=http.status, server=http.server)
        else:
            yield msg("Answer"), msg("HTTP {status}", status=http.status)
    if amqp is not None and amqp.version is not None:
        mechanisms = ", ".join(amqp.mechanisms) or "–"
        yield (
            msg("Answer"),
            msg("AMQP {version}, {mechanisms}", version=amqp.version, mechanisms=mechanisms),
        )


def _phases(record: ProbeRecord) -> str:
    phases = record.phases
    named = (
        (msg("resolve"), phases.resolve_ms),
        (msg("connect"), phases.connect_ms),
        (msg("handshake"), phases.handshake_ms),
        (msg("settle"), phases.settle_ms),
        (msg("first byte"), phases.first_byte_ms),
    )
    return ", ".join(f"{say(word)} {visible(f'{ms:.1f}')} ms" for word, ms in named if ms is not None)
