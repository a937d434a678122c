"""PKCS#12 files for others: a key with its chain, or a Java trust store, under one of two profiles.

The library writes the file. It proves it with 2,048 rounds whatever it is told, and whoever guesses
passphrases asks the proof: so the MAC is made again here, with the profile's rounds (600,000 take 0.2 s).

Source: RFC 7292 4 and appendix B.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import KeySerializationEncryption, PrivateFormat, pkcs12

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import ExportProfile
from trustdesk.core.inspection import Protection
from trustdesk.core.message import msg
from trustdesk.formats.ber import write_element
from trustdesk.formats.certification_path import load
from trustdesk.formats.der import INTEGER, OCTET_STRING, SEQUENCE, parts_of, read_whole
from trustdesk.formats.password_encryption import pkcs12_key
from trustdesk.formats.private_key import wrong_kind

_NULL = b"\x05\x00"
_SHA1 = bytes.fromhex("06052b0e03021a")
_SHA256 = bytes.fromhex("0609608648016503040201")
_MAC_PURPOSE = 3
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    encryption: pkcs12.PBES
    protection: Protection
    rounds: int
    digest: str
    digest_oid: bytes
    mac_rounds: int


_RECIPES = {
    # OWASP's number for PBKDF2 with HMAC-SHA-256, in the encryption and in the MAC.
    ExportProfile.MODERN: _Recipe(
        encryption=pkcs12.PBES.PBESv2SHA256AndAES256CBC,
        protection=Protection(cipher="PBES2 AES-256-CBC", derivation="PBKDF2 SHA-256", rounds=600_000),
        rounds=600_000,
        digest="sha256",
        digest_oid=_SHA256,
        mac_rounds=600_000,
    ),
    # What Java 8 itself wrote, so that nothing of that age finds the rounds too many.
    ExportProfile.COMPATIBLE: _Recipe(
        encryption=pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC,
        protection=Protection(cipher="PBE-SHA1-3DES", rounds=50_000),
        rounds=50_000,
        digest="sha1",
        digest_oid=_SHA1,
        mac_rounds=100_000,
    ),
}


def profile_protection(profile: ExportProfile) -> tuple[Protection, Protection]:
    """Return how a profile encrypts certificates and keys, and what its MAC is."""
    recipe = _RECIPES[profile]
    return recipe.protection, Protection(
        cipher="SHA-1" if recipe.digest == "sha1" else "SHA-256",
        derivation="PKCS#12",
        rounds=recipe.mac_rounds,
    )


def write_pkcs12(
    key: CertificateIssuerPrivateKeyTypes,
    certification_path: Sequence[bytes],
    *,
    name: str,
    passphrase: str,
    profile: ExportProfile,
) -> bytes:
    """Return a PKCS#12 file with a key, its certificate and its issuers.

    Args:
        certification_path: DER, end entity first.
        name: friendly name of key and certificate; Java's alias.
        passphrase: not empty.

    Raises:
        UnusableInputError: a certificate is damaged so that the library does not write it, or the key is of
            a kind that these files do not hold.
    """
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey | Ed448PrivateKey):
        raise wrong_kind(name)
    end_entity, *issuers = (_loaded(der) for der in certification_path)
    written = pkcs12.serialize_key_and_certificates(
        name.encode(), key, end_entity, issuers, _encryption(profile, passphrase)
    )
    return _proved(written, profile, passphrase)


def write_java_trust_store(
    certificates: Sequence[tuple[str, bytes]], *, passphrase: str, profile: ExportProfile
) -> bytes:
    """Return a PKCS#12 file that Java takes as a trust store: certificates alone, marked as trusted.

    Args:
        certificates: alias and DER of each; aliases differ.

    Raises:
        UnusableInputError: as for `write_pkcs12`.
    """
    entries = [pkcs12.PKCS12Certificate(_loaded(der), alias.encode()) for alias, der in certificates]
    written = pkcs12.serialize_java_truststore(entries, _encryption(profile, passphrase))
    return _proved(written, profile, passphrase)


def _loaded(der: bytes) -> x509.Certificate:
    certificate = load(der)
    if certificate is None:
        raise UnusableInputError(
            msg("A certificate of the chain is damaged, so that it cannot be written into a PKCS#12 file."),
            remedy=msg("Import the chain again from the CA, or write it as PEM."),
        )
    return certificate


def _encryption(profile: ExportProfile, passphrase: str) -> KeySerializationEncryption:
    recipe = _RECIPES[profile]
    digest = hashes.SHA1() if recipe.digest == "sha1" else hashes.SHA256()  # noqa: S303 - what old programs know
    return (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(recipe.rounds)
        .key_cert_algorithm(recipe.encryption)
        .hmac_hash(digest)
        .build(passphrase.encode())
    )


def _proved(written: bytes, profile: ExportProfile, passphrase: str) -> bytes:
    """Return a PFX with its MAC made again with the profile's rounds (RFC 7292 4, appendix B)."""
    recipe = _RECIPES[profile]
    version, safe = parts_of(read_whole(written, SEQUENCE), 2)[:2]
    content = parts_of(parts_of(safe, 2)[1], 1)[0].expect(OCTET_STRING).content
    salt = secrets.token_bytes(_SALT_BYTES)
    size = {"sha1": 20, "sha256": 32}[recipe.digest]
    key = pkcs12_key(recipe.digest, passphrase, salt, recipe.mac_rounds, _MAC_PURPOSE, size)
    digest_info = write_element(
        SEQUENCE,
        write_element(SEQUENCE, recipe.digest_oid, _NULL),
        write_element(OCTET_STRING, hmac.digest(key, content, recipe.digest)),
    )
    rounds = write_element(INTEGER, recipe.mac_rounds.to_bytes(4, "big").lstrip(b"\0"))
    mac = write_element(SEQUENCE, digest_info, write_element(OCTET_STRING, salt), rounds)
    return write_element(SEQUENCE, version.raw, safe.raw, mac)
