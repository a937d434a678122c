"""Private keys out of files with the certificates that were made for them, whichever file each lies in.

Names say nothing here: a certificate belongs to a key when its public key is that key's.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import ItemKind
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import IssuerPool, build_path, public_key_of, spki_sha256
from trustdesk.formats.contents import Content
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.private_key import PasswordSource, open_key, usable_key

_NO_DATE = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something lies in the files.

    Attributes:
        source, position, parent, alias: as in `core.inspection.InspectedItem`.
    """

    source: str
    position: int
    parent: int | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCertificate:
    """A certificate and where it lies; `place` is None for one that is in no file."""

    facts: CertificateFacts
    place: Place | None = None


class CertificatesByKey:
    """Certificates by the key that they were made for."""

    def __init__(self, certificates: Iterable[PlacedCertificate]) -> None:
        self._by_key: dict[str, list[PlacedCertificate]] = defaultdict(list)
        for one in certificates:
            key = public_key_of(one.facts.der)
            if key is not None:
                self._by_key[hashlib.sha256(key).hexdigest()].append(one)

    def of(self, spki_sha256: str, beside: Place | None = None) -> tuple[PlacedCertificate, ...]:
        """Return those that were made for a key, each once, the one that it is used with first.

        That is an end entity's before a CA's, then one in the same container and under the same alias, then
        the one that ends last: renewals may keep their key.

        Args:
            spki_sha256: of the public key as the library writes it, lower-case hex.
            beside: where the key lies.
        """

        def rank(one: PlacedCertificate) -> tuple[bool, bool, bool, float]:
            place, ends = one.place, one.facts.not_after or _NO_DATE
            together = (
                beside is not None
                and place is not None
                and beside.parent is not None
                and (place.source, place.parent) == (beside.source, beside.parent)
            )
            named = together and place is not None and beside is not None and place.alias == beside.alias
            return one.facts.is_ca, not together, not named, -(ends - _NO_DATE).total_seconds()

        each: dict[str, PlacedCertificate] = {}
        for one in sorted(self._by_key.get(spki_sha256, ()), key=rank):
            each.setdefault(one.facts.sha256, one)
        return tuple(each.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedCertificate:
    """One private key, with what belongs to it.

    Attributes:
        private_key: None when it could not be had; never shown or compared.
        certification_path: DER, end entity first, then its issuers as far as they are there, without a
            self-issued one; empty when no certificate belongs to the key.
        error: why the key could not be had.
    """

    place: Place
    private_key: CertificateIssuerPrivateKeyTypes | None = field(repr=False, compare=False)
    certification_path: tuple[bytes, ...] = ()
    error: UnusableInputError | None = None


def keyed_certificates(
    keys: Sequence[Content], certificates: Sequence[Content], passwords: PasswordSource, budget: WorkBudget
) -> tuple[KeyedCertificate, ...]:
    """Open private keys, in their order, and find what belongs to each.

    Nothing is raised for one that stays closed: the others still come out.

    Args:
        keys: of any kind; what is no key is left out.
        certificates: of any kind; what is no certificate is left out.
        passwords: asked for each key that none of the known ones opens.
    """
    found = [one for one in certificates if one.kind is ItemKind.CERTIFICATE]
    by_key = CertificatesByKey(
        PlacedCertificate(facts=read_certificate(one.data), place=place_of(one)) for one in found
    )
    pool = IssuerPool(one.data for one in found)
    return tuple(_keyed(one, by_key, pool, passwords, budget) for one in keys if one.key is not None)


def place_of(content: Content) -> Place:
    """Return where a thing lies."""
    return Place(source=content.source, position=content.position, parent=content.parent, alias=content.alias)


def open_content(
    content: Content, passwords: PasswordSource, budget: WorkBudget
) -> CertificateIssuerPrivateKeyTypes:
    """Return the private key that a content is.

    Raises:
        UnusableInputError: it is none, damaged, of a kind that TLS cannot use, or asks for endless work.
        WrongPasswordError: it stays closed.
    """
    if content.key is None:
        raise ValueError("no private key")
    return usable_key(open_key(content.key, content.source, passwords, budget), content.source)


def _keyed(
    content: Content,
    by_key: CertificatesByKey,
    pool: IssuerPool,
    passwords: PasswordSource,
    budget: WorkBudget,
) -> KeyedCertificate:
    place = place_of(content)
    try:
        key = open_content(content, passwords, budget)
    except UnusableInputError as error:
        return KeyedCertificate(place=place, private_key=None, error=error)
    fitting = by_key.of(spki_sha256(key), place)
    path = build_path(fitting[0].facts.der, (pool,)).certificates if fitting else ()
    return KeyedCertificate(place=place, private_key=key, certification_path=path)
