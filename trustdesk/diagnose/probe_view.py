"""What the explanations look at, and how they are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.handshake import Alert, AlertDirection, CertificateRequested, Direction
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Explanation, ProbeRecord, Responsible, StopReason
from trustdesk.core.revocation import RevocationCheck
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.own_certificate import own_crl_trouble, own_faults


@dataclass(frozen=True, slots=True)
class ProbeView:
    """One probe with what is known beside its record.

    Attributes:
        client: our certificate; None when none was selected, or it is not known any more.
        client_issuers: RFC 4514 names of the issuers in the path that we send, the end entity's first;
            empty when not known.
        revocation: what is known of our path's revocation, our certificate first; empty when nobody was
            asked.
    """

    record: ProbeRecord
    findings: Sequence[Finding]
    client: CertificateFacts | None
    client_issuers: Sequence[str]
    revocation: Sequence[RevocationCheck]

    @property
    def own_faults(self) -> dict[Cause, Message]:
        """What is wrong with our certificate by its own words, as of the probe."""
        return own_faults(self.client, self.record.started_at, self.revocation)

    @property
    def own_crl_trouble(self) -> Message | None:
        """Why a CRL about our path cannot be had or relied on, as we saw it; None where that is not known."""
        return own_crl_trouble(self.revocation)

    @property
    def was_asked(self) -> bool:
        """Whether the server asked for a client certificate, at whatever time."""
        client_auth = self.record.client_auth
        return client_auth.request is not None or client_auth.requested is CertificateRequested.LATER

    @property
    def has_sent(self) -> bool:
        """Whether our certificate left this machine."""
        return self.record.client_auth.sent

    @property
    def has_server_hello(self) -> bool:
        """Whether the server's first message came back."""
        return self.record.negotiated is not None or any(
            event.direction is Direction.IN and event.message == "server_hello"
            for event in self.record.timeline
        )

    @property
    def ending_alert(self) -> Alert | None:
        """The alert of the peer that ended the probe; None when something else did."""
        if self.record.stopped_by not in {StopReason.ALERT, None}:
            return None
        return self.record.last_alert(AlertDirection.RECEIVED)

    def explanation(
        self,
        cause: Cause,
        headline: Message,
        action: Message | None,
        *evidence: Message | None,
        responsible: Responsible | None = None,
    ) -> Explanation:
        """Put an explanation together; evidence that says nothing new is left out."""
        told = [message for message in evidence if message is not None and message != headline]
        return Explanation(
            cause=cause.value,
            responsible=responsible or cause.sides[0],
            headline=headline,
            action=action,
            evidence=tuple(dict.fromkeys(told)),
        )

    def failed_evidence(self) -> tuple[Message, ...]:
        """Return what the failed rules found, the weighty first."""
        failures = [finding.evidence for finding in self.findings if finding.is_failure]
        return (*failures, *(finding.evidence for finding in self.findings if finding.is_warning))

    def about_client_certificate(self) -> Message | None:
        """Return what became of our certificate on the way, as a fact."""
        if self.record.credential_error is not None:
            return self.record.credential_error
        if self.has_sent:
            return msg("Our certificate was sent.")
        if not self.was_asked:
            return None
        if self.record.identity is not None and self.record.judgement is not None:
            if not self.record.judgement.trusted:
                return msg("The server asked for a client certificate; ours was not sent to it.")
            return msg("The server asked for a client certificate; ours was not sent.")
        return msg("The server asked for a client certificate; none was selected.")
