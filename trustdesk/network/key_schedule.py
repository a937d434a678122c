"""From key-log secrets to record keys.

The TLS engine hands over secrets in the form of NSS key-log lines (RFC 9850); what is derived from them here
is only the last step: traffic secret to key and IV in TLS 1.3 (RFC 8446 7.1 to 7.3), master secret to key
block before (RFC 5246 5 and 6.3, RFC 2246 5). Secrets stay in memory and in no `repr`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from trustdesk.network.tls_names import TLS_1_0, TLS_1_2
from trustdesk.network.tls_suites import RecordCipher, SuiteParameters

_RANDOM_LENGTH = 32
_SECRET_LENGTHS = range(16, 65)
_MAX_SECRETS = 64
_CBC_BLOCK = 16

_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
}


class SecretLabel(StrEnum):
    """The key-log labels that open records; others are ignored."""

    MASTER = "CLIENT_RANDOM"
    CLIENT_HANDSHAKE = "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
    SERVER_HANDSHAKE = "SERVER_HANDSHAKE_TRAFFIC_SECRET"
    CLIENT_APPLICATION = "CLIENT_TRAFFIC_SECRET_0"
    SERVER_APPLICATION = "SERVER_TRAFFIC_SECRET_0"


class KeyLog:
    """The secrets of one connection's handshakes, by label and client random; the oldest of 65 is dropped."""

    def __init__(self) -> None:
        self._secrets: dict[tuple[SecretLabel, bytes], bytes] = {}

    def add(self, line: bytes) -> bool:
        """Take one line `LABEL client_random secret`; return whether it was one that opens records."""
        parts = line.split()
        if len(parts) != 3:
            return False
        try:
            label = SecretLabel(parts[0].decode("ascii"))
            client_random, secret = (bytes.fromhex(part.decode("ascii")) for part in parts[1:])
        except ValueError:
            return False
        if len(client_random) != _RANDOM_LENGTH or len(secret) not in _SECRET_LENGTHS:
            return False
        self._secrets[label, client_random] = secret
        if len(self._secrets) > _MAX_SECRETS:
            del self._secrets[next(iter(self._secrets))]
        return True

    def get(self, label: SecretLabel, client_random: bytes) -> bytes | None:
        """Return a secret; None when its line has not come."""
        return self._secrets.get((label, client_random))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKeys:
    """The keys of one direction.

    Attributes:
        iv: whole nonce mask in TLS 1.3 and for ChaCha20-Poly1305, implicit part of the nonce for GCM and CCM,
            first CBC vector in TLS 1.0, else empty.
        mac_key: empty for AEAD suites.
    """

    key: bytes = field(repr=False)
    iv: bytes = field(repr=False)
    mac_key: bytes = field(default=b"", repr=False)


def hmac_of(hash_name: str, key: bytes) -> HMAC:
    """Return a fresh HMAC (RFC 2104)."""
    return HMAC(key, _HASHES[hash_name]())


def expand_label(hash_name: str, secret: bytes, label: bytes, length: int) -> bytes:
    """HKDF-Expand-Label with an empty context (RFC 8446 7.1)."""
    label = b"tls13 " + label
    info = length.to_bytes(2, "big") + bytes([len(label)]) + label + b"\0"
    return HKDFExpand(_HASHES[hash_name](), length, info).derive(secret)


def next_traffic_secret(hash_name: str, secret: bytes) -> bytes:
    """Return the application traffic secret after a KeyUpdate (RFC 8446 7.2)."""
    return expand_label(hash_name, secret, b"traffic upd", len(secret))


def traffic_keys(suite: SuiteParameters, secret: bytes) -> RecordKeys:
    """Return the record keys of one traffic secret (RFC 8446 7.3)."""
    key = expand_label(suite.hash_name, secret, b"key", suite.key_length)
    return RecordKeys(key=key, iv=expand_label(suite.hash_name, secret, b"iv", 12))


def connection_keys(
    version: int, suite: SuiteParameters, master_secret: bytes, client_random: bytes, server_random: bytes
) -> tuple[RecordKeys, RecordKeys]:
    """Return the client's and the server's write keys of TLS 1.2 and before (RFC 5246 6.3)."""
    match suite.cipher:
        case RecordCipher.CHACHA20_POLY1305:
            iv_length = 12
        case RecordCipher.GCM | RecordCipher.CCM:
            iv_length = 4
        case RecordCipher.CBC if version == TLS_1_0:
            iv_length = _CBC_BLOCK
        case _:
            iv_length = 0
    mac_length = _HASHES[suite.mac_name]().digest_size if suite.mac_name else 0
    lengths = [mac_length, mac_length, suite.key_length, suite.key_length, iv_length, iv_length]
    seed = b"key expansion" + server_random + client_random
    block = pseudo_random(version, suite.hash_name, master_secret, seed, sum(lengths))
    parts: list[bytes] = []
    for length in lengths:
        parts.append(block[:length])
        block = block[length:]
    client_mac, server_mac, client_key, server_key, client_iv, server_iv = parts
    return (
        RecordKeys(key=client_key, iv=client_iv, mac_key=client_mac),
        RecordKeys(key=server_key, iv=server_iv, mac_key=server_mac),
    )


def pseudo_random(version: int, hash_name: str, secret: bytes, seed: bytes, length: int) -> bytes:
    """The PRF: P_hash of the suite in TLS 1.2 (RFC 5246 5), P_MD5 xor P_SHA1 before (RFC 2246 5)."""
    if version >= TLS_1_2:
        return _p_hash(hash_name, secret, seed, length)
    half = (len(secret) + 1) // 2
    md5 = _p_hash("md5", secret[:half], seed, length)
    sha1 = _p_hash("sha1", secret[-half:], seed, length)
    return bytes(a ^ b for a, b in zip(md5, sha1, strict=True))


def _p_hash(hash_name: str, secret: bytes, seed: bytes, length: int) -> bytes:
    keyed = hmac_of(hash_name, secret)

    def step(data: bytes) -> bytes:
        mac = keyed.copy()
        mac.update(data)
        return mac.finalize()

    output = b""
    a = seed
    while len(output) < length:
        a = step(a)
        output += step(a + seed)
    return output[:length]
