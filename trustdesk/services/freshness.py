"""Which kept reports the present may judge otherwise than their tests did."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.grounds import Grounds
from trustdesk.core.probe import ProbeReport
from trustdesk.core.trust import TrustList
from trustdesk.services.crl_view import is_indirect
from trustdesk.services.rejudging import OwnPath
from trustdesk.services.standings import grounds_of
from trustdesk.verify.comparable_names import comparable_text
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence
from trustdesk.verify.trust_basis import basis_of, instants_of, is_plain


class Freshness:
    """Tells which kept reports the present may judge otherwise than their tests did.

    It may when they were judged by other lists, versions, decisions or another policy, when a date of one of
    these has passed, when a revocation list speaks of their certificates, or when one has begun, has ended,
    or has come near its end since. That is a look at dates and names, so that few rows need a judge, and ten
    thousand are looked at in a moment.
    """

    def __init__(
        self,
        trust_lists: Sequence[TrustList],
        now: datetime,
        own: Mapping[str, OwnPath] = MappingProxyType({}),
        given: RevocationEvidence = NO_EVIDENCE,
    ) -> None:
        """Take the lists that judge, the present, what we send by its digest, and evidence."""
        lists = tuple(trust_lists)
        self._basis = basis_of(lists)
        self._is_plain = is_plain(lists)
        self._first_name = next((one.name for one in lists), "")
        self._anchors = {
            one.certificate.sha256: _dates([one.certificate]) for some in lists for one in some.trust_anchors
        }
        self._between = {one.sha256: _dates([one]) for some in lists for one in some.intermediates}
        self._changes = sorted(at.timestamp() for at in instants_of(lists))
        self._now = now.timestamp()
        self._own = {sha256: _dates(path) for sha256, path in own.items()}
        of_lists = [one.facts for _source, one in given.lists]
        self._speaks_of_any = bool(given.responses) or any(map(is_indirect, of_lists))
        self._issuers = {comparable_text(one.issuer) for one in of_lists if one.issuer is not None}

    def is_out_of_date(self, report: ProbeReport) -> bool:
        """Whether the report has to be judged again before it tells of the present."""
        return self.have_passed(grounds_of(report))

    def have_passed(self, grounds: Grounds) -> bool:
        """Whether what a result rests on is not so any more, and it has to be judged again."""
        if not grounds.is_judged:
            return False
        if self._rests_on_something_else(grounds) or self._lists_changed_since(grounds.tested_at):
            return True
        if self._speaks_of_any:
            return True
        if self._issuers and any(comparable_text(one) in self._issuers for one in grounds.issuers):
            return True
        since, now = grounds.tested_at, self._now
        # Loops, which take half the time of any(): ten thousand are looked at before a table is shown.
        for at in grounds.instants:
            if since <= at <= now:
                return True
        above = [self._anchors.get(one, ()) for one in grounds.path[-1:]]
        # What a list holds may stand in the path although the server did not send it.
        above += [self._between.get(one, ()) for one in grounds.path[1:]]
        if grounds.own is not None:
            above.append(self._own.get(grounds.own, ()))
        for dates in above:
            for at in dates:
                if since <= at <= now:
                    return True
        return False

    def _lists_changed_since(self, tested_at: float) -> bool:
        place = bisect_left(self._changes, tested_at)
        return place < len(self._changes) and self._changes[place] <= self._now

    def _rests_on_something_else(self, grounds: Grounds) -> bool:
        if grounds.basis:
            return grounds.basis != self._basis
        # Of before there was a basis: it rests on one plain list, if on anything that is in force now.
        if not self._is_plain or grounds.trust_list != self._first_name:
            return True
        # A list of this name once held the anchor: another file, or the same one changed.
        return bool(grounds.path) and grounds.path[-1] not in self._anchors


def _dates(path: Iterable[CertificateFacts]) -> tuple[float, ...]:
    instants = [at for one in path for at in (one.not_before, one.not_after)]
    return tuple(at.timestamp() for at in instants if at is not None)
