"""What encrypts under a password: each OID once, with its name for people and with what undoes it here.

Source: RFC 8018 appendix A and B, RFC 7292 appendix C, RFC 7914 (scrypt), RFC 9579 (PBMAC1), NIST's register
for AES and SHA-2, the OpenJDK's published key store formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PBES2 = "1.2.840.113549.1.5.13"
PBKDF2 = "1.2.840.113549.1.5.12"
SCRYPT = "1.3.6.1.4.1.11591.4.11"
PBMAC1 = "1.2.840.113549.1.5.14"


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest, or the HMAC with it.

    Attributes:
        name: for people.
        algorithm: as hashlib calls it.
    """

    name: str
    algorithm: str


@dataclass(frozen=True, slots=True)
class EncryptionScheme:
    """A cipher of PBES2.

    Attributes:
        name: for people.
        cipher: what decrypts it, and the octets of its key; None for one that is only known by name.
    """

    name: str
    cipher: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class OldScheme:
    """A scheme from before PBES2: the OID says all but salt and rounds.

    Attributes:
        name: for people.
        pkcs12: cipher and octets of key, where the key is derived as RFC 7292 B.2 says.
        pbes1: digest and cipher, where it is derived as RFC 8018 6.1 says. Without either the scheme is only
            known by name here.
    """

    name: str
    pkcs12: tuple[str, int] | None = None
    pbes1: tuple[str, str] | None = None


DIGESTS: Mapping[str, Digest] = {
    "1.2.840.113549.2.5": Digest("MD5", "md5"),
    "1.3.14.3.2.26": Digest("SHA-1", "sha1"),
    "2.16.840.1.101.3.4.2.4": Digest("SHA-224", "sha224"),
    "2.16.840.1.101.3.4.2.1": Digest("SHA-256", "sha256"),
    "2.16.840.1.101.3.4.2.2": Digest("SHA-384", "sha384"),
    "2.16.840.1.101.3.4.2.3": Digest("SHA-512", "sha512"),
}
HMACS: Mapping[str, Digest] = {
    "1.2.840.113549.2.7": Digest("SHA-1", "sha1"),
    "1.2.840.113549.2.8": Digest("SHA-224", "sha224"),
    "1.2.840.113549.2.9": Digest("SHA-256", "sha256"),
    "1.2.840.113549.2.10": Digest("SHA-384", "sha384"),
    "1.2.840.113549.2.11": Digest("SHA-512", "sha512"),
}
ENCRYPTION_SCHEMES: Mapping[str, EncryptionScheme] = {
    "2.16.840.1.101.3.4.1.2": EncryptionScheme("AES-128-CBC", ("aes", 16)),
    "2.16.840.1.101.3.4.1.22": EncryptionScheme("AES-192-CBC", ("aes", 24)),
    "2.16.840.1.101.3.4.1.42": EncryptionScheme("AES-256-CBC", ("aes", 32)),
    "2.16.840.1.101.3.4.1.6": EncryptionScheme("AES-128-GCM"),
    "2.16.840.1.101.3.4.1.26": EncryptionScheme("AES-192-GCM"),
    "2.16.840.1.101.3.4.1.46": EncryptionScheme("AES-256-GCM"),
    "1.2.840.113549.3.7": EncryptionScheme("3DES-CBC", ("3des", 24)),
    "1.3.14.3.2.7": EncryptionScheme("DES-CBC", ("des", 8)),
    "1.2.840.113549.3.2": EncryptionScheme("RC2-CBC", ("rc2", 16)),
}
OLD_SCHEMES: Mapping[str, OldScheme] = {
    "1.2.840.113549.1.12.1.1": OldScheme("PBE-SHA1-RC4-128", pkcs12=("rc4", 16)),
    "1.2.840.113549.1.12.1.2": OldScheme("PBE-SHA1-RC4-40", pkcs12=("rc4", 5)),
    "1.2.840.113549.1.12.1.3": OldScheme("PBE-SHA1-3DES", pkcs12=("3des", 24)),
    "1.2.840.113549.1.12.1.4": OldScheme("PBE-SHA1-2DES", pkcs12=("3des", 16)),
    "1.2.840.113549.1.12.1.5": OldScheme("PBE-SHA1-RC2-128", pkcs12=("rc2", 16)),
    "1.2.840.113549.1.12.1.6": OldScheme("PBE-SHA1-RC2-40", pkcs12=("rc2", 5)),
    "1.2.840.113549.1.5.1": OldScheme("PBE-MD2-DES"),
    "1.2.840.113549.1.5.3": OldScheme("PBE-MD5-DES", pbes1=("md5", "des")),
    "1.2.840.113549.1.5.4": OldScheme("PBE-MD2-RC2"),
    "1.2.840.113549.1.5.6": OldScheme("PBE-MD5-RC2", pbes1=("md5", "rc2")),
    "1.2.840.113549.1.5.10": OldScheme("PBE-SHA1-DES", pbes1=("sha1", "des")),
    "1.2.840.113549.1.5.11": OldScheme("PBE-SHA1-RC2", pbes1=("sha1", "rc2")),
    # Java's own; the key stores that have it are opened by `java_key_protection`.
    "1.3.6.1.4.1.42.2.19.1": OldScheme("PBE-MD5-3DES"),
}
