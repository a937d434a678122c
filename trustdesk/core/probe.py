"""The record of one probe: facts with their times, and nothing judged but what the judge said on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, Verdict
from trustdesk.core.handshake import Alert, AlertDirection, ClientAuth, Negotiated, TimelineEvent
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.message import Message
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.target import Target
from trustdesk.core.trust import ServerJudgement

CLOCK_TOLERANCE_S = 300.0
"""Seconds by which the clocks of a server and of this machine may differ (TLS-12)."""


class Outcome(StrEnum):
    """How a probe ended.

    ACCEPTED: an answer was read after the handshake. REJECTED_BY_PEER: the peer ended it, by alert, by
    closing, or in HTTP for want of a client certificate. UNTRUSTED_PEER: the server's certificate fails
    against the trust list, whatever came after. NOT_REACHED: no TCP connection. NOT_TLS: what came
    back is not TLS, or not TLS as the RFC has it, or, inside TLS, not the target's protocol. TIMED_OUT: a
    phase, or the whole, ran out of time.
    """

    ACCEPTED = "accepted"
    REJECTED_BY_PEER = "rejected_by_peer"
    UNTRUSTED_PEER = "untrusted_peer"
    NOT_REACHED = "not_reached"
    NOT_TLS = "not_tls"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"


INCONCLUSIVE = frozenset({Outcome.NOT_REACHED, Outcome.TIMED_OUT})
"""What says nothing of the partner: a network may have kept us from it."""

NOT_TOLD = INCONCLUSIVE | {Outcome.CANCELLED}
"""What says nothing of the partner, for whatever reason."""


class StopReason(StrEnum):
    """What ended a probe before an answer, as a fact that rules can match on; `error` is its sentence.

    NAME_UNRESOLVED, REFUSED, UNREACHABLE: no TCP connection. DEADLINE: `ended_in` says of which phase.
    ALERT: a fatal alert of the peer, the last received one in `alerts`. CLOSED: end of stream without a
    fatal alert. RESET: TCP reset. HTTP, SSH, SMTP, AMQP, OTHER_PROTOCOL: what the peer speaks instead of
    TLS, by its first bytes. PROTOCOL_VIOLATION: TLS that breaks its RFC, or that our engine cannot go
    along with; the alert sent says which. HTTP_REFUSAL: a front end's page about the client certificate.
    ANSWER_UNREADABLE: bytes came inside TLS that are not the target's protocol. TOO_MUCH: more bytes than
    the limit. PROXY_AUTH_REQUIRED: the proxy wants a user and a password, and got none or wrong ones.
    PROXY_AUTH_UNSUPPORTED: it wants a way of logging in that is not spoken here (NTLM, Negotiate).
    PROXY_REFUSED: it cannot or will not connect us.
    """

    NAME_UNRESOLVED = "name_unresolved"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    DEADLINE = "deadline"
    ALERT = "alert"
    CLOSED = "closed"
    RESET = "reset"
    HTTP = "http"
    SSH = "ssh"
    SMTP = "smtp"
    AMQP = "amqp"
    OTHER_PROTOCOL = "other_protocol"
    PROTOCOL_VIOLATION = "protocol_violation"
    HTTP_REFUSAL = "http_refusal"
    ANSWER_UNREADABLE = "answer_unreadable"
    TOO_MUCH = "too_much"
    PROXY_AUTH_REQUIRED = "proxy_auth_required"
    PROXY_AUTH_UNSUPPORTED = "proxy_auth_unsupported"
    PROXY_REFUSED = "proxy_refused"
    CANCELLED = "cancelled"


class Phase(StrEnum):
    """The phases in their order. SETTLE reads before the first write of TLS 1.3; DONE is the end.

    PROXY stands in place of RESOLVE and CONNECT where there is a proxy: it resolves the target's name and
    connects to it.
    """

    RESOLVE = "resolve"
    PROXY = "proxy"
    CONNECT = "connect"
    HANDSHAKE = "handshake"
    SETTLE = "settle"
    REQUEST = "request"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTimes:
    """Milliseconds spent in each phase; None for a phase that did not end, or was not gone through."""

    resolve_ms: float | None = None
    proxy_ms: float | None = None
    connect_ms: float | None = None
    handshake_ms: float | None = None
    settle_ms: float | None = None
    first_byte_ms: float | None = None


class CertificateRefusal(StrEnum):
    """A front end's HTTP answer that is a TLS verdict (nginx answers 400 after a clean handshake).

    NOT_ASKED_LATER: it wants a certificate for this path and could not ask for it after the request
    (Apache's 403 "Cannot perform Post-Handshake Authentication").
    """

    NONE_SENT = "none_sent"
    CERTIFICATE_ERROR = "certificate_error"
    NOT_ASKED_LATER = "not_asked_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpFacts:
    """The answer to the one GET; texts are the peer's, bounded.

    Attributes:
        reused_connection_ms: time of a second request on the open connection; None when none was made.
        certificate_refusal: set when the page says that the client certificate is missing or wrong.
        challenge: `WWW-Authenticate` of the answer (RFC 9110 11.6.1); None without one.
    """

    status: int
    content_type: str | None = None
    server: str | None = None
    reused_connection_ms: float | None = None
    certificate_refusal: CertificateRefusal | None = None
    challenge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmqpFacts:
    """What an AMQP listener said first; the connection is closed after that.

    Attributes:
        version: "0-9-1" or "1.0"; None when it answered with neither.
        mechanisms: SASL mechanisms offered, the peer's text, bounded.
        derived_user: user name that a broker would take from our certificate as it is set up by default: its
            subject (RFC 4514); None when none was sent, or it has no subject.
        other_users: what it may be set up to take instead: common name, names of the subjectAltName.
    """

    version: str | None = None
    mechanisms: tuple[str, ...] = ()
    derived_user: str | None = None
    other_users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLabel:
    """Which client certificate was selected: its name here, and SHA-256 of the certificate."""

    name: str | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRecord:
    """One probe, as it happened.

    Attributes:
        address: `192.0.2.1` that was connected to; None when none was, or a proxy did it.
        addresses: all addresses of the host, in the resolver's order; empty when a proxy resolved the name.
        proxy: kind, host and port of the proxy that was gone through, without user and password; None
            without one.
        client_hello_bytes: size of our first message, without record framing (RFC 8446 4); None when none
            was sent.
        presented_chain: as presented, end entity first; kept also when it is untrusted or unreadable.
        stapled_ocsp: OCSP response (DER) that came with the chain, its first 64 KiB; None when none did.
        judgement: what the judge said before any client certificate could leave, and, where addresses were
            asked for revocation, after that too; None when no certificate was presented.
        client_revocation: what was known of our own path's revocation before the partner was asked, our
            certificate first; empty when nothing was given and nobody was asked.
        stopped_by: what ended it before an answer, for rules; None when an answer was read.
        error: why it did not end in an answer, in words; None when it did.
        credential_error: why the selected client certificate could not be loaded and so was not
            presented; None when it was loaded, or was not wanted.
        error_detail: the library's or system's own words, for Details; never parsed.
        clock_offset_s: how far the server's clock is ahead of ours, in seconds, by the Date of its answer;
            negative when it is behind, None when it named no date.
        answer: the answer to the GET with its body, where that was asked for; goes into no document.
    """

    target: Target
    identity: IdentityLabel | None = None
    started_at: datetime
    outcome: Outcome
    ended_in: Phase
    phases: PhaseTimes = field(default_factory=PhaseTimes)
    address: str | None = None
    addresses: tuple[str, ...] = ()
    proxy: str | None = None
    client_hello_bytes: int | None = None
    negotiated: Negotiated | None = None
    client_auth: ClientAuth = field(default_factory=ClientAuth)
    presented_chain: tuple[CertificateFacts, ...] = ()
    stapled_ocsp: bytes | None = field(default=None, repr=False)
    judgement: ServerJudgement | None = None
    alerts: tuple[Alert, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    http: HttpFacts | None = None
    amqp: AmqpFacts | None = None
    stopped_by: StopReason | None = None
    client_revocation: tuple[RevocationCheck, ...] = ()
    credential_error: Message | None = None
    error: Message | None = None
    error_detail: str | None = None
    clock_offset_s: float | None = None
    answer: HttpAnswer | None = field(default=None, repr=False, compare=False)

    def last_alert(self, direction: AlertDirection) -> Alert | None:
        """Return the last alert of that direction that is more than a close_notify."""
        alerts = (
            alert
            for alert in reversed(self.alerts)
            if alert.direction is direction and not alert.is_close_notify
        )
        return next(alerts, None)

    @property
    def refusing_alert(self) -> Alert | None:
        """The alert by which the peer ended it; None when something else did."""
        return self.last_alert(AlertDirection.RECEIVED) if self.stopped_by is StopReason.ALERT else None


class Responsible(StrEnum):
    """Who has to act."""

    US = "us"
    PARTNER = "partner"
    NETWORK = "network"
    CA = "ca"
    UNCLEAR = "unclear"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A probe in words: what is wrong, who has to act, what to do.

    Attributes:
        cause: code of the closed vocabulary of causes; "none" when nothing is wrong.
        headline: the first line a person reads.
        action: what to do, and by whom; None when nothing has to be done.
        evidence: the facts that it rests on.
    """

    cause: str
    responsible: Responsible
    headline: Message
    action: Message | None
    evidence: tuple[Message, ...] = ()


class OwnStanding(StrEnum):
    """How our own certificate stands at an instant, by the dates of its path.

    NOT_INVOLVED: none was sent. UNKNOWN: one was sent that is not at hand any more, nor are its dates.
    """

    NOT_INVOLVED = "not_involved"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudgement:
    """That a probe was judged again after it was made: for another instant, or by another trust list.

    Attributes:
        at: what its certificates are judged for.
        is_chosen: whether a person chose that instant; False for the present.
        outcome: how the probe ended when it was made. The record's own outcome follows the judgement.
        own: our certificate at that instant.
        is_open: what was seen does not tell how it would end; the verdict is FAIL then, so that nothing
            takes it for a pass, and faces show it as not judged.
    """

    at: datetime
    is_chosen: bool
    outcome: Outcome
    own: OwnStanding = OwnStanding.NOT_INVOLVED
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReport:
    """A record with what was made of it: the one document for page, command line, history and report.

    Attributes:
        findings: every rule applied, the judge's among them.
        verdict: FAIL when a blocker or an error failed or the outcome is not ACCEPTED; WARN when only
            warnings failed.
        rejudged: set when the record's judgement was made again afterwards (`services.rejudging`); None for
            a report as the probe left it, which alone is kept in the history.
        server_family: value of `ServerFamily`, the software that ends TLS, certain or guessed; None when
            nothing shows it.
    """

    record: ProbeRecord
    findings: tuple[Finding, ...]
    verdict: Verdict
    explanation: Explanation
    rejudged: Rejudgement | None = None
    server_family: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the verdict is left open: neither good nor bad, whatever `verdict` says."""
        if self.record.outcome is Outcome.CANCELLED:
            return True
        return self.rejudged is not None and self.rejudged.is_open
