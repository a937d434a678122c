"""What lists, decisions and policies say of every path, wherever it ends.

Chains are drawn from the server's certificate upwards; [anchor] is on the trust list, (x) is distrusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support import pki
from tests.support.distrusts import distrust, key_of
from tests.support.kept_lists import a_version, an_entry
from tests.support.pki import HOST, NOW, Issued
from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import msg
from trustdesk.core.trust import ServerFault, ServerJudgement, TrustAnchor, TrustList
from trustdesk.core.trust_entry import EntryStatus
from trustdesk.core.verification import Purpose, RuleStatus, Verification
from trustdesk.services.lists_in_force import judgeable
from trustdesk.services.wording import wording
from trustdesk.verify.bulk import BulkVerifier
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.path_policy import PathPolicy
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.standing import Presented, StandingJudge

DAY = timedelta(days=1)


class Ways:
    """Server ← issuing CA ← [first root]; the issuing CA's key again in a cross-certificate of [second]."""

    def __init__(self) -> None:
        self.first, self.second = pki.root("First"), pki.root("Second")
        self.issuing = pki.authority("Issuing", self.first)
        self.cross = pki.authority("Issuing", self.second, key=self.issuing.key)
        self.server = pki.server(self.issuing)
        self.sent = (self.server, self.issuing, self.cross)


@pytest.fixture(scope="module")
def ways() -> Ways:
    return Ways()


def a_list(*anchors: Issued, called: str = "test", **changes: object) -> TrustList:
    return replace(pki.trust_list(*anchors, called=called), **changes)  # type: ignore[arg-type]


def judged(presented: Sequence[Issued], *lists: TrustList, after: timedelta = timedelta()) -> ServerJudgement:
    return PathJudge(lists).judge_server([one.der for one in presented], HOST, NOW + after)


def verified(presented: Sequence[Issued], *lists: TrustList, after: timedelta = timedelta()) -> Verification:
    end_entity, *others = (one.der for one in presented)
    return PathVerifier(lists).verify(
        end_entity, others, purpose=Purpose.SERVER, at=NOW + after, reference_identifier=HOST
    )


def in_bulk(presented: Sequence[Issued], *lists: TrustList, after: timedelta = timedelta()) -> bool:
    end_entity, *others = (one.der for one in presented)
    (verdicts,) = BulkVerifier(lists, others, at=NOW + after).verdicts([end_entity])
    return verdicts.server.trusted


def standing(presented: Sequence[Issued], *lists: TrustList, after: timedelta = timedelta()) -> bool:
    chain = Presented(certificates=tuple(one.der for one in presented), reference_identifier=HOST)
    return StandingJudge(lists, at=NOW + after).standing(chain).trusted


def assert_distrusted(
    presented: Sequence[Issued], *lists: TrustList, at_fault: set[str], after: timedelta = timedelta()
) -> None:
    """Assert it of the gate, of both engines, of the judge of many, and of that of impact."""
    assert not standing(presented, *lists, after=after)
    judgement = judged(presented, *lists, after=after)
    assert not judgement.trusted
    assert ServerFault.DISTRUSTED in judgement.faults
    verification = verified(presented, *lists, after=after)
    assert not verification.trusted
    assert verification.cryptography.accepted is False
    assert verification.disagreement is None
    failing = {
        check.certificate
        for path in verification.paths
        for check in path.failures
        if check.rule == "trust.distrusted"
    }
    assert failing == at_fault
    assert not in_bulk(presented, *lists, after=after)


def assert_trusted(presented: Sequence[Issued], *lists: TrustList, after: timedelta = timedelta()) -> None:
    judgement = judged(presented, *lists, after=after)
    assert judgement.faults == ()
    assert judgement.trusted
    verification = verified(presented, *lists, after=after)
    assert verification.trusted
    assert verification.disagreement is None
    assert in_bulk(presented, *lists, after=after)
    assert standing(presented, *lists, after=after)


# --- distrust --------------------------------------------------------------------------------------------


