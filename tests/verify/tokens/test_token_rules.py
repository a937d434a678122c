"""JWT-01 to JWT-12: what passes, what does not, and what is never called a pass."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support import pki, tokens
from tests.support.pki import NOW
from tests.support.tokens import ISSUER, Jwk, part, provider, public_jwk, signed, token
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.identity_provider import TokenReading
from trustdesk.core.trust_entry import EntryStatus, ListEntry, Usage
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.formats.token import base64url_text, read_token
from trustdesk.formats.web_key import read_key
from trustdesk.services.wording import wording
from trustdesk.verify.tokens.case import ListedProvider
from trustdesk.verify.tokens.judge import judge_token
from trustdesk.verify.tokens.thumbprints import sha1_thumbprint, sha256_thumbprint

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE


def read(
    text: str,
    *keys: Jwk,
    providers: Sequence[ListedProvider] | None = (tokens.on_list(provider()),),
    client: CertificateFacts | None = None,
    entries: Sequence[ListEntry] | None = None,
) -> TokenReading:
    return judge_token(
        read_token(text),
        at=NOW,
        providers=providers,
        keys=[read_key(key) for key in keys or (public_jwk(),)],
        client=client,
        signing_entries=entries,
    )


def of(reading: TokenReading, rule: str) -> Finding:
    return next(one for one in reading.findings if one.rule == rule)


def said(reading: TokenReading, rule: str) -> str:
    finding = of(reading, rule)
    return wording("en").text(finding.evidence)


def test_a_good_token_passes_and_every_rule_is_there() -> None:
    reading = read(token())
    assert [one.rule for one in reading.findings] == [
        *("JWT-01", "JWT-02", "JWT-03", "JWT-04", "JWT-05", "JWT-06", "JWT-07", "JWT-08", "JWT-09"),
        *("JWT-10", "JWT-11", "JWT-12"),
    ]
    assert reading.verdict is Verdict.PASS
    assert reading.signature_valid is True
    assert reading.provider == ISSUER
    assert reading.expires_at == NOW + timedelta(minutes=30)
    # What nobody can see offline is not called a pass.
    assert of(reading, "JWT-11").status is NOT_RUN


@pytest.mark.parametrize(
    ("algorithm", "kind"),
    [
        ("RS256", "2048"),
        ("PS256", "2048"),
        ("ES256", "P-256"),
        ("ES384", "P-384"),
        ("EdDSA", "Ed25519"),
        ("Ed25519", "Ed25519"),
    ],
)
def test_signatures_of_every_algorithm_are_checked(algorithm: str, kind: str) -> None:
    text = token(algorithm, kind)
    assert read(text, public_jwk(kind)).verdict is Verdict.PASS
    # The same token with another claim, under the same signature.
    head, _, signature = text.split(".")
    forged = f"{head}.{part(tokens.claims(logistics_agent_uri='https://evil.example/logistics-objects/x'))}.{signature}"
    reading = read(forged, public_jwk(kind))
    assert reading.signature_valid is False
    assert reading.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "name", ["none", "NONE", "nOnE", "HS256", "HS512", "hs256", "rs256", "RS1", "ES256K", ""]
)
def test_algorithms_without_a_public_key_are_refused_and_nothing_is_checked_with_them(name: str) -> None:
    text = f"{part({'alg': name, 'typ': 'JWT', 'kid': 'k1'})}.{part(tokens.claims())}."
    reading = read(text)
    assert of(reading, "JWT-02").status is FAIL
    assert of(reading, "JWT-07").status is NOT_RUN
    assert reading.verdict is Verdict.FAIL
    assert reading.signature_valid is None


def test_a_public_key_is_never_the_secret_of_an_hmac() -> None:
    """Algorithm confusion: the token is HS256 over the bytes of the provider's RSA key."""
    head = part({"alg": "HS256", "typ": "JWT", "kid": "k1"})
    body = part(tokens.claims())
    pem = tokens.private_key("2048").as_pem(private=False)
    mac = hmac.new(pem, f"{head}.{body}".encode(), hashlib.sha256).digest()
    reading = read(f"{head}.{body}.{base64url_text(mac)}", public_jwk("2048"))
    assert reading.signature_valid is None
    assert reading.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (public_jwk(use="enc"), "not meant for signatures"),
        (public_jwk(key_ops=["encrypt"]), "not meant for signatures"),
        (public_jwk(alg="ES384"), "meant for ES384"),
        (public_jwk("2048"), "cannot be checked with"),
        (public_jwk("P-384"), "cannot be checked with"),
        (public_jwk("Ed25519"), "cannot be checked with"),
        ({"kty": "oct", "kid": "k1", "k": "c2VjcmV0"}, "published"),
        (public_jwk() | {"d": "AAAA"}, "published"),
        (public_jwk(kid="k2"), "names the key k1"),
        ({"kty": "EC", "crv": "P-256", "kid": "k1", "x": "AA", "y": "AA"}, "no public key"),
    ],
)
def test_keys_that_do_not_fit_are_not_used(key: Jwk, words: str) -> None:
    reading = read(token(), key)
    assert reading.signature_valid is False
    assert words in said(reading, "JWT-07")


