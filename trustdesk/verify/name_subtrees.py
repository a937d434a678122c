"""Sets of name subtrees, and whether a name lies in one of them (RFC 5280 4.2.1.10).

Made once for the constraints of a certificate, and looked up by the ends of a name rather than by comparing
it with every subtree: hostile certificates have thousands of names and of constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from itertools import chain
from urllib.parse import urlsplit

from trustdesk.core.target import is_ip_literal
from trustdesk.verify.comparable_names import ComparableName
from trustdesk.verify.extension_values import GeneralName, NameKind

_URI_CHARACTERS = frozenset(map(chr, range(0x21, 0x7F))) - frozenset('\\"<>^`{|}')
_LABEL_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


class Subtrees:
    """Subtrees of one kind of names.

    Attributes:
        bases: as they stand, in their order.
        unusable: those that are written so that nothing can be compared with them.
    """

    def __init__(self, bases: Iterable[GeneralName]) -> None:
        self.bases = tuple(bases)
        self.unusable = [base for base in self.bases if unusable_base(base)]
        self._texts: dict[str, GeneralName] = {}
        self._names: dict[ComparableName, GeneralName] = {}
        self._networks: dict[tuple[int, int], dict[int, GeneralName]] = {}
        for base in self.bases:
            value = base.value
            if isinstance(value, str):
                self._texts.setdefault(_mailbox_key(value), base)
            elif isinstance(value, tuple):
                self._names.setdefault(value, base)
            elif base.kind is NameKind.IP and len(value) in {8, 32}:
                half = len(value) // 2
                mask = int.from_bytes(value[half:], "big")
                network = int.from_bytes(value[:half], "big") & mask
                self._networks.setdefault((half, mask), {}).setdefault(network, base)

    def holding(self, name: GeneralName) -> GeneralName | None:
        """Return a subtree in which a name lies; None when there is none."""
        value = name.value
        if isinstance(value, tuple):
            ends: Iterable[ComparableName] = (value[:count] for count in range(len(value) + 1))
            return next((self._names[end] for end in ends if end in self._names), None)
        if isinstance(value, bytes):
            return self._network_holding(value)
        match name.kind:
            case NameKind.DNS:
                keys = _domain_keys(value.lower().removesuffix("."))
            case NameKind.EMAIL:
                keys = chain((_mailbox_key(value),), _host_keys(_mailbox_key(value).rpartition("@")[2]))
            case _:
                keys = _host_keys(uri_host(value) or "")
        return next((self._texts[key] for key in keys if key in self._texts), None)

    def touched_by(self, name: GeneralName) -> GeneralName | None:
        """Return a subtree that a name lies in or, as a wildcard, reaches into; for excluded subtrees."""
        found = self.holding(name)
        value = name.value
        if found is None and name.kind is NameKind.EMAIL and isinstance(value, str):
            # Stricter than RFC 5280 7.5: mail systems read both cases, and a capital must not dodge this.
            folded = value.lower()
            return next((base for text, base in self._texts.items() if text.lower() == folded), None)
        if found is not None or name.kind is not NameKind.DNS or not isinstance(value, str):
            return found
        domain = value.lower().removesuffix(".")
        if not domain.startswith("*."):
            # RFC 5280 knows no dot in front; where one excludes, the name itself counts, to be safe.
            return self._texts.get(f".{domain}")
        parent = domain[2:]
        return next(
            (
                base
                for text, base in self._texts.items()
                if text.removeprefix(".").partition(".")[2] == parent or text == f".{parent}"
            ),
            None,
        )

    def _network_holding(self, address: bytes) -> GeneralName | None:
        number = int.from_bytes(address, "big")
        for (length, mask), networks in self._networks.items():
            if length == len(address) and number & mask in networks:
                return networks[number & mask]
        return None


def subtree(text: str) -> GeneralName:
    """Return a subtree as trust lists write it: `DNS:example`, `URI:.example`, `IP:192.0.2.0/24`, `email:…`.

    Raises:
        ValueError: it is of no kind that a list can name, or no address.
    """
    kind, _, value = text.partition(":")
    if kind == "IP":
        network = ip_network(value, strict=False)
        return GeneralName(NameKind.IP, network.network_address.packed + network.netmask.packed, value)
    kinds = {"DNS": NameKind.DNS, "URI": NameKind.URI, "email": NameKind.EMAIL}
    if kind not in kinds:
        raise ValueError(f"no subtree: {text[:80]}")
    return GeneralName(kinds[kind], value, value)


def unusable_base(base: GeneralName) -> bool:
    """Whether a constraint is written so that nothing can be compared with it."""
    value = base.value
    match base.kind:
        case NameKind.DNS | NameKind.URI:
            return not isinstance(value, str) or not _is_domain(value.removeprefix("."))
        case NameKind.EMAIL:
            return not isinstance(value, str) or not _is_domain(value.rpartition("@")[2].removeprefix("."))
        case NameKind.IP:
            return not isinstance(value, bytes) or not _is_subnet(value)
        case _:
            return False


def unclear_name(name: GeneralName) -> bool:
    """Whether a name is written so that no comparison of it means anything."""
    value = name.value
    match name.kind:
        case NameKind.DNS:
            return not isinstance(value, str) or not value or not _is_domain(value.removeprefix("*."))
        case NameKind.EMAIL:
            return (
                not isinstance(value, str) or value.count("@") != 1 or not _is_domain(value.partition("@")[2])
            )
        case NameKind.IP:
            return not isinstance(value, bytes) or len(value) not in {4, 16}
        case NameKind.URI:
            return not isinstance(value, str) or uri_host(value) is None
        case NameKind.DIRECTORY:
            return False
        case _:
            return True


def uri_host(uri: str) -> str | None:
    """Return the host of a URI; None where it has none, or an address, which no constraint can name."""
    if not _URI_CHARACTERS.issuperset(uri):
        return None  # Readers differ on blanks and backslashes, and so on where the host ends.
    try:
        host = urlsplit(uri).hostname
    except ValueError:
        return None
    if not host or is_ip_literal(host) or not _is_domain(host):
        return None
    return host.lower().removesuffix(".")


def _mailbox_key(text: str) -> str:
    """The local part of a mailbox counts as it is written, the rest without regard to case (RFC 5280 7.5)."""
    local, at, host = text.rpartition("@")
    return local + at + host.lower().removesuffix(".")


def _domain_keys(domain: str) -> Iterator[str]:
    """A subtree holds its own name and all below it; one with a dot in front only those below."""
    yield domain
    rest = domain
    while "." in rest:
        rest = rest.partition(".")[2]
        yield f".{rest}"
        yield rest
    yield ""


def _host_keys(host: str) -> Iterator[str]:
    """A host is that host alone; with a dot in front, all hosts below the domain."""
    yield host
    rest = host
    while "." in rest:
        rest = rest.partition(".")[2]
        yield f".{rest}"
    yield ""


def _is_domain(text: str) -> bool:
    return not text or (
        len(text) <= 253
        and all(
            label and len(label) < 64 and set(label) <= _LABEL_CHARACTERS
            for label in text.lower().removesuffix(".").split(".")
        )
    )


def _is_subnet(value: bytes) -> bool:
    if len(value) not in {8, 32}:
        return False
    half = len(value) // 2
    inverted = int.from_bytes(value[half:], "big") ^ ((1 << 8 * half) - 1)
    return inverted & (inverted + 1) == 0
