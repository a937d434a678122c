"""Thumbprints of certificates as keys and tokens write them, and what they are mistaken for.

`x5t` and `x5t#S256` are base64url without padding of the digest's octets (RFC 7515 4.1.7, 4.1.8; RFC 8705
3.1). Written in hex, from the hex text, or of another digest, they are met in the field.
"""

from __future__ import annotations

import base64
import hashlib

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.formats.token import base64url_text


def sha256_thumbprint(facts: CertificateFacts) -> str:
    """Return `x5t#S256` of a certificate."""
    return base64url_text(hashlib.sha256(facts.der).digest())


def sha1_thumbprint(facts: CertificateFacts) -> str:
    """Return `x5t` of a certificate."""
    return base64url_text(_sha1(facts))


def thumbprint_fault(value: str, facts: CertificateFacts, *, sha1: bool = False) -> Message | None:
    """Say why a value is not the thumbprint of a certificate; None where it is.

    Args:
        sha1: whether it should be `x5t`; else `x5t#S256`.
    """
    digest, other = hashlib.sha256(facts.der).digest(), _sha1(facts)
    if sha1:
        digest, other = other, digest
    if value == base64url_text(digest):
        return None
    plain = value.replace(":", "").replace(" ", "").lower()
    certificate = facts.title
    if plain == digest.hex():
        return msg(
            "It is the right digest of {certificate} in hex; it has to be base64url of the octets.",
            certificate=certificate,
        )
    for text in (digest.hex(), digest.hex().upper()):
        if value.rstrip("=") in {_padded(text.encode()).rstrip("="), base64url_text(text.encode())}:
            return msg(
                "It is base64url of the hexadecimal text of the digest of {certificate}; it has to be of the "
                "octets themselves.",
                certificate=certificate,
            )
    if value in {_padded(digest), base64.urlsafe_b64encode(digest).decode(), _padded(digest).rstrip("=")}:
        return msg(
            "It is the right digest of {certificate} in ordinary base64; it has to be base64url, unpadded.",
            certificate=certificate,
        )
    if value.rstrip("=") == base64url_text(other) or plain == other.hex():
        if sha1:
            return msg(
                "It is the SHA-256 digest of {certificate}, where SHA-1 belongs.", certificate=certificate
            )
        return msg("It is the SHA-1 digest of {certificate}, where SHA-256 belongs.", certificate=certificate)
    return msg(
        "It is {value}; {certificate} has {expected}.",
        value=value,
        certificate=certificate,
        expected=base64url_text(digest),
    )


def _sha1(facts: CertificateFacts) -> bytes:
    return hashlib.sha1(facts.der, usedforsecurity=False).digest()


def _padded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