def test_distrusted_intermediate_and_no_way_around_by_a_cross_certificate_of_its_key(ways: Ways) -> None:
    """Server ← (issuing) ← [first]; server ← issuing's key, certified by [second]: the key is the same."""
    both = a_list(ways.first, ways.second, distrusted=(distrust(ways.issuing),))
    assert_trusted(ways.sent, a_list(ways.first, ways.second))
    assert_distrusted(ways.sent, both, at_fault={ways.issuing.sha256, ways.cross.sha256})
    said = [
        wording("en").text(check.evidence)
        for path in verified(ways.sent, both).paths
        for check in path.failures
    ]
    assert "Issuing is distrusted. Ann decided it." in said
    assert "The key of Issuing is distrusted: another certificate of it is. Ann decided it." in said


def spki(key: Issued) -> bytes:
    public = key.certificate.public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def compressed(key: Issued) -> bytes:
    return pki.compressed_key(key.key)


def rsa_as(algorithm: str) -> Callable[[Issued], bytes]:
    def encoded(key: Issued) -> bytes:
        usual = spki(key)
        body = bytes.fromhex(algorithm) + usual[19:]
        return b"\x30\x82" + len(body).to_bytes(2, "big") + body

    return encoded


@pytest.mark.parametrize(
    ("key", "encoded"),
    [
        (ec.generate_private_key(ec.SECP256R1()), compressed),
        (pki.rsa_key(), rsa_as("300b06092a864886f70d010101")),
        (pki.rsa_key(), rsa_as("300b06092a864886f70d01010a")),
    ],
    ids=["compressed point", "RSA without NULL", "as RSASSA-PSS"],
)
@pytest.mark.parametrize("is_anchor", [False, True])
def test_distrusted_key_in_another_encoding_is_the_same_key(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    encoded: Callable[[Issued], bytes],
    is_anchor: bool,
) -> None:
    """Server ← issuing ← [first]; server ← issuing's key, written otherwise ← [second], or on the list."""
    first, second = pki.root("First"), pki.root("Second")
    issuing = pki.authority("Issuing", first, key=key)
    cross = pki.with_key_encoded(pki.authority("Issuing", second, key=key), second, encoded(issuing))
    server = pki.server(issuing)
    assert key_of(cross) != key_of(issuing)
    anchors, sent = (
        ([first, cross], [server, issuing]) if is_anchor else ([first, second], [server, issuing, cross])
    )
    standing_by = a_list(*anchors)
    if not is_anchor:
        assert verified([server, cross], standing_by).trusted, "so it is a way around, for our own rules"
    at_fault = {issuing.sha256, cross.sha256}
    assert_distrusted(sent, replace(standing_by, distrusted=(distrust(issuing),)), at_fault=at_fault)
    # The other way round: the list or the person distrusts the certificate with the rare encoding.
    entry = an_entry(cross, status=EntryStatus.DISTRUSTED)
    against = judgeable(a_version(entry, name="against"))
    assert not judged(sent, standing_by, against).trusted
    assert not standing(sent, standing_by, against)


def test_way_around_a_distrusted_root_by_another_root_is_a_way(ways: Ways) -> None:
    """Server ← issuing ← ([first]); the cross-certificate leads to [second], which nobody distrusts."""
    both = a_list(ways.first, ways.second, distrusted=(distrust(ways.first),))
    assert_trusted(ways.sent, both)
    assert judged(ways.sent, both).path == (ways.server.sha256, ways.cross.sha256, ways.second.sha256)


def test_way_around_a_distrusted_intermediate_that_is_beside_the_path() -> None:
    """Server ← issuing ← (policy) ← [first], and server ← issuing ← [second] by another certificate."""
    first, second = pki.root("First"), pki.root("Second")
    policy = pki.authority("Policy", first)
    issuing = pki.authority("Issuing", policy)
    cross = pki.authority("Issuing", second, key=issuing.key)
    server = pki.server(issuing)
    assert_trusted([server, issuing, policy, cross], a_list(first, second, distrusted=(distrust(policy),)))
    assert_distrusted(
        [server, issuing, policy],
        a_list(first, second, distrusted=(distrust(policy),)),
        at_fault={policy.sha256},
    )


def test_distrusted_end_entity(ways: Ways) -> None:
    assert_distrusted(
        ways.sent,
        a_list(ways.first, ways.second, distrusted=(distrust(ways.server),)),
        at_fault={ways.server.sha256},
    )


