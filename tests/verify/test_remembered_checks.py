"""What was found of the CAs of a path is remembered: no judgement may say anything else for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from tests.support import pki
from tests.support.pki import CLIENT_AUTH, HOST, NOW, Issued
from trustdesk.core.message import msg
from trustdesk.core.trust import AnchorLimits, DistrustedKey, ServerJudgement, TrustAnchor, TrustList
from trustdesk.core.verification import Purpose, Verification
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.rules.rule import PathContext

POLICY = x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier("1.2.3.4"), None)])
REQUIRED = x509.PolicyConstraints(0, None)
IN_EXAMPLE = x509.NameConstraints([x509.DNSName("inside.test")], None)


class World:
    """A root, CAs of several kinds below it, and end entities of each with different faults."""

    def __init__(self) -> None:
        self.root = pki.root()
        self.plain = pki.authority("Plain", self.root)
        self.cas = {
            "plain": (self.plain,),
            "below": (pki.authority("Below", self.plain), self.plain),
            "expired": (pki.authority("Expired", self.root, not_after=NOW - timedelta(days=1)),),
            "no longer": (pki.authority("Ends", self.root, not_after=NOW + timedelta(seconds=30)),),
            "narrow": (pki.authority("Narrow", self.root, extensions=[(IN_EXAMPLE, True)]),),
            "policies": (
                pki.authority("Policies", self.root, extensions=[(POLICY, False), (REQUIRED, True)]),
            ),
            "no CA": (pki.authority("None", self.root, is_ca=False),),
        }
        self.chains = [
            [leaf.der, *(one.der for one in cas)]
            for cas in self.cas.values()
            for leaf in self._leaves(cas[0])
        ]

    @staticmethod
    def _leaves(issuer: Issued) -> Iterator[Issued]:
        yield pki.server(issuer)
        yield pki.server(issuer, not_before=NOW - timedelta(days=1))
        yield pki.server(issuer, "other.test")
        yield pki.server(issuer, extensions=[(POLICY, False)])
        yield pki.server(issuer, usages=(CLIENT_AUTH,))
        yield pki.server(issuer, not_after=NOW - timedelta(days=1))
        yield pki.authority(HOST, issuer)

    def lists(self) -> dict[str, TrustList]:
        """Lists that say more and more of the same root, and of what stands below it."""
        plain = pki.trust_list(self.root)
        anchor = TrustAnchor(certificate=self.root.facts)
        key = DistrustedKey(
            sha256=self.plain.sha256, spki_sha256=None, why=msg("Test."), issued_after=NOW - timedelta(days=3)
        )

        def says(**what: object) -> TrustList:
            return replace(plain, limited=(replace(anchor, **what),))  # type: ignore[arg-type]

        return {
            "plain": plain,
            "dates": says(distrust_after=NOW - timedelta(days=3)),
            "ends": says(ends=NOW + timedelta(seconds=45)),
            "uses": says(uses=frozenset({Purpose.CLIENT})),
            "usages": says(limits=AnchorLimits(extended_key_usages=("serverAuth",))),
            "validity": says(limits=AnchorLimits(max_validity_days=5)),
            "names": says(limits=AnchorLimits(permitted_names=("DNS:inside.test",))),
            "distrusted": replace(plain, distrusted=(key,)),
            "pinned": replace(plain, pins=("ab" * 32,)),
        }


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def times() -> tuple[datetime, ...]:
    return (NOW, NOW + timedelta(seconds=46), NOW)


def test_a_judge_says_of_each_server_what_a_new_one_says(world: World) -> None:
    for name, listed in world.lists().items():
        shared = PathJudge([listed])
        for at, chain in product(times(), world.chains):
            fresh: ServerJudgement = PathJudge([listed]).judge_server(chain, HOST, at)
            again = shared.judge_server(chain, HOST, at)
            assert again == fresh, (name, at)


def test_every_check_is_the_same_in_whatever_order_and_for_whatever_purpose(world: World) -> None:
    def asked(verifier: PathVerifier, chain: list[bytes], purpose: Purpose) -> Verification:
        return verifier.verify(
            chain[0], chain[1:], purpose=purpose, at=NOW, reference_identifier="other.test"
        )

    places = range(len(world.chains))
    for listed in (world.lists()["plain"], world.lists()["uses"]):
        fresh = {
            (place, purpose): asked(PathVerifier([listed]), world.chains[place], purpose)
            for place, purpose in product(places, Purpose)
        }
        for order in (places, reversed(places)):
            shared = PathVerifier([listed])
            for place, purpose in product(order, Purpose):
                assert asked(shared, world.chains[place], purpose) == fresh[place, purpose]


def test_the_second_server_of_a_ca_asks_nothing_of_it_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trustdesk.verify import evaluator

    looked_at: list[int] = []
    plain = evaluator._checks_at

    def noted(context: PathContext, index: int, question: evaluator.Question) -> object:
        looked_at.append(index)
        return plain(context, index, question)

    monkeypatch.setattr(evaluator, "_checks_at", noted)
    judge = PathJudge([pki.trust_list(world.root)])
    for leaf in ("a.test", "b.test"):
        chain = [pki.server(world.plain, leaf).der, world.plain.der]
        assert judge.judge_server(chain, leaf, NOW).trusted
    assert looked_at == [0, 1, 2, 0]
