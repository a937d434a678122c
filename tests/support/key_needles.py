"""Pieces of a private key as they would lie in a file or a log, to be searched for.

Only what is secret: a key's DER begins with its public part, which stands in every certificate.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

WINDOW = 12
"""Bytes of a number that are one needle: 96 bits, which nothing else has by chance."""


def needles_of(key: CertificateIssuerPrivateKeyTypes) -> dict[str, bytes]:
    """Return pieces of a key by what they are: of its numbers, their hexadecimal and Base64 of its DER."""
    needles: dict[str, bytes] = {}
    numbers = _secret_numbers(key)
    for name, number in numbers.items():
        for at in range(0, len(number) - WINDOW + 1, WINDOW):
            piece = number[at : at + WINDOW]
            needles[f"{name} at {at}"] = piece
            needles[f"{name} at {at} in hexadecimal"] = piece.hex().encode()
            needles[f"{name} at {at} as Python shows it"] = repr(piece)[2:-1].encode()
        needles[f"{name} in decimal"] = str(int.from_bytes(number, "big"))[:40].encode()
    for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
        der = key.private_bytes(Encoding.DER, form, NoEncryption())
        needles.update(_base64_needles(str(form), der, numbers.values()))
    if isinstance(key, rsa.RSAPrivateKey):
        joined = numbers["p"] + numbers["q"]
        needles.update(_base64_needles("p and q", joined, [joined]))
    return needles


def found_in(data: bytes, needles: dict[str, bytes]) -> list[str]:
    """Return which needles lie in the data."""
    return [name for name, needle in needles.items() if needle in data]


def _secret_numbers(key: CertificateIssuerPrivateKeyTypes) -> dict[str, bytes]:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {"d": key.private_numbers().private_value.to_bytes((key.key_size + 7) // 8, "big")}
    assert isinstance(key, rsa.RSAPrivateKey)
    numbers = key.private_numbers()
    secret = {"d": numbers.d, "p": numbers.p, "q": numbers.q, "dp": numbers.dmp1, "dq": numbers.dmq1}
    return {name: number.to_bytes((number.bit_length() + 7) // 8, "big") for name, number in secret.items()}


def _base64_needles(name: str, der: bytes, secret: Iterable[bytes]) -> dict[str, bytes]:
    """Return windows of 16 characters that hold nothing but secret bytes; every line of PEM has some."""
    text = base64.b64encode(der)
    needles: dict[str, bytes] = {}
    for number in secret:
        begin = der.find(number)
        if begin < 0:
            continue
        first, last = -(-begin // 3) * 4, (begin + len(number)) // 3 * 4
        for at in range(first, last - 15, 4):
            needles[f"Base64 of {name} at {at}"] = text[at : at + 16]
    return needles


def all_needles(keys: Sequence[CertificateIssuerPrivateKeyTypes]) -> dict[str, bytes]:
    """Return the needles of several keys."""
    return {
        f"key {number}: {name}": needle
        for number, key in enumerate(keys)
        for name, needle in needles_of(key).items()
    }
