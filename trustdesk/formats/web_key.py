"""Public keys as identity providers publish them: JWK and JWK sets (RFC 7517, RFC 7518 6, RFC 8037).

A key is read whatever is wrong with it, so that what is wrong can be said. Members that are secret are named
and dropped: nothing here holds a private key, not even one that somebody published.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import bounded
from trustdesk.formats.algorithms import curve_of, key_of
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import public_key_of, spki_of
from trustdesk.formats.der import DerError, parts_of, read_element
from trustdesk.formats.strict_json import JsonFault, JsonValue, read_jose_json, texts_of
from trustdesk.formats.token import base64url_bytes

MAX_KEYS = 64
"""Of one provider. Those that rotate daily publish a handful."""

MAX_KEY_SET_BYTES = 256 * 1024
"""A set of 64 RSA keys with three certificates each fits."""

_MAX_MEMBER = 16 * 1024
_MAX_MODULUS_BYTES = 2048  # 16,384 bits: what OpenSSL still checks a signature with
_MAX_CHAIN = 8
_SECRETS = {
    "RSA": ("d", "p", "q", "dp", "dq", "qi", "oth"),
    "EC": ("d",),
    "OKP": ("d",),
    "oct": ("k",),
}
_EVERY_SECRET = frozenset(name for names in _SECRETS.values() for name in names) | {"priv"}
_KEY_MEMBERS = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
_KINDS = {"RSA": "RSA", "EC": "EC", "Ed25519": "OKP", "Ed448": "OKP"}
_DESCRIBING = ("kid", "use", "alg", "key_ops", "x5c", "x5t", "x5t#S256", "x5u")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebKey:
    """One key of a set.

    Attributes:
        document: the public members that are known here, as canonical JSON text.
        kind: `kty`, as written; "" without one.
        kid, use, algorithm: as written; None without them.
        operations: `key_ops`; None without it.
        spki: SubjectPublicKeyInfo (DER); None where the key cannot be read.
        key_algorithm, key_bits: as in CertificateFacts; None where the key cannot be read.
        curve: `crv`; None for RSA.
        certificates: `x5c`, the key's own first; what is none is left out and named in `problems`.
        sha1_thumbprint, sha256_thumbprint: `x5t` and `x5t#S256`, as written; None without them.
        secrets: names of the secret members that were published with it.
        problems: what cannot be read, in sentences.
    """

    document: str
    kind: str
    kid: str | None = None
    use: str | None = None
    algorithm: str | None = None
    operations: tuple[str, ...] | None = None
    spki: bytes | None = None
    key_algorithm: str | None = None
    key_bits: int | None = None
    curve: str | None = None
    certificates: tuple[CertificateFacts, ...] = ()
    sha1_thumbprint: str | None = None
    sha256_thumbprint: str | None = None
    secrets: tuple[str, ...] = ()
    problems: tuple[Message, ...] = ()

    @property
    def title(self) -> str:
        """What a person knows it by: its `kid`, else the start of its digest."""
        if self.kid:
            return self.kid
        return hashlib.sha256(self.spki or self.document.encode()).hexdigest()[:16]

    @property
    def key_identifier(self) -> str | None:
        """SHA-1 of the bits of the public key in hex (RFC 5280 4.2.1.2, method 1), the SKI of 2020."""
        return None if self.spki is None else key_identifier(self.spki)

    @property
    def may_sign(self) -> bool:
        """Whether nothing that it says of its use forbids signatures."""
        if self.use is not None and self.use != "sig":
            return False
        return self.operations is None or "verify" in self.operations or "sign" in self.operations


def read_key_set(data: bytes) -> tuple[WebKey, ...]:
    """Read a JWK set.

    Raises:
        JsonFault: it is no JSON object with an array of keys, or has too many.
    """
    value = read_jose_json(data)
    keys = value.get("keys") if isinstance(value, Mapping) else None
    if isinstance(keys, str) or not isinstance(keys, Sequence):
        raise JsonFault(msg("it has no array of keys"))
    if len(keys) > MAX_KEYS:
        raise JsonFault(msg("it has more than {limit} keys", limit=MAX_KEYS))
    return tuple(read_key(key) for key in keys)


def read_key_text(document: str) -> WebKey:
    """Read a key from the text of its document.

    Raises:
        JsonFault: it is no JSON.
    """
    return read_key(read_jose_json(document.encode("utf-8", "surrogatepass")))


def read_key(value: JsonValue) -> WebKey:
    """Read one JWK; never raises for what is in it."""
    if not isinstance(value, Mapping):
        return WebKey(document="{}", kind="", problems=(msg("It is no JSON object."),))
    kind = _text(value, "kty") or ""
    problems: list[Message] = []
    spki = _public_key(kind, value, problems)
    described = _described(spki)
    return WebKey(
        document=_canonical(kind, value),
        kind=bounded(kind, 32),
        kid=_text(value, "kid"),
        use=_text(value, "use"),
        algorithm=_text(value, "alg"),
        operations=texts_of(value["key_ops"]) if "key_ops" in value else None,
        spki=spki,
        key_algorithm=None if described is None else described[0],
        key_bits=None if described is None else described[1],
        curve=_text(value, "crv"),
        certificates=_certificates(value, problems),
        sha1_thumbprint=_text(value, "x5t"),
        sha256_thumbprint=_text(value, "x5t#S256"),
        secrets=tuple(name for name in value if name in _secrets_of(kind)),
        problems=tuple(problems),
    )


def key_of_certificate(facts: CertificateFacts) -> WebKey | None:
    """Return the key of a signing certificate as if it had been published; None where it cannot be read."""
    spki = public_key_of(facts.der)
    if spki is None:
        return None
    described = _described(spki)
    kind = _KINDS.get(facts.key_algorithm or "", "")
    return WebKey(
        document="{}",
        kind=kind,
        spki=spki,
        key_algorithm=None if described is None else described[0],
        key_bits=None if described is None else described[1],
        curve=facts.key_algorithm if kind == "OKP" else _quiet_curve(spki),
        certificates=(facts,),
    )


def key_identifier(spki: bytes) -> str | None:
    """Return SHA-1 of the bits of a public key in hex; None where it is no SubjectPublicKeyInfo."""
    try:
        bits = parts_of(read_element(spki), 2)[1].content
    except DerError:
        return None
    return hashlib.sha1(bits[1:], usedforsecurity=False).hexdigest()


def _secrets_of(kind: str) -> frozenset[str]:
    return frozenset(_SECRETS[kind]) if kind in _SECRETS else _EVERY_SECRET


def _text(value: Mapping[str, JsonValue], name: str) -> str | None:
    found = value.get(name)
    return bounded(found, 256) if isinstance(found, str) else None


def _canonical(kind: str, value: Mapping[str, JsonValue]) -> str:
    kept = {
        name: value[name]
        for name in ("kty", *_KEY_MEMBERS.get(kind, ()), *_DESCRIBING)
        if name in value and name not in _secrets_of(kind)
    }
    return json.dumps(kept, sort_keys=True, separators=(",", ":"))


def _public_key(kind: str, value: Mapping[str, JsonValue], problems: list[Message]) -> bytes | None:
    names = _KEY_MEMBERS.get(kind)
    if kind == "oct":
        problems.append(msg("It is a shared secret (oct), and no public key: whoever reads it can sign."))
        return None
    if names is None:
        problems.append(msg("Keys of the kind {kind} cannot be used here.", kind=bounded(kind, 32) or "?"))
        return None
    members: dict[str, str] = {}
    for name in names:
        text = value.get(name)
        if not isinstance(text, str) or not text or len(text) > _MAX_MEMBER:
            problems.append(msg("Its member {name} is missing, or no text of use.", name=name))
            return None
        octets = None if name == "crv" else base64url_bytes(text)
        if name != "crv" and octets is None:
            problems.append(msg("Its member {name} is not base64url without padding.", name=name))
            return None
        if octets is not None and len(octets) > _MAX_MODULUS_BYTES:
            problems.append(msg("Its member {name} is larger than any key in use.", name=name))
            return None
        members[name] = text
    try:
        return _spki(kind, members)
    except (JoseError, ValueError, TypeError, KeyError, OverflowError, UnsupportedAlgorithm):
        problems.append(msg("Its numbers make no public key."))
        return None


def _spki(kind: str, members: dict[str, str]) -> bytes:
    # Only the public members are handed on: the library would load what is secret too.
    public: dict[str, str | list[str]] = {"kty": kind, **members}
    if kind == "RSA":
        # joserfc's own reader warns of weak keys; a rule says that here.
        exponent, modulus = (base64url_bytes(members[name]) or b"" for name in ("e", "n"))
        numbers = RSAPublicNumbers(int.from_bytes(exponent), int.from_bytes(modulus))
        return spki_of(numbers.public_key())
    key = ECKey.import_key(public) if kind == "EC" else OKPKey.import_key(public)
    return spki_of(key.public_key)


def _quiet_curve(spki: bytes) -> str | None:
    try:
        return curve_of(read_element(spki))
    except (DerError, ValueError):
        return None


def _described(spki: bytes | None) -> tuple[str | None, int | None] | None:
    try:
        return None if spki is None else key_of(read_element(spki))
    except (DerError, ValueError):
        return None


def _certificates(value: Mapping[str, JsonValue], problems: list[Message]) -> tuple[CertificateFacts, ...]:
    if "x5c" not in value:
        return ()
    texts = texts_of(value["x5c"])
    if texts is None or not texts or len(texts) > _MAX_CHAIN:
        problems.append(msg("Its x5c is no array of one to {limit} certificates.", limit=_MAX_CHAIN))
        return ()
    found = []
    for position, text in enumerate(texts, 1):
        try:
            # x5c is base64 with padding, unlike everything else in a key (RFC 7517 4.7).
            der = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            der = b""
        facts = read_certificate(der)
        if facts.subject is None and facts.issuer is None:
            problems.append(msg("Certificate {position} of its x5c is none.", position=position))
            continue
        found.append(facts)
    return tuple(found)
