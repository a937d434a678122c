"""Linting as a whole, and what a certificate can be used as."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.x509.oid import NameOID

from tests.support import pki
from tests.support.pki import CLIENT_AUTH, SERVER_AUTH, Issued
from tests.support.profiles import ALL, AT, ID, client, request, server, subject_of
from trustdesk.core.finding import FindingStatus
from trustdesk.core.inspection import Usability
from trustdesk.formats.request import read_request
from trustdesk.services.wording import wording
from trustdesk.verify.lint import CERTIFICATE_RULES, REQUEST_RULES, RULE_IDS, lint, usable_as
from trustdesk.verify.profiles.context import CertificateSubject, CsrSubject, Role

RSA_ISSUER = pki.authority("RSA", pki.root(), key=pki.rsa_key())


def said(usability: Usability) -> str:
    return wording("en").text(usability.why)


@pytest.mark.parametrize(
    ("issued", "server_usable", "server_why", "client_usable", "client_why"),
    [
        (client(), False, "extended key usage lacks serverAuth", True, f"as {ID}"),
        (server(usages=[SERVER_AUTH]), True, "for DNS:cargo.example", False, "usage lacks clientAuth"),
        (server(), True, "for DNS:cargo.example", True, "names no 1R-ID"),
        (client(usages=None), False, "no host", True, f"as {ID}"),
        (client(is_ca=True), False, "certificate of a CA", False, "certificate of a CA"),
        (client(key_usage=["key_encipherment"]), False, "lacks serverAuth", False, "lacks digitalSignature"),
        (client(key=pki.rsa_key(1024)), False, "lacks serverAuth", False, "at least 2048"),
        (client(key_usage=None), False, "lacks serverAuth", True, f"as {ID}"),
    ],
)
def test_usable_as(
    issued: Issued, server_usable: bool, server_why: str, client_usable: bool, client_why: str
) -> None:
    found = usable_as(subject_of(issued))
    assert (found.server.usable, found.client.usable) == (server_usable, client_usable)
    assert server_why in said(found.server)
    assert client_why in said(found.client)


def test_broken_digest_and_old_version_make_unusable() -> None:
    weak = subject_of(pki.signed_with_sha1(client(issuer=RSA_ISSUER), RSA_ISSUER))
    old = CertificateSubject(replace(subject_of(client()).details, version=1))
    assert "sha1WithRSAEncryption" in said(usable_as(weak).client)
    assert said(usable_as(old).client) == "it is no X.509 certificate of version 3"


@pytest.mark.parametrize("data", [b"", b"nothing", client().der[:150]])
def test_what_is_no_certificate_is_usable_as_nothing(data: bytes) -> None:
    found = usable_as(subject_of(data))
    assert not found.server.usable
    assert not found.client.usable


def test_part_that_cannot_be_read_makes_unusable() -> None:
    damaged = client(usages=[CLIENT_AUTH]).der.replace(
        bytes.fromhex("0603551d25040c300a0608"), bytes.fromhex("0603551d25040c020a0608")
    )
    found = usable_as(subject_of(damaged))
    assert (found.client.usable, said(found.client)) == (False, "The extended key usage cannot be read.")


def test_findings_have_title_source_evidence_and_where_something_is_wrong_a_remedy() -> None:
    broken = client(names=[], usages=[SERVER_AUTH], key_usage=None, days=1, crl=False)
    for role in (Role.CLIENT, Role.SERVER, Role.CA):
        for finding in lint(subject_of(broken), role, ALL, AT):
            assert finding.source
            assert wording("en").text(finding.title).endswith(".")
            assert wording("en").text(finding.evidence)
            if finding.is_failure or finding.is_warning:
                assert finding.remedy is not None, finding.rule


def test_nothing_passes_without_having_been_looked_at() -> None:
    """Without a list, a record, a key and a chain, the rules that need one are not run."""
    found = {finding.rule: finding.status for finding in lint(subject_of(client()), Role.CLIENT, ALL, AT)}
    not_run = {rule for rule, status in found.items() if status is FindingStatus.NOT_RUN}
    assert {"CLI-18", "CLI-19", "CLI-21", *(f"CHN-0{number}" for number in range(1, 10))} <= not_run
    assert {f"KEY-0{number}" for number in range(1, 6)} <= not_run


@pytest.mark.parametrize("rules", [*CERTIFICATE_RULES.values(), REQUEST_RULES])
def test_rule_ids_are_unique_in_a_role_and_known(rules: tuple[object, ...]) -> None:
    ids = [getattr(rule, "id", "") for rule in rules]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= RULE_IDS


def test_role_has_to_go_with_the_subject() -> None:
    with pytest.raises(ValueError, match="no request"):
        lint(subject_of(client()), Role.CSR, ALL, AT)
    with pytest.raises(ValueError, match="no certificate"):
        lint(CsrSubject(read_request(request())), Role.CLIENT, ALL, AT)


def test_text_from_a_certificate_stays_a_parameter() -> None:
    hostile = client(subject=[(NameOID.COMMON_NAME, "{0}\u202e<b>")])
    (finding,) = [
        found for found in lint(subject_of(hostile), Role.CLIENT, ALL, AT) if found.rule == "CLI-11"
    ]
    assert wording("en").text(finding.evidence).startswith(r"{0}\u202e<b> is the company id of none")
