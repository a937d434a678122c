"""In words: no connection, no TLS, silence, an end without a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Explanation, Outcome, Phase, StopReason
from trustdesk.diagnose.answered import what_is_proved
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.probe_view import ProbeView


def _unresolved(view: ProbeView) -> Explanation:
    target = view.record.target
    return view.explanation(
        Cause.DNS_FAILURE,
        msg("The name {host} does not resolve.", host=target.connect_address or target.host),
        msg(
            "Check the spelling; if it is right, ask the partner, or your network team for its name servers."
        ),
        view.record.error,
    )


def _refused(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.CONNECTION_REFUSED,
        msg("The server does not take connections on port {port}.", port=_port(view)),
        msg("Ask the partner whether the port is right and the service runs; it can be a firewall."),
        view.record.error,
    )


def _no_connection(view: ProbeView) -> Explanation:
    target, error = view.record.target, view.record.error
    if view.record.outcome is Outcome.TIMED_OUT:
        return view.explanation(
            Cause.CONNECT_TIMEOUT,
            msg(
                "No answer from port {port}: the connection was neither taken nor refused.", port=_port(view)
            ),
            msg("Ask your network team, and the partner, for the firewall rule to this address."),
            error,
        )
    return view.explanation(
        Cause.CONNECT_TIMEOUT,
        msg("There is no way to {host} from here.", host=target.connect_address or target.host),
        msg("Ask your network team for the route and the firewall rule to this address."),
        error,
    )


def _proxy_refused(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.PROXY_REFUSED,
        msg("The proxy did not connect us with the server."),
        msg("Ask your network team to allow this host and port."),
        view.record.error,
    )


def _proxy_wants_login(view: ProbeView) -> Explanation:
    if view.record.stopped_by is StopReason.PROXY_AUTH_UNSUPPORTED:
        headline = msg("The proxy wants a way of logging in that is not supported here.")
        action = msg("Ask your network team for a proxy with user and password (Basic), or a way around it.")
    else:
        headline = msg("The proxy wants a user and a password.")
        action = msg(
            "Set the proxy with its user and password, or ask your network team for a way around it."
        )
    return view.explanation(Cause.PROXY_AUTH_REQUIRED, headline, action, view.record.error)


def _ended_early(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.CONNECTION_RESET_EARLY,
        msg("The connection was ended before the server answered our first message."),
        msg("Ask the partner whether our address is allowed; a firewall between us can do this too."),
        view.record.error,
    )


def _lost(view: ProbeView) -> Explanation:
    after = view.record.ended_in in {Phase.SETTLE, Phase.REQUEST, Phase.DONE}
    return view.explanation(
        Cause.CONNECTION_LOST_MID_HANDSHAKE,
        msg("The connection was ended after the handshake, before an answer came.")
        if after
        else msg("The connection was ended in the middle of the handshake."),
        msg("Try again; if it stays, ask the partner what its log says, and look at firewalls between us."),
        view.record.error,
    )


def _stalled(view: ProbeView) -> Explanation:
    if view.record.ended_in is not Phase.HANDSHAKE:
        headline = msg("The handshake was done, and then the server stayed silent: nothing is accepted yet.")
    elif view.has_server_hello:
        headline = msg("The server fell silent in the middle of the handshake.")
    else:
        headline = msg("The server took the connection and stayed silent after our first message.")
    return view.explanation(
        Cause.HANDSHAKE_STALLED,
        headline,
        msg("Try again; if it stays, ask the partner whether the request reaches its server."),
        view.record.error,
        view.about_client_certificate(),
    )


_CHECK_PORT = msg("Check the port; if it is right, the partner has to switch on TLS there.")


def _plain_http(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.NOT_TLS_PLAIN_HTTP,
        msg("Port {port} speaks plain HTTP, without TLS.", port=_port(view)),
        _CHECK_PORT,
        view.record.error,
    )


def _other_protocol(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.NOT_TLS_OTHER,
        msg("Port {port} speaks something else than TLS.", port=_port(view)),
        _CHECK_PORT,
        view.record.error,
    )


def _violation(view: ProbeView) -> Explanation:
    proved: Message | None = None
    match view.record.stopped_by:
        case StopReason.ANSWER_UNREADABLE:
            headline = msg(
                "TLS works, but what the server says inside it is not what this kind of target speaks."
            )
            action = msg("Check protocol and port with the partner.")
            proved = what_is_proved(view)
        case StopReason.TOO_MUCH:
            headline = msg("The server sent more than it should without an answer.")
            action = msg("Tell the partner; something on that port does not behave as a server does.")
        case _:
            headline = msg("The server began with TLS, and then broke its rules.")
            action = msg("Tell the partner; a device between us that meddles with TLS can do this too.")
    return view.explanation(Cause.PROTOCOL_VIOLATION, headline, action, view.record.error, proved)


def _port(view: ProbeView) -> int:
    target = view.record.target
    return target.connect_port or target.port


WORDS: Mapping[Cause, Callable[[ProbeView], Explanation]] = {
    Cause.DNS_FAILURE: _unresolved,
    Cause.CONNECTION_REFUSED: _refused,
    Cause.CONNECT_TIMEOUT: _no_connection,
    Cause.PROXY_REFUSED: _proxy_refused,
    Cause.PROXY_AUTH_REQUIRED: _proxy_wants_login,
    Cause.CONNECTION_RESET_EARLY: _ended_early,
    Cause.CONNECTION_LOST_MID_HANDSHAKE: _lost,
    Cause.HANDSHAKE_STALLED: _stalled,
    Cause.NOT_TLS_PLAIN_HTTP: _plain_http,
    Cause.NOT_TLS_OTHER: _other_protocol,
    Cause.PROTOCOL_VIOLATION: _violation,
}
"""Causes that are said with the particulars of the case."""
