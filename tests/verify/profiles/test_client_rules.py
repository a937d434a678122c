"""Every rule on client certificates with a case that holds and one that does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.support import pki
from tests.support.pki import CLIENT_AUTH, NOW, SERVER_AUTH, Issued
from tests.support.profiles import ALL, AT, ID, client, curve_key, findings, organisation
from trustdesk.core.finding import FindingStatus, Severity, verdict_of
from trustdesk.services.wording import wording
from trustdesk.verify.profiles.context import LintContext, PartnerRecord, Role
from trustdesk.verify.profiles.rule import RuleSet, RuleSetName

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE
EMAIL_PROTECTION = ExtendedKeyUsageOID.EMAIL_PROTECTION
ACME = PartnerRecord(name="ACME", one_record_ids=(ID,), hosts=("cargo.example",))


@dataclass(frozen=True)
class Expected:
    rule: str
    status: FindingStatus
    severity: Severity
    issued: Issued
    evidence: str
    context: LintContext = AT


def uris(*texts: str) -> list[str]:
    return [f"URI:{text}" for text in texts]


EXPECTED = [
    Expected("CLI-01", PASS, Severity.BLOCKER, client(), "Valid from 2026-08-12"),
    Expected("CLI-01", FAIL, Severity.BLOCKER, client(days=90), "It expired on 2026-11-10"),
    Expected(
        "CLI-01",
        FAIL,
        Severity.BLOCKER,
        client(not_before=NOW + timedelta(days=1)),
        "It is not valid before 2026-11-21",
    ),
    Expected("CLI-02", PASS, Severity.WARNING, client(), "in 264 days"),
    Expected("CLI-02", WARN, Severity.WARNING, client(days=120), "in 19 days"),
    Expected("CLI-02", FAIL, Severity.ERROR, client(days=103), "in 2 days"),
    Expected("CLI-02", NOT_APPLICABLE, Severity.WARNING, client(days=90), "not valid"),
    Expected("CLI-03", PASS, Severity.BLOCKER, client(), "clientAuth"),
    Expected("CLI-03", PASS, Severity.BLOCKER, client(usages=None), "no purpose is excluded"),
    Expected("CLI-03", FAIL, Severity.BLOCKER, client(usages=[SERVER_AUTH]), "is serverAuth, without"),
    Expected("CLI-04", PASS, Severity.WARNING, client(), "clientAuth"),
    Expected("CLI-04", WARN, Severity.WARNING, client(usages=[CLIENT_AUTH, EMAIL_PROTECTION]), "emailProt"),
    Expected("CLI-04", NOT_APPLICABLE, Severity.WARNING, client(usages=None), "no extended key usage"),
    Expected("CLI-05", PASS, Severity.WARNING, client(), "clientAuth"),
    Expected("CLI-05", WARN, Severity.WARNING, client(usages=None), "the profile does not"),
    Expected("CLI-06", PASS, Severity.WARNING, client(), "digitalSignature"),
    Expected("CLI-06", WARN, Severity.WARNING, client(key_usage=None), "no key usage"),
    Expected("CLI-06", WARN, Severity.WARNING, client(key_usage=["key_encipherment"]), "without digital"),
    Expected("CLI-06", WARN, Severity.WARNING, client(critical_key_usage=False), "not critical"),
    Expected("CLI-07", PASS, Severity.WARNING, client(), "digitalSignature"),
    Expected(
        "CLI-07",
        WARN,
        Severity.WARNING,
        client(key_usage=["digital_signature", "content_commitment"]),
        "nonRepudiation besides",
    ),
    Expected("CLI-07", NOT_APPLICABLE, Severity.WARNING, client(key_usage=None), "no key usage"),
    Expected("CLI-08", PASS, Severity.WARNING, client(), ID),
    Expected("CLI-08", WARN, Severity.WARNING, client(names=["DNS:cargo.example"]), "no URI"),
    Expected("CLI-09", PASS, Severity.WARNING, client(), ID),
    Expected("CLI-09", WARN, Severity.WARNING, client(names=uris("https://cargo.example/")), "path segment"),
    Expected("CLI-09", WARN, Severity.WARNING, client(names=uris("https://localhost/ACME")), "qualified"),
    Expected("CLI-09", WARN, Severity.WARNING, client(names=uris("urn:iata:ACME")), "is no URI with a host"),
    Expected("CLI-09", NOT_APPLICABLE, Severity.WARNING, client(names=[]), "names no URI"),
    # Met in the proof of concept of 2020: a port, and http.
    Expected(
        "CLI-09", PASS, Severity.WARNING, client(names=uris("http://cargo.example:11443/ACME")), "11443"
    ),
    Expected("CLI-10", PASS, Severity.WARNING, client(), ID),
    Expected("CLI-10", WARN, Severity.WARNING, client(names=uris("http://cargo.example/ACME")), "is http"),
    Expected(
        "CLI-10", WARN, Severity.WARNING, client(names=uris("https://cargo.example:11443/ACME")), "a port"
    ),
    Expected("CLI-11", PASS, Severity.WARNING, client(), "ACME is the company id"),
    Expected("CLI-11", WARN, Severity.WARNING, client(subject=[(NameOID.COMMON_NAME, "X")]), "X is the comp"),
    Expected("CLI-11", WARN, Severity.WARNING, client(subject=[], critical_names=True), "subject is empty"),
    Expected(
        "CLI-11",
        WARN,
        Severity.WARNING,
        client(subject=[(NameOID.ORGANIZATION_NAME, "Acme Ltd"), (NameOID.COMMON_NAME, "ACME")]),
        "CN=ACME,O=Acme Ltd",
    ),
    Expected("CLI-12", PASS, Severity.INFO, client(), "URIs alone"),
    Expected("CLI-12", FAIL, Severity.INFO, client(names=[*uris(ID), "email:a@b.example"]), "a@b.example"),
    Expected("CLI-12", NOT_APPLICABLE, Severity.INFO, client(names=[]), "no subject alternative name"),
    Expected("CLI-13", PASS, Severity.ERROR, client(), "EC P-256"),
    Expected("CLI-13", PASS, Severity.ERROR, client(key=pki.rsa_key()), "RSA 2048"),
    Expected("CLI-13", FAIL, Severity.ERROR, client(key=pki.rsa_key(1024)), "at least 2048"),
    Expected("CLI-13", WARN, Severity.WARNING, client(key=curve_key(ec.SECP521R1)), "EC P-521, which is"),
    Expected("CLI-14", PASS, Severity.ERROR, client(), "ecdsa-with-SHA256"),
    Expected("CLI-15", PASS, Severity.WARNING, client(days=366), "366 days, of 366"),
    Expected("CLI-15", WARN, Severity.WARNING, client(days=367), "367 days"),
    Expected("CLI-16", PASS, Severity.WARNING, client(), "all there"),
    Expected(
        "CLI-16", WARN, Severity.WARNING, client(identifiers=False), "authorityKeyIdentifier, subjectKey"
    ),
    Expected("CLI-16", WARN, Severity.WARNING, client(crl=False), "cRLDistributionPoints"),
    Expected("CLI-16", WARN, Severity.WARNING, client(ocsp=False), "OCSP"),
    Expected("CLI-17", PASS, Severity.ERROR, client(), "Version 3"),
    Expected("CLI-17", FAIL, Severity.ERROR, client(is_ca=True), "certificate of a CA"),
    Expected("CLI-18", PASS, Severity.WARNING, client(), "on record for ACME", replace(AT, partner=ACME)),
    Expected("CLI-18", NOT_RUN, Severity.WARNING, client(), "no record"),
    Expected(
        "CLI-18",
        WARN,
        Severity.WARNING,
        client(names=uris("https://cargo.example/acme")),
        "RFC 9525 leaves the identities of clients out",
        replace(AT, partner=ACME),
    ),
    Expected("CLI-19", NOT_RUN, Severity.ERROR, client(), "No trust list"),
    Expected("CLI-20", PASS, Severity.WARNING, client(), "no certificate for servers"),
    Expected("CLI-20", NOT_RUN, Severity.WARNING, client(usages=[CLIENT_AUTH, SERVER_AUTH]), "not known"),
    Expected(
        "CLI-20",
        NOT_APPLICABLE,
        Severity.WARNING,
        client(usages=[CLIENT_AUTH, SERVER_AUTH]),
        "not publicly trusted",
        replace(AT, publicly_trusted=False),
    ),
    Expected(
        "CLI-20",
        WARN,
        Severity.WARNING,
        client(usages=[CLIENT_AUTH, SERVER_AUTH]),
        "from 2027-03-15",
        replace(AT, publicly_trusted=True),
    ),
    Expected("CLI-21", PASS, Severity.INFO, client(), "cargo.example", replace(AT, partner=ACME)),
    Expected("CLI-21", NOT_RUN, Severity.INFO, client(), "no record"),
    Expected("CLI-21", NOT_APPLICABLE, Severity.INFO, client(names=[]), "no URI"),
    Expected(
        "CLI-21",
        FAIL,
        Severity.INFO,
        client(names=uris("https://other.example/ACME")),
        "on record are cargo.example",
        replace(AT, partner=ACME),
    ),
    Expected("REV-01", PASS, Severity.WARNING, client(), "http://ocsp.ca.example"),
    Expected("REV-01", WARN, Severity.WARNING, client(crl=False, ocsp=False), "neither"),
    Expected("REV-05", PASS, Severity.WARNING, client(), "http://ocsp.ca.example"),
    Expected("REV-05", WARN, Severity.WARNING, client(ocsp=False), "401"),
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: f"{e.rule}-{e.status}-{e.evidence}")
def test_rule(expected: Expected) -> None:
    finding = findings(expected.issued, Role.CLIENT, expected.context)[expected.rule]
    said = wording("en").text(finding.evidence)
    assert (finding.status, finding.severity) == (expected.status, expected.severity), said
    assert expected.evidence in said


def test_every_rule_reports_once_and_in_order() -> None:
    rules = list(findings(client(), Role.CLIENT))
    assert rules[:21] == [f"CLI-{number:02}" for number in range(1, 22)]
    assert rules[21:] == [
        *(f"CHN-{number:02}" for number in range(1, 10)),
        *("REV-01", "REV-02", "REV-03", "REV-04", "REV-05"),
        *(f"KEY-{number:02}" for number in range(1, 6)),
        *("ORG-01", "ORG-02", "ORG-03"),
    ]


def test_profiled_certificate_violates_nothing() -> None:
    found = findings(client(), Role.CLIENT)
    assert verdict_of(found.values()) == "pass"
    assert not [rule for rule, finding in found.items() if finding.status in {WARN, FAIL}]


def test_version_1_cannot_be_a_client() -> None:
    finding = findings(client(), Role.CLIENT, version=1)["CLI-17"]
    assert finding.status is FAIL
    assert wording("en").text(finding.evidence) == "It is of version 1."


def test_sha_1_signature_fails() -> None:
    issuer = pki.authority("RSA", pki.root(), key=pki.rsa_key())
    der = pki.signed_with_sha1(client(issuer=issuer), issuer)
    finding = findings(der, Role.CLIENT)["CLI-14"]
    assert (finding.status, finding.severity) == (FAIL, Severity.ERROR)


def test_sha_2_outside_the_profile_warns() -> None:
    signer = ed25519.Ed25519PrivateKey.generate()
    issuer = pki.authority("Ed25519", pki.root(), key=signer)
    finding = findings(client(issuer=issuer), Role.CLIENT)["CLI-14"]
    assert (finding.status, finding.severity) == (WARN, Severity.WARNING)


def test_errors_of_the_profile_of_2020_are_errors_where_partners_enforce_it() -> None:
    found = findings(client(names=[]), Role.CLIENT, rule_sets=organisation(enforce_1r_2020=True))
    assert (found["CLI-08"].status, found["CLI-08"].severity) == (FAIL, Severity.ERROR)
    assert (found["CLI-05"].status, found["CLI-05"].severity) == (PASS, Severity.WARNING)


def test_severity_of_a_rule_is_the_organisations() -> None:
    rule_sets = organisation(severities={"CLI-08": Severity.BLOCKER, "CLI-02": Severity.INFO})
    found = findings(client(names=[], days=103), Role.CLIENT, rule_sets=rule_sets)
    assert (found["CLI-08"].status, found["CLI-08"].severity) == (FAIL, Severity.BLOCKER)
    assert (found["CLI-02"].status, found["CLI-02"].severity) == (FAIL, Severity.INFO)


@pytest.mark.parametrize(
    ("chosen", "present", "absent"),
    [
        (RuleSetName.ONE_RECORD_2X, {"CLI-01", "CLI-19"}, {"CLI-08", "CLI-20", "CLI-02", "ORG-01"}),
        (RuleSetName.ONE_RECORD_2020, {"CLI-01", "CLI-08", "CLI-19"}, {"CLI-20", "CLI-02"}),
        (RuleSetName.WEB_PKI, {"CLI-01", "CLI-20"}, {"CLI-08", "CLI-19", "CLI-02"}),
        (RuleSetName.ORGANISATION, {"CLI-01", "CLI-02", "ORG-01"}, {"CLI-08", "CLI-19", "CLI-20"}),
    ],
)
def test_rule_sets_choose_rules(chosen: RuleSetName, present: set[str], absent: set[str]) -> None:
    found = set(findings(client(), Role.CLIENT, rule_sets=[RuleSet(chosen)]))
    assert present <= found
    assert not absent & found


def test_strong_key_outside_the_profile_is_fine_without_the_profile() -> None:
    web = [RuleSet(RuleSetName.WEB_PKI)]
    assert findings(client(key=curve_key(ec.SECP521R1)), Role.CLIENT, rule_sets=web)["CLI-13"].status is PASS


def test_short_lived_certificate_is_not_always_about_to_expire() -> None:
    """Six days long, four left: a third of the lifetime is two days."""
    fresh = client(not_before=NOW - timedelta(days=2), days=6)
    old = client(not_before=NOW - timedelta(days=4, hours=12), days=6)
    assert findings(fresh, Role.CLIENT)["CLI-02"].status is PASS
    assert findings(old, Role.CLIENT)["CLI-02"].status is WARN


def test_part_that_cannot_be_read_is_a_violation_and_never_a_pass() -> None:
    """The purposes are an INTEGER where a SEQUENCE belongs: no program can tell what it is for."""
    der = client(usages=[CLIENT_AUTH]).der
    damaged = der.replace(bytes.fromhex("0603551d25040c300a0608"), bytes.fromhex("0603551d25040c020a0608"))
    assert damaged != der
    finding = findings(damaged, Role.CLIENT)["CLI-03"]
    assert (finding.status, finding.severity) == (FAIL, Severity.BLOCKER)
    assert wording("en").text(finding.evidence) == "The extended key usage cannot be read."


@pytest.mark.parametrize("data", [b"", b"no certificate", b"\x30\x00", client().der[:200]])
def test_anything_can_be_linted(data: bytes) -> None:
    found = findings(data, Role.CLIENT)
    assert verdict_of(found.values()) == "fail"
    assert found["CLI-01"].status is FAIL
    assert len(found) == len(findings(client(), Role.CLIENT, rule_sets=ALL))
