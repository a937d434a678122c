"""Every path from an end entity to an anchor, best first, within budgets; and where the search ended.

Names are compared as RFC 5280 7.1 says, signatures are checked, and nothing else decides: a path with an
expired certificate is a path, so that the rules can say what is wrong with it. Where nothing at all leads
to an anchor, a second search takes what looks like an issuer although its name or its key does not fit, so
that the rule which fails can be named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from trustdesk.core.message import Message, msg
from trustdesk.core.verification import DeadEnd
from trustdesk.verify.comparable_names import ComparableName
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.name_constraints import Budget, Constraint, compare_names
from trustdesk.verify.path_sources import Anchor, AnchorIndex, Pool
from trustdesk.verify.signatures import SignatureBook, SignatureStatus

MAX_PATHS = 32
MAX_LENGTH = 16
MAX_STEPS = 2000
"""Certificates visited in one search: with the signatures all known, steps are what is left to count."""
_MAX_DEAD_ENDS = 32
_MAX_OPENED = 8
"""How often one certificate is gone on from when half of the steps are used up."""
_FAULT = 64
"""What a fault weighs against a constraint, which may or may not turn out to be one."""
_Identity = tuple[ComparableName | None, bytes]
_Order = tuple[int, int, bool, bool, float]
_MAX_STRANGERS = 16
"""Certificates of a small pool that are tried as issuer although their name is another."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One path, end entity first.

    Attributes:
        anchor: what it ends at, the last certificate of the path; None when it ends nowhere.
        listed: the anchor that the end entity itself is, which makes no path (RFC 5280 6.1); for words.
    """

    certificates: tuple[Decoded, ...]
    anchor: Anchor | None
    listed: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What a search found.

    Attributes:
        candidates: in the order of the search; when there is no path, the one way that comes furthest,
            without an anchor.
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
    candidates = search.candidates
    if not candidates and search.limit is None:
        loose = _Search(pool, anchors, at, signatures, loose=True)
        loose.run(end_entity)
        candidates = loose.candidates
    if not candidates:
        candidates = [Candidate(search.furthest, None, anchors.of(end_entity))]
    return Built(tuple(candidates), tuple(search.dead_ends), search.limit)


@dataclass(eq=False, slots=True)
class _Way:
    """A way up that signatures hold together, and what has become of what may stand above it.

    Attributes:
        faults: what is known against it (`_Search._faults`), of all its certificates.
        open: how many candidates above its last certificate have not been looked at.
        led_anywhere: whether one of them had signed that certificate.
        unsigned: titles of those that had not.
    """

    certificates: tuple[Decoded, ...]
    used: frozenset[_Identity]
    faults: int = 0
    open: int = 0
    led_anywhere: bool = False
    unsigned: list[str] = field(default_factory=list)


_Step = tuple[int, "_Order", int, _Way, "Anchor | Decoded"]


@dataclass(eq=False)
class _Search:
    """The least faulty way first, and of these the shortest.

    So that the budgets end the search after what is good was found, however many expired, constrained or
    looping certificates of the same names and keys there are. A signature is checked only when its turn has
    come.
    """

    pool: Pool
    anchors: AnchorIndex
    at: datetime
    signatures: SignatureBook
    loose: bool = False
    candidates: list[Candidate] = field(default_factory=list)
    dead_ends: list[DeadEnd] = field(default_factory=list)
    furthest: tuple[Decoded, ...] = ()
    limit: Message | None = None
    steps: int = 0
    is_curtailed: bool = False
    _furthest_rank: tuple[bool, int, int] = (False, 0, 0)
    _opened: dict[str, int] = field(default_factory=dict)
    _queue: list[_Step] = field(default_factory=list)
    _pushed: int = 0
    _budget: Budget = field(default_factory=Budget)
    _constraints: dict[str, Constraint] = field(default_factory=dict)

    def run(self, end_entity: Decoded) -> None:
        self.furthest = (end_entity,)
        self._open(_Way((end_entity,), frozenset({_identity(end_entity)})))
        while self._queue and self.limit is None:
            faults, _, _, way, above = heappop(self._queue)
            self._take(way, above, faults)
            way.open -= 1
            if self.signatures.exhausted:
                # Not a dead end: nobody knows whether one of the others signed it.
                self.limit = _OUT_OF_SIGNATURES
            elif not way.open and not way.led_anywhere:
                self._dead_end(way.certificates, way.unsigned)
        if self.is_curtailed and self.limit is None:
            self.limit = _out_of_steps()

    def _take(self, way: _Way, above: Anchor | Decoded, faults: int) -> None:
        """Go one step up, if the signature allows it."""
        issuer = above if isinstance(above, Decoded) else above.decoded
        if not self._signed(way.certificates[-1], issuer):
            way.unsigned.append(issuer.title)
            return
        way.led_anywhere = True
        certificates = (*way.certificates, issuer)
        if isinstance(above, Decoded):
            self._open(_Way(certificates, way.used | {_identity(issuer)}, faults))
            return
        self.candidates.append(Candidate(certificates, above))
        if len(self.candidates) >= MAX_PATHS:
            self.limit = msg("The search ended after {count} paths.", count=MAX_PATHS)

    def _open(self, way: _Way) -> None:
        """Queue all that may stand above; `used` holds name and key of each below (RFC 5280 6.1)."""
        path = way.certificates
        current = path[-1]
        self._remember(way)
        if not self._may_go_on(path):
            return
        for anchor in self._anchors_above(current):
            top = anchor.decoded
            # Its own certificate is no part of a path to it; another one of its name and key is (6.1).
            if _identity(top) not in way.used or (len(path) == 1 and top.sha256 != current.sha256):
                self._push(way, anchor, top, of_list=True)
        for issuer in self._issuers_above(current):
            if _identity(issuer) not in way.used:
                self._push(way, issuer, issuer, of_list=False)
        if not way.open:
            self._dead_end(path, [])

    def _remember(self, way: _Way) -> None:
        """Keep the way that says best what is missing, for when no way reaches a list.

        One that ends at a root before one that ends at nothing, then the least faulty: beside a root that
        is merely on no list, an expired one above its cross-certificate is not the reason.
        """
        path = way.certificates
        # What is distrusted is worth saying, and no reason to say less.
        distrusts = sum(self._is_distrusted(one, path[0]) for one in path[1:])
        rank = (
            len(path) > 1 and path[-1].is_self_issued,
            _FAULT * distrusts - way.faults,
            len(path),
        )
        if rank > self._furthest_rank:
            self._furthest_rank, self.furthest = rank, path

    def _push(self, way: _Way, above: Anchor | Decoded, issuer: Decoded, *, of_list: bool) -> None:
        way.open += 1
        self._pushed += 1
        faults = way.faults + self._faults(way.certificates, issuer)
        order = self._order(way.certificates[-1], issuer, len(way.certificates), of_list=of_list)
        heappush(self._queue, (faults, order, self._pushed, way, above))

    def _may_go_on(self, path: tuple[Decoded, ...]) -> bool:
        opened = self._opened.get(path[-1].sha256, 0)
        if self.steps > MAX_STEPS // 2 and opened >= _MAX_OPENED:
            # Too many ways: the rest goes to certificates that have hardly been reached.
            self.is_curtailed = True
            return False
        self._opened[path[-1].sha256] = opened + 1
        self.steps += 1
        if self.steps > MAX_STEPS:
            self.limit = _out_of_steps()
        elif len(path) >= MAX_LENGTH:
            self._dead_end(
                path, [], msg("Paths of more than {limit} certificates are not followed.", limit=MAX_LENGTH)
            )
            return False
        return self.limit is None

    def _signed(self, child: Decoded, issuer: Decoded) -> bool:
        status = self.signatures.check(child, issuer)
        return self.loose or status is SignatureStatus.MADE

    def _anchors_above(self, current: Decoded) -> list[Anchor]:
        found = list(self.anchors.by_subject.get(current.issuer, ())) if current.issuer is not None else []
        identifier = current.authority_key_identifier
        if self.loose and not found:
            found = list(self.anchors.by_key_identifier.get(identifier, ())) if identifier else []
            if not found and len(self.anchors.all) <= _MAX_STRANGERS:
                found = [anchor for anchor in self.anchors.all if self._made(current, anchor.decoded)]
        return found

    def _issuers_above(self, current: Decoded) -> list[Decoded]:
        found = list(self.pool.by_subject.get(current.issuer, ())) if current.issuer is not None else []
        of_lists = self.anchors.issuers_named(current.issuer)
        if of_lists:
            found = list({one.sha256: one for one in (*found, *of_lists)}.values())
        identifier = current.authority_key_identifier
        if self.loose and not found:
            found = list(self.pool.by_key_identifier.get(identifier, ())) if identifier else []
            if not found and len(self.pool.all) <= _MAX_STRANGERS:
                found = [certificate for certificate in self.pool.all if self._made(current, certificate)]
        return found

    def _made(self, child: Decoded, issuer: Decoded) -> bool:
        return self.signatures.check(child, issuer) is SignatureStatus.MADE

    def _faults(self, below: tuple[Decoded, ...], issuer: Decoded) -> int:
        """Weigh what is known against an issuer above some certificates.

        Only an order, so that it need not be complete: the rules judge, whatever stands here.
        """
        constraints = issuer.basic_constraints
        limit = constraints.path_length if constraints is not None else None
        faults = issuer.issuing_faults + (not _is_valid(issuer, self.at))
        faults += self._is_distrusted(issuer, below[0])
        if limit is not None:
            faults += limit < sum(not one.is_self_issued for one in below[1:])
        if issuer.name_constraints is not None and not self._budget.is_spent:
            known = self._constraints.get(issuer.sha256)
            if known is None:
                known = Constraint(issuer.title, issuer.name_constraints)
                self._constraints[issuer.sha256] = known
            faults += any(
                compare_names(one, [known], self._budget).violations
                for index, one in enumerate(below)
                if not index or not one.is_self_issued
            )
        faults += self.loose and not self._made(below[-1], issuer)
        return _FAULT * faults + (issuer.policy_constraints is not None)

    def _is_distrusted(self, certificate: Decoded, end_entity: Decoded) -> bool:
        return self.anchors.policy.distrust_of(certificate, end_entity, self.at, None) is not None

    def _order(self, child: Decoded, issuer: Decoded, length: int, *, of_list: bool) -> _Order:
        """Among the equally faulty: key identifier, length, anchors, not self-issued, what lasts longest."""
        asked, own = child.authority_key_identifier, issuer.subject_key_identifier
        match = 1 if asked is None or own is None else 2 * (asked != own)
        ends = issuer.facts.not_after
        lasts = -ends.timestamp() if ends is not None else 0.0
        return match, length, not of_list, issuer.is_self_issued, lasts

    def _dead_end(
        self, path: tuple[Decoded, ...], unsigned: list[str], reason: Message | None = None
    ) -> None:
        if len(self.dead_ends) >= _MAX_DEAD_ENDS:
            return
        current = path[-1]
        issuer = current.facts.issuer
        if reason is None:
            listed = self.anchors.of(current)
            if listed is not None and not unsigned and current.is_self_issued:
                # Where a list begins, nothing is missing; a path to it as anchor was found one step below.
                return
            reason = _reason(current, unsigned)
        self.dead_ends.append(
            DeadEnd(
                certificate=current.sha256,
                below=tuple(certificate.sha256 for certificate in path[:-1]),
                issuer=None if unsigned or current.is_self_issued else issuer,
                reason=reason,
            )
        )


def _out_of_steps() -> Message:
    return msg("The search ended after {count} steps.", count=MAX_STEPS)


def _identity(certificate: Decoded) -> _Identity:
    return certificate.subject, certificate.public_key


def _is_valid(certificate: Decoded, at: datetime) -> bool:
    begins, ends = certificate.facts.not_before, certificate.facts.not_after
    return begins is not None and ends is not None and begins <= at <= ends


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
