"""Public keys of providers: read, named, and stripped of what is secret."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki, tokens
from tests.support.tokens import Jwk, public_jwk
from trustdesk.formats.certification_path import public_key_of
from trustdesk.formats.strict_json import JsonFault
from trustdesk.formats.web_key import key_of_certificate, read_key, read_key_set, read_key_text
from trustdesk.services.wording import wording


@pytest.mark.parametrize(
    ("kind", "algorithm", "bits", "curve"),
    [("2048", "RSA", 2048, None), ("P-256", "EC", 256, "P-256"), ("Ed25519", "Ed25519", None, "Ed25519")],
)
def test_keys_of_every_kind(kind: str, algorithm: str, bits: int | None, curve: str | None) -> None:
    key = read_key(public_jwk(kind))
    assert (key.key_algorithm, key.curve, key.kid) == (algorithm, curve, "k1")
    assert bits is None or key.key_bits == bits
    assert key.problems == ()
    assert read_key_text(key.document) == key


@pytest.mark.parametrize("kind", ["2048", "P-256", "Ed25519"])
def test_a_private_key_that_was_published_is_named_and_dropped(kind: str) -> None:
    private = tokens.private_key(kind).as_dict(private=True)
    key = read_key(private)
    assert "d" in key.secrets
    said = repr(key)
    assert all(str(private[name]) not in said for name in key.secrets)
    assert key.spki == read_key(public_jwk(kind)).spki


def test_a_shared_secret_is_named_and_dropped() -> None:
    key = read_key({"kty": "oct", "k": "dG9wc2VjcmV0", "kid": "s"})
    assert key.secrets == ("k",)
    assert "dG9wc2VjcmV0" not in repr(key)
    assert key.spki is None


def test_members_that_nobody_knows_are_dropped_with_what_they_hold() -> None:
    assert "secret" not in read_key(public_jwk() | {"private_thing": "secret"}).document
    assert read_key({"kty": "AKP", "priv": "x"}).secrets == ("priv",)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ({"kty": "RSA", "n": "AQAB"}, "member e"),
        ({"kty": "RSA", "n": 5, "e": "AQAB"}, "member n"),
        ({"kty": "RSA", "n": "A" * 4000, "e": "AQAB"}, "larger than any"),
        ({"kty": "RSA", "n": "AQ==", "e": "AQAB"}, "base64url"),
        ({"kty": "RSA", "n": "Ag", "e": "Ag"}, "no public key"),
        ({"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"}, "no public key"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "AA"}, "no public key"),
        ({"kty": "AKP"}, "kind AKP"),
        ({}, "kind"),
        (public_jwk() | {"x5c": "MIIB"}, "x5c"),
        (public_jwk() | {"x5c": []}, "x5c"),
        (public_jwk() | {"x5c": ["AAAA"]}, "Certificate 1"),
        (public_jwk() | {"x5c": ["*"]}, "Certificate 1"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(key: Jwk, words: str) -> None:
    assert words in " ".join(wording("en").text(one) for one in read_key(key).problems)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"keys":{}}',
        '{"keys":"x"}',
        '{"keys":[],"keys":[]}',
        "<html>",
        json.dumps({"keys": [{}] * 65}),
    ],
)
def test_what_is_no_key_set(text: str) -> None:
    with pytest.raises(JsonFault):
        read_key_set(text.encode())


def test_a_set_keeps_what_it_cannot_read() -> None:
    keys = read_key_set(json.dumps({"keys": [public_jwk(), 7, {"kty": "RSA"}]}).encode())
    assert [key.spki is not None for key in keys] == [True, False, False]


def test_the_key_of_a_certificate() -> None:
    issued = pki.client(None)
    key = key_of_certificate(issued.facts)
    assert key is not None
    assert key.spki == public_key_of(issued.der)
    assert (key.kind, key.curve) == ("EC", "P-256")


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_members = st.sampled_from(
    ["kty", "n", "e", "crv", "x", "y", "kid", "use", "alg", "key_ops", "x5c", "x5t", "d"]
)


@given(st.dictionaries(_members, _values | st.sampled_from(["RSA", "EC", "OKP", "P-256", "AQAB"])))
def test_any_object_is_a_key_with_its_problems(value: Jwk) -> None:
    key = read_key(value)
    assert key.spki is not None or key.problems