def test_a_key_in_the_token_itself_counts_for_nothing() -> None:
    stranger = public_jwk("P-384", kid="k1")
    text = token("ES384", "P-384", header={"jwk": stranger, "jku": "https://evil.example/keys"})
    reading = read(text)
    assert reading.signature_valid is False
    assert of(reading, "JWT-06").status is WARN
    assert "evil.example" in said(reading, "JWT-06")


def test_a_token_without_key_id_is_tried_with_all_keys() -> None:
    reading = read(token(header={"kid": None}), public_jwk("2048", kid="a"), public_jwk(kid="b"))
    assert reading.signature_valid is True
    assert "names no key" in said(reading, "JWT-07")


def test_without_keys_it_is_not_checked_and_no_pass() -> None:
    reading = judge_token(
        read_token(token()), at=NOW, providers=[tokens.on_list(provider())], keys=(), signing_entries=None
    )
    assert reading.signature_valid is None
    assert of(reading, "JWT-07").status is NOT_RUN
    assert reading.verdict is Verdict.WARN
    assert reading.summary is not None
    assert "not checked" in wording("en").text(reading.summary)


def test_without_any_list_nobody_says_whose_keys_count() -> None:
    reading = read(token(), providers=None)
    assert of(reading, "JWT-06").status is NOT_RUN
    assert reading.signature_valid is None
    assert reading.verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        ("https://evil.example", "on no list"),
        (f"{ISSUER}/", "to the letter"),
        (ISSUER.upper(), "to the letter"),
    ],
)
def test_an_issuer_that_is_on_no_list_fails_although_the_key_fits(issuer: str, words: str) -> None:
    reading = read(token(iss=issuer))
    assert of(reading, "JWT-06").status is FAIL
    assert words in said(reading, "JWT-06")
    assert reading.provider is None
    assert reading.signature_valid is None
    assert reading.verdict is Verdict.FAIL


def test_of_two_lists_the_one_whose_publisher_is_proved_counts() -> None:
    unsigned = tokens.on_list(provider(name="other"), list_name="a", authenticity=AuthenticityState.UNSIGNED)
    proved = tokens.on_list(provider(), list_name="b")
    assert "list b, signed by its publisher" in said(read(token(), providers=[unsigned, proved]), "JWT-06")


def test_an_old_list_warns() -> None:
    old = tokens.on_list(provider(), next_update=NOW - timedelta(days=1))
    reading = read(token(), providers=[old])
    assert of(reading, "JWT-06").status is WARN


