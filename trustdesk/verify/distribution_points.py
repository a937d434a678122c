"""Distribution points of CRLs, in certificates and in CRLs, in the form in which names are compared.

Sources: RFC 5280 4.2.1.13, 4.2.1.15, 5.2.5. A decoder raises `ValueError` for what it cannot read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trustdesk.formats.ber import write_element
from trustdesk.formats.der import SEQUENCE, SET, DerError, Element, parts_of, read_whole
from trustdesk.verify.comparable_names import ComparableName, comparable_name
from trustdesk.verify.extension_values import GeneralName, NameKind, general_name

PointName = tuple[NameKind, str | bytes | ComparableName]

ALL_REASONS = frozenset(range(1, 9))
"""Bits of ReasonFlags that mean a reason; bit 0 is unused."""


@dataclass(frozen=True, slots=True)
class PointNames:
    """A DistributionPointName.

    Attributes:
        full: the names, when they are given in full.
        relative: what follows the CRL issuer's name, when they are not.
        urls: the addresses among the full names, in their order.
    """

    full: frozenset[PointName] = frozenset()
    relative: ComparableName = ()
    urls: tuple[str, ...] = ()

    def of(self, crl_issuer: ComparableName | None) -> frozenset[PointName]:
        """Return the names in full; empty when they are relative and the issuer cannot be read."""
        if not self.relative:
            return self.full
        return frozenset() if crl_issuer is None else frozenset({_directory((*crl_issuer, *self.relative))})


@dataclass(frozen=True, slots=True)
class DistributionPoint:
    """4.2.1.13.

    Attributes:
        names: None when there are none.
        reasons: bits that a CRL from here speaks of; None for all.
        issuers: who signs it; empty for the certificate's own issuer.
        urls: the addresses among the names, in their order, whatever their scheme.
    """

    names: PointNames | None
    reasons: frozenset[int] | None
    issuers: tuple[GeneralName, ...]
    urls: tuple[str, ...]

    def crl_issuers(self) -> frozenset[ComparableName]:
        """Return the directory names among `issuers`."""
        return frozenset(_directory_names(self.issuers))


@dataclass(frozen=True, slots=True)
class IssuingDistributionPoint:
    """5.2.5; `only_some_reasons` is None for all."""

    names: PointNames | None = None
    only_user: bool = False
    only_ca: bool = False
    only_attribute: bool = False
    only_some_reasons: frozenset[int] | None = None
    indirect: bool = False


def distribution_points(value: bytes) -> tuple[DistributionPoint, ...]:
    """Decode cRLDistributionPoints or freshestCRL."""
    points = tuple(_point(point.expect(SEQUENCE)) for point in read_whole(value, SEQUENCE).children())
    if not points:
        raise DerError("an empty sequence")
    return points


def issuing_distribution_point(value: bytes) -> IssuingDistributionPoint:
    """Decode issuingDistributionPoint."""
    parts = _by_tag(read_whole(value, SEQUENCE), frozenset({0xA0, 0x81, 0x82, 0x83, 0x84, 0x85}))
    if not parts:
        raise DerError("an issuing distribution point that says nothing")
    return IssuingDistributionPoint(
        names=_names(parts[0xA0]) if 0xA0 in parts else None,
        only_user=_flag(parts.get(0x81)),
        only_ca=_flag(parts.get(0x82)),
        only_some_reasons=_reasons(parts[0x83]) if 0x83 in parts else None,
        indirect=_flag(parts.get(0x84)),
        only_attribute=_flag(parts.get(0x85)),
    )


def directory_point(name: ComparableName) -> frozenset[PointName]:
    """Return a directory name as the name of a distribution point (RFC 5280 6.3.3, at its end)."""
    return frozenset({_directory(name)})


def issuer_points(point: DistributionPoint) -> frozenset[PointName]:
    """Return the names in `issuers`, ready to be compared with those of a distribution point."""
    return frozenset((name.kind, name.value) for name in point.issuers)


def _point(point: Element) -> DistributionPoint:
    parts = _by_tag(point, frozenset({0xA0, 0x81, 0xA2}))
    names = _names(parts[0xA0]) if 0xA0 in parts else None
    issuers = tuple(general_name(name) for name in parts[0xA2].children()) if 0xA2 in parts else ()
    if names is None and not issuers:
        raise DerError("a distribution point without a place and without an issuer")
    return DistributionPoint(
        names=names,
        reasons=_reasons(parts[0x81]) if 0x81 in parts else None,
        issuers=issuers,
        urls=() if names is None else names.urls,
    )


def _names(part: Element) -> PointNames:
    choices = parts_of(part, 1)
    choice = choices[0]
    if len(choices) != 1 or choice.tag not in {0xA0, 0xA1}:
        raise DerError("no name of a distribution point")
    if choice.tag == 0xA1:
        relative = comparable_name(write_element(SEQUENCE, write_element(SET, choice.content)))
        if not relative[0]:
            raise DerError("a relative name without an attribute")
        return PointNames(relative=relative)
    found = tuple(general_name(name) for name in choice.children())
    if not found:
        raise DerError("a distribution point without a name")
    return PointNames(
        full=frozenset((name.kind, name.value) for name in found),
        urls=tuple(name.text for name in found if name.kind is NameKind.URI),
    )


def _by_tag(sequence: Element, allowed: frozenset[int]) -> dict[int, Element]:
    found: dict[int, Element] = {}
    for part in sequence.children():
        if part.tag not in allowed or part.tag in found:
            raise DerError("a part that a distribution point does not have, or has twice")
        found[part.tag] = part
    return found


def _flag(part: Element | None) -> bool:
    if part is None:
        return False
    if len(part.content) != 1:
        raise DerError("a BOOLEAN that is not one octet")
    return any(part.content)


def _reasons(part: Element) -> frozenset[int]:
    content = part.content
    if not content or content[0] > 7:
        raise DerError("a BIT STRING without content")
    bits = {
        8 * position + bit
        for position, octet in enumerate(content[1:3])
        for bit in range(8)
        if octet & 0x80 >> bit
    }
    return ALL_REASONS & bits


def _directory(name: ComparableName) -> PointName:
    return NameKind.DIRECTORY, name


def _directory_names(names: Iterable[GeneralName]) -> Iterable[ComparableName]:
    for name in names:
        if name.kind is NameKind.DIRECTORY and isinstance(name.value, tuple):
            yield name.value
