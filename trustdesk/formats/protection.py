"""How a password protects something, read from its algorithm identifiers: no password is needed for it.

Source: RFC 8018 (PBES1, PBES2), RFC 7292 appendix C, RFC 7914 (scrypt), RFC 9579 (PBMAC1), RFC 1421 4.6.1.3;
the OpenJDK's published key store formats.
"""

from __future__ import annotations

from collections.abc import Mapping

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
from trustdesk.formats.encryption_oids import (
    DIGESTS,
    ENCRYPTION_SCHEMES,
    HMACS,
    OLD_SCHEMES,
    PBES2,
    PBKDF2,
    PBMAC1,
    SCRYPT,
    Digest,
    EncryptionScheme,
)
from trustdesk.formats.kinds import KeyForm

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
    if oid == PBES2:
        derivation, scheme = parts_of(_expected(parameters), 2)[:2]
        cipher = _name(ENCRYPTION_SCHEMES, _algorithm(scheme)[0])
        name, rounds = _derivation(derivation)
        return Protection(cipher=f"PBES2 {cipher}", derivation=name, rounds=rounds)
    if oid not in OLD_SCHEMES:
        return Protection(cipher=oid)
    return Protection(cipher=OLD_SCHEMES[oid].name, rounds=_rounds(parts_of(_expected(parameters), 2)[1]))


def protection_of_mac(mac_data: Element) -> Protection:
    """Return what MacData of a PKCS#12 file says (RFC 7292 4, RFC 9579).

    Raises:
        DerError: it is damaged.
    """
    parts = parts_of(mac_data.expect(SEQUENCE), 2)
    oid, parameters = _algorithm(parts_of(parts[0].expect(SEQUENCE), 2)[0])
    if oid == PBMAC1:
        derivation, scheme = parts_of(_expected(parameters), 2)[:2]
        name, rounds = _derivation(derivation)
        digest = _name(HMACS, _algorithm(scheme)[0])
        return Protection(cipher=f"PBMAC1 {digest}", derivation=name, rounds=rounds)
    rounds = _rounds(parts[2]) if len(parts) > 2 else 1
    return Protection(cipher=_name(DIGESTS, oid), derivation="PKCS#12", rounds=rounds)


def _derivation(element: Element) -> tuple[str, int | None]:
    oid, parameters = _algorithm(element)
    if oid == SCRYPT:
        return "scrypt", _rounds(parts_of(_expected(parameters), 4)[1])
    if oid != PBKDF2:
        return oid, None
    _, rounds, *optional = parts_of(_expected(parameters), 2)
    digests = [_algorithm(part)[0] for part in optional if part.tag == SEQUENCE]
    digest = _name(HMACS, digests[0]) if digests else "SHA-1"
    return f"PBKDF2 {digest}", _rounds(rounds)


def _name(table: Mapping[str, Digest] | Mapping[str, EncryptionScheme], oid: str) -> str:
    return table[oid].name if oid in table else oid


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
