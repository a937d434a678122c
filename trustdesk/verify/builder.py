"""Every path from an end entity to an anchor, best first, within budgets; and where the search ended.

Names are compared as RFC 5280 7.1 says, signatures are checked, and nothing else decides: a path with an
expired certificate is a path, so that the rules can say what is wrong with it. Where nothing at all leads
to an anchor, a second search takes what looks like an issuer although its name or its key does not fit, so
that the rule which fails can be named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from trustdesk.core.message import Message, msg
from trustdesk.core.trust import TrustAnchor, TrustList
from trustdesk.core.verification import DeadEnd
from trustdesk.verify.comparable_names import ComparableName
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.signatures import SignatureBook, SignatureStatus

MAX_PATHS = 32
MAX_LENGTH = 16
MAX_STEPS = 2000
"""Certificates visited in one search: with the signatures all known, steps are what is left to count."""
_MAX_DEAD_ENDS = 32
_MAX_STRANGERS = 16
"""Certificates of a small pool that are tried as issuer although their name is another."""


class Anchor:
    """An anchor on a list.

    Attributes:
        trust: what the list says of it.
        list_name: the list's name.
    """

    def __init__(self, trust: TrustAnchor, list_name: str) -> None:
        self.trust = trust
        self.list_name = list_name

    @cached_property
    def decoded(self) -> Decoded:
        """Its certificate, decoded when a search first meets it, and kept: few of thousands ever are."""
        return Decoded(self.trust.certificate)


class AnchorIndex:
    """The anchors of some lists, by name and by key identifier."""

    def __init__(self, trust_lists: Sequence[TrustList]) -> None:
        self.names = tuple(trust_list.name for trust_list in trust_lists)
        self.by_subject: dict[ComparableName, list[Anchor]] = defaultdict(list)
        self.by_key_identifier: dict[bytes, list[Anchor]] = defaultdict(list)
        self.all: list[Anchor] = []
        for trust_list in trust_lists:
            for trust in trust_list.trust_anchors:
                decoded = Decoded(trust.certificate)
                anchor = Anchor(trust, trust_list.name)
                if decoded.subject is not None:
                    self.by_subject[decoded.subject].append(anchor)
                    self.all.append(anchor)
                if decoded.subject_key_identifier is not None:
                    self.by_key_identifier[decoded.subject_key_identifier].append(anchor)


class Pool:
    """Certificates that may stand between the end entity and an anchor; no order is asked of them."""

    def __init__(self, certificates: Iterable[Decoded]) -> None:
        self.by_subject: dict[ComparableName, list[Decoded]] = defaultdict(list)
        self.by_key_identifier: dict[bytes, list[Decoded]] = defaultdict(list)
        self.all: list[Decoded] = []
        self._digests: set[str] = set()
        for certificate in certificates:
            self.add(certificate)

    def add(self, certificate: Decoded) -> bool:
        """Take one in; False when it was there."""
        if certificate.sha256 in self._digests or certificate.fields is None:
            return False
        self._digests.add(certificate.sha256)
        self.all.append(certificate)
        if certificate.subject is not None:
            self.by_subject[certificate.subject].append(certificate)
        if certificate.subject_key_identifier is not None:
            self.by_key_identifier[certificate.subject_key_identifier].append(certificate)
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One path, end entity first.

    Attributes:
        anchor: what it ends at, the last certificate of the path; None when it ends nowhere.
    """

    certificates: tuple[Decoded, ...]
    anchor: Anchor | None


@dataclass(frozen=True, slots=True)
class Built:
    """What a search found.

    Attributes:
        candidates: in the order of the search; the one longest way without an anchor when there is no path.
        limit: which budget ended the search; None when everything was seen.
    """

    candidates: tuple[Candidate, ...]
    dead_ends: tuple[DeadEnd, ...]
    limit: Message | None


def build(
    end_entity: Decoded, pool: Pool, anchors: AnchorIndex, at: datetime, signatures: SignatureBook
) -> Built:
    """Find every path from `end_entity` through `pool` to one of `anchors`."""
    search = _Search(pool, anchors, at, signatures)
    search.run(end_entity)
    if search.candidates or search.limit is not None:
        candidates = search.candidates or [Candidate(search.longest, None)]
        return Built(tuple(candidates), tuple(search.dead_ends), search.limit)
    loose = _Search(pool, anchors, at, signatures, loose=True)
    loose.run(end_entity)
    candidates = loose.candidates or [Candidate(search.longest, None)]
    return Built(tuple(candidates), tuple(search.dead_ends), search.limit)


