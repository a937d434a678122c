"""How path builders fail: crowds of namesakes, loops, cross-signatures, decoys, and anchors of odd kinds.

RFC 5280 6.1 says what a path is and leaves the finding of it to RFC 4158. What is asked here: where a valid
path exists, it is found, whatever lies beside it; and a search always ends.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from tests.support.raw_pki import (
    AT,
    CONFORMANCE,
    OIDS,
    VALIDITY,
    Made,
    accept,
    aki,
    bc,
    ca,
    cp,
    dns,
    ext,
    failed_rules,
    first_failure,
    judged,
    key_identifier,
    ku,
    leaf,
    nc,
    pc,
)
from trustdesk.core.verification import ENFORCED, TLS_INPUTS

ROOT = ca("CN=Root")
PAST: dict[str, Any] = {"not_before": AT - timedelta(days=900), "not_after": AT - timedelta(days=1)}
FAULTS: dict[str, dict[str, Any]] = {
    "expired": PAST,
    "not-yet-valid": {"not_before": AT + timedelta(days=1)},
    "no-ca": {"more": {"bc": None}},
    "ca-false": {"more": {"bc": bc(ca=False)}},
    "no-keyCertSign": {"more": {"ku": ku(6)}},
    "names-excluded": {"extra": [nc(excluded=[dns("example")])]},
    "names-not-permitted": {"extra": [nc(permitted=[dns("other")])]},
    "critical-unknown": {"extra": [ext("1.3.6.1.4.1.55555.1", b"\5\0", True)]},
    "malformed": {"extra": [ext(OIDS["nc"], b"\x30\0", True)]},
    "other-key": {"signed_by": "stranger"},
    "policy-required": {"extra": [pc(require=0)]},
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("first", [True, False], ids=["faulty-first", "good-first"])
def test_of_two_certificates_of_one_ca_the_good_one_is_taken(fault: str, first: bool) -> None:
    """leaf <- CA twice, same name and key, one with a fault: valid through the other."""
    good, faulty = ca("CN=CA", ROOT), ca("CN=CA", ROOT, **FAULTS[fault])
    pool = (faulty, good) if first else (good, faulty)
    for inputs in (VALIDITY, CONFORMANCE):
        assert judged(leaf(good), *pool, anchors=[ROOT], inputs=inputs).trusted


@pytest.mark.parametrize("fault", FAULTS)
def test_a_crowd_of_faulty_certificates_hides_no_good_one(fault: str) -> None:
    """leaf <- CA 60 times with a fault and once without, each twice below another such crowd: found."""
    upper = [ca("CN=Upper", ROOT, **FAULTS[fault]) for _ in range(60)]
    good_upper = ca("CN=Upper", ROOT)
    lower = [ca("CN=Lower", good_upper, **FAULTS[fault]) for _ in range(60)]
    good_lower = ca("CN=Lower", good_upper)
    pool = (*upper, *lower, good_upper, good_lower)
    assert judged(leaf(good_lower), *pool, anchors=[ROOT]).trusted


@cache
def namesakes(count: int) -> tuple[Made, ...]:
    return tuple(
        ca("CN=CA", ROOT, key_of=f"namesake {number}", more={"ski": None}) for number in range(count)
    )


def test_a_thousand_namesakes_without_key_identifiers() -> None:
    """leaf (no AKI) <- one of 1,000 CAs of one name, the last: every key is tried."""
    crowd = namesakes(1000)
    end_entity = leaf(crowd[-1], more={"aki": None})
    assert judged(end_entity, *crowd, anchors=[ROOT]).trusted


def test_a_thousand_namesakes_with_key_identifiers() -> None:
    """leaf (AKI) <- one of 1,000 CAs of one name: the key identifier leads there."""
    chosen = ca("CN=CA", ROOT, key_of="the one")
    verification = judged(leaf(chosen), *namesakes(1000), chosen, anchors=[ROOT])
    assert verification.trusted


def test_a_thousand_namesakes_of_which_none_signed() -> None:
    """leaf (signed by nobody here): refused within the budget, and a limit or a dead end is said."""
    stranger = ca("CN=CA", ROOT, key_of="stranger")
    verification = judged(leaf(stranger), *namesakes(1000), anchors=[ROOT])
    assert not verification.trusted
    assert verification.dead_ends or verification.search_limit_hit


def test_a_thousand_certificates_of_one_name_and_key() -> None:
    """leaf <- CA 1,000 times (same name, same key, all but one expired): the valid one is found."""
    crowd = [ca("CN=CA", ROOT, not_after=AT - timedelta(days=1), serial=None) for _ in range(999)]
    good = ca("CN=CA", ROOT)
    assert judged(leaf(good), *crowd, good, anchors=[ROOT]).trusted


def test_the_key_identifier_of_a_decoy_does_not_mislead() -> None:
    """leaf <- CA; a decoy has the same name and the key identifier asked for: found."""
    good = ca("CN=CA", ROOT)
    decoy = ca(
        "CN=CA", ROOT, key_of="decoy", more={"ski": ext(OIDS["ski"], b"\4\x14" + key_identifier("CN=CA"))}
    )
    accept(leaf(good), decoy, good, anchors=[ROOT])


def test_a_mismatching_key_identifier_does_not_hide_the_right_issuer() -> None:
    """leaf (AKI of a decoy) <- CA; the decoy is another CA of that name: the signature decides."""
    good, decoy = ca("CN=CA", ROOT), ca("CN=CA", ROOT, key_of="decoy")
    accept(leaf(good, more={"aki": aki(key_identifier("decoy"))}), decoy, good, anchors=[ROOT])


# loops


def test_two_cas_that_sign_each_other() -> None:
    """leaf <- A <-> B <- root: the way out is found."""
    a, b = ca("CN=A", ROOT), ca("CN=B", ROOT)
    crossed = [ca("CN=A", b), ca("CN=B", a)]
    accept(leaf(a), *crossed, a, b, anchors=[ROOT])


def test_two_cas_that_sign_each_other_and_nobody_else() -> None:
    """leaf <- A <-> B: no way out, and an end."""
    a, b = ca("CN=A"), ca("CN=B")
    crossed = [ca("CN=A", b), ca("CN=B", a)]
    verification = judged(leaf(a), *crossed, anchors=[ROOT])
    assert not verification.trusted
    assert verification.search_limit_hit is None


@pytest.mark.parametrize("length", [3, 5, 9])
def test_a_ring_of_cas_with_one_way_out(length: int) -> None:
    """leaf <- 0 <- 1 <- … <- 0, the last of them issued by the root as well."""
    plain = [ca(f"CN=Ring {number}") for number in range(length)]
    ring = [ca(f"CN=Ring {number}", plain[(number + 1) % length]) for number in range(length)]
    way_out = ca(f"CN=Ring {length - 1}", ROOT)
    accept(leaf(plain[0]), *ring, way_out, anchors=[ROOT])


@pytest.mark.parametrize("count", [6, 12, 20])
def test_every_ca_signs_every_ca(count: int) -> None:
    """leaf <- 0, a full mesh, one of it below the root: the shortest way is found, however many there are."""
    plain = [ca(f"CN=Mesh {number}") for number in range(count)]
    mesh = [
        ca(f"CN=Mesh {one}", plain[other]) for one in range(count) for other in range(count) if one != other
    ]
    way_out = ca(f"CN=Mesh {count - 1}", ROOT)
    assert judged(leaf(plain[0]), *mesh, way_out, anchors=[ROOT]).trusted


def test_every_ca_signs_every_ca_and_there_is_no_way_out() -> None:
    """leaf <- a full mesh of 12 without an anchor: the search ends, and says at what."""
    plain = [ca(f"CN=Mesh {number}") for number in range(12)]
    mesh = [ca(f"CN=Mesh {one}", plain[other]) for one in range(12) for other in range(12) if one != other]
    verification = judged(leaf(plain[0]), *mesh, anchors=[ROOT])
    assert not verification.trusted
    assert verification.search_limit_hit is not None


def test_a_ca_that_signed_itself_again_and_again() -> None:
    """leaf <- CA, beside 200 self-issued certificates of its name and key."""
    good = ca("CN=CA", ROOT)
    again = [ca("CN=CA", good, more={"aki": aki(key_identifier("CN=CA"))}) for _ in range(200)]
    accept(leaf(good), *again, good, anchors=[ROOT])


def test_a_ladder_of_two_certificates_on_each_of_ten_steps() -> None:
    """leaf <- 10 CAs, each with an expired and a valid certificate: one path of 1,024 is valid, and found."""
    above, pool = ROOT, []
    for number in range(10):
        pool.append(ca(f"CN=Step {number}", above, **PAST))
        above = ca(f"CN=Step {number}", above)
        pool.append(above)
    accept(leaf(above), *pool, anchors=[ROOT])


def test_a_ladder_of_which_one_step_is_bad() -> None:
    """leaf <- 10 CAs with three valid certificates each, but for the sixth, which is expired: it is named."""
    above, pool = ROOT, []
    for number in range(10):
        dates = PAST if number == 5 else {}
        made = [ca(f"CN=Step {number}", above, **dates) for _ in range(3)]
        above = made[0]
        pool += made
    verification = judged(leaf(above), *pool, anchors=[ROOT])
    assert failed_rules(verification) == {("validity.not_after", 5)}


@pytest.mark.parametrize(("cas", "found"), [(13, True), (14, True), (15, False)])
def test_a_path_has_sixteen_certificates_and_no_more(cas: int, found: bool) -> None:
    """leaf <- 14 CAs <- root: 16 certificates. The bound is ours, and said where it ends a search."""
    above, pool = ROOT, []
    for number in range(cas):
        above = ca(f"CN=Long {number}", above)
        pool.append(above)
    verification = judged(leaf(above), *pool, anchors=[ROOT])
    assert verification.trusted is found
    assert found or any("16" in str(end.reason.params) for end in verification.dead_ends)


# cross-signed roots


def test_an_expired_cross_signature_beside_the_new_root() -> None:
    """leaf <- CA <- New Root (anchor), and CA <- New Root <- Old Root (expired, anchor): as AddTrust was."""
    old = ca("CN=Old Root", **PAST)
    new = ca("CN=New Root")
    crossed = ca("CN=New Root", old, **PAST)
    middle = ca("CN=CA", new)
    for anchors in ([new], [old, new], [new, old]):
        verification = judged(leaf(middle), middle, crossed, anchors=anchors, inputs=TLS_INPUTS)
        assert verification.trusted
        assert len(verification.paths[0].certificates) == 3


def test_a_valid_cross_signature_where_the_new_root_is_not_known() -> None:
    """leaf <- CA <- New Root (cross-signed) <- Old Root (anchor): the long way."""
    old, new = ca("CN=Old Root"), ca("CN=New Root")
    crossed, middle = ca("CN=New Root", old), ca("CN=CA", new)
    accept(leaf(middle), middle, crossed, new, anchors=[old])


def test_an_expired_cross_signature_alone_is_named() -> None:
    """leaf <- CA <- New Root (cross-signed, expired) <- Old Root (anchor)."""
    old, new = ca("CN=Old Root"), ca("CN=New Root")
    crossed, middle = ca("CN=New Root", old, **PAST), ca("CN=CA", new)
    verification = judged(leaf(middle), middle, crossed, new, anchors=[old])
    assert failed_rules(verification) == {("validity.not_after", 2)}


def test_two_anchors_of_one_name_and_key() -> None:
    """leaf <- Root twice on the list, one expired, expiry enforced: valid by the other."""
    old, new = ca("CN=Root", **PAST), ca("CN=Root")
    inputs = replace(VALIDITY, anchor=ENFORCED)
    for anchors in ([old, new], [new, old]):
        assert judged(leaf(new), anchors=anchors, inputs=inputs).trusted


def test_two_anchors_of_one_name_and_two_keys() -> None:
    """leaf <- Root (new key); the old key of that name is on the list too."""
    old, new = ca("CN=Root", key_of="old"), ca("CN=Root", key_of="new")
    for anchors in ([old, new], [new, old]):
        assert judged(leaf(new), anchors=anchors).trusted


def test_a_root_that_rolled_over() -> None:
    """leaf <- Root (new key, self-issued, signed by the old one) <- Root (old key, anchor)."""
    old = ca("CN=Root", key_of="old")
    rolled = ca("CN=Root", old, key_of="new")
    accept(leaf(rolled), rolled, anchors=[old])


# anchors


def test_an_intermediate_is_an_anchor_as_any_other() -> None:
    """leaf <- CA (anchor; its root is nowhere): 6.1.1 (d) asks for no self-signature."""
    accept(leaf(ca("CN=CA", ROOT)), anchors=[ca("CN=CA", ROOT)])


def test_an_intermediate_anchor_and_its_root() -> None:
    """leaf <- CA <- root, both anchors: two paths, the short one first."""
    middle = ca("CN=CA", ROOT)
    verification = judged(leaf(middle), middle, anchors=[middle, ROOT])
    assert verification.trusted
    assert sorted(len(path.certificates) for path in verification.paths) == [2, 3]


def test_an_anchor_that_is_the_end_entity_itself() -> None:
    """root as end entity, on the list: "not included as part of the prospective certification path" (6.1).

    So there is no path. Debatable, as some stacks trust what is on the list; who asks whether a certificate
    was issued by somebody trusted is not told so of one that nobody issued.
    """
    verification = judged(ROOT, anchors=[ROOT])
    assert not verification.trusted
    named = first_failure(verification)
    assert (named.rule, named.index) == ("chain.anchor", 0)
    assert "itself is on the list" in named.evidence.id


def test_a_leaf_that_is_on_the_list_is_no_path() -> None:
    """leaf (issued by a CA that is nowhere), itself on the list: no certificate was issued by an anchor."""
    end_entity = leaf(ca("CN=CA", ROOT))
    verification = judged(end_entity, anchors=[end_entity])
    assert not verification.trusted
    assert "itself is on the list" in first_failure(verification).evidence.id


def test_another_certificate_of_an_anchors_name_and_key() -> None:
    """Root' (renewed, same key) as end entity <- Root (anchor): issued by it, and another certificate."""
    renewed = ca("CN=Root")
    assert renewed.der != ROOT.der
    accept(renewed, anchors=[ROOT])


