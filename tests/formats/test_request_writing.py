"""Requests are written as asked for; openssl reads them, and what was shown before is what stands in them."""

from __future__ import annotations

import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drafts import EVENTS, MAIN, client_draft, free_draft, server_draft
from tests.support.pki import rsa_key
from tests.support.profiles import curve_key
from trustdesk.core.certificate_request import RequestDraft
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.key_store import KeyKind
from trustdesk.formats.request import read_request
from trustdesk.formats.request_writing import (
    alternative_name,
    make_key,
    read_unsigned,
    request_pem,
    subject_name,
    write_request,
)
from trustdesk.services.request_content import asked_for

DRAFTS = (
    client_draft(),
    client_draft(MAIN, key=KeyKind.RSA_3072),
    client_draft("https://1r.halden.example/H,A+C;=$'()"),
    server_draft(),
    server_draft("häfen.example", key=KeyKind.RSA_2048, client_auth=True),
    server_draft("a.example", key=KeyKind.P384),
    free_draft("CN=Å\\, B+OU=x, O=\\#1", "DNS:a.example", "IP:192.0.2.1", "email:a@b.example"),
    free_draft("", "URI:urn:x", key_usage=("nonRepudiation",), extended_key_usage=("1.2.3.4",)),
    free_draft("CN=nothing", key_usage=()),
)


def openssl(*arguments: str, text: bytes) -> str:
    done = subprocess.run(["openssl", *arguments], input=text, capture_output=True, check=True)
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("draft", DRAFTS)
def test_openssl_verifies_what_was_written(draft: RequestDraft) -> None:
    der = write_request(asked_for(draft), curve_key())
    said = openssl("req", "-verify", "-noout", text=request_pem(der))
    assert "verify OK" in said


def test_client_request_as_openssl_shows_it() -> None:
    der = write_request(asked_for(client_draft()), curve_key())
    shown = openssl("req", "-noout", "-text", "-nameopt", "RFC2253", text=request_pem(der))
    assert "Subject: CN=HAC\n" in shown
    assert f"URI:{MAIN}, URI:{EVENTS}" in shown
    assert "X509v3 Subject Alternative Name: \n" in shown
    assert "X509v3 Key Usage: critical\n                    Digital Signature\n" in shown
    assert "TLS Web Client Authentication\n" in shown
    assert "ecdsa-with-SHA256" in shown


def test_server_request_as_openssl_shows_it() -> None:
    draft = server_draft("1r.halden.example", "edge.halden.example", one_record_ids=(MAIN, EVENTS))
    der = write_request(asked_for(draft), rsa_key())
    shown = openssl("req", "-noout", "-text", text=request_pem(der))
    assert "Subject: \n" in shown
    assert (
        "X509v3 Subject Alternative Name: critical\n"
        "                    DNS:1r.halden.example, DNS:events.halden.example, DNS:edge.halden.example\n"
    ) in shown
    assert "TLS Web Server Authentication\n" in shown


@pytest.mark.parametrize(
    ("kind", "usages"),
    [
        (KeyKind.P256, ("digitalSignature",)),
        (KeyKind.P384, ("digitalSignature",)),
        (KeyKind.RSA_2048, ("digitalSignature", "keyEncipherment")),
    ],
)
def test_key_encipherment_is_asked_for_with_rsa_keys_of_servers_alone(
    kind: KeyKind, usages: tuple[str, ...]
) -> None:
    assert asked_for(server_draft(key=kind)).key_usage == usages
    assert asked_for(client_draft(key=kind)).key_usage == ("digitalSignature",)


