"""Private keys out of their wrappings, in memory only, with the work that a file may ask for bounded.

No error made here carries the library's own words: they may quote what was read.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes, PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_der_private_key,
    load_pem_private_key,
    pkcs12,
)

from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.message import msg
from trustdesk.formats.kinds import largest_iteration_count
from trustdesk.formats.pem import PemBlock

Ask = Callable[[], str | None]
"""Asks the person for a password; None when there is none to be had."""

MAX_ITERATIONS = 10_000_000
"""Rounds of key derivation that a file may ask for: seconds of work, where 600,000 are the custom."""

_DER = Encoding.DER
_USABLE_KEYS = (RSAPrivateKey, EllipticCurvePrivateKey, Ed25519PrivateKey, Ed448PrivateKey)


@dataclass(slots=True)
class PasswordSource:
    """The password of one pair of files, asked for once, when the first of them needs it."""

    ask: Ask | None
    _answer: bytes | None = field(default=None, repr=False)
    _asked: bool = False

    def password(self, place: str) -> bytes:
        """Return the password.

        Raises:
            WrongPasswordError: there is none.
        """
        if not self._asked:
            answer = None if self.ask is None else self.ask()
            self._answer = None if answer is None else answer.encode()
            self._asked = True
        if self._answer is None:
            raise WrongPasswordError(
                msg("The file is protected and needs a password."),
                remedy=msg("Give the password that the file was saved with."),
                place=place,
            )
        return self._answer


def refuse_endless_work(der: bytes, place: str) -> None:
    """Check the work factors that stand in the clear before anything derives a key.

    Raises:
        UnusableInputError: one of them is over the limit.
    """
    count = largest_iteration_count(der)
    if count > MAX_ITERATIONS:
        raise UnusableInputError(
            msg("The file asks for more than {limit} rounds of key derivation.", limit=MAX_ITERATIONS),
            remedy=msg("Save it again with fewer rounds: 600,000 are plenty."),
            place=place,
        )


def read_pem_key(block: PemBlock, place: str, passwords: PasswordSource) -> PrivateKeyTypes:
    """Read a private key from a PEM block (PKCS#8, PKCS#1, SEC 1, each also encrypted).

    Raises:
        UnusableInputError: it is damaged, of an unsupported kind, or asks for endless work.
        WrongPasswordError: the password is missing or wrong.
    """
    if block.der is not None:
        refuse_endless_work(block.der, place)
    encrypted = block.label == "ENCRYPTED PRIVATE KEY" or b"\nProc-Type: 4,ENCRYPTED" in block.text
    return _load(lambda password: load_pem_private_key(block.text, password), encrypted, place, passwords)


def read_der_key(der: bytes, place: str, passwords: PasswordSource, *, encrypted: bool) -> PrivateKeyTypes:
    """Read a private key from DER (PKCS#8, also encrypted, PKCS#1, SEC 1).

    Raises:
        UnusableInputError: it is damaged, of an unsupported kind, or asks for endless work.
        WrongPasswordError: the password is missing or wrong.
    """
    refuse_endless_work(der, place)
    return _load(lambda password: load_der_private_key(der, password), encrypted, place, passwords)


def read_pkcs12(
    data: bytes, place: str, passwords: PasswordSource
) -> tuple[PrivateKeyTypes | None, tuple[bytes, ...]]:
    """Read a PKCS#12 file: its key, and its certificates as DER with the key's own first.

    A file without a password opens without asking, whether it was written with none or with an empty one.

    Raises:
        UnusableInputError: it is damaged, uses something unsupported, or asks for endless work.
        WrongPasswordError: the password is missing or wrong.
    """
    refuse_endless_work(data, place)
    contents = _open_pkcs12(data, None, place) or _open_pkcs12(data, b"", place)
    if contents is None:
        contents = _open_pkcs12(data, passwords.password(place), place)
    if contents is None:
        raise _wrong_password(place)
    certificates = [] if contents.cert is None else [contents.cert.certificate]
    certificates += [extra.certificate for extra in contents.additional_certs]
    return contents.key, tuple(certificate.public_bytes(_DER) for certificate in certificates)


def usable_key(key: PrivateKeyTypes, place: str) -> CertificateIssuerPrivateKeyTypes:
    """Return a key that a TLS client can authenticate itself with: RSA, EC, Ed25519 or Ed448.

    Raises:
        UnusableInputError: it is of another kind.
    """
    if isinstance(key, _USABLE_KEYS):
        return key
    raise UnusableInputError(
        msg("The private key is of a kind that TLS clients cannot use."),
        remedy=msg("Use an RSA key of 2048 bits or more, or an EC key on P-256 or P-384."),
        place=place,
    )


def _load(
    load: Callable[[bytes | None], PrivateKeyTypes], encrypted: bool, place: str, passwords: PasswordSource
) -> PrivateKeyTypes:
    password = passwords.password(place) if encrypted else None
    try:
        # An empty password is none to the library, which then says with a TypeError that one is needed.
        return load(password)
    except UnsupportedAlgorithm:
        raise _unsupported(place) from None
    except (ValueError, TypeError):
        if encrypted:
            raise _wrong_password(place) from None
        raise _damaged_key(place) from None


def _open_pkcs12(data: bytes, password: bytes | None, place: str) -> pkcs12.PKCS12KeyAndCertificates | None:
    """Return the contents, or None when the password does not open it."""
    try:
        with warnings.catch_warnings():
            # Files of old Java and Windows tools are BER; they open all the same.
            warnings.filterwarnings("ignore", message="PKCS#12 bundle could not be parsed as DER")
            return pkcs12.load_pkcs12(data, password)
    except UnsupportedAlgorithm:
        raise _unsupported(place) from None
    except (ValueError, TypeError):
        return None


def _wrong_password(place: str) -> WrongPasswordError:
    return WrongPasswordError(
        msg("The file does not open: the password is wrong, or the file is damaged."),
        remedy=msg("Try the password again, or ask for the file once more."),
        place=place,
    )


def _damaged_key(place: str) -> UnusableInputError:
    return UnusableInputError(
        msg("The private key is damaged."), remedy=msg("Export it again from where it was made."), place=place
    )


def _unsupported(place: str) -> UnusableInputError:
    return UnusableInputError(
        msg("The file uses an encryption or a kind of key that is not supported here."),
        remedy=msg("Export it again as PKCS#12 with AES, and with an RSA or EC key."),
        place=place,
    )
