"""The lab's PKI, judged by cryptography's verifier."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from trustdesk.core.untrusted import visible
from trustdesk.lab.catalogue import IdentityName, ServerCertificate
from trustdesk.lab.hostile import hostile_common_name
from trustdesk.lab.pki import COMPANY_ID, LabPki

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NAME = "onerecord.nordwind.example"


@pytest.fixture(scope="module")
def pki() -> LabPki:
    return LabPki.create(NOW)


def verify_server(
    chain: Sequence[x509.Certificate], anchor: x509.Certificate, at: datetime = NOW, name: str = NAME
) -> list[x509.Certificate]:
    policy = PolicyBuilder().store(Store([anchor])).time(at)
    return policy.build_server_verifier(x509.DNSName(name)).verify(chain[0], list(chain[1:]))


def verify_client(chain: Sequence[x509.Certificate], anchor: x509.Certificate, at: datetime = NOW) -> None:
    PolicyBuilder().store(Store([anchor])).time(at).build_client_verifier().verify(chain[0], list(chain[1:]))


@pytest.mark.parametrize("kind", [ServerCertificate.GOOD, ServerCertificate.GOOD_RSA])
def test_good_server_leads_to_root_one(pki: LabPki, kind: ServerCertificate) -> None:
    path = verify_server(pki.server_credential(kind, NAME).chain, pki.root_one.certificate)
    assert path[1:] == [pki.server_ca_one.certificate, pki.root_one.certificate]


def test_cross_signed_server_leads_to_root_one_over_root_twos_key(pki: LabPki) -> None:
    chain = pki.server_credential(ServerCertificate.CROSS_SIGNED, NAME).chain
    path = verify_server(chain, pki.root_one.certificate)
    assert path[1:] == [pki.server_ca_two.certificate, pki.cross_certificate, pki.root_one.certificate]
    assert pki.cross_certificate.subject == pki.root_two.certificate.subject
    with pytest.raises(VerificationError):
        verify_server(chain[:2], pki.root_one.certificate)


@pytest.mark.parametrize(
    "kind",
    [
        ServerCertificate.EXPIRED,
        ServerCertificate.NOT_YET_VALID,
        ServerCertificate.WRONG_NAME,
        ServerCertificate.WITHOUT_INTERMEDIATE,
        ServerCertificate.UNLISTED_CA,
        ServerCertificate.SELF_SIGNED,
        ServerCertificate.HOSTILE,
    ],
)
def test_faulty_server_does_not_lead_to_root_one(pki: LabPki, kind: ServerCertificate) -> None:
    with pytest.raises(VerificationError):
        verify_server(pki.server_credential(kind, NAME).chain, pki.root_one.certificate)


def test_each_server_fault_is_the_only_one(pki: LabPki) -> None:
    one, two = pki.root_one.certificate, pki.root_two.certificate
    expired = pki.server_credential(ServerCertificate.EXPIRED, NAME).chain
    verify_server(expired, one, NOW - timedelta(days=30))
    early = pki.server_credential(ServerCertificate.NOT_YET_VALID, NAME).chain
    verify_server(early, one, NOW + timedelta(days=30))
    misnamed = pki.server_credential(ServerCertificate.WRONG_NAME, NAME).chain
    verify_server(misnamed, one, name=f"former.{NAME}")
    bare = pki.server_credential(ServerCertificate.WITHOUT_INTERMEDIATE, NAME).chain
    verify_server((*bare, pki.server_ca_one.certificate), one)
    verify_server(pki.server_credential(ServerCertificate.UNLISTED_CA, NAME).chain, two)
    self_signed = pki.server_credential(ServerCertificate.SELF_SIGNED, NAME).chain
    self_signed[0].verify_directly_issued_by(self_signed[0])


def test_hostile_certificate_is_signed_by_its_issuer_and_shown_harmlessly(pki: LabPki) -> None:
    leaf, issuer, _ = pki.server_credential(ServerCertificate.HOSTILE, NAME).chain
    leaf.verify_directly_issued_by(issuer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # cryptography remarks on the length of the CN
        (common_name,) = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert common_name.value == hostile_common_name()
    assert str(common_name.value).startswith("=")
    assert visible(hostile_common_name()).isprintable()


@pytest.mark.parametrize(
    ("identity", "good"),
    [
        (IdentityName.GOOD, True),
        (IdentityName.EXPIRED, False),
        (IdentityName.NOT_YET_VALID, False),
        (IdentityName.SERVER_AUTH_ONLY, False),
        (IdentityName.UNKNOWN_CA, False),
        (IdentityName.LEAF_ONLY, False),
    ],
)
def test_only_the_good_identity_leads_to_root_one(pki: LabPki, identity: IdentityName, good: bool) -> None:
    chain = pki.client_credentials()[identity].chain
    if good:
        verify_client(chain, pki.root_one.certificate)
    else:
        with pytest.raises(VerificationError):
            verify_client(chain, pki.root_one.certificate)


def test_each_identity_fault_is_the_only_one(pki: LabPki) -> None:
    one, two = pki.root_one.certificate, pki.root_two.certificate
    identities = pki.client_credentials()
    verify_client(identities[IdentityName.EXPIRED].chain, one, NOW - timedelta(days=30))
    verify_client(identities[IdentityName.NOT_YET_VALID].chain, one, NOW + timedelta(days=30))
    verify_client(identities[IdentityName.UNKNOWN_CA].chain, two)
    verify_client((*identities[IdentityName.LEAF_ONLY].chain, pki.client_ca_one.certificate), one)


def test_keys_belong_to_their_certificates(pki: LabPki) -> None:
    credentials = pki.client_credentials().values()
    servers = [pki.server_credential(kind, NAME) for kind in ServerCertificate]
    for credential in (*credentials, *servers):
        assert credential.key.public_key() == credential.chain[0].public_key()


def test_client_certificate_has_the_one_record_profile(pki: LabPki) -> None:
    leaf = pki.client_credentials()[IdentityName.GOOD].chain[0]
    assert leaf.subject.rfc4514_string() == f"CN={COMPANY_ID}"
    extensions = leaf.extensions
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier)[0].endswith(f"/{COMPANY_ID}")
    usage = extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not extensions.get_extension_for_class(x509.CRLDistributionPoints).critical
    assert not extensions.get_extension_for_class(x509.AuthorityInformationAccess).critical
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=366)


def test_every_address_in_a_certificate_is_under_example(pki: LabPki) -> None:
    chains = [pki.server_credential(kind, NAME).chain for kind in ServerCertificate]
    chains += [credential.chain for credential in pki.client_credentials().values()]
    hosts = set()
    for certificate in (certificate for chain in chains for certificate in chain):
        for extension in certificate.extensions:
            if isinstance(extension.value, x509.AuthorityInformationAccess):
                hosts |= {description.access_location.value for description in extension.value}
            elif isinstance(extension.value, x509.CRLDistributionPoints):
                hosts |= {name.value for point in extension.value for name in point.full_name or ()}
    assert hosts
    assert all(host.split("/")[2].endswith(".example") for host in hosts)
