"""Paths of real shape, drawn from the end entity upwards; [anchor] is on the list.

What is expected is what RFC 5280 section 6 says of each; the traps are those that real trust lists set.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID

from tests.support import pki
from tests.support.pki import CLIENT_AUTH, HOST, NOW, Issued
from trustdesk.core.finding import Verdict
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import FetchFailure
from trustdesk.core.revocation import RevocationStatus
from trustdesk.core.trust import AnchorLimits, TrustAnchor, TrustList
from trustdesk.core.verification import (
    PLAIN_ANCHOR,
    RFC_5280_INPUTS,
    TLS_INPUTS,
    AnchorPolicy,
    PathInputs,
    Purpose,
    RuleKind,
    RuleStatus,
    Verification,
)
from trustdesk.services.wording import wording
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.rules import ALL_RULES, RULE_BY_ID
from trustdesk.verify.signatures import MAX_SIGNATURE_CHECKS


def verify(
    sent: Sequence[Issued | bytes],
    *trusted: Issued | TrustList,
    purpose: Purpose = Purpose.SERVER,
    name: str | None = HOST,
    at: datetime = NOW,
    inputs: PathInputs = TLS_INPUTS,
    fetcher: Mapping[str, bytes] | None = None,
) -> Verification:
    lists = [item for item in trusted if isinstance(item, TrustList)]
    anchors = [item for item in trusted if isinstance(item, Issued)]
    chain = [item.der if isinstance(item, Issued) else item for item in sent]
    verifier = PathVerifier(
        [*lists, *([pki.trust_list(*anchors)] if anchors else [])],
        fetcher=Shelf(fetcher) if fetcher is not None else None,
    )
    return verifier.verify(
        chain[0],
        chain[1:],
        purpose=purpose,
        reference_identifier=name if purpose is Purpose.SERVER else None,
        at=at,
        inputs=inputs,
    )


class Shelf:
    """A fetcher that has some bodies by URL, and remembers what was asked."""

    def __init__(self, bodies: Mapping[str, bytes]) -> None:
        self.bodies = bodies
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes | FetchFailure:
        self.asked.append(url)
        return self.bodies.get(url, FetchFailure(reason=msg("Not there.")))


def failures(verification: Verification, path: int = 0) -> list[tuple[int, str]]:
    return [(check.index, check.rule) for check in verification.paths[path].failures]


def status(verification: Verification, index: int, rule: str) -> RuleStatus:
    (found,) = (
        check for check in verification.paths[0].checks if check.index == index and check.rule == rule
    )
    return found.status


def text(message: Message | None) -> str:
    assert message is not None
    return wording().text(message)


def listed(*anchors: TrustAnchor, called: str = "partners") -> TrustList:
    return replace(pki.trust_list(called=called), limited=anchors)


def issuers_at(url: str) -> tuple[x509.ExtensionType, bool]:
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url)
    )
    return x509.AuthorityInformationAccess([access]), False


def test_every_rule_reports_on_every_certificate_of_every_path() -> None:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    server = pki.server(middle)
    verification = verify([server, middle], root)
    assert verification.trusted
    assert verification.verdict is Verdict.PASS
    (path,) = verification.paths
    assert path.certificates == (server.sha256, middle.sha256, root.sha256)
    assert path.anchor_list == "test"
    for index, digest in enumerate(path.certificates):
        reported = [check.rule for check in path.checks if check.index == index]
        assert sorted(reported) == sorted(RULE_BY_ID)
        assert {check.certificate for check in path.checks if check.index == index} == {digest}
    assert [check.index for check in path.checks] == sorted(check.index for check in path.checks)
    assert verification.own.accepted
    assert verification.cryptography.accepted
    assert verification.disagreement is None
    assert {facts.sha256 for facts in verification.known} == set(path.certificates)


def test_rule_ids_are_unique_and_every_rule_looks_at_something() -> None:
    assert len(RULE_BY_ID) == len(ALL_RULES)
    assert all((rule.judge is None) is not (rule.judge_in_path is None) for rule in ALL_RULES)


def test_revocation_is_unknown_with_its_reason_and_never_good() -> None:
    root = pki.root()
    (path,) = verify([pki.server(root)], root).paths
    (row,) = path.revocation
    assert row.status is RevocationStatus.UNKNOWN
    assert text(row.reason) == "No source was given."


def test_byte_ranges_point_at_what_is_wrong() -> None:
    """The range of `validity.not_after` holds the Validity of the expired certificate."""
    root = pki.root()
    server = pki.server(root, not_after=NOW - timedelta(days=1))
    (check,) = verify([server], root).paths[0].failures
    assert check.byte_range is not None
    start, end = check.byte_range
    assert b"261119120000Z" in server.der[start:end]
    assert end - start == 32


def test_addtrust_expired_path_and_valid_path() -> None:
    """Server ← issuing ← new(by old) ← [old, expired] and Server ← issuing ← [new]: the second one counts."""
    old = pki.root("Old Root", not_after=NOW - timedelta(days=10))
    new = pki.root("New Root")
    crossed = pki.authority("New Root", old, key=new.key, not_after=NOW - timedelta(days=10))
    issuing = pki.authority("Issuing", new)
    server = pki.server(issuing)
    verification = verify([server, issuing, crossed], old, new)
    assert verification.trusted
    best, other = verification.paths
    assert best.certificates == (server.sha256, issuing.sha256, new.sha256)
    assert other.certificates == (server.sha256, issuing.sha256, crossed.sha256, old.sha256)
    assert failures(verification, 1) == [(2, "validity.not_after"), (3, "validity.not_after")]
    assert text(other.difference).startswith("New Root expired on 2026-11-10")


def test_addtrust_without_the_new_root_names_the_expired_certificates() -> None:
    old = pki.root("Old Root", not_after=NOW - timedelta(days=10))
    crossed = pki.authority("New Root", old, not_after=NOW - timedelta(days=10))
    issuing = pki.authority("Issuing", crossed)
    verification = verify([pki.server(issuing), issuing, crossed], old)
    assert not verification.trusted
    assert failures(verification) == [(2, "validity.not_after"), (3, "validity.not_after")]


def test_expired_anchor_is_enforced_or_not_by_the_setting() -> None:
    """DST Root CA X3's shape: some clients take an anchor for a name and a key (RFC 5280 6.1.1 d)."""
    root = pki.root(not_after=NOW - timedelta(days=1))
    server = pki.server(root)
    assert not verify([server], root).trusted
    lenient = replace(TLS_INPUTS, anchor=AnchorPolicy(expiry_enforced=False))
    verification = verify([server], root, inputs=lenient)
    assert verification.trusted
    assert status(verification, 1, "validity.not_after") is RuleStatus.NOT_ENFORCED
    assert verification.cryptography.accepted is False
    assert "cryptography's verifier does not" in text(verification.disagreement)


