"""The extensions that path validation rests on, each decoded alone from its DER (RFC 5280 4.2).

A decoder raises `ValueError` (mostly `DerError`) for what it cannot read; whoever asks decides what that
means.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import IntEnum

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
    read_element,
    read_whole,
)
from trustdesk.formats.distinguished_name import name_text
from trustdesk.verify.comparable_names import ComparableName, comparable_name

_MAX_NUMBER = 1 << 31

SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
KEY_USAGE = "2.5.29.15"
SUBJECT_ALT_NAME = "2.5.29.17"
ISSUER_ALT_NAME = "2.5.29.18"
BASIC_CONSTRAINTS = "2.5.29.19"
NAME_CONSTRAINTS = "2.5.29.30"
CRL_DISTRIBUTION_POINTS = "2.5.29.31"
CERTIFICATE_POLICIES = "2.5.29.32"
POLICY_MAPPINGS = "2.5.29.33"
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
POLICY_CONSTRAINTS = "2.5.29.36"
EXTENDED_KEY_USAGE = "2.5.29.37"
FRESHEST_CRL = "2.5.29.46"
INHIBIT_ANY_POLICY = "2.5.29.54"
AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1"

DIGITAL_SIGNATURE, KEY_CERT_SIGN = 0, 5
"""Bits of keyUsage (4.2.1.3)."""


class NameKind(IntEnum):
    """The kinds of GeneralName, by their tag (4.2.1.6)."""

    OTHER = 0
    EMAIL = 1
    DNS = 2
    X400 = 3
    DIRECTORY = 4
    EDI = 5
    URI = 6
    IP = 7
    REGISTERED_ID = 8


@dataclass(frozen=True, slots=True)
class GeneralName:
    """One name, or the base of one subtree.

    Attributes:
        value: text as it stands (email, DNS, URI), octets (IP and the rest), or a comparable name.
        text: for people; from a peer.
    """

    kind: NameKind
    value: str | bytes | ComparableName
    text: str


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    """4.2.1.9; `path_length` is None without a limit."""

    ca: bool
    path_length: int | None


@dataclass(frozen=True, slots=True)
class NameConstraints:
    """4.2.1.10; `whole` is whether every subtree has minimum 0 and no maximum."""

    permitted: tuple[GeneralName, ...]
    excluded: tuple[GeneralName, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class PolicyConstraints:
    """4.2.1.11; None where a field is absent."""

    require_explicit_policy: int | None
    inhibit_policy_mapping: int | None


def basic_constraints(value: bytes) -> BasicConstraints:
    """Decode basicConstraints; FALSE written out is read as what it means."""
    parts = list(read_whole(value, SEQUENCE).children())
    ca = bool(parts) and parts[0].tag == BOOLEAN and any(parts.pop(0).content)
    if len(parts) > 1:
        raise DerError("basicConstraints with too many parts")
    return BasicConstraints(ca, _number(integer(parts[0])) if parts else None)


def key_usage(value: bytes) -> frozenset[int]:
    """Decode keyUsage into the numbers of the bits that are set."""
    content = read_whole(value, BIT_STRING).content
    if not content or content[0] > 7:
        raise DerError("a BIT STRING without content")
    return frozenset(
        8 * position + bit
        for position, octet in enumerate(content[1:3])
        for bit in range(8)
        if octet & 0x80 >> bit
    )


def object_identifiers(value: bytes) -> tuple[str, ...]:
    """Decode a sequence of OIDs (extKeyUsage 4.2.1.12)."""
    found = tuple(object_identifier(element) for element in read_whole(value, SEQUENCE).children())
    if not found:
        raise DerError("an empty sequence")
    return found


def subject_key_identifier(value: bytes) -> bytes:
    """Decode subjectKeyIdentifier."""
    return read_whole(value, OCTET_STRING).content


def authority_key_identifier(value: bytes) -> bytes | None:
    """Decode the keyIdentifier of authorityKeyIdentifier; None when it has none."""
    for part in read_whole(value, SEQUENCE).children():
        if part.tag == 0x80:
            return part.content
    return None


def general_names(value: bytes) -> tuple[GeneralName, ...]:
    """Decode GeneralNames (subjectAltName)."""
    names = tuple(general_name(element) for element in read_whole(value, SEQUENCE).children())
    if not names:
        raise DerError("an empty sequence")
    return names


def general_name(element: Element) -> GeneralName:
    """Decode one GeneralName; an address may be a subnet, as in name constraints."""
    try:
        kind = NameKind(element.tag & 0x1F)
    except ValueError:
        raise DerError("no kind of GeneralName") from None
    if element.tag & 0xC0 != 0x80:
        raise DerError("no GeneralName")
    content = element.content
    if kind in {NameKind.EMAIL, NameKind.DNS, NameKind.URI}:
        try:
            text = content.decode("ascii")
        except UnicodeDecodeError:
            raise DerError("a name that is no IA5String") from None
        return GeneralName(kind, text, text)
    if kind is NameKind.DIRECTORY:
        raw = read_element(element.data, element.content_start, element.content_end).raw
        return GeneralName(kind, comparable_name(raw), directory_text(raw))
    if kind is NameKind.IP:
        return GeneralName(kind, content, address_text(content))
    return GeneralName(kind, content, f"{kind.name.lower()}:{content[:32].hex()}")


def name_constraints(value: bytes) -> NameConstraints:
    """Decode nameConstraints."""
    permitted: tuple[GeneralName, ...] = ()
    excluded: tuple[GeneralName, ...] = ()
    whole = True
    parts = list(read_whole(value, SEQUENCE).children())
    if not parts:
        raise DerError("nameConstraints without a subtree")
    for part in parts:
        subtrees = [list(subtree.expect(SEQUENCE).children()) for subtree in part.children()]
        if not subtrees or not all(subtrees):
            raise DerError("a subtree without a base")
        bases = tuple(general_name(subtree[0]) for subtree in subtrees)
        # minimum DEFAULT 0 may be written out by those who do not know better; anything else is no RFC 5280.
        whole = whole and all(
            extra.tag == 0x80 and not any(extra.content) for subtree in subtrees for extra in subtree[1:]
        )
        if part.tag == 0xA0:
            permitted += bases
        elif part.tag == 0xA1:
            excluded += bases
        else:
            raise DerError("neither permitted nor excluded subtrees")
    return NameConstraints(permitted, excluded, whole)


def certificate_policies(value: bytes) -> tuple[str, ...]:
    """Decode the OIDs of certificatePolicies (4.2.1.4), qualifiers left out."""
    information = [
        list(policy.expect(SEQUENCE).children()) for policy in read_whole(value, SEQUENCE).children()
    ]
    if not information or not all(information):
        raise DerError("an empty sequence")
    found = tuple(object_identifier(parts[0]) for parts in information)
    if len(set(found)) != len(found):
        raise DerError("a policy that stands there twice")
    return found


def policy_mappings(value: bytes) -> tuple[tuple[str, str], ...]:
    """Decode policyMappings (4.2.1.5) into pairs of the issuer's and the subject's policy."""
    pairs = []
    for mapping in read_whole(value, SEQUENCE).children():
        issuer_policy, subject_policy = (object_identifier(part) for part in mapping.children())
        pairs.append((issuer_policy, subject_policy))
    return tuple(pairs)


def policy_constraints(value: bytes) -> PolicyConstraints:
    """Decode policyConstraints (4.2.1.11)."""
    numbers = {part.tag: _context_number(part) for part in read_whole(value, SEQUENCE).children()}
    if set(numbers) - {0x80, 0x81}:
        raise DerError("policyConstraints with an unknown field")
    return PolicyConstraints(numbers.get(0x80), numbers.get(0x81))


def inhibit_any_policy(value: bytes) -> int:
    """Decode inhibitAnyPolicy (4.2.1.14)."""
    return _number(integer(read_whole(value, INTEGER)))


def ca_issuers(value: bytes) -> tuple[str, ...]:
    """Decode the caIssuers URLs of authorityInfoAccess (4.2.2.1)."""
    urls = []
    for description in read_whole(value, SEQUENCE).children():
        method, location = description.children()
        if object_identifier(method) == "1.3.6.1.5.5.7.48.2" and location.tag == 0x86:
            urls.append(location.content.decode("ascii", "replace"))
    return tuple(urls)


def directory_text(raw: bytes) -> str:
    """Return a Name for people."""
    return name_text(read_element(raw))


def address_text(content: bytes) -> str:
    """Return an address, or a subnet as address/mask, for people."""
    half = len(content) // 2
    if len(content) in {4, 16}:
        # Sixteen octets are an address in a SAN; an IPv4 subnet has eight.
        return str(ipaddress.ip_address(content))
    if len(content) in {8, 32}:
        mask = int.from_bytes(content[half:], "big")
        ones = mask.bit_count()
        whole = mask == ((1 << ones) - 1) << (4 * len(content) - ones)
        suffix = str(ones) if whole else str(ipaddress.ip_address(content[half:]))
        return f"{ipaddress.ip_address(content[:half])}/{suffix}"
    return f"#{content[:64].hex()}"


def _context_number(part: Element) -> int:
    if not part.content:
        raise DerError("an INTEGER without content")
    return _number(int.from_bytes(part.content, "big", signed=True))


def _number(value: int) -> int:
    if value < 0:
        raise DerError("a negative number")
    return min(value, _MAX_NUMBER)
