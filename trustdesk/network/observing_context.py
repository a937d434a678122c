"""The OpenSSL context of a probe: it observes everything, trusts nothing by itself, and carries no payload.

It accepts TLS 1.0 to 1.3, weak keys and any certificate, because a probe has to see what is wrong. Whether
the server may be trusted is the judge's to say. Nothing but a harmless request goes over such a connection.

Decisions:
- 2026-11: a probe by itself builds contexts of its own: 0.08 ms each, 0.3 ms with a credential. The probes
  of one sweep share them (`ContextPool`), which takes a tenth off each of them; a pool has one context for
  each credential, keeps no session, and ends with its sweep, and the keys with it.
- 2026-11: a credential comes in by switching the connection to a second context (`set_context`) and goes
  out by switching back after the handshake, so that a renegotiation finds nothing to present.
- 2026-11: post-handshake authentication is offered where the library lets us: pyOpenSSL has no call for it,
  so that its own library object is asked. Where that is gone, it is not offered, and the record says so.
- 2026-11: classic groups are secp256r1 alone, which is all that pyOpenSSL can choose (`set_tmp_ecdh`). It
  makes a ClientHello of 330 bytes out of one of 1,530, measured with OpenSSL 4.0.3.
- 2026-11: no anonymous, PSK, SRP or NULL suites: they would end a handshake without a certificate to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from OpenSSL import SSL, _util, crypto

from trustdesk.core.diagnosis import GroupChoice, TlsVersions
from trustdesk.core.message import Message, msg
from trustdesk.formats.credential import ClientCredential

_USABLE_KEYS = (
    rsa.RSAPrivateKey,
    ec.EllipticCurvePrivateKey,
    ed25519.Ed25519PrivateKey,
    ed448.Ed448PrivateKey,
    dsa.DSAPrivateKey,
)
_VERSIONS: Mapping[TlsVersions, tuple[int, int | None]] = {
    TlsVersions.ANY: (SSL.TLS1_VERSION, None),
    TlsVersions.TLS_1_2: (SSL.TLS1_2_VERSION, SSL.TLS1_2_VERSION),
    TlsVersions.TLS_1_3: (SSL.TLS1_3_VERSION, SSL.TLS1_3_VERSION),
}
_CIPHER_LIST = b"DEFAULT:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0"


class CredentialRefusedError(Exception):
    """OpenSSL does not take the client certificate or its key.

    Attributes:
        problem: what is wrong, one sentence.
        detail: the library's own words.
    """

    def __init__(self, problem: Message, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail


KeyLogSink = Callable[[bytes], None]
"""Gets each NSS key-log line of a connection, in memory; must be total."""


class ContextPool:
    """The contexts of some probes, each made once; on one thread."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, TlsVersions, GroupChoice], SSL.Context] = {}
        self._credentials: dict[int, ClientCredential] = {}

    def context(
        self, credential: ClientCredential | None, versions: TlsVersions, groups: GroupChoice
    ) -> SSL.Context:
        """Return the context for a connection, as `observing_context`.

        Raises:
            CredentialRefusedError: certificate and key do not belong together, or are of no use in TLS.
        """
        key = (0 if credential is None else id(credential), versions, groups)
        context = self._made.get(key)
        if context is None:
            context = observing_context(credential=credential, versions=versions, groups=groups)
            self._made[key] = context
            if credential is not None:
                self._credentials[id(credential)] = credential  # or its id could become another's
        return context


def observing_context(
    *,
    credential: ClientCredential | None = None,
    versions: TlsVersions = TlsVersions.ANY,
    groups: GroupChoice = GroupChoice.PQ,
) -> SSL.Context:
    """Return a context for connections that say with `log_keys_to` where their key log goes.

    Args:
        credential: what to present when asked; None presents an empty Certificate message.
        versions: what the ClientHello offers.
        groups: PQ is all that the library has, post-quantum ones first.

    Raises:
        CredentialRefusedError: certificate and key do not belong together, or are of no use in TLS.
    """
    context = SSL.Context(SSL.TLS_METHOD)
    lowest, highest = _VERSIONS[versions]
    context.set_min_proto_version(lowest)
    if highest is not None:
        context.set_max_proto_version(highest)
    if groups is GroupChoice.CLASSIC:
        context.set_tmp_ecdh(ec.SECP256R1())
    context.set_cipher_list(_CIPHER_LIST)
    # Servers without RFC 5746 would be refused before anything could be seen of them.
    context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_verify(SSL.VERIFY_NONE)

    context.set_keylog_callback(_log_keys)
    if credential is not None:
        load_credential(context, credential)
    return context


def log_keys_to(connection: SSL.Connection, sink: KeyLogSink) -> None:
    """Have the key log of a connection go to `sink`, and nowhere else."""
    connection.set_app_data(sink)


def _log_keys(connection: SSL.Connection, line: bytes) -> None:
    sink = connection.get_app_data()
    if sink is not None:
        sink(line)


def offer_post_handshake_auth(connection: SSL.Connection) -> bool:
    """Have the ClientHello offer it (RFC 8446 4.2.6); return False where the library cannot."""
    library = getattr(_util, "lib", None)
    offer = getattr(library, "SSL_set_post_handshake_auth", None)
    handle = getattr(connection, "_ssl", None)
    if offer is None or handle is None:
        return False
    offer(handle, 1)
    return True


class JudgedOnly:
    """Holds a connection to the certificate that was judged, for as long as a credential is loaded.

    It stands between what the tap read and what OpenSSL reads, should they ever differ: OpenSSL asks it
    before it accepts the server's end-entity certificate, and another than the judged one ends the handshake.

    Attributes:
        judged: the certificate (DER); None lets any pass.
    """

    def __init__(self, connection: SSL.Connection, judged: bytes) -> None:
        self.judged: bytes | None = judged
        connection.set_verify(SSL.VERIFY_PEER, self._verify)

    def _verify(
        self, _connection: SSL.Connection, certificate: crypto.X509, _errno: int, depth: int, _ok: int
    ) -> bool:
        if depth > 0 or self.judged is None:
            return True
        return crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate) == self.judged


def library_words(error: SSL.Error) -> str:
    """Return OpenSSL's reasons, first cause first, without its library and function names."""
    reasons = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return "; ".join(str(reason[-1]) for reason in reasons) or type(error).__name__


def load_credential(context: SSL.Context, credential: ClientCredential) -> None:
    """Have a context present a certificate with its path, and sign with its key.

    Raises:
        CredentialRefusedError: certificate and key do not belong together, or are of no use in TLS.
    """
    try:
        path = [x509.load_der_x509_certificate(der) for der in credential.certification_path]
        context.use_certificate(path[0])
        for certificate in path[1:]:
            context.add_extra_chain_cert(certificate)
    except (SSL.Error, ValueError, IndexError) as error:
        problem = msg("The client certificate cannot be used for TLS.")
        raise CredentialRefusedError(problem, _words(error)) from None
    key = credential.private_key
    if not isinstance(key, _USABLE_KEYS):
        problem = msg("The private key is of a kind that TLS cannot use here.")
        raise CredentialRefusedError(problem, type(key).__name__)
    try:
        context.use_privatekey(key)
        context.check_privatekey()
    except SSL.Error as error:
        problem = msg("The private key does not belong to the client certificate.")
        raise CredentialRefusedError(problem, library_words(error)) from None


def _words(error: Exception) -> str:
    return library_words(error) if isinstance(error, SSL.Error) else str(error)
