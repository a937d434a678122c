"""Opening protected records with known keys, in order, one direction each.

An opener checks what the receiver checks (tag or MAC, padding), so that a forged record is not read as
content. A record that does not open leaves the opener as it was.

Source: RFC 8446 5.2 and 5.3; RFC 5246 6.2.3; RFC 2246 6.2.3.2; RFC 5288 and 6655 (GCM, CCM); RFC 7905
(ChaCha20-Poly1305); RFC 7366 (encrypt-then-MAC).
"""

from __future__ import annotations

from typing import Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305

from trustdesk.network.key_schedule import RecordKeys, hmac_of, next_traffic_secret, traffic_keys
from trustdesk.network.tls_names import TLS_1_0
from trustdesk.network.tls_records import RECORD_HEADER, ContentType
from trustdesk.network.tls_suites import RecordCipher, SuiteParameters

_BLOCK = 16
_EXPLICIT_NONCE = 8
_Aead = AESGCM | AESCCM | ChaCha20Poly1305


class UnopenableRecordError(Exception):
    """A protected record does not open with the keys that should open it."""


class RecordOpener(Protocol):
    """Opens the records of one direction and one set of keys, in their order."""

    @property
    def encrypts(self) -> bool:
        """Whether the records are encrypted; False where they are only authenticated."""
        ...

    def open(self, record: bytes) -> tuple[int, bytes]:
        """Return content type and content of a whole record.

        Raises:
            UnopenableRecordError: forged, damaged, or not meant for these keys.
        """
        ...


class TrafficOpener:
    """TLS 1.3 records under one traffic secret."""

    encrypts = True

    def __init__(self, suite: SuiteParameters, secret: bytes) -> None:
        self._suite = suite
        self._secret = secret
        keys = traffic_keys(suite, secret)
        self._aead = _aead(suite, keys.key)
        self._mask = int.from_bytes(keys.iv, "big")
        self._sequence = 0

    def after_key_update(self) -> TrafficOpener:
        """Return the opener of the records after a KeyUpdate."""
        return TrafficOpener(self._suite, next_traffic_secret(self._suite.hash_name, self._secret))

    def open(self, record: bytes) -> tuple[int, bytes]:
        """Open one record and take the padding off (RFC 8446 5.4)."""
        nonce = (self._mask ^ self._sequence).to_bytes(12, "big")
        inner = _decrypt(self._aead, nonce, record[RECORD_HEADER:], record[:RECORD_HEADER]).rstrip(b"\0")
        if record[0] != ContentType.APPLICATION_DATA or not inner:
            raise UnopenableRecordError
        self._sequence += 1
        return inner[-1], inner[:-1]


class AeadOpener:
    """AEAD records of TLS 1.2."""

    encrypts = True

    def __init__(self, suite: SuiteParameters, keys: RecordKeys) -> None:
        self._aead = _aead(suite, keys.key)
        self._tag_length = suite.tag_length
        self._iv = keys.iv
        self._nonce_in_record = suite.cipher is not RecordCipher.CHACHA20_POLY1305
        self._sequence = 0

    def open(self, record: bytes) -> tuple[int, bytes]:
        """Open one record; GCM and CCM carry eight bytes of the nonce in front."""
        sealed = record[RECORD_HEADER:]
        if self._nonce_in_record:
            nonce = self._iv + sealed[:_EXPLICIT_NONCE]
            sealed = sealed[_EXPLICIT_NONCE:]
        else:
            nonce = (int.from_bytes(self._iv, "big") ^ self._sequence).to_bytes(12, "big")
        length = len(sealed) - self._tag_length
        if length < 0:
            raise UnopenableRecordError
        associated = self._sequence.to_bytes(8, "big") + record[:3] + length.to_bytes(2, "big")
        content = _decrypt(self._aead, nonce, sealed, associated)
        self._sequence += 1
        return record[0], content


class MacOpener:
    """Records with a MAC: AES in CBC mode, MAC first or encryption first, and suites without encryption."""

    def __init__(
        self, version: int, suite: SuiteParameters, keys: RecordKeys, *, encrypt_then_mac: bool
    ) -> None:
        self._keys = keys
        self._mac_name = suite.mac_name
        self._mac_length = hmac_of(self._mac_name, keys.mac_key).algorithm.digest_size
        self.encrypts = suite.cipher is RecordCipher.CBC
        self._mac_outside = encrypt_then_mac and self.encrypts
        # TLS 1.0 goes on with the last block of the record before; later versions send a vector each.
        self._chained_iv = keys.iv if version == TLS_1_0 else None
        self._sequence = 0

    def open(self, record: bytes) -> tuple[int, bytes]:
        """Open one record, check padding and MAC."""
        content = record[RECORD_HEADER:]
        if self._mac_outside:
            content = self._checked(record, content)
        blocks = content
        if self.encrypts:
            content = self._decrypted(blocks)
        if not self._mac_outside:
            content = self._checked(record, content)
        self._sequence += 1
        if self._chained_iv is not None and self.encrypts:
            self._chained_iv = blocks[-_BLOCK:]
        return record[0], content

    def _decrypted(self, blocks: bytes) -> bytes:
        vector = self._chained_iv
        if vector is None:
            vector, blocks = blocks[:_BLOCK], blocks[_BLOCK:]
        if not blocks or len(blocks) % _BLOCK or len(vector) != _BLOCK:
            raise UnopenableRecordError
        decryptor = Cipher(algorithms.AES(self._keys.key), modes.CBC(vector)).decryptor()
        padded = decryptor.update(blocks) + decryptor.finalize()
        padding = padded[-1] + 1
        if padding > len(padded) or padded[-padding:] != padded[-1:] * padding:
            raise UnopenableRecordError
        return padded[:-padding]

    def _checked(self, record: bytes, data: bytes) -> bytes:
        """Return `data` without the MAC at its end."""
        length = len(data) - self._mac_length
        if length < 0:
            raise UnopenableRecordError
        mac = hmac_of(self._mac_name, self._keys.mac_key)
        mac.update(self._sequence.to_bytes(8, "big") + record[:3] + length.to_bytes(2, "big"))
        mac.update(data[:length])
        try:
            mac.verify(data[length:])
        except InvalidSignature:
            raise UnopenableRecordError from None
        return data[:length]


def connection_opener(
    version: int, suite: SuiteParameters, keys: RecordKeys, *, encrypt_then_mac: bool
) -> RecordOpener:
    """Return the opener of a suite in TLS 1.2 or before."""
    if suite.cipher in {RecordCipher.CBC, RecordCipher.NULL}:
        return MacOpener(version, suite, keys, encrypt_then_mac=encrypt_then_mac)
    return AeadOpener(suite, keys)


def _aead(suite: SuiteParameters, key: bytes) -> _Aead:
    match suite.cipher:
        case RecordCipher.CHACHA20_POLY1305:
            return ChaCha20Poly1305(key)
        case RecordCipher.CCM:
            return AESCCM(key, tag_length=suite.tag_length)
        case _:
            return AESGCM(key)


def _decrypt(aead: _Aead, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    try:
        return aead.decrypt(nonce, sealed, associated)
    except (InvalidTag, ValueError):  # ValueError: shorter than a tag or a nonce
        raise UnopenableRecordError from None
