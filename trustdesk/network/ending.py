"""Why a probe ended before an answer: one function for each situation, with its outcome and its sentence.

Decisions:
- 2026-11: when our own engine refuses what a server sent, the outcome is NOT_TLS, whatever the alert that
  it sends: the client offers everything that OpenSSL can do, so what it refuses is either malformed, or a
  choice that the server did not have (a suite, a group, or SSL 3.0, which is not TLS; RFC 8446 4.1.3,
  RFC 5246 7.4.1.3). The peer refuses only when the alert is the peer's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trustdesk.core.handshake import Alert, AlertDirection
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import CertificateRefusal, Outcome, Phase, StopReason
from trustdesk.core.proxy import Proxy
from trustdesk.core.target import Target, TargetProtocol
from trustdesk.network.dial import DialAttempt, DialFailure
from trustdesk.network.driver import StreamEnd
from trustdesk.network.resolve import NameUnresolvedError
from trustdesk.network.tunnel import NoTunnelError, TunnelFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """How a probe ended.

    Attributes:
        error: the sentence for people.
        detail: the library's or system's own words; None where there are none.
    """

    outcome: Outcome
    reason: StopReason
    error: Message
    detail: str | None = None


class StoppedError(Exception):
    """Carries a `Stop` out of the step that met it."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.reason)
        self.stop = stop


def cancelled() -> Stop:
    """The person cancelled."""
    return Stop(outcome=Outcome.CANCELLED, reason=StopReason.CANCELLED, error=msg("Cancelled."))


def unresolved(host: str, error: NameUnresolvedError) -> Stop:
    """The name has no address."""
    if error.temporary:
        sentence = msg("No name server answers for {host}.", host=host)
    else:
        sentence = msg("The name {host} does not resolve.", host=host)
    return Stop(
        outcome=Outcome.NOT_REACHED,
        reason=StopReason.NAME_UNRESOLVED,
        error=sentence,
        detail=error.detail,
    )


def not_connected(attempts: tuple[DialAttempt, ...]) -> Stop:
    """No address could be connected to; the attempt that says most is told.

    A reset proves that a server was there, a refusal that a machine was; a time-out says more than a missing
    route, which is what an IPv6 address gives where there is no IPv6.
    """
    order = (DialFailure.RESET, DialFailure.REFUSED, DialFailure.TIMED_OUT, DialFailure.UNREACHABLE)
    told = min(attempts, key=lambda attempt: order.index(attempt.failure or DialFailure.UNREACHABLE))
    if told.failure is DialFailure.RESET:
        return stream_ended(StreamEnd.RESET, Phase.HANDSHAKE, heard=False, detail=told.detail)
    address, port = told.address.text, told.address.port
    if told.failure is DialFailure.REFUSED:
        return Stop(
            outcome=Outcome.NOT_REACHED,
            reason=StopReason.REFUSED,
            error=msg(
                "Nothing listens on {address} port {port}: the connection was refused.",
                address=address,
                port=port,
            ),
            detail=told.detail,
        )
    if told.failure is DialFailure.TIMED_OUT:
        return Stop(
            outcome=Outcome.TIMED_OUT,
            reason=StopReason.DEADLINE,
            error=msg("{address} port {port} did not answer in time.", address=address, port=port),
            detail=told.detail,
        )
    return Stop(
        outcome=Outcome.NOT_REACHED,
        reason=StopReason.UNREACHABLE,
        error=msg("There is no way to {address} port {port}.", address=address, port=port),
        detail=told.detail,
    )


def no_tunnel(proxy: Proxy, error: NoTunnelError) -> Stop:
    """The proxy was reached, and did not connect us."""
    title, detail = proxy.title, error.detail
    reasons = {
        TunnelFailure.AUTHENTICATION: StopReason.PROXY_AUTH_REQUIRED,
        TunnelFailure.KIND_OF_AUTHENTICATION: StopReason.PROXY_AUTH_UNSUPPORTED,
    }
    wrong_login = msg("The proxy {proxy} does not accept the user or the password.", proxy=title)
    sentences = {
        TunnelFailure.AUTHENTICATION: msg("The proxy {proxy} asks for a user and a password.", proxy=title)
        if proxy.user is None
        else wrong_login,
        TunnelFailure.KIND_OF_AUTHENTICATION: msg(
            "The proxy {proxy} asks to log in by {kind}, which is not supported here.",
            proxy=title,
            kind=detail,
        ),
        TunnelFailure.REFUSED: msg(
            "The proxy {proxy} did not connect us: {answer}.", proxy=title, answer=detail
        ),
        TunnelFailure.NO_PROXY: msg(
            "What answers at {proxy} is no such proxy: {answer}.", proxy=title, answer=detail
        ),
        TunnelFailure.CLOSED: msg("The proxy {proxy} ended the connection without an answer.", proxy=title),
    }
    reason = reasons.get(error.failure, StopReason.PROXY_REFUSED)
    sentence = sentences[error.failure]
    return Stop(outcome=Outcome.NOT_REACHED, reason=reason, error=sentence, detail=detail)


