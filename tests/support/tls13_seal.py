"""Sealing TLS 1.3 records by hand, for what no OpenSSL sends when asked; independent of the code under test.

Source: RFC 8446 5.2, 5.3, 7.1 to 7.3, for TLS_AES_256_GCM_SHA384.
"""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand


class Seal:
    """Seals one direction's records under a traffic secret, from a sequence number on."""

    def __init__(self, secret: bytes, sequence: int = 0) -> None:
        self._secret = secret
        self._sequence = sequence

    def record(self, content: bytes, content_type: int, padding: int = 0) -> bytes:
        """Return one protected record."""
        inner = content + bytes([content_type]) + bytes(padding)
        header = b"\x17\x03\x03" + (len(inner) + 16).to_bytes(2, "big")
        iv = int.from_bytes(self._expand(b"iv", 12), "big")
        sealed = AESGCM(self._expand(b"key", 32)).encrypt(
            (iv ^ self._sequence).to_bytes(12, "big"), inner, header
        )
        self._sequence += 1
        return header + sealed

    def key_update(self) -> None:
        """Go on to the next keys."""
        self._secret = self._expand(b"traffic upd", 48)
        self._sequence = 0

    def _expand(self, label: bytes, length: int) -> bytes:
        info = length.to_bytes(2, "big") + bytes([6 + len(label)]) + b"tls13 " + label + b"\x00"
        return HKDFExpand(hashes.SHA384(), length, info).derive(self._secret)


def secret_of(key_lines: Iterable[bytes], label: bytes) -> bytes:
    """Return the latest secret of a label in a key log."""
    return bytes.fromhex([line.split()[2] for line in key_lines if line.split()[0] == label][-1].decode())
