"""From what was seen on the wire to what became of the client certificate: pure rules.

Sources: RFC 8446 4.3.2, 4.4.2, 6.2; RFC 5246 7.4.4, 7.4.6. A TLS 1.3 handshake that is done proves nothing of
the client certificate: the server looks at it afterwards. In TLS 1.2 the server's Finished comes after it.
"""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.handshake import (
    CertificateRequest,
    CertificateRequested,
    ClientAuth,
    ClientCertificateVerdict,
    LaterRequest,
)
from trustdesk.core.probe import CertificateRefusal, StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAuthFacts:
    """What the rules rest on.

    Attributes:
        request: what the first handshake's CertificateRequest said; None when there was none.
        requested_later: one came after the first handshake.
        sent: our Certificate message had a certificate in it.
        flight_done: our last flight left, so that what came after can be an answer to it.
        handshake_done: both Finished messages were verified here.
        sent_later: the same, in answer to the request that came later.
        proved_later: application data was read after that request.
        proved: something was read that the server says only to a client that it lets in: application
            data, or, where no request is made, its Finished in TLS 1.2 and below.
        server_judged_before_finished: TLS 1.2 and below.
        refusal: what a front end's page says; None for any other answer.
        stopped_by: what ended the probe; None when an answer was read.
        offered_later: our ClientHello offered post-handshake authentication.
    """

    request: CertificateRequest | None
    requested_later: bool
    sent: bool
    flight_done: bool
    handshake_done: bool
    proved: bool
    sent_later: bool = False
    proved_later: bool = False
    server_judged_before_finished: bool
    refusal: CertificateRefusal | None
    stopped_by: StopReason | None
    offered_later: bool = False

    @property
    def refused(self) -> bool:
        """Whether the peer ended it where it would for a client certificate that it does not want."""
        if not self.flight_done:
            return False
        if self.stopped_by is StopReason.ALERT:
            return True
        silent = self.stopped_by in {StopReason.CLOSED, StopReason.RESET}
        if self.requested_later:
            return silent
        return silent and not (self.server_judged_before_finished and self.handshake_done)


def client_auth(facts: ClientAuthFacts) -> ClientAuth:
    """Return what the CertificateRequest and the end of the probe say together."""
    requested, verdict = _judge(facts)
    asked_by = None
    if facts.requested_later:
        renegotiated = facts.server_judged_before_finished
        asked_by = LaterRequest.RENEGOTIATION if renegotiated else LaterRequest.POST_HANDSHAKE
    return ClientAuth(
        requested=requested,
        request=facts.request,
        sent=facts.sent,
        offered_later=facts.offered_later,
        asked_by=asked_by,
        verdict=verdict,
    )


def _judge(facts: ClientAuthFacts) -> tuple[CertificateRequested, ClientCertificateVerdict]:
    requested = CertificateRequested
    verdict = ClientCertificateVerdict
    if facts.refusal is CertificateRefusal.NONE_SENT:
        return requested.REQUIRED, verdict.REJECTED
    if facts.refusal is CertificateRefusal.CERTIFICATE_ERROR:
        return requested.UNKNOWN, verdict.REJECTED
    if facts.refusal is CertificateRefusal.NOT_ASKED_LATER:
        return requested.LATER, verdict.REJECTED
    if facts.requested_later:
        # What was sent in the handshake is not what the answer to the later request proves.
        before = verdict.UNKNOWN if facts.sent else verdict.IGNORED
        proved = verdict.ACCEPTED if facts.sent_later else before
        return requested.LATER, _fate(facts, proved, proved=facts.proved_later)
    if facts.request is None:
        if facts.handshake_done:
            return requested.NO, verdict.NOT_ASKED
        return requested.UNKNOWN, verdict.UNKNOWN
    if facts.sent:
        return requested.UNKNOWN, _fate(facts, verdict.ACCEPTED)
    fate = _fate(facts, verdict.IGNORED)
    if fate is verdict.IGNORED:
        return requested.OPTIONAL, fate
    if fate is verdict.REJECTED:
        return requested.REQUIRED, fate
    return requested.UNKNOWN, fate


def _fate(
    facts: ClientAuthFacts, when_proved: ClientCertificateVerdict, *, proved: bool | None = None
) -> ClientCertificateVerdict:
    if facts.refused:
        return ClientCertificateVerdict.REJECTED
    if facts.proved if proved is None else proved:
        return when_proved
    return ClientCertificateVerdict.UNKNOWN
