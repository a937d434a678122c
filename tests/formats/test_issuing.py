"""Certificates and lists made by profile, read back by our own reader and judged by the rule sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pki import rsa_key
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.inspection import CertificateDetails
from trustdesk.formats import issuing
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.issuing import (
    CLIENT_AUTH,
    Addresses,
    Issuer,
    NameLimits,
    Revoked,
    SigningKey,
    Validity,
    common_name,
    host_names,
    revocation_list,
)
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.verify.lint import lint
from trustdesk.verify.profiles.context import CertificateSubject, LintContext, Role
from trustdesk.verify.profiles.rule import RuleSet, RuleSetName

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
YEARS = Validity(NOW - timedelta(days=1), NOW + timedelta(days=3000))
A_YEAR = Validity(NOW, NOW + timedelta(days=365) - timedelta(seconds=1))
ADDRESSES = Addresses(
    crl="http://crl.example/a.crl", issuer="http://ca.example/a", ocsp="http://ocsp.example"
)

P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())

ISSUER_KEYS: list[Callable[[], SigningKey]] = [lambda: P256, lambda: P384, rsa_key]


def issuer_with(key: SigningKey, addresses: Addresses = ADDRESSES) -> Issuer:
    certificate = issuing.root_certificate(common_name("Root"), key, YEARS)
    return Issuer(certificate=certificate, key=key, addresses=addresses)


ISSUER = issuer_with(P256)


def details(certificate: x509.Certificate) -> CertificateDetails:
    return read_details(certificate.public_bytes(Encoding.DER))


def violated(certificate: x509.Certificate, role: Role) -> set[str]:
    """Return the rules of the 2020 profile that a certificate breaks by itself."""
    findings: tuple[Finding, ...] = lint(
        CertificateSubject(details(certificate)),
        role,
        [RuleSet(RuleSetName.ONE_RECORD_2020), RuleSet(RuleSetName.ONE_RECORD_2X)],
        LintContext(at=NOW),
    )
    return {one.rule for one in findings if one.status in {FindingStatus.FAIL, FindingStatus.WARN}}


@pytest.mark.parametrize("make_key", ISSUER_KEYS)
def test_a_client_keeps_every_rule_of_its_profile(make_key: Callable[[], SigningKey]) -> None:
    issuer = issuer_with(make_key())
    ids = ["https://1r.cargo.example/ACME", "https://1r.cargo.example/ACME-2"]
    for key in (P384, rsa_key()):
        made = issuing.client_certificate(issuer, "ACME", ids, key.public_key(), A_YEAR)
        made.verify_directly_issued_by(issuer.certificate)
        read = details(made)
        assert not violated(made, Role.CLIENT)
        assert read.facts.subject == "CN=ACME"
        assert read.facts.subject_alt_names == tuple(f"URI:{one}" for one in ids)
        assert read.facts.key_usage == ("digitalSignature",)
        assert read.facts.extended_key_usage == ("clientAuth",)
        assert read.crl_urls == ("http://crl.example/a.crl",)
        assert read.authority_key_id == details(issuer.certificate).subject_key_id


@pytest.mark.parametrize("is_named", [True, False])
def test_a_server_keeps_every_rule_of_its_profile(is_named: bool) -> None:
    subject = common_name("1r.cargo.example") if is_named else x509.Name([])
    for key, usages in (
        (P256, ("digitalSignature",)),
        (rsa_key(), ("digitalSignature", "keyEncipherment")),
    ):
        made = issuing.server_certificate(
            ISSUER,
            subject,
            host_names("1r.cargo.example"),
            key.public_key(),
            A_YEAR,
            policies=(x509.ObjectIdentifier("2.999.1"),),
        )
        assert not violated(made, Role.SERVER)
        read = details(made)
        assert read.facts.key_usage == usages
        assert read.facts.extended_key_usage == ("serverAuth", "clientAuth")
        san = made.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        assert san.critical is not is_named


def test_a_server_alone_is_no_client() -> None:
    made = issuing.server_certificate(
        ISSUER, x509.Name([]), host_names("a.example"), P256.public_key(), A_YEAR, client_auth=False
    )
    assert details(made).facts.extended_key_usage == ("serverAuth",)


def test_an_issuing_ca_is_bound() -> None:
    limits = NameLimits(
        permitted=(x509.DNSName("cargo.example"), x509.UniformResourceIdentifier(".cargo.example")),
        excluded=(x509.DNSName("bad.cargo.example"),),
    )
    made = issuing.subordinate_certificate(
        ISSUER, common_name("Issuing", "Org"), P384.public_key(), YEARS, purposes=[CLIENT_AUTH], limits=limits
    )
    read = details(made)
    assert (read.facts.is_ca, read.path_length) == (True, 0)
    assert read.facts.key_usage == ("keyCertSign", "cRLSign")
    assert read.facts.extended_key_usage == ("clientAuth",)
    assert read.permitted_names == ("DNS:cargo.example", "URI:.cargo.example")
    assert read.excluded_names == ("DNS:bad.cargo.example",)
    critical = {extension.name for extension in read.extensions if extension.critical}
    assert critical == {"basicConstraints", "keyUsage", "nameConstraints"}
    assert read.facts.subject == "CN=Issuing,O=Org"


def test_without_addresses_none_stand_there() -> None:
    made = issuing.client_certificate(
        issuer_with(P256, Addresses()), "ACME", ["https://a.example/ACME"], P256.public_key(), A_YEAR
    )
    read = details(made)
    assert (read.crl_urls, read.ocsp_urls, read.ca_issuer_urls) == ((), (), ())


@pytest.mark.parametrize(
    ("make_key", "algorithm"),
    [
        (lambda: P256, "ecdsa-with-SHA256"),
        (lambda: P384, "ecdsa-with-SHA384"),
        (rsa_key, "sha256WithRSAEncryption"),
    ],
)
def test_the_digest_goes_with_the_key(make_key: Callable[[], SigningKey], algorithm: str) -> None:
    assert details(issuer_with(make_key()).certificate).facts.signature_algorithm == algorithm


def test_a_revocation_list_says_number_reasons_and_issuer() -> None:
    revoked = [
        Revoked(serial_number=0x1234, revoked_at=NOW, reason=x509.ReasonFlags.key_compromise),
        Revoked(serial_number=0x5678, revoked_at=NOW, reason=x509.ReasonFlags.unspecified),
    ]
    made = revocation_list(ISSUER, revoked, number=7, this_update=NOW, next_update=NOW + timedelta(days=7))
    facts = read_revocation_list(made.public_bytes(Encoding.DER))
    assert (facts.version, facts.number, facts.count) == (2, 7, 2)
    assert (facts.this_update, facts.next_update) == (NOW, NOW + timedelta(days=7))
    assert facts.authority_key_id == details(ISSUER.certificate).subject_key_id
    assert not facts.problems
    assert made.is_signature_valid(ISSUER.certificate.public_key())  # type: ignore[arg-type]
    compromised, unspecified = list(made)
    reason = compromised.extensions.get_extension_for_class(x509.CRLReason).value
    assert reason.reason is x509.ReasonFlags.key_compromise
    assert not list(unspecified.extensions)


def test_an_empty_revocation_list_is_of_version_2() -> None:
    made = revocation_list(ISSUER, [], number=1, this_update=NOW, next_update=NOW + timedelta(days=1))
    facts = read_revocation_list(made.public_bytes(Encoding.DER))
    assert (facts.version, facts.number, facts.count) == (2, 1, 0)


def test_no_key_is_shown() -> None:
    assert "key=" not in repr(ISSUER)


@given(st.text(max_size=80))
@settings(max_examples=200)
def test_any_company_id_is_written_as_it_is_or_refused(company_id: str) -> None:
    try:
        made = issuing.client_certificate(
            ISSUER, company_id, ["https://a.example/A"], P256.public_key(), A_YEAR
        )
    except ValueError:
        return
    assert details(made).facts.subject_common_name == company_id


@given(st.sets(st.integers(1, 2**159 - 1), max_size=40), st.integers(1, 2**63))
@settings(max_examples=50)
def test_every_revoked_number_is_on_the_list(serials: set[int], number: int) -> None:
    revoked = [Revoked(serial_number=serial, revoked_at=NOW) for serial in serials]
    made = revocation_list(
        ISSUER, revoked, number=number, this_update=NOW, next_update=NOW + timedelta(days=1)
    )
    assert {entry.serial_number for entry in made} == serials
    assert read_revocation_list(made.public_bytes(Encoding.DER)).number == number


def test_serial_numbers_are_long_and_never_the_same() -> None:
    serials = {issuing.root_certificate(common_name("Root"), P256, YEARS).serial_number for _ in range(200)}
    assert len(serials) == 200
    assert max(serials).bit_length() > 140
    assert all(0 < serial < 2**159 for serial in serials)