@pytest.mark.parametrize(
    ("header", "status", "words"),
    [
        ({"typ": None}, FAIL, "typ"),
        ({"alg": 7}, FAIL, "alg"),
        ({"typ": "at+jwt"}, PASS, "at+jwt"),
        ({"typ": "dpop+jwt"}, WARN, "dpop+jwt"),
        ({"crit": ["exp"]}, FAIL, "crit"),
        ({"b64": False, "crit": ["b64"]}, FAIL, "crit"),
    ],
)
def test_the_header_says_algorithm_and_type(
    header: dict[str, Any], status: FindingStatus, words: str
) -> None:
    members = {"alg": "ES256", "typ": "JWT", "kid": "k1", **header}
    text = signed(
        part({name: value for name, value in members.items() if value is not None}), part(tokens.claims())
    )
    reading = read(text)
    assert of(reading, "JWT-01").status is status
    assert words in said(reading, "JWT-01")


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"exp": None}, FAIL, "no end"),
        ({"exp": "2026-13-45T00:00:00Z"}, FAIL, "has to be a number"),
        ({"exp": "1795000000"}, FAIL, "has to be a number"),
        ({"exp": True}, FAIL, "no number"),
        ({"exp": [1]}, FAIL, "no number"),
        ({"exp": int(NOW.timestamp()) * 1000}, FAIL, "milliseconds"),
        ({"exp": NOW.timestamp() - 3600}, FAIL, "ended on"),
        ({"exp": NOW.timestamp() - 121, "iat": None}, FAIL, "ended on"),
        ({"exp": NOW.timestamp() - 60, "iat": NOW.timestamp() - 600}, PASS, "clocks may differ"),
        ({"exp": NOW.timestamp() + 60.5}, PASS, "minutes"),
        ({"nbf": NOW.timestamp() + 600}, FAIL, "still to come"),
        ({"nbf": NOW.timestamp() + 60}, PASS, ""),
        ({"iat": NOW.timestamp() + 600, "exp": NOW.timestamp() + 900}, FAIL, "still to come"),
        ({"iat": "now"}, FAIL, "iat"),
        ({"nbf": False}, FAIL, "nbf"),
        ({"exp": NOW.timestamp() + 3 * 3600}, WARN, "An hour"),
        ({"exp": NOW.timestamp() + 3 * 3600, "iat": None}, WARN, "does not say when"),
        ({"exp": NOW.timestamp() + 48 * 3600}, FAIL, "stolen"),
        ({"exp": 10**300}, FAIL, ""),
        ({"exp": -(10**30)}, FAIL, ""),
    ],
)
def test_dates_are_numbers_and_near(changes: dict[str, Any], status: FindingStatus, words: str) -> None:
    reading = read(token(**changes))
    assert of(reading, "JWT-04").status is status
    assert words in said(reading, "JWT-04")


def test_a_number_that_is_too_large_for_any_is_no_date() -> None:
    body = json.dumps(tokens.claims()).replace(str(tokens.claims()["exp"]), "1e999")
    reading = read(signed(part({"alg": "ES256", "typ": "JWT", "kid": "k1"}), part(body)))
    assert of(reading, "JWT-04").status is FAIL
    assert "larger than any date" in said(reading, "JWT-04")
    assert reading.expires_at is None


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"logistics_agent_uri": None, "sub": tokens.AGENT}, FAIL, "sub holds"),
        ({"logistics_agent_uri": ""}, FAIL, "logistics_agent_uri"),
        ({"logistics_agent_uri": ["x"]}, FAIL, "No text"),
        ({"iss": None}, FAIL, "iss"),
        ({"iss": 5}, FAIL, "No text"),
    ],
)
def test_claims_that_have_to_be_there(changes: dict[str, Any], status: FindingStatus, words: str) -> None:
    reading = read(token(**changes))
    assert of(reading, "JWT-03").status is status
    assert words in said(reading, "JWT-03")


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("https://h.example:8443/base/logistics-objects/a", PASS),
        ("http://h.example/logistics-objects/a", WARN),
        ("https://h.example/ACME", WARN),
        ("https://h.example/logistics-objects/", WARN),
        ("https://h.example/logistics-objects/a?x=1", WARN),
        ("https://u@h.example/logistics-objects/a", WARN),
        ("acme", WARN),
    ],
)
def test_the_agent_is_an_organisation_uri(uri: str, status: FindingStatus) -> None:
    assert of(read(token(logistics_agent_uri=uri)), "JWT-05").status is status


