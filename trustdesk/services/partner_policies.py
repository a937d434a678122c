"""By what a partner's servers are judged: its lists, its CAs, its pins, and roots for it and for nobody else.

Decisions:
- 2026-11: a target that is an endpoint of a partner is that partner's, whoever tests it from where: by host
  and port, else by port and the name that its certificate is to speak for. The protocol makes no difference:
  the handshake is the same, and so is the client certificate that it sends. One that belongs to several is
  judged by all of their policies, and by no private root, also where it is tested as an endpoint of one.
- 2026-11: without a seal that holds, what a policy grants does not count: no private root, and of its lists
  only the anchors that the lists in force hold too. What narrows still does.
- 2026-11: a policy's lists stand in place of those in force; what was decided here holds for them as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import Target
from trustdesk.core.trust import NO_LIMITS, TrustAnchor, TrustList, TrustListOrigin
from trustdesk.core.trust_decision import PartnerPolicy
from trustdesk.verify.anchor_candidates import may_be_anchor


class PolicyBook:
    """The policies of a workspace, by partner; empty ones are none."""

    def __init__(self, policies: Iterable[PartnerPolicy] = ()) -> None:
        self._by_partner = {one.partner: one for one in policies if not one.is_empty}

    def __bool__(self) -> bool:
        return bool(self._by_partner)

    @property
    def partners(self) -> tuple[str, ...]:
        """Partners that have a policy."""
        return tuple(self._by_partner)

    def lists_for(
        self,
        partners: Sequence[str],
        in_force: Sequence[TrustList],
        named: Callable[[str], TrustList | None],
        *,
        chosen: Sequence[TrustList] | None = None,
    ) -> tuple[TrustList, ...]:
        """Return what servers of some partners are judged by.

        Args:
            partners: whose endpoint it is; mostly one, or none.
            in_force: lists that are judged by where no policy says otherwise.
            named: finds a list by its name; None where there is none.
            chosen: lists that a person named for this test: policies narrow these, and add nothing.
        """
        policies = [self._by_partner[one] for one in partners if one in self._by_partner]
        lists = tuple(in_force if chosen is None else chosen)
        for position, policy in enumerate(policies):
            grants = chosen is None and policy.sealed is True and len(partners) == 1
            base = lists
            if policy.lists and chosen is None:
                lists = _own_lists(policy, named)
                if not grants:
                    lists = tuple(_held_by(one, base) for one in lists) + tuple(map(_without_anchors, base))
            if policy.private_roots and grants:
                lists = (*lists, _private_list(policy))
            lists = _narrowed(lists, policy, is_first=not position)
        return lists


def partners_at(target: Target, endpoints: Iterable[Endpoint]) -> tuple[str, ...]:
    """Return the partners whose endpoint a target is, each once, in the order of their endpoints."""
    return EndpointPlaces(endpoints).partners_at(target)


class EndpointPlaces:
    """Which partners are at which target, for many targets."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        places: dict[_Place, dict[str, None]] = defaultdict(dict)
        named: dict[_Place, dict[str, None]] = defaultdict(dict)
        for endpoint in endpoints:
            target = endpoint.target
            places[target.host, target.port][endpoint.partner] = None
            named[target.verify_name, target.port][endpoint.partner] = None
        self._at = {place: tuple(partners) for place, partners in places.items()}
        self._named = {place: tuple(partners) for place, partners in named.items()}

    def partners_at(self, target: Target) -> tuple[str, ...]:
        """Return the partners whose endpoint a target is, each once, in the order of their endpoints."""
        at_host = self._at.get((target.host, target.port))
        return at_host or self._named.get((target.verify_name, target.port), ())


_Place = tuple[str, int]


def shared_endpoints(endpoints: Sequence[Endpoint], with_policy: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Return the partners of endpoints that several share, by the endpoint's id, where one has a policy."""
    places, bound = EndpointPlaces(endpoints), frozenset(with_policy)
    return {
        one.id: partners
        for one in endpoints
        if len(partners := places.partners_at(one.target)) > 1 and not bound.isdisjoint(partners)
    }


def _own_lists(policy: PartnerPolicy, named: Callable[[str], TrustList | None]) -> tuple[TrustList, ...]:
    """Return the lists of a policy; one that is gone trusts nothing, and is named all the same."""
    return tuple(named(name) or _gone(name) for name in dict.fromkeys(policy.lists))


def _gone(name: str) -> TrustList:
    return TrustList(
        name=name, title=msg("{list} (gone)", list=name), origin=TrustListOrigin.IMPORTED, anchors=()
    )


def _private_list(policy: PartnerPolicy) -> TrustList:
    return TrustList(
        name=policy.partner,
        title=msg("Private roots of {partner}", partner=policy.partner),
        origin=TrustListOrigin.PARTNER,
        anchors=tuple(facts for facts in policy.private_roots if may_be_anchor(facts)),
    )


def _narrowed(
    lists: tuple[TrustList, ...], policy: PartnerPolicy, *, is_first: bool
) -> tuple[TrustList, ...]:
    """Ask for the policy's CAs and pins, whatever list a path ends on.

    What one list says of every path holds for all that judge together, so that those of a second policy can
    stand on a list of their own.
    """
    if not policy.only_cas and not policy.pins:
        return lists
    if is_first and lists:
        return tuple(replace(one, only_through=policy.only_cas, pins=policy.pins) for one in lists)
    asks = TrustList(
        name=policy.partner,
        title=msg("Policy of {partner}", partner=policy.partner),
        origin=TrustListOrigin.PARTNER,
        anchors=(),
        only_through=policy.only_cas,
        pins=policy.pins,
    )
    return (*lists, asks)


def _held_by(trust_list: TrustList, others: Sequence[TrustList]) -> TrustList:
    """Return a list with the anchors that others hold too, for no more than both say."""
    held: dict[str, list[TrustAnchor]] = defaultdict(list)
    for other in others:
        for anchor in other.trust_anchors:
            held[anchor.certificate.sha256].append(anchor)
    limited = tuple(
        _for_both(anchor, same)
        for anchor in trust_list.trust_anchors
        if (same := held.get(anchor.certificate.sha256))
    )
    return replace(trust_list, anchors=(), limited=limited)


def _for_both(anchor: TrustAnchor, same: Sequence[TrustAnchor]) -> TrustAnchor:
    """Return an anchor for no more than it says and another one of its certificate says too.

    Of several others that say different things nothing is joined, nor are two kinds of limits: it vouches for
    nobody then. That is for a policy without a seal, which must never let more in.
    """
    others = {replace(one, why=None) for one in same if not one.distrusted}
    plain = TrustAnchor(certificate=anchor.certificate)
    other = plain if plain in others else next(iter(others), plain)
    limits = anchor.limits if other.limits in (NO_LIMITS, anchor.limits) else other.limits
    return replace(
        anchor,
        uses=anchor.uses & other.uses,
        distrusted=anchor.distrusted
        or not others
        or (len(others) > 1 and other is not plain)
        or (anchor.limits not in (NO_LIMITS, limits)),
        distrust_after=_earlier(anchor.distrust_after, other.distrust_after),
        ends=_earlier(anchor.ends, other.ends),
        limits=limits,
    )


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def _without_anchors(trust_list: TrustList) -> TrustList:
    """Return what a list says against keys, and nothing that it trusts."""
    return replace(trust_list, anchors=(), limited=(), intermediates=())