def proxy_not_connected(proxy: Proxy, attempts: tuple[DialAttempt, ...]) -> Stop:
    """No connection to the proxy itself."""
    stop = not_connected(attempts)
    return Stop(
        outcome=Outcome.TIMED_OUT if stop.outcome is Outcome.TIMED_OUT else Outcome.NOT_REACHED,
        reason=stop.reason,
        error=msg("The proxy {proxy} is not reached. {reason}", proxy=proxy.title, reason=stop.error),
        detail=stop.detail,
    )


def proxy_unresolved(proxy: Proxy, error: NameUnresolvedError) -> Stop:
    """The proxy's name has no address."""
    if error.temporary:
        sentence = msg("No name server answers for the name of the proxy {proxy}.", proxy=proxy.title)
    else:
        sentence = msg("The name of the proxy {proxy} does not resolve.", proxy=proxy.title)
    return Stop(
        outcome=Outcome.NOT_REACHED,
        reason=StopReason.NAME_UNRESOLVED,
        error=sentence,
        detail=error.detail,
    )


def out_of_time(phase: Phase, target: Target) -> Stop:
    """The deadline of a phase, or of the whole, passed."""
    if phase is Phase.PROXY:
        sentence = msg("The proxy did not connect us to {host} in time.", host=target.host)
    elif phase is Phase.RESOLVE:
        sentence = msg(
            "The name {host} was not resolved in time.", host=target.connect_address or target.host
        )
    elif phase is Phase.CONNECT:
        sentence = msg("{host} did not take the connection in time.", host=target.host)
    elif phase is Phase.HANDSHAKE:
        sentence = msg("The server took the connection, and then did not finish the handshake in time.")
    elif phase is Phase.SETTLE:
        sentence = msg("The handshake was done, and then the server stayed silent.")
    else:
        sentence = msg("The handshake was done, and then the server did not answer the request in time.")
    return Stop(outcome=Outcome.TIMED_OUT, reason=StopReason.DEADLINE, error=sentence)


def not_judged() -> Stop:
    """The judge did not come to an end with the server's chain: it is not trusted, and nothing was sent."""
    return Stop(
        outcome=Outcome.UNTRUSTED_PEER,
        reason=StopReason.DEADLINE,
        error=msg("The server's certificates are too many or too tangled to be judged in time."),
    )


_GREETINGS = (
    (re.compile(rb"HTTP/|<!DOCTYPE|<html", re.IGNORECASE), StopReason.HTTP),
    (re.compile(rb"SSH-"), StopReason.SSH),
    (re.compile(rb"[2-5][0-9][0-9][ -]"), StopReason.SMTP),
    (re.compile(rb"AMQP"), StopReason.AMQP),
)

_LONGEST_GREETING = 9


def tells_its_protocol(first_bytes: bytes) -> bool:
    """Whether more bytes would not change what `not_tls` says."""
    return len(first_bytes) >= _LONGEST_GREETING or any(start.match(first_bytes) for start, _ in _GREETINGS)


def not_tls(first_bytes: bytes, port: int) -> Stop:
    """What came first is not TLS."""
    reason = next(
        (reason for start, reason in _GREETINGS if start.match(first_bytes)), StopReason.OTHER_PROTOCOL
    )
    sentences = {
        StopReason.HTTP: msg("Port {port} does not speak TLS: it answered in plain HTTP.", port=port),
        StopReason.SSH: msg("Port {port} does not speak TLS: it answered as an SSH server.", port=port),
        StopReason.SMTP: msg(
            "Port {port} does not speak TLS: it answered as a mail or file server without encryption.",
            port=port,
        ),
        StopReason.AMQP: msg("Port {port} does not speak TLS: it answered in plain AMQP.", port=port),
        StopReason.OTHER_PROTOCOL: msg("Port {port} does not speak TLS.", port=port),
    }
    return Stop(
        outcome=Outcome.NOT_TLS,
        reason=reason,
        error=sentences[reason],
        detail=f"first bytes: {first_bytes[:64]!r}",
    )


