"""Partners that may be in the directory twice: what they share that each should have alone."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from trustdesk.core.message import Message, msg
from trustdesk.core.partner import PartnerEntry
from trustdesk.core.target import Target
from trustdesk.services.directory_values import DuplicateGroup, Resemblance

# Words that say how a company is founded, and not which; as they stand without dots and accents.
_LEGAL_FORMS = frozenset(
    [
        "ab",
        "ag",
        "as",
        "asa",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "corporate",
        "gmbh",
        "inc",
        "incorporated",
        "kg",
        "kgaa",
        "kk",
        "limited",
        "llc",
        "llp",
        "lp",
        "ltd",
        "ltda",
        "mbh",
        "nv",
        "oy",
        "oyj",
        "plc",
        "pte",
        "pty",
        "pvt",
        "sa",
        "sarl",
        "sas",
        "se",
        "spa",
        "srl",
        "the",
        "und",
        "and",
        "&",
        "et",
        "y",
    ]
)
_SHORTEST_NEAR = 6
"""Letters from which on names that differ in one are near: BAX and BAY are two companies."""

Key = tuple[Resemblance, str]


class ResemblanceIndex:
    """Who has what; asked for an entry that may be among them."""

    def __init__(self, entries: Iterable[PartnerEntry] = ()) -> None:
        self._holders: dict[Key, list[str]] = defaultdict(list)
        self._shared: dict[Key, str] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: PartnerEntry) -> None:
        """Take a partner into it."""
        for key, shared in keys_of(entry).items():
            self._holders[key].append(entry.partner.name)
            self._shared.setdefault(key, shared)

    def resembling(self, entry: PartnerEntry) -> tuple[tuple[Resemblance, str, str], ...]:
        """Return what an entry shares, its value, and with whom; each partner once, by the strongest."""
        found: dict[str, tuple[Resemblance, str, str]] = {}
        for key, shared in keys_of(entry).items():
            for name in self._holders.get(key, ()):
                if name != entry.partner.name:
                    found.setdefault(name, (key[0], shared, name))
        return tuple(found.values())

    def groups(self) -> tuple[DuplicateGroup, ...]:
        """Return all that share something, the strongest kind first; the same partners once."""
        order = list(Resemblance)
        met: set[tuple[str, ...]] = set()
        groups = []
        for key in sorted(self._holders, key=lambda key: (order.index(key[0]), key[1])):
            names = tuple(sorted(set(self._holders[key]), key=lambda name: (name.casefold(), name)))
            if len(names) > 1 and names not in met:
                met.add(names)
                groups.append(DuplicateGroup(resemblance=key[0], shared=self._shared[key], partners=names))
        return tuple(groups)


def duplicate_groups(entries: Sequence[PartnerEntry]) -> tuple[DuplicateGroup, ...]:
    """Return partners that may be one and the same."""
    return ResemblanceIndex(entries).groups()


def resemblance_words(resemblance: Resemblance, shared: str, partner: str) -> Message:
    """Say in a sentence what is shared with a partner."""
    match resemblance:
        case Resemblance.COMPANY_ID:
            return msg("{partner} has the company id {value} too.", partner=partner, value=shared)
        case Resemblance.ONE_RECORD_ID:
            return msg("{partner} has the 1R-ID {value} too.", partner=partner, value=shared)
        case Resemblance.ENDPOINT:
            return msg("{partner} has the endpoint {value} too.", partner=partner, value=shared)
        case Resemblance.NAME:
            return msg("Its name is nearly that of {partner}.", partner=partner)


def keys_of(entry: PartnerEntry) -> Mapping[Key, str]:
    """Return what a partner should have alone, each with the value to show, the strongest first."""
    keys: dict[Key, str] = {}
    partner = entry.partner
    if partner.company_id:
        keys[Resemblance.COMPANY_ID, partner.company_id.casefold()] = partner.company_id
    for one in partner.one_record_ids:
        keys[Resemblance.ONE_RECORD_ID, _identifier(one)] = one
    for endpoint in entry.endpoints:
        keys[Resemblance.ENDPOINT, _server(endpoint.target)] = endpoint.target.endpoint
    plain = plain_name(partner.name)
    for key in _near_keys(plain):
        keys[Resemblance.NAME, key] = plain
    return keys


def plain_name(name: str) -> str:
    """Return a name without case, accents, punctuation and legal forms; for comparing only."""
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(one)
    )
    words = re.sub(r"[.'’]", "", bare)
    parts = re.findall(r"\w+|&", words)
    kept = [part for part in parts if part not in _LEGAL_FORMS]
    return " ".join(kept or parts)


def _near_keys(plain: str) -> tuple[str, ...]:
    """Return what two names have in common that differ in at most one letter: each with one left out.

    Digits are never left out: Terminal 1 and Terminal 2 are two.
    """
    joined = plain.replace(" ", "")
    if len(joined) < _SHORTEST_NEAR:
        return (joined,)
    left_out = (joined[:place] + joined[place + 1 :] for place, one in enumerate(joined) if not one.isdigit())
    return tuple(dict.fromkeys((joined, *left_out)))


def _identifier(text: str) -> str:
    """Return a 1R-ID as it is compared: scheme and host without regard to case."""
    scheme, separator, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{separator}{host.lower()}{slash}{path.rstrip('/')}"


def _server(target: Target) -> str:
    """Return where a target connects to: many partners may share a name that only the path tells apart."""
    address = target.connect_address or target.host
    return f"{target.protocol}://{address}:{target.connect_port or target.port}/{target.host}{target.path}"
