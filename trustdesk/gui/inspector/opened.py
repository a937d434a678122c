"""What was opened: every item once, however many files hold it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.inspection import CertificateDetails, InspectedItem, ItemKind

_CONTAINERS = frozenset({ItemKind.PKCS12, ItemKind.PKCS7, ItemKind.JKS})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedItem:
    """One item of the tree.

    Attributes:
        key: SHA-256 of certificates, requests and lists; source and position of what has none.
        places: source and position of each place that it was found in, the first first.
        has_key: whether the private key of this certificate was opened too.
    """

    key: str
    item: InspectedItem
    places: tuple[tuple[str, int], ...]
    has_key: bool = False

    @property
    def details(self) -> CertificateDetails | None:
        """What the certificate says; None for other kinds."""
        return self.item.certificate

    @property
    def facts(self) -> CertificateFacts | None:
        """The certificate's read-outs; None for other kinds."""
        return None if self.item.certificate is None else self.item.certificate.facts


def key_of(item: InspectedItem) -> str:
    """Return what tells an item from others: the same certificate in two files has one key."""
    if item.certificate is not None:
        return item.certificate.facts.sha256
    if item.csr is not None:
        return item.csr.sha256
    if item.crl is not None:
        return item.crl.sha256
    return f"{item.source}#{item.position}"


def is_shown(item: InspectedItem) -> bool:
    """Whether an item has something to say by itself: a bundle that opened has said it in its parts.

    A key store says how it is protected.
    """
    has_own = item.locked or bool(item.problems) or item.protection is not None
    return item.kind not in _CONTAINERS or has_own


def public_key_of(item: InspectedItem) -> str | None:
    """Return the SHA-256 of an item's public key; None for what has none, or where it is not known."""
    if item.certificate is not None:
        return item.certificate.spki_sha256
    if item.csr is not None:
        return item.csr.spki_sha256
    return item.key.spki_sha256 if item.key is not None else None


class OpenedItems:
    """All that is open, in the order in which it came."""

    def __init__(self) -> None:
        self._items: dict[str, OpenedItem] = {}

    def __len__(self) -> int:
        return len(self._items)

    @property
    def items(self) -> tuple[OpenedItem, ...]:
        """Everything, keys too."""
        return tuple(self._items.values())

    @property
    def sources(self) -> tuple[str, ...]:
        """Files that the items came from, each once."""
        return tuple(dict.fromkeys(source for one in self._items.values() for source, _place in one.places))

    def get(self, key: str) -> OpenedItem | None:
        """Return an item; None when it is not open."""
        return self._items.get(key)

    def add(self, items: Iterable[InspectedItem]) -> tuple[OpenedItem, ...]:
        """Open items; what is open already gains a place. Returns them as they are open now."""
        keys: dict[str, None] = {}
        for item in items:
            if not is_shown(item):
                continue
            key, place = key_of(item), (item.source, item.position)
            before = self._items.get(key)
            if before is None or place in before.places:
                # What came again from the same place may have opened by now.
                places = (place,) if before is None else before.places
                self._items[key] = OpenedItem(key=key, item=item, places=places)
            else:
                self._items[key] = replace(before, places=(*before.places, place))
            keys[key] = None
        self._join_keys()
        return tuple(self._items[key] for key in keys)

    def take(self, items: Sequence[InspectedItem]) -> tuple[OpenedItem, ...]:
        """Open items in place of what was locked in their files; returns them as they are open now."""
        for source in {item.source for item in items}:
            for one in self.items:
                if one.item.locked and one.item.source == source:
                    self.remove(one.key)
        return self.add(items)

    def remove(self, key: str) -> None:
        """Close an item."""
        self._items.pop(key, None)
        self._join_keys()

    def certificates(self) -> tuple[OpenedItem, ...]:
        """Certificates alone."""
        return tuple(one for one in self._items.values() if one.facts is not None)

    def certificate_facts(self) -> tuple[CertificateFacts, ...]:
        """Return what all open certificates say of themselves."""
        return tuple(one.facts for one in self._items.values() if one.facts is not None)

    def beside(self, key: str) -> tuple[CertificateFacts, ...]:
        """Return the other certificates: any of them may be an issuer."""
        return tuple(one.facts for one in self.certificates() if one.key != key and one.facts is not None)

    def came_along(self, key: str) -> tuple[str, ...]:
        """Return the certificates of the file that an item first came from, in that file's order."""
        me = self._items[key]
        source = me.places[0][0]
        placed = [
            (position, one.key)
            for one in self.certificates()
            for found, position in one.places
            if found == source
        ]
        return tuple(dict.fromkeys(one for _position, one in sorted(placed)))

    def details_of(self, keys: Sequence[str]) -> tuple[CertificateDetails, ...]:
        """Return what certificates say, by key."""
        found = (self._items[key].details for key in keys if key in self._items)
        return tuple(one for one in found if one is not None)

    def related(self, key: str) -> tuple[OpenedItem, ...]:
        """Return the other items with the same public key; of a key store what lies in it."""
        me = self._items[key].item
        if me.kind in _CONTAINERS:
            return tuple(
                one
                for one in self._items.values()
                if one.key != key and any(source == me.source for source, _position in one.places)
            )
        public = public_key_of(me)
        if public is None:
            return ()
        found = (one for one in self._items.values() if one.key != key)
        return tuple(one for one in found if public_key_of(one.item) == public)

    def _join_keys(self) -> None:
        """Mark the certificates whose private key is open too."""
        public = {
            one.item.key.spki_sha256
            for one in self._items.values()
            if one.item.key is not None and one.item.key.spki_sha256 is not None
        }
        for key, one in self._items.items():
            has_key = one.details is not None and one.details.spki_sha256 in public
            if has_key is not one.has_key:
                self._items[key] = replace(one, has_key=has_key)
