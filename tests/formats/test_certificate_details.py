"""Everything of a certificate, a request and a CRL: extensions in words, and the bytes they stand in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ObjectIdentifier

from tests.support import pki, reader_files
from tests.support.pki import NOW, Issued
from trustdesk.core.inspection import CertificateDetails, ExtensionFacts
from trustdesk.formats.certificate_details import read_details, revocation_urls
from trustdesk.formats.der import SEQUENCE, read_element
from trustdesk.formats.request import read_request
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.services.wording import wording


@cache
def everything() -> Issued:
    return reader_files.full_certificate(pki.root())


def words(extension: ExtensionFacts | None) -> list[str]:
    assert extension is not None
    assert extension.text is not None
    return [wording("en").text(line) for line in extension.text]


def named(details: CertificateDetails, name: str) -> ExtensionFacts:
    return next(extension for extension in details.extensions if extension.name == name)


def with_extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    extension = x509.UnrecognizedExtension(ObjectIdentifier(oid), value)
    return pki.issue(pki.name("One"), None, extensions=[(extension, critical)]).der


def problems(messages: tuple[object, ...]) -> str:
    return " | ".join(wording("en").text(message) for message in messages)  # type: ignore[arg-type]


def test_every_extension_has_its_name_and_its_words() -> None:
    details = read_details(everything().der)
    assert details.problems == ()
    shown = {extension.name: words(extension) for extension in details.extensions if extension.text}
    assert shown == {
        "basicConstraints": ["It is a CA", "At most 1 CA below it"],
        "subjectKeyIdentifier": ["Key identifier 0102"],
        "authorityKeyIdentifier": [
            "Issuer's key 0304",
            "Issuer's certificate was issued by Directory name CN=Names,O=ACME",
            "Issuer's serial number 07",
        ],
        "subjectAltName": ["DNS name a.example", "Directory name CN=Names,O=ACME"],
        "issuerAltName": ["E-mail address ca@example.org"],
        "extKeyUsage": ["Purpose clientAuth", "Purpose 1.2.3.4"],
        "nameConstraints": ["Permitted: DNS name example", "Excluded: IP address 10.0.0.0/8"],
        "certificatePolicies": [
            "Policy 1.2.3.7",
            "Stated at https://ca.example/cps",
            "Stated at Read the fine print",
            "Policy anyPolicy",
        ],
        "policyConstraints": [
            "A policy is required after 2 more certificates",
            "Policies are not mapped after 0 more certificates",
        ],
        "inhibitAnyPolicy": ["anyPolicy does not count after 3 more certificates"],
        "cRLDistributionPoints": [
            "CRL at URI http://ca.example/list.crl",
            "CRL signed by Directory name CN=Signer",
            "For these reasons only: keyCompromise",
        ],
        "freshestCRL": [
            "CRL at URI http://ca.example/list.crl",
            "CRL signed by Directory name CN=Signer",
            "For these reasons only: keyCompromise",
        ],
        "authorityInfoAccess": [
            "OCSP responder: URI http://ocsp.example/",
            "Issuer's certificate: URI http://ca.example/ca.der",
        ],
        "tlsFeature": ["Must-staple: servers have to send an OCSP response"],
        "ocspNoCheck": ["This OCSP responder is not checked for revocation"],
        "precertificatePoison": ["Precertificate for transparency logs: nobody may accept it"],
        "microsoftTemplate": ["Microsoft template 1.3.6.1.4.1.311.21.8.1", "Version 100.3"],
        "netscapeCertType": ["Netscape: SSL server"],
    }


def test_unknown_extension_keeps_its_oid_and_its_bytes() -> None:
    unknown = read_details(everything().der).extension("1.2.3.4.5")
    assert unknown is not None
    assert (unknown.name, unknown.der, unknown.text, unknown.problem) == (
        "1.2.3.4.5",
        b"\x30\x00",
        None,
        None,
    )


def test_what_pages_ask_for_is_there_as_values() -> None:
    issued = everything()
    details = read_details(issued.der)
    spki = issued.certificate.public_key()
    assert isinstance(spki, ec.EllipticCurvePublicKey)
    assert details.sha1 == hashlib.sha1(issued.der, usedforsecurity=False).hexdigest()
    assert (details.version, details.curve, details.path_length) == (3, "P-256", 1)
    assert (details.subject_key_id, details.authority_key_id) == ("0102", "0304")
    assert details.policies == ("1.2.3.7", "2.5.29.32.0")
    assert details.crl_urls == ("http://ca.example/list.crl",)
    assert details.ocsp_urls == ("http://ocsp.example/",)
    assert details.ca_issuer_urls == ("http://ca.example/ca.der",)
    assert details.permitted_names == ("DNS:example",)
    assert details.excluded_names == ("IP:10.0.0.0/8",)
    assert details.must_staple
    assert details.sct_count is None


def test_every_offset_points_at_the_bytes_it_names() -> None:
    der = everything().der
    details = read_details(der)
    places = {field.name: der[field.offset : field.offset + field.length] for field in details.fields}
    certificate = everything().certificate
    assert places["tbsCertificate"] == certificate.tbs_certificate_bytes
    assert places["subject"] == certificate.subject.public_bytes()
    assert places["issuer"] == certificate.issuer.public_bytes()
    assert places["signatureValue"].endswith(certificate.signature)
    assert hashlib.sha256(places["subjectPublicKeyInfo"]).hexdigest() == details.spki_sha256
    assert list(places) == [
        *("tbsCertificate", "version", "serialNumber", "signature", "issuer", "validity", "notBefore"),
        *(
            "notAfter",
            "subject",
            "subjectPublicKeyInfo",
            "extensions",
            "signatureAlgorithm",
            "signatureValue",
        ),
    ]
    for extension in details.extensions:
        whole = read_element(der, extension.offset).expect(SEQUENCE)
        assert whole.end - whole.start == extension.length
        assert der[extension.value_offset :].startswith(extension.der)


def test_version_one_certificate_has_no_version_field() -> None:
    der = pki.root().der
    assert read_details(der).version == 3
    # [0] EXPLICIT INTEGER 2, five octets, taken out, and the two lengths around it made shorter.
    outer = read_element(der)
    tbs = next(outer.children())
    body = der[tbs.content_start + 5 : tbs.end]
    inner = b"\x30\x82" + len(body).to_bytes(2, "big") + body
    rest = der[tbs.end :]
    version_one = b"\x30\x82" + (len(inner) + len(rest)).to_bytes(2, "big") + inner + rest
    assert read_details(version_one).version == 1


@pytest.mark.parametrize(
    ("oid", "value", "word"),
    [
        ("2.5.29.19", "3003010100", "FALSE is written out"),
        ("2.5.29.19", "3003010101", "does not have"),
        ("2.5.29.19", "30050101ff02", "cannot be read"),
        ("2.5.29.35", "3003830101", "cannot be decoded"),
        ("2.5.29.30", "0500", "cannot be decoded"),
        ("2.5.29.31", "3003020101", "cannot be decoded"),
        ("2.5.29.32", "3002300f", "cannot be decoded"),
        ("2.5.29.54", "0201ff", "cannot be decoded"),
        ("1.3.6.1.4.1.11129.2.4.2", "04020009", "cannot be decoded"),
        ("1.3.6.1.5.5.7.1.24", "02020005", "cannot be decoded"),
    ],
)
def test_damaged_extension_is_named_and_keeps_its_bytes(oid: str, value: str, word: str) -> None:
    details = read_details(with_extension(oid, bytes.fromhex(value)))
    assert word in problems(details.problems)
    extension = details.extension(oid)
    assert extension is not None
    assert extension.der == bytes.fromhex(value)
    assert details.facts.subject == "CN=One"


def test_damaged_list_of_extensions_shows_what_came_before() -> None:
    der = bytearray(everything().der)
    details = read_details(bytes(der))
    third = details.extensions[2]
    der[third.offset + 1] = 0x7F
    damaged = read_details(bytes(der))
    assert [extension.name for extension in damaged.extensions[:2]] == [
        extension.name for extension in details.extensions[:2]
    ]
    assert damaged.problems
    assert damaged.facts.subject == "CN=Everything"


def test_extension_that_stands_there_twice_is_named() -> None:
    der = with_extension("1.2.3.4", b"\x05\x00")
    first = read_details(der).extensions[0]
    once = der[first.offset : first.offset + first.length]
    sequence = bytes([0x30, 2 * len(once)]) + once + once
    wrapper = bytes([0xA3, len(sequence)]) + sequence
    field = next(place for place in read_details(der).fields if place.name == "extensions")
    tbs = read_element(der, 4)
    body = der[tbs.content_start : field.offset] + wrapper
    inner = b"\x30\x82" + len(body).to_bytes(2, "big") + body
    rest = der[tbs.end :]
    twice = read_details(b"\x30\x82" + (len(inner) + len(rest)).to_bytes(2, "big") + inner + rest)
    assert [extension.oid for extension in twice.extensions] == ["1.2.3.4", "1.2.3.4"]
    assert "twice" in problems(twice.problems)


def sct(length: int) -> bytes:
    one = b"\0" + bytes(32) + (1_700_000_000_000).to_bytes(8, "big") + b"\0\0\4\3\0\0"
    item = len(one).to_bytes(2, "big") + one
    content = (length * len(item)).to_bytes(2, "big") + length * item
    return reader_files.definite(0x04, content)


@pytest.mark.parametrize("count", [1, 3])
def test_transparency_timestamps_are_counted(count: int) -> None:
    details = read_details(with_extension("1.3.6.1.4.1.11129.2.4.2", sct(count)))
    assert details.sct_count == count
    lines = words(details.extensions[0])
    assert lines[0] == f"{count} transparency timestamp{'s' if count > 1 else ''}"
    assert lines[1] == "Logged at 2023-11-14 22:13 UTC"


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x00", b"\x30\x02\x30\x00", b"\x05\x00", b"\x00" * 99])
def test_what_is_no_certificate_still_has_its_digests(data: bytes) -> None:
    details = read_details(data)
    assert details.facts.sha256 == hashlib.sha256(data).hexdigest()
    assert details.problems


# --- requests --------------------------------------------------------------------------------------------


def test_request_reads_out_as_made() -> None:
    issued = pki.client(pki.root())
    facts = read_request(reader_files.request(issued))
    assert facts.problems == ()
    assert facts.subject == "CN=ACME,O=ACME Air"
    assert (facts.key_algorithm, facts.key_bits, facts.curve) == ("EC", 256, "P-256")
    assert facts.signature_algorithm == "ecdsa-with-SHA256"
    assert facts.signature_valid is True
    assert facts.subject_alt_names == ("DNS:acme.example",)
    assert facts.extended_key_usage == ("clientAuth",)
    assert facts.attributes == ("1.2.840.113549.1.9.7",)
    assert [extension.name for extension in facts.extensions] == ["subjectAltName", "extKeyUsage"]
    assert facts.spki_sha256 == read_details(issued.der).spki_sha256


def test_request_with_a_broken_signature_says_so() -> None:
    der = bytearray(reader_files.request(pki.client(pki.root())))
    der[-1] ^= 1
    assert read_request(bytes(der)).signature_valid is False


@pytest.mark.parametrize("data", [b"", b"\x30\x00", b"\x30\x06\x30\x00\x30\x00\x03\x00"])
def test_what_is_no_request_is_said_to_be_none(data: bytes) -> None:
    facts = read_request(data)
    assert facts.problems
    assert facts.subject is None


# --- revocation lists ------------------------------------------------------------------------------------


def test_revocation_list_reads_out_as_made() -> None:
    root = pki.root()
    facts = read_revocation_list(reader_files.revocation_list(root, 3))
    assert facts.problems == ()
    assert (facts.version, facts.issuer, facts.number, facts.count) == (2, "CN=Root", 42, 3)
    assert facts.this_update == NOW
    assert facts.next_update is not None
    assert facts.next_update > NOW
    assert not facts.is_delta
    assert facts.authority_key_id == "09"
    assert facts.signature_algorithm == "ecdsa-with-SHA256"


def test_revocation_list_without_entries_counts_none() -> None:
    facts = read_revocation_list(reader_files.revocation_list(pki.root(), 0))
    assert facts.count == 0


def test_more_entries_than_any_certificate_has_parts_are_counted() -> None:
    """The walk's limit on elements is for certificates; a CRL may have a million entries."""
    root = pki.root()
    assert isinstance(root.key, ec.EllipticCurvePrivateKey)
    empty = reader_files.revocation_list(root, 1)
    entry = read_revocation_list(empty)
    place = next(field for field in entry.fields if field.name == "revokedCertificates")
    one = empty[place.offset + 2 : place.offset + place.length]
    entries = reader_files.definite(0x30, one * 30_000)
    body = read_element(empty, read_element(empty).content_start)
    grown = reader_files.definite(
        0x30,
        empty[body.content_start : place.offset] + entries + empty[place.offset + place.length : body.end],
    )
    data = reader_files.definite(0x30, grown + empty[body.end :])
    assert read_revocation_list(data).count == 30_000


