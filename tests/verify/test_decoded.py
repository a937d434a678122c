"""Every part of a certificate is read alone; what is broken is said, and never taken for absent."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki
from tests.support.pki import HOST, NOW
from trustdesk.core.verification import Purpose, Verification
from trustdesk.formats import extension_oids as oids
from trustdesk.verify.comparable_names import comparable_text
from trustdesk.verify.decoded import decode
from trustdesk.verify.path_verifier import PathVerifier

ROOT = pki.root()


def raw(oid: str, value: bytes) -> tuple[x509.ExtensionType, bool]:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), False


def verify(der: bytes, *above: bytes) -> Verification:
    return PathVerifier([pki.trust_list(ROOT)]).verify(
        der, above, purpose=Purpose.SERVER, at=NOW, reference_identifier=HOST
    )


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        (oids.BASIC_CONSTRAINTS, b"\x04\x00"),
        (oids.KEY_USAGE, b"\x03\x01"),
        (oids.EXTENDED_KEY_USAGE, b"\x30\x00"),
        (oids.NAME_CONSTRAINTS, b"\x30\x00"),
        (oids.NAME_CONSTRAINTS, b"\x30\x04\xa2\x02\x30\x00"),
        (oids.CERTIFICATE_POLICIES, b"\x30\x02\x30\x00"),
        (oids.POLICY_MAPPINGS, b"\x30\x02\x05\x00"),
        (oids.POLICY_CONSTRAINTS, b"\x30\x02\x82\x00"),
        (oids.INHIBIT_ANY_POLICY, b"\x02\x01\xff"),
    ],
)
def test_extension_that_validation_rests_on_and_cannot_be_read_fails_closed(oid: str, value: bytes) -> None:
    """In a CA as in an end entity, critical or not: absent is something else."""
    server = pki.issue(pki.name("x"), ROOT, extensions=[raw(oid, value)])
    assert oid in decode(server.der).broken
    assert "critical.readable" in {check.rule for check in verify(server.der).paths[0].failures}
    middle = pki.issue(pki.name("CA"), ROOT, extensions=[raw(oid, value)])
    leaf = pki.server(middle)
    failed = {(check.index, check.rule) for check in verify(leaf.der, middle.der).paths[0].failures}
    assert (1, "critical.readable") in failed


def test_extension_that_stands_there_twice_is_no_extension_that_can_be_relied_on() -> None:
    """Two subject alternative names: RFC 5280 4.2 forbids it, and nobody can say which one counts."""
    first = pki.server(ROOT, HOST)
    other = raw("2.5.29.18", b"\x30\x0f\x82\x0dcargo.example")
    twice = pki.server(ROOT, HOST, extensions=[other])
    der = twice.der.replace(bytes.fromhex("0603551d12"), bytes.fromhex("0603551d11"))
    assert oids.SUBJECT_ALT_NAME in decode(der).repeated
    failed = {check.rule for check in verify(der).paths[0].failures}
    assert {"critical.unique", "leaf.peer_name"} <= failed
    assert verify(first.der).trusted


@pytest.mark.parametrize("oid", [oids.AUTHORITY_INFO_ACCESS, oids.SUBJECT_KEY_IDENTIFIER])
def test_extension_that_nothing_rests_on_is_a_flaw_of_form(oid: str) -> None:
    server = pki.server(ROOT, extensions=[raw(oid, b"\x05\x01")])
    verification = verify(server.der)
    assert verification.trusted
    flaws = {check.rule for check in verification.paths[0].checks if check.status == "fail"}
    assert "form.extensions_readable" in flaws


def test_negative_serial_number_is_a_flaw_that_only_the_other_engine_refuses() -> None:
    """The library does not load it; its signature is judged all the same (RFC 5280 4.1.2.2)."""
    positive, negative = bytes.fromhex("020711223344556677"), bytes.fromhex("020791223344556677")
    server = pki.server(ROOT, serial_number=0x11223344556677)
    verification = verify(signed_again(server, positive, negative))
    assert verification.trusted
    flaws = {check.rule for check in verification.paths[0].checks if check.status == "fail"}
    assert "form.serial_number" in flaws
    assert verification.cryptography.accepted is False
    assert verification.disagreement is not None


def test_algorithms_that_differ_inside_and_outside_are_a_flaw_of_form() -> None:
    """RFC 5280 4.1.1.2; the outer one says how the signature was made."""
    inner, outer = bytes.fromhex("06082a8648ce3d040302"), bytes.fromhex("06082a8648ce3d040303")
    verification = verify(signed_again(pki.server(ROOT), inner, outer))
    assert verification.trusted
    flaws = {check.rule for check in verification.paths[0].checks if check.status == "fail"}
    assert "form.algorithms_agree" in flaws


def signed_again(server: pki.Issued, old: bytes, new: bytes) -> bytes:
    """Change what is signed, octet for octet, and sign it with the root's key."""
    to_be_signed = server.certificate.tbs_certificate_bytes.replace(old, new)
    assert isinstance(ROOT.key, ec.EllipticCurvePrivateKey)
    signature = ROOT.key.sign(to_be_signed, ec.ECDSA(hashes.SHA256()))
    algorithm = bytes.fromhex("300a06082a8648ce3d040302")
    body = to_be_signed + algorithm + bytes([0x03, len(signature) + 1, 0]) + signature
    return bytes([0x30, 0x82]) + len(body).to_bytes(2, "big") + body


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACME Cargo", "acme   cargo"),
        (" ACME ", "acme"),
        ("Stra\u00dfe", "STRASSE"),
        ("\uff21CME", "acme"),
        ("Caf\u00e9", "Cafe\u0301"),
    ],
)
def test_strings_that_rfc_5280_takes_for_the_same(one: str, other: str) -> None:
    assert comparable_text(one) == comparable_text(other)


