"""What is valid until when: partners' server certificates, our identities, and the CAs that are judged by.

Nothing is judged here: validity is what certificates say of themselves, and dates that change trust come from
`services.root_drops`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.core.trust_impact import DropKind, RootDrop
from trustdesk.formats.certificate import read_certificate
from trustdesk.services.impact_subjects import OwnChains
from trustdesk.services.root_drops import DropSources, root_drops
from trustdesk.services.root_programs import root_programs
from trustdesk.services.timeline_values import ExpiryTimeline, TimelineGroup, Validity
from trustdesk.services.trust_side import anchors_of
from trustdesk.storage.last_ends import PresentedEnd
from trustdesk.storage.stored_chains import ChainStore


class TimelineReader:
    """Puts the timeline together; blocks."""

    def __init__(self, chains: ChainStore, own: Callable[[], OwnChains]) -> None:
        """Take what others own; `own` may block."""
        self._chains = chains
        self._own = own

    def read(
        self, lists: Sequence[TrustList], at: datetime, drops: Sequence[RootDrop] | None = None
    ) -> ExpiryTimeline:
        """Read it.

        Args:
            lists: those in force.
            drops: dates that change trust in CAs; None takes what these lists and root programs say.
        """
        seen = self._chains.last_ends().result()
        own = self._own()
        cas = {facts.sha256: facts for one in lists for facts in anchors_of(one)}
        between = {facts.sha256: facts for facts in _between(seen.above, own) if facts.sha256 not in cas}
        if drops is None:
            drops = _drops(lists, tuple(between.values()), at)
        by_ca: dict[str, list[RootDrop]] = {}
        for drop in drops:
            if drop.sha256 and drop.kind is not DropKind.EXPIRES:
                by_ca.setdefault(drop.sha256, []).append(drop)
        return ExpiryTimeline(
            at=at,
            validities=(
                *_of_partners(seen.presented),
                *_of_identities(own),
                *_of_authorities((*between.values(), *cas.values()), by_ca),
            ),
            milestones=tuple(one for one in drops if not one.sha256),
            partners=seen.partners,
            identities=len(own),
            authorities=len(cas),
        )


def _of_partners(presented: Iterable[PresentedEnd]) -> list[Validity]:
    found = [
        Validity(
            group=TimelineGroup.PARTNERS,
            name=one.partner,
            place=one.place,
            role=_SERVER,
            sha256=one.sha256,
            begins=one.not_before,
            ends=one.not_after,
        )
        for one in presented
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.place))


def _of_identities(own: OwnChains) -> Iterator[Validity]:
    for name, path in sorted(own.items(), key=lambda item: item[0].casefold()):
        usages = path[0].extended_key_usage or ()
        is_server_alone = "serverAuth" in usages and "clientAuth" not in usages
        yield Validity(
            group=TimelineGroup.IDENTITIES,
            name=name,
            role=_SERVER if is_server_alone else _CLIENT,
            sha256=path[0].sha256,
            begins=path[0].not_before,
            ends=path[0].not_after,
            certificate=path[0],
        )


def _of_authorities(
    cas: Iterable[CertificateFacts], drops: Mapping[str, Sequence[RootDrop]]
) -> list[Validity]:
    found = [
        Validity(
            group=TimelineGroup.AUTHORITIES,
            name=facts.title,
            role=_ROOT if facts.is_self_issued else _ISSUING,
            sha256=facts.sha256,
            begins=facts.not_before,
            ends=facts.not_after,
            certificate=facts,
            drops=tuple(drops.get(facts.sha256, ())),
        )
        for facts in cas
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.sha256))


def _between(above: Mapping[str, bytes], own: OwnChains) -> Iterator[CertificateFacts]:
    """Yield the CA certificates that partners send and that we send, each once."""
    for der in above.values():
        facts = read_certificate(der)
        if facts.is_ca:
            yield facts
    for path in own.values():
        yield from (facts for facts in path[1:] if facts.is_ca and facts.sha256 not in above)


def _drops(
    lists: Sequence[TrustList], between: Sequence[CertificateFacts], at: datetime
) -> tuple[RootDrop, ...]:
    browser = (one for one in lists if one.origin is TrustListOrigin.PUBLIC_WEB)
    roots = frozenset(facts.sha256 for one in browser for facts in anchors_of(one))
    sources = DropSources(builtin=lists, between=between, browser_roots=roots)
    return root_drops(sources, root_programs(), at)


_SERVER, _CLIENT = msg("server"), msg("client")
_ROOT, _ISSUING = msg("root CA"), msg("issuing CA")
