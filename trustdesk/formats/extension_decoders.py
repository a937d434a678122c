"""The extensions of RFC 5280 4.2 from their DER into exact values: the one place that knows their syntax.

What people read of them is made in `extensions` and `extension_text`, what the judge compares in
`verify.extension_values`. A decoder raises `DerError` for what it cannot read; what may be read and must not
stand there (an empty sequence, a policy twice) is for whoever asks to refuse.
"""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.formats.der import (
    BIT_STRING,
    BOOLEAN,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Element,
    integer,
    object_identifier,
    parts_of,
    read_whole,
)

MAX_COUNT = 1 << 31
"""Counts of certificates beyond this are cut: no path is longer."""


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    """4.2.1.9; `path_length` is None without a limit."""

    ca: bool
    path_length: int | None


@dataclass(frozen=True, slots=True)
class AuthorityKeyIdentifier:
    """4.2.1.1; None for each part that is absent."""

    key: bytes | None
    issuer: Element | None
    serial_number: bytes | None


@dataclass(frozen=True, slots=True)
class PolicyConstraints:
    """4.2.1.11; None where a field is absent."""

    require_explicit_policy: int | None
    inhibit_policy_mapping: int | None


@dataclass(frozen=True, slots=True)
class Subtrees:
    """4.2.1.10: of each subtree the base, and after it minimum and maximum where they are written.

    None for a side that is absent; one that is there may be empty here.
    """

    permitted: tuple[tuple[Element, ...], ...] | None
    excluded: tuple[tuple[Element, ...], ...] | None


def basic_constraints(value: bytes) -> BasicConstraints:
    """Decode basicConstraints (4.2.1.9); FALSE written out is read as what it means."""
    parts = list(read_whole(value, SEQUENCE).children())
    ca = bool(parts) and parts[0].tag == BOOLEAN and any(parts.pop(0).content)
    if len(parts) > 1:
        raise DerError("basicConstraints with too many parts")
    return BasicConstraints(ca, _count(integer(parts[0])) if parts else None)


def key_usage(value: bytes) -> frozenset[int]:
    """Decode keyUsage (4.2.1.3) into the numbers of the bits that are set."""
    return set_bits(read_whole(value, BIT_STRING))


def set_bits(bit_string: Element) -> frozenset[int]:
    """Return the numbers of the first sixteen bits that are set in a BIT STRING, whatever its tag."""
    content = bit_string.content
    if not content or content[0] > 7:
        raise DerError("a BIT STRING without content")
    return frozenset(
        8 * position + bit
        for position, octet in enumerate(content[1:3])
        for bit in range(8)
        if octet & 0x80 >> bit
    )


def object_identifiers(value: bytes) -> tuple[str, ...]:
    """Decode a sequence of OIDs (extKeyUsage 4.2.1.12), which may be empty here."""
    return tuple(object_identifier(element) for element in read_whole(value, SEQUENCE).children())


def subject_key_identifier(value: bytes) -> bytes:
    """Decode subjectKeyIdentifier (4.2.1.2)."""
    return read_whole(value, OCTET_STRING).content


def authority_key_identifier(value: bytes) -> AuthorityKeyIdentifier:
    """Decode authorityKeyIdentifier (4.2.1.1); half of one counts too."""
    parts = {part.tag: part for part in read_whole(value, SEQUENCE).children()}
    if not parts.keys() <= {_KEY, _ISSUER, _SERIAL_NUMBER}:
        raise DerError("a part that an authority key identifier does not have")
    key, serial = parts.get(_KEY), parts.get(_SERIAL_NUMBER)
    return AuthorityKeyIdentifier(
        key=key.content if key is not None else None,
        issuer=parts.get(_ISSUER),
        serial_number=serial.content if serial is not None else None,
    )


def policy_information(value: bytes) -> tuple[tuple[str, tuple[Element, ...]], ...]:
    """Decode certificatePolicies (4.2.1.4) into dotted OIDs, each with what follows it (the qualifiers)."""
    found = []
    for element in read_whole(value, SEQUENCE).children():
        oid, *rest = parts_of(element.expect(SEQUENCE), 1)
        found.append((object_identifier(oid), tuple(rest)))
    return tuple(found)


def policy_mappings(value: bytes) -> tuple[tuple[str, str], ...]:
    """Decode policyMappings (4.2.1.5) into pairs of the issuer's and the subject's policy."""
    pairs = []
    for mapping in read_whole(value, SEQUENCE).children():
        parts = list(mapping.expect(SEQUENCE).children())
        if len(parts) != 2:
            raise DerError("a mapping that is no pair")
        pairs.append((object_identifier(parts[0]), object_identifier(parts[1])))
    return tuple(pairs)


def policy_constraints(value: bytes) -> PolicyConstraints:
    """Decode policyConstraints (4.2.1.11)."""
    numbers = {part.tag: _context_count(part) for part in read_whole(value, SEQUENCE).children()}
    if not numbers.keys() <= {_REQUIRE, _INHIBIT}:
        raise DerError("policyConstraints with an unknown field")
    return PolicyConstraints(numbers.get(_REQUIRE), numbers.get(_INHIBIT))


def inhibit_any_policy(value: bytes) -> int:
    """Decode inhibitAnyPolicy (4.2.1.14)."""
    return _count(integer(read_whole(value, INTEGER)))


def name_constraints(value: bytes) -> Subtrees:
    """Decode nameConstraints (4.2.1.10)."""
    found: dict[int, tuple[tuple[Element, ...], ...]] = {}
    for part in read_whole(value, SEQUENCE).children():
        if part.tag not in {_PERMITTED, _EXCLUDED} or part.tag in found:
            raise DerError("neither permitted nor excluded subtrees")
        found[part.tag] = tuple(tuple(parts_of(one.expect(SEQUENCE), 1)) for one in part.children())
    return Subtrees(found.get(_PERMITTED), found.get(_EXCLUDED))


def access_descriptions(value: bytes) -> tuple[tuple[str, Element], ...]:
    """Decode authority or subject information access (4.2.2): method and location (GeneralName) in pairs."""
    pairs = (parts_of(pair.expect(SEQUENCE), 2) for pair in read_whole(value, SEQUENCE).children())
    return tuple((object_identifier(pair[0]), pair[1]) for pair in pairs)


def _context_count(part: Element) -> int:
    if not part.content:
        raise DerError("an INTEGER without content")
    return _count(int.from_bytes(part.content, "big", signed=True))


def _count(value: int) -> int:
    if value < 0:
        raise DerError("a negative number")
    return min(value, MAX_COUNT)


_KEY, _ISSUER, _SERIAL_NUMBER = 0x80, 0xA1, 0x82
_REQUIRE, _INHIBIT = 0x80, 0x81
_PERMITTED, _EXCLUDED = 0xA0, 0xA1