def test_renewed_end_entity_with_a_distrusted_key(ways: Ways) -> None:
    """The certificate is another one, and its key the one that was distrusted."""
    renewed = pki.server(ways.issuing, key=ways.server.key)
    assert_distrusted(
        [renewed, ways.issuing],
        a_list(ways.first, distrusted=(distrust(ways.server),)),
        at_fault={renewed.sha256},
    )


def test_distrusted_root(ways: Ways) -> None:
    assert_distrusted(
        [ways.server, ways.issuing],
        a_list(ways.first, distrusted=(distrust(ways.first),)),
        at_fault={ways.first.sha256},
    )


def test_key_of_a_certificate_that_was_distrusted_by_its_digest_is_found_on_the_lists(ways: Ways) -> None:
    listed = a_list(
        ways.first,
        ways.second,
        intermediates=(ways.issuing.facts,),
        distrusted=(distrust(ways.issuing, spki_sha256=None),),
    )
    assert_distrusted([ways.server, ways.cross], listed, at_fault={ways.issuing.sha256, ways.cross.sha256})


def test_distrust_without_a_key_is_of_the_one_certificate(ways: Ways) -> None:
    listed = a_list(ways.first, ways.second, distrusted=(distrust(ways.issuing, spki_sha256=None),))
    assert_trusted(ways.sent, listed)
    assert judged(ways.sent, listed).path[1] == ways.cross.sha256


def test_distrust_where_no_path_ends_at_a_list_is_said_first(ways: Ways) -> None:
    judgement = judged([ways.server, ways.issuing], a_list(ways.second, distrusted=(distrust(ways.issuing),)))
    assert judgement.faults[0] is ServerFault.DISTRUSTED
    assert ServerFault.CA_NOT_IN_LIST in judgement.faults


def test_distrust_that_expires_holds_until_the_instant_and_no_longer(ways: Ways) -> None:
    until = a_list(ways.first, distrusted=(distrust(ways.issuing, ends=NOW + 10 * DAY),))
    sent = [ways.server, ways.issuing]
    assert_distrusted(sent, until, at_fault={ways.issuing.sha256}, after=9 * DAY)
    assert_trusted(sent, until, after=10 * DAY)


def test_distrust_that_begins_later(ways: Ways) -> None:
    later = a_list(ways.first, distrusted=(distrust(ways.issuing, begins=NOW + 10 * DAY),))
    sent = [ways.server, ways.issuing]
    assert_trusted(sent, later, after=9 * DAY)
    assert_distrusted(sent, later, at_fault={ways.issuing.sha256}, after=10 * DAY)


def test_distrust_of_what_was_issued_after_a_date(ways: Ways) -> None:
    issued = ways.server.facts.not_before
    assert issued is not None
    sent = [ways.server, ways.issuing]
    assert_trusted(sent, a_list(ways.first, distrusted=(distrust(ways.first, issued_after=issued),)))
    assert_distrusted(
        sent,
        a_list(ways.first, distrusted=(distrust(ways.first, issued_after=issued - DAY),)),
        at_fault={ways.first.sha256},
    )


# --- several lists ---------------------------------------------------------------------------------------


def test_path_counts_when_it_ends_on_either_list(ways: Ways) -> None:
    one, other = a_list(ways.first, called="one"), a_list(ways.second, called="other")
    sent = [ways.server, ways.cross]
    assert_trusted(sent, one, other)
    assert judged(sent, one, other).trust_list == "other"


def test_what_one_list_in_force_distrusts_is_distrusted_for_all(ways: Ways) -> None:
    trusting = a_list(ways.first, ways.second, called="trusting")
    distrusting = a_list(called="distrusting", distrusted=(distrust(ways.issuing),))
    for lists in ((trusting, distrusting), (distrusting, trusting)):
        assert_distrusted(ways.sent, *lists, at_fault={ways.issuing.sha256, ways.cross.sha256})


