"""In words: a probe that was answered, what that proves, and what is wrong all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Explanation
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.probe_view import ProbeView


def _nothing_wrong(view: ProbeView) -> Explanation:
    http = view.record.http
    if http is not None and http.status == 401:
        answer: Message | None = msg("The server asks for a token (HTTP 401), as ONE Record wants it.")
    elif http is not None:
        answer = msg("The server answered with HTTP {status}.", status=http.status)
    else:
        answer = _offered(view)
    return view.explanation(Cause.NONE, what_is_proved(view), None, answer, *view.failed_evidence())


def _forbidden(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.HTTP_FORBIDDEN,
        msg("TLS works; the server refuses access (HTTP 403)."),
        msg("Ask the partner to allow us; give it subject and fingerprint of our certificate."),
        what_is_proved(view),
        *view.failed_evidence(),
    )


def _server_error(view: ProbeView) -> Explanation:
    status = view.record.http.status if view.record.http is not None else 500
    return view.explanation(
        Cause.HTTP_SERVER_ERROR,
        msg("TLS works; the server's application fails (HTTP {status}).", status=status),
        msg("Tell the partner, with the time of this test."),
        what_is_proved(view),
        *view.failed_evidence(),
    )


def _external_not_offered(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.AMQP_EXTERNAL_NOT_OFFERED,
        msg("TLS works; the broker does not log clients in by certificate (SASL EXTERNAL)."),
        msg("The partner has to enable the mechanism EXTERNAL, or give us a user name."),
        _offered(view),
        what_is_proved(view),
    )


def _offered(view: ProbeView) -> Message | None:
    amqp = view.record.amqp
    if amqp is None or amqp.version is None:
        return None
    return msg(
        "AMQP {version}; SASL mechanisms: {mechanisms}.",
        version=amqp.version,
        mechanisms=", ".join(amqp.mechanisms) or "–",
    )


def what_is_proved(view: ProbeView) -> Message:
    """Say what an answer proves of TLS and of our certificate."""
    asks_for_token = view.record.http is not None and view.record.http.status == 401
    match view.record.client_auth.verdict:
        case ClientCertificateVerdict.ACCEPTED:
            if asks_for_token:
                return msg("TLS and mTLS work: our certificate was accepted; the server asks for a token.")
            return msg("TLS and mTLS work: our certificate was accepted, and the server answered.")
        case ClientCertificateVerdict.NOT_ASKED:
            if asks_for_token:
                return msg("TLS works: no client certificate was asked for; the server asks for a token.")
            return msg("TLS works: no client certificate was asked for, and the server answered.")
        case ClientCertificateVerdict.IGNORED:
            return msg(
                "TLS works: a client certificate was asked for, none was sent, and the server answered."
            )
        case ClientCertificateVerdict.UNKNOWN | ClientCertificateVerdict.REJECTED:
            return msg("TLS works: the server answered; what it makes of a client certificate is not proved.")


WORDS: Mapping[Cause, Callable[[ProbeView], Explanation]] = {
    Cause.NONE: _nothing_wrong,
    Cause.HTTP_FORBIDDEN: _forbidden,
    Cause.HTTP_SERVER_ERROR: _server_error,
    Cause.AMQP_EXTERNAL_NOT_OFFERED: _external_not_offered,
}
"""Causes that are said with the particulars of the case."""
