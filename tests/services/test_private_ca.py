"""A private CA: made whole or not at all, signs by profile after its preflight, revokes with a list."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.support import pki
from tests.support.csr import (
    COMPANY,
    MAIN_ID,
    PARTNER_HOST,
    client_request,
    request,
    server_request,
    with_broken_signature,
    with_unknown_signature,
)
from tests.support.drafts import client_draft
from tests.support.memory_keys import MemoryKeyStores
from tests.support.pki import CLIENT_AUTH, SERVER_AUTH, name, rsa_key
from tests.support.private_cas import DAYS, NOW, PrivateCaDesk
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.errors import (
    CancelledByPersonError,
    EnvironmentFailureError,
    KeyLostError,
    KeyStoreLockedError,
    UnusableInputError,
)
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.key_store import KeyKind, KeyStoreKind
from trustdesk.core.ports import Job
from trustdesk.core.private_ca import (
    IssuedCertificate,
    RevocationReason,
)
from trustdesk.core.target import parse_target
from trustdesk.core.verification import Purpose
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.request import read_request
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.services.authority_desk import AuthorityDesk
from trustdesk.services.issuing_preflight import own_list
from trustdesk.services.key_thread import KeyThread
from trustdesk.services.private_ca import PrivateCa
from trustdesk.services.request_cases import RequestCases
from trustdesk.services.trust_lists import file_list
from trustdesk.services.verification import verify_certificate
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace

CLIENT, SERVER = RequestPurpose.CLIENT, RequestPurpose.SERVER


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PrivateCaDesk]:
    opened = PrivateCaDesk(tmp_path)
    yield opened
    opened.close()


def failed(findings: dict[str, Finding]) -> set[str]:
    return {rule for rule, one in findings.items() if one.is_failure}


def test_it_is_the_desk_of_the_contract(desk: PrivateCaDesk) -> None:
    as_contracted: AuthorityDesk = desk.ca
    assert as_contracted.authorities().result() == ()


@pytest.mark.parametrize("key", list(KeyKind))
def test_a_ca_is_a_root_and_an_issuing_ca_of_path_length_0(desk: PrivateCaDesk, key: KeyKind) -> None:
    made = desk.create(key=key, crl_url="http://crl.group.example/a.crl")
    root, issuing = read_details(made.root.der), read_details(made.issuing.der)
    assert (root.facts.subject, issuing.facts.subject) == ("CN=Group Root", "CN=Group Issuing CA")
    assert (root.path_length, issuing.path_length) == (1, 0)
    assert issuing.facts.extended_key_usage == ("serverAuth", "clientAuth")
    assert root.facts.is_self_issued
    assert issuing.facts.issuer == root.facts.subject
    assert made.root.not_after is not None
    assert made.root.not_after - NOW.replace(microsecond=0) < 3650 * DAYS
    for stored, facts in ((made.root_key, made.root), (made.issuing_key, made.issuing)):
        assert read_details(facts.der).spki_sha256 == stored.spki_sha256
    assert len(desk.keys.keyring.records) == 2
    assert desk.one() == made
    assert (made.crl_number, made.issued) == (None, ())


def test_a_name_that_is_taken_leaves_nothing_behind(desk: PrivateCaDesk) -> None:
    desk.create()
    with pytest.raises(UnusableInputError, match="already"):
        desk.create("  Group ")
    assert (len(desk.keys.keyring.records), desk.rows(schema.keys), desk.rows(schema.authorities)) == (
        2,
        2,
        1,
    )


def test_a_name_that_is_taken_meanwhile_takes_the_keys_back(
    desk: PrivateCaDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.create()
    checked = desk.workspace.submit(lambda _: None)
    monkeypatch.setattr(desk.ca._authorities, "check_name", lambda _: checked)
    with pytest.raises(UnusableInputError, match="already"):
        desk.create()
    assert (len(desk.keys.keyring.records), desk.rows(schema.keys), desk.rows(schema.authorities)) == (
        2,
        2,
        1,
    )


@pytest.mark.parametrize(
    "keywords",
    [
        {"name": " "},
        {"name": "x" * 54},
        {"name": "a\nb"},
        {"root_days": 0},
        {"issuing_days": 4000},
        {"root_days": 10**6},
        {"permitted_names": ("cargo.example",)},
        {"permitted_names": ("DNS:",)},
        {"permitted_names": ("DNS:.cargo.example",)},
        {"permitted_names": ("URI:https://cargo.example/A",)},
        {"permitted_names": ("DNS:münchen.example",)},
        {"permitted_names": ("IP:192.0.2.0/24",)},
        {"permitted_names": ("email:cargo.example",)},
        {"crl_url": "https://crl.example/a.crl"},
        {"crl_url": "crl.example"},
        {"crl_url": "http://crl.example/a b"},
        {"crl_url": "http://[broken"},
    ],
)
def test_what_cannot_be_made_is_refused_before_any_key(desk: PrivateCaDesk, keywords: dict[str, Any]) -> None:
    with pytest.raises(UnusableInputError):
        desk.create(**keywords)
    assert not desk.keys.keyring.records


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        (
            ("DNS:Cargo.example",),
            ("DNS:cargo.example", "URI:cargo.example", "URI:.cargo.example"),
        ),
        (("URI:.cargo.example",), ("DNS:cargo.example", "URI:.cargo.example")),
        (("DNS:a.example", "URI:b.example"), ("DNS:a.example", "URI:b.example")),
    ],
)
def test_a_limit_holds_for_clients_and_servers(
    desk: PrivateCaDesk, typed: tuple[str, ...], stands: tuple[str, ...]
) -> None:
    read = read_details(desk.create(permitted_names=typed).issuing.der)
    assert read.permitted_names == stands
    assert read.excluded_names == ("IP:0.0.0.0/0", "IP:::/0")


def test_a_locked_store_leaves_nothing_behind(desk: PrivateCaDesk) -> None:
    desk.keys.keyring.is_locked = True
    with pytest.raises(KeyStoreLockedError):
        desk.create()
    assert (desk.rows(schema.authorities), desk.rows(schema.certificates)) == (0, 0)


def test_a_client_is_issued_by_its_profile(desk: PrivateCaDesk) -> None:
    authority = desk.create(crl_url="http://crl.group.example/a.crl")
    csr = client_request(MAIN_ID, f"https://{PARTNER_HOST}/ACME-2")
    findings = desk.findings(authority, csr)
    assert not failed(findings)
    issued = desk.issue(authority, csr, days=365)
    read = read_details(issued.certificate.der)
    assert read.facts.subject == f"CN={COMPANY}"
    assert read.facts.subject_alt_names == (f"URI:{MAIN_ID}", f"URI:https://{PARTNER_HOST}/ACME-2")
    assert read.spki_sha256 == csr.spki_sha256
    assert read.crl_urls == ("http://crl.group.example/a.crl",)
    assert read.facts.not_after is not None
    assert read.facts.not_before is not None
    assert read.facts.not_after - read.facts.not_before == 365 * DAYS - timedelta(seconds=1)
    assert desk.one().issued == (issued,)
    assert (issued.purpose, issued.revoked_at) == (CLIENT, None)


@pytest.mark.parametrize("asks_for_both", [True, False])
def test_a_server_is_issued_by_its_profile(desk: PrivateCaDesk, asks_for_both: bool) -> None:
    usages = (SERVER_AUTH, CLIENT_AUTH) if asks_for_both else (SERVER_AUTH,)
    csr = server_request("A.cargo.example", "b.cargo.example", usages=usages)
    issued = desk.issue(desk.create(), csr, SERVER)
    facts = issued.certificate
    assert facts.subject_alt_names == ("DNS:a.cargo.example", "DNS:b.cargo.example")
    assert facts.subject == "CN=a.cargo.example"
    assert facts.extended_key_usage == tuple(["serverAuth", "clientAuth"][: len(usages)])


def test_a_server_without_a_subject_gets_none(desk: PrivateCaDesk) -> None:
    issued = desk.issue(desk.create(), server_request(common_name=""), SERVER)
    san = x509.load_der_x509_certificate(issued.certificate.der).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert (issued.certificate.subject, san.critical) == ("", True)


def test_nothing_but_the_profile_goes_over_from_a_request(desk: PrivateCaDesk) -> None:
    """Usages, an organization and foreign extensions that are asked for only warn, and are left out."""
    csr = client_request(
        usages=(CLIENT_AUTH, x509.ObjectIdentifier("1.3.6.1.5.5.7.3.3")),
        key_usage="key_cert_sign",
        organization="Somebody else",
        extensions=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.7"), b"\x05\x00"), True)],
    )
    authority = desk.create()
    findings = desk.findings(authority, csr)
    assert {findings[rule].status for rule in ("CSR-2", "CSR-5", "CSR-7")} == {FindingStatus.WARN}
    facts = desk.issue(authority, csr).certificate
    assert facts.subject == f"CN={COMPANY}"
    assert facts.key_usage == ("digitalSignature",)
    assert facts.extended_key_usage == ("clientAuth",)
    names = {extension.name for extension in read_details(facts.der).extensions}
    assert names == {
        "subjectKeyIdentifier",
        "authorityKeyIdentifier",
        "basicConstraints",
        "keyUsage",
        "extKeyUsage",
        "subjectAltName",
    }


BAD_CLIENTS: dict[str, tuple[Callable[[], CsrFacts], str]] = {
    "signature": (lambda: with_broken_signature(client_request(key=rsa_key())), "CSR-1"),
    "unknown signature": (lambda: with_unknown_signature(client_request()), "CSR-1"),
    "company id": (lambda: client_request(common_name="OTHER"), "CSR-3"),
    "host name": (server_request, "CSR-3"),
    "port": (lambda: client_request(f"https://{PARTNER_HOST}:8443/ACME"), "CSR-3"),
    "no fqdn": (lambda: client_request("https://localhost/ACME"), "PCA-1"),
    "twice": (lambda: client_request(MAIN_ID, MAIN_ID), "CSR-3"),
    "weak key": (lambda: client_request(key=rsa_key(1024)), "CSR-6"),
    "kind of key": (lambda: client_request(key=ed25519.Ed25519PrivateKey.generate()), "CSR-6"),
    "curve": (lambda: client_request(key=ec.generate_private_key(ec.SECP521R1())), "CSR-6"),
    "a CA": (lambda: client_request(extensions=[(x509.BasicConstraints(True, None), True)]), "PCA-3"),
    "long": (lambda: client_request(f"https://a.example/{'x' * 65}", common_name="x" * 65), "PCA-1"),
}


@pytest.mark.parametrize("case", BAD_CLIENTS)
def test_a_bad_request_is_not_signed(desk: PrivateCaDesk, case: str) -> None:
    make, rule = BAD_CLIENTS[case]
    csr, authority = make(), desk.create()
    assert rule in failed(desk.findings(authority, csr))
    with pytest.raises(UnusableInputError, match="not signed"):
        desk.issue(authority, csr)
    assert not desk.keys.loads
    assert not desk.one().issued


@pytest.mark.parametrize("name", ["*.cargo.example", "localhost", "192.0.2.1"])
def test_a_server_is_a_host_of_its_own(desk: PrivateCaDesk, name: str) -> None:
    assert failed(desk.findings(desk.create(), server_request(name), SERVER)) >= {"CSR-4", "PCA-1"}


def test_what_a_caller_says_of_a_request_does_not_count(desk: PrivateCaDesk) -> None:
    """A face hands over facts; a hostile request must not be signed for what somebody else read in it."""
    broken = with_broken_signature(client_request(key=rsa_key()))
    prettified = replace(broken, signature_valid=True, subject_alt_names=(f"URI:{MAIN_ID}",))
    authority = desk.create()
    assert "CSR-1" in failed(desk.findings(authority, prettified))
    with pytest.raises(UnusableInputError):
        desk.issue(authority, prettified)


def test_a_published_key_is_not_certified(desk: PrivateCaDesk) -> None:
    csr = client_request()
    assert csr.spki_sha256 is not None
    desk.compromised[csr.spki_sha256] = "npm left-pad, key.pem"
    finding = desk.findings(desk.create(), csr)["KEY-05"]
    assert (finding.is_failure, finding.severity) == (True, Severity.BLOCKER)


def test_a_key_that_was_given_up_is_not_certified_again(desk: PrivateCaDesk) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    authority = desk.create()
    issued = desk.issue(authority, client_request(key=key))
    renewal = desk.findings(authority, client_request(key=key))
    assert renewal["CSR-8"].status is FindingStatus.WARN
    assert not failed(renewal)
    desk.revoke(authority, issued)
    assert failed(desk.findings(authority, client_request(key=key))) == {"PCA-4"}
    other = desk.create("Other")
    assert failed(desk.findings(other, client_request(key=key))) == {"PCA-4"}


def test_a_key_in_another_encoding_is_the_same_key(desk: PrivateCaDesk) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    usual = client_request(key=key)
    rewritten = read_request(pki.request_with_compressed_key(usual.der, key))
    assert rewritten.signature_valid
    assert rewritten.spki_sha256 != usual.spki_sha256
    assert usual.spki_sha256 is not None
    authority = desk.create()
    assert not failed(desk.findings(authority, rewritten))
    desk.revoke(authority, desk.issue(authority, usual))
    assert "PCA-4" in failed(desk.findings(authority, rewritten))
    desk.compromised[usual.spki_sha256] = "npm left-pad, key.pem"
    assert "KEY-05" in failed(desk.findings(authority, rewritten))


def test_a_ca_certifies_no_key_of_its_own(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    for reference in (authority.root_key.reference, authority.issuing_key.reference):
        key = desk.keys.load(reference)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        assert failed(desk.findings(authority, client_request(key=key))) == {"PCA-4"}


def test_a_ca_certifies_no_key_of_another_private_ca(desk: PrivateCaDesk) -> None:
    authority, other = desk.create(), desk.create("Other")
    for reference in (other.root_key.reference, other.issuing_key.reference):
        key = desk.keys.load(reference)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        assert failed(desk.findings(authority, client_request(key=key))) == {"PCA-4"}


def test_keys_are_looked_for_in_requests_and_identities_too(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    cases = RequestCases(desk.workspace, desk.keys, desk.clock)
    (own,) = cases.make((client_draft(MAIN_ID),), KeyStoreKind.KEYRING)
    assert own.key is not None
    assert desk.findings(authority, own.request)["CSR-8"].status is FindingStatus.PASS
    key = desk.keys.load(own.key.reference)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    again = desk.findings(authority, client_request(key=key))["CSR-8"]
    assert again.status is FindingStatus.WARN
    assert own.name in str(again.evidence.params)


@pytest.mark.parametrize(
    ("csr", "purpose", "is_within"),
    [
        (client_request(), CLIENT, True),
        (client_request("https://cargo.example/ACME"), CLIENT, True),
        (client_request("https://other.example/ACME"), CLIENT, False),
        (client_request(MAIN_ID, "https://cargo.example.other.example/ACME"), CLIENT, False),
        (client_request("https://1r.cargo.example/evil.example", common_name="evil.example"), CLIENT, False),
        (server_request(), SERVER, True),
        (server_request("evilcargo.example"), SERVER, False),
        (server_request(PARTNER_HOST, "www.other.example"), SERVER, False),
    ],
)
def test_names_outside_of_the_limits_fail(
    desk: PrivateCaDesk, csr: CsrFacts, purpose: RequestPurpose, is_within: bool
) -> None:
    authority = desk.create(permitted_names=("DNS:cargo.example",))
    finding = desk.findings(authority, csr, purpose)["PCA-1"]
    assert finding.status is (FindingStatus.PASS if is_within else FindingStatus.FAIL)
    assert finding.severity is Severity.BLOCKER


def add_partner(desk: PrivateCaDesk, partner: str, *targets: str) -> None:
    for target in targets:
        Directory(desk.workspace).add_endpoint(partner, parse_target(target)).result()


@pytest.mark.parametrize(
    ("csr", "purpose", "status"),
    [
        (client_request(), CLIENT, FindingStatus.PASS),
        (client_request("https://1R.Cargo.example/ACME"), CLIENT, FindingStatus.PASS),
        (client_request("https://cargo.example/ACME"), CLIENT, FindingStatus.FAIL),
        (client_request(MAIN_ID, "https://other.example/B"), CLIENT, FindingStatus.FAIL),
        (server_request(), SERVER, FindingStatus.PASS),
        (server_request(PARTNER_HOST, "www.cargo.example"), SERVER, FindingStatus.FAIL),
    ],
)
def test_names_are_compared_with_the_partners_hosts(
    desk: PrivateCaDesk, csr: CsrFacts, purpose: RequestPurpose, status: FindingStatus
) -> None:
    add_partner(desk, "Acme", f"https://{PARTNER_HOST}/", "https://other-host.example:8443/")
    add_partner(desk, "Bravo", "https://other.example/")
    authority = desk.create()
    assert desk.findings(authority, csr, purpose, "Acme")["PCA-2"].status is status
    if status is FindingStatus.FAIL:
        with pytest.raises(UnusableInputError, match="not signed"):
            desk.issue(authority, csr, purpose, partner="Acme")


def test_what_cannot_be_compared_is_not_run_and_never_passes(desk: PrivateCaDesk) -> None:
    finding = desk.findings(desk.create(), client_request())["PCA-2"]
    assert finding.status is FindingStatus.NOT_RUN


def test_nothing_is_signed_for_a_partner_that_the_directory_does_not_have(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    with pytest.raises(UnusableInputError, match="not signed"):
        desk.issue(authority, client_request(), partner="Nobody")


def test_a_host_that_partners_share_does_not_tell_whose_company_id_it_is(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    for partner in ("Acme", "Rival"):
        add_partner(desk, partner, f"https://{PARTNER_HOST}/{partner}")
    csr = client_request(f"https://{PARTNER_HOST}/RIVAL", common_name="RIVAL")
    finding = desk.findings(authority, csr, partner="Acme")["PCA-2"]
    assert finding.status is FindingStatus.NOT_RUN
    assert "Rival" in str(finding.evidence.params)
    assert desk.findings(authority, server_request(), SERVER, "Acme")["PCA-2"].status is FindingStatus.PASS
    foreign = client_request(f"https://{PARTNER_HOST}/ACME", "https://other.example/ACME")
    assert failed(desk.findings(authority, foreign, partner="Acme")) == {"PCA-2"}


def test_a_request_longer_than_any_ca_takes_is_not_signed(desk: PrivateCaDesk) -> None:
    ids = [f"{MAIN_ID}{number}" for number in range(3000)]
    csr = client_request(*ids, common_name=f"{COMPANY}0")
    assert failed(desk.findings(desk.create(), csr)) == {"PCA-3"}


def test_it_signs_for_a_purpose_alone(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    with pytest.raises(UnusableInputError, match="free forms"):
        desk.ca.preflight(authority.id, client_request(), RequestPurpose.FREE).result()
    with pytest.raises(UnusableInputError, match="free forms"):
        desk.issue(authority, client_request(), RequestPurpose.FREE)


@pytest.mark.parametrize("validity", [timedelta(0), timedelta(days=-1), timedelta(days=365, seconds=1)])
def test_it_signs_for_a_year_at_most(desk: PrivateCaDesk, validity: timedelta) -> None:
    authority = desk.create()
    job = desk.ca.issue(authority.id, client_request(), CLIENT, validity=validity)
    with pytest.raises(UnusableInputError, match="days"):
        job.future.result()
    assert not desk.keys.loads


def test_nothing_outlives_the_ca(desk: PrivateCaDesk) -> None:
    authority = desk.create(issuing_days=30)
    with pytest.raises(UnusableInputError, match="ends before"):
        desk.issue(authority, client_request(), days=31)
    desk.clock.at = NOW + 29 * DAYS
    issued = desk.issue(authority, client_request(), days=1)
    assert issued.certificate.not_after is not None
    assert authority.issuing.not_after is not None
    assert issued.certificate.not_after <= authority.issuing.not_after
    desk.clock.at = NOW + 31 * DAYS
    assert failed(desk.findings(authority, client_request())) == {"PCA-1"}


def test_what_is_issued_is_valid_by_its_root_alone(desk: PrivateCaDesk) -> None:
    authority, other = desk.create(), desk.create("Other")
    issued = desk.issue(authority, client_request())
    for trusted, expected in ((authority, True), (other, False)):
        verification = verify_certificate(
            issued.certificate,
            [authority.issuing],
            purpose=Purpose.CLIENT,
            trust_lists=[own_list(trusted)],
            at=NOW,
        )
        assert verification.trusted is expected


def test_a_key_that_is_another_signs_nothing_that_leaves(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    reference = str(authority.issuing_key.reference)
    desk.keys.planted[reference] = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(EnvironmentFailureError, match="judge refuses"):
        desk.issue(authority, client_request())
    with pytest.raises(EnvironmentFailureError, match="thrown away"):
        desk.ca.issue_crl(authority.id).future.result()
    desk.keys.planted[reference] = ed25519.Ed25519PrivateKey.generate()
    with pytest.raises(KeyLostError):
        desk.issue(authority, client_request())
    assert (desk.one().issued, desk.one().crl_number) == ((), None)


def test_each_key_is_loaded_for_one_signature_and_let_go_of(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    root, issuing = authority.root_key.reference, authority.issuing_key.reference
    held = {one: desk.keys.load(one) for one in (root, issuing)}
    desk.keys.planted = {str(one): key for one, key in held.items()}
    before = [sys.getrefcount(key) for key in held.values()]
    desk.keys.loads.clear()
    desk.issue(authority, client_request())
    assert desk.keys.loads == [str(issuing)]
    desk.ca.issue_crl(authority.id).future.result()
    assert desk.keys.loads[1:] == [str(issuing), str(root)]
    desk.thread.run(lambda: None).future.result()  # what ran before it has been let go of
    assert [sys.getrefcount(key) for key in held.values()] == before


def test_a_revocation_comes_with_its_list(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    issued = desk.issue(authority, client_request())
    crl = desk.revoke(authority, issued)
    assert (crl.number, crl.count) == (1, 1)
    facts = read_revocation_list(crl.der)
    # A server whose clock is a little slow must not take it for a list of the future.
    assert (facts.number, facts.this_update) == (1, NOW.replace(microsecond=0) - timedelta(minutes=5))
    (entry,) = x509.load_der_x509_crl(crl.der)
    assert f"{entry.serial_number:x}" == issued.certificate.serial_number
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value == "keyCompromise"
    now = desk.one()
    assert (now.crl_number, now.crl_next_update) == (1, crl.next_update)
    assert now.issued[0].reason is RevocationReason.KEY_COMPROMISE
    assert now.issued[0].revoked_at == NOW.replace(microsecond=0)
    root = read_revocation_list(crl.root_der)
    assert (root.issuer, root.count, root.number) == ("CN=Group Root", 0, 1)


def test_numbers_rise_and_entries_stay(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    first = desk.issue(authority, client_request())
    second = desk.issue(authority, server_request(), SERVER)
    crls = [
        desk.ca.issue_crl(authority.id).future.result(),
        desk.revoke(authority, first),
        desk.revoke(authority, second, RevocationReason.UNSPECIFIED),
    ]
    desk.clock.at = NOW + 400 * DAYS
    crls.append(desk.ca.issue_crl(authority.id, days=30).future.result())
    assert [crl.number for crl in crls] == [1, 2, 3, 4]
    assert [crl.count for crl in crls] == [0, 1, 2, 2]
    assert crls[-1].next_update == desk.clock.at.replace(microsecond=0) + 30 * DAYS


def test_a_revocation_ends_no_list_sooner_than_was_promised(desk: PrivateCaDesk) -> None:
    """A server that was given a list for 90 days would refuse everybody after a week."""
    authority = desk.create()
    issued = desk.issue(authority, client_request())
    promised = desk.ca.issue_crl(authority.id, days=90).future.result().next_update
    assert desk.revoke(authority, issued).next_update == promised
    shorter = desk.ca.issue_crl(authority.id, days=3).future.result()
    assert shorter.next_update < promised  # because a person asked for it
    later = desk.revoke(authority, desk.issue(authority, server_request(), SERVER))
    assert later.next_update - NOW.replace(microsecond=0) == 7 * DAYS


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_list_lasts_a_year_at_most(desk: PrivateCaDesk, days: int) -> None:
    authority = desk.create()
    with pytest.raises(UnusableInputError, match="revocation list"):
        desk.ca.issue_crl(authority.id, days=days).future.result()


def test_nothing_is_revoked_twice_or_for_another_ca(desk: PrivateCaDesk) -> None:
    authority, other = desk.create(), desk.create("Other")
    issued = desk.issue(authority, client_request())
    with pytest.raises(UnusableInputError):
        desk.revoke(other, issued)
    desk.revoke(authority, issued)
    with pytest.raises(UnusableInputError):
        desk.revoke(authority, issued, RevocationReason.SUPERSEDED)
    one, two = desk.ca.authorities().result()
    assert (one.crl_number, two.crl_number) == (1, None)
    assert one.issued[0].reason is RevocationReason.KEY_COMPROMISE


def test_a_revocation_without_its_list_is_none(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    issued = desk.issue(authority, client_request())
    desk.keys.lose(authority.root_key.reference)
    with pytest.raises(KeyLostError):
        desk.revoke(authority, issued)
    assert (desk.one().issued, desk.one().crl_number) == ((issued,), None)


@pytest.mark.parametrize("error", [RuntimeError("shut down"), CancelledError()])
def test_a_desk_that_closes_takes_no_revocation_back(desk: PrivateCaDesk, error: Exception) -> None:
    def closing() -> None:
        raise error

    authority = desk.create()
    ca = PrivateCa(desk.workspace, desk.keys, desk.thread, desk.clock, {}, on_lists=closing)
    try:
        assert ca.issue_crl(authority.id).future.result(timeout=30).number == 1
    finally:
        ca.close()


def test_two_programs_issue_no_list_of_the_same_number(desk: PrivateCaDesk, tmp_path: Path) -> None:
    """Another process revokes while ours has read what was revoked, and has not yet signed."""
    authority = desk.create()
    ours, theirs = desk.issue(authority, client_request()), desk.issue(authority, server_request(), SERVER)
    other = Workspace.open(tmp_path / "desk")
    thread = KeyThread()
    keys = MemoryKeyStores(other, tmp_path, desk.clock, desk.keys.keyring)
    elsewhere = PrivateCa(other, keys, thread, desk.clock, {})

    def meanwhile() -> None:
        desk.keys.on_load = lambda: None
        job = elsewhere.revoke(authority.id, theirs.certificate.sha256, RevocationReason.SUPERSEDED)
        assert job.future.result().number == 1

    try:
        desk.keys.on_load = meanwhile
        crl = desk.revoke(authority, ours)
    finally:
        elsewhere.close()
        thread.close()
        other.close()
    assert (crl.number, crl.count) == (2, 2)
    assert desk.one().crl_number == 2


def test_a_signature_that_was_given_up_is_not_kept(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    jobs: list[Job[IssuedCertificate]] = []
    threads: list[threading.Thread] = []
    started = threading.Event()

    def give_up() -> None:
        assert started.wait(10)
        threads.append(threading.current_thread())
        jobs[0].cancel()

    desk.keys.on_load = give_up
    jobs.append(desk.ca.issue(authority.id, client_request(), CLIENT, validity=DAYS))
    started.set()
    assert isinstance(jobs[0].future.exception(), CancelledByPersonError)
    threads[0].join(10)
    assert not threads[0].is_alive()
    assert not desk.one().issued


def test_chain_root_and_lists_are_handed_over(desk: PrivateCaDesk, tmp_path: Path) -> None:
    authority = desk.create()
    issued = desk.issue(authority, client_request())
    chain = desk.ca.save_chain(authority.id, issued.certificate.sha256, tmp_path / "chain.pem").result()
    loaded = x509.load_pem_x509_certificates(chain.read_bytes())
    assert len(loaded) == 2
    loaded[0].verify_directly_issued_by(loaded[1])
    root = desk.ca.save_root(authority.id, tmp_path / "root.pem").result()
    assert [one.sha256 for one in file_list(root).anchors] == [authority.root.sha256]
    with pytest.raises(UnusableInputError, match="no revocation list"):
        desk.ca.save_crl(authority.id, tmp_path / "a.crl").result()
    crl = desk.ca.issue_crl(authority.id).future.result()
    published = desk.ca.save_crl(authority.id, tmp_path / "a.crl").result()
    assert published.read_bytes() == crl.der
    both = desk.ca.save_crl(authority.id, tmp_path / "a.pem").result().read_bytes()
    assert both.count(b"BEGIN X509 CRL") == 2
    assert x509.load_pem_x509_crl(both).issuer == name("Group Issuing CA")
    with pytest.raises(UnusableInputError):
        desk.ca.save_chain(authority.id, "00" * 32, tmp_path / "none.pem").result()
    assert not (tmp_path / "none.pem").exists()


def test_a_ca_goes_with_its_keys(desk: PrivateCaDesk) -> None:
    authority = desk.create()
    desk.issue(authority, client_request())
    desk.ca.delete(authority.id).future.result()
    assert (desk.ca.authorities().result(), desk.keys.keyring.records) == ((), {})
    assert (desk.rows(schema.issued_certificates), desk.rows(schema.keys)) == (0, 0)
    for job in (
        desk.ca.delete(authority.id),
        desk.ca.issue_crl(authority.id),
        desk.ca.issue(authority.id, client_request(), CLIENT, validity=DAYS),
    ):
        with pytest.raises(UnusableInputError, match="not there any more"):
            job.future.result()


def test_everything_is_there_after_a_restart(desk: PrivateCaDesk, tmp_path: Path) -> None:
    authority = desk.create(permitted_names=("DNS:cargo.example",), crl_url="http://crl.example/a")
    first = desk.issue(authority, client_request())
    desk.clock.at = NOW + timedelta(minutes=1)
    second = desk.issue(authority, server_request(), SERVER)
    desk.revoke(authority, first, RevocationReason.CESSATION_OF_OPERATION)
    before = desk.one()
    assert [one.certificate for one in before.issued] == [second.certificate, first.certificate]
    again = Workspace.open(tmp_path / "desk")
    thread = KeyThread()
    elsewhere = PrivateCa(again, MemoryKeyStores(again, tmp_path, desk.clock), thread, desk.clock, {})
    try:
        assert elsewhere.authorities().result() == (before,)
    finally:
        elsewhere.close()
        thread.close()
        again.close()


def test_cas_come_by_name(desk: PrivateCaDesk) -> None:
    for one in ("b", "A", "c"):
        desk.create(one)
    assert [one.name for one in desk.ca.authorities().result()] == ["A", "b", "c"]


def test_a_request_of_other_names_is_no_client(desk: PrivateCaDesk) -> None:
    csr = request(name(COMPANY), [x509.UniformResourceIdentifier(MAIN_ID), x509.RFC822Name("a@b.example")])
    assert "CSR-3" in failed(desk.findings(desk.create(), csr))
