"""Decryption under a password, as PKCS#8 and PKCS#12 files of all ages have it; nothing is encrypted here.

Own code around the library's ciphers, because a file's parts are opened one by one (one damaged part leaves
the others readable), and because the rounds that a file asks for are counted before anything is derived.

Source: RFC 8018 (PBES1, PBES2, PBKDF1, PBKDF2), RFC 7292 appendix B and C, RFC 7914 (scrypt), RFC 9579.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.formats import rc2
from trustdesk.formats.der import (
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Element,
    integer,
    object_identifier,
    parts_of,
)
from trustdesk.formats.encryption_oids import (
    DIGESTS,
    ENCRYPTION_SCHEMES,
    HMACS,
    OLD_SCHEMES,
    PBES2,
    PBKDF2,
    PBMAC1,
    SCRYPT,
)

K = TypeVar("K")
V = TypeVar("V")

_MAKERS = {
    "sha1": hashlib.sha1,
    "sha224": hashlib.sha224,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
_MAX_SCRYPT_MEMORY = 256 * 1024 * 1024

_HEADER_CIPHERS = {
    "AES-128-CBC": ("aes", 16),
    "AES-192-CBC": ("aes", 24),
    "AES-256-CBC": ("aes", 32),
    "DES-EDE3-CBC": ("3des", 24),
    "DES-CBC": ("des", 8),
}
# RFC 8018 appendix B.2.3: rc2ParameterVersion to effective key bits.
_RC2_VERSIONS = {160: 40, 120: 64, 58: 128}


class UnsupportedEncryptionError(DerError):
    """The bytes name an encryption that is not known here."""


@dataclass(slots=True)
class WorkBudget:
    """Rounds of key derivation that one call may still spend, all protected things together."""

    limit: int
    spent: int = 0

    def spend(self, rounds: int, place: str) -> None:
        """Count rounds before they are made.

        Raises:
            UnusableInputError: there are not that many left.
        """
        if rounds < 0 or self.spent + rounds > self.limit:
            raise UnusableInputError(
                msg("The file asks for more than {limit} rounds of key derivation.", limit=self.limit),
                remedy=msg("Save it again with fewer rounds: 600,000 are plenty."),
                place=place,
            )
        self.spent += rounds


def decrypt(
    algorithm: Element, ciphertext: bytes, password: str | None, budget: WorkBudget, place: str
) -> bytes | None:
    """Decrypt under an AlgorithmIdentifier; None when the padding shows that the password is wrong.

    A right padding proves little: one wrong password in 256 passes.

    Args:
        password: None for none at all, which PKCS#12's own derivation tells from an empty one.

    Raises:
        UnsupportedEncryptionError: the algorithm is unknown here.
        DerError: its parameters are damaged.
        UnusableInputError: it asks for more rounds than are left.
    """
    oid, parameters = _algorithm(algorithm)
    if parameters is None:
        raise DerError("no parameters")
    if oid == PBES2:
        return _pbes2(parameters, ciphertext, password or "", budget, place)
    salt, rounds = _salt_and_rounds(parameters)
    scheme = _named(OLD_SCHEMES, oid)
    if scheme.pkcs12 is not None:
        cipher, size = scheme.pkcs12
        budget.spend(rounds, place)
        key = pkcs12_key("sha1", password, salt, rounds, 1, size)
        iv = b"" if cipher == "rc4" else pkcs12_key("sha1", password, salt, rounds, 2, 8)
        return _decipher(cipher, key, iv, ciphertext, 8 * size)
    if scheme.pbes1 is not None:
        digest, cipher = scheme.pbes1
        budget.spend(rounds, place)
        derived = (password or "").encode() + salt
        for _ in range(rounds):
            derived = hashlib.new(digest, derived, usedforsecurity=False).digest()
        return _decipher(cipher, derived[:8], derived[8:16], ciphertext, 64)
    raise UnsupportedEncryptionError(oid)


def decrypt_by_headers(dek_info: str, ciphertext: bytes, password: str) -> bytes | None:
    """Decrypt what the DEK-Info header of a PEM block protects; None when the password is wrong.

    The key is OpenSSL's: MD5 over password and salt, as often as octets are needed. RFC 1421 4.6.1.3.

    Raises:
        UnsupportedEncryptionError: the cipher is unknown here.
        DerError: header or length do not fit the cipher.
    """
    name, _, vector = dek_info.partition(",")
    cipher, size = _named(_HEADER_CIPHERS, name.strip().upper())
    try:
        iv = bytes.fromhex(vector)
    except ValueError:
        raise DerError("an initialisation vector that is no hex") from None
    if len(iv) != (16 if cipher == "aes" else 8):
        raise DerError("an initialisation vector of another length")
    secret = password.encode() + iv[:8]
    key = state = b""
    while len(key) < size:
        state = hashlib.md5(state + secret, usedforsecurity=False).digest()
        key += state
    return _decipher(cipher, key[:size], iv, ciphertext, 8 * size)


def pkcs12_key(digest: str, password: str | None, salt: bytes, rounds: int, purpose: int, size: int) -> bytes:
    """Derive octets as RFC 7292 B.2 does: `purpose` 1 for a key, 2 for an IV, 3 for a MAC."""
    block = 128 if digest in {"sha384", "sha512"} else 64
    secret = b"" if password is None else password.encode("utf-16-be", "surrogatepass") + b"\0\0"
    state = bytearray(_filled(salt, block) + _filled(secret, block))
    # By name, each round takes more than twice as long.
    make = _MAKERS.get(digest) or partial(hashlib.new, digest, usedforsecurity=False)
    derived = b""
    while len(derived) < size:
        output = make(bytes([purpose]) * block + state).digest()
        for _ in range(rounds - 1):
            output = make(output).digest()
        derived += output
        addend = int.from_bytes(_filled(output, block), "big") + 1
        for at in range(0, len(state), block):
            total = int.from_bytes(state[at : at + block], "big") + addend
            state[at : at + block] = (total & ((1 << 8 * block) - 1)).to_bytes(block, "big")
    return derived[:size]


def mac_matches(
    mac_data: Element, content: bytes, password: str | None, budget: WorkBudget, place: str
) -> bool:
    """Whether the MAC of a PKCS#12 file (RFC 7292 4, RFC 9579) was made with this password.

    Raises:
        UnsupportedEncryptionError: the algorithm is unknown here.
        DerError: MacData is damaged.
        UnusableInputError: it asks for more rounds than are left.
    """
    parts = parts_of(mac_data.expect(SEQUENCE), 2)
    algorithm, expected = parts_of(parts[0].expect(SEQUENCE), 2)[:2]
    oid, parameters = _algorithm(algorithm)
    if oid == PBMAC1:
        if parameters is None:
            raise DerError("no parameters")
        derivation, scheme = parts_of(parameters.expect(SEQUENCE), 2)[:2]
        digest = _named(HMACS, _algorithm(scheme)[0]).algorithm
        key = _pbkdf2(derivation, (password or "").encode(), None, budget, place)
    else:
        digest = _named(DIGESTS, oid).algorithm
        rounds = integer(parts[2]) if len(parts) > 2 else 1
        budget.spend(max(rounds, 1), place)
        size = hashlib.new(digest, usedforsecurity=False).digest_size
        key = pkcs12_key(digest, password, parts[1].content, rounds, 3, size)
    return hmac.compare_digest(hmac.digest(key, content, digest), expected.expect(OCTET_STRING).content)


def unpadded(plain: bytes, block: int) -> bytes | None:
    """Take the padding away (RFC 8018 6.1.1); None when there is none."""
    count = plain[-1] if plain else 0
    return plain[:-count] if 0 < count <= block and plain.endswith(bytes([count]) * count) else None


def cbc(cipher: str, key: bytes, iv: bytes, data: bytes) -> bytes:
    """Decrypt with AES, DES or triple DES in CBC mode, padding left on.

    Raises:
        ValueError: key, initialisation vector or data have a wrong length.
    """
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    algorithm = algorithms.AES(key) if cipher == "aes" else TripleDES(_three_keys(key))
    decryptor = Cipher(algorithm, modes.CBC(iv)).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def _three_keys(key: bytes) -> bytes:
    """One, two or three DES keys as the three of triple DES."""
    return key * 3 if len(key) == 8 else key + key[:8] if len(key) == 16 else key


def _pbes2(
    parameters: Element, ciphertext: bytes, password: str, budget: WorkBudget, place: str
) -> bytes | None:
    derivation, scheme = parts_of(parameters.expect(SEQUENCE), 2)[:2]
    oid, cipher_parameters = _algorithm(scheme)
    known = _named(ENCRYPTION_SCHEMES, oid).cipher
    if known is None:
        raise UnsupportedEncryptionError(oid)
    cipher, size = known
    if cipher_parameters is None:
        raise DerError("no parameters")
    bits = 8 * size
    if cipher == "rc2":
        *version, vector = parts_of(cipher_parameters.expect(SEQUENCE), 1)
        bits = _named(_RC2_VERSIONS, integer(version[0])) if version else 32
        iv = vector.expect(OCTET_STRING).content
    else:
        iv = cipher_parameters.expect(OCTET_STRING).content
    key = _derived(derivation, password.encode(), None if cipher == "rc2" else size, budget, place)
    return _decipher(cipher, key, iv, ciphertext, bits)


def _derived(derivation: Element, password: bytes, size: int | None, budget: WorkBudget, place: str) -> bytes:
    oid, parameters = _algorithm(derivation)
    if oid == PBKDF2:
        return _pbkdf2(derivation, password, size, budget, place)
    if oid != SCRYPT or parameters is None:
        raise UnsupportedEncryptionError(oid)
    salt, *numbers = parts_of(parameters.expect(SEQUENCE), 4)
    cost, block_size, parallel = (integer(number) for number in numbers[:3])
    memory = 128 * cost * block_size
    if not (cost > 1 and block_size > 0 and parallel > 0 and memory <= _MAX_SCRYPT_MEMORY):
        raise UnsupportedEncryptionError(oid)
    budget.spend(cost * block_size * parallel, place)
    return hashlib.scrypt(
        password,
        salt=salt.expect(OCTET_STRING).content,
        n=cost,
        r=block_size,
        p=parallel,
        dklen=size or 16,
        maxmem=2 * _MAX_SCRYPT_MEMORY,
    )


def _pbkdf2(derivation: Element, password: bytes, size: int | None, budget: WorkBudget, place: str) -> bytes:
    """PBKDF2 for `size` octets, or for as many as its parameters say."""
    oid, parameters = _algorithm(derivation)
    if oid != PBKDF2 or parameters is None:
        raise UnsupportedEncryptionError(oid)
    salt, rounds_element, *optional = parts_of(parameters.expect(SEQUENCE), 2)
    digest = "sha1"
    for part in optional:
        if part.tag == SEQUENCE:
            digest = _named(HMACS, _algorithm(part)[0]).algorithm
        elif size is None:
            size = integer(part)
    if size is None or not 0 < size <= 512:
        raise DerError("no length of the key")
    rounds = integer(rounds_element)
    if rounds < 1:
        raise DerError("no rounds")
    budget.spend(rounds, place)
    return hashlib.pbkdf2_hmac(digest, password, salt.expect(OCTET_STRING).content, rounds, size)


def _decipher(cipher: str, key: bytes, iv: bytes, ciphertext: bytes, bits: int) -> bytes | None:
    try:
        if cipher == "rc4":
            from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
            from cryptography.hazmat.primitives.ciphers import Cipher

            return Cipher(ARC4(key), None).decryptor().update(ciphertext)
        if cipher == "rc2":
            return unpadded(rc2.decrypt_cbc(key, bits, iv, ciphertext), 8)
        return unpadded(cbc(cipher, key, iv, ciphertext), 16 if cipher == "aes" else 8)
    except ValueError:
        raise DerError("a length that the cipher does not take") from None


def _salt_and_rounds(parameters: Element) -> tuple[bytes, int]:
    parts = list(parameters.expect(SEQUENCE).children())
    if len(parts) < 2:
        raise UnsupportedEncryptionError("no salt and rounds")
    rounds = integer(parts[1])
    if rounds < 1:
        raise DerError("no rounds")
    return parts[0].expect(OCTET_STRING).content, rounds


def _algorithm(element: Element) -> tuple[str, Element | None]:
    parts = list(element.expect(SEQUENCE).children())
    if not parts:
        raise DerError("an AlgorithmIdentifier without an algorithm")
    return object_identifier(parts[0]), parts[1] if len(parts) > 1 else None


def _named(table: Mapping[K, V], key: K) -> V:
    if key not in table:
        raise UnsupportedEncryptionError(str(key))
    return table[key]


def _filled(octets: bytes, block: int) -> bytes:
    """Repeat to the next whole number of blocks; nothing stays nothing."""
    wanted = -(-len(octets) // block) * block
    return (octets * (wanted // len(octets) + 1))[:wanted] if octets else b""
