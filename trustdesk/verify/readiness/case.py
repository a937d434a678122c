"""What the rules of an endpoint rest on: every call that was made, and why the others were not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import LegacyVersion
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.message import Message, msg
from trustdesk.core.plain_answer import PlainAnswer
from trustdesk.core.probe import ProbeRecord
from trustdesk.core.readiness import HarmlessCall
from trustdesk.core.target import Target
from trustdesk.verify.handshake_rules import handshake_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEndpoint:
    """Our own notifications endpoint, looked at as a partner would.

    Attributes:
        records: without a client certificate: in any version first, then in TLS 1.2 alone; never empty.
        legacy: what it answered to old versions.
    """

    target: Target
    records: tuple[ProbeRecord, ...]
    legacy: tuple[LegacyVersion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessCase:
    """One endpoint at one time.

    Attributes:
        bare: a probe without a client certificate, in any version.
        others: further ones, in one version each; with the selected client certificate where there is one.
        identity: that certificate; None without one.
        issuers: RFC 4514 names of the issuers in the path that we send, the end entity's first.
        claims_mutual_tls: whether the partner says that it lets nobody in without one.
        legacy: what it answered to old versions; empty when it was not asked.
        plain: what the port without TLS answered; None when it was not asked.
        wrong: a probe with a certificate that nobody knows; None when it was not made.
        own: None when ours was not looked at.
        authorised, unknown_object: answers over the strictly verified connection; None without.
        required_api_version: the least that the workspace asks of partners; "" for none.
        not_made: why calls were not made.
    """

    target: Target
    bare: ProbeRecord
    others: tuple[ProbeRecord, ...] = ()
    identity: CertificateFacts | None = None
    issuers: tuple[str, ...] = ()
    claims_mutual_tls: bool = False
    legacy: tuple[LegacyVersion, ...] = ()
    plain: PlainAnswer | None = None
    wrong: ProbeRecord | None = None
    own: OwnEndpoint | None = None
    authorised: HttpAnswer | None = None
    unknown_object: HttpAnswer | None = None
    required_api_version: str = ""
    not_made: Mapping[HarmlessCall, Message] = field(default_factory=dict)

    @property
    def records(self) -> tuple[ProbeRecord, ...]:
        """All probes of the endpoint that a rule may look at, the bare one first."""
        return (self.bare, *self.others)

    @property
    def with_certificate(self) -> tuple[ProbeRecord, ...]:
        """Those that had a client certificate to present."""
        return tuple(record for record in self.others if record.identity is not None)

    def why_not(self, call: HarmlessCall) -> Message:
        """Return why a call was not made."""
        return self.not_made.get(call, msg("This was not asked."))

    def found(self, record: ProbeRecord, rule: str) -> Finding:
        """Return what a rule on handshakes says of one of the probes."""
        findings = handshake_findings(record, self.issuers)
        return next(finding for finding in findings if finding.rule == rule)

    def first_told(self, rule: str, records: tuple[ProbeRecord, ...] | None = None) -> Finding:
        """Return what the first probe that tells says of a rule on handshakes; the first one's reason else.

        Args:
            records: to ask, in their order, at least one; None for all.
        """
        findings = [self.found(record, rule) for record in (records or self.records)]
        return next((one for one in findings if one.status is not FindingStatus.NOT_RUN), findings[0])
