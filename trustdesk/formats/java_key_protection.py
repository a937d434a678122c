"""How Java's own key stores protect private keys, to open them and never to write them.

The key's password may differ from the store's. Both ways are weak by now, and their formats are fixed.

Source: the OpenJDK's published key store formats (JKS key protector 1.3.6.1.4.1.42.2.17.1.1, JCEKS's
PBEWithMD5AndTripleDES 1.3.6.1.4.1.42.2.19.1).
"""

from __future__ import annotations

import hashlib
import hmac

from trustdesk.formats.der import OCTET_STRING, SEQUENCE, DerError, Element, integer, parts_of
from trustdesk.formats.password_encryption import WorkBudget, cbc, unpadded

_DIGEST_BYTES = 20
_STORE_WORDS = b"Mighty Aphrodite"


def store_is_intact(content: bytes, digest: bytes, password: str) -> bool:
    """Whether the digest at the end of a JKS or JCEKS store was made with this password."""
    made = _sha1(_wide(password) + _STORE_WORDS + content)
    return hmac.compare_digest(made, digest)


def open_jks(protected: bytes, password: str) -> bytes | None:
    """Return the PKCS#8 key of a JKS entry; None when the password is wrong.

    Raises:
        DerError: it is too short to be one.
    """
    if len(protected) < 2 * _DIGEST_BYTES:
        raise DerError("too short")
    secret = _wide(password)
    state, sealed, check = protected[:20], protected[20:-20], protected[-20:]
    stream = bytearray()
    while len(stream) < len(sealed):
        state = _sha1(secret + state)
        stream += state
    plain = bytes(a ^ b for a, b in zip(sealed, stream, strict=False))
    return plain if hmac.compare_digest(_sha1(secret + plain), check) else None


def open_jceks(
    algorithm: Element, sealed: bytes, password: str, budget: WorkBudget, place: str
) -> bytes | None:
    """Return the PKCS#8 key of a JCEKS entry; None when the password is wrong.

    Raises:
        DerError: the parameters are damaged.
        UnusableInputError: it asks for more rounds than are left.
    """
    parameters = parts_of(algorithm.expect(SEQUENCE), 2)[1].expect(SEQUENCE)
    salt_element, rounds_element = parts_of(parameters, 2)[:2]
    salt, rounds = salt_element.expect(OCTET_STRING).content, integer(rounds_element)
    if len(salt) != 8 or rounds < 1:
        raise DerError("a salt or a number of rounds that the scheme does not have")
    budget.spend(2 * rounds, place)
    halves = [salt[:4], salt[4:]]
    if halves[0] == halves[1]:
        halves[0] = halves[0][::-1]
    # Java takes the low seven bits of each character here, and no others.
    secret = bytes(ord(character) & 0x7F for character in password)
    derived = b"".join(_repeated_md5(half, secret, rounds) for half in halves)
    try:
        return unpadded(cbc("3des", derived[:24], derived[24:], sealed), 8)
    except ValueError:
        raise DerError("no whole blocks") from None


def _repeated_md5(state: bytes, secret: bytes, rounds: int) -> bytes:
    for _ in range(rounds):
        state = hashlib.md5(state + secret, usedforsecurity=False).digest()
    return state


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _wide(password: str) -> bytes:
    return password.encode("utf-16-be", "surrogatepass")
