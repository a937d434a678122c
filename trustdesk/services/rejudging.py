"""A probe that was made earlier, judged again: for another instant, or by another trust list.

Decisions:
- 2026-11: what happened on the wire stays; only certificates are judged again, the server's by the judge and
  ours by its dates. Where that does not tell how the handshake would end, the verdict is left open: an
  answer that was never seen is not made up.
- 2026-11: a rejection by the peer stays a rejection. The peer's reasons are its own, and no day of ours
  takes them away.
- 2026-11: what the judge found when it was tested and cannot apply again (what depends on sources of that
  day) stays as it was found, and a failure among it keeps the server untrusted.
- 2026-11: a rule that is not run now is not judged again: what it found against the server stays. What it
  found in the server's favour does not, for not run is never a pass. Revocation has days of its own to hold
  for (`services.kept_revocation`).
- 2026-11: the gate before a client certificate is sent is no business of this module: it judges for the
  moment of the handshake, whatever day is looked at (`network.conversation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, FindingStatus, Verdict, verdict_of
from trustdesk.core.handshake import CertificateRequested
from trustdesk.core.ports import Judge
from trustdesk.core.probe import (
    Explanation,
    Outcome,
    OwnStanding,
    ProbeRecord,
    ProbeReport,
    Rejudgement,
    StopReason,
)
from trustdesk.core.target import TargetProtocol
from trustdesk.core.trust import ServerJudgement
from trustdesk.diagnose import as_of
from trustdesk.diagnose.explain import explain
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.credential import ClientIdentity
from trustdesk.services.explaining import rule_book
from trustdesk.services.kept_revocation import RULES_WITH_DAYS, staple_is_open, with_kept_revocation

OwnPath = tuple[CertificateFacts, ...]
"""The certificates that we send, end entity first; empty when they are not at hand."""


def own_path(identity: ClientIdentity) -> OwnPath:
    """Read what we send."""
    return tuple(read_certificate(der) for der in identity.certification_path)


def own_paths(identities: Iterable[ClientIdentity]) -> dict[str, OwnPath]:
    """Read what we send with each identity, by the digest of the end entity."""
    return {identity.label.sha256: own_path(identity) for identity in identities}


class _Decision(NamedTuple):
    outcome: Outcome
    verdict: Verdict
    explanation: Explanation
    is_open: bool = False


class Rejudger:
    """Judges kept probes from one point of view; thread-safe, and nothing in it changes."""

    def __init__(
        self,
        judge: Judge,
        *,
        at: datetime | None,
        now: datetime,
        own: Mapping[str, OwnPath] = MappingProxyType({}),
    ) -> None:
        """Take a point of view.

        Args:
            judge: by whose lists.
            at: for which instant; None for the present.
            now: the present.
            own: what we send, by the digest of its end entity, as far as it is at hand.
        """
        self._judge = judge
        self._own = own
        self._moment = as_of.Moment(at=at or now, now=now, is_chosen=at is not None)

    def rejudge(self, report: ProbeReport) -> ProbeReport:
        """Return the report as it stands from here; itself where nothing else can be said."""
        record = report.record
        if not record.presented_chain or _was_not_judged(record):
            return self._nothing_seen(report)
        judgement = self._judge.judge_server(
            [facts.der for facts in record.presented_chain],
            record.target.verify_name,
            self._moment.at,
            staple=record.stapled_ocsp,
        )
        staple_open = False
        if record.judgement is not None:
            staple_open = self._moment.is_chosen and staple_is_open(record.judgement, judgement)
            judgement = with_kept_revocation(record.judgement, judgement, self._moment.at, record.started_at)
        findings = _with_what_stays(judgement, report.findings)
        lasting = _lasting_failure(record.judgement, judgement)
        if lasting is not None:
            judgement = replace(judgement, trusted=False)
        now = replace(record, judgement=judgement)
        own, broken = self._own_standing(record)
        decision = self._decide(report, now, findings, lasting, own, broken)
        if staple_open and decision.outcome is not Outcome.UNTRUSTED_PEER:
            said = as_of.staple_unknown(record, self._moment)
            decision = _Decision(decision.outcome, Verdict.FAIL, said, is_open=True)
        if not self._moment.is_chosen and not decision.is_open and _is_unchanged(report, judgement, decision):
            # What is said of an answer rests on findings that count days; the other words are the wire's.
            answered = record.outcome is Outcome.ACCEPTED
            said = explain(now, findings, rules=rule_book()) if answered else report.explanation
            return replace(report, record=now, findings=findings, verdict=decision.verdict, explanation=said)
        return ProbeReport(
            record=replace(now, outcome=decision.outcome),
            findings=findings,
            verdict=decision.verdict,
            explanation=decision.explanation,
            rejudged=Rejudgement(
                at=self._moment.at,
                is_chosen=self._moment.is_chosen,
                outcome=record.outcome,
                own=own,
                is_open=decision.is_open,
            ),
        )

    def _decide(
        self,
        report: ProbeReport,
        record: ProbeRecord,
        findings: tuple[Finding, ...],
        lasting: Finding | None,
        own: OwnStanding,
        broken: CertificateFacts | None,
    ) -> _Decision:
        moment, then = self._moment, report.explanation
        judgement = record.judgement
        if record.outcome is Outcome.REJECTED_BY_PEER:
            return _Decision(record.outcome, Verdict.FAIL, as_of.rejection_stays(then, record, moment))
        if judgement is None or not judgement.trusted:
            if lasting is not None and (judgement is None or not judgement.faults):
                said = as_of.what_was_found_stays(then, lasting, record)
            else:
                said = as_of.server_untrusted(record, findings, moment, rule_book())
            return _Decision(Outcome.UNTRUSTED_PEER, Verdict.FAIL, said)
        if _was_kept_back(record):
            return _Decision(record.outcome, Verdict.FAIL, as_of.kept_back(record, moment), is_open=True)
        if _was_not_asked(record):
            said = as_of.broker_not_asked(record, moment)
            return _Decision(record.outcome, Verdict.FAIL, said, is_open=True)
        outcome = wire_outcome(record)
        on_the_wire = replace(record, outcome=outcome)
        match outcome:
            case Outcome.ACCEPTED:
                return self._accepted(on_the_wire, findings, own, broken, report)
            case Outcome.REJECTED_BY_PEER:
                # It was hidden behind a server that was not trusted.
                path = self._own.get(record.identity.sha256, ()) if record.identity is not None else ()
                issuers = tuple(facts.issuer for facts in path if facts.issuer)
                said = explain(on_the_wire, findings, path[0] if path else None, issuers, rules=rule_book())
                return _Decision(outcome, Verdict.FAIL, as_of.rejection_stays(said, on_the_wire, moment))
            case _ if moment.is_chosen:
                said = as_of.nothing_seen(then, record, moment)
                return _Decision(outcome, Verdict.FAIL, said, is_open=True)
            case _ if record.outcome is Outcome.UNTRUSTED_PEER:
                return _Decision(outcome, Verdict.FAIL, explain(on_the_wire, findings, rules=rule_book()))
            case _:
                return _Decision(outcome, Verdict.FAIL, then)

    def _accepted(
        self,
        record: ProbeRecord,
        findings: tuple[Finding, ...],
        own: OwnStanding,
        broken: CertificateFacts | None,
        report: ProbeReport,
    ) -> _Decision:
        """Decide of a server that answered and is trusted: our certificate has to hold too."""
        moment = self._moment
        if broken is not None:
            said = as_of.own_certificate_fails(record, own, broken, moment)
            return _Decision(record.outcome, Verdict.FAIL, said)
        if own is OwnStanding.UNKNOWN and moment.is_chosen:
            said = as_of.own_certificate_unknown(record, moment)
            return _Decision(record.outcome, Verdict.FAIL, said, is_open=True)
        was_trusted = report.record.outcome is Outcome.ACCEPTED
        said = as_of.server_trusted(record, findings, moment, own, was_trusted=was_trusted, rules=rule_book())
        return _Decision(record.outcome, verdict_of(findings), said)

    def _nothing_seen(self, report: ProbeReport) -> ProbeReport:
        """Leave a probe that showed no certificate as it was, and say so where a day is asked for."""
        record, moment = report.record, self._moment
        if not moment.is_chosen:
            return report
        rejected = record.outcome is Outcome.REJECTED_BY_PEER
        return replace(
            report,
            verdict=Verdict.FAIL,
            explanation=report.explanation
            if rejected
            else as_of.nothing_seen(report.explanation, record, moment),
            rejudged=Rejudgement(
                at=moment.at,
                is_chosen=True,
                outcome=record.outcome,
                own=self._own_standing(record)[0],
                is_open=not rejected,
            ),
        )

    def _own_standing(self, record: ProbeRecord) -> tuple[OwnStanding, CertificateFacts | None]:
        """Say how the certificate that was sent stands, and which one of its path is outside its validity."""
        if not record.client_auth.sent or record.identity is None:
            return OwnStanding.NOT_INVOLVED, None
        path = self._own.get(record.identity.sha256, ())
        if not path or any(facts.not_before is None or facts.not_after is None for facts in path[:1]):
            return OwnStanding.UNKNOWN, None
        at = self._moment.at
        # The dates of a root that is sent along mean nothing: whoever relies on it has its own copy.
        for facts in (path[0], *(above for above in path[1:] if not above.is_self_issued)):
            if facts.not_after is not None and at > facts.not_after:
                return OwnStanding.EXPIRED, facts
            if facts.not_before is not None and at < facts.not_before:
                return OwnStanding.NOT_YET_VALID, facts
        return OwnStanding.IN_FORCE, None


def wire_outcome(record: ProbeRecord) -> Outcome:
    """Return how a probe ended on the wire, whatever the judge said of the server."""
    if record.outcome is not Outcome.UNTRUSTED_PEER:
        return record.outcome
    match record.stopped_by:
        case None:
            return Outcome.ACCEPTED
        case StopReason.ALERT | StopReason.CLOSED | StopReason.RESET | StopReason.HTTP_REFUSAL:
            return Outcome.REJECTED_BY_PEER
        case StopReason.DEADLINE:
            return Outcome.TIMED_OUT
        case StopReason.CANCELLED:
            return Outcome.CANCELLED
        case _:
            return Outcome.NOT_TLS


def _was_not_judged(record: ProbeRecord) -> bool:
    """Whether the judge gave a chain up: one that was too tangled once is not tried for every row again."""
    return record.outcome is Outcome.UNTRUSTED_PEER and record.judgement is None


def _was_kept_back(record: ProbeRecord) -> bool:
    """Whether our certificate was wanted and not sent, because the server was not trusted."""
    client_auth = record.client_auth
    was_asked = client_auth.request is not None or client_auth.requested in {
        CertificateRequested.LATER,
        CertificateRequested.REQUIRED,
    }
    return (
        record.outcome is Outcome.UNTRUSTED_PEER
        and record.identity is not None
        and not client_auth.sent
        and was_asked
    )


def _was_not_asked(record: ProbeRecord) -> bool:
    """Whether nothing was sent to a broker, because it was not trusted: its greeting was never seen."""
    return (
        record.outcome is Outcome.UNTRUSTED_PEER
        and record.stopped_by is None
        and record.target.protocol is TargetProtocol.AMQPS
        and record.amqp is None
    )


def _lasting_failure(before: ServerJudgement | None, now: ServerJudgement) -> Finding | None:
    """Return what the judge found against the server at the time and cannot look at again."""
    again = {finding.rule for finding in now.findings if _is_judged_again(finding)}
    found = before.findings if before is not None else ()
    return next((one for one in found if one.is_failure and one.rule not in again), None)


def _with_what_stays(judgement: ServerJudgement, before: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the judgement's findings, and of those before what the judge did not look at again."""
    again = {finding.rule for finding in judgement.findings if _is_judged_again(finding)}
    not_run = {finding.rule for finding in judgement.findings} - again
    kept = tuple(
        one
        for one in before
        if one.rule not in again and (one.rule not in not_run or one.is_failure or one.is_warning)
    )
    stays = {one.rule for one in kept}
    return (*(one for one in judgement.findings if one.rule not in stays), *kept)


def _is_judged_again(finding: Finding) -> bool:
    return finding.status is not FindingStatus.NOT_RUN or finding.rule in RULES_WITH_DAYS


def _is_unchanged(report: ProbeReport, judgement: ServerJudgement, decision: _Decision) -> bool:
    before = report.record.judgement
    return (
        before is not None
        and (before.trusted, before.faults, before.trust_list)
        == (judgement.trusted, judgement.faults, judgement.trust_list)
        and decision.outcome is report.record.outcome
        and decision.explanation.cause == report.explanation.cause
    )
