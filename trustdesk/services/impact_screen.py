"""Which chains a change of trust can touch at all, told from names, keys and dates without judging anything.

A chain is trusted by a path that names and signatures hold together. So nothing can change for it unless,
going up from its end entity by issuers' names, an anchor, an intermediate of a list or a key is reached that
is not the same on both sides; or, between two instants, a date of something that is reached. Names are
compared as the search for paths compares them, so that what is left out here is never touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust import TrustAnchor, TrustList
from trustdesk.services.trust_side import Lists, anchors_of, with_keys
from trustdesk.storage.stored_chains import StoredCertificate
from trustdesk.verify.comparable_names import ComparableName
from trustdesk.verify.outline import Outline, outline

_MARGIN = timedelta(seconds=1)
"""Instants are judged in whole seconds."""

_FEW = 24
"""Certificates and anchors up to which no search for paths comes to a limit of its own."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What of both sides' lists stands above a chain, by names; sets of SHA-256.

    Attributes:
        before, after: anchors.
        others: intermediates of the lists.
    """

    before: frozenset[str]
    after: frozenset[str]
    others: frozenset[str]

    @property
    def is_small(self) -> bool:
        """Whether a search among it cannot come to its limits."""
        return len(self.before) + len(self.after) + len(self.others) <= _FEW


class Screen:
    """Two sides of one comparison, as far as one set of lists on each goes."""

    def __init__(self, before: Lists, after: Lists, *, at: datetime, at_after: datetime) -> None:
        self._span = (min(at, at_after) - _MARGIN, max(at, at_after) + _MARGIN) if at != at_after else None
        self._outlines: dict[str, Outline] = {}
        self._facts: dict[str, CertificateFacts] = {}
        self.before, self.after = before, after = with_keys(before), with_keys(after)
        self._before = self._by_subject(facts for one in before for facts in anchors_of(one))
        self._after = self._by_subject(facts for one in after for facts in anchors_of(one))
        self._pool = self._by_subject(facts for one in (*before, *after) for facts in one.intermediates)
        self.everything = _touches_everything(before, after)
        self.changed = frozenset(_changed(before, after))
        self.keys = frozenset(_changed_keys(before, after, self._span))
        self.only_takes_away = self._only_takes_away(before, after)
        self._dated = frozenset(self._with_a_date(before, after))
        self._known: dict[tuple[bytes, tuple[str, ...]], Reached] = {}

    def reached(self, chain: Sequence[StoredCertificate]) -> Reached:
        """Go up from the end entity by names, through the chain and the lists."""
        end_entity, above = chain[0], chain[1:]
        read = outline(end_entity.der)
        key = read.raw_issuer, tuple(one.sha256 for one in above)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._go_up(read.issuer, [(one.sha256, one.der) for one in above])
        return found

    def may_touch(self, chain: Sequence[StoredCertificate], reached: Reached) -> bool:
        """Whether the verdict on a chain can differ between the two sides."""
        touched = reached.before | reached.after | reached.others
        if self.everything or touched & self.changed:
            return True
        if self.keys and (
            touched & self.keys
            or any(self._is_of_changed_key(self._outlines[one]) for one in touched)
            or any(one.sha256 in self.keys for one in chain)
            or any(self._is_of_changed_key(self._outline(one.sha256, one.der)) for one in chain)
        ):
            return True
        if self._span is None:
            return False
        return bool(touched & self._dated) or any(
            _is_within(self._span, at) for one in chain for at in (one.not_before, one.not_after)
        )

    def trimmed(self, lists: Lists, reached: Iterable[Reached]) -> Lists:
        """Return lists with no more than what is reached: what else stands there trusts none of these chains.

        Worker processes need not be told of thousands of anchors then.
        """
        kept = frozenset(one for each in reached for one in each.before | each.after | each.others)
        return tuple(
            replace(
                one,
                anchors=tuple(facts for facts in one.anchors if facts.sha256 in kept),
                limited=tuple(anchor for anchor in one.limited if anchor.certificate.sha256 in kept),
                intermediates=tuple(facts for facts in one.intermediates if facts.sha256 in kept),
                left_out=(),
            )
            for one in lists
        )

    def _go_up(self, issuer: ComparableName | None, above: Sequence[tuple[str, bytes]]) -> Reached:
        presented: dict[ComparableName, list[Outline]] = defaultdict(list)
        for digest, der in above:
            read = self._outline(digest, der)
            if read.subject is not None:
                presented[read.subject].append(read)
        names, waiting = set[ComparableName | None](), [issuer]
        before, after, others = set[str](), set[str](), set[str]()
        while waiting:
            name = waiting.pop()
            if name is None or name in names:
                continue
            names.add(name)
            before.update(self._before.get(name, ()))
            after.update(self._after.get(name, ()))
            others.update(self._pool.get(name, ()))
            waiting.extend(one.issuer for one in presented.get(name, ()))
            waiting.extend(self._outlines[digest].issuer for digest in self._pool.get(name, ()))
        return Reached(frozenset(before), frozenset(after), frozenset(others))

    def _by_subject(self, certificates: Iterable[CertificateFacts]) -> dict[ComparableName, list[str]]:
        found: dict[ComparableName, list[str]] = defaultdict(list)
        for facts in certificates:
            self._facts[facts.sha256] = facts
            subject = self._outline(facts.sha256, facts.der).subject
            if subject is not None:
                found[subject].append(facts.sha256)
        return found

    def _outline(self, sha256: str, der: bytes) -> Outline:
        found = self._outlines.get(sha256)
        if found is None:
            found = self._outlines[sha256] = outline(der)
        return found

    def _is_of_changed_key(self, read: Outline) -> bool:
        return any(key in self.keys for key in read.key_digests)

    def _with_a_date(self, before: Lists, after: Lists) -> Iterable[str]:
        """Yield what of the lists has a date of its own between the two instants."""
        span = self._span
        if span is None:
            return
        for facts in self._facts.values():
            if any(_is_within(span, at) for at in (facts.not_before, facts.not_after)):
                yield facts.sha256
        for one in (*before, *after):
            yield from (anchor.certificate.sha256 for anchor in one.limited if _is_within(span, anchor.ends))

    def _only_takes_away(self, before: Lists, after: Lists) -> bool:
        """Whether nothing can be trusted after that was not before: anchors went, and keys are distrusted."""
        if self._span is not None or self.everything:
            return False
        was = _paired(before)
        for name, one in _paired(after).items():
            old = was.get(name)
            if old is None:
                return False
            anchors = _anchors(old)
            if any(anchors.get(digest) != anchor for digest, anchor in _anchors(one).items()):
                return False
            if not {facts.sha256 for facts in one.intermediates} <= {f.sha256 for f in old.intermediates}:
                return False
        # What one list distrusts is distrusted for all.
        distrusted, distrusted_now = (
            {key for one in lists for key in one.distrusted} for lists in (before, after)
        )
        return distrusted <= distrusted_now


def _paired(lists: Lists) -> dict[str, TrustList]:
    return {one.name: one for one in lists}


def _anchors(trust_list: TrustList) -> dict[str, TrustAnchor]:
    return {anchor.certificate.sha256: anchor for anchor in trust_list.trust_anchors}


def _touches_everything(before: Lists, after: Lists) -> bool:
    """Whether chains may change that reach nothing of what changed."""
    was, now = _paired(before), _paired(after)
    if len(was) != len(before) or len(now) != len(after):
        return True  # two lists of one name: nobody can tell which became which
    return _demands(before) != _demands(after)


def _demands(lists: Lists) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return what lists ask of every path, wherever it ends."""
    return {(one.only_through, one.pins) for one in lists if one.only_through or one.pins}


