"""Which addresses a download that a stranger asked for may go to.

A certificate names the URL, so that whoever wrote the certificate would choose where this machine connects
to: into its own network, for one. Leave for private addresses is leave for this machine and for networks of
one's own. It never is for the local link, where clouds hand out secrets to whoever asks (169.254.169.254).
Sources: RFC 1918, RFC 4193, RFC 6890 (special-purpose registries), RFC 6052 (NAT64), RFC 3056.
"""

from __future__ import annotations

import ipaddress
from enum import StrEnum

from trustdesk.core.message import Message, msg

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_PRIVATE = (
    ipaddress.IPv4Network("10.0.0.0/8"),
    ipaddress.IPv4Network("172.16.0.0/12"),
    ipaddress.IPv4Network("192.168.0.0/16"),
    ipaddress.IPv6Network("fc00::/7"),
)
_METADATA = (
    ipaddress.IPv6Network("fd00:ec2::/32"),  # Amazon EC2
    ipaddress.IPv6Network("fd20:ce::254/128"),  # Google Compute Engine
)
"""Services of clouds that lie among the private addresses; the others are on the local link."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NOT_GLOBAL = (
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # NAT64 of a network's own: it may lead anywhere in it
)


class AddressKind(StrEnum):
    """What an address is, as far as it matters for who may ask us to connect to it."""

    PUBLIC = "public"
    LOOPBACK = "loopback"
    PRIVATE = "private"
    LINK_LOCAL = "link_local"
    METADATA = "metadata"
    MULTICAST = "multicast"
    RESERVED = "reserved"
    UNSPECIFIED = "unspecified"


_WORDS = {
    AddressKind.LOOPBACK: msg("an address of this machine itself"),
    AddressKind.PRIVATE: msg("an address of a private network"),
    AddressKind.LINK_LOCAL: msg("an address of the local link"),
    AddressKind.METADATA: msg("a service of a cloud for its own machines"),
    AddressKind.MULTICAST: msg("a multicast address"),
    AddressKind.RESERVED: msg("a reserved address"),
    AddressKind.UNSPECIFIED: msg("no address of anybody"),
}
_NEAR = frozenset({AddressKind.LOOPBACK, AddressKind.PRIVATE})


def kind_of_address(text: str) -> AddressKind:
    """Return what an IP address is; an IPv4 address inside an IPv6 one counts as itself.

    Raises:
        ValueError: it is no IP address.
    """
    address = _inner(ipaddress.ip_address(text))
    if address.is_unspecified:
        return AddressKind.UNSPECIFIED
    if address.is_multicast:
        return AddressKind.MULTICAST
    if address.is_loopback:
        return AddressKind.LOOPBACK
    if address.is_link_local or (isinstance(address, ipaddress.IPv6Address) and address.is_site_local):
        return AddressKind.LINK_LOCAL
    if any(address in network for network in _METADATA):
        return AddressKind.METADATA
    if any(address in network for network in _PRIVATE):
        return AddressKind.PRIVATE
    # Not every Python that is supported knows these.
    if any(address in network for network in _NOT_GLOBAL):
        return AddressKind.RESERVED
    return AddressKind.PUBLIC if address.is_global and not address.is_reserved else AddressKind.RESERVED


def refusal_of(text: str, *, allow_private: bool) -> Message | None:
    """Say why nothing is fetched from an address; None when it may be.

    Args:
        allow_private: whether this machine and private networks (RFC 1918, RFC 4193) are wanted.
    """
    kind = kind_of_address(text)
    if kind is AddressKind.PUBLIC or (allow_private and kind in _NEAR):
        return None
    return msg("{address} is {kind}", address=text, kind=_WORDS[kind])


def _inner(address: IpAddress) -> IpAddress:
    """Return the IPv4 address that an IPv6 one carries to a gateway, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
