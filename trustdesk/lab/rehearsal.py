"""Rehearsal: one local server that takes client certificates in the manner of a partner's software.

A person points a client at it before the partner is asked, and reads which certificate came, whether that
software would take it, and why not. What a client presents is judged by our own judge; how a refusal looks
is that of the style:

- `openssl`: OpenSSL's own verification and alerts, as Apache, HAProxy, stunnel and Python send them;
- `nginx`: the handshake ends well, and HTTP 400 says that something is wrong with the certificate;
- `go`: bad_certificate (42) for every fault;
- `java`: the connection is closed without a word, as the JDK's HttpsServer does;
- `strict`: as `openssl`, and then HTTP 403 that names each rule of the ONE Record profiles which fails.

Decisions:
- 2026-11: OpenSSL alone decides which alert it sends, by the error that its verification ends with. A store
  whose clock stands before all certificates makes it end with "not yet valid", which is bad_certificate:
  Go's alert without a private call. certificate_unknown, which JSSE's sockets send, cannot be had that way,
  so `java` is the JDK's HttpsServer.
- 2026-11: no certificate at all is answered with certificate_required (TLS 1.3) by `go` too; servers in Go
  say bad_certificate there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL, crypto

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import PathInputs, Purpose
from trustdesk.formats.certificate import read_certificate
from trustdesk.lab.pki import Credential
from trustdesk.verify.path_verifier import PathVerifier

_BEFORE_ALL_CERTIFICATES = datetime(1971, 1, 1, tzinfo=UTC)


class Style(StrEnum):
    """The software whose manner is taken on."""

    NGINX = "nginx"
    GO = "go"
    JAVA = "java"
    OPENSSL = "openssl"
    STRICT = "strict"


_WITHOUT_STRENGTH = frozenset({Style.GO, Style.JAVA})
"""Neither looks at the size of keys; OpenSSL does, at the security level of Debian."""

_TAKING_ANY_PURPOSE = frozenset({Style.GO, Style.JAVA})
"""Both take anyExtendedKeyUsage alone; OpenSSL wants clientAuth named."""

_OVERLOOKED = {Style.GO: frozenset({"purpose.key_usage"})}
"""Rules that a style's software does not have."""

_IN_ITS_OWN_WAY = frozenset({Style.NGINX, Style.JAVA})
"""Styles that let every handshake pass and refuse afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientVerdict:
    """What the rehearsed server makes of a client certificate.

    Attributes:
        certificate: DER; None when none came, or OpenSSL refused it before it showed it.
        reason: why it is taken or not, in a sentence.
    """

    certificate: bytes | None
    accepted: bool
    reason: Message

    @property
    def sha256(self) -> str | None:
        """Digest of the certificate, lower-case hex; None without one."""
        return None if self.certificate is None else hashlib.sha256(self.certificate).hexdigest()


NONE_CAME = ClientVerdict(certificate=None, accepted=False, reason=msg("No client certificate came."))


class ClientJudge:
    """Judges what clients present, by the CAs that the partner is said to trust."""

    def __init__(self, style: Style, client_list: TrustList) -> None:
        self._verifier = PathVerifier([client_list])
        self._inputs = PathInputs(
            strength_required=style not in _WITHOUT_STRENGTH,
            any_extended_key_usage=style in _TAKING_ANY_PURPOSE,
        )
        self._overlooked = _OVERLOOKED.get(style, frozenset())

    def judge(self, presented: Sequence[bytes]) -> ClientVerdict:
        """Judge certificates as presented (DER, end entity first), as of now; never raises."""
        if not presented:
            return NONE_CAME
        verification = self._verifier.verify(
            presented[0],
            presented[1:],
            purpose=Purpose.CLIENT,
            at=datetime.now(UTC),
            inputs=self._inputs,
        )
        return ClientVerdict(
            certificate=presented[0],
            accepted={check.rule for check in verification.paths[0].failures} <= self._overlooked,
            reason=verification.own.reason,
        )


class Presented:
    """Collects what one client presents, from OpenSSL's callbacks.

    Attributes:
        verdict: None before the certificate was seen.
    """

    def __init__(self, judge: ClientJudge) -> None:
        self._judge = judge
        self._seen: dict[bytes, int] = {}
        self.verdict: ClientVerdict | None = None

    def refused_by_openssl(self, certificate: crypto.X509, error: int) -> None:
        """Take OpenSSL's refusal, which may come before it has shown the end entity."""
        subject = certificate.to_cryptography().subject.rfc4514_string()
        reason = _OPENSSL_REASONS.get(
            error, msg("OpenSSL's verification ended with error {code}.", code=error)
        )
        if self.verdict is None:
            self.verdict = ClientVerdict(
                certificate=None,
                accepted=False,
                reason=msg("{reason} It says so of {subject}.", reason=reason, subject=subject),
            )

    def note(self, certificate: crypto.X509, depth: int) -> None:
        """Take one certificate, at its depth in the path that OpenSSL builds."""
        self._seen.setdefault(certificate.to_cryptography().public_bytes(Encoding.DER), depth)

    def decide(self) -> ClientVerdict:
        """Judge what was collected."""
        if self.verdict is None:
            ordered = sorted(self._seen, key=lambda der: self._seen[der])
            self.verdict = self._judge.judge(ordered)
        return self.verdict