@dataclass(eq=False)
class _Search:
    pool: Pool
    anchors: AnchorIndex
    at: datetime
    signatures: SignatureBook
    loose: bool = False
    candidates: list[Candidate] = field(default_factory=list)
    dead_ends: list[DeadEnd] = field(default_factory=list)
    longest: tuple[Decoded, ...] = ()
    limit: Message | None = None
    steps: int = 0

    def run(self, end_entity: Decoded) -> None:
        self.longest = (end_entity,)
        self._extend((end_entity,), {(end_entity.subject, end_entity.public_key)})

    def _extend(self, path: tuple[Decoded, ...], used: set[tuple[ComparableName | None, bytes]]) -> None:
        """Go up from the last certificate of `path`; `used` holds name and key of each (RFC 5280 6.1)."""
        current = path[-1]
        if len(path) > len(self.longest):
            self.longest = path
        if not self._may_go_on(path):
            return
        led_anywhere = False
        unsigned: list[str] = []
        for anchor in self._anchors_above(current):
            top = anchor.decoded
            if (top.subject, top.public_key) in used:
                continue
            if self._signed(current, top):
                led_anywhere = True
                self.candidates.append(Candidate((*path, top), anchor))
                if len(self.candidates) >= MAX_PATHS:
                    self.limit = msg("The search ended after {count} paths.", count=MAX_PATHS)
                    return
            else:
                unsigned.append(top.title)
        for issuer in self._issuers_above(current):
            identity = (issuer.subject, issuer.public_key)
            if identity in used:
                continue
            if self._signed(current, issuer):
                led_anywhere = True
                self._extend((*path, issuer), used | {identity})
                if self.limit is not None:
                    return
            else:
                unsigned.append(issuer.title)
        if self.signatures.exhausted:
            # Not a dead end: nobody knows whether one of the others signed it.
            self.limit = _OUT_OF_SIGNATURES
        elif not led_anywhere:
            self._dead_end(path, unsigned)

    def _may_go_on(self, path: tuple[Decoded, ...]) -> bool:
        self.steps += 1
        if self.signatures.exhausted:
            self.limit = _OUT_OF_SIGNATURES
        elif self.steps > MAX_STEPS:
            self.limit = msg("The search ended after {count} steps.", count=MAX_STEPS)
        elif len(path) >= MAX_LENGTH:
            self._dead_end(
                path, [], msg("Paths of more than {limit} certificates are not followed.", limit=MAX_LENGTH)
            )
            return False
        return self.limit is None

    def _signed(self, child: Decoded, issuer: Decoded) -> bool:
        status = self.signatures.check(child, issuer)
        return self.loose or status is SignatureStatus.MADE

    def _anchors_above(self, current: Decoded) -> Iterator[Anchor]:
        found = list(self.anchors.by_subject.get(current.issuer, ())) if current.issuer is not None else []
        identifier = current.authority_key_identifier
        if self.loose and not found:
            found = list(self.anchors.by_key_identifier.get(identifier, ())) if identifier else []
            if not found and len(self.anchors.all) <= _MAX_STRANGERS:
                found = [anchor for anchor in self.anchors.all if self._made(current, anchor.decoded)]
        yield from sorted(found, key=lambda anchor: self._order(current, anchor.decoded))

    def _issuers_above(self, current: Decoded) -> Iterator[Decoded]:
        found = list(self.pool.by_subject.get(current.issuer, ())) if current.issuer is not None else []
        identifier = current.authority_key_identifier
        if self.loose and not found:
            found = list(self.pool.by_key_identifier.get(identifier, ())) if identifier else []
            if not found and len(self.pool.all) <= _MAX_STRANGERS:
                found = [certificate for certificate in self.pool.all if self._made(current, certificate)]
        yield from sorted(found, key=lambda issuer: self._order(current, issuer))

    def _made(self, child: Decoded, issuer: Decoded) -> bool:
        return self.signatures.check(child, issuer) is SignatureStatus.MADE

    def _order(self, child: Decoded, issuer: Decoded) -> tuple[bool, bool, bool, bool, bool, float]:
        """The likeliest first: key identifier, validity, CA, not self-issued, and what lasts longest."""
        asked, own = child.authority_key_identifier, issuer.subject_key_identifier
        facts = issuer.facts
        valid = (
            facts.not_before is not None
            and facts.not_after is not None
            and facts.not_before <= self.at <= facts.not_after
        )
        ends = -facts.not_after.timestamp() if facts.not_after is not None else 0.0
        forged = self.loose and not self._made(child, issuer)
        mismatch = asked is not None and own is not None and asked != own
        return forged, mismatch, not valid, not issuer.may_issue, issuer.is_self_issued, ends

    def _dead_end(
        self, path: tuple[Decoded, ...], unsigned: list[str], reason: Message | None = None
    ) -> None:
        if len(self.dead_ends) >= _MAX_DEAD_ENDS:
            return
        current = path[-1]
        issuer = current.facts.issuer
        if reason is None:
            reason = _reason(current, unsigned)
        self.dead_ends.append(
            DeadEnd(
                certificate=current.sha256,
                below=tuple(certificate.sha256 for certificate in path[:-1]),
                issuer=None if unsigned or current.is_self_issued else issuer,
                reason=reason,
            )
        )


_OUT_OF_SIGNATURES = msg("The search ended at the limit of signature checks.")


def _reason(current: Decoded, unsigned: list[str]) -> Message:
    subject = current.title
    if current.fields is None or current.issuer is None:
        return msg("{subject} cannot be read, and so not its issuer.", subject=subject)
    if unsigned:
        return msg(
            "{subject} names {issuer} as its issuer, but the key of that name did not sign it.",
            subject=subject,
            issuer=unsigned[0],
        )
    if current.is_self_issued:
        return msg("{subject} is issued by itself and is on no list.", subject=subject)
    return msg(
        "{subject} was issued by {issuer}, which is neither given nor on a list.",
        subject=subject,
        issuer=current.facts.issuer or "?",
    )
