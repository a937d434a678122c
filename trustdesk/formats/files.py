"""Certificates and client credentials out of a person's files, whatever they are called.

What a file is, its bytes say; names and endings are not looked at. Every error names the file, what it holds
instead, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import ItemKind, ReadingLimits
from trustdesk.core.message import Message, msg
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.contents import Content, read_contents
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.keyed_certificates import keyed_certificates
from trustdesk.formats.kinds import FileKind
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.private_key import PasswordSource, damaged_key

Ask = Callable[[], str | None]
"""Asks the person for a password; None when there is none to be had."""

MAX_BYTES = 16 * 1024 * 1024
MAX_ROUNDS = 10_000_000
"""Rounds of key derivation that a file may ask for: seconds of work, where 600,000 are the custom."""

_LIMITS = ReadingLimits(bytes=MAX_BYTES, items=100_000, rounds=MAX_ROUNDS)


def _passwords(ask: Ask | None) -> PasswordSource:
    return PasswordSource(None if ask is None else lambda _: ask())


def read_certificates(data: bytes, place: str, password: Ask | None = None) -> tuple[CertificateFacts, ...]:
    """Read all certificates of a PEM bundle, a DER certificate or a PKCS#12 file, in their order.

    Args:
        place: the file, for errors.
        password: asked only when the file is protected; None, or None from it, when there is none.

    Raises:
        UnusableInputError: there is no certificate in it; says what there is.
        WrongPasswordError: the password is missing or wrong.
    """
    items = _read(data, place, _passwords(password), WorkBudget(MAX_ROUNDS))
    return tuple(read_certificate(der) for der in _certificates_of(items, place))


def read_credential(
    certificate_data: bytes,
    certificate_place: str,
    key_data: bytes | None = None,
    key_place: str | None = None,
    password: Ask | None = None,
    name: str | None = None,
) -> ClientCredential:
    """Read a client certificate with its chain and its private key from one file or two.

    The certificate that belongs to the key comes first, then its issuers as far as they are there, without
    a self-signed one; certificates that do not belong to the path are left out.

    Args:
        key_data: the file with the key; None when the certificate's file holds it too.
        password: asked once, and only when a file is protected.

    Raises:
        UnusableInputError: certificate or key is missing, damaged or unsupported, or they do not match.
        WrongPasswordError: the password is missing or wrong.
    """
    passwords, budget = _passwords(password), WorkBudget(MAX_ROUNDS)
    items = _read(certificate_data, certificate_place, passwords, budget)
    if key_data is None:
        key_items, key_file = items, certificate_place
    else:
        key_file = key_place or certificate_place
        key_items = _read(key_data, key_file, passwords, budget)
    _certificates_of(items, certificate_place)
    found = keyed_certificates(
        _keys_of(key_items, key_file, alone=key_data is None), items, passwords, budget
    )
    for one in found:
        if one.private_key is not None and one.certification_path:
            return ClientCredential(
                name=name, certification_path=one.certification_path, private_key=one.private_key
            )
    raise next((one.error for one in found if one.error is not None), None) or UnusableInputError(
        msg("The private key and the certificate do not belong together."),
        remedy=msg("Name the key that the certificate was requested with, or import the PKCS#12 file."),
        place=key_file,
    )


def _read(data: bytes, place: str, passwords: PasswordSource, budget: WorkBudget) -> list[Content]:
    """Return what is in the file.

    Raises:
        UnusableInputError: it is empty, too large, or asks for endless work.
    """
    if not data.strip():
        raise UnusableInputError(
            msg("The file is empty."), remedy=msg("Name the file that holds the certificate."), place=place
        )
    if len(data) > MAX_BYTES:
        raise UnusableInputError(
            msg("The file holds more than {megabytes} MB.", megabytes=MAX_BYTES // (1024 * 1024)),
            remedy=msg("Name the file with the certificates alone."),
            place=place,
        )
    return read_contents(data, place, passwords, budget, _LIMITS).items


def _certificates_of(items: list[Content], place: str) -> list[bytes]:
    """Return the DER of all certificates.

    Raises:
        UnusableInputError: there is none, one is damaged beyond telling, or a container stayed closed.
    """
    for item in items:
        if item.kind is ItemKind.UNKNOWN and item.found is FileKind.CERTIFICATE and item.block is not None:
            raise UnusableInputError(
                msg("Block {position} is a certificate with damaged Base64.", position=item.block),
                remedy=msg("Copy the block again, from BEGIN to END, or take it out."),
                place=place,
            )
        if item.error is not None and item.kind is not ItemKind.JKS:
            raise item.error
    certificates = [item.data for item in items if item.kind is ItemKind.CERTIFICATE]
    if not certificates:
        raise _no_certificate(items, place)
    return certificates


def _keys_of(items: list[Content], place: str, *, alone: bool) -> list[Content]:
    """Return all private keys, closed as they lie there.

    Raises:
        UnusableInputError: there is none, or one is damaged.
        WrongPasswordError: a container stayed closed.
    """
    for item in items:
        if item.error is not None and item.kind is not ItemKind.JKS:
            raise item.error
        if item.kind is ItemKind.UNKNOWN and item.found is FileKind.PRIVATE_KEY:
            raise damaged_key(place)
    keys = [item for item in items if item.key is not None]
    if not keys:
        raise _no_key(place, alone=alone)
    return keys


def _no_key(place: str, *, alone: bool) -> UnusableInputError:
    return UnusableInputError(
        msg("There is no private key in the file."),
        remedy=msg("Name the file with the private key too, or use a PKCS#12 file, which holds both.")
        if alone
        else msg("Name the file that holds the private key."),
        place=place,
    )


_INSTEAD: dict[FileKind, tuple[Message, Message]] = {
    FileKind.PRIVATE_KEY: (
        msg("The file holds a private key, where a certificate is expected."),
        msg("Name the certificate's file here, and this one as the key."),
    ),
    FileKind.REQUEST: (
        msg("The file holds a certificate request (CSR), not a certificate."),
        msg("Send it to the CA, and name the certificate that comes back."),
    ),
    FileKind.REVOCATION_LIST: (
        msg("The file holds a revocation list (CRL), not a certificate."),
        msg("Name the file with the certificate."),
    ),
    FileKind.PKCS7: (
        msg("The PKCS#7 bundle holds no certificate that can be read."),
        msg("Export it again with the certificate and its chain."),
    ),
    FileKind.PUBLIC_KEY: (
        msg("The file holds a public key alone, not a certificate."),
        msg("Name the file with the certificate."),
    ),
    FileKind.JAVA_KEY_STORE: (
        msg("The Java key store (JKS) holds no certificate."),
        msg("Name the key store that the certificate was imported into."),
    ),
    FileKind.PKCS12: (
        msg("The PKCS#12 file holds no certificate."),
        msg("Export it again with the certificate and its chain."),
    ),
    FileKind.UNKNOWN: (
        msg("There is no certificate in the file."),
        msg("Name a PEM, DER, PKCS#7, PKCS#12 or JKS file with a certificate in it."),
    ),
}
_INSTEAD[FileKind.ENCRYPTED_PRIVATE_KEY] = _INSTEAD[FileKind.PRIVATE_KEY]
_INSTEAD[FileKind.CERTIFICATE] = _INSTEAD[FileKind.UNKNOWN]


def _no_certificate(items: list[Content], place: str) -> UnusableInputError:
    # A container says nothing: what it holds instead says more.
    kinds = [item.found for item in items if item.found is not FileKind.UNKNOWN]
    problem, remedy = _INSTEAD[kinds[0] if kinds else FileKind.UNKNOWN]
    return UnusableInputError(problem, remedy=remedy, place=place)