def test_intermediates_of_one_list_help_paths_to_another_and_are_no_anchors(ways: Ways) -> None:
    helping = a_list(called="helping", intermediates=(ways.issuing.facts,))
    assert_trusted([ways.server], a_list(ways.first, called="roots"), helping)
    judgement = judged([ways.server], a_list(ways.first, called="roots"), helping)
    (complete,) = (one for one in judgement.findings if one.rule == "CHN-02")
    assert complete.status is FindingStatus.WARN
    assert wording("en").text(complete.evidence).startswith("Not sent: Issuing.")
    alone = judged([ways.server], helping)
    assert not alone.trusted
    assert alone.faults == (ServerFault.MISSING_INTERMEDIATE,)
    verification = verified([ways.server], a_list(ways.first, intermediates=(ways.issuing.facts,)))
    assert verification.trusted
    assert ways.issuing.facts in verification.known


# --- what a list says of its anchor ----------------------------------------------------------------------


def test_trust_in_an_anchor_ends_at_an_instant(ways: Ways) -> None:
    anchor = TrustAnchor(certificate=ways.first.facts, ends=NOW + DAY, why=msg("Withdrawn by ACME."))
    listed = a_list(limited=(anchor,))
    sent = [ways.server, ways.issuing]
    assert_trusted(sent, listed)
    judgement = judged(sent, listed, after=DAY)
    assert judgement.faults == (ServerFault.DISTRUSTED,)
    verification = verified(sent, listed, after=DAY)
    (failure,) = verification.paths[0].failures
    assert (failure.rule, failure.certificate) == ("anchor.ends", ways.first.sha256)
    assert wording("en").text(failure.evidence).endswith("Withdrawn by ACME.")
    assert verification.cryptography.accepted is False
    assert not in_bulk(sent, listed, after=DAY)


def test_why_is_shown_with_a_distrusted_anchor_and_a_distrust_of_its_key_says_no_more(ways: Ways) -> None:
    anchor = TrustAnchor(certificate=ways.first.facts, distrusted=True, why=msg("It was broken into."))
    listed = a_list(limited=(anchor,), distrusted=(distrust(ways.first),))
    (failure,) = verified([ways.server, ways.issuing], listed).paths[0].failures
    assert failure.rule == "anchor.distrusted"
    assert wording("en").text(failure.evidence).endswith("It was broken into.")
    assert judged([ways.server, ways.issuing], listed).faults == (ServerFault.DISTRUSTED,)


# --- only through, and pins ------------------------------------------------------------------------------


def test_only_through_a_chosen_ca_takes_the_way_that_passes_it(ways: Ways) -> None:
    """Both ways are valid; the second engine is asked for the one that counts."""
    lists = a_list(ways.first, ways.second)
    for chosen, top in ((ways.cross, ways.second), (ways.issuing, ways.first), (ways.second, ways.second)):
        through = replace(lists, only_through=(chosen.sha256,))
        assert_trusted(ways.sent, through)
        assert judged(ways.sent, through).path[-1] == top.sha256


def test_not_through_the_chosen_ca(ways: Ways) -> None:
    listed = a_list(ways.first, ways.second, only_through=(ways.second.sha256,))
    sent = [ways.server, ways.issuing]
    assert judged(sent, listed).faults == (ServerFault.NOT_THROUGH_CHOSEN_CA,)
    verification = verified(sent, listed)
    (failure,) = verification.paths[0].failures
    assert (failure.rule, failure.certificate) == ("trust.only_through", ways.server.sha256)
    assert verification.cryptography.accepted is False
    assert not in_bulk(sent, listed)


def test_end_entity_is_no_ca_that_was_chosen(ways: Ways) -> None:
    listed = a_list(ways.first, only_through=(ways.server.sha256,))
    assert judged([ways.server, ways.issuing], listed).faults == (ServerFault.NOT_THROUGH_CHOSEN_CA,)


@pytest.mark.parametrize("which", ["server", "issuing", "first"])
def test_pin_of_any_key_of_the_path(ways: Ways, which: str) -> None:
    listed = a_list(ways.first, pins=("00" * 32, key_of(getattr(ways, which))))
    assert_trusted([ways.server, ways.issuing], listed)


def test_pin_mismatch_although_the_list_trusts_it(ways: Ways) -> None:
    listed = a_list(ways.first, pins=(key_of(ways.second),))
    sent = [ways.server, ways.issuing]
    judgement = judged(sent, listed)
    assert judgement.faults == (ServerFault.PIN_MISMATCH,)
    assert not judgement.trusted
    verification = verified(sent, listed)
    (failure,) = verification.paths[0].failures
    assert (failure.rule, failure.certificate) == ("trust.pins", ways.server.sha256)
    assert verification.cryptography.accepted is False
    assert not in_bulk(sent, listed)


