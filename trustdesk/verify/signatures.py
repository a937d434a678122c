"""Who signed what: a signature over bytes checked with a key, and nothing else.

From the DER rather than from the library's certificate, so that a certificate that the library refuses to
load (a negative serial number, an empty RDN) is judged by its signature too. Broken digests count here: a
rule of their own names them.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from trustdesk.formats.der import (
    BIT_STRING,
    SEQUENCE,
    Element,
    object_identifier,
    parts_of,
    read_element,
    small_integer,
)
from trustdesk.verify.decoded import Decoded

MAX_SIGNATURE_CHECKS = 1500
"""In one search; a tenth of a second with the keys of the day. A thousand CAs of one name are within it."""


class SignatureStatus(StrEnum):
    """MADE: by this key. FORGED: not by this key. UNCHECKED: the key or algorithm cannot be used here."""

    MADE = "made"
    FORGED = "forged"
    UNCHECKED = "unchecked"


class SignatureBook:
    """Remembers which key signed which certificate; counts the checks of one search.

    Args:
        known: what was found out before, by digest of the certificate and key; grows, and may be shared.
    """

    def __init__(
        self,
        limit: int = MAX_SIGNATURE_CHECKS,
        known: dict[tuple[str, bytes], SignatureStatus] | None = None,
    ) -> None:
        self._known = known if known is not None else {}
        self._limit = limit
        self._checks = 0

    @property
    def exhausted(self) -> bool:
        """Whether a check was refused because there had been too many."""
        return self._checks > self._limit

    def check(self, child: Decoded, issuer: Decoded) -> SignatureStatus:
        """Say whether `issuer`'s key signed `child`; UNCHECKED too when the limit is reached."""
        pair = (child.sha256, issuer.public_key)
        known = self._known.get(pair)
        if known is not None:
            return known
        self._checks += 1
        if self.exhausted:
            return SignatureStatus.UNCHECKED
        status = self._known[pair] = check_signature(child, issuer)
        return status


def check_signature(child: Decoded, issuer: Decoded) -> SignatureStatus:
    """Say whether `issuer`'s key signed `child`."""
    fields = child.fields
    if fields is None:
        return SignatureStatus.UNCHECKED
    return signature_status(
        fields.outer_algorithm, fields.signature, fields.to_be_signed.raw, issuer.public_key
    )


def signature_status(
    algorithm: Element, signature: Element, to_be_signed: bytes, subject_public_key_info: bytes
) -> SignatureStatus:
    """Say whether a key made a signature over some bytes.

    Args:
        algorithm: AlgorithmIdentifier, as it stands outside of what is signed.
        signature: BIT STRING.
    """
    key = public_key(subject_public_key_info)
    if key is None:
        return SignatureStatus.UNCHECKED
    try:
        bits = signature.expect(BIT_STRING).content
        verify = _verification(algorithm, key)
        if verify is None:
            return SignatureStatus.UNCHECKED
        if bits[:1] != b"\0":  # a signature is whole octets
            return SignatureStatus.FORGED
        verify(bits[1:], to_be_signed)
    except InvalidSignature:
        return SignatureStatus.FORGED
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        # OverflowError: a salt that is longer than the library can count.
        return SignatureStatus.UNCHECKED
    return SignatureStatus.MADE


