"""Impact, with all its shortcuts, says what judging everything twice says: on PKIs made by chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from tests.support.pki import NOW
from tests.support.random_pki import RandomPki, changed_lists, random_pki
from trustdesk.core.message import msg
from trustdesk.core.trust_impact import Impact
from trustdesk.core.verification import Purpose
from trustdesk.services.impact_judging import JudgingPool
from trustdesk.services.impact_run import ImpactRun
from trustdesk.services.impact_subjects import subjects_of
from trustdesk.services.standing_memory import StandingMemory
from trustdesk.services.trust_side import TrustSide
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.outline import outline
from trustdesk.verify.path_verifier import PathVerifier

_TITLE = msg("By chance")
Verdicts = dict[tuple[str, Purpose], tuple[bool, bool]]


@pytest.fixture(scope="module")
def pool() -> Iterator[JudgingPool]:
    judging = JudgingPool(1)
    yield judging
    judging.close()


@pytest.mark.parametrize("seed", range(8))
def test_impact_is_what_judging_everything_twice_says(seed: int, pool: JudgingPool) -> None:
    _compare(seed, pool)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(8, 400))
def test_impact_is_what_judging_everything_twice_says_of_many(seed: int, pool: JudgingPool) -> None:
    _compare(seed, pool)


def _compare(seed: int, pool: JudgingPool) -> None:
    chance = Random(seed)  # noqa: S311 - no secret
    made = random_pki(chance)
    memory = StandingMemory()
    for before, after in _sides(chance, made):
        impact = _impact(made, before, after, pool, memory)
        found = {
            (one.partner or one.identity or "", one.purpose): (
                one.before.value == "trusted",
                one.after.value == "trusted",
            )
            for one in (*impact.partners, *impact.identities)
        }
        expected = {who: pair for who, pair in _slowly(made, before, after).items() if pair[0] != pair[1]}
        assert found == expected
        for one in (*impact.partners, *impact.identities):
            assert bool(one.lost_path) is (one.before.value == "trusted")
            assert bool(one.gained_path) is (one.after.value == "trusted")
            assert one.broken_by is None or one.broken_by in {facts.sha256 for facts in one.lost_path}


def test_the_pkis_of_chance_hold_changes_of_every_kind(pool: JudgingPool) -> None:
    losses = gains = 0
    for seed in range(8):
        chance = Random(seed)  # noqa: S311 - no secret
        made = random_pki(chance)
        for before, after in _sides(chance, made):
            impact = _impact(made, before, after, pool)
            losses += sum(one.loses for one in impact.partners)
            gains += sum(one.gains for one in impact.partners)
    assert losses > 8
    assert gains > 4


def _sides(chance: Random, made: RandomPki) -> Iterator[tuple[TrustSide, TrustSide]]:
    before = TrustSide(lists=made.lists, at=NOW, own={"Partner 1": made.lists[1:]})
    first, second = chance.sample(made.authorities, 2)
    yield before, before.without(first.sha256)
    yield before, before.without(second.sha256, spki_sha256=outline(second.der).spki_sha256)
    yield before, replace(before, lists=changed_lists(chance, made))
    yield before, before.with_list(changed_lists(chance, made)[0])
    yield before, before.as_of(NOW + timedelta(days=chance.choice((-8, 4, 35, 500))))
    yield before, replace(before, lists=changed_lists(chance, made), at=NOW + timedelta(days=6))
    # What is remembered of now must not be taken for what holds later.
    later = before.as_of(NOW + timedelta(days=chance.choice((-9, 4, 35, 500))))
    yield later, later.without(first.sha256)


def _impact(
    made: RandomPki,
    before: TrustSide,
    after: TrustSide,
    pool: JudgingPool,
    memory: StandingMemory | None = None,
) -> Impact:
    own = {name: [one.facts for one in path] for name, path in made.identities.items()}
    return ImpactRun(before=before, after=after, pool=pool, memory=memory).impact(
        _TITLE, subjects_of(made.chains, own)
    )


def _slowly(made: RandomPki, before: TrustSide, after: TrustSide) -> Verdicts:
    verdicts: dict[tuple[str, Purpose], list[bool]] = {}
    for side in (before, after):
        for chain in made.chains:
            judgement = PathJudge(side.lists_for(chain.partner)).judge_server(
                [one.der for one in chain.certificates], chain.verify_name, side.at
            )
            verdicts.setdefault((chain.partner, Purpose.SERVER), []).append(judgement.trusted)
        for name, (own, *above) in made.identities.items():
            verification = PathVerifier(side.lists).verify(
                own.der, [one.der for one in above], purpose=Purpose.CLIENT, at=side.at
            )
            verdicts.setdefault((name, Purpose.CLIENT), []).append(verification.trusted)
    return {who: (pair[0], pair[1]) for who, pair in verdicts.items()}
