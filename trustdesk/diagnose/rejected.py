"""In words: why the peer ended it, by an alert, in HTTP, or without a word.

An alert seldom proves one cause: one server's 42 is another's 46, and a third closes without a word. What our
own certificate says decides; where it says nothing, the *_unexplained causes stand.
"""

from __future__ import annotations

from trustdesk.core.handshake import Alert, AlertDirection, CertificateRequested
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import CertificateRefusal, Explanation, Phase, Responsible, StopReason
from trustdesk.diagnose.alerts import AlertCode
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.probe_view import ProbeView

_ABOUT_CERTIFICATES = frozenset(
    {
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


_MEANT_BY: dict[int, frozenset[Cause]] = {
    AlertCode.UNSUPPORTED_CERTIFICATE: frozenset(
        {
            Cause.CLIENT_EKU_MISSING_CLIENT_AUTH,
            Cause.CLIENT_KU_MISSING_DIGITAL_SIGNATURE,
            Cause.CLIENT_KEY_TOO_WEAK,
        }
    ),
    AlertCode.CERTIFICATE_EXPIRED: frozenset({Cause.CLIENT_CERT_EXPIRED}),
}
"""What an alert can be about where it says so; every other one can be about anything."""


def explain_rejection(view: ProbeView) -> Explanation:
    """Explain a probe that the peer ended."""
    http = view.record.http
    if http is not None and http.certificate_refusal is not None:
        return _refused_in_http(view, http.certificate_refusal)
    alert = view.last_alert(AlertDirection.RECEIVED)
    if alert is not None and view.record.stopped_by in {StopReason.ALERT, None}:
        return _refused_by_alert(view, alert)
    return _ended_silently(view)


def _refused_in_http(view: ProbeView, refusal: CertificateRefusal) -> Explanation:
    if refusal is CertificateRefusal.NONE_SENT:
        if view.has_sent:
            return view.explanation(
                Cause.TLS_TERMINATED_UPSTREAM,
                msg("The server says that no client certificate came, although ours was sent."),
                msg("Something in front of it ends TLS: the partner has to pass the certificate on."),
                view.record.error,
                view.about_client_certificate(),
            )
        return _required(view)
    return _rejected(view, _own_fault(view))


def _refused_by_alert(view: ProbeView, alert: Alert) -> Explanation:
    match alert.code:
        case AlertCode.PROTOCOL_VERSION:
            return view.explanation(
                Cause.SERVER_LEGACY_PROTOCOL_ONLY,
                msg("The server accepts none of the TLS versions that we offer, TLS 1.2 and 1.3 among them."),
                msg("The partner has to enable TLS 1.2 or newer, as ONE Record requires."),
                view.record.error,
            )
        case AlertCode.INSUFFICIENT_SECURITY:
            return _no_shared_cipher(view, msg("The server finds what we offer too weak."))
        case AlertCode.UNRECOGNIZED_NAME:
            return view.explanation(
                Cause.SNI_REQUIRED,
                msg("The server does not know the name that we asked for."),
                msg("Check the server name (SNI); an IP address never goes into it."),
                view.record.error,
            )
        case AlertCode.NO_APPLICATION_PROTOCOL:
            return view.explanation(
                Cause.ALPN_MISMATCH,
                msg("The server speaks none of the application protocols that we offered."),
                msg("Try other ALPN names, or none; else the partner has to enable HTTP/1.1."),
                view.record.error,
            )
        case AlertCode.HANDSHAKE_FAILURE if not view.has_server_hello:
            return _no_shared_cipher(
                view, msg("Most likely the server shares no cipher suite or group with us.")
            )
    if view.has_sent:
        if alert.code in _ABOUT_CERTIFICATES | {AlertCode.HANDSHAKE_FAILURE, AlertCode.DECRYPT_ERROR}:
            return _certificate_refused(view, alert)
        return _rejected(view, None)
    if view.was_asked and alert.code in _ABOUT_CERTIFICATES | {AlertCode.HANDSHAKE_FAILURE}:
        return _required(view)
    return view.explanation(
        Cause.ALERT_UNEXPLAINED,
        msg("The server ended it with the alert {name}, which can have many reasons.", name=alert.name),
        msg("Ask the partner what its log says at this minute."),
        view.record.error,
    )


def _certificate_refused(view: ProbeView, alert: Alert) -> Explanation:
    """Explain an alert that came after our certificate."""
    faults = view.own_faults
    if alert.code == AlertCode.CERTIFICATE_REVOKED:
        return view.explanation(
            Cause.CLIENT_CERT_REVOKED,
            msg("The server rejected our certificate: it is revoked."),
            msg("Ask our CA why, and for a new certificate."),
            faults.get(Cause.CLIENT_CERT_REVOKED),
            view.record.error,
        )
    if alert.code == AlertCode.CERTIFICATE_EXPIRED and Cause.CLIENT_CERT_EXPIRED not in faults:
        return view.explanation(
            Cause.SERVER_CRL_STALE,
            msg("The server says that something expired; our certificate has not: most likely its CRL has."),
            msg("Ask the partner to renew its copy of our CA's revocation list (CRL).")
            if view.own_crl_trouble is None
            else msg("Tell our CA: it has to publish a revocation list (CRL) that holds."),
            view.record.error,
            view.own_crl_trouble,
            _validity(view),
            responsible=None if view.own_crl_trouble is None else Responsible.CA,
        )
    if alert.code == AlertCode.UNKNOWN_CA:
        return _unknown_ca(view)
    return _rejected(view, _own_fault(view, alert))


def _unknown_ca(view: ProbeView) -> Explanation:
    faults = view.own_faults
    if Cause.CLIENT_SELF_SIGNED in faults:
        return _rejected(view, Cause.CLIENT_SELF_SIGNED)
    request = view.record.client_auth.request
    named = request.acceptable_cas if request is not None else ()
    issuers = list(view.client_issuers)
    issuer = issuers[0] if issuers else "?"
    if set(issuers) & set(named) and view.own_crl_trouble is not None:
        return view.explanation(
            Cause.SERVER_CRL_MISSING,
            msg("The server names our CA as acceptable, and most likely has no revocation list (CRL) of it."),
            msg("Tell our CA that its list cannot be had; the partner needs it to let us in."),
            view.record.error,
            view.own_crl_trouble,
            responsible=Responsible.CA,
        )
    if set(issuers) & set(named):
        return view.explanation(
            Cause.CLIENT_CERT_REJECTED_UNEXPLAINED,
            msg("The server says that it does not know our CA, and names it as acceptable all the same."),
            msg("Ask the partner whether it has our CA's certificate and its revocation list (CRL)."),
            view.record.error,
            msg("Our certificate comes from {issuer}.", issuer=issuer),
        )
    if len(issuers) == 1:
        return view.explanation(
            Cause.CLIENT_CHAIN_INCOMPLETE,
            msg("The server rejected our certificate: most likely its intermediate was not sent along."),
            msg(
                "Add the certificate of {issuer} to our certificate file. If that is a root, the partner has "
                "to add it to its list.",
                issuer=issuer,
            ),
            view.record.error,
            msg("Our certificate was sent alone."),
            _acceptable(named),
        )
    return view.explanation(
        Cause.CLIENT_CA_NOT_TRUSTED,
        msg("The server rejected our certificate: most likely our CA is not on its list."),
        msg("Send the partner the certificate of our CA, and ask it to add it to its list."),
        view.record.error,
        msg("Our certificate comes from {issuer}.", issuer=issuer) if issuers else None,
        _acceptable(named),
        msg("A server that has no revocation list (CRL) of our CA answers the same."),
    )


def _rejected(view: ProbeView, cause: Cause | None) -> Explanation:
    """Our certificate was refused; `cause` is what it says of itself, None when that explains nothing."""
    faults = view.own_faults
    if cause is None or cause not in faults:
        return view.explanation(
            Cause.CLIENT_CERT_REJECTED_UNEXPLAINED,
            msg("The server rejected our certificate, and nothing here tells why."),
            msg("Ask the partner what its log says at this minute, and whether our CA is on its list."),
            view.record.error,
            view.about_client_certificate(),
            _validity(view),
            msg("It can be an unknown CA, a missing intermediate, a revocation, or a rule of the partner's."),
        )
    headline, action = _OWN_WORDS[cause]
    return view.explanation(cause, headline, action, *faults.values(), view.record.error)


def _required(view: ProbeView) -> Explanation:
    if view.record.client_auth.requested is CertificateRequested.LATER:
        return _asked_later(view)
    if view.record.credential_error is not None:
        return view.explanation(
            Cause.CLIENT_CERT_REQUIRED,
            msg("The server wants a client certificate; the selected one could not be used."),
            msg("Import the certificate again, with the key that it was requested with."),
            view.record.credential_error,
            view.record.error,
        )
    if view.record.identity is not None:
        return view.explanation(
            Cause.CLIENT_CERT_REQUIRED,
            msg("The server wants a client certificate, and ours was not sent."),
            msg("See what the server's certificate is trusted by; ours goes to trusted servers only."),
            view.record.error,
        )
    return view.explanation(
        Cause.CLIENT_CERT_REQUIRED,
        msg("The server wants a client certificate, and none was sent."),
        msg("Select the client certificate that the partner knows."),
        view.record.error,
        view.about_client_certificate(),
    )


def _asked_later(view: ProbeView) -> Explanation:
    negotiated = view.record.negotiated
    headline = msg("The server asks for the client certificate only after the request.")
    action = msg("Ask the partner to ask for it in the handshake, for the whole host.")
    if negotiated is not None and negotiated.version == "TLSv1.3":
        return view.explanation(Cause.POST_HANDSHAKE_AUTH_REQUIRED, headline, action, view.record.error)
    return view.explanation(Cause.RENEGOTIATION_AUTH_REQUIRED, headline, action, view.record.error)


def _ended_silently(view: ProbeView) -> Explanation:
    """The connection closed or was reset, without an alert."""
    if view.has_sent:
        return _rejected(view, _own_fault(view))
    if not view.has_server_hello:
        return view.explanation(
            Cause.CONNECTION_RESET_EARLY,
            msg("The connection was ended before the server answered our first message."),
            msg("Ask the partner whether our address is allowed; a firewall between us can do this too."),
            view.record.error,
        )
    if view.was_asked:
        return _required(view)
    after = view.record.ended_in in {Phase.SETTLE, Phase.REQUEST, Phase.DONE}
    return view.explanation(
        Cause.CONNECTION_LOST_MID_HANDSHAKE,
        msg("The connection was ended after the handshake, before an answer came.")
        if after
        else msg("The connection was ended in the middle of the handshake."),
        msg("Try again; if it stays, ask the partner what its log says, and look at firewalls between us."),
        view.record.error,
    )


def _no_shared_cipher(view: ProbeView, headline: Message) -> Explanation:
    return view.explanation(
        Cause.NO_SHARED_CIPHER,
        headline,
        msg("Ask the partner which TLS versions, cipher suites and groups its server offers."),
        view.record.error,
    )


def _own_fault(view: ProbeView, alert: Alert | None = None) -> Cause | None:
    """Return the first fault of our certificate that the refusal can be about; None without one."""
    meant = _MEANT_BY.get(alert.code) if alert is not None else None
    return next((cause for cause in view.own_faults if meant is None or cause in meant), None)


def _validity(view: ProbeView) -> Message | None:
    client = view.client
    if client is None or client.not_before is None or client.not_after is None:
        return None
    return msg(
        "Our certificate is valid from {not_before} to {not_after}.",
        not_before=client.not_before,
        not_after=client.not_after,
    )


def _acceptable(names: tuple[str, ...]) -> Message | None:
    if not names:
        return None
    return msg("The server names as acceptable: {names}.", names="; ".join(names))


_OWN_WORDS: dict[Cause, tuple[Message, Message]] = {
    Cause.CLIENT_CERT_EXPIRED: (
        msg("The server rejected our certificate: it has expired."),
        msg("Renew our certificate, and tell the partner if it keeps a copy."),
    ),
    Cause.CLIENT_CERT_NOT_YET_VALID: (
        msg("The server rejected our certificate: it is not valid yet."),
        msg("Wait until it is valid, and check the clock of the machine that made it."),
    ),
    Cause.CLIENT_CERT_REVOKED: (
        msg("The server rejected our certificate: it is revoked."),
        msg("Ask our CA why, and for a new certificate."),
    ),
    Cause.CLIENT_EKU_MISSING_CLIENT_AUTH: (
        msg("The server rejected our certificate: it is not made for clients (clientAuth is missing)."),
        msg("Ask our CA for a certificate with clientAuth."),
    ),
    Cause.CLIENT_KU_MISSING_DIGITAL_SIGNATURE: (
        msg("The server rejected our certificate: it may not sign (digitalSignature is missing)."),
        msg("Ask our CA for a certificate with the key usage digitalSignature."),
    ),
    Cause.CLIENT_KEY_TOO_WEAK: (
        msg("The server rejected our certificate: most likely its key or signature is too weak."),
        msg("Make a new key (EC P-256, or RSA of 2048 bits or more) and ask our CA for a certificate."),
    ),
    Cause.CLIENT_SELF_SIGNED: (
        msg("The server rejected our certificate: it is self-signed."),
        msg("Use a certificate from a CA that the partner trusts."),
    ),
}
