"""In words: both sides did not come to terms, by alert or by what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trustdesk.core.handshake import AlertDirection
from trustdesk.core.message import msg
from trustdesk.core.probe import Explanation, Outcome
from trustdesk.diagnose.alerts import AlertCode
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.probe_view import ProbeView
from trustdesk.diagnose.protocol_floor import LEGACY_VERSIONS


def _legacy_only(view: ProbeView) -> Explanation:
    negotiated = view.record.negotiated
    if negotiated is not None and negotiated.version in LEGACY_VERSIONS:
        return view.explanation(
            Cause.SERVER_LEGACY_PROTOCOL_ONLY,
            msg(
                "The server speaks nothing newer than {version}; ONE Record requires TLS 1.2.",
                version=negotiated.version.replace("TLSv", "TLS "),
            ),
            msg("The partner has to enable TLS 1.2 or newer."),
            *view.failed_evidence(),
        )
    if view.record.outcome is Outcome.NOT_TLS:
        headline = msg("The server chose a protocol version older than any that is offered.")
    else:
        headline = msg(
            "The server accepts none of the TLS versions that we offer, TLS 1.2 and 1.3 among them."
        )
    return view.explanation(
        Cause.SERVER_LEGACY_PROTOCOL_ONLY,
        headline,
        msg("The partner has to enable TLS 1.2 or newer, as ONE Record requires."),
        view.record.error,
    )


def _no_shared_cipher(view: ProbeView) -> Explanation:
    alert = view.record.last_alert(AlertDirection.RECEIVED)
    if alert is None:
        headline = msg("Most likely the server chose a cipher suite or group that cannot be used.")
    elif alert.code == AlertCode.INSUFFICIENT_SECURITY:
        headline = msg("The server finds what we offer too weak.")
    else:
        headline = msg("Most likely the server shares no cipher suite or group with us.")
    return view.explanation(
        Cause.NO_SHARED_CIPHER,
        headline,
        msg("Ask the partner which TLS versions, cipher suites and groups its server offers."),
        view.record.error,
    )


def _name_unknown(view: ProbeView) -> Explanation | None:
    alert = view.record.last_alert(AlertDirection.RECEIVED)
    if alert is None or alert.code != AlertCode.UNRECOGNIZED_NAME:
        return None
    return view.explanation(
        Cause.SNI_REQUIRED,
        msg("The server does not know the name that we asked for."),
        msg("Check the server name (SNI); an IP address never goes into it."),
        view.record.error,
    )


def _alpn(view: ProbeView) -> Explanation:
    return view.explanation(
        Cause.ALPN_MISMATCH,
        msg("The server speaks none of the application protocols that we offered."),
        msg("Try other ALPN names, or none; else the partner has to enable HTTP/1.1."),
        view.record.error,
    )


def _alert_unexplained(view: ProbeView) -> Explanation | None:
    alert = view.record.last_alert(AlertDirection.RECEIVED)
    if alert is None:
        return None
    return view.explanation(
        Cause.ALERT_UNEXPLAINED,
        msg("The server ended it with the alert {name}, which can have many reasons.", name=alert.name),
        msg("Ask the partner what its log says at this minute."),
        view.record.error,
    )


WORDS: Mapping[Cause, Callable[[ProbeView], Explanation | None]] = {
    Cause.SERVER_LEGACY_PROTOCOL_ONLY: _legacy_only,
    Cause.NO_SHARED_CIPHER: _no_shared_cipher,
    Cause.SNI_REQUIRED: _name_unknown,
    Cause.ALPN_MISMATCH: _alpn,
    Cause.ALERT_UNEXPLAINED: _alert_unexplained,
}
"""Causes that are said with the particulars of the case; None where the usual words say as much."""
