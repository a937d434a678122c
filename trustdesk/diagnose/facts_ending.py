"""Facts from the first probe: how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trustdesk.core.handshake import Alert, AlertDirection, Direction
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome, Phase, ProbeRecord, StopReason
from trustdesk.diagnose.alerts import AlertCode
from trustdesk.diagnose.facts import Fact
from trustdesk.diagnose.probe_view import ProbeView

_ALERTS: Mapping[int, Fact] = {
    AlertCode.HANDSHAKE_FAILURE: Fact.ALERT_HANDSHAKE_FAILURE,
    AlertCode.BAD_CERTIFICATE: Fact.ALERT_BAD_CERTIFICATE,
    AlertCode.UNSUPPORTED_CERTIFICATE: Fact.ALERT_UNSUPPORTED_CERTIFICATE,
    AlertCode.CERTIFICATE_REVOKED: Fact.ALERT_CERTIFICATE_REVOKED,
    AlertCode.CERTIFICATE_EXPIRED: Fact.ALERT_CERTIFICATE_EXPIRED,
    AlertCode.CERTIFICATE_UNKNOWN: Fact.ALERT_CERTIFICATE_UNKNOWN,
    AlertCode.UNKNOWN_CA: Fact.ALERT_UNKNOWN_CA,
    AlertCode.ACCESS_DENIED: Fact.ALERT_ACCESS_DENIED,
    AlertCode.DECRYPT_ERROR: Fact.ALERT_DECRYPT_ERROR,
    AlertCode.PROTOCOL_VERSION: Fact.ALERT_PROTOCOL_VERSION,
    AlertCode.INSUFFICIENT_SECURITY: Fact.ALERT_INSUFFICIENT_SECURITY,
    AlertCode.UNRECOGNIZED_NAME: Fact.ALERT_UNRECOGNIZED_NAME,
    AlertCode.CERTIFICATE_REQUIRED: Fact.ALERT_CERTIFICATE_REQUIRED,
    AlertCode.NO_APPLICATION_PROTOCOL: Fact.ALERT_NO_APPLICATION_PROTOCOL,
}
_REFUSING_PARAMETERS = frozenset({AlertCode.HANDSHAKE_FAILURE, AlertCode.INSUFFICIENT_SECURITY})

_Facts = Iterator[tuple[Fact, Message]]

_ENDINGS: Mapping[StopReason, tuple[Fact, Message]] = {
    StopReason.NAME_UNRESOLVED: (Fact.NAME_UNRESOLVED, msg("The name was not resolved.")),
    StopReason.REFUSED: (Fact.TCP_REFUSED, msg("The connection was refused.")),
    StopReason.UNREACHABLE: (Fact.TCP_SILENT, msg("There is no way to the address.")),
    StopReason.HTTP: (Fact.SPEAKS_PLAIN_HTTP, msg("The first bytes that came back are plain HTTP.")),
    StopReason.ANSWER_UNREADABLE: (
        Fact.ANSWER_UNREADABLE,
        msg("What came inside TLS is not the protocol of this target."),
    ),
    StopReason.TOO_MUCH: (Fact.SENT_TOO_MUCH, msg("More bytes came than any answer needs.")),
    StopReason.PROXY_AUTH_REQUIRED: (
        Fact.PROXY_WANTS_LOGIN,
        msg("The proxy asks for a user and a password."),
    ),
    StopReason.PROXY_AUTH_UNSUPPORTED: (
        Fact.PROXY_WANTS_LOGIN,
        msg("The proxy asks for a way of logging in that is not supported here."),
    ),
    StopReason.PROXY_REFUSED: (Fact.PROXY_REFUSES, msg("The proxy did not connect us.")),
    **dict.fromkeys(
        (StopReason.SSH, StopReason.SMTP, StopReason.AMQP, StopReason.OTHER_PROTOCOL),
        (Fact.SPEAKS_OTHER_PROTOCOL, msg("The first bytes that came back are not TLS.")),
    ),
}


def ending(view: ProbeView) -> _Facts:
    """Yield how it ended; nothing for a server that is not trusted, whose faults say it."""
    record = view.record
    match record.outcome:
        case Outcome.ACCEPTED:
            yield Fact.ANSWERED, msg("The server answered over TLS.")
        case Outcome.CANCELLED:
            yield Fact.CANCELLED, msg("The probe was cancelled.")
        case Outcome.UNTRUSTED_PEER:
            return
        case _:
            yield from _trouble(view)


def _trouble(view: ProbeView) -> _Facts:
    record, reason = view.record, view.record.stopped_by
    told = _ENDINGS.get(reason) if reason is not None else None
    if told is not None and record.ended_in is Phase.PROXY and told[0] is not Fact.PROXY_WANTS_LOGIN:
        yield _no_tunnel(record, told[1])
    elif told is not None:
        yield told[0], record.error or told[1]
    elif reason is StopReason.HTTP_REFUSAL:
        return
    elif reason is StopReason.PROTOCOL_VIOLATION:
        yield from _broken(view)
    elif record.outcome is Outcome.TIMED_OUT:
        yield _silence(view)
    elif record.outcome is Outcome.NOT_REACHED:
        yield _not_reached(record)
    elif record.outcome is Outcome.NOT_TLS:
        yield Fact.BREAKS_TLS, record.error or msg("What came back breaks the rules of TLS.")
    else:
        yield from _rejection(view)


def _not_reached(record: ProbeRecord) -> tuple[Fact, Message]:
    if record.ended_in is Phase.RESOLVE:
        return Fact.NAME_UNRESOLVED, record.error or msg("The name was not resolved.")
    if record.ended_in is Phase.PROXY:
        return _no_tunnel(record, msg("The proxy did not connect us."))
    return Fact.TCP_SILENT, record.error or msg("There is no way to the address.")


def _no_tunnel(record: ProbeRecord, told: Message) -> tuple[Fact, Message]:
    """Tell a proxy that did not connect us from one that we did not get to ask."""
    was_asked = any(event.message == "proxy_request" for event in record.timeline)
    unreached = record.stopped_by in _OF_THE_PROXY_ITSELF and not was_asked
    return Fact.PROXY_NOT_REACHED if unreached else Fact.PROXY_REFUSES, record.error or told


_OF_THE_PROXY_ITSELF = frozenset(
    {
        StopReason.NAME_UNRESOLVED,
        StopReason.REFUSED,
        StopReason.RESET,
        StopReason.UNREACHABLE,
        StopReason.DEADLINE,
    }
)
"""Ends of the way to a proxy, where it was not asked for anything yet."""


def _silence(view: ProbeView) -> tuple[Fact, Message]:
    record = view.record
    match record.ended_in:
        case Phase.RESOLVE:
            return Fact.NAME_UNRESOLVED, record.error or msg("The name was not resolved in time.")
        case Phase.PROXY:
            return _no_tunnel(record, msg("The proxy did not connect us in time."))
        case Phase.CONNECT:
            return Fact.TCP_SILENT, record.error or msg(
                "The connection was neither taken nor refused in time."
            )
    if view.has_server_hello or record.ended_in is not Phase.HANDSHAKE:
        return Fact.SILENT_AFTER_SERVER_HELLO, msg(
            "The server answered our first message, and then went silent."
        )
    return Fact.SILENT_BEFORE_SERVER_HELLO, msg("TCP connected, and nothing came back to our first message.")


def _broken(view: ProbeView) -> _Facts:
    yield Fact.BREAKS_TLS, view.record.error or msg("What came back breaks the rules of TLS.")
    sent = view.record.last_alert(AlertDirection.SENT)
    if sent is None:
        return
    if sent.code == AlertCode.PROTOCOL_VERSION:
        yield Fact.WE_REFUSED_VERSION, msg("We refused the protocol version that the server chose.")
    elif sent.code in _REFUSING_PARAMETERS:
        yield (
            Fact.WE_REFUSED_PARAMETERS,
            msg(
                "We refused what the server chose, with the alert {name} ({code}).",
                name=sent.name,
                code=sent.code,
            ),
        )


def _rejection(view: ProbeView) -> _Facts:
    record = view.record
    alert = view.ending_alert
    if alert is not None:
        yield _ALERTS.get(alert.code, Fact.ALERT_OTHER), _alert_sentence(view, alert)
        if view.has_server_hello or view.was_asked or view.has_sent:
            yield Fact.ALERT_AFTER_SERVER_HELLO, msg("The alert came after the server's first message.")
        else:
            yield (
                Fact.ALERT_BEFORE_SERVER_HELLO,
                msg("The alert came in place of the server's first message."),
            )
    elif view.has_server_hello or view.was_asked or view.has_sent or _is_after_handshake(record):
        yield Fact.ENDED_AFTER_SERVER_HELLO, record.error or msg("The connection was ended without an alert.")
    else:
        yield (
            Fact.ENDED_BEFORE_SERVER_HELLO,
            record.error or msg("The connection was ended before the server said anything."),
        )


def _is_after_handshake(record: ProbeRecord) -> bool:
    return record.ended_in in {Phase.SETTLE, Phase.REQUEST, Phase.DONE}


def _alert_sentence(view: ProbeView, alert: Alert) -> Message:
    sent = next(
        (
            event.at_ms
            for event in reversed(view.record.timeline)
            if event.direction is Direction.OUT and event.message == "finished"
        ),
        None,
    )
    if sent is not None and alert.at_ms >= sent:
        return msg(
            "Alert {name} ({code}) came back {elapsed} ms after our Finished.",
            name=alert.name,
            code=alert.code,
            elapsed=round(alert.at_ms - sent),
        )
    return msg(
        "Alert {name} ({code}) came back after {elapsed} ms.",
        name=alert.name,
        code=alert.code,
        elapsed=round(alert.at_ms),
    )
