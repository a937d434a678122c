"""Rules of an organisation's own file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support import pki
from tests.support.pki import Issued
from tests.support.profiles import AT, client, curve_key, findings, issuing_ca, organisation
from trustdesk.core.finding import FindingStatus, Severity
from trustdesk.formats.certificate_details import read_details
from trustdesk.verify.profiles.context import Role
from trustdesk.verify.profiles.policy import OrganisationPolicy

PASS, FAIL = FindingStatus.PASS, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("rule", "status", "issued", "policy"),
    [
        ("ORG-01", NOT_APPLICABLE, client(), {}),
        ("ORG-01", NOT_APPLICABLE, client(), {"rsa_min_bits": 3072}),
        ("ORG-01", FAIL, client(key=pki.rsa_key()), {"rsa_min_bits": 3072}),
        ("ORG-01", PASS, client(key=pki.rsa_key()), {"rsa_min_bits": 2048}),
        ("ORG-01", PASS, client(), {"curves": ("P-256",)}),
        ("ORG-01", FAIL, client(key=curve_key(ec.SECP384R1)), {"curves": ("P-256",)}),
        ("ORG-02", NOT_APPLICABLE, client(), {}),
        ("ORG-02", PASS, client(), {"max_validity_days": 365}),
        ("ORG-02", FAIL, client(), {"max_validity_days": 364}),
        ("ORG-03", NOT_APPLICABLE, client(), {}),
        ("ORG-03", PASS, client(), {"allowed_cas": (issuing_ca().sha256,)}),
        ("ORG-03", FAIL, client(), {"allowed_cas": ("00" * 32,)}),
    ],
)
def test_rule(rule: str, status: FindingStatus, issued: Issued, policy: dict[str, object]) -> None:
    context = replace(AT, chain=(read_details(issuing_ca().der),))
    found = findings(issued, Role.CLIENT, context, organisation(**policy))[rule]
    assert (found.status, found.severity) == (status, Severity.ERROR)


def test_allowed_issuer_is_not_run_when_no_issuer_is_known() -> None:
    found = findings(client(), Role.CLIENT, AT, organisation(allowed_cas=("00" * 32,)))
    assert found["ORG-03"].status is NOT_RUN


def test_thresholds_are_the_organisations() -> None:
    issued = client(days=145)
    assert findings(issued, Role.CLIENT)["CLI-02"].status is PASS
    sooner = organisation(warn_days=60, error_days=50, warn_percent=90)
    found = findings(issued, Role.CLIENT, rule_sets=sooner)["CLI-02"]
    assert (found.status, found.severity) == (FAIL, Severity.ERROR)


def test_thresholds_shrink_with_the_lifetime() -> None:
    policy = OrganisationPolicy(warn_days=30, error_days=10, warn_percent=50)
    assert policy.warn_within(timedelta(days=365)) == timedelta(days=30)
    assert policy.error_within(timedelta(days=365)) == timedelta(days=10)
    assert policy.warn_within(timedelta(days=6)) == timedelta(days=3)
    assert policy.error_within(timedelta(days=6)) == timedelta(days=1)
    assert OrganisationPolicy(warn_days=0, error_days=0).error_within(timedelta(days=6)) == timedelta(0)
