"""TLS contexts of the lab's servers."""

from __future__ import annotations

from OpenSSL import SSL, crypto

from trustdesk.lab.catalogue import ClientPolicy, Versions
from trustdesk.lab.pki import Credential, LabPki
from trustdesk.lab.tls_server import TlsConnection

_RANGES = {
    Versions.MODERN: (SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION),
    Versions.TLS13: (SSL.TLS1_3_VERSION, SSL.TLS1_3_VERSION),
    Versions.TLS12: (SSL.TLS1_2_VERSION, SSL.TLS1_2_VERSION),
    Versions.TLS11: (SSL.TLS1_1_VERSION, SSL.TLS1_1_VERSION),
}


def server_context(
    credential: Credential, versions: Versions, client_policy: ClientPolicy, pki: LabPki
) -> SSL.Context:
    """Return the context of one server; where it asks for client certificates, it knows Root One alone."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    lowest, highest = _RANGES[versions]
    context.set_min_proto_version(lowest)
    context.set_max_proto_version(highest)
    if versions is Versions.TLS11:
        # Level 0 is where OpenSSL still allows the SHA-1 signatures of TLS 1.1.
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
    context.set_options(SSL.OP_NO_RENEGOTIATION)
    context.set_session_id(b"trustdesk lab")
    context.use_certificate(credential.chain[0])
    for certificate in credential.chain[1:]:
        context.add_extra_chain_cert(certificate)
    context.use_privatekey(credential.key)
    if client_policy is not ClientPolicy.NONE:
        _ask_for_certificate(context, client_policy, pki)
    return context


def _ask_for_certificate(context: SSL.Context, client_policy: ClientPolicy, pki: LabPki) -> None:
    anchor = pki.root_one.certificate
    store = context.get_cert_store()
    assert store is not None  # noqa: S101 - a context always has one
    store.add_cert(crypto.X509.from_cryptography(anchor))
    context.add_client_ca(anchor)
    if client_policy is ClientPolicy.REQUIRED:
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, _note)
    else:
        context.set_verify(SSL.VERIFY_PEER, _note_and_accept)
        # A resumed session would not ask again, and what was noted of its certificate is gone.
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        context.set_options(SSL.OP_NO_TICKET)


def _note(
    connection: SSL.Connection, _certificate: crypto.X509, _error: int, _depth: int, verified: int
) -> bool:
    session = connection.get_app_data()
    assert isinstance(session, TlsConnection)  # noqa: S101 - every connection of these contexts is one
    session.note_client_certificate(verified=bool(verified))
    return bool(verified)


def _note_and_accept(
    connection: SSL.Connection, certificate: crypto.X509, error: int, depth: int, verified: int
) -> bool:
    _note(connection, certificate, error, depth, verified)
    return True