@pytest.mark.parametrize(
    ("audience", "status"),
    [(None, WARN), ("", WARN), ([], WARN), (["a", "b"], PASS), ([1], WARN), (7, WARN)],
)
def test_audience(audience: object, status: FindingStatus) -> None:
    assert of(read(token(aud=audience)), "JWT-08").status is status


OURS = pki.client(None)
OTHER = pki.client(None)
RIGHT = sha256_thumbprint(OURS.facts)


@pytest.mark.parametrize(
    ("value", "status", "words"),
    [
        (RIGHT, PASS, "bound to ACME"),
        (sha256_thumbprint(OTHER.facts), FAIL, RIGHT),
        (OURS.sha256, FAIL, "in hex"),
        (":".join(OURS.sha256[at : at + 2] for at in range(0, 64, 2)).upper(), FAIL, "in hex"),
        (base64url_text(OURS.sha256.encode()), FAIL, "hexadecimal text"),
        (RIGHT + "=", FAIL, "unpadded"),
        (sha1_thumbprint(OURS.facts), FAIL, "SHA-1"),
        (7, FAIL, "no text"),
    ],
)
def test_a_bound_token_is_compared_with_our_certificate(
    value: object, status: FindingStatus, words: str
) -> None:
    reading = read(token(cnf={"x5t#S256": value}), client=OURS.facts)
    assert of(reading, "JWT-09").status is status
    assert words in said(reading, "JWT-09")


def test_a_bound_token_that_nobody_compared_is_no_pass() -> None:
    reading = read(token(cnf={"x5t#S256": RIGHT}))
    assert of(reading, "JWT-09").status is NOT_RUN
    assert reading.verdict is Verdict.WARN
    assert of(read(token()), "JWT-09").status is NOT_APPLICABLE
    assert of(read(token(cnf={"jkt": "x"})), "JWT-09").status is NOT_RUN
    assert of(read(token(cnf="x"), client=OURS.facts), "JWT-09").status is FAIL


CA = pki.root("Signing CA")


def certified(kind: str = "P-256", **keywords: Any) -> pki.Issued:
    return pki.client(CA, "IdP signer", key=tokens.private_key(kind).private_key, **keywords)


def test_the_certificate_beside_a_key_is_its_own() -> None:
    own = certified()
    good = public_jwk(x5c=tokens.x5c(own, CA), x5t=sha1_thumbprint(own.facts))
    assert of(read(token(), good), "JWT-10").status is PASS
    assert of(read(token(), public_jwk()), "JWT-10").status is NOT_APPLICABLE
    assert of(read(token(header={"x5t": "k1"}), good), "JWT-10").status is WARN


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"x5c": tokens.x5c(OTHER)}, "another key"),
        ({"x5c": tokens.x5c(certified()), "x5t": "k1"}, "repeats the key id"),
        ({"x5c": tokens.x5c(certified()), "x5t": sha256_thumbprint(certified().facts)}, "x5t is wrong"),
        ({"x5c": tokens.x5c(certified(not_after=NOW - timedelta(days=1)))}, "ended on"),
        ({"x5c": tokens.x5c(certified(not_before=NOW + timedelta(days=1)))}, "begins on"),
        ({"x5c": tokens.x5c(certified(), OTHER)}, "did not issue it"),
    ],
)
def test_what_is_wrong_beside_a_key_is_said(members: Jwk, words: str) -> None:
    reading = read(token(), public_jwk(**members))
    assert of(reading, "JWT-10").status is WARN
    assert words in said(reading, "JWT-10")


def test_sha1_on_a_signers_certificate_warns() -> None:
    issuer = pki.root("RSA CA", key=pki.rsa_key())
    own = pki.client(issuer, "IdP signer", key=tokens.private_key("P-256").private_key)
    old = base64.b64encode(pki.signed_with_sha1(own, issuer)).decode()
    reading = read(token(), public_jwk(x5c=[old]))
    assert "digest is broken" in said(reading, "JWT-10")


