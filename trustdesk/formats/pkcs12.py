"""PKCS#12 bag by bag: what lies open is read without a password, and one damaged bag hides no other.

Source: RFC 7292; RFC 9579 (PBMAC1).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import Protection
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import bounded
from trustdesk.formats.ber import octets, to_der
from trustdesk.formats.der import SEQUENCE, DerError, Element, object_identifier, parts_of, read_element
from trustdesk.formats.password_encryption import (
    UnsupportedEncryptionError,
    WorkBudget,
    decrypt,
    mac_matches,
)
from trustdesk.formats.private_key import PasswordSource, needs_password, unsupported, wrong_password
from trustdesk.formats.protection import UNREADABLE_PROTECTION, protection_of, protection_of_mac

_DATA = "1.2.840.113549.1.7.1"
_ENCRYPTED_DATA = "1.2.840.113549.1.7.6"
_BAGS = "1.2.840.113549.1.12.10.1."
_X509_CERTIFICATE = "1.2.840.113549.1.9.22.1"
_X509_CRL = "1.2.840.113549.1.9.23.1"
_FRIENDLY_NAME = "1.2.840.113549.1.9.20"
_MAX_DEPTH = 4


class BagKind(StrEnum):
    """What a bag holds."""

    KEY = "1"
    SHROUDED_KEY = "2"
    CERTIFICATE = "3"
    CRL = "4"
    OTHER = "5"


@dataclass(frozen=True, slots=True)
class Bag:
    """One bag.

    Attributes:
        data: DER of the certificate, the CRL or the key as it lies in the bag; the whole bag for OTHER.
        offset: octets from the start of the safe that it lies in.
        alias: its friendly name; None without.
        sealed: how the part that it lay in is encrypted; None for one that lies open.
    """

    kind: BagKind
    data: bytes = field(repr=False)
    offset: int
    alias: str | None
    sealed: Protection | None = None


@dataclass(slots=True)
class OpenedPkcs12:
    """What could be read.

    Attributes:
        password: what opened it; None when it has none, or when nothing did.
        error: why a part stayed closed; None when nothing did.
        parts: how its encrypted parts are protected, as far as that can be read.
        mac: likewise what proves the whole; None without one.
        is_ber: whether it is no DER.
        opens: whether a password, or none, opened what is protected.
    """

    bags: list[Bag] = field(default_factory=list)
    password: str | None = field(default=None, repr=False)
    error: UnusableInputError | None = None
    problems: list[Message] = field(default_factory=list)
    parts: list[Protection] = field(default_factory=list)
    mac: Protection | None = None
    is_ber: bool = False
    opens: bool = False

    @property
    def spellings(self) -> tuple[str | None, ...]:
        """What its parts open with: an empty password is written as nothing or as two zeros."""
        return (self.password,) if self.password else (None, "")


def read_pkcs12(data: bytes, place: str, passwords: PasswordSource, budget: WorkBudget) -> OpenedPkcs12:
    """Read a PKCS#12 file. A file without a password opens without asking.

    Raises:
        DerError: its outermost structure is damaged.
        UnusableInputError: it asks for endless work.
    """
    outer = read_element(_definite(data), indefinite=True).expect(SEQUENCE)
    _, safe, *rest = parts_of(outer, 2)
    content = _content_of(safe)
    opened = OpenedPkcs12(is_ber=_definite(data) != data or _definite(content) != content)
    sealed: list[Element] = []
    for part in read_element(_definite(content), indefinite=True).expect(SEQUENCE).children():
        try:
            kind = object_identifier(parts_of(part.expect(SEQUENCE), 1)[0])
            if kind == _DATA:
                _collect(_content_of(part), opened, None)
            elif kind == _ENCRYPTED_DATA:
                sealed.append(part)
            else:
                opened.problems.append(msg("A part of the file is encrypted for a recipient's key."))
        except DerError:
            opened.problems.append(msg("A part of the file is damaged."))
    mac = rest[0] if rest else None
    _describe(opened, sealed, mac)
    if mac is None and not sealed:
        opened.opens = True
        return opened
    lock = _Lock(sealed, mac, content, budget, place)
    try:
        _unlock(opened, lock, passwords)
    except UnsupportedEncryptionError:
        opened.error = unsupported(place)
    except (ValueError, IndexError):
        opened.problems.append(msg("How the file is protected is damaged."))
    return opened


@dataclass(frozen=True, slots=True)
class _Lock:
    """What a password has to open: the MAC first, for an encrypted part takes a wrong one now and then."""

    sealed: list[Element]
    mac: Element | None
    content: bytes
    budget: WorkBudget
    place: str

    def opens(self, password: str | None) -> bool:
        if self.mac is not None:
            return mac_matches(self.mac, self.content, password, self.budget, self.place)
        return self.plain(self.sealed[0], password) is not None

    def plain(self, part: Element, password: str | None) -> bytes | None:
        """Decrypt an EncryptedData (RFC 5652 8); None when the password is wrong or the part damaged."""
        _, algorithm, content = _encrypted_content(part)[:3]
        plain = decrypt(algorithm, octets(content), password, self.budget, self.place)
        try:
            return None if plain is None else read_element(plain, indefinite=True).expect(SEQUENCE).data
        except DerError:
            return None


def _describe(opened: OpenedPkcs12, sealed: list[Element], mac: Element | None) -> None:
    """Note how it is protected, whatever opens it."""
    for part in sealed:
        try:
            opened.parts.append(protection_of(_encrypted_content(part)[1]))
        except DerError:
            opened.parts.append(UNREADABLE_PROTECTION)
    if mac is not None:
        try:
            opened.mac = protection_of_mac(mac)
        except DerError:
            opened.mac = UNREADABLE_PROTECTION


def _encrypted_content(part: Element) -> list[Element]:
    """Return the type, the algorithm and the content of an EncryptedData (RFC 5652 8)."""
    encrypted = parts_of(parts_of(part, 2)[1], 1)[0].expect(SEQUENCE)
    return parts_of(parts_of(encrypted, 2)[1].expect(SEQUENCE), 3)


def _unlock(opened: OpenedPkcs12, lock: _Lock, passwords: PasswordSource) -> None:
    subject = msg("The password of {file}", file=lock.place)
    for password in passwords.attempts(subject, unasked=(None, "")):
        if lock.opens(password):
            opened.password, opened.opens = password, True
            break
    else:
        opened.error = wrong_password(lock.place) if passwords.has_some else needs_password(lock.place)
        return
    for part, protection in zip(lock.sealed, opened.parts, strict=True):
        try:
            plain = next(
                (found for word in opened.spellings if (found := lock.plain(part, word)) is not None), None
            )
        except UnsupportedEncryptionError:
            opened.error = unsupported(lock.place)
            continue
        except (ValueError, IndexError):
            plain = None
        if plain is None:
            opened.problems.append(msg("An encrypted part of the file does not open: it is damaged."))
        else:
            _collect(plain, opened, protection)


def _definite(data: bytes) -> bytes:
    """BER as DER; what cannot be transcoded as it is, for its other parts may be whole."""
    try:
        return to_der(data)
    except DerError:
        return data


def _content_of(content_info: Element) -> bytes:
    kind, wrapped = parts_of(content_info.expect(SEQUENCE), 2)[:2]
    if object_identifier(kind) != _DATA:
        raise DerError("a safe that is signed instead of protected by a password")
    return octets(parts_of(wrapped, 1)[0])


def _collect(safe: bytes, opened: OpenedPkcs12, sealed: Protection | None) -> None:
    try:
        _bags(read_element(_definite(safe), indefinite=True).expect(SEQUENCE), opened, sealed, 0)
    except DerError:
        opened.problems.append(msg("A part of the file is damaged."))


def _bags(contents: Element, opened: OpenedPkcs12, sealed: Protection | None, depth: int) -> None:
    for bag in contents.children():
        try:
            parts = parts_of(bag.expect(SEQUENCE), 2)
            kind = object_identifier(parts[0])
            value = parts_of(parts[1], 1)[0]
            alias = _friendly_name(parts[2]) if len(parts) > 2 else None
            if kind == f"{_BAGS}6" and depth < _MAX_DEPTH:
                _bags(value.expect(SEQUENCE), opened, sealed, depth + 1)
            else:
                read = _bag(kind.removeprefix(_BAGS), bag, value, alias)
                opened.bags.append(replace(read, sealed=sealed))
        except DerError:
            opened.bags.append(Bag(BagKind.OTHER, bag.raw, bag.start, None, sealed))


def _bag(kind: str, bag: Element, value: Element, alias: str | None) -> Bag:
    match kind:
        case "1" | "2":
            return Bag(BagKind(kind), value.raw, value.start, alias)
        case "3" | "4":
            form, wrapped = parts_of(value.expect(SEQUENCE), 2)[:2]
            if object_identifier(form) in {_X509_CERTIFICATE, _X509_CRL}:
                content = parts_of(wrapped, 1)[0]
                return Bag(BagKind(kind), octets(content), content.content_start, alias)
        case _:
            pass
    return Bag(BagKind.OTHER, bag.raw, bag.start, alias)


def _friendly_name(attributes: Element) -> str | None:
    for attribute in attributes.children():
        kind, values = parts_of(attribute.expect(SEQUENCE), 2)[:2]
        if object_identifier(kind) == _FRIENDLY_NAME:
            return bounded(parts_of(values, 1)[0].content.decode("utf-16-be", "replace"))
    return None