def rehearsal_context(
    style: Style,
    credential: Credential,
    client_authorities: Sequence[CertificateFacts],
    presented_by: Callable[[SSL.Connection], Presented],
) -> SSL.Context:
    """Return the context of a rehearsed server.

    Args:
        client_authorities: CAs whose clients it takes; their names go into the CertificateRequest.
        presented_by: returns what collects for a connection.
    """
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_options(SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_TICKET)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.use_certificate(credential.chain[0])
    for certificate in credential.chain[1:]:
        context.add_extra_chain_cert(certificate)
    context.use_privatekey(credential.key)
    store = context.get_cert_store()
    assert store is not None  # noqa: S101 - a context always has one
    for facts in client_authorities:
        authority = x509.load_der_x509_certificate(facts.der)
        store.add_cert(crypto.X509.from_cryptography(authority))
        context.add_client_ca(authority)
    if style is Style.GO:
        store.set_time(_BEFORE_ALL_CERTIFICATES)
    mode = SSL.VERIFY_PEER
    if style not in _IN_ITS_OWN_WAY:
        mode |= SSL.VERIFY_FAIL_IF_NO_PEER_CERT
    context.set_verify(mode, _callback(style, presented_by))
    return context


def _callback(
    style: Style, presented_by: Callable[[SSL.Connection], Presented]
) -> Callable[[SSL.Connection, crypto.X509, int, int, int], bool]:
    def verify(
        connection: SSL.Connection, certificate: crypto.X509, error: int, depth: int, verified: int
    ) -> bool:
        presented = presented_by(connection)
        presented.note(certificate, depth)
        if style in {Style.OPENSSL, Style.STRICT}:
            if not verified:
                presented.refused_by_openssl(certificate, error)
            elif depth == 0:
                presented.decide()
            return bool(verified)
        if depth > 0:
            return True
        if style is Style.GO:
            return error != _NOT_YET_VALID or presented.decide().accepted
        if verified:
            presented.decide()
        return True

    return verify


_NOT_YET_VALID = 9
"""X509_V_ERR_CERT_NOT_YET_VALID, for which OpenSSL sends bad_certificate."""


_OPENSSL_REASONS = {
    2: msg("No path was found to a CA that it knows."),
    9: msg("A certificate is not valid yet."),
    10: msg("A certificate has expired."),
    18: msg("The certificate is self-signed."),
    19: msg("The chain ends at a root that it does not know."),
    20: msg("No path was found to a CA that it knows: unknown CA, or an intermediate was not sent."),
    21: msg("No path was found to a CA that it knows: unknown CA, or an intermediate was not sent."),
    25: msg("There are more CA certificates in the path than one of them allows."),
    26: msg("The certificate is not made for clients."),
    34: msg("A certificate holds a critical extension that is not understood."),
    47: msg("A CA of the path may not issue for this name."),
    66: msg("The key of the certificate is too short."),
    67: msg("The key of a CA of the path is too short."),
    68: msg("A signature of the path uses a digest that is too weak."),
    79: msg("A certificate that issued another one is no CA."),
}
"""X509_V_ERR_…, in words."""


def authorities_of(client_list: TrustList) -> tuple[CertificateFacts, ...]:
    """Return the CAs of a list as they were read."""
    return tuple(read_certificate(anchor.certificate.der) for anchor in client_list.trust_anchors)
