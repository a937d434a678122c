"""A digest of all that is judged by: whether a kept judgement still rests on the same is seen by it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import cryptography

from trustdesk import __version__
from trustdesk.core.trust import DistrustedKey, TrustAnchor, TrustList


def basis_of(trust_lists: Sequence[TrustList]) -> str:
    """Return it for lists that judge together, in whatever order; titles and reasons make no difference."""
    digest = hashlib.sha256()
    for part in sorted(_part(one) for one in trust_lists):
        digest.update(part.encode())
    return digest.hexdigest()


def engine_of(*, knows_published_keys: bool) -> str:
    """Return which rules judge: other versions of the program, or of its second engine, may say otherwise.

    Args:
        knows_published_keys: whether the rule about keys that anybody can have is run; its list comes with
            the program.
    """
    return f"{__version__} {cryptography.__version__}{' keys' if knows_published_keys else ''}"


def is_plain(trust_lists: Sequence[TrustList]) -> bool:
    """Whether it is one list without versions, decisions and policy: all that there was before a basis."""
    return len(trust_lists) <= 1 and not any(
        one.limited or one.distrusted or one.only_through or one.pins or one.version is not None
        for one in trust_lists
    )


def instants_of(trust_lists: Sequence[TrustList]) -> list[datetime]:
    """Return when what these lists say changes by itself, in no order."""
    instants = (
        *(one.ends for trust_list in trust_lists for one in trust_list.limited),
        *(
            instant
            for trust_list in trust_lists
            for one in trust_list.distrusted
            for instant in (one.begins, one.ends)
        ),
    )
    return [instant for instant in instants if instant is not None]


def _part(trust_list: TrustList) -> str:
    return "\n".join(
        (
            f"{trust_list.name!r} {trust_list.version}",
            _certificates(trust_list),
            "distrusted",
            *sorted(_distrusted(one) for one in trust_list.distrusted),
            "only through",
            *sorted(trust_list.only_through),
            "pins",
            *sorted(trust_list.pins),
            "",
        )
    )


def _certificates(trust_list: TrustList) -> str:
    """Return a digest of its anchors and intermediates, made once: many policies share them."""
    parts = (trust_list.anchors, trust_list.limited, trust_list.intermediates)
    place = (id(parts[0]), id(parts[1]), id(parts[2]))
    known = _DIGESTS.get(place)
    if known is None:
        if len(_DIGESTS) >= _MAX_DIGESTS:
            _DIGESTS.clear()
        lines = (
            *sorted(one.sha256 for one in trust_list.anchors),
            *sorted(_anchor(one) for one in trust_list.limited),
            "intermediates",
            *sorted(one.sha256 for one in trust_list.intermediates),
        )
        # With what it was made of, so that no other object gets the same id.
        known = _DIGESTS[place] = hashlib.sha256("\n".join(lines).encode()).hexdigest(), parts
    return known[0]


_MAX_DIGESTS = 32
_DIGESTS: dict[tuple[int, int, int], tuple[str, object]] = {}


def _anchor(anchor: TrustAnchor) -> str:
    return " ".join(
        (
            anchor.certificate.sha256,
            ",".join(sorted(anchor.uses)),
            str(anchor.distrusted),
            *_instants((anchor.distrust_after, anchor.ends)),
            repr(anchor.limits),
        )
    )


def _distrusted(key: DistrustedKey) -> str:
    return " ".join(
        (
            key.sha256,
            key.spki_sha256 or "-",
            ",".join(sorted(key.purposes)),
            *_instants((key.begins, key.ends, key.issued_after)),
        )
    )


def _instants(instants: Iterable[datetime | None]) -> list[str]:
    return ["-" if one is None else one.isoformat() for one in instants]
