"""By what a partner's servers are judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support import pki
from tests.support.distrusts import key_of
from tests.support.kept_lists import a_distrust, a_policy
from tests.support.pki import HOST, NOW, Issued
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.core.trust import AnchorLimits, ServerFault, TrustAnchor, TrustList
from trustdesk.core.trust_decision import PartnerPolicy
from trustdesk.core.verification import Purpose
from trustdesk.services.lists_in_force import with_decisions
from trustdesk.services.partner_policies import EndpointPlaces, PolicyBook, partners_at
from trustdesk.verify.judge import PathJudge

WEB, BANK, PRIVATE = pki.root("Web"), pki.root("Bank"), pki.root("Private")
BY_WEB, BY_BANK, BY_PRIVATE = (pki.server(root) for root in (WEB, BANK, PRIVATE))
IN_FORCE = pki.trust_list(WEB, called="web")
BANK_LIST = pki.trust_list(BANK, called="bank")
KNOWN = {"web": IN_FORCE, "bank": BANK_LIST}


def faults(
    server: Issued, partners: tuple[str, ...], *policies: PartnerPolicy, chosen: TrustList | None = None
) -> tuple[ServerFault, ...]:
    """Judge a server; no fault is trusted."""
    book = PolicyBook(policies)
    lists = book.lists_for(partners, [IN_FORCE], KNOWN.get, chosen=None if chosen is None else [chosen])
    judgement = PathJudge(lists).judge_server([server.der], HOST, NOW)
    assert judgement.trusted is (not judgement.faults)
    return judgement.faults


def test_private_root_counts_for_its_partner_and_for_nobody_else() -> None:
    policy = a_policy("A", PRIVATE)
    assert faults(BY_PRIVATE, ("A",), policy) == ()
    assert faults(BY_WEB, ("A",), policy) == ()
    assert faults(BY_PRIVATE, ("B",), policy)
    assert faults(BY_PRIVATE, (), policy)


@pytest.mark.parametrize("sealed", [False, None])
def test_private_root_without_a_seal_counts_for_nothing(sealed: bool | None) -> None:
    policy = a_policy("A", PRIVATE, sealed=sealed)
    assert faults(BY_PRIVATE, ("A",), policy)
    assert faults(BY_WEB, ("A",), policy) == ()


def test_lists_of_a_policy_stand_in_place_of_those_in_force() -> None:
    policy = a_policy("A", lists=("bank",))
    assert faults(BY_BANK, ("A",), policy) == ()
    assert faults(BY_WEB, ("A",), policy)
    assert faults(BY_BANK, ("B",), policy)


@pytest.mark.parametrize("sealed", [False, None])
def test_lists_without_a_seal_narrow_and_grant_nothing(sealed: bool | None) -> None:
    """What both name still counts: a broken seal must neither let more in nor drop what was narrowed."""
    policy = a_policy("A", lists=("bank",), sealed=sealed)
    assert faults(BY_BANK, ("A",), policy)
    assert faults(BY_WEB, ("A",), policy)
    both = pki.trust_list(WEB, BANK, called="bank")
    lists = PolicyBook([policy]).lists_for(("A",), [IN_FORCE], {"bank": both}.get)
    assert PathJudge(lists).judge_server([BY_WEB.der], HOST, NOW).trusted
    assert not PathJudge(lists).judge_server([BY_BANK.der], HOST, NOW).trusted


LIMITS = AnchorLimits(excluded_names=(f"DNS:{HOST}",))
ELSEWHERE = AnchorLimits(permitted_names=("DNS:elsewhere.example",))


@pytest.mark.parametrize(
    "said",
    [
        TrustAnchor(certificate=WEB.facts, limits=LIMITS),
        TrustAnchor(certificate=WEB.facts, ends=NOW - timedelta(days=1)),
        TrustAnchor(certificate=WEB.facts, distrust_after=NOW - timedelta(days=300)),
        TrustAnchor(certificate=WEB.facts, uses=frozenset({Purpose.CLIENT})),
        TrustAnchor(certificate=WEB.facts, distrusted=True),
    ],
    ids=["names", "ends", "issued after", "clients", "distrusted"],
)
def test_what_the_lists_in_force_limit_a_policy_without_a_seal_does_not_widen(said: TrustAnchor) -> None:
    policy = a_policy("A", lists=("bank",), sealed=False)
    base = replace(pki.trust_list(called="web"), limited=(said,))
    wide = pki.trust_list(WEB, called="bank")
    for own in (
        wide,
        replace(
            pki.trust_list(called="bank"), limited=(TrustAnchor(certificate=WEB.facts, limits=ELSEWHERE),)
        ),
    ):
        lists = PolicyBook([policy]).lists_for(("A",), [base], {"bank": own}.get)
        assert not PathJudge(lists).judge_server([BY_WEB.der], HOST, NOW).trusted
    both = PolicyBook([policy]).lists_for(("A",), [base, IN_FORCE], {"bank": wide}.get)
    assert PathJudge(both).judge_server([BY_WEB.der], HOST, NOW).trusted, "another list in force has it whole"


def test_list_that_is_gone_trusts_nothing() -> None:
    policy = a_policy("A", lists=("gone",))
    assert faults(BY_WEB, ("A",), policy)
    assert PolicyBook([policy]).lists_for(("A",), [IN_FORCE], KNOWN.get)[0].name == "gone"


@pytest.mark.parametrize("sealed", [True, False, None])
def test_chosen_ca_and_pins_narrow_whatever_the_seal_says(sealed: bool | None) -> None:
    other = a_policy("A", only_cas=(BANK.sha256,), sealed=sealed)
    assert faults(BY_WEB, ("A",), other) == (ServerFault.NOT_THROUGH_CHOSEN_CA,)
    assert faults(BY_WEB, ("A",), replace(other, only_cas=(WEB.sha256,))) == ()
    pinned = a_policy("A", pins=(key_of(BY_BANK),), sealed=sealed)
    assert faults(BY_WEB, ("A",), pinned) == (ServerFault.PIN_MISMATCH,)
    assert faults(BY_WEB, ("A",), replace(pinned, pins=(key_of(BY_WEB),))) == ()


def test_pins_hold_for_private_roots_too() -> None:
    policy = a_policy("A", PRIVATE, pins=(key_of(BY_WEB),))
    assert faults(BY_PRIVATE, ("A",), policy) == (ServerFault.PIN_MISMATCH,)
    assert faults(BY_WEB, ("A",), policy) == ()


def test_list_that_a_person_names_is_narrowed_by_the_policy_and_gets_nothing_from_it() -> None:
    policy = a_policy("A", PRIVATE, lists=("bank",), pins=(key_of(BY_WEB),))
    assert faults(BY_WEB, ("A",), policy, chosen=IN_FORCE) == ()
    assert faults(BY_PRIVATE, ("A",), policy, chosen=IN_FORCE)
    assert faults(BY_BANK, ("A",), policy, chosen=BANK_LIST) == (ServerFault.PIN_MISMATCH,)


def test_endpoint_of_two_partners_is_judged_by_both_policies_and_by_no_private_root() -> None:
    a = a_policy("A", PRIVATE, pins=(key_of(WEB),))
    b = a_policy("B", only_cas=(BANK.sha256,))
    assert faults(BY_PRIVATE, ("A", "B"), a)
    assert faults(BY_WEB, ("A", "B"), a) == ()
    assert faults(BY_WEB, ("A", "B"), a, b) == (ServerFault.NOT_THROUGH_CHOSEN_CA,)
    assert faults(BY_WEB, ("B", "A"), a, b) == (ServerFault.NOT_THROUGH_CHOSEN_CA,)
    c = a_policy("C", lists=("bank",))
    assert faults(BY_BANK, ("C", "D"), c)
    assert faults(BY_WEB, ("C", "D"), c)


def test_empty_policy_is_none() -> None:
    book = PolicyBook([PartnerPolicy(partner="A")])
    assert not book
    assert book.partners == ()


def test_what_was_decided_here_holds_against_a_private_root() -> None:
    decided = with_decisions(IN_FORCE, [a_distrust(PRIVATE)])
    lists = PolicyBook([a_policy("A", PRIVATE)]).lists_for(("A",), [decided], KNOWN.get)
    judgement = PathJudge(lists).judge_server([BY_PRIVATE.der], HOST, NOW)
    assert judgement.faults == (ServerFault.DISTRUSTED,)


def test_a_target_is_a_partners_by_host_and_port_or_by_the_name_it_has_to_speak_for() -> None:
    endpoints = [
        Endpoint(id=1, partner="A", target=parse_target("https://a.example/one-record")),
        Endpoint(id=2, partner="B", target=parse_target("https://a.example:8443")),
        Endpoint(id=3, partner="C", target=parse_target("amqps://a.example")),
        Endpoint(id=4, partner="D", target=parse_target("https://A.example/other")),
        Endpoint(id=5, partner="E", target=parse_target("https://192.0.2.5", verify_name="e.example")),
    ]
    for text, partners in {
        "https://a.example": ("A", "D"),
        "https://A.EXAMPLE:443/x": ("A", "D"),
        "https://a.example:8443": ("B",),
        "amqps://a.example": ("C",),
        "tls://a.example:443": ("A", "D"),
        "https://e.example": ("E",),
        "tls://192.0.2.5": ("E",),
        "https://b.example": (),
    }.items():
        assert partners_at(parse_target(text), endpoints) == partners
        assert EndpointPlaces(endpoints).partners_at(parse_target(text)) == partners
    by_address = parse_target("https://192.0.2.1", verify_name="a.example")
    assert partners_at(by_address, endpoints) == ("A", "D"), "no way around what was agreed with them"
    assert partners_at(parse_target("https://192.0.2.1"), endpoints) == ()
