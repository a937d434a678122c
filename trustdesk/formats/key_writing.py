"""A private key as PKCS#8 PEM, encrypted so that guessing its passphrase takes long, or in the clear.

Own code around the library's cipher: the library writes PBKDF2 with 2,048 rounds and no other number.

Source: RFC 5958 3 (EncryptedPrivateKeyInfo), RFC 8018 6.2 and appendix A.4 (PBES2).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import textwrap

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from trustdesk.formats.ber import write_element
from trustdesk.formats.der import INTEGER, OCTET_STRING, SEQUENCE

ROUNDS = 600_000
"""OWASP's number for PBKDF2 with HMAC-SHA-256."""

_NULL = b"\x05\x00"
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("06082a864886f70d0209")
_AES_256_CBC = bytes.fromhex("060960864801650304012a")
_KEY_BYTES, _BLOCK_BYTES, _SALT_BYTES = 32, 16, 16


def encrypted_pem(key: CertificateIssuerPrivateKeyTypes, passphrase: str) -> bytes:
    """Return a key as PEM "ENCRYPTED PRIVATE KEY": PBES2 with AES-256-CBC, PBKDF2 SHA-256, 600,000 rounds.

    Args:
        passphrase: not empty; its UTF-8 is what counts.
    """
    salt, vector = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_BLOCK_BYTES)
    secret = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ROUNDS, _KEY_BYTES)
    padder = PKCS7(8 * _BLOCK_BYTES).padder()
    padded = padder.update(_plain(key, Encoding.DER)) + padder.finalize()
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(vector)).encryptor()
    sealed = encryptor.update(padded) + encryptor.finalize()
    derivation = write_element(
        SEQUENCE,
        write_element(OCTET_STRING, salt),
        write_element(INTEGER, ROUNDS.to_bytes(3, "big")),
        write_element(SEQUENCE, _HMAC_SHA256, _NULL),
    )
    parameters = write_element(
        SEQUENCE,
        write_element(SEQUENCE, _PBKDF2, derivation),
        write_element(SEQUENCE, _AES_256_CBC, write_element(OCTET_STRING, vector)),
    )
    algorithm = write_element(SEQUENCE, _PBES2, parameters)
    return _pem(
        "ENCRYPTED PRIVATE KEY", write_element(SEQUENCE, algorithm, write_element(OCTET_STRING, sealed))
    )


def plain_pem(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    """Return a key as PEM "PRIVATE KEY", in the clear: only for somebody who agreed to it."""
    return _plain(key, Encoding.PEM)


def _plain(key: CertificateIssuerPrivateKeyTypes, encoding: Encoding) -> bytes:
    return key.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())


def _pem(label: str, der: bytes) -> bytes:
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n".encode()
