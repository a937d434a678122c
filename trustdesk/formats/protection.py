"""How a password protects something, read from its algorithm identifiers: no password is needed for it.

Source: RFC 8018 (PBES1, PBES2), RFC 7292 appendix C, RFC 7914 (scrypt), RFC 9579 (PBMAC1), RFC 1421 4.6.1.3;
the OpenJDK's published key store formats.
"""

from __future__ import annotations

from trustdesk.core.inspection import Protection
from trustdesk.formats.der import (
    SEQUENCE,
    DerError,
    Element,
    integer,
    object_identifier,
    parts_of,
    read_element,
)
from trustdesk.formats.kinds import KeyForm

_PBES2 = "1.2.840.113549.1.5.13"
_PBKDF2 = "1.2.840.113549.1.5.12"
_SCRYPT = "1.3.6.1.4.1.11591.4.11"
_PBMAC1 = "1.2.840.113549.1.5.14"
_JCEKS = "1.3.6.1.4.1.42.2.19.1"

_CIPHERS = {
    "2.16.840.1.101.3.4.1.2": "AES-128-CBC",
    "2.16.840.1.101.3.4.1.22": "AES-192-CBC",
    "2.16.840.1.101.3.4.1.42": "AES-256-CBC",
    "2.16.840.1.101.3.4.1.6": "AES-128-GCM",
    "2.16.840.1.101.3.4.1.26": "AES-192-GCM",
    "2.16.840.1.101.3.4.1.46": "AES-256-GCM",
    "1.2.840.113549.3.7": "3DES-CBC",
    "1.3.14.3.2.7": "DES-CBC",
    "1.2.840.113549.3.2": "RC2-CBC",
}
_OLD_SCHEMES = {
    "1.2.840.113549.1.12.1.1": "PBE-SHA1-RC4-128",
    "1.2.840.113549.1.12.1.2": "PBE-SHA1-RC4-40",
    "1.2.840.113549.1.12.1.3": "PBE-SHA1-3DES",
    "1.2.840.113549.1.12.1.4": "PBE-SHA1-2DES",
    "1.2.840.113549.1.12.1.5": "PBE-SHA1-RC2-128",
    "1.2.840.113549.1.12.1.6": "PBE-SHA1-RC2-40",
    "1.2.840.113549.1.5.1": "PBE-MD2-DES",
    "1.2.840.113549.1.5.3": "PBE-MD5-DES",
    "1.2.840.113549.1.5.4": "PBE-MD2-RC2",
    "1.2.840.113549.1.5.6": "PBE-MD5-RC2",
    "1.2.840.113549.1.5.10": "PBE-SHA1-DES",
    "1.2.840.113549.1.5.11": "PBE-SHA1-RC2",
    _JCEKS: "PBE-MD5-3DES",
}
_DIGESTS = {
    "1.2.840.113549.2.5": "MD5",
    "1.3.14.3.2.26": "SHA-1",
    "2.16.840.1.101.3.4.2.4": "SHA-224",
    "2.16.840.1.101.3.4.2.1": "SHA-256",
    "2.16.840.1.101.3.4.2.2": "SHA-384",
    "2.16.840.1.101.3.4.2.3": "SHA-512",
    "1.2.840.113549.2.7": "SHA-1",
    "1.2.840.113549.2.8": "SHA-224",
    "1.2.840.113549.2.9": "SHA-256",
    "1.2.840.113549.2.10": "SHA-384",
    "1.2.840.113549.2.11": "SHA-512",
}
_MOST_ROUNDS = 1 << 62

UNREADABLE_PROTECTION = Protection(cipher="?")
"""Something is protected, and it cannot be read how."""
JAVA_STORE_DIGEST = Protection(cipher="SHA-1", derivation="JKS")
"""What proves a JKS or JCEKS store: one SHA-1 over the password and the content."""


def protection_of_key(form: KeyForm, data: bytes, headers: str | None) -> Protection | None:
    """Return how a key is encrypted; None when that cannot be read.

    Args:
        data: EncryptedPrivateKeyInfo where `headers` is None.
        headers: the DEK-Info header of a PEM block.
    """
    if headers is not None:
        return Protection(cipher=headers.partition(",")[0].strip()[:40], derivation="MD5", rounds=1)
    if form is KeyForm.JKS:
        return Protection(cipher="JKS SHA-1", derivation="SHA-1", rounds=1)
    try:
        return protection_of(parts_of(read_element(data, indefinite=True).expect(SEQUENCE), 2)[0])
    except DerError:
        return None


def protection_of(algorithm: Element) -> Protection:
    """Return what an AlgorithmIdentifier of an encryption says.

    Raises:
        DerError: it is damaged.
    """
    oid, parameters = _algorithm(algorithm)
    if oid == _PBES2:
        derivation, scheme = parts_of(_expected(parameters), 2)[:2]
        cipher = _algorithm(scheme)[0]
        name, rounds = _derivation(derivation)
        return Protection(cipher=f"PBES2 {_CIPHERS.get(cipher, cipher)}", derivation=name, rounds=rounds)
    if oid not in _OLD_SCHEMES:
        return Protection(cipher=oid)
    return Protection(cipher=_OLD_SCHEMES[oid], rounds=_rounds(parts_of(_expected(parameters), 2)[1]))


def protection_of_mac(mac_data: Element) -> Protection:
    """Return what MacData of a PKCS#12 file says (RFC 7292 4, RFC 9579).

    Raises:
        DerError: it is damaged.
    """
    parts = parts_of(mac_data.expect(SEQUENCE), 2)
    oid, parameters = _algorithm(parts_of(parts[0].expect(SEQUENCE), 2)[0])
    if oid == _PBMAC1:
        derivation, scheme = parts_of(_expected(parameters), 2)[:2]
        name, rounds = _derivation(derivation)
        digest = _algorithm(scheme)[0]
        return Protection(cipher=f"PBMAC1 {_DIGESTS.get(digest, digest)}", derivation=name, rounds=rounds)
    rounds = _rounds(parts[2]) if len(parts) > 2 else 1
    return Protection(cipher=_DIGESTS.get(oid, oid), derivation="PKCS#12", rounds=rounds)


def _derivation(element: Element) -> tuple[str, int | None]:
    oid, parameters = _algorithm(element)
    if oid == _SCRYPT:
        return "scrypt", _rounds(parts_of(_expected(parameters), 4)[1])
    if oid != _PBKDF2:
        return oid, None
    _, rounds, *optional = parts_of(_expected(parameters), 2)
    digests = [_algorithm(part)[0] for part in optional if part.tag == SEQUENCE]
    digest = _DIGESTS.get(digests[0], digests[0]) if digests else "SHA-1"
    return f"PBKDF2 {digest}", _rounds(rounds)


def _rounds(element: Element) -> int | None:
    """Return a number of rounds; None for one that nobody means."""
    rounds = integer(element)
    return rounds if 0 < rounds < _MOST_ROUNDS else None


def _algorithm(element: Element) -> tuple[str, Element | None]:
    oid, *parameters = parts_of(element.expect(SEQUENCE), 1)
    return object_identifier(oid), parameters[0] if parameters else None


def _expected(parameters: Element | None) -> Element:
    if parameters is None:
        raise DerError("no parameters")
    return parameters.expect(SEQUENCE)
