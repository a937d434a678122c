"""Facts from the first probe: its end, what was agreed on, what became of our certificate, the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from trustdesk.core.diagnosis import GroupChoice, ServerNameChoice, TlsVersions
from trustdesk.core.handshake import Alert, AlertDirection, CertificateRequested, Direction
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import CertificateRefusal, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.trust import ServerFault
from trustdesk.diagnose.alerts import AlertCode
from trustdesk.diagnose.facts import Fact, Shown, fault_fact
from trustdesk.diagnose.observations import Observations, SeenProbe
from trustdesk.diagnose.probe_view import ProbeView
from trustdesk.diagnose.suites import is_weak_suite

LEGACY_VERSIONS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})

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
_WITHOUT_REASON = frozenset({AlertCode.BAD_CERTIFICATE, AlertCode.CERTIFICATE_UNKNOWN})
"""Alerts after a certificate that some server sends for any fault of it (Go 42, Java 46)."""

_NOT_ABOUT_CERTIFICATES = frozenset(
    {
        AlertCode.PROTOCOL_VERSION,
        AlertCode.INSUFFICIENT_SECURITY,
        AlertCode.UNRECOGNIZED_NAME,
        AlertCode.NO_APPLICATION_PROTOCOL,
    }
)
_SAID_TO_WHO_SENT_NONE = frozenset(
    {
        AlertCode.HANDSHAKE_FAILURE,
        AlertCode.BAD_CERTIFICATE,
        AlertCode.UNSUPPORTED_CERTIFICATE,
        AlertCode.CERTIFICATE_REVOKED,
        AlertCode.CERTIFICATE_EXPIRED,
        AlertCode.CERTIFICATE_UNKNOWN,
        AlertCode.UNKNOWN_CA,
        AlertCode.ACCESS_DENIED,
        AlertCode.CERTIFICATE_REQUIRED,
    }
)
_REFUSING_PARAMETERS = frozenset({AlertCode.HANDSHAKE_FAILURE, AlertCode.INSUFFICIENT_SECURITY})


_TOKEN = re.compile(r"(^|,\s*)(bearer|dpop)\b", re.IGNORECASE)
"""A challenge among others that a token answers (RFC 6750 3, RFC 9449 7.1)."""


def first_facts(observations: Observations, interceptors: Iterable[str]) -> Iterator[Shown]:
    """Yield what the first probe shows."""
    first, view = observations.first, observations.view
    for fact, sentence in _ending(view):
        yield Shown(fact, sentence, first.id)
    for fact, sentence in _negotiation(first):
        yield Shown(fact, sentence, first.id)
    for fact, sentence in _client_certificate(view):
        yield Shown(fact, sentence, first.id)
    for fact, sentence in _answer(view.record):
        yield Shown(fact, sentence, first.id)
    for fact, sentence in _server_certificate(view, interceptors):
        yield Shown(fact, sentence, first.id)


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


def _ending(view: ProbeView) -> _Facts:
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
        yield Fact.PROXY_REFUSES, record.error or told[1]
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
        return Fact.PROXY_REFUSES, record.error or msg("The proxy did not connect us.")
    return Fact.TCP_SILENT, record.error or msg("There is no way to the address.")


def _silence(view: ProbeView) -> tuple[Fact, Message]:
    record = view.record
    match record.ended_in:
        case Phase.RESOLVE:
            return Fact.NAME_UNRESOLVED, record.error or msg("The name was not resolved in time.")
        case Phase.PROXY:
            return Fact.PROXY_REFUSES, record.error or msg("The proxy did not connect us in time.")
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
    sent = view.last_alert(AlertDirection.SENT)
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
    alert = _alert(view)
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


def _alert(view: ProbeView) -> Alert | None:
    if view.record.stopped_by not in {StopReason.ALERT, None}:
        return None
    return view.last_alert(AlertDirection.RECEIVED)


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


def _negotiation(first: SeenProbe) -> _Facts:
    record, variant = first.record, first.variant
    negotiated = record.negotiated
    if negotiated is not None:
        shown = negotiated.version.replace("TLSv", "TLS ")
        if negotiated.version in LEGACY_VERSIONS:
            yield Fact.LEGACY_VERSION_CHOSEN, msg("The server chose {version}.", version=shown)
        elif negotiated.version == "TLSv1.2":
            yield Fact.TLS_1_2_CHOSEN, msg("The server chose {version}.", version=shown)
        elif negotiated.version == "TLSv1.3":
            yield Fact.TLS_1_3_CHOSEN, msg("The server chose {version}.", version=shown)
        if is_weak_suite(negotiated.cipher_suite):
            yield Fact.WEAK_SUITE_CHOSEN, msg("The server chose {suite}.", suite=negotiated.cipher_suite)
        if negotiated.version != "TLSv1.3" and _server_hello_lacks(record, "renegotiation_info"):
            yield (
                Fact.NO_SECURE_RENEGOTIATION,
                msg("The server's first message lacks the extension renegotiation_info (RFC 5746)."),
            )
    resumed = any(event.message == "server_hello" and "resumed" in event.detail for event in record.timeline)
    if resumed and record.identity is not None and not record.client_auth.sent:
        yield (
            Fact.SESSION_RESUMED,
            msg("An earlier session was resumed, and our certificate stayed out of it."),
        )
    if record.target.server_name is None or variant.server_name is ServerNameChoice.NONE:
        yield Fact.NO_SERVER_NAME_SENT, msg("No server name (SNI) stood in our first message.")
    if variant.groups is GroupChoice.PQ and variant.versions is not TlsVersions.TLS_1_2:
        yield (
            Fact.LARGE_CLIENT_HELLO_SENT,
            msg("Our first message takes more than one packet, for post-quantum key exchange."),
        )


def _server_hello_lacks(record: ProbeRecord, extension: str) -> bool:
    """Whether a ServerHello was read whose extensions are known and do not hold this one."""
    for event in record.timeline:
        if event.direction is Direction.IN and event.message == "server_hello" and event.fields:
            named = ", ".join(value for name, value in event.fields if name == "extensions")
            return extension not in named.split(", ")
    return False


_PAGES: Mapping[CertificateRefusal, tuple[Fact, Message]] = {
    CertificateRefusal.NONE_SENT: (
        Fact.PAGE_NO_CERTIFICATE,
        msg("The answer is a page that says that no client certificate was sent."),
    ),
    CertificateRefusal.CERTIFICATE_ERROR: (
        Fact.PAGE_CERTIFICATE_ERROR,
        msg("The answer is a page that says that the client certificate is not accepted."),
    ),
    CertificateRefusal.NOT_ASKED_LATER: (
        Fact.PAGE_NOT_ASKED_LATER,
        msg("The answer is a page that says that a client certificate could not be asked for any more."),
    ),
}


def _client_certificate(view: ProbeView) -> _Facts:
    record, client_auth = view.record, view.record.client_auth
    page = record.http.certificate_refusal if record.http is not None else None
    if page is not None:
        yield _PAGES[page]
    if view.has_sent:
        yield Fact.CERTIFICATE_SENT, msg("Our certificate was sent.")
    elif client_auth.requested is CertificateRequested.LATER:
        yield Fact.CERTIFICATE_ASKED_LATER, msg("The server asks for a certificate only after the request.")
    elif client_auth.requested is CertificateRequested.NO and record.identity is not None:
        yield Fact.CERTIFICATE_NOT_ASKED, msg("The server did not ask for our certificate.")
    if record.credential_error is not None:
        yield Fact.CERTIFICATE_UNUSABLE, record.credential_error
    if record.outcome is not Outcome.REJECTED_BY_PEER:
        return
    alert = _alert(view)
    if view.has_sent and page in {None, CertificateRefusal.CERTIFICATE_ERROR}:
        if alert is None or alert.code not in _NOT_ABOUT_CERTIFICATES:
            yield Fact.CERTIFICATE_REFUSED, msg("The server ended it after our certificate.")
            if alert is None or alert.code in _WITHOUT_REASON:
                yield Fact.REFUSED_WITHOUT_REASON, _no_reason(alert)
        return
    missed = alert is None or alert.code in _SAID_TO_WHO_SENT_NONE
    if view.was_asked and missed and client_auth.requested is not CertificateRequested.LATER:
        yield Fact.CERTIFICATE_MISSED, msg("The server asked for a certificate, got none, and refused.")
    if record.identity is not None and not view.has_sent:
        yield (
            Fact.IDENTITY_NOT_SENT,
            msg("A client certificate was selected, and did not leave this machine."),
        )


def _no_reason(alert: Alert | None) -> Message:
    if alert is None:
        return msg("No alert tells why.")
    return msg("The alert {name} ({code}) can stand for any fault.", name=alert.name, code=alert.code)


def _answer(record: ProbeRecord) -> _Facts:
    http, amqp = record.http, record.amqp
    if http is not None and http.certificate_refusal is None:
        status = msg("The server answered with HTTP {status}.", status=http.status)
        if http.status == 401:
            yield Fact.HTTP_401, status
            if http.challenge and not _TOKEN.search(http.challenge):
                scheme = http.challenge.split(maxsplit=1)[0].rstrip(",")
                yield (
                    Fact.LOGIN_IS_NO_TOKEN,
                    msg("It asks for a login of the kind {scheme}, not for a token.", scheme=scheme),
                )
        elif http.status == 403:
            yield Fact.HTTP_403, status
        elif http.status >= 500:
            yield Fact.HTTP_5XX, status
    if amqp is not None and amqp.mechanisms and "EXTERNAL" not in amqp.mechanisms:
        yield (
            Fact.AMQP_WITHOUT_EXTERNAL,
            msg("SASL mechanisms offered: {mechanisms}.", mechanisms=", ".join(amqp.mechanisms)),
        )


def _server_certificate(view: ProbeView, interceptors: Iterable[str]) -> _Facts:
    record, judgement = view.record, view.record.judgement
    if record.outcome is Outcome.UNTRUSTED_PEER:
        faults = judgement.faults if judgement is not None else ()
        told = view.failed_evidence()
        for fault in faults or (ServerFault.REFUSED,):
            sentence = told[0] if told else msg("The server's certificate fails against the trust list.")
            yield fault_fact(fault), sentence
    for certificate in record.presented_chain:
        issuer = (certificate.issuer or "").casefold()
        name = next((name for name in interceptors if name in issuer), None)
        if name is not None:
            yield (
                Fact.INTERCEPTOR_NAMED,
                msg(
                    "The issuer is {issuer}, a product that inspects traffic.",
                    issuer=certificate.issuer or "",
                ),
            )
