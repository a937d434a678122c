"""Distribution points of certificates and CRLs, read alone."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.support.pki import name, root
from tests.support.revocation import point, scope
from trustdesk.formats.der import DerError
from trustdesk.verify.comparable_names import comparable_name
from trustdesk.verify.distribution_points import (
    ALL_REASONS,
    distribution_points,
    issuing_distribution_point,
)
from trustdesk.verify.extension_values import NameKind

URL = "http://crl.example/a.crl"


def encoded(*points: x509.DistributionPoint) -> bytes:
    return x509.CRLDistributionPoints(list(points)).public_bytes()


def test_names_reasons_and_issuer_of_a_point() -> None:
    ca = root("Signer")
    (found,) = distribution_points(encoded(point(URL, issuer=ca, reasons=("keyCompromise", "superseded"))))
    assert found.urls == (URL,)
    assert found.reasons == frozenset({1, 4})
    assert found.crl_issuers() == {comparable_name(ca.certificate.subject.public_bytes())}


def test_without_reasons_all_are_meant() -> None:
    (found,) = distribution_points(encoded(point(URL)))
    assert found.reasons is None
    assert found.issuers == ()


def test_relative_name_follows_the_name_of_the_issuer() -> None:
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME)
    part = x509.RelativeDistinguishedName([x509.NameAttribute(kind, "x" * 64) for kind in kinds])
    (found,) = distribution_points(encoded(point(relative=part)))
    issuer = name("Issuing")
    assert found.names is not None
    whole = comparable_name(x509.Name([*issuer.rdns, part]).public_bytes())
    assert found.names.of(comparable_name(issuer.public_bytes())) == {(NameKind.DIRECTORY, whole)}
    assert found.names.of(None) == frozenset()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "3000",  # no point
        "30023000",  # a point that says nothing
        "30043002a000",  # a name without a choice
        "30063004a002a000",  # a full name without a name
        "30063004a002a100",  # a relative name without an attribute
        "30093007a005a3038601ff",  # a choice that there is not
        "300530038101ff",  # reasons without a place
        "30083006a004a0028600a0",  # bytes that do not fit
        "300a3008a0068604" + "61" * 4,  # a name where the choice belongs
    ],
)
def test_broken_points_are_refused(value: str) -> None:
    with pytest.raises(DerError):
        distribution_points(bytes.fromhex(value))


def test_scope_of_a_list() -> None:
    value, _ = scope(url=URL, ca=True, indirect=True, reasons=("cACompromise",))
    found = issuing_distribution_point(value.public_bytes())
    assert (found.only_ca, found.only_user, found.only_attribute, found.indirect) == (
        True,
        False,
        False,
        True,
    )
    assert found.only_some_reasons == frozenset({2})
    assert found.names is not None
    assert found.names.full == {(NameKind.URI, URL)}


def test_false_written_out_is_read_as_what_it_means() -> None:
    assert not issuing_distribution_point(bytes.fromhex("3003810100")).only_user
    assert issuing_distribution_point(bytes.fromhex("30038101ff")).only_user


@pytest.mark.parametrize(
    "value",
    [
        "3000",  # says nothing, which 5.2.5 forbids
        "30028100",  # a flag without an octet
        "30048102ffff",  # a flag of two
        "30068101ff8101ff",  # twice
        "30038601ff",  # a part that there is not
        "30028300",  # reasons without content
    ],
)
def test_broken_scopes_are_refused(value: str) -> None:
    with pytest.raises(DerError):
        issuing_distribution_point(bytes.fromhex(value))


def test_bits_beyond_the_reasons_mean_nothing() -> None:
    found = issuing_distribution_point(bytes.fromhex("3005830300ffff"))
    assert found.only_some_reasons == ALL_REASONS
