"""Fingerprints as other programs print them."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.fingerprints import FingerprintResult, compare_fingerprint, sha256_in

CERTIFICATE = read_details(pki.root().der)
OTHER = read_details(pki.root().der)
DER = CERTIFICATE.facts.der
SHA256 = hashlib.sha256(DER)
SHA1 = hashlib.sha1(DER, usedforsecurity=False)
PAIRS = SHA256.hexdigest().upper()
COLONS = ":".join(PAIRS[at : at + 2] for at in range(0, 64, 2))
SPKI = bytes.fromhex(CERTIFICATE.spki_sha256 or "")


@pytest.mark.parametrize("before", ["", "sha256/", "sha256//", "SHA256:"])
@pytest.mark.parametrize("octets", [bytes(32), b"\xf8" * 32, b"\xfc" * 32, b"\xfb\xef\xbe" + bytes(29)])
def test_base64_that_begins_with_what_ends_a_label_is_understood(before: str, octets: bytes) -> None:
    assert sha256_in(before + base64.b64encode(octets).decode()) == octets.hex()


@pytest.mark.parametrize(
    "text",
    [
        SHA256.hexdigest(),
        PAIRS,
        COLONS,
        COLONS.replace(":", " "),
        COLONS.replace(":", "-"),
        COLONS[:48] + "\n" + COLONS[48:],
        f"sha256 Fingerprint={COLONS}",
        f"SHA256 Fingerprint={COLONS}\n",
        f"\t SHA256: {COLONS}",
        f"SHA-256: {COLONS}",
        f"Certificate fingerprint (SHA-256): {COLONS}",
        f"0x{SHA256.hexdigest()}",
        f"\u200e{SHA256.hexdigest()}",
        f"Thumbprint: {SHA1.hexdigest().upper()}",
        SHA1.hexdigest(),
        f"MD5 Fingerprint={hashlib.md5(DER, usedforsecurity=False).hexdigest()}",
        hashlib.sha512(DER).hexdigest(),
        base64.b64encode(SHA256.digest()).decode(),
        f"SHA256:{base64.b64encode(SHA256.digest()).decode().rstrip('=')}",
        f"sha256//{base64.b64encode(SPKI).decode()}",
        f"sha256/{base64.b64encode(SPKI).decode()}",
    ],
)
def test_every_spelling_is_understood(text: str) -> None:
    assert compare_fingerprint(text, CERTIFICATE).result is FingerprintResult.MATCH
    assert compare_fingerprint(text, OTHER).result is FingerprintResult.NO_MATCH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        SHA256.hexdigest()[:16],
        SHA256.hexdigest()[:-1],
        f"SHA1: {SHA256.hexdigest()}",
        "zz" * 32,
        "a" * 5000,
        "CN=Root",
    ],
)
def test_what_is_none_is_said_to_be_none(text: str) -> None:
    comparison = compare_fingerprint(text, CERTIFICATE)
    assert (comparison.result, comparison.algorithm) == (FingerprintResult.NOT_A_FINGERPRINT, None)


def test_what_was_compared_is_said() -> None:
    assert compare_fingerprint(SHA1.hexdigest(), CERTIFICATE).algorithm == "SHA-1"
    assert "forged" in compare_fingerprint(SHA1.hexdigest(), CERTIFICATE).meaning.id
    assert "public key" in compare_fingerprint(SPKI.hex(), CERTIFICATE).meaning.id


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert compare_fingerprint(text, CERTIFICATE).result is not FingerprintResult.MATCH


def test_sha256_in_any_spelling_and_nothing_else() -> None:
    digest = "ab" * 32
    assert sha256_in("SHA-256: " + ":".join(["AB"] * 32)) == digest
    assert sha256_in(digest) == digest
    assert sha256_in("ab" * 20) is None
    assert sha256_in(digest[:-2]) is None
