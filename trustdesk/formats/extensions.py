"""The four extensions that decide what a certificate is for, each decoded alone (RFC 5280 4.2.1).

One that breaks its syntax does not take the others with it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from trustdesk.core.untrusted import bounded
from trustdesk.formats.der import (
    BIT_STRING,
    BOOLEAN,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Element,
    object_identifier,
    read_element,
    read_whole,
)
from trustdesk.formats.distinguished_name import name_text

KEY_USAGE = "2.5.29.15"
SUBJECT_ALT_NAME = "2.5.29.17"
BASIC_CONSTRAINTS = "2.5.29.19"
EXTENDED_KEY_USAGE = "2.5.29.37"

_KEY_USAGES = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)

_PURPOSES = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "2.5.29.37.0": "anyExtendedKeyUsage",
}


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension as it stands: dotted OID, criticality, and the DER inside its OCTET STRING."""

    oid: str
    critical: bool
    value: bytes


def read_extension(element: Element) -> Extension:
    """Read one element of Extensions.

    Raises:
        DerError: it is none.
    """
    parts = list(element.expect(SEQUENCE).children())
    if len(parts) not in {2, 3}:
        raise DerError("an extension with too few or too many parts")
    critical = len(parts) == 3 and any(parts[1].expect(BOOLEAN).content)
    return Extension(object_identifier(parts[0]), critical, parts[-1].expect(OCTET_STRING).content)


def key_usage(value: bytes) -> tuple[str, ...]:
    """Decode keyUsage (RFC 5280 4.2.1.3) into its names, in the order of the bits.

    Raises:
        DerError: it is no BIT STRING.
    """
    content = read_whole(value, BIT_STRING).content
    if not content:
        raise DerError("a BIT STRING without content")
    bits = "".join(f"{octet:08b}" for octet in content[1:3])
    return tuple(name for name, bit in zip(_KEY_USAGES, bits, strict=False) if bit == "1")


def extended_key_usage(value: bytes) -> tuple[str, ...]:
    """Decode extKeyUsage (RFC 5280 4.2.1.12) into names or dotted OIDs, in their order.

    Raises:
        DerError: it is no sequence of OIDs.
    """
    purposes = (object_identifier(element) for element in read_whole(value, SEQUENCE).children())
    return tuple(_PURPOSES.get(purpose, purpose) for purpose in purposes)


def is_ca(value: bytes) -> bool:
    """Decode cA of basicConstraints (RFC 5280 4.2.1.9); FALSE written out is read as what it means.

    Raises:
        DerError: it is no BasicConstraints.
    """
    parts = list(read_whole(value, SEQUENCE).children())
    return bool(parts) and parts[0].tag == BOOLEAN and any(parts[0].content)


def subject_alt_names(value: bytes) -> tuple[str, ...]:
    """Decode subjectAltName (RFC 5280 4.2.1.6), each name with its kind in front and bounded.

    Raises:
        DerError: it is no sequence of elements.
    """
    return tuple(bounded(_general_name(name)) for name in read_whole(value, SEQUENCE).children())


def _general_name(name: Element) -> str:
    number = name.tag & 0x1F
    match number:
        case 0:
            return f"other:{_other_name_type(name)}"
        case 1:
            return f"email:{_ia5(name)}"
        case 2:
            return f"DNS:{_ia5(name)}"
        case 4:
            return f"DirName:{_directory_name(name)}"
        case 6:
            return f"URI:{_ia5(name)}"
        case 7:
            return f"IP:{_address(name.content)}"
        case 8:
            return f"RID:{_registered_id(name)}"
        case _:
            return f"other:[{number}]"


def _ia5(name: Element) -> str:
    return name.content.decode("ascii", "backslashreplace")


def _address(content: bytes) -> str:
    # Exactly four or sixteen octets (RFC 5280 4.2.1.6); a subnet belongs into name constraints.
    return str(ipaddress.ip_address(content)) if len(content) in {4, 16} else f"#{content[:64].hex()}"


def _directory_name(name: Element) -> str:
    try:
        return name_text(read_element(name.data, name.content_start, name.content_end))
    except DerError:
        return f"#{name.content[:4096].hex()}"


def _other_name_type(name: Element) -> str:
    try:
        return object_identifier(read_element(name.data, name.content_start, name.content_end))
    except DerError:
        return "?"


def _registered_id(name: Element) -> str:
    content = name.content
    try:
        return object_identifier(read_element(bytes([OBJECT_IDENTIFIER, len(content)]) + content))
    except (DerError, ValueError):
        return f"#{content[:128].hex()}"
