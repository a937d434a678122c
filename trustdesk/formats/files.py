"""Certificates and client credentials out of a person's files, whatever they are called.

What a file is, its bytes say; names and endings are not looked at. Every error names the file, what it holds
instead, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes, PrivateKeyTypes

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import certification_path, public_key_of, spki_of
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.der import DerError, read_element
from trustdesk.formats.kinds import FileKind, kind_of
from trustdesk.formats.pem import CERTIFICATE_LABELS, KEY_LABELS, PemBlock, looks_like_pem, pem_blocks
from trustdesk.formats.private_key import (
    Ask,
    PasswordSource,
    read_der_key,
    read_pem_key,
    read_pkcs12,
    usable_key,
)

MAX_BYTES = 16 * 1024 * 1024


def read_certificates(data: bytes, place: str, password: Ask | None = None) -> tuple[CertificateFacts, ...]:
    """Read all certificates of a PEM bundle, a DER certificate or a PKCS#12 file, in their order.

    Args:
        place: the file, for errors.
        password: asked only when the file is protected; None, or None from it, when there is none.

    Raises:
        UnusableInputError: there is no certificate in it; says what there is.
        WrongPasswordError: the password is missing or wrong.
    """
    contents = _read(data, place, PasswordSource(password), want_keys=False)
    if not contents.certificates:
        raise _no_certificate(contents, place)
    return tuple(read_certificate(der) for der in contents.certificates)


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
    passwords = PasswordSource(password)
    if key_data is None:
        contents = _read(certificate_data, certificate_place, passwords, want_keys=True)
        keys, key_file = contents.keys, certificate_place
    else:
        key_file = key_place or certificate_place
        keys = _read(key_data, key_file, passwords, want_keys=True).keys
        contents = _read(certificate_data, certificate_place, passwords, want_keys=False)
    if not contents.certificates:
        raise _no_certificate(contents, certificate_place)
    if not keys:
        raise _no_key(key_file, alone=key_data is None)
    key, leaf = _matching(keys, contents.certificates, key_file)
    return ClientCredential(
        name=name, certification_path=certification_path(leaf, contents.certificates), private_key=key
    )


@dataclass(slots=True)
class _Contents:
    """What a file holds; `others` are the kinds of what is neither."""

    certificates: list[bytes] = field(default_factory=list)
    keys: list[PrivateKeyTypes] = field(default_factory=list, repr=False)
    others: list[FileKind] = field(default_factory=list)


def _read(data: bytes, place: str, passwords: PasswordSource, *, want_keys: bool) -> _Contents:
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
    if looks_like_pem(data):
        return _read_pem(pem_blocks(data), place, passwords, want_keys=want_keys)
    contents = _Contents()
    match kind := kind_of(data):
        case FileKind.CERTIFICATE:
            contents.certificates.append(data)
        case FileKind.PKCS12:
            key, certificates = read_pkcs12(data, place, passwords)
            contents.certificates.extend(certificates)
            if key is not None:
                contents.keys.append(key)
        case FileKind.PRIVATE_KEY | FileKind.ENCRYPTED_PRIVATE_KEY if want_keys:
            encrypted = kind is FileKind.ENCRYPTED_PRIVATE_KEY
            contents.keys.append(read_der_key(data, place, passwords, encrypted=encrypted))
        case _:
            contents.others.append(kind)
    return contents


_KIND_OF_LABEL = {
    "CERTIFICATE REQUEST": FileKind.REQUEST,
    "NEW CERTIFICATE REQUEST": FileKind.REQUEST,
    "X509 CRL": FileKind.REVOCATION_LIST,
    "PKCS7": FileKind.PKCS7,
    "CMS": FileKind.PKCS7,
    "PUBLIC KEY": FileKind.PUBLIC_KEY,
    "RSA PUBLIC KEY": FileKind.PUBLIC_KEY,
} | dict.fromkeys([*KEY_LABELS, "OPENSSH PRIVATE KEY"], FileKind.PRIVATE_KEY)


def _read_pem(
    blocks: Iterable[PemBlock], place: str, passwords: PasswordSource, *, want_keys: bool
) -> _Contents:
    contents = _Contents()
    for block in blocks:
        if block.label in CERTIFICATE_LABELS:
            contents.certificates.append(_certificate_in(block, place))
        elif block.label in KEY_LABELS and want_keys:
            contents.keys.append(read_pem_key(block, place, passwords))
        else:
            contents.others.append(_KIND_OF_LABEL.get(block.label, FileKind.UNKNOWN))
    return contents


def _certificate_in(block: PemBlock, place: str) -> bytes:
    if block.der:
        if block.label != "TRUSTED CERTIFICATE":
            return block.der
        try:
            # OpenSSL appends its own trust settings behind the certificate.
            return read_element(block.der).raw
        except DerError:
            return block.der
    raise UnusableInputError(
        msg("Block {position} of the file is a certificate with damaged Base64.", position=block.position),
        remedy=msg("Copy the block again, from BEGIN to END, or take it out."),
        place=place,
    )


def _matching(
    keys: list[PrivateKeyTypes], certificates: list[bytes], place: str
) -> tuple[CertificateIssuerPrivateKeyTypes, bytes]:
    """Return the first key that a certificate is made for, and that certificate, end entities first."""
    loaded = [(der, public_key_of(der)) for der in certificates]
    loaded.sort(key=lambda item: read_certificate(item[0]).is_ca)
    usable = [usable_key(key, place) for key in keys]
    for key in usable:
        wanted = spki_of(key.public_key())
        for der, public_key in loaded:
            if public_key == wanted:
                return key, der
    raise UnusableInputError(
        msg("The private key and the certificate do not belong together."),
        remedy=msg("Name the key that the certificate was requested with, or import the PKCS#12 file."),
        place=place,
    )


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
        msg("The file is a PKCS#7 bundle (.p7b), which is not read here yet."),
        msg("Turn it into PEM: openssl pkcs7 -print_certs -in FILE -out FILE.pem"),
    ),
    FileKind.PUBLIC_KEY: (
        msg("The file holds a public key alone, not a certificate."),
        msg("Name the file with the certificate."),
    ),
    FileKind.JAVA_KEY_STORE: (
        msg("The file is a Java key store (JKS), which is not read here yet."),
        msg("Turn it into PKCS#12: keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12"),
    ),
    FileKind.PKCS12: (
        msg("The PKCS#12 file holds no certificate."),
        msg("Export it again with the certificate and its chain."),
    ),
    FileKind.UNKNOWN: (
        msg("There is no certificate in the file."),
        msg("Name a PEM, DER or PKCS#12 file with a certificate in it."),
    ),
}
_INSTEAD[FileKind.ENCRYPTED_PRIVATE_KEY] = _INSTEAD[FileKind.PRIVATE_KEY]
_INSTEAD[FileKind.CERTIFICATE] = _INSTEAD[FileKind.UNKNOWN]


def _no_certificate(contents: _Contents, place: str) -> UnusableInputError:
    kinds = [*contents.others, *(FileKind.PRIVATE_KEY for _ in contents.keys), FileKind.UNKNOWN]
    problem, remedy = _INSTEAD[kinds[0]]
    return UnusableInputError(problem, remedy=remedy, place=place)
