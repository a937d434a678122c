"""Rules on what stands above a certificate, from what came along and from what the judge says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support import pki
from tests.support.pki import NOW, Issued
from tests.support.profiles import AT, client, findings
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.message import msg
from trustdesk.core.verification import (
    Opinion,
    PathReport,
    Purpose,
    RuleCheck,
    RuleKind,
    RuleStatus,
    Verification,
)
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.wording import wording
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.profiles.context import LintContext, Role

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE

ROOT = pki.root()
ISSUING = pki.authority("Issuing", ROOT, path_length=0)
LEAF = client(issuer=ISSUING)


def came_along(*issuers: Issued, sent: bool = True) -> LintContext:
    return replace(AT, chain=tuple(read_details(issuer.der) for issuer in issuers), chain_is_sent=sent)


def judged(
    leaf: Issued,
    *issuers: Issued,
    accepted: bool = True,
    checks: Sequence[RuleCheck] = (),
    context: LintContext = AT,
) -> LintContext:
    """What a judge says that found one path; without issuers, none."""
    paths = (
        (
            PathReport(
                certificates=(leaf.sha256, *(issuer.sha256 for issuer in issuers)),
                anchor_list="partners",
                accepted=accepted,
                checks=tuple(checks),
                failures=tuple(checks),
            ),
        )
        if issuers
        else ()
    )
    reason = msg("The best path is valid.") if accepted else msg("No path is valid.")
    opinion = Opinion(accepted=accepted, reason=reason)
    verification = Verification(
        certificate=leaf.facts,
        purpose=Purpose.CLIENT,
        at=NOW,
        trusted=accepted,
        paths=paths,
        dead_ends=(),
        own=opinion,
        cryptography=opinion,
        verdict=Verdict.PASS if accepted else Verdict.FAIL,
    )
    return replace(
        context, verification=verification, issuers=tuple(read_details(issuer.der) for issuer in issuers)
    )


def check_below(rule: str, status: FindingStatus, evidence: str, issuer: Issued, *above: Issued) -> None:
    """Check a rule for a certificate that this CA issued, and that came along with it."""
    check(rule, status, evidence, came_along(issuer, *above), client(issuer=issuer))


def finding(leaf: Issued, rule: str, context: LintContext) -> tuple[FindingStatus, Severity, str]:
    found: Finding = findings(leaf, Role.CLIENT, context)[rule]
    return found.status, found.severity, wording("en").text(found.evidence)


def check(rule: str, status: FindingStatus, evidence: str, context: LintContext, leaf: Issued = LEAF) -> None:
    got, _, said = finding(leaf, rule, context)
    assert got is status, said
    assert evidence in said


@pytest.mark.parametrize(
    "rule", ["CHN-01", "CHN-02", "CHN-03", "CHN-04", "CHN-05", "CHN-06", "CHN-07", "CHN-08"]
)
def test_nothing_known_above_is_not_run_and_never_a_pass(rule: str) -> None:
    assert finding(LEAF, rule, AT)[0] is NOT_RUN


def test_chn_01_is_the_judges_word() -> None:
    check("CHN-01", PASS, "The best path is valid.", judged(LEAF, ISSUING, ROOT))
    check("CHN-01", FAIL, "No path is valid.", judged(LEAF, accepted=False))


def test_chn_01_sends_for_a_list_where_no_list_has_the_ca_and_to_the_ca_otherwise() -> None:
    def remedy(verification: Verification) -> str:
        found = findings(LEAF, Role.CLIENT, replace(AT, verification=verification))["CHN-01"]
        return wording("en").text(found.remedy) if found.remedy is not None else ""

    def by(*anchors: Issued) -> Verification:
        verifier = PathVerifier([pki.trust_list(*anchors)])
        return verifier.verify(
            LEAF.der, [ISSUING.der, ROOT.der], purpose=Purpose.CLIENT, at=NOW + timedelta(days=400)
        )

    assert remedy(by(pki.root("Another"))).startswith("Select the list that this CA belongs to")
    assert remedy(by(ROOT)).startswith("Take this up with the CA")


def test_cli_19_names_the_anchor_and_its_list() -> None:
    check("CLI-19", PASS, "Root is on the list partners", judged(LEAF, ISSUING, ROOT))
    check("CLI-19", FAIL, "No path leads from CN=Issuing", judged(LEAF, accepted=False))


def test_chn_02_compares_what_was_sent_with_the_path() -> None:
    check("CHN-02", PASS, "Nothing", judged(LEAF, ISSUING, ROOT, context=came_along(ISSUING)))
    check("CHN-02", FAIL, "Not sent: Issuing", judged(LEAF, ISSUING, ROOT, context=came_along()))
    check("CHN-02", NOT_RUN, "No chain was sent", judged(LEAF, ISSUING, ROOT))
    check("CHN-02", NOT_RUN, "No chain was sent", judged(LEAF, ISSUING, ROOT, context=came_along(sent=False)))


def test_chn_03_order() -> None:
    check("CHN-03", PASS, "Each certificate", came_along(ISSUING))
    check("CHN-03", PASS, "Root need not be sent", came_along(ISSUING, ROOT))
    check("CHN-03", FAIL, "do not stand each before its issuer", came_along(ROOT, ISSUING))
    check("CHN-03", FAIL, "Not part of the path: Other", came_along(ISSUING, pki.authority("Other", ROOT)))
    check("CHN-03", FAIL, "twice", came_along(ISSUING, ISSUING))
    assert finding(LEAF, "CHN-03", came_along(ROOT, ISSUING))[1] is Severity.INFO


def test_chn_04_issuers_valid_and_longer() -> None:
    short = pki.authority("Issuing", ROOT, not_after=NOW + timedelta(days=10))
    gone = pki.authority("Issuing", ROOT, not_after=NOW - timedelta(days=1))
    early = pki.authority("Issuing", ROOT, not_before=NOW + timedelta(days=1))
    long = pki.authority("Issuing", ROOT, not_after=NOW + timedelta(days=3000))
    check_below("CHN-04", PASS, "outlast", long)
    check_below("CHN-04", FAIL, "Issuing expired on", gone)
    check_below("CHN-04", FAIL, "not valid before", early)
    check_below("CHN-04", WARN, "before the certificate", short)


def test_chn_05_purposes_of_issuers() -> None:
    usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    servers_only = pki.authority("Issuing", ROOT, extensions=[(usages, False)])
    check("CHN-05", PASS, "excludes clientAuth", came_along(ISSUING))
    check_below("CHN-05", FAIL, "limited to serverAuth, without clientAuth", servers_only)


def test_chn_06_roles_limits_and_strict_readers() -> None:
    narrow = pki.authority("Top", None, path_length=0)
    below = pki.authority("Issuing", narrow)
    check("CHN-06", PASS, "keep to their limits", came_along(ISSUING, ROOT))
    check_below("CHN-06", FAIL, "no CA", pki.authority("Issuing", ROOT, is_ca=False))
    check_below("CHN-06", FAIL, "keyCertSign", pki.authority("Issuing", ROOT, key_usage=["crl_sign"]))
    check_below("CHN-06", FAIL, "Top allows 0", below, narrow)
    check_below("CHN-06", WARN, "without a key usage", pki.authority("Issuing", ROOT, key_usage=None))


@pytest.mark.parametrize("rule", ["CHN-04", "CHN-05", "CHN-06"])
def test_a_ca_of_the_issuers_name_that_did_not_sign_is_nothing_above(rule: str) -> None:
    check(rule, NOT_RUN, "Nothing above", came_along(pki.authority("Issuing", pki.root()), ROOT))


def test_chn_01_what_is_wrong_with_the_certificate_alone_is_no_fault_of_the_path() -> None:
    expired = RuleCheck(
        certificate=LEAF.sha256,
        index=0,
        rule="validity.not_after",
        status=RuleStatus.FAIL,
        kind=RuleKind.VALIDITY,
        evidence=msg("It expired."),
        source="RFC 5280 6.1.3 (a)(2)",
    )
    above = replace(expired, index=1)
    said = "what is wrong is with the certificate itself"
    check("CHN-01", PASS, said, judged(LEAF, ISSUING, ROOT, accepted=False, checks=[expired]))
    check("CHN-01", FAIL, "No path is valid.", judged(LEAF, ISSUING, ROOT, accepted=False, checks=[above]))


def test_chn_06_name_constraints_need_a_judge() -> None:
    constraints = x509.NameConstraints([x509.DNSName("other.example")], None)
    ca = pki.authority("Issuing", ROOT, extensions=[(constraints, True)])
    leaf = client(issuer=ca)
    breach = RuleCheck(
        certificate=leaf.sha256,
        index=1,
        rule="names.dns",
        status=RuleStatus.FAIL,
        kind=RuleKind.VALIDITY,
        evidence=msg("A name lies outside."),
        source="RFC 5280 6.1.3 (b)",
    )
    check("CHN-06", NOT_RUN, "were not compared", came_along(ca), leaf)
    check(
        "CHN-06", FAIL, "A name lies outside.", judged(leaf, ca, ROOT, accepted=False, checks=[breach]), leaf
    )


def test_chn_07_anchor_that_is_only_an_issuing_ca() -> None:
    check("CHN-07", PASS, "Root stands at the end", judged(LEAF, ISSUING, ROOT))
    check("CHN-07", WARN, "whose root is not on the list", judged(LEAF, ISSUING))


def test_chn_08_distrust_date() -> None:
    path = judged(LEAF, ISSUING, ROOT)
    check("CHN-08", NOT_APPLICABLE, "no date", path)
    check("CHN-08", FAIL, "distrusts", replace(path, distrust_after=NOW - timedelta(days=200)))
    check("CHN-08", PASS, "before", replace(path, distrust_after=NOW))


def test_chn_09_end_entity_as_anchor() -> None:
    check("CHN-09", PASS, "Root is a CA", judged(LEAF, ISSUING, ROOT))
    check("CHN-09", WARN, "is no CA", judged(LEAF, pki.authority("Issuing", ROOT, is_ca=None)))
    alone = judged(LEAF, ROOT)
    assert alone.verification is not None
    itself = replace(alone.verification.paths[0], certificates=(LEAF.sha256,))
    context = replace(alone, verification=replace(alone.verification, paths=(itself,)), issuers=())
    check("CHN-09", WARN, "ACME is no CA", context)


@pytest.mark.parametrize(
    ("issued", "rule", "status", "evidence"),
    [
        (ROOT, "CHN-04", PASS, "Valid from"),
        (pki.root(not_after=NOW - timedelta(days=1)), "CHN-04", FAIL, "expired"),
        (pki.root(not_after=NOW + timedelta(days=5)), "CHN-04", WARN, "in 5 days"),
        (ROOT, "CHN-05", PASS, "no purpose is excluded"),
        (
            pki.root(extensions=[(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False)]),
            "CHN-05",
            FAIL,
            "neither servers nor clients",
        ),
        (ROOT, "CHN-06", PASS, "keyCertSign"),
        (pki.root(key_usage=None), "CHN-06", WARN, "without a key usage"),
        (pki.root(key_usage=["crl_sign"]), "CHN-06", FAIL, "lacks keyCertSign"),
        (LEAF, "CHN-06", NOT_APPLICABLE, "no CA"),
        (ROOT, "CHN-09", PASS, "a CA's certificate"),
        (LEAF, "CHN-09", WARN, "no CA's certificate"),
        (ROOT, "LST-06", PASS, "EC P-256"),
        (pki.root(key=pki.rsa_key(1024)), "LST-06", WARN, "2048"),
    ],
)
def test_ca_by_itself(issued: Issued, rule: str, status: FindingStatus, evidence: str) -> None:
    found = findings(issued, Role.CA)[rule]
    said = wording("en").text(found.evidence)
    assert found.status is status, said
    assert evidence in said


def test_sha_1_on_a_root_is_an_information_alone() -> None:
    """Nobody relies on an anchor's own signature; that of an issuing CA counts."""
    root = pki.root(key=pki.rsa_key())
    issuing = pki.authority("Issuing", root)
    own = findings(pki.signed_with_sha1(root, root), Role.CA)["LST-06"]
    below = findings(pki.signed_with_sha1(issuing, root), Role.CA)["LST-06"]
    assert (own.status, own.severity) == (FAIL, Severity.INFO)
    assert (below.status, below.severity) == (WARN, Severity.WARNING)
