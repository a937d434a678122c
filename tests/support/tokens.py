"""Tokens as a provider issues them, each thing wrong with one a keyword; and the provider's keys."""

from __future__ import annotations

import base64
import json
import warnings
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.support import pki
from tests.support.pki import NOW
from trustdesk.core.identity_provider import IdentityProvider
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.formats.token import base64url_text
from trustdesk.verify.tokens.case import ListedProvider

ISSUER = "https://idp.example/realms/cargo"
AGENT = "https://1r.acme.example/logistics-objects/acme"
Jwk = dict[str, Any]


@cache
def private_key(kind: str) -> RSAKey | ECKey | OKPKey:
    """One key of a kind for all tests: `P-256`, `P-384`, `Ed25519`, or the bits of an RSA key."""
    if kind.isdigit():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of weak keys
            return RSAKey.import_key(pki.rsa_key(int(kind)))
    if kind == "Ed25519":
        return OKPKey.generate_key("Ed25519")
    return ECKey.generate_key(kind)


def public_jwk(kind: str = "P-256", kid: str | None = "k1", **more: Any) -> Jwk:
    """The document of a public key; `more` are members beside it, None takes one away."""
    document: Jwk = {**private_key(kind).as_dict(private=False), "use": "sig", **more}
    document.pop("kid", None)
    if kid is not None:
        document["kid"] = kid
    return {name: value for name, value in document.items() if value is not None}


def claims(at: datetime = NOW, **changes: Any) -> dict[str, Any]:
    """Good claims as of an instant; None takes one away."""
    values = {
        "iss": ISSUER,
        "aud": "https://1r.partner.example",
        "iat": int(at.timestamp()),
        "exp": int((at + timedelta(minutes=30)).timestamp()),
        "logistics_agent_uri": AGENT,
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def token(
    algorithm: str = "ES256",
    kind: str = "P-256",
    *,
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A signed token; `header` and `changes` are laid over a good one, None takes a member away."""
    members = {"alg": algorithm, "typ": "JWT", "kid": "k1", **(header or {})}
    members = {name: value for name, value in members.items() if value is not None}
    return signed(part(members), part(claims(**changes)), algorithm, kind)


def signed(header_part: str, claims_part: str, algorithm: str = "ES256", kind: str = "P-256") -> str:
    """Sign two parts as they stand, whatever stands in them."""
    model = jws.JWSRegistry.algorithms[algorithm if algorithm != "EdDSA" else kind]
    signature = model.sign(f"{header_part}.{claims_part}".encode(), private_key(kind))
    return f"{header_part}.{claims_part}.{base64url_text(signature)}"


def part(value: object) -> str:
    """A part of a token: the JSON of a value, or a text as it stands."""
    text = value if isinstance(value, str) else json.dumps(value)
    return base64url_text(text.encode())


def x5c(*issued: pki.Issued) -> list[str]:
    """Certificates as a key set holds them."""
    return [base64.b64encode(one.der).decode() for one in issued]


def provider(*keys: Jwk, **changes: Any) -> IdentityProvider:
    """A provider whose keys its list carries."""
    fields: dict[str, Any] = {
        "issuer": ISSUER,
        "name": "Cargo IdP",
        "token_url": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/keys",
        "keys": tuple(json.dumps(key, sort_keys=True, separators=(",", ":")) for key in keys),
    }
    return IdentityProvider(**(fields | changes))


def on_list(one: IdentityProvider, **changes: Any) -> ListedProvider:
    """A provider on a list whose publisher is proved."""
    fields: dict[str, Any] = {"list_name": "providers", "authenticity": AuthenticityState.VERIFIED}
    return ListedProvider(provider=one, **(fields | changes))