def test_pin_makes_nothing_trusted_that_no_list_does(ways: Ways) -> None:
    judgement = judged([ways.server, ways.issuing], a_list(ways.second, pins=(key_of(ways.server),)))
    assert not judgement.trusted
    assert ServerFault.CA_NOT_IN_LIST in judgement.faults


def test_what_is_not_asked_for_is_not_said_to_be_passed(ways: Ways) -> None:
    (path,) = verified([ways.server, ways.issuing], a_list(ways.first)).paths
    asked = [check for check in path.checks if check.rule.startswith("trust.")]
    assert {check.status for check in asked} == {RuleStatus.NOT_APPLICABLE}


# --- what a judgement rests on ---------------------------------------------------------------------------


def test_basis_differs_with_whatever_counts(ways: Ways) -> None:
    plain = a_list(ways.first)
    others = [
        a_list(ways.first, ways.second),
        a_list(ways.first, called="another"),
        replace(plain, version=2),
        replace(plain, distrusted=(distrust(ways.second),)),
        replace(plain, distrusted=(distrust(ways.second, ends=NOW),)),
        replace(plain, only_through=(ways.first.sha256,)),
        replace(plain, pins=(key_of(ways.first),)),
        replace(plain, intermediates=(ways.issuing.facts,)),
        a_list(limited=(TrustAnchor(certificate=ways.first.facts, ends=NOW),)),
        a_list(limited=(TrustAnchor(certificate=ways.first.facts, distrusted=True),)),
    ]
    bases = [judged([ways.server, ways.issuing], one).basis for one in (plain, *others)]
    assert len(set(bases)) == len(bases)
    assert all(bases)
    assert judged([ways.server], plain).basis == bases[0]


def test_both_engines_go_by_the_instant_and_by_what_is_judged_whatever_they_judged_before() -> None:
    """One verifier for many: what the second engine's store leaves out is not that of the last question."""
    ends, begins, after = pki.root("Ends"), pki.root("Begins"), pki.root("After")
    against = (
        distrust(ends, ends=NOW + 10 * DAY),
        distrust(begins, begins=NOW + 10 * DAY),
        distrust(after, issued_after=NOW - 50 * DAY),
        distrust(begins, purposes=frozenset({Purpose.CLIENT})),
    )
    verifier = PathVerifier([a_list(ends, begins, after, distrusted=against)])
    old, new = pki.server(after), pki.server(after, not_before=NOW - 20 * DAY)

    def trusts(server: Issued, days: int) -> tuple[bool, bool | None]:
        found = verifier.verify(server.der, purpose=Purpose.SERVER, at=NOW + days * DAY)
        assert found.disagreement is None
        return found.trusted, found.cryptography.accepted

    by_ends, by_begins = pki.server(ends), pki.server(begins)
    for _ in range(2):
        assert trusts(by_ends, 0) == (False, False)
        assert trusts(by_begins, 0) == (True, True)
        assert trusts(old, 0) == (True, True)
        assert trusts(new, 0) == (False, False)
        assert trusts(by_ends, 20) == (True, True)
        assert trusts(by_begins, 20) == (False, False)


def test_many_distrusted_anchors_cost_a_judgement_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    roots = [pki.root(f"Root {number}") for number in range(40)]
    judge = PathJudge([a_list(*roots, distrusted=tuple(map(distrust, roots[1:])))])
    servers = [pki.server(roots[0]) for _ in range(4)]
    asked: list[str] = []
    distrust_of = PathPolicy.distrust_of

    def counted(policy: PathPolicy, certificate: Decoded, *rest: object) -> object:
        asked.append(certificate.sha256)
        return distrust_of(policy, certificate, *rest)  # type: ignore[arg-type]

    judge.judge_server([servers[0].der], HOST, NOW)
    monkeypatch.setattr(PathPolicy, "distrust_of", counted)
    for server in servers[1:]:
        assert judge.judge_server([server.der], HOST, NOW).trusted
    assert not {one.sha256 for one in roots[1:]} & set(asked)
