"""Every rule on requests with a case that holds and one that does not."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support import pki
from tests.support.pki import CLIENT_AUTH, SERVER_AUTH
from tests.support.profiles import AT, ID, client, curve_key, request, request_findings
from trustdesk.core.finding import FindingStatus, Severity, verdict_of
from trustdesk.core.verification import Purpose
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.wording import wording
from trustdesk.verify.profiles.context import LintContext, PartnerRecord

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE

CN = NameOID.COMMON_NAME
RSA_USAGES = ("digital_signature", "key_encipherment")
HOSTS = ("DNS:cargo.example",)
SERVER = request(subject=(), names=HOSTS, usages=(SERVER_AUTH,))
SECOND = "https://cargo.example/ACME2"
ACME = replace(AT, partner=PartnerRecord(name="ACME", one_record_ids=(ID, SECOND)))
TAMPERED = request().replace(b"ACME", b"ACMF")


@dataclass(frozen=True)
class Expected:
    rule: str
    status: FindingStatus
    der: bytes
    evidence: str
    context: LintContext = AT


def for_server(*names: str, subject: str = "") -> bytes:
    return request(subject=((CN, subject),) if subject else (), names=names, usages=(SERVER_AUTH,))


def issued(**keywords: object) -> LintContext:
    certificate = client(**keywords)  # type: ignore[arg-type]
    return replace(AT, issued=read_details(certificate.der))


EXPECTED = [
    Expected("CSR-1", PASS, request(), "made with the key"),
    Expected("CSR-1", FAIL, TAMPERED, "was not made"),
    Expected("CSR-2", PASS, request(), "ACME is the company id"),
    Expected("CSR-2", PASS, SERVER, "empty"),
    Expected("CSR-2", PASS, for_server(*HOSTS, subject="cargo.example"), "one of the names"),
    Expected("CSR-2", WARN, request(subject=((CN, "Other"),)), "Other is the company id of none"),
    Expected("CSR-2", WARN, request(subject=()), "empty"),
    Expected("CSR-2", WARN, for_server(*HOSTS, subject="x.example"), "CN=x.example"),
    Expected("CSR-2", NOT_RUN, request(names=(), usages=None), "say which"),
    Expected("CSR-3", PASS, request(), ID),
    Expected("CSR-3", NOT_APPLICABLE, SERVER, "for a server"),
    Expected("CSR-3", WARN, request(names=(f"URI:{ID}", "email:a@b.example")), "a@b.example"),
    Expected("CSR-3", WARN, request(names=()), "no URI"),
    Expected("CSR-3", WARN, request(names=("URI:https://cargo.example:11443/ACME",)), "names a port"),
    Expected("CSR-3", WARN, request(names=("URI:http://cargo.example/ACME",)), "is http"),
    Expected("CSR-3", WARN, request(names=(f"URI:{ID}", f"URI:{ID}")), "twice"),
    Expected("CSR-3", WARN, request(names=(f"URI:{ID}", f"URI:{ID.replace('https', 'HTTPS')}")), "twice"),
    Expected("CSR-3", WARN, request(names=(f"URI:{SECOND}", f"URI:{ID}")), "is not the subject's CN"),
    Expected("CSR-3", PASS, request(), ID, ACME),
    Expected("CSR-3", WARN, request(names=(f"URI:{SECOND}", f"URI:{ID}")), "the main one is", ACME),
    Expected("CSR-4", PASS, SERVER, "It names cargo.example.", ACME),
    Expected("CSR-4", NOT_APPLICABLE, request(), "for a client"),
    Expected("CSR-4", NOT_RUN, SERVER, "without a record"),
    Expected("CSR-4", WARN, for_server("DNS:x.example"), "the 1R-IDs have cargo.example", ACME),
    Expected("CSR-4", WARN, for_server(*HOSTS, *HOSTS), "twice"),
    Expected("CSR-4", WARN, for_server("DNS:*.example"), "no fully qualified"),
    Expected("CSR-4", WARN, for_server(*HOSTS, f"URI:{ID}"), "It also names"),
    Expected("CSR-4", WARN, for_server(), "no host"),
    Expected("CSR-5", PASS, request(), "digitalSignature and clientAuth"),
    Expected("CSR-5", PASS, request(key=pki.rsa_key(), key_usage=RSA_USAGES), "keyEncipherment"),
    Expected("CSR-5", PASS, SERVER, "serverAuth"),
    Expected("CSR-5", WARN, request(key_usage=None), "both"),
    Expected("CSR-5", WARN, request(critical_key_usage=False), "not critical"),
    Expected("CSR-5", WARN, request(key_usage=("key_encipherment",)), "keyEncipherment"),
    Expected("CSR-5", WARN, request(names=HOSTS, usages=(SERVER_AUTH,), key_usage=RSA_USAGES), "keyEnc"),
    Expected(
        "CSR-5",
        WARN,
        request(usages=(CLIENT_AUTH, SERVER_AUTH)),
        "serverAuth",
        replace(AT, csr_purpose=Purpose.CLIENT),
    ),
    Expected("CSR-6", PASS, request(), "EC P-256"),
    Expected("CSR-6", FAIL, request(key=pki.rsa_key(1024)), "at least 2048"),
    Expected("CSR-6", WARN, request(key=curve_key(ec.SECP521R1)), "P-521"),
    Expected("CSR-7", PASS, request(), "No password"),
    Expected("CSR-7", WARN, request(challenge_password=True), "challengePassword"),
    Expected("CSR-7", WARN, request(names=("email:a@b.example",)), "a@b.example"),
    Expected("CSR-7", WARN, request(subject=((NameOID.ORGANIZATION_NAME, "Acme"), (CN, "ACME"))), "O=Acme"),
    Expected("CSR-9", PASS, request(), "the same; valid until", issued()),
    Expected("CSR-9", NOT_RUN, request(), "No issued certificate"),
    Expected("CSR-9", FAIL, request(), "another key", issued(key=curve_key(ec.SECP384R1))),
    Expected("CSR-9", FAIL, request(), f"where URI:{ID} was asked for", issued(names=(f"URI:{SECOND}",))),
    Expected("CSR-9", FAIL, request(), "subject CN=X where CN=ACME", issued(subject=((CN, "X"),))),
    Expected("CSR-9", FAIL, request(), "extended key usage serverAuth", issued(usages=(SERVER_AUTH,))),
    Expected("CSR-10", NOT_RUN, SERVER, "DNS"),
    Expected("CSR-10", NOT_APPLICABLE, request(), "no hosts"),
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: f"{e.rule}-{e.status}-{e.evidence}")
def test_rule(expected: Expected) -> None:
    finding = request_findings(expected.der, expected.context)[expected.rule]
    said = wording("en").text(finding.evidence)
    assert finding.status is expected.status, said
    assert expected.evidence in said


def test_every_rule_reports_once_and_in_order() -> None:
    assert list(request_findings(request())) == [
        *(f"CSR-{number}" for number in range(1, 11)),
        *("KEY-01", "KEY-02", "KEY-05", "ORG-01"),
    ]


@pytest.mark.parametrize("data", [b"", b"no request", request()[:100]])
def test_anything_can_be_linted(data: bytes) -> None:
    found = request_findings(data)
    assert verdict_of(found.values()) == "fail"
    assert found["CSR-6"].severity is Severity.ERROR
