"""What a renewal changes, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support import pki
from trustdesk.core.message import Message
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.certificate_differences import Difference, certificate_differences
from trustdesk.services.wording import wording

CA, OTHER_CA = pki.root("Old CA"), pki.root("New CA")
KEY = ec.generate_private_key(ec.SECP256R1())
POLICY = x509.ObjectIdentifier("1.3.6.1.4.1.99999.1")


def differences(before: pki.Issued, after: pki.Issued) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in certificate_differences(read_details(before.der), read_details(after.der)):
        found.setdefault(say(one.field), []).append(say(one.meaning))
    return found


def say(message: Message) -> str:
    return wording("en").text(message)


def leaf(issuer: pki.Issued = CA, *names: str, **keywords: object) -> pki.Issued:
    chosen: dict[str, object] = {"key": KEY, "serial_number": 7} | keywords
    return pki.server(issuer, *names, **chosen)  # type: ignore[arg-type]


def test_a_certificate_does_not_differ_from_itself() -> None:
    one = read_details(leaf().der)
    assert certificate_differences(one, one) == ()


def test_a_plain_renewal_changes_serial_number_and_dates_alone() -> None:
    later = pki.NOW + timedelta(days=365)
    found = differences(leaf(), leaf(serial_number=8, not_after=later))
    assert found == {
        "Serial number": ["It is another certificate: revoking one of them leaves the other as it is."],
        "Valid until": ["100 days later."],
    }


def test_a_new_key_is_said_first_with_what_it_means_for_pins() -> None:
    found = differences(leaf(), leaf(key=ec.generate_private_key(ec.SECP384R1())))
    assert next(iter(found)) == "Key"
    assert found["Key"] == [
        "It is another key, EC on P-384 instead of EC on P-256: whoever pinned the old one refuses it."
    ]


def test_another_issuer_is_a_matter_of_lists() -> None:
    assert differences(leaf(), leaf(OTHER_CA))["Issuer"] == [
        "Another CA issued it: partners whose list has only the old CA refuse it."
    ]


def test_names_lost_and_gained_are_named() -> None:
    before = leaf(CA, "a.example", "b.example")
    after = leaf(CA, "c.example", "b.example")
    assert differences(before, after)["Subject alternative names"] == [
        "It no longer speaks for DNS:a.example.",
        "It speaks for DNS:c.example now.",
    ]


def test_the_order_of_names_means_nothing() -> None:
    assert differences(leaf(CA, "a.example", "b.example"), leaf(CA, "b.example", "a.example")) == {}


@pytest.mark.parametrize(
    ("before", "after", "meaning"),
    [
        ((pki.SERVER_AUTH, pki.CLIENT_AUTH), (pki.SERVER_AUTH,), "It can no longer be used for clientAuth."),
        ((pki.SERVER_AUTH,), (pki.SERVER_AUTH, pki.CLIENT_AUTH), "It can be used for clientAuth now."),
        (None, (pki.SERVER_AUTH,), "It was good for everything; now only for serverAuth."),
        ((pki.SERVER_AUTH,), None, "It is good for everything now."),
    ],
)
def test_uses_lost_and_gained_are_named(
    before: tuple[x509.ObjectIdentifier, ...] | None,
    after: tuple[x509.ObjectIdentifier, ...] | None,
    meaning: str,
) -> None:
    assert differences(leaf(usages=before), leaf(usages=after)) == {"Extended key usage": [meaning]}


def test_policies_revocation_and_issuer_addresses() -> None:
    policies = x509.CertificatePolicies([x509.PolicyInformation(POLICY, None)])
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(
                x509.oid.AuthorityInformationAccessOID.OCSP,
                x509.UniformResourceIdentifier("http://ocsp.example"),
            )
        ]
    )
    found = differences(leaf(extensions=[(policies, False)]), leaf(extensions=[(access, False)]))
    assert found == {
        "Certificate policies": [
            "It no longer names the policy 1.3.6.1.4.1.99999.1, which a list may ask for."
        ],
        "OCSP responders": [
            "Revocation is asked for at http://ocsp.example now: firewalls have to let that through."
        ],
    }


def test_a_ca_that_is_one_no_more_and_its_path_length() -> None:
    before, after = (
        pki.root(key=KEY, serial_number=7, path_length=1),
        pki.root(key=KEY, serial_number=7, path_length=0),
    )
    assert differences(before, after) == {"Path length": ["Another number of CAs may stand below it."]}
    no_ca = pki.root(key=KEY, serial_number=7, is_ca=False)
    assert differences(pki.root(key=KEY, serial_number=7), no_ca)["CA"] == [
        "It is no longer the certificate of a CA: what it issued leads to no list."
    ]


def test_unknown_extensions_and_criticality_are_compared_too() -> None:
    oid = x509.ObjectIdentifier("1.2.3.4.5")

    def having(value: bytes, *, critical: bool = False) -> pki.Issued:
        return leaf(extensions=[(x509.UnrecognizedExtension(oid, value), critical)])

    assert differences(leaf(), having(b"1")) == {"Extension 1.2.3.4.5": ["It is new."]}
    assert differences(having(b"1"), having(b"2")) == {"Extension 1.2.3.4.5": ["It says something else."]}
    assert differences(having(b"1"), having(b"1", critical=True)) == {
        "Extension 1.2.3.4.5": ["Programs that do not know it refuse the certificate now."]
    }


def test_damaged_certificates_are_compared_as_far_as_they_can_be_read() -> None:
    found = certificate_differences(read_details(leaf().der), read_details(b"\x30\x00"))
    assert all(isinstance(one, Difference) for one in found)
    assert "Valid until" in {say(one.field) for one in found}