@pytest.mark.parametrize(("one", "other"), [("ACME", "ACM E"), ("a", "b"), ("Caf\u00e9", "Cafe")])
def test_strings_that_are_not_the_same(one: str, other: str) -> None:
    assert comparable_text(one) != comparable_text(other)


@given(st.data())
def test_no_mutation_of_a_certificate_raises(data: st.DataObject) -> None:
    der = bytearray(CHAIN[data.draw(st.integers(0, len(CHAIN) - 1))])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(der) - 1))
        der[place] = data.draw(st.integers(0, 255))
    cut = bytes(der[: data.draw(st.integers(len(der) // 2, len(der)))])
    verification = verify(cut, *CHAIN)
    assert verification.paths[0].checks
    assert not verification.trusted or cut in CHAIN


_CONSTRAINED = pki.authority(
    "Limited",
    ROOT,
    path_length=0,
    extensions=[
        (x509.NameConstraints([x509.DNSName("example")], [x509.DNSName("other.example")]), True),
        (x509.PolicyConstraints(2, None), True),
        (x509.InhibitAnyPolicy(1), True),
        (x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.3"), None)]), False),
    ],
)
CHAIN = (pki.server(_CONSTRAINED).der, _CONSTRAINED.der, pki.client(_CONSTRAINED).der)


class TestRevocationSources:
    """What a certificate says of its own revocation."""

    def test_addresses_are_read_in_their_order(self) -> None:
        method = x509.oid.AuthorityInformationAccessOID
        urls = ("http://ocsp.example/a", "http://ocsp.example/b")
        access = x509.AuthorityInformationAccess(
            [x509.AccessDescription(method.CA_ISSUERS, x509.UniformResourceIdentifier("http://ca.example/"))]
            + [x509.AccessDescription(method.OCSP, x509.UniformResourceIdentifier(url)) for url in urls]
        )
        decoded = decode(pki.server(ROOT, extensions=[(access, False)]).der)
        assert decoded.ocsp_urls == urls
        assert decoded.ca_issuers == ("http://ca.example/",)
        assert decoded.names_revocation

    @pytest.mark.parametrize(
        ("features", "expected"), [([x509.TLSFeatureType.status_request], True), ([], False)]
    )
    def test_must_staple_is_a_tls_feature(self, features: list[x509.TLSFeatureType], expected: bool) -> None:
        extensions = [(x509.TLSFeature(features), False)] if features else []
        assert decode(pki.server(ROOT, extensions=extensions).der).must_staple is expected

    @pytest.mark.parametrize("value", [b"\x30\x03\x02\x01\x11", b"\x04\x00"])
    def test_another_feature_and_a_broken_one_ask_for_no_staple(self, value: bytes) -> None:
        assert not decode(pki.server(ROOT, extensions=[raw(oids.TLS_FEATURE, value)]).der).must_staple

    @pytest.mark.parametrize("oid", [oids.CRL_DISTRIBUTION_POINTS, oids.FRESHEST_CRL])
    def test_points_that_cannot_be_read_are_not_taken_for_none(self, oid: str) -> None:
        broken = decode(pki.server(ROOT, extensions=[raw(oid, b"\x30\x00")]).der)
        without = decode(pki.server(ROOT).der)
        found = {
            oids.CRL_DISTRIBUTION_POINTS: (broken.crl_distribution_points, without.crl_distribution_points),
            oids.FRESHEST_CRL: (broken.freshest_crl, without.freshest_crl),
        }
        assert found[oid] == (None, ())
        assert broken.names_revocation
        assert not without.names_revocation
