"""One key, however its SubjectPublicKeyInfo is written.

A CA can have its key certified once more in another encoding: a point compressed, a curve spelled out, RSA
without its NULL or under the identifier of RSASSA-PSS. Signatures verify all the same, so that distrust must
not go by the bytes alone; nor must a look for private keys that were published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from trustdesk.core.inspection import ByteField

_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_USUAL = tuple(
    bytes.fromhex(one)
    for one in (
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004",  # P-256, uncompressed
        "3076301006072a8648ce3d020106052b8104002203620004",  # P-384
        "30819b301006072a8648ce3d020106052b81040023038186" + "0004",  # P-521
        "302a300506032b6570032100",  # Ed25519
    )
)


def key_digests(subject_public_key_info: bytes) -> tuple[str, ...]:
    """Return the SHA-256 of a key as it stands, and as it is usually written where that is another.

    The usual one comes last. Empty where there is no key.
    """
    if not subject_public_key_info:
        return ()
    digest = hashlib.sha256(subject_public_key_info).hexdigest()
    # An RSA key's algorithm comes after a head of four octets, or of fewer for keys that nobody should have.
    if subject_public_key_info.startswith(_USUAL) or subject_public_key_info[4:19] == _RSA:
        return (digest,)
    usual = _usual(subject_public_key_info)
    if usual is None or usual == subject_public_key_info:
        return (digest,)
    return digest, hashlib.sha256(usual).hexdigest()


def key_digests_at(der: bytes, fields: Iterable[ByteField], name: str) -> tuple[str, ...]:
    """Return the digests of the key that stands in a field; empty without that field."""
    place = next((field for field in fields if field.name == name), None)
    return () if place is None else key_digests(der[place.offset : place.offset + place.length])


def published_at(known: Mapping[str, str], digests: Iterable[str]) -> str | None:
    """Return where a key's private part was published; None where it is on no list.

    Args:
        known: places by the SHA-256 of SubjectPublicKeyInfo as it is usually written.
        digests: of the key (`key_digests`).
    """
    return next((known[one] for one in digests if one in known), None)


@lru_cache(maxsize=512)
def _usual(subject_public_key_info: bytes) -> bytes | None:
    try:
        key = load_der_public_key(subject_public_key_info)
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
