"""Whatever a request says, what is certified is a profile's, or a sentence says why it is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.csr import client_request
from tests.support.pki import name
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.message import Message
from trustdesk.core.verification import Purpose
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.issuing import Issuer, Validity, common_name, root_certificate
from trustdesk.formats.request import read_request
from trustdesk.services.issuing_profile import (
    ClientProfile,
    ServerProfile,
    certify,
    key_of_request,
    profile_of,
    purpose_of,
)
from trustdesk.verify.one_record_id import is_fqdn, read_one_record_id

NOW = datetime(2026, 11, 20, tzinfo=UTC)
VALIDITY = Validity(NOW, NOW + timedelta(days=1))
KEY = ec.generate_private_key(ec.SECP256R1())
ISSUER = Issuer(certificate=root_certificate(common_name("Root"), KEY, VALIDITY), key=KEY)
REQUEST = client_request()

hosts = st.from_regex(r"\A[a-z0-9*_. -]{0,20}\Z") | st.sampled_from(["a.example", "B.Example", "x" * 300])
texts = st.text(max_size=30) | hosts
uris = st.builds(lambda host, path: f"https://{host}/{path}", texts, texts) | texts
names = st.lists(
    st.builds(lambda text: f"DNS:{text}", texts) | st.builds(lambda text: f"URI:{text}", uris) | texts,
    max_size=6,
)


@given(names, st.sampled_from(Purpose), st.none() | st.text(max_size=5), st.booleans())
@settings(max_examples=400, deadline=None)
def test_any_names_become_a_profile_or_a_reason(
    alt_names: list[str], purpose: Purpose, subject: str | None, asks_for_both: bool
) -> None:
    usages = ("serverAuth", "clientAuth", "codeSigning") if asks_for_both else None
    csr = replace(REQUEST, subject_alt_names=tuple(alt_names), subject=subject, extended_key_usage=usages)
    profile = profile_of(csr, purpose)
    if isinstance(profile, Message):
        return
    facts = read_certificate(certify(profile, ISSUER, KEY.public_key(), VALIDITY).public_bytes(Encoding.DER))
    assert not facts.problems
    assert not facts.is_ca
    assert set(facts.extended_key_usage or ()) <= {"serverAuth", "clientAuth"}
    match profile:
        case ClientProfile():
            assert purpose is Purpose.CLIENT
            ids = [read_one_record_id(text.removeprefix("URI:")) for text in facts.subject_alt_names]
            assert all(one.is_valid for one in ids)
            assert facts.subject_common_name == ids[0].company_id
            assert facts.extended_key_usage == ("clientAuth",)
        case ServerProfile():
            assert purpose is Purpose.SERVER
            assert all(is_fqdn(text.removeprefix("DNS:")) for text in facts.subject_alt_names)
            assert facts.subject == "" or f"DNS:{facts.subject_common_name}" in facts.subject_alt_names


@given(st.binary(max_size=300) | st.just(REQUEST.der))
@settings(max_examples=200, deadline=None)
def test_the_key_of_any_bytes_is_one_that_is_certified_or_none(der: bytes) -> None:
    try:
        key = key_of_request(CsrFacts(der=der, sha256=""))
    except UnusableInputError:
        assert der != REQUEST.der
        return
    assert isinstance(key, ec.EllipticCurvePublicKey)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_key_of_another_kind_is_not_certified() -> None:
    key = dsa.generate_private_key(2048)
    made = x509.CertificateSigningRequestBuilder().subject_name(name("ACME")).sign(key, SHA256())
    with pytest.raises(UnusableInputError, match="kind"):
        key_of_request(read_request(made.public_bytes(Encoding.DER)))


def test_purposes_are_the_judges() -> None:
    assert purpose_of(RequestPurpose.CLIENT) is Purpose.CLIENT
    assert purpose_of(RequestPurpose.SERVER) is Purpose.SERVER
    with pytest.raises(UnusableInputError):
        purpose_of(RequestPurpose.FREE)
