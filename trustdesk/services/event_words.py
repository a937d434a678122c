"""What people call the events of a timeline that are no TLS messages, by the names that it gives them."""

from __future__ import annotations

from trustdesk.core.message import Message, msg

EVENT_WORDS: dict[str, Message] = {
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
