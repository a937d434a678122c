"""Private keys out of their wrappings, in memory only, with the work that a file may ask for bounded.

No error made here carries the library's own words: they may quote what was read.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes, PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_private_key

from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.inspection import Protection
from trustdesk.core.message import Message, msg
from trustdesk.formats import java_key_protection
from trustdesk.formats.ber import octets
from trustdesk.formats.der import SEQUENCE, DerError, parts_of, read_element
from trustdesk.formats.kinds import KeyForm
from trustdesk.formats.password_encryption import (
    UnsupportedEncryptionError,
    WorkBudget,
    decrypt,
    decrypt_by_headers,
)

Ask = Callable[[Message], str | None]
"""Asks the person for the password of the thing named; None when there is none to be had."""

MAX_KEY_BYTES = 12 * 1024
"""DER of one key: RSA with 16,384 bits takes 9.4 kB, and checking more would take minutes."""

USABLE_ALGORITHMS = frozenset({"RSA", "EC", "Ed25519", "Ed448"})
"""What `KeyFacts` calls the keys that `usable_key` returns."""

_USABLE_KEYS = (RSAPrivateKey, EllipticCurvePrivateKey, Ed25519PrivateKey, Ed448PrivateKey)


@dataclass(slots=True)
class PasswordSource:
    """The passwords of one call: each thing is asked for when it needs one that is not known yet.

    Attributes:
        ask: None when there is nobody to ask.
        known: those that have been given, tried on everything before a person is asked again.
    """

    ask: Ask | None
    known: list[str] = field(default_factory=list, repr=False)
    _given_up: bool = False

    def attempts(self, subject: Message, unasked: Sequence[str | None] = ()) -> Iterator[str | None]:
        """Yield the passwords that have been given, then ask for one that is not among them.

        Args:
            unasked: tried before anybody is asked; None for no password at all.
        """
        yield from tuple(self.known)
        yield from unasked
        if self.ask is None or self._given_up:
            return
        answer = self.ask(subject)
        if answer is None:
            self._given_up = True
        elif answer not in self.known:
            self.known.append(answer)
            yield answer

    @property
    def has_some(self) -> bool:
        """Whether a password has been given."""
        return bool(self.known)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedKey:
    """A private key as it lies in a file, opened only when it is needed.

    Attributes:
        form: how it is written down.
        encrypted: whether a password protects it.
        data: DER; encrypted as a whole where `headers` say so.
        headers: the DEK-Info header of a PEM block (RFC 1421); None where no header protects the key.
        passwords: what opened the container that it lies in, tried first; None for no password at all.
        alias: what the container calls it.
        enclosure: how the part of the container around it is encrypted; None where that lies open.
    """

    form: KeyForm
    encrypted: bool
    data: bytes = field(repr=False)
    headers: str | None = None
    passwords: tuple[str | None, ...] = field(default=(), repr=False)
    alias: str | None = None
    enclosure: Protection | None = None


def open_key(
    key: SealedKey, place: str, passwords: PasswordSource, budget: WorkBudget, *, checked: bool = True
) -> PrivateKeyTypes:
    """Return the key alone; see `open_with_password`."""
    return open_with_password(key, place, passwords, budget, checked=checked)[0]


def open_with_password(
    key: SealedKey, place: str, passwords: PasswordSource, budget: WorkBudget, *, checked: bool = True
) -> tuple[PrivateKeyTypes, str | None]:
    """Return the key and the password that opened it (None for none), asking for one if need be.

    Args:
        checked: whether the numbers of an RSA key are checked against each other, which takes long.

    Raises:
        UnusableInputError: it is damaged, of an unsupported kind, or asks for endless work.
        WrongPasswordError: the password is missing or wrong.
    """
    if len(key.data) > MAX_KEY_BYTES:
        raise damaged_key(place)
    if not key.encrypted:
        return _load(key.data, place, checked=checked), None
    subject = (
        msg("The password of the private key")
        if key.alias is None
        else msg("The password of the private key {alias}", alias=key.alias)
    )
    for password in chain(key.passwords, passwords.attempts(subject)):
        opened = _try(key, password, place, budget, checked=checked)
        if opened is not None:
            return opened, password
    raise wrong_password(place) if passwords.has_some else needs_password(place)


def usable_key(key: PrivateKeyTypes, place: str) -> CertificateIssuerPrivateKeyTypes:
    """Return a key that a TLS client can authenticate itself with: RSA, EC, Ed25519 or Ed448.

    Raises:
        UnusableInputError: it is of another kind.
    """
    if isinstance(key, _USABLE_KEYS):
        return key
    raise wrong_kind(place)


def _try(
    key: SealedKey, password: str | None, place: str, budget: WorkBudget, *, checked: bool
) -> PrivateKeyTypes | None:
    """Return the key, or None when the password does not open it."""
    try:
        plain = _decrypted(key, password, place, budget)
    except UnsupportedEncryptionError:
        raise unsupported(place) from None
    except (ValueError, IndexError):
        raise damaged_key(place) from None
    if plain is None:
        return None
    try:
        plain = read_element(plain).expect(SEQUENCE).raw
    except DerError:
        return None
    return _load(plain, place, checked=checked)


def _decrypted(key: SealedKey, password: str | None, place: str, budget: WorkBudget) -> bytes | None:
    if key.headers is not None:
        return decrypt_by_headers(key.headers, key.data, password or "")
    algorithm, content = parts_of(read_element(key.data, indefinite=True).expect(SEQUENCE), 2)[:2]
    if key.form is KeyForm.JKS:
        return java_key_protection.open_jks(octets(content), password or "")
    if key.form is KeyForm.JCEKS:
        return java_key_protection.open_jceks(algorithm, octets(content), password or "", budget, place)
    return decrypt(algorithm, octets(content), password, budget, place)


def _load(data: bytes, place: str, *, checked: bool) -> PrivateKeyTypes:
    try:
        with warnings.catch_warnings():
            # Keys of old sizes and curves are facts to show, not lines for standard error.
            warnings.simplefilter("ignore")
            return load_der_private_key(data, None, unsafe_skip_rsa_key_validation=not checked)
    except UnsupportedAlgorithm:
        raise unsupported(place) from None
    except (ValueError, TypeError):
        raise damaged_key(place) from None


class UnsupportedKindError(UnusableInputError):
    """An encryption or a kind of key that is not supported here; another password does not help."""


def needs_password(place: str) -> WrongPasswordError:
    """Say that something is protected and that no password was given."""
    return WrongPasswordError(
        msg("The file is protected and needs a password."),
        remedy=msg("Give the password that the file was saved with."),
        place=place,
    )


def wrong_password(place: str) -> WrongPasswordError:
    """Say that none of the passwords given opens it."""
    return WrongPasswordError(
        msg("The file does not open: the password is wrong, or the file is damaged."),
        remedy=msg("Try the password again, or ask for the file once more."),
        place=place,
    )


def unsupported(place: str) -> UnsupportedKindError:
    """Say that something is not supported here."""
    return UnsupportedKindError(
        msg("The file uses an encryption or a kind of key that is not supported here."),
        remedy=msg("Export it again as PKCS#12 with AES, and with an RSA or EC key."),
        place=place,
    )


def wrong_kind(place: str) -> UnusableInputError:
    """Say that a key is whole, and of a kind that TLS has no use for."""
    return UnusableInputError(
        msg("The private key is of a kind that TLS clients cannot use."),
        remedy=msg("Use an RSA key of 2048 bits or more, or an EC key on P-256 or P-384."),
        place=place,
    )


def damaged_key(place: str) -> UnusableInputError:
    """Say that a key is there and cannot be read."""
    return UnusableInputError(
        msg("The private key is damaged."), remedy=msg("Export it again from where it was made."), place=place
    )
