"""The vault's file: what stands in it, and how it is sealed and opened. Bytes in, bytes out.

    "TDVAULT1" | length of header, 4 bytes | header, JSON | nonce, 12 bytes | AES-256-GCM ciphertext

The ciphertext is JSON `{"gen": number, "items": {name: text}}` under a random key, with everything before
the nonce as associated data. The header holds that key, wrapped by AES-256-GCM under a key that Argon2id
makes of the passphrase (RFC 9106), with the header's other members as associated data: another passphrase
wraps it anew and changes nothing else.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from dataclasses import dataclass, field, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MAGIC = b"TDVAULT1"
MAX_BYTES = 64 * 1024 * 1024
"""Of the whole file: some 50,000 keys."""

_MAX_HEADER_BYTES = 4096
_NONCE_BYTES = 12
_KEY_BYTES = 32
_SALT_BYTES = 16

_MAX_ITERATIONS = 10
_MAX_LANES = 16
_MAX_MEMORY_KIB = 1024 * 1024


class DamagedVaultError(ValueError):
    """The bytes are no vault, a damaged one, or one that asks for more work than any of ours."""


class WrongPassphraseError(ValueError):
    """The passphrase does not open the vault (or its header was changed, which looks the same)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KdfCost:
    """What Argon2id is asked to do; the defaults take 0.4 s on two cores of 2026."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultHeader:
    """What stands in the clear.

    Attributes:
        vault_id: 128 random bits, hex; stays the same for as long as the vault lives.
        wrapped: nonce and wrapped key.
    """

    vault_id: str
    cost: KdfCost
    salt: bytes
    wrapped: bytes = b""

    def document(self) -> dict[str, object]:
        """Return the members without the wrapped key."""
        return {
            "kdf": "argon2id",
            "iterations": self.cost.iterations,
            "lanes": self.cost.lanes,
            "memory_kib": self.cost.memory_kib,
            "salt": self.salt.hex(),
            "vault": self.vault_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultContent:
    """What is inside.

    Attributes:
        generation: counts how often the file was written; an older file has a lower one.
    """

    generation: int
    items: dict[str, str] = field(repr=False)


def new_vault(passphrase: str, cost: KdfCost) -> tuple[VaultHeader, bytearray]:
    """Return the header of a new vault and its key."""
    key = bytearray(secrets.token_bytes(_KEY_BYTES))
    header = VaultHeader(vault_id=secrets.token_hex(16), cost=cost, salt=b"")
    return rewrapped(header, key, passphrase, cost), key


def rewrapped(header: VaultHeader, key: bytearray, passphrase: str, cost: KdfCost) -> VaultHeader:
    """Return the header for another passphrase; the key stays."""
    header = replace(header, cost=cost, salt=secrets.token_bytes(_SALT_BYTES))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    wrapped = AESGCM(_derived(header, passphrase)).encrypt(nonce, bytes(key), _json(header.document()))
    return replace(header, wrapped=nonce + wrapped)


def unwrapped(header: VaultHeader, passphrase: str) -> bytearray:
    """Return the vault's key; takes as long as the header's cost says.

    Raises:
        WrongPassphraseError: the passphrase is another one.
        DamagedVaultError: there is no wrapped key.
    """
    nonce, wrapped = header.wrapped[:_NONCE_BYTES], header.wrapped[_NONCE_BYTES:]
    if len(nonce) < _NONCE_BYTES:
        raise DamagedVaultError
    try:
        return bytearray(
            AESGCM(_derived(header, passphrase)).decrypt(nonce, wrapped, _json(header.document()))
        )
    except InvalidTag:
        raise WrongPassphraseError from None


def sealed(header: VaultHeader, key: bytearray, content: VaultContent) -> bytes:
    """Return the whole file, with a nonce of its own."""
    head = _json({**header.document(), "wrapped": header.wrapped.hex()})
    start = MAGIC + len(head).to_bytes(4, "big") + head
    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = _json({"gen": content.generation, "items": content.items})
    return start + nonce + AESGCM(bytes(key)).encrypt(nonce, plain, start)


def header_of(data: bytes) -> VaultHeader:
    """Read the header, with its cost bounded.

    Raises:
        DamagedVaultError: it is no vault of ours.
    """
    return _parts(data)[0]


def opened(data: bytes, key: bytearray) -> tuple[VaultHeader, VaultContent]:
    """Open a file with its key.

    Raises:
        DamagedVaultError: it was changed or cut, or is another vault's.
    """
    header, start, nonce, ciphertext = _parts(data)
    try:
        document = json.loads(AESGCM(bytes(key)).decrypt(nonce, ciphertext, start))
    except (InvalidTag, ValueError):
        raise DamagedVaultError from None
    # Authenticated: only a program that has the key could have written anything else.
    return header, VaultContent(generation=int(document["gen"]), items=dict(document["items"]))


def _parts(data: bytes) -> tuple[VaultHeader, bytes, bytes, bytes]:
    begin = len(MAGIC) + 4
    length = int.from_bytes(data[len(MAGIC) : begin], "big")
    end = begin + length
    if not data.startswith(MAGIC) or length > _MAX_HEADER_BYTES or len(data) < end + _NONCE_BYTES:
        raise DamagedVaultError
    return _header(data[begin:end]), data[:end], data[end : end + _NONCE_BYTES], data[end + _NONCE_BYTES :]


def _header(data: bytes) -> VaultHeader:
    try:
        document = json.loads(data)
        if document["kdf"] != "argon2id":
            raise DamagedVaultError
        cost = KdfCost(
            iterations=_within(document["iterations"], _MAX_ITERATIONS),
            lanes=_within(document["lanes"], _MAX_LANES),
            memory_kib=_within(document["memory_kib"], _MAX_MEMORY_KIB),
        )
        return VaultHeader(
            vault_id=bytes.fromhex(document["vault"]).hex(),
            cost=cost,
            salt=bytes.fromhex(document["salt"]),
            wrapped=bytes.fromhex(document["wrapped"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DamagedVaultError from None


def _within(number: object, most: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
        raise DamagedVaultError
    return number


def _derived(header: VaultHeader, passphrase: str) -> bytes:
    cost = header.cost
    try:
        derivation = Argon2id(
            salt=header.salt,
            length=_KEY_BYTES,
            iterations=cost.iterations,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        )
    except ValueError:  # a salt too short, less memory than the lanes take
        raise DamagedVaultError from None
    # The same passphrase is typed as other code points on another keyboard or system (NFC against NFD).
    return derivation.derive(unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"))


def _json(document: dict[str, object]) -> bytes:
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode("ascii")