def test_a_weak_key_is_not_used_although_it_made_the_signature() -> None:
    reading = read(token("RS256", "1024"), public_jwk("1024"))
    assert reading.signature_valid is False
    assert "1024" in said(reading, "JWT-07")
    assert of(reading, "JWT-11").status is FAIL
    assert reading.verdict is Verdict.FAIL


def test_a_key_that_cannot_be_read_is_not_called_strong() -> None:
    reading = read(token("RS256", "2048"), {**public_jwk("2048"), "e": "AQ"})
    assert of(reading, "JWT-11").status is NOT_RUN
    assert "strong" not in said(reading, "JWT-11")


def entry(issued: pki.Issued, **changes: Any) -> ListEntry:
    fields: dict[str, Any] = {
        "sha256": issued.sha256,
        "certificate": issued.facts,
        "subject": issued.facts.subject,
        "usages": frozenset({Usage.IDP_SIGNING}),
    }
    return ListEntry(**(fields | changes))


def test_a_trust_list_may_know_the_signer() -> None:
    own = certified()
    key = public_jwk(x5c=tokens.x5c(own))
    assert of(read(token(), key), "JWT-12").status is NOT_RUN
    assert of(read(token(), key, entries=[entry(own)]), "JWT-12").status is PASS
    assert of(read(token(), key, entries=[entry(CA)]), "JWT-12").status is PASS
    missing = of(read(token(), key, entries=[entry(OTHER)]), "JWT-12")
    assert (missing.status, missing.severity) == (FAIL, Severity.INFO)
    assert read(token(), key, entries=[entry(OTHER)]).verdict is Verdict.PASS


def test_a_ca_of_the_same_name_vouches_for_nobody() -> None:
    impostor = pki.root("Signing CA")
    key = public_jwk(x5c=tokens.x5c(certified()))
    assert of(read(token(), key, entries=[entry(impostor)]), "JWT-12").status is FAIL


def test_what_is_no_ca_or_not_in_time_vouches_for_no_signer() -> None:
    """Whoever has any client certificate of a listed CA could certify a signer with it."""
    client = pki.client(CA, "Anybody")
    forged = pki.client(client, "IdP signer", key=tokens.private_key("P-256").private_key)
    by_client = public_jwk(x5c=tokens.x5c(forged, client))
    assert of(read(token(), by_client, entries=[entry(CA)]), "JWT-12").status is FAIL
    assert of(read(token(), by_client, entries=[entry(client)]), "JWT-12").status is FAIL
    over = certified(not_after=NOW - timedelta(days=1))
    assert of(read(token(), public_jwk(x5c=tokens.x5c(over)), entries=[entry(CA)]), "JWT-12").status is FAIL


def test_an_entry_that_is_still_to_come_vouches_for_no_signer() -> None:
    early = certified(not_before=NOW + timedelta(days=1))
    key = public_jwk(x5c=tokens.x5c(early))
    assert of(read(token(), key, entries=[entry(early)]), "JWT-12").status is FAIL


def test_a_distrusted_signer_fails() -> None:
    own = certified()
    reading = read(
        token(), public_jwk(x5c=tokens.x5c(own)), entries=[entry(own, status=EntryStatus.DISTRUSTED)]
    )
    assert of(reading, "JWT-12").status is FAIL
    assert reading.verdict is Verdict.FAIL


def test_a_list_of_providers_that_names_identifiers_names_all() -> None:
    named = replace(provider(), signing_skis=("ab" * 20,))
    reading = read(token(), providers=[tokens.on_list(named)])
    assert "none of those" in said(reading, "JWT-12")


def test_a_list_may_allow_fewer_algorithms() -> None:
    reading = read(token(), providers=[tokens.on_list(provider(algorithms=("RS256",)))])
    assert of(reading, "JWT-02").status is FAIL
