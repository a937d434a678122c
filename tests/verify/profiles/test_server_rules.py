"""Every rule on server certificates with a case that holds and one that does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.x509.oid import NameOID

from tests.support import pki
from tests.support.pki import CLIENT_AUTH, NOW, SERVER_AUTH, Issued
from tests.support.profiles import AT, ID, findings, server
from trustdesk.core.finding import FindingStatus, Severity, verdict_of
from trustdesk.services.wording import wording
from trustdesk.verify.profiles.context import LintContext, PartnerRecord, Role

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE
ORGANISED = [(NameOID.ORGANIZATION_NAME, "Acme Ltd"), (NameOID.COMMON_NAME, "cargo.example")]
ACME = PartnerRecord(name="ACME", one_record_ids=(ID,), hosts=("api.cargo.example",))
NAMED = replace(AT, reference_identifier="cargo.example")
PUBLIC = replace(AT, publicly_trusted=True)
PRIVATE = replace(AT, publicly_trusted=False)
RSA = pki.rsa_key()
ENCIPHERS = ["digital_signature", "key_encipherment"]


@dataclass(frozen=True)
class Expected:
    rule: str
    status: FindingStatus
    severity: Severity
    issued: Issued
    evidence: str
    context: LintContext = AT


def issued(day: str, days: int) -> Issued:
    return server(not_before=datetime.fromisoformat(day).replace(tzinfo=UTC), days=days)


EXPECTED = [
    Expected("SRV-01", PASS, Severity.BLOCKER, server(), "Valid from"),
    Expected("SRV-01", FAIL, Severity.BLOCKER, server(days=90), "It expired"),
    Expected("SRV-01", WARN, Severity.WARNING, server(days=120), "in 19 days"),
    Expected("SRV-02", PASS, Severity.BLOCKER, server(), "serverAuth"),
    Expected("SRV-02", PASS, Severity.BLOCKER, server(usages=None), "no purpose is excluded"),
    Expected("SRV-02", FAIL, Severity.BLOCKER, server(usages=[CLIENT_AUTH]), "without serverAuth"),
    Expected("SRV-03", PASS, Severity.BLOCKER, server(), "covered by DNS:cargo.example", NAMED),
    Expected("SRV-03", NOT_RUN, Severity.BLOCKER, server(), "No host name"),
    Expected("SRV-03", FAIL, Severity.BLOCKER, server(names=["DNS:x.example"]), "not for cargo", NAMED),
    Expected("SRV-03", FAIL, Severity.BLOCKER, server(names=[]), "in the common name alone", NAMED),
    Expected("SRV-03", FAIL, Severity.BLOCKER, server(subject=[], names=[]), "speaks for no server", NAMED),
    Expected("SRV-04", NOT_RUN, Severity.WARNING, server(), "no record"),
    Expected(
        "SRV-04",
        PASS,
        Severity.WARNING,
        server(names=["DNS:cargo.example", "DNS:*.cargo.example"]),
        "Covered: cargo.example, api.cargo.example",
        replace(AT, partner=ACME),
    ),
    Expected(
        "SRV-04", WARN, Severity.WARNING, server(), "covered: api.cargo.example", replace(AT, partner=ACME)
    ),
    Expected("SRV-05", PASS, Severity.WARNING, server(), "cargo.example is one"),
    Expected("SRV-05", PASS, Severity.WARNING, server(subject=[], critical_names=True), "no CN"),
    Expected("SRV-05", WARN, Severity.WARNING, server(names=["DNS:x.example"]), "none of DNS:x.example"),
    Expected("SRV-05", WARN, Severity.WARNING, server(names=[]), "stands alone"),
    Expected("SRV-06", PASS, Severity.INFO, server(), "empty or a CN"),
    Expected("SRV-06", FAIL, Severity.INFO, server(subject=ORGANISED), "O=Acme Ltd"),
    # The proof of concept's own server certificate: no subject, critical names.
    Expected("SRV-07", PASS, Severity.ERROR, server(subject=[], critical_names=True), "are critical"),
    Expected("SRV-07", NOT_APPLICABLE, Severity.ERROR, server(), "not empty"),
    Expected("SRV-07", FAIL, Severity.ERROR, server(subject=[]), "not critical"),
    Expected("SRV-07", FAIL, Severity.ERROR, server(subject=[], names=[]), "no alternative names"),
    Expected("SRV-08", PASS, Severity.WARNING, server(), "names no URI"),
    Expected("SRV-08", NOT_RUN, Severity.WARNING, server(names=[f"URI:{ID}"]), "not known"),
    Expected(
        "SRV-08", NOT_APPLICABLE, Severity.WARNING, server(names=[f"URI:{ID}"]), "not publicly", PRIVATE
    ),
    Expected("SRV-08", WARN, Severity.WARNING, server(names=[f"URI:{ID}"]), ID, PUBLIC),
    Expected("SRV-09", PASS, Severity.WARNING, server(), "digitalSignature"),
    Expected("SRV-09", PASS, Severity.WARNING, server(key=RSA, key_usage=ENCIPHERS), "keyEncipherment"),
    Expected("SRV-09", WARN, Severity.WARNING, server(key_usage=ENCIPHERS), "does not belong to an EC"),
    Expected("SRV-09", WARN, Severity.WARNING, server(key_usage=None), "no key usage"),
    Expected("SRV-09", WARN, Severity.WARNING, server(critical_key_usage=False), "not critical"),
    Expected(
        "SRV-09",
        WARN,
        Severity.WARNING,
        server(key=RSA, key_usage=[*ENCIPHERS, "content_commitment"]),
        "nonRepudiation",
    ),
    Expected("SRV-09", WARN, Severity.WARNING, server(key=RSA, key_usage=["key_encipherment"]), "without"),
    Expected("SRV-10", PASS, Severity.INFO, server(), "not excluded"),
    Expected("SRV-10", FAIL, Severity.INFO, server(usages=[SERVER_AUTH]), "no clientAuth"),
    Expected("SRV-11", PASS, Severity.WARNING, server(usages=[SERVER_AUTH]), "no clientAuth", PUBLIC),
    Expected("SRV-11", NOT_RUN, Severity.WARNING, server(), "not known"),
    Expected("SRV-11", NOT_APPLICABLE, Severity.WARNING, server(), "not publicly trusted", PRIVATE),
    Expected("SRV-11", WARN, Severity.WARNING, server(), "from 2027-03-15 00:00 UTC on will not", PUBLIC),
    Expected("SRV-11", WARN, Severity.WARNING, issued("2027-03-15", 90), "forbidden since", PUBLIC),
    Expected("SRV-12", NOT_RUN, Severity.WARNING, server(), "not known"),
    Expected("SRV-12", NOT_APPLICABLE, Severity.WARNING, server(), "not publicly trusted", PRIVATE),
    Expected("SRV-12", PASS, Severity.WARNING, issued("2026-03-14", 398), "of 398", PUBLIC),
    Expected("SRV-12", WARN, Severity.WARNING, issued("2026-03-15", 201), "200 were allowed", PUBLIC),
    Expected("SRV-12", PASS, Severity.WARNING, issued("2027-03-14", 200), "of 200", PUBLIC),
    Expected("SRV-12", WARN, Severity.WARNING, issued("2027-03-15", 101), "100 were allowed", PUBLIC),
    Expected("SRV-12", PASS, Severity.WARNING, issued("2029-03-14", 100), "of 100", PUBLIC),
    Expected("SRV-12", WARN, Severity.WARNING, issued("2029-03-15", 48), "47 were allowed", PUBLIC),
    Expected("SRV-12", PASS, Severity.WARNING, issued("2029-03-15", 47), "of 47", PUBLIC),
    Expected("SRV-12", NOT_APPLICABLE, Severity.WARNING, issued("2017-01-01", 900), "before limits", PUBLIC),
    Expected("SRV-13", PASS, Severity.WARNING, server(), "365 days", PRIVATE),
    Expected("SRV-13", WARN, Severity.WARNING, server(days=730), "730 days"),
    Expected("SRV-13", NOT_APPLICABLE, Severity.WARNING, server(days=730), "shorter", PUBLIC),
    Expected("SRV-14", PASS, Severity.WARNING, server(), "2.16.756.5.14.7.4.2"),
    Expected("SRV-14", WARN, Severity.WARNING, server(policy=False), "no certificate policy"),
    Expected("SRV-15", PASS, Severity.ERROR, server(), "The key is EC P-256. It is signed with ecdsa"),
    Expected("SRV-15", FAIL, Severity.ERROR, server(key=pki.rsa_key(1024)), "at least 2048"),
    Expected("SRV-16", PASS, Severity.ERROR, server(), "Issued by CN=Issuing"),
    Expected("SRV-16", FAIL, Severity.ERROR, server(is_ca=True), "certificate of a CA"),
    Expected("SRV-16", FAIL, Severity.ERROR, server(self_signed=True), "vouches for itself"),
    Expected("SRV-17", NOT_RUN, Severity.ERROR, server(), "No trust list"),
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: f"{e.rule}-{e.status}-{e.evidence}")
def test_rule(expected: Expected) -> None:
    finding = findings(expected.issued, Role.SERVER, expected.context)[expected.rule]
    said = wording("en").text(finding.evidence)
    assert (finding.status, finding.severity) == (expected.status, expected.severity), said
    assert expected.evidence in said


def test_every_rule_reports_once_and_in_order() -> None:
    rules = list(findings(server(), Role.SERVER))
    assert rules[:17] == [f"SRV-{number:02}" for number in range(1, 18)]
    assert "REV-05" not in rules


def test_profiled_certificate_violates_nothing() -> None:
    found = findings(server(), Role.SERVER, NAMED)
    assert verdict_of(found.values()) == "pass"
    assert not [rule for rule, finding in found.items() if finding.status in {WARN, FAIL}]


def test_certificate_of_the_proof_of_concept_is_accepted_as_it_was() -> None:
    """Empty subject, critical names, RSA, for servers and clients: the profile has nothing against it."""
    issued = server(
        subject=[], critical_names=True, key=RSA, key_usage=ENCIPHERS, not_before=NOW - timedelta(days=10)
    )
    found = findings(issued, Role.SERVER, NAMED)
    assert not [rule for rule, finding in found.items() if finding.status in {WARN, FAIL}]
