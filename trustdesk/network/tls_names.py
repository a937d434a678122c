"""The names of TLS's numbers.

Source: the IANA registries "TLS Supported Groups", "TLS SignatureScheme", "TLS SignatureAlgorithm",
"TLS HashAlgorithm", "TLS Alerts", "TLS ExtensionType Values", "TLS HandshakeType", "TLS ClientCertificateType
Identifiers", "TLS Certificate Compression Algorithm IDs".
Numbers that a registry does not know, or we do not, keep their number as name.
"""

from __future__ import annotations

TLS_1_0 = 0x0301
TLS_1_2 = 0x0303
TLS_1_3 = 0x0304

_VERSIONS = {
    0x0002: "SSLv2",
    0x0300: "SSLv3",
    0x0301: "TLSv1",
    0x0302: "TLSv1.1",
    0x0303: "TLSv1.2",
    0x0304: "TLSv1.3",
}

_VERSION_TITLES = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0"}

_HANDSHAKE_TYPES = {
    0: "hello_request",
    1: "client_hello",
    2: "server_hello",
    3: "hello_verify_request",
    4: "new_session_ticket",
    5: "end_of_early_data",
    6: "hello_retry_request",
    8: "encrypted_extensions",
    11: "certificate",
    12: "server_key_exchange",
    13: "certificate_request",
    14: "server_hello_done",
    15: "certificate_verify",
    16: "client_key_exchange",
    17: "client_certificate_request",
    20: "finished",
    21: "certificate_url",
    22: "certificate_status",
    23: "supplemental_data",
    24: "key_update",
    25: "compressed_certificate",
    67: "next_protocol",
    254: "message_hash",
}

_ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    52: "too_many_cids_requested",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    117: "general_error",
    120: "no_application_protocol",
    121: "ech_required",
}

_EXTENSIONS = {
    0: "server_name",
    1: "max_fragment_length",
    4: "truncated_hmac",
    5: "status_request",
    10: "supported_groups",
    11: "ec_point_formats",
    13: "signature_algorithms",
    14: "use_srtp",
    15: "heartbeat",
    16: "application_layer_protocol_negotiation",
    17: "status_request_v2",
    18: "signed_certificate_timestamp",
    19: "client_certificate_type",
    20: "server_certificate_type",
    21: "padding",
    22: "encrypt_then_mac",
    23: "extended_master_secret",
    24: "token_binding",
    27: "compress_certificate",
    28: "record_size_limit",
    34: "delegated_credential",
    35: "session_ticket",
    41: "pre_shared_key",
    42: "early_data",
    43: "supported_versions",
    44: "cookie",
    45: "psk_key_exchange_modes",
    47: "certificate_authorities",
    48: "oid_filters",
    49: "post_handshake_auth",
    50: "signature_algorithms_cert",
    51: "key_share",
    57: "quic_transport_parameters",
    13172: "next_protocol_negotiation",
    17513: "application_settings",
    64768: "ech_outer_extensions",
    65037: "encrypted_client_hello",
    65281: "renegotiation_info",
}

_GROUPS = {
    19: "secp192r1",
    21: "secp224r1",
    22: "secp256k1",
    23: "secp256r1",
    24: "secp384r1",
    25: "secp521r1",
    26: "brainpoolP256r1",
    27: "brainpoolP384r1",
    28: "brainpoolP512r1",
    29: "x25519",
    30: "x448",
    31: "brainpoolP256r1tls13",
    32: "brainpoolP384r1tls13",
    33: "brainpoolP512r1tls13",
    41: "curveSM2",
    256: "ffdhe2048",
    257: "ffdhe3072",
    258: "ffdhe4096",
    259: "ffdhe6144",
    260: "ffdhe8192",
    512: "MLKEM512",
    513: "MLKEM768",
    514: "MLKEM1024",
    4587: "SecP256r1MLKEM768",
    4588: "X25519MLKEM768",
    4589: "SecP384r1MLKEM1024",
    4590: "curveSM2MLKEM768",
    25497: "X25519Kyber768Draft00",
    25498: "SecP256r1Kyber768Draft00",
}

