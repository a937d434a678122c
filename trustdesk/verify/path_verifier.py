"""The judge of certificates: builds every path, runs every rule, asks the second engine.

Pure but for the fetcher that is put in. Which of the two engines decides: `Verification.trusted` is the word
of our own rules, as the contract defines it; where cryptography's verifier differs, `disagreement` says so
and why. The gate of live probes (`verify.judge`) asks for more: there both
have to accept before a client certificate leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Verdict
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Fetcher
from trustdesk.core.revocation import FailMode, RevocationCheck
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import (
    ANY_POLICY,
    TLS_INPUTS,
    Opinion,
    PathInputs,
    PathReport,
    Purpose,
    RuleKind,
    RuleStatus,
    Verification,
)
from trustdesk.verify.builder import Built, Candidate, build
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.evaluator import Question, evaluate
from trustdesk.verify.issuer_fetch import fetch_issuers
from trustdesk.verify.path_policy import PathPolicy
from trustdesk.verify.path_sources import Anchor, AnchorIndex, Pool
from trustdesk.verify.revocation.checker import RevocationChecker
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence
from trustdesk.verify.revocation.fail_modes import is_settled
from trustdesk.verify.revocation.web import AddressBook
from trustdesk.verify.second_opinion import SecondEngine
from trustdesk.verify.signatures import SignatureBook, SignatureStatus

MAX_FETCH_LEVELS = 5
_MAX_POOL_OF_SECOND_ENGINE = 64
_REMEMBERED_SIGNATURES = 20_000

Certificate = bytes | CertificateFacts


class PathVerifier:
    """Judges certificates against some trust lists, from any thread.

    It remembers who signed what; nothing that it says depends on what it judged before.
    """

    def __init__(
        self,
        trust_lists: Sequence[TrustList],
        *,
        fetcher: Fetcher | None = None,
        policy: PathPolicy | None = None,
    ) -> None:
        """Take the lists.

        Args:
            fetcher: gets issuers that are missing; None where that is not allowed.
            policy: what holds for every path, where more lists are in force than these; None for what these
                say.
        """
        self._anchors = AnchorIndex(trust_lists, policy)
        self._policy = self._anchors.policy
        self._second = SecondEngine(trust_lists, self._policy)
        self._fetcher = fetcher
        self._known_signatures: dict[tuple[str, bytes], SignatureStatus] = {}
        self._known_list_signatures: dict[tuple[str, bytes], bool | None] = {}

    def verify(
        self,
        certificate: Certificate,
        intermediates: Sequence[Certificate] = (),
        *,
        purpose: Purpose,
        at: datetime,
        reference_identifier: str | None = None,
        inputs: PathInputs = TLS_INPUTS,
        revocation: RevocationEvidence = NO_EVIDENCE,
    ) -> Verification:
        """Judge one certificate for one purpose, as of an instant; never raises for what is in it.

        Args:
            intermediates: what else was given, in any order; strangers do no harm.
            reference_identifier: host name (A-labels) or IP literal that a server has to speak for.
            revocation: the sources that may be asked whether a certificate was revoked.
        """
        end_entity = decode(certificate)
        pool = Pool(decode(one) for one in intermediates)
        return self.verify_decoded(
            end_entity,
            pool,
            Question(
                purpose=purpose,
                reference_identifier=reference_identifier,
                at=at.astimezone(UTC).replace(microsecond=0),
                inputs=inputs,
                revocation=revocation,
            ),
        )

    def verify_decoded(self, end_entity: Decoded, pool: Pool, question: Question) -> Verification:
        """Judge a certificate with a pool that is kept between many."""
        if len(self._known_signatures) > _REMEMBERED_SIGNATURES:
            self._known_signatures = {}
        if len(self._known_list_signatures) > _REMEMBERED_SIGNATURES:
            self._known_list_signatures = {}
        fetched: set[str] = set()
        asked: set[str] = set()
        addresses = AddressBook(question.revocation)
        built, reports, in_budget = self._judge(end_entity, pool, question, addresses, frozenset())
        for _ in range(MAX_FETCH_LEVELS):
            if self._fetcher is None or any(report.accepted for report in reports):
                break
            found = fetch_issuers(self._fetcher, built, end_entity, pool, asked, self._anchors.issuer)
            new = [issuer.sha256 for issuer in found if pool.add(issuer)]
            if not new:
                break
            fetched.update(new)
            built, reports, in_budget = self._judge(end_entity, pool, question, addresses, frozenset(fetched))
        own = _own_opinion(reports[0])
        second = self._second.opinion(
            end_entity, self._near(built, pool), question, self._accepted_path(built, reports[0])
        )
        disagreement = None if _is_refused_by_revocation(reports[0]) else _disagreement(own, second)
        limit = built.limit
        if limit is None and not in_budget:
            limit = msg("The comparison of names with constraints ended at its limit.")
        return Verification(
            certificate=end_entity.facts,
            purpose=question.purpose,
            reference_identifier=question.reference_identifier,
            at=question.at,
            trusted=reports[0].accepted,
            paths=reports,
            dead_ends=built.dead_ends,
            known=self._known(end_entity, built, pool),
            own=own,
            cryptography=second,
            disagreement=disagreement,
            search_limit_hit=limit,
            verdict=Verdict.PASS if reports[0].accepted else Verdict.FAIL,
        )

    def _judge(
        self,
        end_entity: Decoded,
        pool: Pool,
        question: Question,
        addresses: AddressBook,
        fetched: frozenset[str],
    ) -> tuple[Built, tuple[PathReport, ...], bool]:
        signatures = SignatureBook(known=self._known_signatures)
        built = build(end_entity, pool, self._anchors, question.at, signatures)
        checker = self._checker(pool, question, addresses)
        revocation: Sequence[tuple[RevocationCheck, ...] | None] = (
            checker.checks_of(built.candidates, signatures)
            if checker is not None
            else [None] * len(built.candidates)
        )
        judged = [
            (
                evaluate(candidate, question, signatures, fetched, checks, self._policy),
                candidate.certificates,
            )
            for candidate, checks in zip(built.candidates, revocation, strict=True)
        ]
        judged.sort(key=lambda item: _rank(item[0][0], item[1], were_asked=checker is not None))
        best = judged[0][0][0]
        titles = {one.sha256: one.title for _, certificates in judged for one in certificates}
        reports = (
            best,
            *(_with_difference(report, best, titles) for (report, _), _ in judged[1:]),
        )
        return built, reports, all(in_budget for (_, in_budget), _ in judged)

    def _checker(self, pool: Pool, question: Question, addresses: AddressBook) -> RevocationChecker | None:
        """Return who finds out what the sources say; None when there are none."""
        if question.revocation.is_empty:
            return None
        return RevocationChecker(
            question.revocation,
            at=question.at,
            pool=pool,
            anchors=self._anchors,
            validate=lambda signer, anchor: self._path_of_signer(signer, anchor, pool, question),
            addresses=addresses,
            signed=self._known_list_signatures,
            profile_required=question.inputs.conformance_required,
        )

    def _path_of_signer(
        self, signer: Decoded, anchor: Anchor, pool: Pool, question: Question
    ) -> Candidate | Message:
        """Find a path that holds from the signer of a CRL to the same anchor (RFC 5280 6.3.3 (f))."""
        asked = Question(
            purpose=question.purpose,
            reference_identifier=None,
            at=question.at,
            inputs=replace(
                question.inputs,
                initial_policies=frozenset({ANY_POLICY}),
                require_explicit_policy=False,
                purpose_required=False,
                end_entity_required=False,
                fail_mode=FailMode.SOFT,
            ),
            failures_only=True,
        )
        signatures = SignatureBook(known=self._known_signatures)
        reason = msg("It has no path to the anchor {anchor}.", anchor=anchor.decoded.title)
        same = (anchor.decoded.subject, anchor.decoded.public_key)
        for candidate in build(signer, pool, self._anchors, question.at, signatures).candidates:
            top = candidate.certificates[-1]
            if candidate.anchor is None or (top.subject, top.public_key) != same:
                continue
            report, _ = evaluate(candidate, asked, signatures, policy=self._policy.of_signers)
            if report.accepted:
                return candidate
            reason = report.failures[0].evidence
        return reason

    def _near(self, built: Built, pool: Pool) -> list[Decoded]:
        """Return what the second engine may build with, which tries every one: the pool, where it is small.

        Of a big one, and of what lists hold, only what the search came by.
        """
        is_small = len(pool.all) <= _MAX_POOL_OF_SECOND_ENGINE
        near = {one.sha256: one for one in pool.all} if is_small else {}
        near |= {
            one.sha256: one
            for candidate in built.candidates
            for one in candidate.certificates[1:]
            if not is_small or self._anchors.issuer(one.sha256) is not None
        }
        return list(near.values())

    def _accepted_path(self, built: Built, best: PathReport) -> tuple[Decoded, ...] | None:
        """Return our path, for where the other engine may find one that was not asked for."""
        if not best.accepted or not self._policy.narrows:
            return None
        of_list = best.anchor_list
        return next(
            candidate.certificates
            for candidate in built.candidates
            if candidate.anchor is not None
            and candidate.anchor.list_name == of_list
            and tuple(one.sha256 for one in candidate.certificates) == best.certificates
        )

    def _known(self, end_entity: Decoded, built: Built, pool: Pool) -> tuple[CertificateFacts, ...]:
        mentioned = {
            digest for dead_end in built.dead_ends for digest in (*dead_end.below, dead_end.certificate)
        }
        known = {end_entity.sha256: end_entity.facts}
        known |= {one.sha256: one.facts for candidate in built.candidates for one in candidate.certificates}
        if not mentioned <= known.keys():
            known |= {one.sha256: one.facts for one in pool.all if one.sha256 in mentioned}
            of_lists = (self._anchors.issuer(digest) for digest in mentioned - known.keys())
            known |= {one.sha256: one.facts for one in of_lists if one is not None}
        return tuple(known.values())


def _rank(
    report: PathReport, certificates: Sequence[Decoded], *, were_asked: bool
) -> tuple[int, int, int, int, int, float, tuple[str, ...]]:
    """The best first: least wrong, then least in doubt, then shortest, then the one that lasts longest."""
    failed = [check for check in report.checks if check.status is RuleStatus.FAIL]
    ends = [one.facts.not_after.timestamp() for one in certificates if one.facts.not_after is not None]
    return (
        sum(check.kind is RuleKind.VALIDITY for check in failed),
        sum(not is_settled(check) for check in report.revocation) if were_asked else 0,
        sum(check.kind is RuleKind.PROFILE for check in failed),
        sum(check.kind is RuleKind.CONFORMANCE for check in failed) if report.failures else 0,
        len(report.certificates),
        -min(ends, default=0.0),
        report.certificates,
    )


def _with_difference(report: PathReport, best: PathReport, titles: dict[str, str]) -> PathReport:
    """Say how a path first differs from the best one."""
    if report.failures:
        return replace(report, difference=report.failures[0].evidence)
    if report.certificates == best.certificates:
        return replace(
            report,
            difference=msg("The same path; its anchor is on the list {list}.", list=report.anchor_list or ""),
        )
    mine, other = next(
        (
            (mine, other)
            for mine, other in zip(report.certificates, best.certificates, strict=False)
            if mine != other
        ),
        (report.certificates[-1], best.certificates[-1]),
    )
    if titles[mine] != titles[other]:
        difference = msg("It goes by {mine} instead of {other}.", mine=titles[mine], other=titles[other])
    else:
        difference = msg("It goes by another certificate of {mine}.", mine=titles[mine])
    return replace(report, difference=difference)


def _own_opinion(best: PathReport) -> Opinion:
    if best.accepted:
        reason = msg("A path to the list {list} passes every rule.", list=best.anchor_list or "")
    else:
        reason = best.failures[0].evidence
    return Opinion(accepted=best.accepted, reason=reason, path=best.certificates)


def _disagreement(own: Opinion, second: Opinion) -> Message | None:
    """Say where the two engines differ; an engine that was not asked does not differ."""
    if second.accepted is None or own.accepted == second.accepted:
        return None
    if own.accepted:
        return msg(
            "The engines disagree: our rules accept the path, cryptography's verifier does not. {reason}",
            reason=second.reason,
        )
    return msg(
        "The engines disagree: cryptography's verifier accepts a path, our rules do not. {reason}",
        reason=own.reason,
    )


def _is_refused_by_revocation(best: PathReport) -> bool:
    """Whether nothing but revocation is against a path, of which the second engine is not asked."""
    return bool(best.failures) and all(check.rule == "revocation.status" for check in best.failures)
