"""Identities joined with a CertificateRequest: who would send, who stays silent, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.support import pki
from trustdesk.core.diagnosis import WouldSend
from trustdesk.core.handshake import CertificateRequest
from trustdesk.diagnose.acceptable_cas import (
    DOTNET,
    GO,
    JAVA,
    OPENSSL,
    SCHANNEL_LIST_LIMIT,
    OwnIdentity,
    fits_schemes,
    match_identities,
)

YES, NO, MAYBE = WouldSend.YES, WouldSend.NO, WouldSend.MAYBE
ROOT = pki.root()
CERTIFICATE = pki.client(ROOT).facts
OURS = OwnIdentity(name="ours", certificate=CERTIFICATE, issuers=("CN=Issuing", "CN=Root"))
LEAF_ALONE = replace(OURS, issuers=("CN=Issuing",), reachable_issuers=("CN=Issuing", "CN=Root"))


def decisions(request: CertificateRequest, identity: OwnIdentity = OURS) -> dict[str, WouldSend]:
    (match,) = match_identities(request, [identity])
    assert match.sha256 == identity.certificate.sha256
    return {one.client: one.would_send for one in match.behaviours}


def reasons(request: CertificateRequest, identity: OwnIdentity = OURS) -> dict[str, str]:
    (match,) = match_identities(request, [identity])
    return {one.client: one.reason.id for one in match.behaviours}


def test_empty_list_takes_any() -> None:
    assert set(decisions(CertificateRequest()).values()) == {YES}


@pytest.mark.parametrize("named", ["CN=Root", "CN=Issuing"])
def test_any_issuer_of_the_path_will_do(named: str) -> None:
    assert set(decisions(CertificateRequest(acceptable_cas=(named,))).values()) == {YES}


def test_issuer_that_is_not_named_silences_java_and_go_only() -> None:
    request = CertificateRequest(acceptable_cas=("CN=Other",))
    assert decisions(request) == {OPENSSL: YES, JAVA: NO, GO: NO, DOTNET: MAYBE}


def test_leaf_alone_is_silent_where_the_root_alone_is_named_and_says_what_helps() -> None:
    request = CertificateRequest(acceptable_cas=("CN=Root",))
    assert decisions(request, LEAF_ALONE) == {OPENSSL: YES, JAVA: NO, GO: NO, DOTNET: MAYBE}
    assert "intermediate" in reasons(request, LEAF_ALONE)[JAVA]


def test_dotnet_drops_a_certificate_without_client_auth() -> None:
    server_only = replace(OURS, certificate=pki.client(ROOT, usages=(pki.SERVER_AUTH,)).facts)
    assert decisions(CertificateRequest(), server_only) == {OPENSSL: YES, JAVA: YES, GO: YES, DOTNET: NO}
    without_usage = replace(OURS, certificate=pki.client(ROOT, usages=None).facts)
    assert decisions(CertificateRequest(), without_usage)[DOTNET] is YES


def test_key_that_fits_no_scheme_silences_everybody() -> None:
    odd = replace(OURS, certificate=pki.client(ROOT, key=ed25519.Ed25519PrivateKey.generate()).facts)
    request = CertificateRequest(signature_schemes=("rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256"))
    assert set(decisions(request, odd).values()) == {NO}


def test_list_near_schannels_limit_may_have_been_cut() -> None:
    names = tuple(f"CN=Certification Authority {number:04d},O=Some Company" for number in range(400))
    assert sum(map(len, names)) > SCHANNEL_LIST_LIMIT
    assert "cut off" in reasons(CertificateRequest(acceptable_cas=names))[DOTNET]


def test_no_request_joins_nothing() -> None:
    assert match_identities(None, [OURS]) == ()


@pytest.mark.parametrize(
    ("key", "schemes", "version", "fits"),
    [
        (pki.rsa_key(), ("rsa_pss_rsae_sha256",), "TLSv1.3", True),
        (pki.rsa_key(), ("rsa_pkcs1_sha256",), "TLSv1.3", False),
        (pki.rsa_key(), ("rsa_pkcs1_sha256",), "TLSv1.2", True),
        (pki.rsa_key(), ("ecdsa_secp256r1_sha256",), None, False),
        (ec.generate_private_key(ec.SECP384R1()), ("ecdsa_secp256r1_sha256",), "TLSv1.3", False),
        (ec.generate_private_key(ec.SECP384R1()), ("ecdsa_secp256r1_sha256",), "TLSv1.2", True),
        (ec.generate_private_key(ec.SECP384R1()), ("ecdsa_secp384r1_sha384",), "TLSv1.3", True),
        (pki.rsa_key(), (), "TLSv1.3", None),
    ],
)
def test_scheme_fits_the_key_of_the_version(
    key: object, schemes: tuple[str, ...], version: str | None, fits: bool | None
) -> None:
    assert fits_schemes(pki.client(ROOT, key=key).facts, schemes, version) is fits