_SIGNATURE_SCHEMES = {
    0x0201: "rsa_pkcs1_sha1",
    0x0203: "ecdsa_sha1",
    0x0401: "rsa_pkcs1_sha256",
    0x0403: "ecdsa_secp256r1_sha256",
    0x0420: "rsa_pkcs1_sha256_legacy",
    0x0501: "rsa_pkcs1_sha384",
    0x0503: "ecdsa_secp384r1_sha384",
    0x0520: "rsa_pkcs1_sha384_legacy",
    0x0601: "rsa_pkcs1_sha512",
    0x0603: "ecdsa_secp521r1_sha512",
    0x0620: "rsa_pkcs1_sha512_legacy",
    0x0708: "sm2sig_sm3",
    0x0804: "rsa_pss_rsae_sha256",
    0x0805: "rsa_pss_rsae_sha384",
    0x0806: "rsa_pss_rsae_sha512",
    0x0807: "ed25519",
    0x0808: "ed448",
    0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384",
    0x080B: "rsa_pss_pss_sha512",
    0x081A: "ecdsa_brainpoolP256r1tls13_sha256",
    0x081B: "ecdsa_brainpoolP384r1tls13_sha384",
    0x081C: "ecdsa_brainpoolP512r1tls13_sha512",
    0x0904: "mldsa44",
    0x0905: "mldsa65",
    0x0906: "mldsa87",
}

_HASHES = {1: "md5", 2: "sha1", 3: "sha224", 4: "sha256", 5: "sha384", 6: "sha512"}
_SIGNATURES = {1: "rsa", 2: "dsa", 3: "ecdsa"}

_CLIENT_CERTIFICATE_TYPES = {
    1: "rsa_sign",
    2: "dss_sign",
    3: "rsa_fixed_dh",
    4: "dss_fixed_dh",
    64: "ecdsa_sign",
    65: "rsa_fixed_ecdh",
    66: "ecdsa_fixed_ecdh",
}

_COMPRESSION = {1: "zlib", 2: "brotli", 3: "zstd"}


def is_grease(code: int) -> bool:
    """Whether a 16-bit number is one of those kept free to be ignored (RFC 8701)."""
    return code & 0x0F0F == 0x0A0A and code >> 8 == code & 0xFF


def version_name(code: int) -> str:
    """Return "TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3", or the number."""
    return _VERSIONS.get(code) or _number(code)


def version_title(code: int) -> str:
    """Return a version as people write it ("TLS 1.3", "TLS 1.0")."""
    return _VERSION_TITLES.get(code) or version_name(code).replace("v", " ")


def handshake_type_name(code: int) -> str:
    """Return `client_hello` …, or `handshake_N`."""
    return _HANDSHAKE_TYPES.get(code, f"handshake_{code}")


def alert_name(code: int) -> str:
    """Return `unknown_ca` …, or `alert_N` when unassigned."""
    return _ALERTS.get(code, f"alert_{code}")


def alert_level_name(code: int) -> str:
    """Return "warning", "fatal", or `level_N`."""
    return {1: "warning", 2: "fatal"}.get(code, f"level_{code}")


def extension_name(code: int) -> str:
    """Return `server_name` …, or the number."""
    return _EXTENSIONS.get(code) or _number(code)


def group_name(code: int) -> str:
    """Return "X25519MLKEM768", "secp256r1" …, or the number."""
    return _GROUPS.get(code) or _number(code)


def signature_scheme_name(code: int) -> str:
    """Return "rsa_pss_rsae_sha256" …; for pairs of TLS 1.2 that are no scheme "rsa_sha224"; or the number."""
    name = _SIGNATURE_SCHEMES.get(code)
    if name is not None:
        return name
    signature, digest = _SIGNATURES.get(code & 0xFF), _HASHES.get(code >> 8)
    return f"{signature}_{digest}" if signature and digest else _number(code)


def client_certificate_type_name(code: int) -> str:
    """Return `rsa_sign` … (RFC 5246 7.4.4), or the number."""
    return _CLIENT_CERTIFICATE_TYPES.get(code, str(code))


def certificate_compression_name(code: int) -> str:
    """Return "zlib", "brotli", "zstd" (RFC 8879), or the number."""
    return _COMPRESSION.get(code) or _number(code)


def _number(code: int) -> str:
    return f"GREASE_0x{code:04X}" if is_grease(code) else f"0x{code:04X}"
