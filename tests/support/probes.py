"""Records of probes as the network would write them, one keyword for each thing that is different."""

from __future__ import annotations

from typing import Any

from tests.support.pki import NOW
from trustdesk.core.handshake import (
    Alert,
    AlertDirection,
    CertificateRequest,
    CertificateRequested,
    ClientAuth,
    ClientCertificateVerdict,
    Negotiated,
)
from trustdesk.core.message import msg
from trustdesk.core.probe import HttpFacts, IdentityLabel, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.target import parse_target

TLS13 = Negotiated(version="TLSv1.3", cipher_suite="TLS_AES_256_GCM_SHA384")
TLS12 = Negotiated(version="TLSv1.2", cipher_suite="TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
TLS11 = Negotiated(version="TLSv1.1", cipher_suite="TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA")

LARGE_HELLO = 1550
"""Bytes of our first message as it is by default, with post-quantum key exchange."""

IDENTITY = IdentityLabel(name="acme", sha256="ab" * 32)

NOT_ASKED = ClientAuth(requested=CertificateRequested.NO, verdict=ClientCertificateVerdict.NOT_ASKED)


def asked(
    *,
    sent: bool = False,
    verdict: ClientCertificateVerdict = ClientCertificateVerdict.REJECTED,
    requested: CertificateRequested = CertificateRequested.UNKNOWN,
    acceptable: tuple[str, ...] = (),
) -> ClientAuth:
    """The server sent a CertificateRequest."""
    request = CertificateRequest(acceptable_cas=acceptable)
    return ClientAuth(requested=requested, request=request, sent=sent, verdict=verdict)


def record(endpoint: str = "https://cargo.example", **different: Any) -> ProbeRecord:
    """A healthy probe without a client certificate, with what is `different`."""
    fields: dict[str, Any] = {
        "target": parse_target(endpoint),
        "started_at": NOW,
        "outcome": Outcome.ACCEPTED,
        "ended_in": Phase.DONE,
        "negotiated": TLS13,
        "client_auth": NOT_ASKED,
        "http": HttpFacts(status=401),
        "client_hello_bytes": LARGE_HELLO,
    }
    return ProbeRecord(**fields | different)


def ended(outcome: Outcome, reason: StopReason, phase: Phase, **different: Any) -> ProbeRecord:
    """A probe that ended before an answer."""
    fields: dict[str, Any] = {
        "http": None,
        "negotiated": None,
        "client_auth": ClientAuth(),
        "error": msg("It ended: {reason}.", reason=reason.value),
    }
    if phase in {Phase.RESOLVE, Phase.PROXY, Phase.CONNECT}:
        fields["client_hello_bytes"] = None
    return record(outcome=outcome, stopped_by=reason, ended_in=phase, **fields | different)


def refused_by_alert(code: int, client_auth: ClientAuth | None = None, **different: Any) -> ProbeRecord:
    """A probe that the peer ended with a fatal alert; without `client_auth` before its ServerHello."""
    alert = Alert(
        direction=AlertDirection.RECEIVED, level="fatal", code=code, name=f"alert_{code}", at_ms=5.0
    )
    fields: dict[str, Any] = {"alerts": (alert,)}
    if client_auth is not None:
        fields |= {"client_auth": client_auth, "negotiated": TLS13}
        if client_auth.sent:
            fields |= {"identity": IDENTITY}
    return ended(Outcome.REJECTED_BY_PEER, StopReason.ALERT, Phase.HANDSHAKE, **fields | different)
