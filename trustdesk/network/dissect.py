"""One handshake message to facts, a short detail, and fields to show.

Pure: what depends on the connection (version, suite) is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from trustdesk.core.handshake import CertificateRequest
from trustdesk.network.dissect_auth import (
    CertificateChain,
    CertificateStatus,
    Proof,
    certificate,
    certificate_request,
    certificate_status,
    certificate_verify,
    server_key_exchange,
)
from trustdesk.network.dissect_hello import (
    ClientHello,
    EncryptedExtensions,
    Extension,
    ServerHello,
    client_hello,
    encrypted_extensions,
    extensions_of,
    server_hello,
)
from trustdesk.network.dissect_reader import DissectError, Fields, Reader
from trustdesk.network.tls_names import (
    TLS_1_2,
    TLS_1_3,
    certificate_compression_name,
    extension_name,
    handshake_type_name,
)
from trustdesk.network.tls_suites import key_exchange

MessageFacts = (
    ClientHello
    | ServerHello
    | EncryptedExtensions
    | CertificateChain
    | CertificateRequest
    | CertificateStatus
    | Proof
)

_OFTEN_THE_SAME = frozenset({8, 11, 13})
"""EncryptedExtensions; Certificate, for ours is among them; CertificateRequest."""
_SHORT = 16 * 1024
_KEY_UPDATE_REQUESTS = {0: "update_not_requested", 1: "update_requested"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissected:
    """One handshake message.

    Attributes:
        message: RFC name in snake_case, `handshake_N` when the type is unknown.
        facts: what the connection's state needs; None where the message holds nothing of that.
        problem: what is wrong with its structure, technical words; then there are no facts. None when it
            parsed.
    """

    message: str
    detail: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    facts: MessageFacts | None = None
    problem: str | None = None


def dissect(message_type: int, body: bytes, *, version: int = TLS_1_2, suite: int = 0) -> Dissected:
    """Read one handshake message; total.

    Args:
        message_type: HandshakeType of RFC 8446 4.
        body: without the four bytes of type and length.
        version: negotiated, 0x0304 for TLS 1.3; before a ServerHello any.
        suite: negotiated, for the messages of the key exchange.
    """
    if message_type in _OFTEN_THE_SAME and len(body) <= _SHORT:
        return _again(message_type, body, version, suite)
    return _dissected(message_type, body, version, suite)


def _dissected(message_type: int, body: bytes, version: int, suite: int) -> Dissected:
    message = handshake_type_name(message_type)
    try:
        read = _read(message, body, version, suite)
    except DissectError as error:
        return Dissected(message=message, detail="malformed", problem=f"{message}: {error}")
    if read is None:
        return Dissected(message=message)
    facts, detail, fields = read
    if isinstance(facts, ServerHello) and facts.is_retry:
        message = "hello_retry_request"
    return Dissected(message=message, detail=detail, fields=fields.all(), facts=facts)


_again = lru_cache(64)(_dissected)
"""What a server asks clients for is the same every time, and lists of names take a while to read."""


def _read(
    message: str, body: bytes, version: int, suite: int
) -> tuple[MessageFacts | None, str, Fields] | None:
    """Read the messages that have something to show; None for the others."""
    match message:
        case "client_hello":
            return client_hello(body)
        case "server_hello":
            return server_hello(body)
        case "encrypted_extensions":
            return encrypted_extensions(body)
        case "certificate":
            return certificate(body, version)
        case "certificate_request":
            return certificate_request(body, version)
        case "certificate_verify":
            return certificate_verify(body, version)
        case "server_key_exchange":
            return server_key_exchange(body, version, suite)
        case "certificate_status":
            return certificate_status(body)
        case "compressed_certificate":
            return _compressed_certificate(body)
        case "client_key_exchange":
            return None, key_exchange(suite), Fields()
        case "new_session_ticket":
            return _new_session_ticket(body, version)
        case "key_update":
            return _key_update(body)
        case _:
            return None


def _compressed_certificate(body: bytes) -> tuple[None, str, Fields]:
    """RFC 8879 4: told, not opened; no engine here offers to take one."""
    reader = Reader(body)
    algorithm, length = certificate_compression_name(reader.number(2)), reader.number(3)
    reader.vector(3)
    reader.end()
    return None, f"{algorithm}, {length} bytes uncompressed", Fields()


def _new_session_ticket(body: bytes, version: int) -> tuple[None, str, Fields]:
    """RFC 8446 4.6.1, RFC 5077 3.3."""
    reader = Reader(body)
    fields = Fields()
    lifetime = reader.number(4)
    detail = f"lifetime {lifetime} s"
    fields.add("ticket_lifetime", f"{lifetime} s")
    if version >= TLS_1_3:
        reader.number(4)  # ticket_age_add
        reader.vector(1)  # ticket_nonce
    fields.add("ticket", f"{len(reader.vector(2))} bytes")
    if version >= TLS_1_3:
        extensions = extensions_of(reader)
        fields.add_list("extensions", map(extension_name, extensions))
        if Extension.EARLY_DATA in extensions:
            early_data = Reader(extensions[Extension.EARLY_DATA]).number(4)
            fields.add("max_early_data_size", f"{early_data} bytes")
            detail += f", early data up to {early_data} bytes"
    reader.end()
    return None, detail, fields


def _key_update(body: bytes) -> tuple[None, str, Fields]:
    """RFC 8446 4.6.3."""
    reader = Reader(body)
    request = reader.number(1)
    reader.end()
    if request not in _KEY_UPDATE_REQUESTS:
        raise DissectError(f"request_update {request}")
    return None, _KEY_UPDATE_REQUESTS[request], Fields()