@pytest.mark.parametrize("draft", DRAFTS)
def test_what_is_shown_before_is_what_is_written(draft: RequestDraft) -> None:
    """Everything but the key itself: names, usages, criticality, the algorithms."""
    asked = asked_for(draft)
    shown, written = read_unsigned(asked), read_request(write_request(asked, make_key(asked.key)))
    for field in (
        "subject",
        "key_algorithm",
        "key_bits",
        "curve",
        "signature_algorithm",
        "subject_alt_names",
        "key_usage",
        "extended_key_usage",
        "is_ca",
        "attributes",
        "problems",
    ):
        assert getattr(shown, field) == getattr(written, field), field
    assert [(one.oid, one.critical, one.der) for one in shown.extensions] == [
        (one.oid, one.critical, one.der) for one in written.extensions
    ]
    assert written.signature_valid is True
    assert (shown.signature_valid, shown.spki_sha256) == (None, None)


def test_what_is_shown_before_can_not_be_taken_for_a_request() -> None:
    shown = read_unsigned(asked_for(client_draft()))
    assert read_request(shown.der).signature_valid is None
    with pytest.raises(ValueError, match="parsing"):
        request_pem(shown.der)


@pytest.mark.parametrize(
    ("kind", "bits", "signature"),
    [
        (KeyKind.P256, 256, "ecdsa-with-SHA256"),
        (KeyKind.P384, 384, "ecdsa-with-SHA384"),
        (KeyKind.RSA_2048, 2048, "sha256WithRSAEncryption"),
        (KeyKind.RSA_3072, 3072, "sha256WithRSAEncryption"),
        (KeyKind.RSA_4096, 4096, "sha256WithRSAEncryption"),
    ],
)
def test_keys_are_of_the_kind_that_was_asked_for(kind: KeyKind, bits: int, signature: str) -> None:
    key = make_key(kind)
    assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    assert key.key_size == bits
    facts = read_request(write_request(asked_for(client_draft(key=kind)), key))
    assert (facts.key_bits, facts.signature_algorithm, facts.signature_valid) == (bits, signature, True)


def test_other_keys_sign_with_what_they_bring() -> None:
    facts = read_request(write_request(asked_for(client_draft()), ed25519.Ed25519PrivateKey.generate()))
    assert (facts.signature_algorithm, facts.signature_valid) == ("Ed25519", True)


@pytest.mark.parametrize(
    "draft",
    [
        free_draft("HAC"),
        free_draft("CN=" + "x" * 65),
        free_draft("C=Germany"),
        free_draft("CN=a\nb"),
        free_draft("CN=a", "host.example"),
        free_draft("CN=a", "DirName:CN=b"),
        free_draft("CN=a", "IP:1.2.3"),
        free_draft("CN=a", "URI:https://a.example/ü"),
        free_draft("CN=a", "DNS:"),
        free_draft("CN=a", key_usage=("digitalsignature",)),
        free_draft("CN=a", key_usage=("encipherOnly",)),
        free_draft("CN=a", extended_key_usage=("client",)),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_remedy(draft: RequestDraft) -> None:
    with pytest.raises(UnusableInputError) as caught:
        write_request(asked_for(draft), curve_key())
    assert caught.value.remedy.id


@pytest.mark.parametrize("text", ["", "CN=a", "CN=a, O=b", "O=b\\, c,CN=a", "E=a@b.example", "2.5.4.97=x"])
def test_names_are_read_as_people_write_them(text: str) -> None:
    assert subject_name(text).rfc4514_string().count("=") == text.count("=")


@settings(max_examples=200)
@given(st.text(max_size=40))
def test_any_text_is_a_subject_or_refused(text: str) -> None:
    try:
        name = subject_name(text)
    except UnusableInputError:
        return
    assert name.public_bytes()


@settings(max_examples=200)
@given(st.sampled_from(["DNS:", "URI:", "IP:", "email:", ""]), st.text(max_size=40))
def test_any_text_is_a_name_or_refused(kind: str, text: str) -> None:
    try:
        name = alternative_name(kind + text)
    except UnusableInputError:
        return
    assert kind
    facts = read_request(write_request(asked_for(free_draft("CN=a", kind + text)), curve_key()))
    assert len(facts.subject_alt_names) == 1
    assert name is not None
