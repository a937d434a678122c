"""A probe in words: one most likely cause, who has to act, what to do, and what it rests on.

Decisions:
- 2026-11: one cause for each probe, chosen from facts alone; ranking several hypotheses over several probes
  takes this place in a later issue and keeps the vocabulary.
- 2026-11: a server whose certificate cannot be read, is a CA's, or is refused without a plain reason falls
  under `protocol_violation`, the code for malformed messages; the headline says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.handshake import AlertDirection, ClientCertificateVerdict
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Explanation, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.target import TargetProtocol
from trustdesk.diagnose.alerts import AlertCode
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.probe_view import ProbeView
from trustdesk.diagnose.rejected import explain_rejection
from trustdesk.diagnose.untrusted import explain_untrusted

_LEGACY_VERSIONS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})


def explain(
    record: ProbeRecord,
    findings: Sequence[Finding],
    client: CertificateFacts | None = None,
    client_issuers: Sequence[str] = (),
) -> Explanation:
    """Explain a probe.

    Args:
        findings: of the judge and of the handshake rules.
        client: our certificate's read-outs; None when none was selected or it is not known.
        client_issuers: RFC 4514 names of the issuers in the path that we send, the end entity's first.
    """
    view = ProbeView(record, findings, client, client_issuers)
    match record.outcome:
        case Outcome.ACCEPTED:
            return _accepted(view)
        case Outcome.REJECTED_BY_PEER:
            return explain_rejection(view)
        case Outcome.UNTRUSTED_PEER:
            return explain_untrusted(view)
        case Outcome.NOT_REACHED:
            return _not_reached(view)
        case Outcome.NOT_TLS:
            return _not_tls(view)
        case Outcome.TIMED_OUT:
            return _timed_out(view)
        case Outcome.CANCELLED:
            return view.explanation(
                Cause.NONE, msg("Cancelled: nothing is proved."), msg("Run the test again."), record.error
            )
        case _:
            assert_never(record.outcome)


def _accepted(view: ProbeView) -> Explanation:
    record = view.record
    version = record.negotiated.version if record.negotiated else ""
    if version in _LEGACY_VERSIONS:
        return view.explanation(
            Cause.SERVER_LEGACY_PROTOCOL_ONLY,
            msg(
                "The server speaks nothing newer than {version}; ONE Record requires TLS 1.2.",
                version=version.replace("TLSv", "TLS "),
            ),
            msg("The partner has to enable TLS 1.2 or newer."),
            *view.failed_evidence(),
        )
    revoked = view.own_faults.get(Cause.CLIENT_CERT_REVOKED)
    if revoked is not None and view.has_sent:
        return view.explanation(
            Cause.CLIENT_CERT_REVOKED,
            msg("The server answered, and does not know yet that our certificate is revoked."),
            msg("Ask our CA why, and for a new certificate, before the partner looks."),
            revoked,
            _what_is_proved(view),
        )
    if record.target.protocol is TargetProtocol.AMQPS:
        return _amqp_answered(view)
    status = record.http.status if record.http else None
    proved = _what_is_proved(view)
    if status == 403:
        return view.explanation(
            Cause.HTTP_FORBIDDEN,
            msg("TLS works; the server refuses access (HTTP 403)."),
            msg("Ask the partner to allow us; give it subject and fingerprint of our certificate."),
            proved,
            *view.failed_evidence(),
        )
    if status is not None and status >= 500:
        return view.explanation(
            Cause.HTTP_SERVER_ERROR,
            msg("TLS works; the server's application fails (HTTP {status}).", status=status),
            msg("Tell the partner, with the time of this test."),
            proved,
            *view.failed_evidence(),
        )
    if status == 401:
        token = msg("The server asks for a token (HTTP 401), as ONE Record wants it.")
        return view.explanation(Cause.NONE, proved, None, token, *view.failed_evidence())
    answer = msg("The server answered with HTTP {status}.", status=status) if status is not None else None
    return view.explanation(Cause.NONE, proved, None, answer, *view.failed_evidence())


def _amqp_answered(view: ProbeView) -> Explanation:
    amqp = view.record.amqp
    proved = _what_is_proved(view)
    if amqp is None or amqp.version is None:
        return view.explanation(Cause.NONE, proved, None, *view.failed_evidence())
    offered = msg(
        "AMQP {version}; SASL mechanisms: {mechanisms}.",
        version=amqp.version,
        mechanisms=", ".join(amqp.mechanisms) or "–",
    )
    if amqp.mechanisms and "EXTERNAL" not in amqp.mechanisms:
        return view.explanation(
            Cause.AMQP_EXTERNAL_NOT_OFFERED,
            msg("TLS works; the broker does not log clients in by certificate (SASL EXTERNAL)."),
            msg("The partner has to enable the mechanism EXTERNAL, or give us a user name."),
            offered,
            proved,
        )
    return view.explanation(Cause.NONE, proved, None, offered, *view.failed_evidence())


def _what_is_proved(view: ProbeView) -> Message:
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


def _not_reached(view: ProbeView) -> Explanation:
    target = view.record.target
    error = view.record.error
    if view.record.ended_in is Phase.PROXY:
        return _proxy_refused(view)
    match view.record.stopped_by:
        case StopReason.NAME_UNRESOLVED:
            return _unresolved(view)
        case StopReason.REFUSED:
            return view.explanation(
                Cause.CONNECTION_REFUSED,
                msg("The server does not take connections on port {port}.", port=_port(view)),
                msg("Ask the partner whether the port is right and the service runs; it can be a firewall."),
                error,
            )
        case _:
            if view.record.ended_in is Phase.RESOLVE:
                return _unresolved(view)
            return view.explanation(
                Cause.CONNECT_TIMEOUT,
                msg("There is no way to {host} from here.", host=target.connect_address or target.host),
                msg("Ask your network team for the route and the firewall rule to this address."),
                error,
            )


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


def _proxy_refused(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.PROXY_REFUSED,
        msg("The proxy did not connect us with the server."),
        msg("Ask your network team to allow this host and port."),
        view.record.error,
    )


def _not_tls(view: ProbeView) -> Explanation:
    error = view.record.error
    check_port = msg("Check the port; if it is right, the partner has to switch on TLS there.")
    match view.record.stopped_by:
        case StopReason.HTTP:
            return view.explanation(
                Cause.NOT_TLS_PLAIN_HTTP,
                msg("Port {port} speaks plain HTTP, without TLS.", port=_port(view)),
                check_port,
                error,
            )
        case StopReason.SSH | StopReason.SMTP | StopReason.AMQP | StopReason.OTHER_PROTOCOL:
            return view.explanation(
                Cause.NOT_TLS_OTHER,
                msg("Port {port} speaks something else than TLS.", port=_port(view)),
                check_port,
                error,
            )
        case StopReason.ANSWER_UNREADABLE:
            return view.explanation(
                Cause.PROTOCOL_VIOLATION,
                msg("TLS works, but what the server says inside it is not what this kind of target speaks."),
                msg("Check protocol and port with the partner."),
                error,
                _what_is_proved(view),
            )
        case StopReason.TOO_MUCH:
            return view.explanation(
                Cause.PROTOCOL_VIOLATION,
                msg("The server sent more than it should without an answer."),
                msg("Tell the partner; something on that port does not behave as a server does."),
                error,
            )
        case _:
            sent = view.last_alert(AlertDirection.SENT)
            if sent is not None and sent.code == AlertCode.PROTOCOL_VERSION:
                return view.explanation(
                    Cause.SERVER_LEGACY_PROTOCOL_ONLY,
                    msg("The server chose a protocol version older than any that is offered."),
                    msg("The partner has to enable TLS 1.2 or newer, as ONE Record requires."),
                    error,
                )
            return view.explanation(
                Cause.PROTOCOL_VIOLATION,
                msg("The server began with TLS, and then broke its rules."),
                msg("Tell the partner; a device between us that meddles with TLS can do this too."),
                error,
            )


def _timed_out(view: ProbeView) -> Explanation:
    error = view.record.error
    match view.record.ended_in:
        case Phase.RESOLVE:
            return _unresolved(view)
        case Phase.PROXY:
            return _proxy_refused(view)
        case Phase.CONNECT:
            return view.explanation(
                Cause.CONNECT_TIMEOUT,
                msg(
                    "No answer from port {port}: the connection was neither taken nor refused.",
                    port=_port(view),
                ),
                msg("Ask your network team, and the partner, for the firewall rule to this address."),
                error,
            )
        case Phase.HANDSHAKE if view.has_server_hello:
            return view.explanation(
                Cause.HANDSHAKE_STALLED,
                msg("The server fell silent in the middle of the handshake."),
                _STALLED_ACTION,
                error,
                view.about_client_certificate(),
            )
        case Phase.HANDSHAKE:
            return view.explanation(
                Cause.HANDSHAKE_STALLED,
                msg("The server took the connection and stayed silent after our first message."),
                _STALLED_ACTION,
                error,
            )
        case _:
            return view.explanation(
                Cause.HANDSHAKE_STALLED,
                msg("The handshake was done, and then the server stayed silent: nothing is accepted yet."),
                _STALLED_ACTION,
                error,
                view.about_client_certificate(),
            )


_STALLED_ACTION = msg("Try again; if it stays, ask the partner whether the request reaches its server.")


def _port(view: ProbeView) -> int:
    target = view.record.target
    return target.connect_port or target.port
