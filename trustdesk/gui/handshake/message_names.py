"""What messages and their fields are called on the page.

TLS messages keep the names of their RFCs in every language (RFC 8446 4, RFC 5246 7.4); what happens to the
connection under them is named in the person's words.
"""

from __future__ import annotations

from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.words import say

_TLS_NAMES = {
    "alert": "Alert",
    "application_data": "ApplicationData",
    "certificate": "Certificate",
    "certificate_request": "CertificateRequest",
    "certificate_status": "CertificateStatus",
    "certificate_verify": "CertificateVerify",
    "change_cipher_spec": "ChangeCipherSpec",
    "client_hello": "ClientHello",
    "client_key_exchange": "ClientKeyExchange",
    "compressed_certificate": "CompressedCertificate",
    "encrypted_extensions": "EncryptedExtensions",
    "end_of_early_data": "EndOfEarlyData",
    "finished": "Finished",
    "hello_request": "HelloRequest",
    "hello_retry_request": "HelloRetryRequest",
    "key_update": "KeyUpdate",
    "new_session_ticket": "NewSessionTicket",
    "server_hello": "ServerHello",
    "server_hello_done": "ServerHelloDone",
    "server_key_exchange": "ServerKeyExchange",
}

_EVENT_WORDS = {
    "tcp_connect": msg("TCP connect"),
    "tcp_close": msg("TCP close"),
    "tcp_reset": msg("TCP reset"),
    "http_request": msg("HTTP request"),
    "http_response": msg("HTTP response"),
    "amqp_header": msg("AMQP header"),
    "amqp_start": msg("AMQP start"),
    "encrypted_handshake": msg("Encrypted handshake message"),
    "encrypted_alert": msg("Encrypted alert"),
}

_FIELD_WORDS: dict[str, Message] = {
    "acceptable_ca": msg("Acceptable CA"),
    "acceptable_cas": msg("Acceptable CAs"),
    "address": msg("Address"),
    "alpn": msg("Application protocols (ALPN)"),
    "certificate": msg("Certificate"),
    "certificates": msg("Certificates"),
    "cipher_suite": msg("Cipher suite"),
    "cipher_suites": msg("Cipher suites"),
    "code": msg("Code"),
    "description": msg("Description"),
    "extensions": msg("Extensions"),
    "group": msg("Group"),
    "groups": msg("Groups"),
    "key_share": msg("Key share"),
    "key_shares": msg("Key shares"),
    "level": msg("Level"),
    "lifetime": msg("Lifetime"),
    "max_early_data": msg("Most early data"),
    "name": msg("Name"),
    "server_name": msg("Server name (SNI)"),
    "session_id": msg("Session ID"),
    "signature_scheme": msg("Signature scheme"),
    "signature_schemes": msg("Signature schemes"),
    "sni": msg("Server name (SNI)"),
    "status": msg("Status"),
    "version": msg("Version"),
    "versions": msg("Versions"),
}


def message_name(message: str) -> str:
    """Return what a person reads for the name of a timeline event; an unheard-of one as it stands."""
    if message in _TLS_NAMES:
        return _TLS_NAMES[message]
    word = _EVENT_WORDS.get(message)
    return say(word) if word is not None else visible(message)


def field_name(name: str) -> str:
    """Return a field's name in words; one without a word of its own loses only its underscores."""
    word = _FIELD_WORDS.get(name)
    if word is not None:
        return say(word)
    plain = visible(name).replace("_", " ")
    return plain[:1].upper() + plain[1:]
