"""Facts from the first probe: what became of our certificate on the wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trustdesk.core.handshake import Alert, CertificateRequested
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import CertificateRefusal, Outcome
from trustdesk.diagnose.alerts import AlertCode
from trustdesk.diagnose.facts import Fact
from trustdesk.diagnose.probe_view import ProbeView

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


def client_certificate(view: ProbeView) -> Iterator[tuple[Fact, Message]]:
    """Yield whether it was asked for, sent, missed or refused, and what a page says of it."""
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
    was_left_out = (
        record.identity is not None
        and not view.has_sent
        and client_auth.requested in {CertificateRequested.OPTIONAL, CertificateRequested.LATER}
    )
    if record.outcome is Outcome.ACCEPTED and was_left_out:
        yield Fact.IDENTITY_NOT_SENT, _NOT_SENT
    if record.outcome is not Outcome.REJECTED_BY_PEER:
        return
    alert = view.ending_alert
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
        yield Fact.IDENTITY_NOT_SENT, _NOT_SENT


_NOT_SENT = msg("A client certificate was selected, and did not leave this machine.")


def _no_reason(alert: Alert | None) -> Message:
    if alert is None:
        return msg("No alert tells why.")
    return msg("The alert {name} ({code}) can stand for any fault.", name=alert.name, code=alert.code)
