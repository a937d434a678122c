"""What happens in one handshake: messages, alerts, negotiated parameters, the client certificate's fate.

Sources: RFC 8446 (TLS 1.3), RFC 5246 (TLS 1.2). Times are milliseconds since the probe started.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """OUT is from us to the partner."""

    OUT = "out"
    IN = "in"


class AlertDirection(StrEnum):
    """Who ended it."""

    RECEIVED = "received"
    SENT = "sent"


class CertificateRequested(StrEnum):
    """Whether the server asks for a client certificate.

    NO: the handshake ended without a CertificateRequest. OPTIONAL: it asked, got none, and answered.
    REQUIRED: it asked, got none, and refused. LATER: it asked after the handshake. UNKNOWN: the handshake
    did not get that far, or it asked and got one, so that nothing shows whether it insists.
    """

    NO = "no"
    OPTIONAL = "optional"
    REQUIRED = "required"
    LATER = "later"
    UNKNOWN = "unknown"


class ClientCertificateVerdict(StrEnum):
    """What became of the client certificate.

    NOT_ASKED: no CertificateRequest. ACCEPTED: sent, and an answer proves it. REJECTED: refused, or its
    absence was. IGNORED: asked for, none sent, answered all the same. UNKNOWN: nothing proves anything.
    """

    NOT_ASKED = "not_asked"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One message on the wire, or one event of the connection under it.

    Attributes:
        at_ms: when its record was complete here; messages of one read share an instant.
        message: RFC 8446 name in snake_case (`client_hello`, `certificate_request`, `alert` …), or
            `tcp_connect`, `tcp_close`, `tcp_reset`, `application_data`, `http_request`, `http_response`,
            `amqp_header`, `amqp_start`, `not_tls` (bytes that are no TLS record; `detail` shows the first),
            `proxy_request`, `proxy_answer`.
        bytes: of the message without record framing; of the record's payload where it could not be decrypted.
        detail: short technical summary, in no language ("TLS 1.3, SNI host.example"); peer's text bounded.
        encrypted: whether it travelled encrypted.
        fields: name and value in the order to show; names in snake_case, values as in `detail`.
    """

    at_ms: float
    direction: Direction
    message: str
    bytes: int
    detail: str = ""
    encrypted: bool = False
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One TLS alert (RFC 8446 6). `name` is `unknown_ca` style, or `alert_N` when unassigned."""

    direction: AlertDirection
    level: str
    code: int
    name: str
    at_ms: float

    @property
    def is_close_notify(self) -> bool:
        """Whether it only says that its sender is done (RFC 8446 6.1)."""
        return self.code == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiated:
    """What both sides agreed on.

    Attributes:
        version: "TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1".
        cipher_suite: IANA name; `0xNNNN` when unknown to us.
        group: "X25519MLKEM768" …; None with RSA key exchange.
        signature_scheme: of the server's proof of possession; None where there is none or it was not seen.
        alpn: chosen protocol; None when none was chosen.
    """

    version: str
    cipher_suite: str
    group: str | None = None
    signature_scheme: str | None = None
    alpn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """What the server's CertificateRequest said (RFC 8446 4.3.2, RFC 5246 7.4.4).

    Attributes:
        acceptable_cas: RFC 4514 names, sorted (their order means nothing); empty means any.
        signature_schemes: in the server's order of preference.
    """

    acceptable_cas: tuple[str, ...] = ()
    signature_schemes: tuple[str, ...] = ()


class LaterRequest(StrEnum):
    """How a server asks for a certificate after the first handshake.

    POST_HANDSHAKE: RFC 8446 4.6.2, TLS 1.3. RENEGOTIATION: a second handshake, up to TLS 1.2.
    """

    POST_HANDSHAKE = "post_handshake"
    RENEGOTIATION = "renegotiation"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAuth:
    """The client certificate's part of the handshake.

    Attributes:
        request: what the CertificateRequest said; None when none was seen.
        sent: whether a certificate left this machine.
        offered_later: whether our ClientHello offered post-handshake authentication (RFC 8446 4.2.6).
        asked_by: how the server asked after the handshake; None when it did not.
    """

    requested: CertificateRequested = CertificateRequested.UNKNOWN
    request: CertificateRequest | None = None
    sent: bool = False
    offered_later: bool = False
    asked_by: LaterRequest | None = None
    verdict: ClientCertificateVerdict = ClientCertificateVerdict.UNKNOWN
