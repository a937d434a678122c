"""The extensions that path validation rests on, as the judge compares them (RFC 5280 4.2).

Their syntax is in `formats.extension_decoders`; here names become comparable, and what they MUST NOT hold is
refused.

A decoder raises `ValueError` (mostly `DerError`) for what it cannot read; whoever asks decides what that
means.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import IntEnum

from trustdesk.formats import extension_decoders as decoders
from trustdesk.formats import extension_oids as oids
from trustdesk.formats.der import (
    SEQUENCE,
    DerError,
    Element,
    read_element,
    read_whole,
)
from trustdesk.formats.distinguished_name import name_text
from trustdesk.verify.comparable_names import ComparableName, comparable_name

_MINIMUM = 0x80
_URI = 0x86

DIGITAL_SIGNATURE, KEY_CERT_SIGN, CRL_SIGN = 0, 5, 6
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
class NameConstraints:
    """4.2.1.10; `whole` is whether every subtree has minimum 0 and no maximum."""

    permitted: tuple[GeneralName, ...]
    excluded: tuple[GeneralName, ...]
    whole: bool = True


def object_identifiers(value: bytes) -> tuple[str, ...]:
    """Decode a sequence of OIDs (extKeyUsage 4.2.1.12); SIZE (1..MAX)."""
    found = decoders.object_identifiers(value)
    if not found:
        raise DerError("an empty sequence")
    return found


def authority_key_identifier(value: bytes) -> bytes | None:
    """Decode the keyIdentifier of authorityKeyIdentifier; None when it has none."""
    return decoders.authority_key_identifier(value).key


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
    """Decode nameConstraints; either side is there, and has a subtree (4.2.1.10, SIZE (1..MAX))."""
    found = decoders.name_constraints(value)
    permitted, excluded = found.permitted or (), found.excluded or ()
    if () in (found.permitted, found.excluded) or not (permitted or excluded):
        raise DerError("nameConstraints without a subtree")
    return NameConstraints(
        permitted=tuple(general_name(base) for base, *_ in permitted),
        excluded=tuple(general_name(base) for base, *_ in excluded),
        # minimum DEFAULT 0 may be written out by those who do not know better; anything else is no RFC 5280.
        whole=all(
            extra.tag == _MINIMUM and not any(extra.content)
            for _, *extras in (*permitted, *excluded)
            for extra in extras
        ),
    )


def certificate_policies(value: bytes) -> tuple[str, ...]:
    """Decode the OIDs of certificatePolicies (4.2.1.4), qualifiers left out; each stands there once."""
    found = tuple(oid for oid, _ in decoders.policy_information(value))
    if not found:
        raise DerError("an empty sequence")
    if len(set(found)) != len(found):
        raise DerError("a policy that stands there twice")
    return found


def ca_issuers(value: bytes) -> tuple[str, ...]:
    """Decode the caIssuers URLs of authorityInfoAccess (4.2.2.1)."""
    return _access_urls(value, oids.CA_ISSUERS_METHOD)


def ocsp_urls(value: bytes) -> tuple[str, ...]:
    """Decode the OCSP URLs of authorityInfoAccess (4.2.2.1)."""
    return _access_urls(value, oids.OCSP_METHOD)


def _access_urls(value: bytes, wanted: str) -> tuple[str, ...]:
    return tuple(
        location.content.decode("ascii", "replace")
        for method, location in decoders.access_descriptions(value)
        if method == wanted and location.tag == _URI
    )


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
