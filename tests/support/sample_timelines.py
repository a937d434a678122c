"""What the wire showed in the sample probes: names, sizes and times of real handshakes."""

from __future__ import annotations

from trustdesk.core.handshake import Direction, TimelineEvent

_OUT, _IN = Direction.OUT, Direction.IN


def tls13_accepted(host: str) -> tuple[TimelineEvent, ...]:
    """TLS 1.3 with a client certificate, up to the HTTP answer."""
    return (
        *_tls13_handshake(host),
        _event(59.02, _IN, "new_session_ticket", 234, "lifetime 7200 s", encrypted=True),
        _event(70.11, _OUT, "http_request", 118, "GET /", encrypted=True),
        _event(79.84, _IN, "http_response", 412, "HTTP 401", encrypted=True),
        _event(80.02, _OUT, "alert", 2, "warning, close_notify", encrypted=True),
    )


def tls13_rejected(host: str) -> tuple[TimelineEvent, ...]:
    """TLS 1.3: the alert comes after our Finished, in the grace before the first write."""
    return (
        *_tls13_handshake(host),
        _event(
            58.21,
            _IN,
            "alert",
            2,
            "fatal, unknown_ca (48)",
            encrypted=True,
            fields=(("level", "fatal"), ("description", "unknown_ca (48)")),
        ),
        _event(58.4, _IN, "tcp_close", 0),
    )


def tls12_without_client_certificate(host: str) -> tuple[TimelineEvent, ...]:
    """TLS 1.2, server authentication only."""
    return (
        _event(13.31, _OUT, "tcp_connect", 0, "192.0.2.41 port 443"),
        _event(13.9, _OUT, "client_hello", 1531, f"TLS 1.2, TLS 1.3, SNI {host}"),
        _event(26.44, _IN, "server_hello", 93, "TLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
        _event(26.44, _IN, "certificate", 1120, "2 certificates"),
        _event(26.44, _IN, "server_key_exchange", 148, "secp256r1, ecdsa_secp256r1_sha256"),
        _event(26.44, _IN, "server_hello_done", 4),
        _event(27.8, _OUT, "client_key_exchange", 70),
        _event(27.8, _OUT, "change_cipher_spec", 1),
        _event(27.8, _OUT, "finished", 16, encrypted=True),
        _event(40.2, _IN, "change_cipher_spec", 1),
        _event(40.2, _IN, "finished", 16, encrypted=True),
        _event(40.9, _OUT, "http_request", 118, "GET /", encrypted=True),
        _event(52.3, _IN, "http_response", 1890, "HTTP 200", encrypted=True),
    )


def silence(host: str) -> tuple[TimelineEvent, ...]:
    """A ClientHello and nothing after it."""
    return (
        _event(13.31, _OUT, "tcp_connect", 0, "192.0.2.41 port 443"),
        _event(13.9, _OUT, "client_hello", 1531, f"TLS 1.2, TLS 1.3, SNI {host}"),
    )


def hostile(name: str) -> tuple[TimelineEvent, ...]:
    """A timeline whose texts the peer wrote."""
    return (
        _event(13.31, _OUT, "tcp_connect", 0, "192.0.2.41 port 443"),
        _event(26.4, _IN, "certificate_request", 10_300, name, fields=(("acceptable_ca", name),)),
    )


def _tls13_handshake(host: str) -> tuple[TimelineEvent, ...]:
    return (
        _event(13.31, _OUT, "tcp_connect", 0, "192.0.2.41 port 443"),
        _event(
            13.9,
            _OUT,
            "client_hello",
            1531,
            f"TLS 1.2, TLS 1.3, SNI {host}",
            fields=(
                ("supported_versions", "TLS 1.3, TLS 1.2"),
                ("server_name", host),
                ("supported_groups", "X25519MLKEM768, X25519, secp256r1"),
                ("application_layer_protocol_negotiation", "http/1.1"),
            ),
        ),
        _event(26.44, _IN, "server_hello", 1210, "TLS 1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768"),
        _event(26.44, _IN, "change_cipher_spec", 1),
        _event(26.44, _IN, "encrypted_extensions", 15, "ALPN http/1.1", encrypted=True),
        _event(
            26.44,
            _IN,
            "certificate_request",
            188,
            "2 CA names",
            encrypted=True,
            fields=(
                ("signature_algorithms", "ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256"),
                ("certificate_authorities", "CN=Air Cargo Client CA,O=Meridian Trust"),
                ("certificate_authorities", "CN=Harbour Root G2,O=Harbour PKI,C=NL"),
            ),
        ),
        _event(27.02, _IN, "certificate", 1122, "2 certificates", encrypted=True),
        _event(27.02, _IN, "certificate_verify", 79, "ecdsa_secp256r1_sha256", encrypted=True),
        _event(27.02, _IN, "finished", 52, encrypted=True),
        _event(45.81, _OUT, "change_cipher_spec", 1),
        _event(45.81, _OUT, "certificate", 1088, "2 certificates", encrypted=True),
        _event(45.81, _OUT, "certificate_verify", 264, "rsa_pss_rsae_sha256", encrypted=True),
        _event(45.81, _OUT, "finished", 52, encrypted=True),
    )


def _event(
    at_ms: float,
    direction: Direction,
    message: str,
    size: int,
    detail: str = "",
    *,
    encrypted: bool = False,
    fields: tuple[tuple[str, str], ...] = (),
) -> TimelineEvent:
    return TimelineEvent(
        at_ms=at_ms,
        direction=direction,
        message=message,
        bytes=size,
        detail=detail,
        encrypted=encrypted,
        fields=fields,
    )
