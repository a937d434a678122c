"""Whether one of a provider's keys made a token's signature (RFC 7515 5.2, RFC 7518 3, RFC 8037 3.1).

The key decides what algorithms it can be used with, not the token: an RSA key never becomes the secret of an
HMAC, and a curve belongs to its algorithm.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from trustdesk.core.message import Message, msg
from trustdesk.formats.token import ReadToken
from trustdesk.formats.web_key import WebKey
from trustdesk.verify.profiles.shared_rules import weak_key
from trustdesk.verify.signatures import public_key
from trustdesk.verify.tokens.case import SignatureOutcome, SignatureState

_KINDS = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), ("RSA", None)),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "EdDSA": ("OKP", None),
    "Ed25519": ("OKP", "Ed25519"),
    "Ed448": ("OKP", "Ed448"),
}

ASYMMETRIC = frozenset(_KINDS)
"""Algorithms that can be checked with a public key (RFC 7518 3.1, RFC 8037, RFC 9864)."""

SYMMETRIC = frozenset({"HS256", "HS384", "HS512"})
"""Algorithms of a shared secret."""

_FETCH_AGAIN = msg("Fetch the provider's keys again, and ask the provider where they are still missing.")
_ANOTHER_TOKEN = msg("Do not accept it; get another token from the provider.")


def check_signature(token: ReadToken, keys: Sequence[WebKey]) -> SignatureOutcome:
    """Check a token that was read, whose algorithm the caller has found to be one of `ASYMMETRIC`.

    Args:
        keys: the provider's, from its list or from where that says; never from the token.
    """
    header = token.header or {}
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ASYMMETRIC:
        return _not_checked(msg("It was not checked: its algorithm is none that is accepted."))
    if not keys:
        return _not_checked(
            msg("It was not checked: no key of the provider is at hand."),
            msg("Let the provider's keys be fetched, or keep them with its list."),
        )
    if kid is not None and not isinstance(kid, str):
        return _invalid(msg("The token's key id (kid) is no text, so that no key can be chosen."))
    named = [key for key in keys if key.kid == kid] if kid is not None else []
    candidates = named or [key for key in keys if kid is None or key.kid is None]
    if not candidates:
        return _invalid(
            msg(
                "The token names the key {kid}, which is none of the provider's {count}.",
                kid=kid or "?",
                count=len(keys),
            ),
            remedy=_FETCH_AGAIN,
        )
    refusals: list[Message] = []
    for key in candidates:
        refusal = refusal_of(key, algorithm)
        if refusal is None and _made_by(key, algorithm, token):
            return SignatureOutcome(
                state=SignatureState.VALID,
                key=key,
                reason=_held(key, algorithm, kid, len(candidates)),
            )
        if refusal is not None:
            refusals.append(msg("{key}: {reason}", key=key.title, reason=refusal))
    if len(refusals) == len(candidates):
        return _invalid(
            msg("No key can be used for it. {reason}", reason=refusals[0]),
            candidates[0],
            remedy=msg("Ask the provider which key signs its tokens."),
        )
    return _invalid(
        msg("The signature was not made with the key {key}.", key=candidates[0].title)
        if len(candidates) == 1
        else msg("The signature was made with none of the provider's {count} keys.", count=len(candidates)),
        candidates[0] if len(candidates) == 1 else None,
    )


def refusal_of(key: WebKey, algorithm: str) -> Message | None:
    """Say why a key is not used for an algorithm; None where it can be."""
    if key.secrets:
        return msg("Its private part was published: anybody can sign with it.")
    if key.spki is None:
        return key.problems[0] if key.problems else msg("It cannot be read.")
    if not key.may_sign:
        return msg("It is not meant for signatures.")
    if key.algorithm is not None and key.algorithm != algorithm and not _same(key.algorithm, algorithm):
        return msg(
            "It is meant for {algorithm}, and the token says {other}.",
            algorithm=key.algorithm,
            other=algorithm,
        )
    weakness = weak_key(key.key_algorithm, key.key_bits)
    if weakness is not None:
        return weakness
    kind, curve = _KINDS[algorithm]
    if key.kind != kind or (curve is not None and key.curve != curve):
        return msg(
            "It is a key of the kind {kind}, which {algorithm} cannot be checked with.",
            kind=" ".join(part for part in (key.kind, key.curve) if part),
            algorithm=algorithm,
        )
    return None


def _same(one: str, other: str) -> bool:
    """Whether two names may mean one algorithm: RFC 9864 renames EdDSA by its curve."""
    return "EdDSA" in {one, other} and {one, other} <= {"EdDSA", "Ed25519", "Ed448"}


def _made_by(key: WebKey, algorithm: str, token: ReadToken) -> bool:
    # The library's EdDSA only warns that the name is old (RFC 9864); its curves are the same algorithms.
    name = key.curve if algorithm == "EdDSA" else algorithm
    model = JWSRegistry.algorithms.get(name or "")
    usable = _usable(key)
    if model is None or usable is None:
        return False
    try:
        model.check_key(usable)
        return bool(model.verify(token.signing_input, token.signature, usable))
    except (JoseError, ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        return False


def _usable(key: WebKey) -> RSAKey | ECKey | OKPKey | None:
    native = None if key.spki is None else public_key(key.spki)
    match native:
        case rsa.RSAPublicKey():
            return RSAKey.import_key(native)
        case ec.EllipticCurvePublicKey():
            return ECKey.import_key(native)
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            return OKPKey.import_key(native)
        case _:
            return None


def _held(key: WebKey, algorithm: str, kid: str | None, count: int) -> Message:
    if kid is None and count > 1:
        return msg(
            "The token names no key; {key}, one of the provider's {count}, made its signature ({algorithm}).",
            key=key.title,
            count=count,
            algorithm=algorithm,
        )
    return msg(
        "The provider's key {key} made the signature ({algorithm}).", key=key.title, algorithm=algorithm
    )


def _invalid(
    reason: Message, key: WebKey | None = None, remedy: Message = _ANOTHER_TOKEN
) -> SignatureOutcome:
    return SignatureOutcome(state=SignatureState.INVALID, reason=reason, key=key, remedy=remedy)


def _not_checked(reason: Message, remedy: Message | None = None) -> SignatureOutcome:
    return SignatureOutcome(state=SignatureState.NOT_CHECKED, reason=reason, remedy=remedy)
