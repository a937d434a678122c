"""The first judge: what is trusted, what is not, and which fault it names.

Chains are drawn from the server's certificate upwards; [anchor] is on the trust list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support import pki
from tests.support.pki import CLIENT_AUTH, HOST, NOW, SERVER_AUTH, Issued
from tests.support.revoking_ca import MUST_STAPLE
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.trust import ServerFault, ServerJudgement
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.wording import wording
from trustdesk.verify.judge import PathJudge

ANY_USAGE = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE


def judge(
    presented: Sequence[Issued | bytes], *anchors: Issued, name: str = HOST, after_days: float = 0
) -> ServerJudgement:
    chain = [item.der if isinstance(item, Issued) else item for item in presented]
    return PathJudge([pki.trust_list(*anchors)]).judge_server(chain, name, NOW + timedelta(days=after_days))


def finding(judgement: ServerJudgement, rule: str) -> Finding:
    (found,) = [finding for finding in judgement.findings if finding.rule == rule]
    return found


def status(judgement: ServerJudgement, rule: str) -> FindingStatus:
    return finding(judgement, rule).status


def test_healthy_chain_is_trusted_and_every_rule_reports() -> None:
    """Server ← intermediate ← [root]: valid (RFC 5280 6.1)."""
    root = pki.root()
    middle = pki.authority("Issuing", root)
    server = pki.server(middle)
    judgement = judge([server, middle], root)
    assert judgement.trusted
    assert judgement.path == (server.sha256, middle.sha256, root.sha256)
    assert judgement.matched_by == f"DNS:{HOST}"
    assert judgement.name_matched is True
    assert judgement.opinion is None
    assert judgement.faults == ()
    assert [finding.rule for finding in judgement.findings] == [
        *(f"CHN-0{number}" for number in range(1, 7)),
        "KEY-05",
        *("REV-01", "REV-02", "REV-03", "REV-04", "REV-06"),
        *("SRV-01", "SRV-02", "SRV-03", "SRV-15", "SRV-16", "SRV-17"),
    ]
    assert status(judgement, "KEY-05") is FindingStatus.NOT_RUN
    others = [one.status for one in judgement.findings if not one.rule.startswith(("REV-", "KEY-"))]
    assert set(others) == {FindingStatus.PASS}


@pytest.mark.parametrize("which", [0, 1, 2])
def test_chain_with_a_published_key_is_not_trusted(which: int) -> None:
    """Server ← intermediate ← [root], one of the three keys lies in a public package."""
    root = pki.root()
    middle = pki.authority("Issuing", root)
    chain = [pki.server(middle), middle, root]
    spki = read_details(chain[which].der).spki_sha256 or ""
    published = {spki: "PyPI somewhere, test.key"}
    judgement = PathJudge([pki.trust_list(root)], published_keys=published).judge_server(
        [one.der for one in chain[:2]], HOST, NOW
    )
    found = finding(judgement, "KEY-05")
    assert not judgement.trusted
    assert judgement.faults == (ServerFault.KEY_PUBLISHED,)
    assert (found.status, found.severity) == (FindingStatus.FAIL, Severity.BLOCKER)
    said, remedy = (wording("en").text(text) for text in (found.evidence, found.remedy) if text is not None)
    assert "(PyPI somewhere, test.key)" in said
    assert said.startswith("Its private key" if which == 0 else "The private key of its issuer")
    assert ("make a new key" in remedy) is (which == 0)
    assert ("another CA" in remedy) is (which != 0)


def test_chain_without_a_published_key_passes_and_claims_no_more_than_the_list_knows() -> None:
    root = pki.root()
    published = {"00" * 32: "PyPI somewhere, test.key"}
    judgement = PathJudge([pki.trust_list(root)], published_keys=published).judge_server(
        [pki.server(root).der], HOST, NOW
    )
    found = finding(judgement, "KEY-05")
    assert judgement.trusted
    assert found.status is FindingStatus.PASS
    said = wording("en").text(found.evidence)
    assert said.startswith("They are none")
    assert "does not know every one" in said


def test_secrecy_of_a_key_that_cannot_be_read_is_not_judged() -> None:
    judgement = PathJudge([pki.trust_list(pki.root())], published_keys={"00" * 32: "x"}).judge_server(
        [b"no certificate"], HOST, NOW
    )
    found = finding(judgement, "KEY-05")
    assert found.status is FindingStatus.NOT_RUN
    assert wording("en").text(found.evidence) == "The public key cannot be read."


def test_intermediates_may_come_in_any_order() -> None:
    """Server ← C ← B ← A ← [root]; RFC 8446 4.4.2 asks for an order that few peers insist on."""
    root = pki.root()
    a = pki.authority("A", root)
    b = pki.authority("B", a)
    c = pki.authority("C", b)
    server = pki.server(c)
    for middle in permutations([a, b, c]):
        judgement = judge([server, *middle], root)
        assert judgement.trusted
        expected = FindingStatus.PASS if middle == (c, b, a) else FindingStatus.FAIL
        assert status(judgement, "CHN-03") is expected


def test_private_ca_without_key_identifiers_or_key_usage_is_trusted() -> None:
    """Server ← [root without keyUsage, basicConstraints not critical]: valid by RFC 5280 6.1.4."""
    root = pki.issue(
        pki.name("Old root"), None, extensions=[(x509.BasicConstraints(ca=True, path_length=None), False)]
    )
    assert judge([pki.server(root)], root).trusted


def test_critical_subject_alt_name_beside_a_subject_is_trusted() -> None:
    """RFC 5280 4.2.1.6 asks for a critical SAN without a subject, and forbids it nowhere."""
    root = pki.root()
    san = x509.SubjectAlternativeName([x509.DNSName(HOST)])
    assert judge([pki.server(root, "", common_name="ACME", extensions=[(san, True)])], root).trusted


def test_cross_signed_intermediate_finds_the_listed_root() -> None:
    """Server ← issuing(by old root) and issuing(by [new root]), same key: the second path counts."""
    old, new = pki.root("Old"), pki.root("New")
    by_old = pki.authority("Issuing", old)
    by_new = pki.authority("Issuing", new, key=by_old.key)
    judgement = judge([pki.server(by_old), by_old, by_new], new)
    assert judgement.trusted
    assert judgement.path[1] == by_new.sha256


def test_intermediate_on_the_list_is_an_anchor() -> None:
    """Server ← [intermediate] ← root not listed: RFC 5280 6.1.1 (d) leaves the choice of anchors to us."""
    middle = pki.authority("Issuing", pki.root())
    assert judge([pki.server(middle)], middle).trusted


def test_root_that_is_sent_and_not_listed_is_not_trusted() -> None:
    """Server ← root (presented only)."""
    root, other = pki.root("Presented"), pki.root("Listed")
    judgement = judge([pki.server(root), root], other)
    assert not judgement.trusted
    assert judgement.path == ()
    assert judgement.faults == (ServerFault.CA_NOT_IN_LIST,)
    assert status(judgement, "SRV-17") is FindingStatus.FAIL
    assert status(judgement, "CHN-02") is FindingStatus.PASS


def test_root_of_the_same_name_with_another_key_is_not_the_anchor() -> None:
    """Server ← impostor "Root"; [Root]: the names chain and the signature does not (6.1.3 a 1)."""
    judgement = judge([pki.server(pki.root("Root"))], pki.root("Root"))
    assert not judgement.trusted
    assert judgement.path == ()


def test_signature_that_is_not_the_issuers_is_refused() -> None:
    """Server (signed with a stranger's key) ← [root]."""
    root = pki.root()
    forged = pki.server(root, signed_with=ec.generate_private_key(ec.SECP256R1()))
    assert not judge([forged], root).trusted


def test_changed_octet_in_the_server_certificate_is_refused() -> None:
    root = pki.root()
    der = bytearray(pki.server(root).der)
    der[der.index(HOST.encode())] ^= 1
    assert not judge([bytes(der)], root, name="bargo.example").trusted


def test_expired_certificate_of_a_listed_ca_is_expired_and_on_the_list() -> None:
    """SRV-01: notAfter has passed (RFC 5280 4.1.2.5); the path is still shown."""
    root = pki.root()
    server = pki.server(root, not_after=NOW - timedelta(seconds=1))
    judgement = judge([server], root)
    assert judgement.faults == (ServerFault.EXPIRED,)
    assert judgement.path == (server.sha256, root.sha256)
    assert status(judgement, "SRV-17") is FindingStatus.PASS
    assert dict(finding(judgement, "SRV-01").evidence.params)["not_after"] == NOW - timedelta(seconds=1)


def test_validity_includes_both_of_its_ends() -> None:
    """RFC 5280 4.1.2.5: notBefore and notAfter belong to the period, in whole seconds."""
    root = pki.root(not_before=NOW - timedelta(days=9))
    assert judge([pki.server(root, not_after=NOW)], root, after_days=0.5 / 86400).trusted
    assert judge([pki.server(root, not_before=NOW)], root).trusted
    assert not judge([pki.server(root, not_after=NOW)], root, after_days=1 / 86400).trusted


def test_not_yet_valid() -> None:
    root = pki.root()
    judgement = judge([pki.server(root, not_before=NOW + timedelta(hours=1))], root)
    assert judgement.faults == (ServerFault.NOT_YET_VALID,)


@pytest.mark.parametrize(
    ("lifetime", "left", "warns"), [(365, 29, True), (365, 31, False), (9, 4, False), (9, 2, True)]
)
def test_near_end_warns_and_keeps_trust(lifetime: int, left: int, warns: bool) -> None:
    """SRV-01 warns thirty days ahead, or for the last third of a short life."""
    root = pki.root()
    end = NOW + timedelta(days=left)
    judgement = judge([pki.server(root, not_before=end - timedelta(days=lifetime), not_after=end)], root)
    assert judgement.trusted
    assert status(judgement, "SRV-01") is (FindingStatus.WARN if warns else FindingStatus.PASS)


def test_expired_intermediate_is_named() -> None:
    """Server ← intermediate (expired) ← [root]: CHN-04."""
    root = pki.root()
    middle = pki.authority("Tired CA", root, not_after=NOW - timedelta(days=1))
    judgement = judge([pki.server(middle), middle], root)
    assert judgement.faults == (ServerFault.INTERMEDIATE_EXPIRED,)
    assert dict(finding(judgement, "CHN-04").evidence.params)["subject"] == "Tired CA"
    assert status(judgement, "SRV-01") is FindingStatus.PASS


def test_valid_twin_of_an_expired_intermediate_is_taken() -> None:
    """Server ← CA (expired) and CA (renewed, same key) ← [root]: one valid path is enough."""
    root = pki.root()
    old = pki.authority("CA", root, not_after=NOW - timedelta(days=1))
    renewed = pki.authority("CA", root, key=old.key)
    assert judge([pki.server(old), old, renewed], root).trusted


def test_expired_anchor_is_refused() -> None:
    """Server ← [root, expired]: enforced here (RFC 5280 6.1.1 d leaves it open)."""
    root = pki.root(not_after=NOW - timedelta(days=1))
    assert judge([pki.server(root)], root).faults == (ServerFault.INTERMEDIATE_EXPIRED,)


def test_issuer_that_ends_before_the_server_warns() -> None:
    root = pki.root(not_after=NOW + timedelta(days=90))
    judgement = judge([pki.server(root)], root)
    assert judgement.trusted
    assert status(judgement, "CHN-04") is FindingStatus.WARN


def test_missing_intermediate_is_most_likely_when_the_server_certificate_comes_alone() -> None:
    """Server ← (not sent) ← [root]: CHN-02, RFC 8446 4.4.2."""
    root = pki.root()
    middle = pki.authority("Issuing", root)
    judgement = judge([pki.server(middle)], root)
    assert judgement.faults == (ServerFault.MISSING_INTERMEDIATE,)
    assert status(judgement, "CHN-02") is FindingStatus.FAIL


def test_sent_intermediate_of_an_unlisted_root_is_an_unlisted_ca() -> None:
    """Server ← intermediate ← (root neither sent nor listed)."""
    stranger = pki.root("Stranger")
    middle = pki.authority("Issuing", stranger)
    judgement = judge([pki.server(middle), middle], pki.root())
    assert judgement.faults == (ServerFault.CA_NOT_IN_LIST,)
    assert status(judgement, "CHN-02") is FindingStatus.NOT_RUN


def test_self_signed_server() -> None:
    judgement = judge([pki.server(None, common_name=HOST)], pki.root())
    assert judgement.faults[0] is ServerFault.SELF_SIGNED
    assert status(judgement, "SRV-16") is FindingStatus.FAIL


def test_server_certificate_on_the_list_is_no_anchor() -> None:
    """[server, self-signed]: pinning is a decision of its own, not a trust list (judge's docstring)."""
    server = pki.server(None, common_name=HOST)
    judgement = judge([server], server)
    assert not judgement.trusted
    assert ServerFault.SELF_SIGNED in judgement.faults


def test_listed_end_entity_issued_by_an_unlisted_ca_is_not_trusted() -> None:
    server = pki.server(pki.root("Stranger"))
    assert not judge([server], server).trusted


def test_ca_certificate_as_server_is_refused() -> None:
    """Server (cA TRUE) ← [root]: SRV-16."""
    root = pki.root()
    san = x509.SubjectAlternativeName([x509.DNSName(HOST)])
    judgement = judge([pki.authority("CA", root, extensions=[(san, False)])], root)
    assert judgement.faults == (ServerFault.CA_AS_SERVER,)


def test_listed_root_itself_as_server_is_refused() -> None:
    san = x509.SubjectAlternativeName([x509.DNSName(HOST)])
    root = pki.root(extensions=[(san, False)])
    assert not judge([root], root).trusted


@pytest.mark.parametrize("usages", [(SERVER_AUTH,), (CLIENT_AUTH, SERVER_AUTH), None])
def test_purpose_allows_servers(usages: tuple[x509.ObjectIdentifier, ...] | None) -> None:
    """SRV-02, RFC 5280 4.2.1.12: without the extension every purpose is allowed."""
    root = pki.root()
    assert judge([pki.server(root, usages=usages)], root).trusted


@pytest.mark.parametrize("usages", [(CLIENT_AUTH,), (ANY_USAGE,)])
def test_purpose_excludes_servers(usages: tuple[x509.ObjectIdentifier, ...]) -> None:
    root = pki.root()
    judgement = judge([pki.server(root, usages=usages)], root)
    assert judgement.faults == (ServerFault.PURPOSE,)
    assert status(judgement, "SRV-02") is FindingStatus.FAIL


def test_issuer_limited_to_other_purposes_is_refused() -> None:
    """Server ← intermediate (clientAuth only) ← [root]: CHN-05."""
    root = pki.root()
    usage = (x509.ExtendedKeyUsage([CLIENT_AUTH]), False)
    middle = pki.authority("Clients only", root, extensions=[usage])
    assert judge([pki.server(middle), middle], root).faults == (ServerFault.ISSUER_PURPOSE,)


def test_wrong_name_shows_the_names_it_has() -> None:
    """SRV-03, RFC 9525 6.3."""
    root = pki.root()
    judgement = judge([pki.server(root, "other.example", "more.example")], root)
    assert judgement.faults == (ServerFault.NAME_MISMATCH,)
    assert judgement.name_matched is False
    assert (
        dict(finding(judgement, "SRV-03").evidence.params)["names"] == "DNS:other.example, DNS:more.example"
    )
    assert status(judgement, "CHN-01") is FindingStatus.PASS


def test_common_name_does_not_count() -> None:
    """RFC 9525 2: CN-ID is gone."""
    root = pki.root()
    assert judge([pki.server(root, "", common_name=HOST)], root).faults == (ServerFault.COMMON_NAME_ONLY,)
    assert judge([pki.server(root, "", common_name="x")], root).faults == (ServerFault.NAME_MISMATCH,)
    assert not judge([pki.server(root, "other.example", common_name=HOST)], root).trusted


@pytest.mark.parametrize("address", ["127.0.0.1", "2001:db8::7"])
def test_address_is_compared_with_addresses(address: str) -> None:
    root = pki.root()
    assert judge([pki.server(root, address)], root, name=address).trusted
    assert not judge([pki.server(root, HOST)], root, name=address).trusted


def test_wildcard_is_one_label_deep() -> None:
    root = pki.root()
    server = pki.server(root, "*.cargo.example")
    assert judge([server], root, name="api.cargo.example").trusted
    assert not judge([server], root, name="v2.api.cargo.example").trusted


def test_name_that_the_verifier_cannot_take_is_a_judgement() -> None:
    """A host name with an underscore is no DNS-ID to the verifier: refused in its words, not raised."""
    root = pki.root()
    judgement = judge([pki.server(root, "my_host.example")], root, name="my_host.example")
    assert judgement.faults == (ServerFault.REFUSED,)
    assert judgement.opinion


def test_weak_key_of_the_server() -> None:
    """SRV-15: RSA of 1024 bits; the verifier looks at issuers' keys alone."""
    root = pki.root()
    judgement = judge([pki.server(root, key=pki.rsa_key(1024))], root)
    assert judgement.faults == (ServerFault.WEAK_KEY,)
    assert dict(finding(judgement, "SRV-15").evidence.params)["bits"] == 1024


def test_weak_key_of_an_issuer() -> None:
    root = pki.root()
    middle = pki.authority("Weak", root, key=pki.rsa_key(1024))
    assert judge([pki.server(middle), middle], root).faults == (ServerFault.WEAK_KEY,)


def test_sha1_signature() -> None:
    """Server (SHA-1) ← [root]: SRV-15; the path is still found."""
    root = pki.root(key=pki.rsa_key())
    server = pki.server(root)
    judgement = judge([pki.signed_with_sha1(server, root)], root)
    assert judgement.faults == (ServerFault.WEAK_SIGNATURE,)
    assert judgement.path[1:] == (root.sha256,)


def test_sha1_signature_of_the_anchor_does_not_matter() -> None:
    """Nobody relies on an anchor's own signature (RFC 5280 6.1)."""
    root = pki.root(key=pki.rsa_key())
    old = read_certificate(pki.signed_with_sha1(root, root))
    assert old.signature_algorithm == "sha1WithRSAEncryption"
    trust_list = replace(pki.trust_list(), anchors=(old,))
    assert PathJudge([trust_list]).judge_server([pki.server(root).der], HOST, NOW).trusted


@pytest.mark.parametrize("is_ca", [False, None])
def test_intermediate_that_is_no_ca_is_refused(is_ca: bool | None) -> None:
    """Server ← end entity's certificate ← [root]: RFC 5280 6.1.4 (k)."""
    root = pki.root()
    middle = pki.authority("Not a CA", root, is_ca=is_ca)
    judgement = judge([pki.server(middle), middle], root)
    assert judgement.faults == (ServerFault.ISSUER_NOT_CA,)
    assert status(judgement, "CHN-06") is FindingStatus.FAIL


def test_intermediate_without_key_cert_sign_is_refused() -> None:
    """RFC 5280 6.1.4 (n)."""
    root = pki.root()
    middle = pki.authority("No signing", root, key_usage=["crl_sign"])
    assert judge([pki.server(middle), middle], root).faults == (ServerFault.ISSUER_NOT_CA,)


def test_listed_anchor_that_is_no_ca_is_no_anchor() -> None:
    root = pki.root(is_ca=False)
    assert not judge([pki.server(root)], root).trusted


@pytest.mark.parametrize(("limit", "trusted"), [(0, False), (1, True)])
def test_path_length(limit: int, trusted: bool) -> None:
    """Server ← B ← A (pathLen) ← [root]: RFC 5280 6.1.4 (l), (m)."""
    root = pki.root()
    a = pki.authority("A", root, path_length=limit)
    b = pki.authority("B", a)
    judgement = judge([pki.server(b), b, a], root)
    assert judgement.trusted is trusted
    assert judgement.faults == (() if trusted else (ServerFault.PATH_LENGTH,))


def test_path_length_of_the_anchor_counts() -> None:
    root = pki.root(path_length=0)
    middle = pki.authority("Issuing", root)
    assert judge([pki.server(middle), middle], root).faults == (ServerFault.PATH_LENGTH,)


_CONSTRAINTS = [
    (x509.NameConstraints([x509.DNSName("example")], None), True),
    (x509.NameConstraints([x509.DNSName("other.test")], None), False),
    (x509.NameConstraints(None, [x509.DNSName("cargo.example")]), False),
    (x509.NameConstraints(None, [x509.DNSName("air.example")]), True),
]


@pytest.mark.parametrize(("constraints", "trusted"), _CONSTRAINTS)
@pytest.mark.parametrize("critical", [True, False])
def test_name_constraints(constraints: x509.NameConstraints, trusted: bool, critical: bool) -> None:
    """Server ← intermediate (name constraints) ← [root]: RFC 5280 4.2.1.10."""
    root = pki.root()
    middle = pki.authority("Limited", root, extensions=[(constraints, critical)])
    judgement = judge([pki.server(middle), middle], root)
    assert judgement.trusted is trusted
    assert judgement.faults == (() if trusted else (ServerFault.NAME_CONSTRAINTS,))


@pytest.mark.parametrize("excluded", [True, False])
def test_directory_name_constraint_on_the_subject(excluded: bool) -> None:
    """The verifier looks at SANs alone: what it lets through, our rule stops (RFC 5280 6.1.3 b, c)."""
    root = pki.root()
    subtree = [x509.DirectoryName(pki.name("ACME" if excluded else "Partner"))]
    constraints = x509.NameConstraints(None if excluded else subtree, subtree if excluded else None)
    middle = pki.authority("Limited", root, extensions=[(constraints, False)])
    judgement = judge([pki.server(middle, common_name="ACME"), middle], root)
    assert judgement.faults == (ServerFault.NAME_CONSTRAINTS,)
    assert judgement.opinion is None
    assert judgement.disagreement is not None


def test_unknown_critical_extension_is_refused() -> None:
    """RFC 5280 6.1.5 (f)."""
    root = pki.root()
    private = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"), True)
    judgement = judge([pki.server(root, extensions=[private])], root)
    assert judgement.faults == (ServerFault.CRITICAL_EXTENSION,)
    assert dict(finding(judgement, "CHN-06").evidence.params)["oid"] == "1.3.6.1.4.1.99999.1"


def test_algorithm_that_the_verifier_does_not_know_is_refused_in_its_words() -> None:
    """Server ← [root, Ed25519]: no rule of ours fails, and still it is not trusted."""
    root = pki.root(key=ed25519.Ed25519PrivateKey.generate())
    judgement = judge([pki.server(root)], root)
    assert not judgement.trusted
    assert judgement.faults == (ServerFault.REFUSED,)
    assert judgement.opinion
    assert judgement.disagreement is not None
    assert status(judgement, "CHN-01") is FindingStatus.FAIL


def test_what_the_second_engine_refuses_is_said_beside_a_missing_staple() -> None:
    """Server (must-staple) ← [root, Ed25519]: the staple may be there another day, the refusal stays."""
    root = pki.root(key=ed25519.Ed25519PrivateKey.generate())
    judgement = judge([pki.server(root, extensions=[(MUST_STAPLE, False)])], root)
    assert judgement.faults == (ServerFault.NOT_STAPLED, ServerFault.REFUSED)
    assert status(judgement, "CHN-01") is FindingStatus.FAIL


def test_duplicates_strangers_and_sent_roots() -> None:
    """CHN-03 never takes trust away."""
    root = pki.root()
    middle = pki.authority("Issuing", root)
    server = pki.server(middle)
    for sent, expected in [
        ([server, middle, root], FindingStatus.PASS),
        ([server, middle, middle], FindingStatus.FAIL),
        ([server, middle, pki.authority("Stranger", pki.root("Other"))], FindingStatus.FAIL),
    ]:
        judgement = judge(sent, root)
        assert judgement.trusted
        assert status(judgement, "CHN-03") is expected


def test_order_of_lists_changes_nothing_but_the_name_of_the_list() -> None:
    root, other = pki.root(), pki.root("Other")
    mine, theirs = pki.trust_list(root, called="mine"), pki.trust_list(other, called="theirs")
    good, late = pki.server(root), pki.server(root, not_after=NOW - timedelta(days=1))
    for lists in permutations([mine, theirs]):
        assert PathJudge(lists).judge_server([good.der], HOST, NOW).trust_list == "mine"
        refused = PathJudge(lists).judge_server([late.der], HOST, NOW)
        assert refused.faults == (ServerFault.EXPIRED,)
        assert refused.trust_list == "mine"


def test_no_list_and_empty_list_trust_nobody() -> None:
    server = pki.server(pki.root())
    for lists in ([], [pki.trust_list()]):
        judgement = PathJudge(lists).judge_server([server.der], HOST, NOW)
        assert not judgement.trusted
        assert judgement.path == ()


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30\x03\x02\x01\x00", b"garbage" * 99])
def test_unreadable_certificate_is_a_judgement(der: bytes) -> None:
    judgement = judge([der, der], pki.root())
    assert not judgement.trusted
    assert judgement.name_matched is None
    assert judgement.faults[0] is ServerFault.UNREADABLE


def test_empty_chain_is_a_judgement() -> None:
    assert not judge([], pki.root()).trusted


def test_unreadable_intermediate_does_not_spoil_the_path() -> None:
    root = pki.root()
    assert judge([pki.server(root), b"\x30\x82garbage"], root).trusted


def test_many_certificates_of_one_name_end_the_search() -> None:
    """Thirty CAs of one name and of thirty keys, each above each: a limit, not a hang."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(6)]
    start = pki.root("Same", key=keys[0])
    mesh = [pki.authority("Same", start, key=key, signed_with=signer) for key in keys for signer in keys]
    judgement = judge([pki.server(mesh[0]), *mesh], pki.root("Elsewhere"))
    assert not judgement.trusted


def test_name_of_ten_thousand_characters_is_judged_without_a_warning() -> None:
    root = pki.root()
    judgement = judge([pki.server(root, "other.example", common_name="\u202e<b>" * 2500)], root)
    assert judgement.faults == (ServerFault.NAME_MISMATCH,)


def test_certificates_that_all_sign_each_other_cost_no_time() -> None:
    """Ten CAs of one name and one key: 10! orders, and an answer at once (the limit of the test is 60 s)."""
    start = pki.root("Same")
    mesh = [pki.authority("Same", start, key=start.key) for _ in range(10)]
    judgement = judge([pki.server(start), *mesh], pki.root("Elsewhere"))
    assert not judgement.trusted
    assert "No path" in finding(judgement, "CHN-01").evidence.id
    assert judge([pki.server(start), *mesh], start).trusted


def test_thousands_of_constraints_cost_no_time() -> None:
    root = pki.root()
    names = [f"h{number}.cargo.example" for number in range(1100)]
    subtrees = [x509.DNSName(f"n{number}.example") for number in range(1000)]
    constraints = (x509.NameConstraints(None, subtrees), True)
    middle = pki.authority("Limited", root, extensions=[constraints])
    judgement = judge([pki.server(middle, HOST, *names), middle], root)
    assert judgement.faults == (ServerFault.NAME_CONSTRAINTS,)
