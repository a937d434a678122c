"""Whatever stands in a token or a key set is judged, and only what was checked can pass."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki, tokens
from tests.support.pki import NOW
from tests.support.tokens import part, public_jwk, signed
from trustdesk.core.finding import FindingStatus, Verdict
from trustdesk.formats.discovery import discovery_urls, read_discovery, require_issuer
from trustdesk.formats.strict_json import JsonFault
from trustdesk.formats.token import read_token
from trustdesk.formats.web_key import read_key
from trustdesk.services.wording import wording
from trustdesk.verify.profiles.rule import Held
from trustdesk.verify.tokens.judge import judge_token
from trustdesk.verify.tokens.provider import ProviderCase, judge_provider

SAY = wording("en")
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_likely = st.sampled_from(
    [
        tokens.ISSUER,
        tokens.AGENT,
        "ES256",
        "RS256",
        "none",
        "HS256",
        "JWT",
        "k1",
        1795177800,
        1e300,
        {"x5t#S256": "a"},
    ]
)
_headers = st.dictionaries(
    st.sampled_from(["alg", "typ", "kid", "jku", "jwk", "x5c", "x5t", "crit", "b64", "cty"]),
    _values | _likely,
)
_claims = st.dictionaries(
    st.sampled_from(["iss", "exp", "nbf", "iat", "aud", "sub", "cnf", "logistics_agent_uri", "jti"]),
    _values | _likely,
)
_members = st.dictionaries(
    st.sampled_from(
        ["kty", "crv", "x", "y", "n", "e", "kid", "use", "alg", "key_ops", "x5c", "x5t", "d", "k"]
    ),
    _values | st.sampled_from(["RSA", "EC", "OKP", "oct", "P-256", "sig", "AQAB", "RS256"]),
)
OURS = pki.client(None).facts


@given(_headers, _claims, st.booleans())
def test_any_token_is_judged_and_passes_only_when_its_signature_holds(
    header: dict[str, Any], claims: dict[str, Any], good: bool
) -> None:
    if good:
        header = {"alg": "ES256", "typ": "JWT", "kid": "k1", **header}
        claims = {**tokens.claims(), **claims}
    reading = judge_token(
        read_token(signed(part(header), part(claims))),
        at=NOW,
        providers=[tokens.on_list(tokens.provider())],
        keys=[read_key(public_jwk())],
        client=OURS,
        signing_entries=(),
    )
    statuses = {one.rule: one.status for one in reading.findings}
    assert len(statuses) == 12
    if reading.verdict is Verdict.PASS:
        assert reading.signature_valid is True
        assert statuses["JWT-06"] is statuses["JWT-07"] is FindingStatus.PASS
    for finding in reading.findings:
        assert SAY.text(finding.evidence)
    json.dumps([reading.header, reading.claims])


def test_good_keys_without_a_server_that_was_seen_are_no_pass() -> None:
    findings, verdict = judge_provider(
        ProviderCase(
            issuer=tokens.ISSUER,
            at=NOW,
            document_outcome=Held(SAMPLE),
            keys_outcome=Held(SAMPLE),
            keys=(read_key(public_jwk()),),
        )
    )
    assert {one.rule: one.status for one in findings}["JWT-11"] is FindingStatus.NOT_RUN
    assert verdict is Verdict.FAIL


@given(st.lists(_members | _values, max_size=4))
def test_any_key_set_is_judged_and_no_good_provider_without_a_server(keys: list[Any]) -> None:
    findings, verdict = judge_provider(
        ProviderCase(
            issuer=tokens.ISSUER,
            at=NOW,
            document_outcome=Held(SAMPLE),
            keys_outcome=Held(SAMPLE),
            keys=tuple(read_key(key) for key in keys),
            signing_entries=(),
        )
    )
    assert verdict is not Verdict.PASS
    for finding in findings:
        assert SAY.text(finding.evidence)


SAMPLE = judge_token(read_token("x"), at=NOW, providers=None, keys=()).findings[0].evidence


@given(st.binary(max_size=100) | _values.map(lambda value: json.dumps(value).encode()))
def test_any_answer_is_a_document_or_none(data: bytes) -> None:
    try:
        document = read_discovery(data)
    except JsonFault:
        return
    assert isinstance(document.issuer, str)


@pytest.mark.parametrize(
    ("issuer", "urls"),
    [
        (
            "https://idp.example",
            (
                "https://idp.example/.well-known/openid-configuration",
                "https://idp.example/.well-known/oauth-authorization-server",
            ),
        ),
        (
            "https://idp.example:8443/realms/a/",
            (
                "https://idp.example:8443/realms/a/.well-known/openid-configuration",
                "https://idp.example:8443/.well-known/oauth-authorization-server/realms/a",
            ),
        ),
    ],
)
def test_where_a_document_lies(issuer: str, urls: tuple[str, ...]) -> None:
    assert discovery_urls(require_issuer(issuer)) == urls