def _changed(before: Lists, after: Lists) -> Iterable[str]:
    """Yield certificates that do not stand on both sides alike, list by list."""
    was, now = _paired(before), _paired(after)
    for name in was.keys() | now.keys():
        old, new = was.get(name), now.get(name)
        if old is new:
            continue
        anchors, anchors_now = (_anchors(one) if one is not None else {} for one in (old, new))
        yield from (
            digest
            for digest in anchors.keys() | anchors_now.keys()
            if anchors.get(digest) != anchors_now.get(digest)
        )
        pool, pool_now = (
            {facts.sha256 for facts in one.intermediates} if one is not None else set[str]()
            for one in (old, new)
        )
        yield from pool ^ pool_now


def _changed_keys(before: Lists, after: Lists, span: tuple[datetime, datetime] | None) -> Iterable[str]:
    """Yield digests of certificates and keys that are distrusted on one side, or end between the instants."""
    was, now = _paired(before), _paired(after)
    for name in was.keys() | now.keys():
        old, new = was.get(name), now.get(name)
        keys, keys_now = (set(one.distrusted) if one is not None else set() for one in (old, new))
        # Of a list that is on one side alone, its anchors are all changed already.
        dated = {
            one
            for one in keys | keys_now
            if span is not None and (_is_within(span, one.begins) or _is_within(span, one.ends))
        }
        for one in (keys ^ keys_now) | dated:
            yield one.sha256
            if one.spki_sha256 is not None:
                yield one.spki_sha256


def _is_within(span: tuple[datetime, datetime], at: datetime | None) -> bool:
    return at is not None and span[0] <= at <= span[1]