@pytest.mark.parametrize("enforced", [True, False])
def test_constraints_of_an_anchors_certificate_are_enforced_or_not_by_the_setting(enforced: bool) -> None:
    names = x509.NameConstraints([x509.DNSName("other.test")], None)
    root = pki.root(path_length=0, extensions=[(names, True)])
    issuing = pki.authority("Issuing", root)
    inputs = replace(TLS_INPUTS, anchor=AnchorPolicy(constraints_enforced=enforced))
    verification = verify([pki.server(issuing), issuing], root, inputs=inputs)
    assert verification.trusted is not enforced
    expected = RuleStatus.FAIL if enforced else RuleStatus.NOT_ENFORCED
    assert status(verification, 2, "ca.path_length") is expected
    assert status(verification, 0, "names.dns") is (
        RuleStatus.FAIL if enforced else RuleStatus.NOT_APPLICABLE
    )


def test_anchor_without_basic_constraints_by_the_setting() -> None:
    root = pki.root(is_ca=None)
    server = pki.server(root)
    assert failures(verify([server], root)) == [(1, "ca.basic_constraints")]
    assert verify([server], root, inputs=replace(TLS_INPUTS, anchor=PLAIN_ANCHOR)).trusted


def test_same_key_and_name_in_a_hundred_certificates_is_no_explosion() -> None:
    """Server ← Same … Same ← [elsewhere]: one name and one key count once on a path."""
    start = pki.root("Same")
    twins = [pki.authority("Same", start, key=start.key) for _ in range(100)]
    begun = time.perf_counter()
    verification = verify([pki.server(start), *twins], pki.root("Elsewhere"))
    assert time.perf_counter() - begun < 5
    assert not verification.trusted
    assert verification.search_limit_hit is None


def test_every_ca_signs_every_ca_ends_at_a_limit_that_is_said() -> None:
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(9)]
    start = pki.root("Same", key=keys[0])
    mesh = [pki.authority("Same", start, key=key, signed_with=signer) for key in keys for signer in keys]
    begun = time.perf_counter()
    verification = verify([pki.server(mesh[0]), *mesh], pki.root("Elsewhere"))
    assert time.perf_counter() - begun < 10
    assert not verification.trusted
    assert verification.search_limit_hit is not None


