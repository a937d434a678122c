"""Which of some certificates belong together: keys, and the order from end entity to issuer."""

from __future__ import annotations

import hashlib
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.utils import CryptographyDeprecationWarning

from trustdesk.formats.der import SEQUENCE, DerError, read_element

_VERSION = 0xA0
_MAX_PATH = 16
_MAX_NAMESAKES = 64
"""Issuers of one name that are tried: a file of thousands would keep us busy for hours."""


def load(der: bytes) -> x509.Certificate | None:
    """Return the library's own certificate; None when it refuses the bytes (which happens to 1 in 80).

    Its `subject` and `issuer` warn on standard error of what a peer wrote in them; names are read from
    `raw_names` and `read_certificate` instead.
    """
    try:
        with warnings.catch_warnings():
            # Serial numbers of zero and other oddities: named by the reader and the rules, not on stderr.
            warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning)
            return x509.load_der_x509_certificate(der)
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm):
        return None


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether names chain and the signature was made with the issuer's key; nothing else is looked at.

    Broken digests (SHA-1, MD5) count here too, so that a rule can name them instead of "unknown issuer".
    """
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return _is_issued_with_broken_digest(certificate, issuer)
    except InvalidSignature:
        return False
    return True


def _is_issued_with_broken_digest(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """The library's own check knows no SHA-1 and no MD5 any more; its keys still do."""
    child, parent = raw_names(_der(certificate)), raw_names(_der(issuer))
    if child is None or parent is None or child[0] != parent[1]:
        return False
    try:
        digest = certificate.signature_hash_algorithm
        key = issuer.public_key()
        if not isinstance(digest, hashes.SHA1 | hashes.MD5):
            return False
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(digest))
        else:
            return False
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


class IssuerPool:
    """Certificates that may stand above others, by their subject; between equals their order decides."""

    def __init__(self, certificates: Iterable[bytes]) -> None:
        self._by_subject: dict[bytes, list[bytes]] = defaultdict(list)
        self._issuers: dict[bytes, tuple[tuple[bytes, x509.Certificate], ...]] = {}
        for der in dict.fromkeys(certificates):
            names = raw_names(der)
            if names is not None:
                self._by_subject[names[1]].append(der)

    def issuers_of(self, certificate: x509.Certificate) -> tuple[tuple[bytes, x509.Certificate], ...]:
        """Return those whose name and signature fit; of very many namesakes, the first are tried."""
        child = _der(certificate)
        if child not in self._issuers:
            self._issuers[child] = tuple(self._fitting(certificate))
        return self._issuers[child]

    def of_issuers_name(self, certificate: x509.Certificate) -> Sequence[bytes]:
        """Return those that have the name of a certificate's issuer, whoever signed it."""
        names = raw_names(_der(certificate))
        return () if names is None else self._by_subject.get(names[0], ())

    def _fitting(self, certificate: x509.Certificate) -> Iterator[tuple[bytes, x509.Certificate]]:
        for der in self.of_issuers_name(certificate)[:_MAX_NAMESAKES]:
            issuer = load(der)
            if issuer is not None and is_issued_by(certificate, issuer):
                yield der, issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPath:
    """An end entity with its issuers, as far as they are there.

    Attributes:
        certificates: DER, end entity first, without a self-issued anchor.
        pools: for each certificate above the end entity, which pool it came from.
        anchor: a self-issued certificate above one of them; the end entity where it is self-issued; None
            when nothing of that kind is there.
    """

    certificates: tuple[bytes, ...]
    pools: tuple[int, ...]
    anchor: bytes | None


def build_path(end_entity: bytes, pools: Sequence[IssuerPool]) -> BuiltPath:
    """Return the end entity and its issuers, each above the one it signed; earlier pools are asked first.

    It ends below a self-issued certificate: a client does not send its anchor (RFC 8446 4.4.2). What the
    first pool holds above that (a cross-certificate) is sent all the same; other pools add nothing to it.
    """
    path, origins = [end_entity], list[int]()
    anchor = end_entity if _is_self_issued(end_entity) else None
    current = load(end_entity)
    while current is not None and len(path) < _MAX_PATH:
        above = None
        for number, pool in enumerate(pools):
            if number and anchor is not None:
                break
            fitting = [found for found in pool.issuers_of(current) if found[0] not in path]
            anchor = anchor or next((der for der, _ in fitting if _is_self_issued(der)), None)
            above = next((found for found in fitting if not _is_self_issued(found[0])), None)
            if above is not None and (number == 0 or anchor is None):
                origins.append(number)
                break
            above = None
        if above is None:
            break
        path.append(above[0])
        current = above[1]
    return BuiltPath(certificates=tuple(path), pools=tuple(origins), anchor=anchor)


def certification_path(end_entity: bytes, pool: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the end entity and its issuers from one pool; see `build_path`."""
    return build_path(end_entity, (IssuerPool(pool),)).certificates


def raw_names(der: bytes) -> tuple[bytes, bytes] | None:
    """Return issuer and subject as they stand in a certificate; None when it has no such parts."""
    try:
        to_be_signed = next(read_element(der).expect(SEQUENCE).children()).expect(SEQUENCE)
        fields = [field for field in to_be_signed.children() if field.tag != _VERSION]
    except (DerError, StopIteration):
        return None
    return (fields[2].raw, fields[4].raw) if len(fields) > 5 else None


def _is_self_issued(der: bytes) -> bool:
    names = raw_names(der)
    return names is not None and names[0] == names[1]


def public_key_of(der: bytes) -> bytes | None:
    """Return a certificate's SubjectPublicKeyInfo, normalised; None when it cannot be read."""
    certificate = load(der)
    if certificate is None:
        return None
    try:
        return spki_of(certificate.public_key())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def spki_sha256(key: PrivateKeyTypes) -> str:
    """Return SHA-256 of a private key's public key as the library writes it, lower-case hex."""
    return hashlib.sha256(spki_of(key.public_key())).hexdigest()


def spki_of(key: PublicKeyTypes) -> bytes:
    """Return a public key as DER SubjectPublicKeyInfo."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