@pytest.mark.parametrize("data", [b"", b"\x30\x00", b"\x30\x06\x30\x00\x30\x00\x03\x00"])
def test_what_is_no_revocation_list_is_said_to_be_none(data: bytes) -> None:
    facts = read_revocation_list(data)
    assert facts.problems
    assert facts.issuer is None


def test_delta_list_is_called_one() -> None:
    root = pki.root()
    assert isinstance(root.key, ec.EllipticCurvePrivateKey)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(NOW)
        .next_update(NOW)
        .add_extension(x509.DeltaCRLIndicator(41), True)
        .add_extension(x509.IssuingDistributionPoint(None, None, True, False, None, False, False), True)
    )
    facts = read_revocation_list(builder.sign(root.key, hashes.SHA256()).public_bytes(Encoding.DER))
    assert facts.is_delta
    assert [words(extension) for extension in facts.extensions] == [
        ["Number 29"],
        ["Server and client certificates only"],
    ]


@pytest.mark.parametrize("curve", [ec.SECP521R1, ec.SECP256K1, ec.BrainpoolP256R1])
def test_curve_is_named(curve: Callable[[], ec.EllipticCurve]) -> None:
    key = ec.generate_private_key(curve())
    names = {"secp521r1": "P-521", "secp256k1": "secp256k1", "brainpoolP256r1": "brainpoolP256r1"}
    assert read_details(pki.root(key=key).der).curve == names[key.curve.name]


def test_key_without_a_curve_has_none() -> None:
    key = pki.rsa_key()
    assert isinstance(key, rsa.RSAPrivateKey)
    assert read_details(pki.root(key=key).der).curve is None


def test_revocation_urls_are_those_of_the_details_however_damaged() -> None:
    whole = everything().der
    damaged = (whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :] for at in range(0, len(whole), 7))
    for der in (whole, b"", b"\x30\x00", with_extension("2.5.29.31", b"\x30\x00"), *damaged):
        details = read_details(der)
        assert revocation_urls(der) == (details.ocsp_urls, details.crl_urls)
    responders, lists = revocation_urls(whole)
    assert responders
    assert lists