def test_so_many_signatures_are_checked_and_no_more() -> None:
    """Server ← one of too many CAs of one name ← [root]: the budget ends the search, and that is said."""
    root = pki.root()
    server = pki.server(pki.authority("Issuing", root))
    impostors = [pki.authority("Issuing", root) for _ in range(MAX_SIGNATURE_CHECKS + 1)]
    verification = verify([server, *impostors], root)
    assert not verification.trusted
    assert "signature checks" in text(verification.search_limit_hit)


def test_key_identifier_leads_to_the_right_one_of_many_cas_at_once() -> None:
    """Server(AKI) ← one of 400 CAs of one name ← [root]: found within the budget."""
    root = pki.root()
    crowd = [
        pki.authority("Issuing", root, extensions=[_own_key_identifier(bytes([n % 256, n // 256]))])
        for n in range(400)
    ]
    server = pki.server(crowd[350], extensions=[_issuers_key_identifier(bytes([350 % 256, 350 // 256]))])
    assert verify([server, *crowd], root).trusted


def _own_key_identifier(identifier: bytes) -> tuple[x509.ExtensionType, bool]:
    return x509.SubjectKeyIdentifier(identifier), False


def _issuers_key_identifier(identifier: bytes) -> tuple[x509.ExtensionType, bool]:
    return x509.AuthorityKeyIdentifier(identifier, None, None), False


def test_paths_longer_than_sixteen_are_not_followed() -> None:
    top = pki.root()
    chain = [top]
    for number in range(20):
        chain.append(pki.authority(f"CA {number}", chain[-1]))
    verification = verify([pki.server(chain[-1]), *reversed(chain[1:])], top)
    assert not verification.trusted
    assert "more than 16 certificates" in text(verification.dead_ends[0].reason)


@pytest.mark.parametrize(
    ("limit", "self_issued", "trusted"), [(0, False, False), (0, True, True), (1, False, True)]
)
def test_path_length_does_not_count_self_issued_cas(limit: int, self_issued: bool, trusted: bool) -> None:
    """Server ← CA' (self-issued or not) ← CA (pathLen) ← [root]: RFC 5280 6.1.4 (l), (m)."""
    root = pki.root()
    limited = pki.authority("CA", root, path_length=limit)
    below = pki.authority("CA" if self_issued else "Sub CA", limited)
    verification = verify([pki.server(below), below, limited], root)
    assert verification.trusted is trusted
    assert failures(verification) == ([] if trusted else [(2, "ca.path_length")])


def test_ca_without_a_purpose_above_a_leaf_with_one() -> None:
    """Server (serverAuth) ← CA without extended key usage ← [root]: nothing is excluded (4.2.1.12)."""
    root = pki.root()
    middle = pki.authority("Issuing", root)
    verification = verify([pki.server(middle), middle], root)
    assert verification.trusted
    assert status(verification, 1, "purpose.issuer_extended_key_usage") is RuleStatus.PASS


@pytest.mark.parametrize("nested", [True, False])
def test_ca_for_clients_above_a_server_by_the_setting(nested: bool) -> None:
    """Nesting of extended key usage is custom, not RFC 5280."""
    root = pki.root()
    middle = pki.authority("Clients", root, extensions=[(x509.ExtendedKeyUsage([CLIENT_AUTH]), False)])
    inputs = replace(TLS_INPUTS, nested_extended_key_usage=nested)
    verification = verify([pki.server(middle), middle], root, inputs=inputs)
    assert verification.trusted is not nested
    assert failures(verification) == ([(1, "purpose.issuer_extended_key_usage")] if nested else [])


def test_server_and_client_are_different_questions() -> None:
    root = pki.root()
    client, server = pki.client(root), pki.server(root)
    assert verify([client], root, purpose=Purpose.CLIENT).trusted
    assert verify([server], root).trusted
    as_server = verify([client], root, name=None)
    assert failures(as_server) == [(0, "purpose.extended_key_usage")]
    as_client = verify([server], root, purpose=Purpose.CLIENT)
    assert failures(as_client) == [(0, "purpose.extended_key_usage")]
    for verification in (as_server, as_client):
        assert verification.cryptography.accepted is False
        assert verification.disagreement is None


def test_server_without_a_name_to_check_is_judged_for_everything_else() -> None:
    root = pki.root()
    verification = verify([pki.server(root)], root, name=None)
    assert verification.trusted
    assert status(verification, 0, "leaf.peer_name") is RuleStatus.NOT_APPLICABLE


_AFTER = NOW - timedelta(days=50)


@pytest.mark.parametrize(("issued", "trusted"), [(-1, True), (0, True), (1, False)])
def test_distrust_after_is_compared_with_the_leafs_not_before(issued: int, trusted: bool) -> None:
    """CCADB's meaning: what was issued up to that day stays trusted, whatever day it is today."""
    root = pki.root()
    anchor = TrustAnchor(certificate=root.facts, distrust_after=_AFTER)
    middle = pki.authority("Issuing", root, not_before=_AFTER - timedelta(days=400))
    server = pki.server(middle, not_before=_AFTER + timedelta(days=issued))
    verification = verify([server, middle], listed(anchor))
    assert verification.trusted is trusted
    if not trusted:
        assert failures(verification) == [(2, "anchor.distrust_after")]
        sentence = text(verification.own.reason)
        assert "2026-10-02" in sentence
        assert "partners" in sentence
        assert "Root" in sentence
        assert "engines disagree" in text(verification.disagreement)


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (AnchorLimits(permitted_names=("DNS:other.test",)), "anchor.names"),
        (AnchorLimits(excluded_names=("DNS:example",)), "anchor.names"),
        (AnchorLimits(max_path_length=0), "anchor.path_length"),
        (AnchorLimits(policies=("1.3.6.1.4.1.99999.7",)), "anchor.policies"),
        (AnchorLimits(extended_key_usages=("clientAuth",)), "anchor.extended_key_usages"),
        (AnchorLimits(max_validity_days=100), "anchor.max_validity"),
    ],
)
def test_limits_of_a_list_bind_whatever_the_anchor_policy(limits: AnchorLimits, rule: str) -> None:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    anchor = listed(TrustAnchor(certificate=root.facts, limits=limits))
    for policy in (AnchorPolicy(), PLAIN_ANCHOR):
        inputs = replace(TLS_INPUTS, anchor=policy)
        assert failures(verify([pki.server(middle), middle], anchor, inputs=inputs)) == [(2, rule)]


def test_limits_that_are_kept_do_no_harm() -> None:
    root = pki.root()
    limits = AnchorLimits(
        permitted_names=("DNS:example",),
        excluded_names=("DNS:other.example",),
        max_path_length=1,
        extended_key_usages=("serverAuth", "clientAuth"),
        max_validity_days=400,
    )
    middle = pki.authority("Issuing", root)
    anchor = listed(TrustAnchor(certificate=root.facts, limits=limits))
    assert verify([pki.server(middle), middle], anchor).trusted


def test_client_uri_is_held_to_the_uris_that_a_list_permits() -> None:
    """`https://acme.example/ACME` of the client profile, and a list that knows its host."""
    root = pki.root()
    for permitted, trusted in (("URI:acme.example", True), ("URI:other.example", False)):
        limits = AnchorLimits(permitted_names=(permitted,))
        anchor = listed(TrustAnchor(certificate=root.facts, limits=limits))
        assert verify([pki.client(root)], anchor, purpose=Purpose.CLIENT).trusted is trusted


def test_limit_on_names_of_another_kind_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="another kind"):
        AnchorLimits(permitted_names=("DirName:CN=x",))


def test_anchor_for_servers_is_none_for_clients() -> None:
    root = pki.root()
    anchor = listed(TrustAnchor(certificate=root.facts, uses=frozenset({Purpose.SERVER})))
    assert verify([pki.server(root)], anchor).trusted
    refused = verify([pki.client(root)], anchor, purpose=Purpose.CLIENT)
    assert failures(refused) == [(1, "anchor.use")]
    assert refused.cryptography.accepted is False


def test_distrusted_anchor_is_named_rather_than_absent() -> None:
    root = pki.root()
    verification = verify([pki.server(root)], listed(TrustAnchor(certificate=root.facts, distrusted=True)))
    assert failures(verification) == [(1, "anchor.distrusted")]


def test_one_path_for_each_list_that_has_the_anchor() -> None:
    root = pki.root()
    mine, theirs = pki.trust_list(root, called="mine"), pki.trust_list(root, called="theirs")
    verification = verify([pki.server(root)], mine, theirs)
    assert [path.anchor_list for path in verification.paths] == ["mine", "theirs"]
    assert "theirs" in text(verification.paths[1].difference)


def test_names_are_compared_without_regard_to_case_and_blanks() -> None:
    """RFC 5280 7.1; cryptography's verifier compares octets, and the difference is shown."""
    root = pki.root("Cargo  Root CA")
    alias = Issued(pki.root("cargo root ca", key=root.key).certificate, root.key)
    server = pki.server(alias)
    verification = verify([server], root)
    assert verification.trusted
    assert verification.cryptography.accepted is False
    assert "engines disagree" in text(verification.disagreement)


def test_missing_intermediate_is_a_dead_end_with_its_issuer() -> None:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    server = pki.server(middle)
    verification = verify([server], root)
    assert failures(verification) == [(0, "chain.anchor")]
    (dead_end,) = verification.dead_ends
    assert dead_end.certificate == server.sha256
    assert dead_end.issuer == "CN=Issuing"
    assert verification.paths[0].anchor_list is None


def test_root_that_came_along_and_is_on_the_list_is_no_dead_end() -> None:
    """Server ← issuing ← root, all sent, [root]: nothing may say that the root is on no list."""
    root = pki.root()
    middle = pki.authority("Issuing", root)
    verification = verify([pki.server(middle), middle, root], root)
    assert verification.trusted
    assert verification.dead_ends == ()
    assert verify([root], root).dead_ends == ()


def test_of_two_roots_on_no_list_the_one_that_has_not_expired_is_what_is_missing() -> None:
    """Server ← issuing ← new root, and ← new root (cross) ← old root, expired; neither is [listed].

    The list lacks the new root. That another root above it has expired is not why.
    """
    old = pki.root("Old", not_after=NOW - timedelta(days=40))
    new = pki.root("New")
    cross = pki.authority("New", old, key=new.key)
    middle = pki.authority("Issuing", new)
    sent = [pki.server(middle), middle, cross, old, new]
    verification = verify(sent, pki.root("Listed"))
    assert failures(verification) == [(2, "chain.anchor")]
    assert list(verification.paths[0].certificates) == [
        sent[0].sha256,
        middle.sha256,
        new.sha256,
    ]
    assert "New is issued by itself" in text(verification.own.reason)


@pytest.mark.parametrize("form", ["certificate", "pkcs7"])
def test_missing_intermediate_is_fetched_where_the_leaf_says_it_is(form: str) -> None:
    """AIA caIssuers (RFC 5280 4.2.2.1): a certificate, or a certs-only PKCS#7; marked as fetched."""
    root = pki.root()
    middle = pki.authority("Issuing", root)
    url = "http://ca.example/issuing"
    server = pki.server(middle, extensions=[issuers_at(url)])
    body = (
        middle.der
        if form == "certificate"
        else pkcs7.serialize_certificates([middle.certificate], Encoding.DER)
    )
    verification = verify([server], root, fetcher={url: body})
    assert verification.trusted
    assert verification.paths[0].fetched == (middle.sha256,)
    assert not verify([server], root).trusted


def test_nothing_is_fetched_for_a_path_that_is_complete() -> None:
    root = pki.root()
    server = pki.server(root, extensions=[issuers_at("http://ca.example/root")])
    shelf = Shelf({})
    verifier = PathVerifier([pki.trust_list(root)], fetcher=shelf)
    assert verifier.verify(server.der, purpose=Purpose.SERVER, at=NOW).trusted
    assert shelf.asked == []


def test_fetching_ends_after_five_levels_and_asks_no_url_twice() -> None:
    chain = [pki.root()]
    urls = [f"http://ca.example/{number}" for number in range(9)]
    for number in range(8):
        chain.append(pki.authority(f"CA {number}", chain[-1], extensions=[issuers_at(urls[number])]))
    server = pki.server(chain[-1], extensions=[issuers_at(urls[8])])
    shelf = Shelf({url: chain[number].der for number, url in enumerate(urls)})
    verifier = PathVerifier([pki.trust_list(chain[0])], fetcher=shelf)
    assert not verifier.verify(server.der, purpose=Purpose.SERVER, at=NOW).trusted
    assert shelf.asked == urls[:3:-1]


@pytest.mark.parametrize("body", [b"", b"\x30\x80", b"not a certificate", pki.root("Stranger").der])
def test_what_is_fetched_may_be_anything(body: bytes) -> None:
    url = "http://ca.example/issuing"
    server = pki.server(pki.authority("Issuing", pki.root()), extensions=[issuers_at(url)])
    assert not verify([server], pki.root(), fetcher={url: body}).trusted


def test_forged_signature_is_named_at_the_certificate_that_bears_it() -> None:
    """Server ← issuing (signed with a stranger's key) ← [root]: 6.1.3 (a)(1) at index 1."""
    root = pki.root()
    middle = pki.authority("Issuing", root, signed_with=ec.generate_private_key(ec.SECP256R1()))
    verification = verify([pki.server(middle), middle], root)
    assert failures(verification) == [(1, "chain.signature")]
    assert "Issuing" in text(verification.own.reason)
    assert verification.dead_ends


def test_names_that_do_not_chain_are_named_where_the_key_fits() -> None:
    """Server (issuer "Other") whose signature is that of [root]: 6.1.3 (a)(4)."""
    root = pki.root()
    alias = Issued(pki.root("Other", key=root.key).certificate, root.key)
    verification = verify([pki.server(alias)], root)
    assert failures(verification) == [(0, "chain.name")]


def test_strangers_and_rubbish_beside_the_chain_do_no_harm() -> None:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    junk: list[Issued | bytes] = [
        pki.root("Stranger"),
        b"",
        b"\x30\x03\x02\x01\x00",
        pki.server(None, common_name="x"),
    ]
    assert verify([pki.server(middle), *junk, middle, root], root).trusted


def test_flaws_of_form_take_trust_away_only_where_that_is_asked() -> None:
    """Server ← [root] without key identifiers: flawed, not untrusted (conformance is kept apart)."""
    root = pki.root()
    server = pki.server(root)
    verification = verify([server], root)
    assert verification.trusted
    flaws = [check for check in verification.paths[0].checks if check.status is RuleStatus.FAIL]
    assert flaws
    assert {check.kind for check in flaws} == {RuleKind.CONFORMANCE}
    strict = verify([server], root, inputs=replace(TLS_INPUTS, conformance_required=True))
    assert not strict.trusted


def test_engines_disagree_where_only_ours_knows_the_algorithm() -> None:
    root = pki.root(key=ed25519.Ed25519PrivateKey.generate())
    verification = verify([pki.server(root)], root)
    assert verification.trusted
    assert verification.cryptography.accepted is False
    assert "cryptography's verifier says" in text(verification.disagreement)


def test_engines_disagree_where_only_ours_compares_directory_names() -> None:
    root = pki.root()
    subtree = [x509.DirectoryName(pki.name("Partner"))]
    middle = pki.authority("Limited", root, extensions=[(x509.NameConstraints(subtree, None), True)])
    verification = verify([pki.server(middle, common_name="ACME"), middle], root, name=None)
    assert failures(verification) == [(0, "names.directory")]


def test_weak_strength_warns_where_only_rfc_5280_is_asked() -> None:
    root = pki.root()
    server = pki.server(root, key=pki.rsa_key(1024))
    assert failures(verify([server], root)) == [(0, "chain.key")]
    verification = verify([server], root, inputs=RFC_5280_INPUTS)
    assert verification.trusted
    assert status(verification, 0, "chain.key") is RuleStatus.WARN


def test_judged_for_another_day_is_another_judgement() -> None:
    root = pki.root(not_before=NOW - timedelta(days=2000), not_after=NOW + timedelta(days=2000))
    server = pki.server(root)
    assert verify([server], root).trusted
    later = verify([server], root, at=NOW + timedelta(days=300))
    assert failures(later) == [(0, "validity.not_after")]
    earlier = verify([server], root, at=NOW - timedelta(days=300))
    assert failures(earlier) == [(0, "validity.not_before")]


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30\x03\x02\x01\x00", b"garbage" * 99])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_what_is_no_certificate_is_judged_too(der: bytes, purpose: Purpose) -> None:
    verification = verify([der, der], pki.root(), purpose=purpose)
    assert not verification.trusted
    assert (0, "form.readable") in failures(verification)


def test_no_list_at_all_trusts_nobody() -> None:
    verification = verify([pki.server(pki.root())])
    assert not verification.trusted
    assert verification.cryptography.accepted is False


def test_ten_thousand_leaves_of_one_issuer_share_what_is_known() -> None:
    """A tenth of it, and a bound far from the benchmark's: nothing grows with what was judged before."""
    root = pki.root()
    middle = pki.authority("Issuing", root)
    server = pki.server(middle)
    verifier = PathVerifier([pki.trust_list(root)])
    begun = time.perf_counter()
    for _ in range(1000):
        verification = verifier.verify(
            server.der, [middle.der], purpose=Purpose.SERVER, at=NOW, reference_identifier=HOST
        )
        assert verification.trusted
    assert time.perf_counter() - begun < 20
