"""GeneralName in words with its kind in front: `DNS:host`, `IP:192.0.2.1`, `URI:…` (RFC 5280 4.2.1.6)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from trustdesk.core.untrusted import bounded
from trustdesk.formats.der import OBJECT_IDENTIFIER, DerError, Element, object_identifier, read_element
from trustdesk.formats.distinguished_name import name_text


def general_name(name: Element) -> str:
    """Return one GeneralName, bounded; a damaged value in hex after its kind."""
    return bounded(_text(name, _address))


def constraint_name(name: Element) -> str:
    """Return the base of a GeneralSubtree (RFC 5280 4.2.1.10): as a name, but an IP address has a mask."""
    return bounded(_text(name, _subnet))


def general_names(names: Element) -> tuple[str, ...]:
    """Return all names inside a constructed value, whatever its tag.

    Raises:
        DerError: it is not made of whole elements.
    """
    return tuple(general_name(name) for name in names.children())


def _text(name: Element, address: Callable[[bytes], str]) -> str:
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
            return f"IP:{address(name.content)}"
        case 8:
            return f"RID:{_registered_id(name)}"
        case _:
            return f"other:[{number}]"


def _ia5(name: Element) -> str:
    return name.content.decode("ascii", "backslashreplace")


def _address(content: bytes) -> str:
    # Exactly four or sixteen octets (RFC 5280 4.2.1.6); a subnet belongs into name constraints.
    return str(ipaddress.ip_address(content)) if len(content) in {4, 16} else f"#{content[:64].hex()}"


def _subnet(content: bytes) -> str:
    half = len(content) // 2
    if len(content) not in {8, 32}:
        return f"#{content[:64].hex()}"
    address, mask = ipaddress.ip_address(content[:half]), int.from_bytes(content[half:], "big")
    prefix = mask.bit_count()
    if mask != ((1 << prefix) - 1) << (8 * half - prefix):
        return f"{address}/#{content[half:].hex()}"
    return f"{address}/{prefix}"


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
