"""Which kept reports the present may judge otherwise than their tests did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from trustdesk.core.probe import ProbeReport
from trustdesk.core.trust import ServerJudgement, TrustList
from trustdesk.services.crl_view import is_indirect
from trustdesk.services.rejudging import OwnPath
from trustdesk.verify.comparable_names import comparable_text
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence
from trustdesk.verify.server_rules import near_its_end
from trustdesk.verify.trust_basis import basis_of, changes_within, is_plain


class Freshness:
    """Tells which kept reports the present may judge otherwise than their tests did.

    It may when they were judged by other lists, versions, decisions or another policy, when a date of one of
    these has passed, when a revocation list speaks of their certificates, or when one has begun, has ended,
    or has come near its end since. That is a look at dates and names, so that few rows need a judge.
    """

    def __init__(
        self,
        trust_lists: Sequence[TrustList],
        now: datetime,
        own: Mapping[str, OwnPath] = MappingProxyType({}),
        given: RevocationEvidence = NO_EVIDENCE,
    ) -> None:
        """Take the lists that judge, the present, what we send by its digest, and evidence."""
        self._lists = tuple(trust_lists)
        self._basis = basis_of(self._lists)
        self._anchors = {
            one.certificate.sha256: one.certificate for some in self._lists for one in some.trust_anchors
        }
        self._between = {one.sha256: one for some in self._lists for one in some.intermediates}
        self._now = now
        self._own = own
        lists = [one.facts for _source, one in given.lists]
        self._speaks_of_any = bool(given.responses) or any(map(is_indirect, lists))
        self._issuers = {comparable_text(one.issuer) for one in lists if one.issuer is not None}

    def is_out_of_date(self, report: ProbeReport) -> bool:
        """Whether the report has to be judged again before it tells of the present."""
        record = report.record
        judgement = record.judgement
        if judgement is None:
            return False
        if self._rests_on_something_else(judgement) or changes_within(
            self._lists, record.started_at, self._now
        ):
            return True
        if self._speaks_of_any or any(
            comparable_text(one.issuer or "") in self._issuers for one in record.presented_chain
        ):
            return True
        certificates = [*record.presented_chain]
        certificates += [self._anchors[one] for one in judgement.path[-1:] if one in self._anchors]
        # What a list holds may stand in the path although the server did not send it.
        certificates += [self._between[one] for one in judgement.path[1:] if one in self._between]
        if record.identity is not None and record.client_auth.sent:
            certificates += self._own.get(record.identity.sha256, ())
        instants = [at for one in certificates for at in (one.not_before, one.not_after)]
        instants += [near_its_end(one) for one in record.presented_chain[:1]]
        return any(at is not None and record.started_at <= at <= self._now for at in instants)

    def _rests_on_something_else(self, judgement: ServerJudgement) -> bool:
        if judgement.basis:
            return judgement.basis != self._basis
        # Of before there was a basis: it rests on one plain list, if on anything that is in force now.
        if not is_plain(self._lists) or judgement.trust_list != next((one.name for one in self._lists), ""):
            return True
        # A list of this name once held the anchor: another file, or the same one changed.
        return bool(judgement.path) and judgement.path[-1] not in self._anchors