def test_the_anchor_in_the_pool_does_no_harm() -> None:
    """leaf <- CA <- root, the root sent along and on the list."""
    middle = ca("CN=CA", ROOT)
    accept(leaf(middle), middle, ROOT, anchors=[ROOT])


def test_the_end_entity_in_the_pool_does_no_harm() -> None:
    """leaf <- CA <- root, the leaf sent twice."""
    middle = ca("CN=CA", ROOT)
    end_entity = leaf(middle)
    accept(end_entity, end_entity, middle, anchors=[ROOT])


def test_an_expired_anchor_is_named_where_that_is_enforced() -> None:
    """leaf <- CA <- root (expired), enforced."""
    old = ca("CN=Root", **PAST)
    middle = ca("CN=CA", old)
    inputs = replace(VALIDITY, anchor=ENFORCED)
    assert failed_rules(judged(leaf(middle), middle, anchors=[old], inputs=inputs)) == {
        ("validity.not_after", 2)
    }


def test_many_paths_of_which_only_policies_tell_the_good_one() -> None:
    """leaf (A) <- CA 20 times (B) and once (A), a policy required: all of them are looked at."""
    a, b = "1.3.6.1.4.1.55555.2.1", "1.3.6.1.4.1.55555.2.2"
    crowd = [ca("CN=CA", ROOT, extra=[cp(b)]) for _ in range(20)]
    good = ca("CN=CA", ROOT, extra=[cp(a)])
    inputs = replace(VALIDITY, require_explicit_policy=True)
    assert judged(leaf(good, extra=[cp(a)]), *crowd, good, anchors=[ROOT], inputs=inputs).trusted
