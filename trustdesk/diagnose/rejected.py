"""In words: what became of our client certificate, by the cause that the rules found.

Each function says one cause with the names, dates and evidence of this probe.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from trustdesk.core.handshake import AlertDirection
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Explanation, Outcome, Responsible
from trustdesk.diagnose.alerts import AlertCode
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.probe_view import ProbeView


def _own_fault(view: ProbeView, cause: Cause) -> Explanation:
    """Our certificate was refused for what it says of itself."""
    headline, action = _OWN_WORDS[cause]
    faults = view.own_faults
    first = [faults[cause]] if cause in faults else []
    return view.explanation(cause, headline, action, *first, *faults.values(), view.record.error)


def _revoked(view: ProbeView) -> Explanation:
    if view.record.outcome is not Outcome.ACCEPTED:
        alert = view.record.last_alert(AlertDirection.RECEIVED)
        told = alert is not None and alert.code == AlertCode.CERTIFICATE_REVOKED
        if told or Cause.CLIENT_CERT_REVOKED in view.own_faults:
            return _own_fault(view, Cause.CLIENT_CERT_REVOKED)
        # It fits best of what is left, and nobody has said it: no words that blame one side.
        return view.explanation(
            Cause.CLIENT_CERT_REVOKED,
            msg("The server rejected our certificate; it can be revoked, or the partner's CRL is of no use."),
            msg("Ask our CA whether it is revoked, and the partner what its log says at this minute."),
            view.record.error,
            view.about_client_certificate(),
            _validity(view),
            responsible=Responsible.UNCLEAR,
        )
    return view.explanation(
        Cause.CLIENT_CERT_REVOKED,
        msg("The server answered, and does not know yet that our certificate is revoked."),
        msg("Ask our CA why, and for a new certificate, before the partner looks."),
        view.own_faults.get(Cause.CLIENT_CERT_REVOKED),
        view.about_client_certificate(),
    )


def _crl_stale(view: ProbeView) -> Explanation:
    alert = view.record.last_alert(AlertDirection.RECEIVED)
    return view.explanation(
        Cause.SERVER_CRL_STALE,
        msg("The server says that something expired; our certificate has not: most likely its CRL has.")
        if alert is not None and alert.code == AlertCode.CERTIFICATE_EXPIRED
        else msg(
            "The server rejected our certificate; its revocation list (CRL) can be out of date or missing."
        ),
        msg("Ask the partner to renew its copy of our CA's revocation list (CRL).")
        if view.own_crl_trouble is None
        else msg("Tell our CA: it has to publish a revocation list (CRL) that holds."),
        view.record.error,
        view.own_crl_trouble,
        _validity(view),
        responsible=None if view.own_crl_trouble is None else Responsible.CA,
    )


def _crl_missing(view: ProbeView) -> Explanation | None:
    request = view.record.client_auth.request
    if request is None or not set(view.client_issuers) & set(request.acceptable_cas):
        return None
    return view.explanation(
        Cause.SERVER_CRL_MISSING,
        msg("The server names our CA as acceptable, and most likely has no revocation list (CRL) of it."),
        msg("Ask the partner whether it has our CA's certificate and its revocation list (CRL).")
        if view.own_crl_trouble is None
        else msg("Tell our CA that its list cannot be had; the partner needs it to let us in."),
        view.record.error,
        view.own_crl_trouble,
        msg("Our certificate comes from {issuer}.", issuer=_issuer(view)),
        responsible=None if view.own_crl_trouble is None else Responsible.CA,
    )


def _chain_incomplete(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.CLIENT_CHAIN_INCOMPLETE,
        msg("The server rejected our certificate: most likely its intermediate was not sent along."),
        msg(
            "Add the certificate of {issuer} to our certificate file. If that is a root, the partner has "
            "to add it to its list.",
            issuer=view.client_issuers[-1] if view.client_issuers else "?",
        ),
        view.record.error,
        msg("Our certificate was sent alone.") if len(view.client_issuers) == 1 else None,
        _acceptable(view),
    )


def _ca_not_trusted(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.CLIENT_CA_NOT_TRUSTED,
        msg("The server rejected our certificate: most likely our CA is not on its list."),
        msg("Send the partner the certificate of our CA, and ask it to add it to its list."),
        view.record.error,
        msg("Our certificate comes from {issuer}.", issuer=_issuer(view)) if view.client_issuers else None,
        _acceptable(view),
        msg("A server that has no revocation list (CRL) of our CA answers the same."),
    )


def _rejected_unexplained(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.CLIENT_CERT_REJECTED_UNEXPLAINED,
        msg("The server rejected our certificate, and nothing here tells why."),
        msg("Ask the partner what its log says at this minute, and whether our CA is on its list."),
        view.record.error,
        view.about_client_certificate(),
        _validity(view),
        msg("It can be an unknown CA, a missing intermediate, a revocation, or a rule of the partner's."),
    )


def _terminated_upstream(view: ProbeView) -> Explanation:
    if view.record.outcome is Outcome.ACCEPTED:
        headline = msg(
            "TLS works; the application behind it answers as if no certificate had been presented."
        )
    else:
        headline = msg("The server says that no client certificate came, although ours was sent.")
    return view.explanation(
        Cause.TLS_TERMINATED_UPSTREAM,
        headline,
        msg("Something in front of it ends TLS: the partner has to pass the certificate on."),
        view.record.error,
        view.about_client_certificate(),
    )


def _required(view: ProbeView) -> Explanation:
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


def _asked_later(view: ProbeView, cause: Cause) -> Explanation:
    return view.explanation(
        cause,
        msg("The server asks for the client certificate only after the request."),
        msg("Ask the partner to ask for it in the handshake, for the whole host."),
        view.record.error,
    )


def _validity(view: ProbeView) -> Message | None:
    client = view.client
    if client is None or client.not_before is None or client.not_after is None:
        return None
    return msg(
        "Our certificate is valid from {not_before} to {not_after}.",
        not_before=client.not_before,
        not_after=client.not_after,
    )


def _issuer(view: ProbeView) -> str:
    return view.client_issuers[0] if view.client_issuers else "?"


def _acceptable(view: ProbeView) -> Message | None:
    request = view.record.client_auth.request
    names = request.acceptable_cas if request is not None else ()
    return msg("The server names as acceptable: {names}.", names="; ".join(names)) if names else None


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
    Cause.CLIENT_KEY_ALGORITHM_NOT_ACCEPTED: (
        msg("The server does not take keys of our kind."),
        msg(
            "Use a certificate with an RSA or P-256 key, or the partner has to accept more signature schemes."
        ),
    ),
}

WORDS: Mapping[Cause, Callable[[ProbeView], Explanation | None]] = {
    **{cause: partial(_own_fault, cause=cause) for cause in _OWN_WORDS},
    Cause.CLIENT_CERT_REVOKED: _revoked,
    Cause.CLIENT_CERT_REQUIRED: _required,
    Cause.CLIENT_CHAIN_INCOMPLETE: _chain_incomplete,
    Cause.CLIENT_CA_NOT_TRUSTED: _ca_not_trusted,
    Cause.CLIENT_CERT_REJECTED_UNEXPLAINED: _rejected_unexplained,
    Cause.SERVER_CRL_STALE: _crl_stale,
    Cause.SERVER_CRL_MISSING: _crl_missing,
    Cause.POST_HANDSHAKE_AUTH_REQUIRED: partial(_asked_later, cause=Cause.POST_HANDSHAKE_AUTH_REQUIRED),
    Cause.RENEGOTIATION_AUTH_REQUIRED: partial(_asked_later, cause=Cause.RENEGOTIATION_AUTH_REQUIRED),
    Cause.TLS_TERMINATED_UPSTREAM: _terminated_upstream,
}
"""Causes that are said with the particulars of the case; None where the usual words say as much."""
