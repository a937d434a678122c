"""Why a handshake fails: the probes that were made for it, and the hypotheses ranked by them.

Confidence is not probability of a fault in general, but how far the facts favour one cause over the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, Verdict
from trustdesk.core.message import Message
from trustdesk.core.probe import IdentityLabel, ProbeReport, Responsible
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.target import Target


class TlsVersions(StrEnum):
    """Which versions a ClientHello offers: all that may be negotiated, or one alone."""

    ANY = "any"
    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


class CertificateChoice(StrEnum):
    """Whether the selected client certificate is presented when it is asked for."""

    NONE = "none"
    SELECTED = "selected"


class ServerNameChoice(StrEnum):
    """Whether the target's server name stands in the ClientHello (RFC 6066 3)."""

    HOST = "host"
    NONE = "none"


class GroupChoice(StrEnum):
    """Key exchange: post-quantum groups too (a ClientHello of two packets), or classic ones alone."""

    PQ = "pq"
    CLASSIC = "classic"


class AlpnChoice(StrEnum):
    """Whether the target's application protocols are offered (RFC 7301)."""

    TARGET = "target"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeVariant:
    """How one probe of a diagnosis differs from the target as it was given.

    Attributes:
        offers_post_handshake_auth: whether the ClientHello offers it (RFC 8446 4.2.6).
        address: IP address to connect to instead of the first that answers; None for that.
    """

    versions: TlsVersions = TlsVersions.ANY
    certificate: CertificateChoice = CertificateChoice.SELECTED
    server_name: ServerNameChoice = ServerNameChoice.HOST
    groups: GroupChoice = GroupChoice.PQ
    alpn: AlpnChoice = AlpnChoice.TARGET
    offers_post_handshake_auth: bool = True
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantProbe:
    """One probe of the matrix.

    Attributes:
        id: "P1", "P2" … in the order in which they were made.
        purpose: which open hypotheses it was to separate.
    """

    id: str
    variant: ProbeVariant
    report: ProbeReport
    purpose: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What is known of our own certificate before anything is sent.

    Attributes:
        certificate: the end entity's read-outs; None when none is selected, or it is not known.
        issuers: RFC 4514 names of the issuers in the path that we send, the end entity's first; empty when
            not known.
        reachable_issuers: the same of the whole path as it can be built here, with what is not sent;
            empty when not known.
        chain_complete: whether what we send leads up to a root, the root itself not needed; None when not
            known.
        key_matches: whether the private key is the certificate's; None when it was not looked at.
        revocation: what is known of our path's revocation, our certificate first; empty when nobody was
            asked.
        findings: of the checks on our certificate, CLI-…, CHN-02, KEY-01, REV-….
    """

    certificate: CertificateFacts | None = None
    issuers: tuple[str, ...] = ()
    reachable_issuers: tuple[str, ...] = ()
    chain_complete: bool | None = None
    key_matches: bool | None = None
    revocation: tuple[RevocationCheck, ...] = ()
    findings: tuple[Finding, ...] = ()


class LegacyAnswer(StrEnum):
    """What came of a ClientHello that offers one old version alone. UNKNOWN: no answer told."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyVersion:
    """One old protocol version, asked for by a ClientHello of our own making.

    Attributes:
        version: "SSLv3", "TLSv1", "TLSv1.1".
        detail: what the server answered, in no language; peer's text bounded.
    """

    version: str
    answer: LegacyAnswer
    detail: str = ""


class ServerFamily(StrEnum):
    """The software that ends TLS, as far as it shows."""

    OPENSSL = "openssl"
    NGINX = "nginx"
    APACHE = "apache"
    HAPROXY = "haproxy"
    STUNNEL = "stunnel"
    GO = "go"
    JAVA = "java"
    NODE = "node"
    PYTHON = "python"
    RABBITMQ = "rabbitmq"
    POSTGRESQL = "postgresql"
    IIS = "iis"


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyGuess:
    """A guess at the server's software.

    Attributes:
        certain: it names itself (Server header); else its behaviour only fits.
        evidence: what it rests on.
    """

    family: ServerFamily
    certain: bool
    evidence: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fact that speaks for or against a cause.

    Attributes:
        probe: id of the probe that showed it; None for what was known before connecting.
        fact: in a sentence.
        weight: what it adds to the cause's score, in the rule file's units; negative speaks against it.
    """

    probe: str | None
    fact: Message
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One possible cause.

    Attributes:
        cause: code of the closed vocabulary of causes.
        confidence: 0 to 1; those of all hypotheses of a diagnosis sum to at most 1.
        statement: the cause as a sentence about this target.
        evidence: what its rank rests on, the weightiest first.
        remedy: what to do, and by whom.
        log_hint: text to look for in the partner's log, as its software writes it; None when unknown.
        separated_by: what would tell it from its neighbours; None when nothing is near.
        same_as: codes of the causes that nothing seen so far tells from this one.
    """

    cause: str
    confidence: float
    responsible: Responsible
    statement: Message
    evidence: tuple[Evidence, ...]
    remedy: Message | None
    log_hint: str | None = None
    separated_by: Message | None = None
    same_as: tuple[str, ...] = ()


class WouldSend(StrEnum):
    """Whether a kind of client would present an identity to this server.

    MAYBE: it depends on how the client is configured.
    """

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientBehaviour:
    """What one family of TLS clients does with an identity here.

    Attributes:
        client: "OpenSSL, curl, Python, Node", "Java", "Go", ".NET".
    """

    client: str
    would_send: WouldSend
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityMatch:
    """One of our identities against what the server's CertificateRequest asks for."""

    name: str
    sha256: str
    behaviours: tuple[ClientBehaviour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Everything that was found out about one target.

    Attributes:
        preflight: what was checked of our own certificate before anything was sent.
        probes: in the order in which they were made; the first is the target as it was given.
        legacy: what the server answered to old versions; empty when it was not asked.
        family: of the server; None when nothing shows it.
        hypotheses: most likely first; a healthy target has exactly one, `none`.
        identities: ours joined with what the server accepts; empty when it asked for none.
        limit: why no further probe was made although hypotheses are open; None when none is needed.
        verdict: of the first probe, with what the others add.
    """

    target: Target
    identity: IdentityLabel | None
    started_at: datetime
    duration_ms: float
    preflight: tuple[Finding, ...]
    probes: tuple[VariantProbe, ...]
    legacy: tuple[LegacyVersion, ...] = ()
    family: FamilyGuess | None = None
    hypotheses: tuple[Hypothesis, ...]
    identities: tuple[IdentityMatch, ...] = ()
    limit: Message | None = None
    verdict: Verdict
