"""Small PKIs by chance: cross-signs, several certificates of one key, expired ones, two lists that differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from tests.support import pki
from tests.support.pki import NOW, Issued
from trustdesk.core.message import msg
from trustdesk.core.trust import DistrustedKey, TrustAnchor, TrustList
from trustdesk.core.verification import Purpose
from trustdesk.storage.stored_chains import StoredCertificate, StoredChain
from trustdesk.verify.outline import outline

_NAMES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
_DAYS = (-40, -5, 5, 40, 400)


@cache
def keys() -> tuple[ec.EllipticCurvePrivateKey, ...]:
    """A few for all PKIs of a run: making certificates takes less than making keys."""
    return tuple(ec.generate_private_key(ec.SECP256R1()) for _ in range(6))


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomPki:
    """Lists, chains of partners, and paths of identities."""

    lists: tuple[TrustList, ...]
    chains: tuple[StoredChain, ...]
    identities: dict[str, tuple[Issued, ...]]
    authorities: tuple[Issued, ...]


def random_pki(chance: Random, *, names: tuple[str, ...] = _NAMES, partners: int = 5) -> RandomPki:
    """Make one; names of CAs come again with other keys, and keys with other names."""
    roots = [
        pki.root(name, key=chance.choice(keys()), **_validity(chance)) for name in chance.sample(names, 3)
    ]
    authorities = [*roots]
    for _ in range(5):
        # A CA certified once more, under its own name and key, is a cross-sign.
        again = chance.random() < 0.4
        model = chance.choice(authorities)
        issuer = chance.choice(authorities)
        authorities.append(
            pki.authority(
                _common_name(model) if again else chance.choice(names),
                issuer,
                key=model.key if again else chance.choice(keys()),
                path_length=chance.choice((None, None, None, 0)),
                **_validity(chance),
            )
        )
    chains = tuple(_chain(chance, number, authorities) for number in range(1, partners + 1))
    identities = {
        f"identity {number}": _path(chance, pki.client(issuer, key=chance.choice(keys())), authorities)
        for number, issuer in enumerate(chance.sample(authorities, 2))
    }
    lists = tuple(_list(chance, called, authorities) for called in ("first", "second"))
    return RandomPki(lists=lists, chains=chains, identities=identities, authorities=tuple(authorities))


def changed_lists(chance: Random, made: RandomPki) -> tuple[TrustList, ...]:
    """Another version of one list, or of both; now and then one is gone."""
    lists = [
        _list(chance, one.name, made.authorities) if chance.random() < 0.6 else one for one in made.lists
    ]
    return tuple(lists[:1] if chance.random() < 0.2 else lists)


def _list(chance: Random, called: str, authorities: list[Issued] | tuple[Issued, ...]) -> TrustList:
    some = chance.sample(authorities, chance.randint(1, 4))
    plain = some[: chance.randint(0, len(some))]
    limited = tuple(
        TrustAnchor(
            certificate=one.facts,
            uses=frozenset(chance.choice(([*Purpose], [Purpose.CLIENT], [Purpose.SERVER], []))),
            distrusted=chance.random() < 0.2,
            distrust_after=NOW + timedelta(days=chance.choice(_DAYS)) if chance.random() < 0.3 else None,
            ends=NOW + timedelta(days=chance.choice(_DAYS)) if chance.random() < 0.3 else None,
        )
        for one in some[len(plain) :]
    )
    made = replace(pki.trust_list(*plain, called=called), limited=limited)
    if chance.random() < 0.3:
        made = replace(made, intermediates=(chance.choice(authorities).facts,))
    if chance.random() < 0.1:
        made = replace(made, only_through=(chance.choice(authorities).sha256,))
    if chance.random() < 0.1:
        made = replace(made, pins=(outline(chance.choice(authorities).der).spki_sha256,))
    if chance.random() < 0.3:
        made = replace(made, distrusted=(distrusted(chance, chance.choice(authorities)),))
    return made


def distrusted(chance: Random, ca: Issued) -> DistrustedKey:
    """A CA that is distrusted, by its certificate or by its key."""
    return DistrustedKey(
        sha256=ca.sha256,
        spki_sha256=outline(ca.der).spki_sha256 if chance.random() < 0.5 else None,
        why=msg("By chance."),
        ends=NOW + timedelta(days=chance.choice(_DAYS)) if chance.random() < 0.3 else None,
        begins=NOW + timedelta(days=chance.choice(_DAYS)) if chance.random() < 0.3 else None,
        issued_after=NOW + timedelta(days=chance.choice(_DAYS)) if chance.random() < 0.3 else None,
        purposes=frozenset(chance.choice(([*Purpose], [*Purpose], [Purpose.CLIENT], [Purpose.SERVER]))),
    )


def _chain(chance: Random, number: int, authorities: list[Issued]) -> StoredChain:
    host = f"host-{number}.example"
    issuer = chance.choice(authorities)
    leaf = pki.server(
        issuer,
        host if chance.random() < 0.9 else "other.example",
        key=chance.choice(keys()),
        **_validity(chance),
    )
    return StoredChain(
        endpoint_id=number,
        partner=f"Partner {number}",
        place=f"{host}:443",
        verify_name=host,
        observation_id=number,
        certificates=tuple(map(stored, _path(chance, leaf, authorities))),
    )


def _path(chance: Random, leaf: Issued, authorities: list[Issued]) -> tuple[Issued, ...]:
    return leaf, *chance.sample(authorities, chance.randint(1, 5))


def stored(issued: Issued) -> StoredCertificate:
    """A certificate as the workspace gives it."""
    facts = issued.facts
    return StoredCertificate(
        sha256=facts.sha256, der=facts.der, not_before=facts.not_before, not_after=facts.not_after
    )


def _validity(chance: Random) -> dict[str, Any]:
    ends = chance.choice((-3, 3, 30, 300, 300, 300))
    begins = chance.choice((-300, -300, -300, -10, 2)) if ends > 2 else -300
    return {"not_before": NOW + timedelta(days=begins), "not_after": NOW + timedelta(days=ends)}


def _common_name(issued: Issued) -> str:
    return issued.facts.subject_common_name or ""
