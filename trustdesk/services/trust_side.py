"""One side of a comparison of trust: by which lists is judged, whose own lists count for whom, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg
from trustdesk.core.trust import DistrustedKey, TrustList
from trustdesk.verify.outline import outline

Lists = tuple[TrustList, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSide:
    """What is judged by.

    Attributes:
        lists: in force, ready to judge by (`services.lists_in_force`): with local decisions.
        at: the instant that is judged for.
        own: of partners with a policy, by name: what they are judged by in place of `lists`.
        shared: likewise of endpoints that several partners share, by the endpoint's id.
    """

    lists: Lists
    at: datetime
    own: Mapping[str, Lists] = field(default_factory=lambda: MappingProxyType({}))
    shared: Mapping[int, Lists] = field(default_factory=lambda: MappingProxyType({}))

    def lists_for(self, partner: str | None, endpoint_id: int | None = None) -> Lists:
        """Return what a partner's server is judged by; None for identities of ours."""
        if partner is None:
            return self.lists
        shared = None if endpoint_id is None else self.shared.get(endpoint_id)
        return self.own.get(partner, self.lists) if shared is None else shared

    def as_of(self, at: datetime) -> TrustSide:
        """The same lists at another instant."""
        return replace(self, at=at)

    def with_list(self, changed: TrustList) -> TrustSide:
        """The same with a list in place of that of its name, wherever that one is judged by.

        What a partner's policy adds to a list (chosen CAs, pins) is kept.
        """
        return self._changed(
            lambda one: (
                replace(changed, only_through=one.only_through, pins=one.pins)
                if one.name == changed.name
                else one
            )
        )

    def without(self, sha256: str, *, spki_sha256: str | None = None) -> TrustSide:
        """The same without a CA, on every list that anybody is judged by.

        By its certificate alone the anchor goes, and other certificates of its key stay. By its key too, no
        path passes through that any more, whoever certified it. A CA that is no anchor cannot go but so: no
        path passes through its certificate then.
        """
        everywhere = (
            *self.lists,
            *(one for own in (self.own, self.shared) for lists in own.values() for one in lists),
        )
        is_anchor = any(facts.sha256 == sha256 for one in everywhere for facts in anchors_of(one))
        key = DistrustedKey(sha256=sha256, spki_sha256=spki_sha256, why=_TAKEN_AWAY)
        added = (key,) if spki_sha256 is not None or not is_anchor else ()

        def goes(facts: CertificateFacts) -> bool:
            if facts.sha256 == sha256:
                return True
            return spki_sha256 is not None and spki_sha256 in outline(facts.der).key_digests

        return self._changed(
            lambda one: replace(
                one,
                anchors=tuple(facts for facts in one.anchors if not goes(facts)),
                limited=tuple(anchor for anchor in one.limited if not goes(anchor.certificate)),
                intermediates=tuple(facts for facts in one.intermediates if not goes(facts)),
                distrusted=(*one.distrusted, *added),
            )
        )

    def _changed(self, change: Callable[[TrustList], TrustList]) -> TrustSide:
        return replace(
            self,
            lists=tuple(map(change, self.lists)),
            own={partner: tuple(map(change, lists)) for partner, lists in self.own.items()},
            shared={endpoint: tuple(map(change, lists)) for endpoint, lists in self.shared.items()},
        )


def anchors_of(trust_list: TrustList) -> tuple[CertificateFacts, ...]:
    """All anchors of a list; one that is limited, and stands among the plain ones too, comes twice."""
    return (*trust_list.anchors, *(one.certificate for one in trust_list.limited))


def with_keys(lists: Lists) -> Lists:
    """Return lists whose distrusts name the key too, where one of the lists holds the certificate.

    As `verify.path_policy` reads them: what is left of lists that are cut down, as for a worker process,
    would not tell it any more.
    """
    wanted = {key.sha256 for one in lists for key in one.distrusted if key.spki_sha256 is None}
    if not wanted:
        return lists
    held = (
        facts
        for one in lists
        for facts in (*anchors_of(one), *one.intermediates, *(left.certificate for left in one.left_out))
    )
    keys = {
        facts.sha256: next(reversed(outline(facts.der).key_digests), "")
        for facts in held
        if facts.sha256 in wanted
    }
    return tuple(
        replace(
            one,
            distrusted=tuple(
                key if key.spki_sha256 is not None else replace(key, spki_sha256=keys.get(key.sha256) or None)
                for key in one.distrusted
            ),
        )
        if any(key.spki_sha256 is None for key in one.distrusted)
        else one
        for one in lists
    )


_TAKEN_AWAY = msg("It is taken away, to see what follows.")
