"""Which of some certificates belong together: keys, and the order from end entity to issuer."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.utils import CryptographyDeprecationWarning

_MAX_PATH = 16


def load(der: bytes) -> x509.Certificate | None:
    """Return the library's own certificate; None when it refuses the bytes (which happens to 1 in 80)."""
    try:
        with warnings.catch_warnings():
            # Serial numbers of zero and other oddities: named by the reader and the rules, not on stderr.
            warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning)
            certificate = x509.load_der_x509_certificate(der)
            certificate.subject, certificate.issuer  # noqa: B018 - parsed lazily; refuse here, not later
            return certificate
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm):
        return None


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether names chain and the signature was made with the issuer's key; nothing else is looked at."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def certification_path(end_entity: bytes, pool: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the end entity and its issuers from `pool`, each above the one it signed.

    It ends below a self-signed certificate: a client does not send its anchor (RFC 8446 4.4.2).
    """
    loaded = [(der, certificate) for der in dict.fromkeys(pool) if (certificate := load(der)) is not None]
    path = [end_entity]
    current = load(end_entity)
    while current is not None and len(path) < _MAX_PATH:
        above = next(
            (
                (der, issuer)
                for der, issuer in loaded
                if der not in path and issuer.subject != issuer.issuer and is_issued_by(current, issuer)
            ),
            None,
        )
        if above is None:
            break
        path.append(above[0])
        current = above[1]
    return tuple(path)


def public_key_of(der: bytes) -> bytes | None:
    """Return a certificate's SubjectPublicKeyInfo, normalised; None when it cannot be read."""
    certificate = load(der)
    if certificate is None:
        return None
    try:
        return spki_of(certificate.public_key())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def spki_of(key: PublicKeyTypes) -> bytes:
    """Return a public key as DER SubjectPublicKeyInfo."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
