"""The rules on a handshake as it happened (TLS-…, API-02, AMQ-04), from one probe's record alone.

Every rule reports each time. What one probe cannot show is "not run", with the reason, and never a pass.
"""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.finding import Finding, Severity
from trustdesk.core.handshake import AlertDirection, CertificateRequested, ClientCertificateVerdict
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.probe import CLOCK_TOLERANCE_S, Outcome, ProbeRecord
from trustdesk.core.target import TargetProtocol
from trustdesk.verify.case import Rule, Ruling

VERSION = Rule(
    "TLS-01",
    Severity.BLOCKER,
    msg("The server accepts TLS 1.2 or 1.3."),
    "ONE Record API 2.3 authn-transport-layer; RFC 8996",
)
LEGACY = Rule(
    "TLS-02",
    Severity.ERROR,
    msg("The server refuses SSL 3.0, TLS 1.0 and TLS 1.1."),
    "ONE Record API 2.3 authn-transport-layer; RFC 8996",
)
NEWEST = Rule("TLS-03", Severity.INFO, msg("The server offers TLS 1.3."), "RFC 9325 3.1.1")
SUITE = Rule(
    "TLS-04",
    Severity.WARNING,
    msg("Cipher suite with forward secrecy and authenticated encryption."),
    "RFC 9325 4.1, 4.2",
)
CLIENT_CERTIFICATE = Rule(
    "TLS-05",
    Severity.INFO,
    msg("Whether the server asks for a client certificate."),
    "ONE Record API 2.3 authn-transport-layer",
)
CLIENT_ACCEPTED = Rule(
    "TLS-06",
    Severity.ERROR,
    msg("The server accepts the selected client certificate, proved by an answer."),
    "RFC 8446 4.4.2; RFC 5246 7.4.6",
)
ISSUER_NAMED = Rule(
    "TLS-08",
    Severity.WARNING,
    msg("The issuer of our certificate is among the CAs that the server names."),
    "RFC 8446 4.2.4; RFC 5246 7.4.4",
)
CLOCK = Rule(
    "TLS-12", Severity.WARNING, msg("The clocks differ by less than five minutes."), "RFC 9110 6.6.1"
)
WITHOUT_TOKEN = Rule(
    "API-02",
    Severity.WARNING,
    msg("GET without a token is answered with 401."),
    "ONE Record API 2.3 authn-application-layer",
)
EXTERNAL = Rule(
    "AMQ-04",
    Severity.WARNING,
    msg("The broker offers to log in by certificate (SASL EXTERNAL)."),
    "RFC 4422 appendix A; SWIM-TIYP-0037",
)

_MODERN = {"TLSv1.2", "TLSv1.3"}
_PROTOCOL_VERSION = 70
_AEAD = ("_GCM", "_CCM", "CHACHA20_POLY1305")


