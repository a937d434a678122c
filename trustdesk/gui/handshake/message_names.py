"""What messages and their fields are called on the page.

TLS messages keep the names of their RFCs in every language (RFC 8446 4, RFC 5246 7.4); what happens to the
connection under them is named in the person's words.
"""

from __future__ import annotations

import re

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
    "proxy_request": msg("Proxy request"),
    "proxy_answer": msg("Proxy answer"),
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
    "address": msg("Address"),
    "application_layer_protocol_negotiation": msg("Application protocols"),
    "certificate_authority": msg("Acceptable CAs"),
    "certificate_types": msg("Certificate types"),
    "cipher_suite": msg("Cipher suite"),
    "cipher_suites": msg("Cipher suites"),
    "cookie": msg("Cookie"),
    "description": msg("Description"),
    "downgrade_mark": msg("Downgrade mark"),
    "early_data": msg("Early data"),
    "ec_point_formats": msg("Point formats"),
    "extensions": msg("Extensions"),
    "group": msg("Group"),
    "key_share": msg("Key share"),
    "legacy_version": msg("Legacy version"),
    "level": msg("Level"),
    "max_early_data_size": msg("Most early data"),
    "port": msg("Port"),
    "psk_key_exchange_modes": msg("Resumption modes"),
    "public_key": msg("Public key"),
    "random": msg("Random"),
    "result": msg("Result"),
    "selected_group": msg("Group asked for"),
    "server_name": msg("Server name (SNI)"),
    "session_id": msg("Session ID"),
    "signature": msg("Signature"),
    "signature_algorithms": msg("Signature schemes"),
    "signature_algorithms_cert": msg("Signature schemes in certificates"),
    "signature_scheme": msg("Signature scheme"),
    "status": msg("Status"),
    "supported_groups": msg("Groups"),
    "supported_versions": msg("Versions"),
    "ticket": msg("Ticket"),
    "ticket_lifetime": msg("Ticket lifetime"),
    "version": msg("Version"),
}

_NUMBERED_CERTIFICATE = re.compile(r"certificate_(\d{1,3})")


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
    numbered = _NUMBERED_CERTIFICATE.fullmatch(name)
    if numbered is not None:
        return say(msg("Certificate {number}", number=int(numbered[1])))
    plain = visible(name).replace("_", " ")
    return plain[:1].upper() + plain[1:]