def violation(detail: str | None, alerts: tuple[Alert, ...]) -> Stop:
    """The server began with TLS, and then sent what our engine cannot go along with."""
    sent = [alert for alert in alerts if alert.direction is AlertDirection.SENT and alert.level == "fatal"]
    if sent:
        sentence = msg(
            "The server broke the TLS protocol: we ended it with the alert {name} ({code}).",
            name=sent[-1].name,
            code=sent[-1].code,
        )
    else:
        sentence = msg("The server broke the TLS protocol: what it sent cannot be read.")
    return Stop(outcome=Outcome.NOT_TLS, reason=StopReason.PROTOCOL_VIOLATION, error=sentence, detail=detail)


def too_much(limit: int) -> Stop:
    """More bytes than the limit came."""
    return Stop(
        outcome=Outcome.NOT_TLS,
        reason=StopReason.TOO_MUCH,
        error=msg("The server sent more than {limit} bytes without an answer.", limit=limit),
    )


def unreadable(protocol: TargetProtocol, detail: str) -> Stop:
    """What came inside TLS is not the target's protocol."""
    if protocol is TargetProtocol.AMQPS:
        sentence = msg("TLS works, and inside it the server does not answer in AMQP.")
    else:
        sentence = msg("TLS works, and inside it the server does not answer in HTTP.")
    return Stop(outcome=Outcome.NOT_TLS, reason=StopReason.ANSWER_UNREADABLE, error=sentence, detail=detail)


def fatal_alert(alerts: tuple[Alert, ...]) -> Alert | None:
    """Return the last alert received that ended the connection; None when none did (RFC 8446 6.2).

    close_notify and user_canceled end it in order; a warning does not end it.
    """
    fatal = [
        alert for alert in alerts if alert.direction is AlertDirection.RECEIVED and alert.level == "fatal"
    ]
    return fatal[-1] if fatal else None


def refused_by_alert(alert: Alert, phase: Phase, detail: str | None) -> Stop:
    """The server sent a fatal alert."""
    if phase is Phase.HANDSHAKE:
        sentence = msg(
            "The server ended the handshake with the alert {name} ({code}).", name=alert.name, code=alert.code
        )
    else:
        sentence = msg(
            "The server refused after the handshake, with the alert {name} ({code}).",
            name=alert.name,
            code=alert.code,
        )
    return Stop(outcome=Outcome.REJECTED_BY_PEER, reason=StopReason.ALERT, error=sentence, detail=detail)


def stream_ended(how: StreamEnd, phase: Phase, *, heard: bool, detail: str | None) -> Stop:
    """The server closed or reset the connection; `heard` says whether any TLS record had come before."""
    reset = how is StreamEnd.RESET
    if phase is not Phase.HANDSHAKE:
        if reset:
            sentence = msg("The server reset the connection after the handshake, without an answer.")
        else:
            sentence = msg("The server closed the connection after the handshake, without an answer.")
    elif heard:
        if reset:
            sentence = msg("The server reset the connection in the middle of the handshake.")
        else:
            sentence = msg("The server closed the connection in the middle of the handshake.")
    elif reset:
        sentence = msg("The server reset the connection before it answered our first message.")
    else:
        sentence = msg("The server closed the connection before it answered our first message.")
    return Stop(
        outcome=Outcome.REJECTED_BY_PEER,
        reason=StopReason.RESET if reset else StopReason.CLOSED,
        error=sentence,
        detail=detail,
    )


def refused_in_http(status: int, refusal: CertificateRefusal) -> Stop:
    """A front end let the handshake pass and refuses in its answer."""
    if refusal is CertificateRefusal.NONE_SENT:
        sentence = msg("The server wants a client certificate and got none: HTTP {status}.", status=status)
    elif refusal is CertificateRefusal.NOT_ASKED_LATER:
        sentence = msg(
            "The server wants a client certificate for this path, and could not ask for one after the"
            " handshake: HTTP {status}.",
            status=status,
        )
    else:
        sentence = msg("The server refused the client certificate: HTTP {status}.", status=status)
    return Stop(outcome=Outcome.REJECTED_BY_PEER, reason=StopReason.HTTP_REFUSAL, error=sentence)