def handshake_findings(record: ProbeRecord, identity_issuers: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Apply every handshake rule to a probe, in the order of their ids.

    Args:
        identity_issuers: RFC 4514 names of the issuers in the path that we send, the end entity's first;
            empty when no identity was selected.
    """
    rulings = (
        _version(record),
        _legacy(record),
        _newest(record),
        _suite(record),
        _client_certificate(record),
        _client_accepted(record),
        _issuer_named(record, identity_issuers),
        _clock(record),
        _without_token(record),
        _external(record),
    )
    return tuple(ruling.finding for ruling in rulings)


def _version(record: ProbeRecord) -> Ruling:
    if record.negotiated is not None:
        version = _shown(record.negotiated.version)
        if record.negotiated.version in _MODERN:
            return VERSION.passed(msg("{version} was negotiated.", version=version))
        return VERSION.failed(
            msg("The server chose {version}, although 1.2 and 1.3 were offered.", version=version),
            msg("The partner has to enable TLS 1.2 or newer."),
        )
    for alert in record.alerts:
        if alert.code == _PROTOCOL_VERSION:
            return VERSION.failed(
                msg("The server does not accept any version offered, 1.2 and 1.3 among them.")
                if alert.direction is AlertDirection.RECEIVED
                else msg("The server chose a version that is older than any offered."),
                msg("The partner has to enable TLS 1.2 or newer."),
            )
    return VERSION.not_run(_no_server_hello(record))


def _legacy(record: ProbeRecord) -> Ruling:
    if record.negotiated is not None and record.negotiated.version not in _MODERN:
        return LEGACY.failed(
            msg("{version} was negotiated.", version=_shown(record.negotiated.version)),
            msg("The partner has to switch off everything older than TLS 1.2."),
        )
    return LEGACY.not_run(msg("This probe did not offer the old versions alone."))


def _newest(record: ProbeRecord) -> Ruling:
    if record.negotiated is None:
        return NEWEST.not_run(_no_server_hello(record))
    if record.negotiated.version == "TLSv1.3":
        return NEWEST.passed(msg("TLS 1.3 was negotiated."))
    version = _shown(record.negotiated.version)
    return NEWEST.failed(
        msg("TLS 1.3 was offered, and {version} was chosen.", version=version),
        msg("The partner may enable TLS 1.3 as well; TLS 1.2 is allowed."),
    )


def _suite(record: ProbeRecord) -> Ruling:
    if record.negotiated is None:
        return SUITE.not_run(_no_server_hello(record))
    name = record.negotiated.cipher_suite
    forward_secret = record.negotiated.version == "TLSv1.3" or name.startswith(("TLS_ECDHE_", "TLS_DHE_"))
    authenticated = any(part in name for part in _AEAD)
    if forward_secret and authenticated:
        return SUITE.passed(msg("{suite} was negotiated.", suite=name))
    missing = (
        msg("forward secrecy and authenticated encryption")
        if not forward_secret and not authenticated
        else msg("authenticated encryption")
        if forward_secret
        else msg("forward secrecy")
    )
    return SUITE.warned(
        msg("{suite} was negotiated, without {missing}.", suite=name, missing=missing),
        msg("The partner should prefer ECDHE suites with AES-GCM or ChaCha20-Poly1305."),
    )


def _client_certificate(record: ProbeRecord) -> Ruling:
    match record.client_auth.requested:
        case CertificateRequested.NO:
            return CLIENT_CERTIFICATE.passed(msg("It does not ask: TLS alone, without mTLS."))
        case CertificateRequested.OPTIONAL:
            return CLIENT_CERTIFICATE.passed(msg("It asks, and goes on without one."))
        case CertificateRequested.REQUIRED:
            return CLIENT_CERTIFICATE.passed(msg("It asks, and refuses without one."))
        case CertificateRequested.LATER:
            return CLIENT_CERTIFICATE.passed(
                msg("It asks after the handshake, when it has seen the request.")
            )
        case CertificateRequested.UNKNOWN:
            if record.client_auth.request is not None:
                return CLIENT_CERTIFICATE.passed(msg("It asks; whether it insists, this probe did not show."))
            return CLIENT_CERTIFICATE.not_run(_no_handshake(record))


def _client_accepted(record: ProbeRecord) -> Ruling:
    client_auth = record.client_auth
    if record.identity is None:
        return CLIENT_ACCEPTED.not_applicable(msg("No client certificate was selected."))
    if client_auth.requested is CertificateRequested.NO:
        return CLIENT_ACCEPTED.not_applicable(msg("The server did not ask for one."))
    if client_auth.requested is CertificateRequested.OPTIONAL and record.outcome is Outcome.ACCEPTED:
        # Whoever selected one asks about it: the answer that came without it is none to that question.
        return CLIENT_ACCEPTED.failed(
            record.credential_error
            or msg("The server asked and answered; ours was not sent, most likely for the kind of its key."),
            msg("See the explanation of this probe."),
        )
    if not client_auth.sent:
        return CLIENT_ACCEPTED.not_run(_not_sent(record))
    match client_auth.verdict:
        case ClientCertificateVerdict.ACCEPTED:
            return CLIENT_ACCEPTED.passed(msg("It was sent, and the server answered."))
        case ClientCertificateVerdict.REJECTED:
            return CLIENT_ACCEPTED.failed(
                record.error or msg("It was sent, and the server refused."),
                msg("See the explanation of this probe."),
            )
        case _:
            return CLIENT_ACCEPTED.not_run(msg("It was sent, and nothing came back that proves anything."))


def _not_sent(record: ProbeRecord) -> Message:
    if record.credential_error is not None:
        return record.credential_error
    if record.judgement is not None and not record.judgement.trusted:
        return msg("It was not sent, because the server is not trusted.")
    if record.client_auth.request is None:
        return _no_handshake(record)
    return msg("It was not sent.")


def _issuer_named(record: ProbeRecord, issuers: Sequence[str]) -> Ruling:
    request = record.client_auth.request
    if record.identity is None:
        return ISSUER_NAMED.not_applicable(msg("No client certificate was selected."))
    if request is None:
        if record.client_auth.requested is CertificateRequested.NO:
            return ISSUER_NAMED.not_applicable(msg("The server did not ask for one."))
        return ISSUER_NAMED.not_run(_no_handshake(record))
    if not request.acceptable_cas:
        return ISSUER_NAMED.not_applicable(msg("The server names no CAs: any will do for it to look at."))
    if not issuers:
        return ISSUER_NAMED.not_run(msg("The issuers of our certificate are not known."))
    named = [issuer for issuer in issuers if issuer in request.acceptable_cas]
    if named:
        return ISSUER_NAMED.passed(msg("{issuer} is among them.", issuer=named[0]))
    return ISSUER_NAMED.warned(
        msg(
            "Our issuers: {issuers}. The server names: {names}.",
            issuers=listed(list(issuers)),
            names=listed(request.acceptable_cas),
        ),
        msg("Java and Go would send no certificate then: ask the partner to add our CA to the names."),
    )


def _clock(record: ProbeRecord) -> Ruling:
    offset = record.clock_offset_s
    if offset is None:
        return CLOCK.not_run(msg("No answer with a date was read."))
    if abs(offset) < CLOCK_TOLERANCE_S:
        return CLOCK.passed(
            msg("The server's clock differs from ours by {seconds} s.", seconds=round(offset))
        )
    sentence = (
        msg("The server's clock is {seconds} s ahead of ours.", seconds=round(offset))
        if offset > 0
        else msg("The server's clock is {seconds} s behind ours.", seconds=round(-offset))
    )
    return CLOCK.warned(sentence, msg("Compare both clocks with a time server, this machine's first."))


def _without_token(record: ProbeRecord) -> Ruling:
    if record.target.protocol is not TargetProtocol.HTTPS:
        return WITHOUT_TOKEN.not_applicable(msg("The target is not https."))
    if record.http is None:
        return WITHOUT_TOKEN.not_run(msg("No HTTP answer was read."))
    status = record.http.status
    if status == 401:
        return WITHOUT_TOKEN.passed(msg("The server answered with HTTP 401."))
    if status == 200:
        return WITHOUT_TOKEN.warned(
            msg("The server answered with HTTP 200 without a token."),
            msg("The partner should ask every client for a token, also for GET /."),
        )
    if 300 <= status < 400 or record.http.certificate_refusal is not None:
        return WITHOUT_TOKEN.not_run(
            msg("The server answered with HTTP {status}, which shows neither.", status=status)
        )
    return WITHOUT_TOKEN.warned(
        msg("The server answered with HTTP {status}.", status=status),
        msg("Check the base path with the partner; a ONE Record server answers GET / with 401 or 200."),
    )


def _external(record: ProbeRecord) -> Ruling:
    if record.target.protocol is not TargetProtocol.AMQPS:
        return EXTERNAL.not_applicable(msg("The target is not amqps."))
    if record.amqp is None or not record.amqp.mechanisms:
        return EXTERNAL.not_run(msg("No list of SASL mechanisms was read."))
    mechanisms = listed(record.amqp.mechanisms)
    if "EXTERNAL" in record.amqp.mechanisms:
        return EXTERNAL.passed(msg("Offered: {mechanisms}.", mechanisms=mechanisms))
    return EXTERNAL.warned(
        msg("Offered: {mechanisms}.", mechanisms=mechanisms),
        msg("The partner has to enable the mechanism EXTERNAL, or give us a user name."),
    )


def _no_server_hello(record: ProbeRecord) -> Message:
    if record.outcome is Outcome.CANCELLED:
        return msg("The probe was cancelled before the server answered.")
    return msg("The handshake did not get as far as the server's answer.")


def _no_handshake(record: ProbeRecord) -> Message:
    if record.outcome is Outcome.CANCELLED:
        return msg("The probe was cancelled before that.")
    return msg("The handshake did not get that far.")


def _shown(version: str) -> str:
    return version.replace("TLSv1.", "TLS 1.").replace("TLSv1", "TLS 1.0").replace("SSLv3", "SSL 3.0")
