"""Runs every rule on every certificate of one path, and never stops at a failure.

The state that RFC 5280 6.1 threads through a path (path length, name constraints, policies) is computed to
the end first; then the rules look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import FailMode, RevocationCheck, RevocationStatus
from trustdesk.core.trust import NO_LIMITS, AnchorLimits
from trustdesk.core.verification import (
    TLS_INPUTS,
    PathInputs,
    PathReport,
    Purpose,
    RuleCheck,
    RuleKind,
    RuleStatus,
)
from trustdesk.verify.builder import Candidate
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.extension_values import NameConstraints
from trustdesk.verify.name_constraints import (
    NOTHING_CONSTRAINED,
    Budget,
    Constraint,
    NameVerdicts,
    compare_names,
)
from trustdesk.verify.name_subtrees import subtree
from trustdesk.verify.path_policy import NO_POLICY, PathPolicy
from trustdesk.verify.path_sources import Anchor
from trustdesk.verify.policies import policy_states
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence
from trustdesk.verify.revocation.fail_modes import fail_mode_verdicts
from trustdesk.verify.rules import ALL_RULES
from trustdesk.verify.rules.rule import (
    BROKEN_EXTENSION,
    NOT_ASKED,
    OnAnchor,
    Outcome,
    PathContext,
    Place,
    Rule,
    not_applicable,
)
from trustdesk.verify.signatures import SignatureBook

_OF_ONE_CERTIFICATE = tuple((rule, rule.judge) for rule in ALL_RULES if rule.judge is not None)
_OF_A_PATH = {
    place: tuple(
        (rule, rule.judge_in_path)
        for rule in ALL_RULES
        if rule.judge_in_path is not None and place in rule.asked_of
    )
    for place in Place
}
_NOT_ASKED_AT = {
    place: tuple(
        (rule, not_applicable(NOT_ASKED[rule.asked_of])) for rule in ALL_RULES if place not in rule.asked_of
    )
    for place in Place
}
_WEIGHTS = {RuleKind.VALIDITY: 0, RuleKind.PROFILE: 1, RuleKind.CONFORMANCE: 2}
_NO_SOURCE = msg("No source was given.")
_REMEMBERED_PATHS = 64
"""Of one anchor, each for one instant: the next second asks anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every path.

    Attributes:
        at: aware, whole seconds.
        failures_only: keep no check but those that fail; for thousands of certificates.
        revocation: the sources that may be asked.
    """

    purpose: Purpose
    reference_identifier: str | None
    at: datetime
    inputs: PathInputs
    failures_only: bool = False
    revocation: RevocationEvidence = NO_EVIDENCE


def evaluate(
    candidate: Candidate,
    question: Question,
    signatures: SignatureBook,
    fetched: frozenset[str] = frozenset(),
    revocation: tuple[RevocationCheck, ...] | None = None,
    policy: PathPolicy = NO_POLICY,
) -> tuple[PathReport, bool]:
    """Judge one path.

    Args:
        fetched: digests of certificates that came from a CA's web address.
        revocation: what is known of each certificate below the anchor; None when nobody asked.
        policy: what lists and people say of every path.

    Returns:
        The report, and whether the comparisons of names stayed within their budget.
    """
    budget = Budget()
    below_anchor = candidate.certificates if candidate.anchor is None else candidate.certificates[:-1]
    known = revocation or tuple(
        RevocationCheck(certificate=one.sha256, status=RevocationStatus.UNKNOWN, reason=_NO_SOURCE)
        for one in below_anchor
    )
    if revocation is None and question.inputs.fail_mode is FailMode.HARD:
        revocation = known
    context = _context(candidate, question, signatures, budget, revocation, policy)
    checks = [*_checks_at(context, 0, question), *_checks_above(context, question)]
    conformance_denies = question.inputs.conformance_required
    failures = tuple(
        sorted(
            (
                check
                for check in checks
                if check.status is RuleStatus.FAIL
                and (conformance_denies or check.kind is not RuleKind.CONFORMANCE)
            ),
            key=_weight,
        )
    )
    report = PathReport(
        certificates=tuple(certificate.sha256 for certificate in context.path),
        anchor_list=candidate.anchor.list_name if candidate.anchor is not None else None,
        accepted=not failures,
        checks=tuple(checks),
        failures=failures,
        revocation=known,
        fail_modes=() if question.failures_only else fail_mode_verdicts(below_anchor, known),
        policies=tuple(sorted(context.valid_policies or ())),
        fetched=tuple(one.sha256 for one in below_anchor if one.sha256 in fetched) if fetched else (),
    )
    return report, not budget.is_spent


def _checks_at(context: PathContext, index: int, question: Question) -> list[RuleCheck]:
    """Apply every rule to one certificate of a path."""
    certificate, place = context.path[index], context.place(index)
    checks = [
        *_of_certificate(certificate, index, place, question.inputs, failures_only=question.failures_only)
    ]
    for rule, judge in _OF_A_PATH[place]:
        is_broken = rule.rests_on is not None and rule.rests_on in certificate.broken
        outcome = BROKEN_EXTENSION if is_broken else judge(context, index)
        if outcome[0] is RuleStatus.FAIL or not question.failures_only:
            checks.append(_check(rule, outcome, certificate, index, place, question.inputs))
    return checks


def _checks_above(context: PathContext, question: Question) -> tuple[RuleCheck, ...]:
    """Apply every rule to the certificates above the end entity; what is known of them already is not asked.

    Where nothing is said of the end entity up there (`_is_the_same_for_all`), the answers hang on what stands
    in the key alone, and every end entity that these CAs issued gets the same ones at an instant.
    """
    anchor = context.anchor
    if anchor is None or not _is_the_same_for_all(context, anchor):
        return tuple(check for i in range(1, len(context.path)) for check in _checks_at(context, i, question))
    key = (
        tuple(one.sha256 for one in context.path[1:]),
        context.at,
        context.purpose,
        context.inputs,
        question.failures_only,
        context.signatures[1:],
        context.policies[1:],
        context.valid_policies,
    )
    known = anchor.judged.get(key)
    if known is None:
        if len(anchor.judged) >= _REMEMBERED_PATHS:
            anchor.judged.clear()
        known = anchor.judged[key] = tuple(
            check for i in range(1, len(context.path)) for check in _checks_at(context, i, question)
        )
    return known


def _is_the_same_for_all(context: PathContext, anchor: Anchor) -> bool:
    """Whether no rule on the CAs of a path looks at the end entity, or at what was found out beside the path.

    An anchor's limits and its date for what was issued look at it, and so do decisions, choices and pins;
    revocation and comparisons of names are of one case.
    """
    return (
        context.policy is NO_POLICY
        and context.revocation is None
        and context.limits is None
        and anchor.trust.limits is NO_LIMITS
        and anchor.trust.distrust_after is None
        and all(one is NOTHING_CONSTRAINED for one in context.names[1:])
    )


def checks_as_issuer(certificate: Decoded) -> tuple[RuleCheck, ...]:
    """Apply the rules that look at one certificate alone, as to one that stands above another."""
    return _of_certificate(certificate, 1, Place.ISSUER, TLS_INPUTS, failures_only=False)


def _weight(check: RuleCheck) -> int:
    """What takes validity away comes before what is flawed as well."""
    return _WEIGHTS[check.kind]


def _context(
    candidate: Candidate,
    question: Question,
    signatures: SignatureBook,
    budget: Budget,
    revocation: tuple[RevocationCheck, ...] | None,
    policy: PathPolicy,
) -> PathContext:
    path, anchor = candidate.certificates, candidate.anchor
    below = path if anchor is None else path[:-1]
    enforced = question.inputs.anchor.constraints_enforced
    above = path[-1] if anchor is not None and enforced else None
    states, valid, _ = policy_states(below[::-1], question.inputs, above=above)
    limits = _limits(anchor.trust.limits) if anchor is not None else None
    return PathContext(
        path=path,
        anchor=anchor,
        listed=candidate.listed,
        purpose=question.purpose,
        reference_identifier=question.reference_identifier,
        at=question.at,
        inputs=question.inputs,
        signatures=tuple(signatures.check(path[i], path[i + 1]) for i in range(len(path) - 1)),
        cas_below=_cas_below(path),
        names=_name_verdicts(path, len(below), budget, anchor_binds=enforced),
        limits=None
        if limits is None or anchor is None
        else tuple(
            _verdicts(certificate, index, [Constraint(anchor.list_name, limits)], budget)
            for index, certificate in enumerate(below)
        ),
        policies=states[::-1],
        valid_policies=valid,
        revocation=revocation,
        policy=policy,
    )


def _cas_below(path: Sequence[Decoded]) -> tuple[int, ...]:
    counts = [0]
    for index in range(1, len(path)):
        counts.append(counts[-1] + (index > 1 and not path[index - 1].is_self_issued))
    return tuple(counts)


def _name_verdicts(
    path: Sequence[Decoded], below: int, budget: Budget, *, anchor_binds: bool
) -> tuple[NameVerdicts, ...]:
    """What the constraints above each certificate say of its names; from the top down, then turned round."""
    verdicts: list[NameVerdicts] = []
    in_force: list[Constraint] = []
    for index in range(len(path) - 1, -1, -1):
        certificate = path[index]
        verdicts.append(_verdicts(certificate, index, in_force, budget) if in_force else NOTHING_CONSTRAINED)
        if certificate.name_constraints is not None and index and (index < below or anchor_binds):
            in_force.append(Constraint(certificate.title, certificate.name_constraints))
    return tuple(reversed(verdicts))


def _verdicts(
    certificate: Decoded, index: int, constraints: Sequence[Constraint], budget: Budget
) -> NameVerdicts:
    if index and certificate.is_self_issued:
        return NOTHING_CONSTRAINED  # 6.1.3 (b): self-issued certificates are let through, but for the last
    return compare_names(certificate, constraints, budget)


@lru_cache(maxsize=256)
def _limits(limits: AnchorLimits) -> NameConstraints | None:
    if not limits.permitted_names and not limits.excluded_names:
        return None
    return NameConstraints(
        tuple(subtree(name) for name in limits.permitted_names),
        tuple(subtree(name) for name in limits.excluded_names),
    )


def _of_certificate(
    certificate: Decoded, index: int, place: Place, inputs: PathInputs, *, failures_only: bool
) -> tuple[RuleCheck, ...]:
    """Apply the rules that look at one certificate alone; the same at the same place, so kept with it.

    Those that are not asked at this place are among them.
    """
    anchor = inputs.anchor if place is Place.ANCHOR else None
    key = (index, place, anchor, inputs.strength_required, inputs.conformance_required, failures_only)
    known = certificate.judged.get(key)
    if known is None:
        outcomes = [
            *(
                (
                    rule,
                    BROKEN_EXTENSION if rule.rests_on in certificate.broken else judge(certificate, place),
                )
                for rule, judge in _OF_ONE_CERTIFICATE
                if place in rule.asked_of
            ),
            *(() if failures_only else _NOT_ASKED_AT[place]),
        ]
        known = certificate.judged[key] = tuple(
            _check(rule, outcome, certificate, index, place, inputs)
            for rule, outcome in outcomes
            if outcome[0] is RuleStatus.FAIL or not failures_only
        )
    return known


def _check(
    rule: Rule, outcome: Outcome, certificate: Decoded, index: int, place: Place, inputs: PathInputs
) -> RuleCheck:
    status, evidence, where = outcome
    if place is Place.ANCHOR and rule.on_anchor is not OnAnchor.ALWAYS:
        status, evidence = _on_anchor(rule, status, evidence, inputs)
    if status is RuleStatus.FAIL and rule.kind is RuleKind.PROFILE and not inputs.strength_required:
        status = RuleStatus.WARN
    return RuleCheck(certificate.sha256, index, rule.id, status, rule.kind, evidence, rule.source, where)


def _on_anchor(
    rule: Rule, status: RuleStatus, evidence: Message, inputs: PathInputs
) -> tuple[RuleStatus, Message]:
    """Say of an anchor's own certificate only what the setting lets it say."""
    policy, form_binds = inputs.anchor, inputs.conformance_required
    enforced = {
        OnAnchor.CONSTRAINTS: policy.constraints_enforced,
        OnAnchor.CONSTRAINTS_FORM: policy.constraints_enforced or form_binds,
        OnAnchor.EXPIRY: policy.expiry_enforced,
        OnAnchor.BASIC: policy.basic_constraints_required or form_binds,
    }[rule.on_anchor]
    if enforced or status is RuleStatus.NOT_APPLICABLE:
        return status, evidence
    return RuleStatus.NOT_ENFORCED, msg(
        "Not enforced of an anchor by the setting. {evidence}", evidence=evidence
    )
