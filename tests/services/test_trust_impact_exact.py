"""Impact, with all its shortcuts, says what judging everything twice says: on PKIs made by chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.support import pki
from tests.support.pki import NOW
from tests.support.random_pki import RandomPki, changed_lists, distrusted, keys, random_pki, stored
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustAnchor
from trustdesk.core.trust_impact import Impact
from trustdesk.core.verification import Purpose
from trustdesk.services.impact_judging import JudgingPool
from trustdesk.services.impact_run import ImpactRun
from trustdesk.services.impact_screen import Screen
from trustdesk.services.impact_subjects import subjects_of
from trustdesk.services.kept_standings import KeptStandings
from trustdesk.services.standing_memory import StandingMemory
from trustdesk.services.trust_side import TrustSide
from trustdesk.storage.stored_chains import KeptTrust, StoredChain
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.outline import outline
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.standing import StandingJudge
from trustdesk.verify.trust_basis import engine_of

_TITLE = msg("By chance")
Verdicts = dict[tuple[str, Purpose], tuple[bool, bool]]


@pytest.fixture(scope="module")
def pool() -> Iterator[JudgingPool]:
    judging = JudgingPool(1)
    yield judging
    judging.close()


@pytest.mark.parametrize("seed", range(2))
def test_impact_is_what_judging_everything_twice_says(seed: int, pool: JudgingPool) -> None:
    _compare(seed, pool)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(2, 400))
def test_impact_is_what_judging_everything_twice_says_of_many(seed: int, pool: JudgingPool) -> None:
    _compare(seed, pool)


def _compare(seed: int, pool: JudgingPool) -> None:
    chance = Random(seed)  # noqa: S311 - no secret
    made = random_pki(chance)
    memory = StandingMemory()
    for before, after in _sides(chance, made):
        seen = _seen(chance, made, before)
        impact = _impact(seen, before, after, pool, memory)
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


@pytest.mark.exhaustive
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


def _seen(chance: Random, made: RandomPki, side: TrustSide) -> RandomPki:
    """The same with what their tests said of the chains: by these lists or by others, then or another day."""
    return replace(made, chains=tuple(_tested(chance, made, side, one) for one in made.chains))


def _tested(chance: Random, made: RandomPki, side: TrustSide, chain: StoredChain) -> StoredChain:
    lists = side.lists_for(chain.partner) if chance.random() < 0.8 else changed_lists(chance, made)
    then = side.at + timedelta(days=chance.choice((0, 0, 1, -1, -8, 35, -400)), hours=1)
    judgement = PathJudge(lists, published_keys={}).judge_server(
        [one.der for one in chain.certificates], chain.verify_name, then
    )
    if not judgement.trusted:
        return chain
    return replace(
        chain,
        kept=KeptTrust(
            verify_name=chain.verify_name if chance.random() < 0.9 else "other.example",
            basis=judgement.basis,
            engine=judgement.engine,
            judged_at=then,
            trust_list=judgement.trust_list,
            path=judgement.path,
        ),
    )


@pytest.mark.exhaustive
def test_what_was_kept_is_taken_for_some_and_is_what_judging_says() -> None:
    taken = 0
    for seed in range(40):
        _, some = _taken(seed)
        taken += some
    assert taken > 10


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(40, 2500))
def test_what_was_kept_is_what_judging_says_of_many(seed: int) -> None:
    looked_at, _ = _taken(seed)
    assert looked_at


def _tidy_pki(chance: Random) -> RandomPki:
    """As PKIs mostly are: with one way up for most, and now and then a cross-sign, a date or a distrust."""

    def days(*ends: int) -> dict[str, Any]:
        return {
            "not_before": NOW - timedelta(days=500),
            "not_after": NOW + timedelta(days=chance.choice(ends)),
        }

    roots = [pki.root(f"Root {number}", key=keys()[number], **days(400, 400, 400, 3)) for number in range(3)]
    cas = [
        pki.authority(f"CA {number}", chance.choice(roots), key=keys()[number], **days(400, 400, 400, 3, -3))
        for number in range(4)
    ]
    if chance.random() < 0.3:
        cas.append(pki.authority("CA 0", chance.choice(roots), key=keys()[0], **days(400, -3)))
    chains = []
    for number in range(1, 7):
        issuer, host = chance.choice(cas), f"host-{number}.example"
        leaf = pki.server(issuer, host, key=keys()[5], **days(300, 300, 300, 2, -2))
        beside = chance.sample([*roots, *cas], chance.choice((0, 0, 1, 2)))
        chains.append(
            StoredChain(
                endpoint_id=number,
                partner=f"Partner {number}",
                place=f"{host}:443",
                verify_name=host,
                certificates=tuple(
                    map(stored, (leaf, issuer, *(one for one in beside if one is not issuer)))
                ),
            )
        )
    first = pki.trust_list(*chance.sample(roots, chance.choice((2, 3))), called="first")
    second = pki.trust_list(*chance.sample([*roots, *cas], chance.choice((0, 0, 1))), called="second")
    if chance.random() < 0.3:
        first = replace(first, distrusted=(distrusted(chance, chance.choice([*roots, *cas])),))
    if chance.random() < 0.3:
        ends = NOW + timedelta(days=chance.choice((-3, 3, 40)))
        second = replace(second, limited=(TrustAnchor(certificate=roots[0].facts, ends=ends),))
    if chance.random() < 0.2:
        second = replace(second, intermediates=(chance.choice(cas).facts,))
    return RandomPki(lists=(first, second), chains=tuple(chains), identities={}, authorities=(*roots, *cas))


def _taken(seed: int) -> tuple[int, int]:
    """Compare every chain that need not be judged with its judgement, path and list too; count them."""
    chance = Random(seed)  # noqa: S311 - no secret
    made = _tidy_pki(chance) if chance.random() < 0.7 else random_pki(chance)
    side = TrustSide(lists=made.lists if chance.random() < 0.5 else made.lists[:1], at=NOW)
    screen = Screen(side.lists, side.lists, at=NOW, at_after=NOW)
    known = KeptStandings(side.lists, NOW, engine=engine_of(knows_published_keys=True))
    judge = StandingJudge(side.lists, at=NOW, published_keys={})
    subjects = subjects_of(_seen(chance, made, side).chains, {}).each
    taken = 0
    for subject in subjects:
        found = known.find(subject, screen.reached(subject.certificates))
        if found is not None:
            taken += 1
            assert found == judge.standing(subject.presented)
    return len(subjects), taken


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
