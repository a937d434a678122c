"""Does a certificate speak for a name: RFC 9525, with its reasons.

The Common Name is never looked at. A wildcard stands only for the whole left-most label, and for one label.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_LONGEST_NAME = 255
"""Characters of a host name; an address has fewer, also one with a scope that a system could have."""

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Whether a reference identifier is among the presented ones.

    Attributes:
        matched_by: the first SAN that matches, as `DNS:*.example`; None when none does.
    """

    matched_by: str | None

    @property
    def matches(self) -> bool:
        """Whether one matched."""
        return self.matched_by is not None


def match_name(reference_identifier: str, subject_alt_names: Sequence[str]) -> NameMatch:
    """Compare a host name (A-labels) or an IP literal with the SANs of `CertificateFacts`.

    A host is compared with dNSNames alone, an address with iPAddresses alone, octet by octet (RFC 9525 6.3,
    6.4).
    """
    address = _packed(reference_identifier)
    for name in subject_alt_names:
        kind, _, value = name.partition(":")
        if address is not None:
            if kind == "IP" and _packed(value) == address:
                return NameMatch(name)
        elif kind == "DNS" and dns_matches(value, reference_identifier):
            return NameMatch(name)
    return NameMatch(None)


def dns_matches(presented: str, reference: str) -> bool:
    """Whether a dNSName covers a host name, without regard to case (RFC 9525 6.3)."""
    presented_labels = presented.lower().removesuffix(".").split(".")
    labels = reference.lower().removesuffix(".").split(".")
    if len(presented_labels) != len(labels) or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    if presented_labels[0] == "*" and len(labels) > 1:
        return presented_labels[1:] == labels[1:]
    return presented_labels == labels


def _packed(text: str) -> bytes | None:
    return _packed_again(text) if len(text) <= _LONGEST_NAME else None


@lru_cache(1024)
def _packed_again(text: str) -> bytes | None:
    """Most are host names, which take the library a while to refuse, and every rule asks of the same one."""
    try:
        return ipaddress.ip_address(text).packed
    except ValueError:
        return None
