"""Search over everything: partners, our identities, certificates that were seen, lists, and what is open.

Every word has to be found somewhere in an entry, whatever its case. Hexadecimal digits in any spelling
(colons, blanks, 0x, with a label before them) are looked for in serial numbers and fingerprints as well.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what it names is not needed before the first search
    from trustdesk.core.certificate import CertificateFacts
    from trustdesk.core.identity import Identity
    from trustdesk.core.partner import Endpoint, Partner

MAX_HITS = 40
_PLACES = 4
"""Hits of one certificate that are looked through before it is one too few on the list."""

MIN_HEX_DIGITS = 4
"""Digits from which on a text may be a part of a serial number or fingerprint; fewer are in every digest."""

_USAGE_WORDS = {
    "serverAuth": "1.3.6.1.5.5.7.3.1 tls server authentication",
    "clientAuth": "1.3.6.1.5.5.7.3.2 tls client authentication",
    "codeSigning": "1.3.6.1.5.5.7.3.3 code signing",
    "emailProtection": "1.3.6.1.5.5.7.3.4 email protection s/mime",
    "timeStamping": "1.3.6.1.5.5.7.3.8 time stamping",
    "OCSPSigning": "1.3.6.1.5.5.7.3.9 ocsp signing",
}
"""What else people call a usage (RFC 5280 4.2.1.12)."""


class HitKind(StrEnum):
    """Where something was found, in the order in which hits are shown."""

    PARTNER = "partner"
    IDENTITY = "identity"
    OPENED = "opened"
    SEEN = "seen"
    TRUST_LIST = "trust_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that was found.

    Attributes:
        title: what it is called; foreign text.
        detail: what tells it from others of the name: endpoint, or names and issuer; foreign text.
        endpoint: of a partner; None for the others.
        sha256: of a certificate; None for a partner.
        trust_list: name of the list that it stands on; "" elsewhere.
        identity: name of an identity; None for the others.
    """

    kind: HitKind
    title: str
    detail: str
    endpoint: Endpoint | None = None
    sha256: str | None = None
    trust_list: str = ""
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A thing as it is searched: `text` is casefolded, `digits` its serial number and fingerprint."""

    hit: Hit
    title: str
    text: str
    digits: str = ""

    @property
    def order(self) -> int:
        """Place of its kind among the kinds."""
        return _ORDER[self.hit.kind]


_ORDER = {kind: place for place, kind in enumerate(HitKind)}


def partner_entry(endpoint: Endpoint, partner: Partner | None = None) -> SearchEntry:
    """Make an endpoint ready to be found, also by what is known of its partner."""
    target = endpoint.target
    parts = [endpoint.partner, target.endpoint, target.verify_name, endpoint.note, endpoint.identity or ""]
    if partner is not None:
        contacts = (text for one in partner.contacts for text in (one.name, one.email))
        parts += [partner.company_id, *partner.one_record_ids, *partner.tags, *contacts, partner.note]
    hit = Hit(kind=HitKind.PARTNER, title=endpoint.partner, detail=target.endpoint, endpoint=endpoint)
    return SearchEntry(hit, endpoint.partner.casefold(), "\n".join(parts).casefold())


def identity_entry(identity: Identity) -> SearchEntry:
    """Make one of our own certificates ready to be found, also by the name that a person gave it."""
    facts = identity.certificate
    entry = certificate_entry(facts, HitKind.IDENTITY)
    hit = replace(entry.hit, title=identity.name, detail=facts.subject or facts.title, identity=identity.name)
    text = f"{identity.name}\n{identity.source}".casefold()
    return SearchEntry(hit, identity.name.casefold(), f"{text}\n{entry.text}", entry.digits)


def certificate_entry(facts: CertificateFacts, kind: HitKind, trust_list: str = "") -> SearchEntry:
    """Make a certificate ready to be found."""
    usages = facts.extended_key_usage or ()
    names = [name.partition(":")[2] for name in facts.subject_alt_names]
    parts = (
        facts.title,
        facts.subject or "",
        *facts.subject_alt_names,
        *usages,
        *(_USAGE_WORDS.get(usage, "") for usage in usages),
    )
    detail = ", ".join(name for name in names[:3] if name != facts.title) or facts.issuer or ""
    hit = Hit(kind=kind, title=facts.title, detail=detail, sha256=facts.sha256, trust_list=trust_list)
    digits = f"{facts.serial_number or ''}\n{facts.sha256}"
    return SearchEntry(hit, facts.title.casefold(), "\n".join(parts).casefold(), digits)


class SearchIndex:
    """Entries that are searched from one end to the other: text comparison is faster than keeping trees."""

    def __init__(self, entries: Iterable[SearchEntry] = ()) -> None:
        self._entries = tuple(entries)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, query: str, limit: int = MAX_HITS) -> tuple[Hit, ...]:
        """Return what matches, best first: titles that begin so, titles that hold it, all else; by kind then.

        Nothing matches an empty query.
        """
        words = query.casefold().split()
        if not words:
            return ()
        digits, whole = hex_digits(query), " ".join(words)
        found = (
            (_rank(entry, whole, words), entry.order, entry.title, place)
            for place, entry in enumerate(self._entries)
            if (digits and digits in entry.digits) or _has(entry, words)
        )
        best = heapq.nsmallest(limit * _PLACES, found)
        return _each_once(self._entries[place].hit for *_rest, place in best)[:limit]


def hex_digits(query: str) -> str:
    """Return the digits of a text that can be a serial number or fingerprint, or a part of one; else ""."""
    # Not needed before the first search.
    from trustdesk.services.fingerprints import digits_of

    digits = digits_of(query) or ""
    if len(digits) < MIN_HEX_DIGITS:
        return ""
    # Serial numbers are kept without leading zeros, and are often written with them.
    return digits if len(digits) > 2 * 20 else digits.lstrip("0") or digits


def _has(entry: SearchEntry, words: Sequence[str]) -> bool:
    return all(word in entry.text for word in words)


def _rank(entry: SearchEntry, whole: str, words: Sequence[str]) -> int:
    if entry.title.startswith(whole):
        return 0
    return 1 if all(word in entry.title for word in words) else 2


def _each_once(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Leave out what was found in a better place already: one certificate is one hit."""
    seen: dict[object, Hit] = {}
    for hit in hits:
        seen.setdefault(hit.sha256 or (hit.endpoint.id if hit.endpoint else hit), hit)
    return tuple(seen.values())