@lru_cache(maxsize=512)
def public_key(subject_public_key_info: bytes) -> PublicKeyTypes | None:
    """Return a key that can be used; None for one that the library does not take."""
    try:
        return load_der_public_key(subject_public_key_info)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _verification(algorithm: Element, key: PublicKeyTypes) -> Callable[[bytes, bytes], None] | None:
    parts = parts_of(algorithm, 1)
    oid = object_identifier(parts[0])
    if oid == _RSASSA_PSS and isinstance(key, rsa.RSAPublicKey):
        scheme, digest = _pss(parts[1] if len(parts) > 1 else None)
        return lambda signature, data: key.verify(signature, data, scheme, digest)
    known = _ALGORITHMS.get(oid)
    if known is not None:
        kind, digest = known
        if kind == "RSA" and isinstance(key, rsa.RSAPublicKey):
            return lambda signature, data: key.verify(signature, data, padding.PKCS1v15(), digest)
        if kind == "EC" and isinstance(key, ec.EllipticCurvePublicKey):
            return lambda signature, data: key.verify(signature, data, ec.ECDSA(digest))
        if kind == "DSA" and isinstance(key, dsa.DSAPublicKey):
            return lambda signature, data: key.verify(signature, data, digest)
        return None
    if oid == "1.3.101.112" and isinstance(key, ed25519.Ed25519PublicKey):
        return key.verify
    if oid == "1.3.101.113" and isinstance(key, ed448.Ed448PublicKey):
        return key.verify
    if isinstance(key, mldsa.MLDSA44PublicKey) and oid == "2.16.840.1.101.3.4.3.17":
        return key.verify
    if isinstance(key, mldsa.MLDSA65PublicKey) and oid == "2.16.840.1.101.3.4.3.18":
        return key.verify
    if isinstance(key, mldsa.MLDSA87PublicKey) and oid == "2.16.840.1.101.3.4.3.19":
        return key.verify
    return None


def _pss(parameters: Element | None) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    """Read RSASSA-PSS-params (RFC 4055 3.1), whose defaults are SHA-1 and a salt of 20 octets."""
    digest: hashes.HashAlgorithm = hashes.SHA1()  # noqa: S303 - the standard's default, judged by a rule
    mask: hashes.HashAlgorithm = hashes.SHA1()  # noqa: S303 - likewise
    salt = 20
    for part in parameters.expect(SEQUENCE).children() if parameters is not None else ():
        inner = read_element(part.data, part.content_start, part.content_end)
        if part.tag == 0xA0:
            digest = _DIGESTS[object_identifier(parts_of(inner, 1)[0])]
        elif part.tag == 0xA1:
            _, of_mask = inner.children()
            mask = _DIGESTS[object_identifier(parts_of(of_mask, 1)[0])]
        elif part.tag == 0xA2:
            salt = small_integer(inner)
    return padding.PSS(padding.MGF1(mask), salt), digest


class _KnownDigests(dict[str, hashes.HashAlgorithm]):
    def __missing__(self, oid: str) -> hashes.HashAlgorithm:
        raise ValueError(f"an unknown digest {oid[:40]}")


_DIGESTS = _KnownDigests(
    {
        "1.3.14.3.2.26": hashes.SHA1(),  # noqa: S303 - judged by a rule
        "2.16.840.1.101.3.4.2.4": hashes.SHA224(),
        "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
        "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
        "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
    }
)
_RSASSA_PSS = "1.2.840.113549.1.1.10"
_ALGORITHMS: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "1.2.840.113549.1.1.4": ("RSA", hashes.MD5()),  # noqa: S303 - judged by a rule
    "1.2.840.113549.1.1.5": ("RSA", hashes.SHA1()),  # noqa: S303 - judged by a rule
    "1.3.14.3.2.29": ("RSA", hashes.SHA1()),  # noqa: S303 - judged by a rule
    "1.2.840.113549.1.1.14": ("RSA", hashes.SHA224()),
    "1.2.840.113549.1.1.11": ("RSA", hashes.SHA256()),
    "1.2.840.113549.1.1.12": ("RSA", hashes.SHA384()),
    "1.2.840.113549.1.1.13": ("RSA", hashes.SHA512()),
    "1.2.840.10045.4.1": ("EC", hashes.SHA1()),  # noqa: S303 - judged by a rule
    "1.2.840.10045.4.3.1": ("EC", hashes.SHA224()),
    "1.2.840.10045.4.3.2": ("EC", hashes.SHA256()),
    "1.2.840.10045.4.3.3": ("EC", hashes.SHA384()),
    "1.2.840.10045.4.3.4": ("EC", hashes.SHA512()),
    "1.2.840.10040.4.3": ("DSA", hashes.SHA1()),  # noqa: S303 - judged by a rule
    "2.16.840.1.101.3.4.3.1": ("DSA", hashes.SHA224()),
    "2.16.840.1.101.3.4.3.2": ("DSA", hashes.SHA256()),
}
