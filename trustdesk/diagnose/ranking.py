"""From facts to ranked causes.

Each cause adds up the weights of the rules that apply, in bits; its share of the confidence grows with two to
that power, and something is always left for what is not known here. What one alert alone suggests stays under
`CAP_OF_A_GUESS` as long as another cause fits too; what a fact proves may come near to certainty.

Decisions:
- 2026-11: bits that add up (naive Bayes with hand-set weights), not a decision tree: every rule stands by
  itself, evidence against a cause is shown as such, and a cause that nothing supports any more drops out.
- 2026-11: `none` stands alone or not at all; it is never one possibility among others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from trustdesk.core.diagnosis import Evidence, FamilyGuess, Hypothesis, ServerFamily
from trustdesk.core.message import msg
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.facts import Fact, FactSet
from trustdesk.diagnose.rule_file import Rule, RuleBook

PROOF = 9.0
"""Weight of a rule that shows its cause; guesses do not add up to a proof."""

CAP_OF_A_GUESS = 0.9
CAP = 0.98
UNKNOWN_BITS = 1.0
"""Weight of what is not known here."""

MAX_HYPOTHESES = 8
_LEAST_CONFIDENCE = 0.03
_MOST_BITS = 60.0
_NEAR_BITS = 0.75
_NEAR_CONFIDENCE = 0.1
_UNEXPLAINED = frozenset({Cause.ALERT_UNEXPLAINED, Cause.CLIENT_CERT_REJECTED_UNEXPLAINED})
_ORDER = {cause: position for position, cause in enumerate(Cause)}


@dataclass(frozen=True, slots=True)
class _Candidate:
    cause: Cause
    bits: float
    rules: tuple[Rule, ...]


def rank(facts: FactSet, book: RuleBook, family: FamilyGuess | None = None) -> tuple[Hypothesis, ...]:
    """Return the causes that fit, most likely first.

    Empty when the first probe was cancelled: nothing is proved then. Else there is always one at least, and
    the confidences sum to less than 1. The order depends on nothing but the arguments.
    """
    if Fact.CANCELLED in facts:
        return ()
    guess = family.family if family is not None else None
    candidates = _candidates(frozenset(facts), book, guess)
    confidences = _confidences(candidates)
    shown = [
        (candidate, confidence)
        for candidate, confidence in zip(candidates, confidences, strict=True)
        if confidence >= _LEAST_CONFIDENCE or candidate is candidates[0]
    ][:MAX_HYPOTHESES]
    hypotheses = [_hypothesis(candidate, confidence, facts, book, guess) for candidate, confidence in shown]
    return tuple(_with_neighbours(hypotheses, [candidate for candidate, _ in shown], book))


def _applying(
    there: frozenset[Fact], book: RuleBook, family: ServerFamily | None
) -> dict[Cause, tuple[Rule, ...]]:
    found: dict[Cause, tuple[Rule, ...]] = {}
    for rule in book.rules:
        if rule.applies(there, family):
            found[rule.cause] = (*found.get(rule.cause, ()), rule)
    return found


@lru_cache(256)
def _candidates(
    there: frozenset[Fact], book: RuleBook, family: ServerFamily | None
) -> tuple[_Candidate, ...]:
    """Return the causes that these facts speak for; thousands of partners have the same ones."""
    candidates = [
        _Candidate(cause, min(bits, _MOST_BITS), rules)
        for cause, rules in _applying(there, book, family).items()
        if (bits := sum(rule.weight for rule in rules)) > 0 and any(rule.weight > 0 for rule in rules)
    ]
    candidates.sort(key=lambda one: (-one.bits, _ORDER[one.cause]))
    others = [one for one in candidates if one.cause is not Cause.NONE]
    if others:
        return tuple(others)
    return tuple(candidates) or (_Candidate(_fallback(there), 0.0, ()),)


def _fallback(there: frozenset[Fact]) -> Cause:
    if Fact.CERTIFICATE_REFUSED in there:
        return Cause.CLIENT_CERT_REJECTED_UNEXPLAINED
    return Cause.ALERT_UNEXPLAINED


def _confidences(candidates: Sequence[_Candidate]) -> list[float]:
    weights = [2.0**candidate.bits for candidate in candidates]
    total = sum(weights) + 2.0**UNKNOWN_BITS
    shares = [CAP * weight / total for weight in weights]
    first = candidates[0]
    if len(candidates) > 1 and not _is_proved(first):
        shares[0] = min(shares[0], CAP_OF_A_GUESS)
    return shares


def _is_proved(candidate: _Candidate) -> bool:
    return candidate.bits >= PROOF and any(rule.weight >= PROOF for rule in candidate.rules)


def _hypothesis(
    candidate: _Candidate,
    confidence: float,
    facts: FactSet,
    book: RuleBook,
    family: ServerFamily | None,
) -> Hypothesis:
    cause, text = candidate.cause, book.texts[candidate.cause]
    worded = [rule for rule in candidate.rules if rule.weight > 0]
    worded.sort(key=lambda rule: -rule.weight)
    first = worded[0] if worded else None
    statement = first.statement if first is not None else None
    responsible = next((rule.responsible for rule in worded if rule.responsible is not None), None)
    remedy = next((rule.remedy for rule in worded if rule.remedy is not None), text.remedy)
    return Hypothesis(
        cause=cause.value,
        confidence=round(confidence, 4),
        responsible=responsible or cause.sides[0],
        statement=statement or text.meaning,
        evidence=_evidence(candidate.rules, facts, book),
        remedy=remedy,
        log_hint=book.logs.get(family, {}).get(cause) if family is not None else None,
    )


def _evidence(rules: Iterable[Rule], facts: FactSet, book: RuleBook) -> tuple[Evidence, ...]:
    """Share each rule's weight among its facts, the weightiest first, what speaks against among them.

    A fact that many rules ask for, such as that a certificate was refused, says little: its share is small.
    """
    weights: dict[Fact, float] = {}
    for rule in rules:
        shares = {fact: 1.0 / book.uses[fact] for fact in rule.when}
        whole = sum(shares.values())
        for fact, share in shares.items():
            weights[fact] = weights.get(fact, 0.0) + rule.weight * share / whole
    order = {fact: position for position, fact in enumerate(facts)}
    told = sorted(weights, key=lambda fact: (-abs(round(weights[fact], 3)), order[fact]))
    return tuple(
        Evidence(probe=facts[fact].probe, fact=facts[fact].sentence, weight=round(weights[fact], 3))
        for fact in told
    )


def _with_neighbours(
    hypotheses: Sequence[Hypothesis], candidates: Sequence[_Candidate], book: RuleBook
) -> list[Hypothesis]:
    told = []
    for hypothesis, candidate in zip(hypotheses, candidates, strict=True):
        same = tuple(
            other.cause.value
            for other in candidates
            if other.cause is not candidate.cause
            and other.cause not in _UNEXPLAINED
            and candidate.cause not in _UNEXPLAINED
            and abs(other.bits - candidate.bits) < _NEAR_BITS
        )
        near = any(
            other.confidence >= _NEAR_CONFIDENCE and other.cause != hypothesis.cause for other in hypotheses
        )
        separated_by = book.texts[candidate.cause].separate if near else None
        if same and separated_by is None:
            separated_by = msg("The line in the partner's log tells.")
        told.append(replace(hypothesis, same_as=same, separated_by=separated_by))
    return told
