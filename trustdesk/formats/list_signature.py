"""Who signed a list as a JWS, and the bytes that were signed: those alone are read then.

Compact, flattened JSON, or detached beside the file. What a signature may not be (a keyed digest, none at
all, a key from an address that the list itself names) is refused before anything is tried; what was tried
and does not hold comes out as FAILED, with the reason and without the list's entries.

Source: RFC 7515; RFC 8725 (algorithms by an allow-list, never by the header alone); RFC 8037, RFC 9864.
"""

from __future__ import annotations

import binascii
import hashlib
import warnings
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import UNSIGNED, Authenticity, AuthenticityState, SignatureMethod
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import load, spki_of
from trustdesk.formats.entry_facts import is_no_certificate, public_key_sha256
from trustdesk.formats.jws_parts import JwsParts, jws_parts
from trustdesk.formats.list_fields import instant_of
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.formats.signer_fitness import is_too_short, may_not_sign

ALGORITHMS = ("ES256", "ES384", "PS256", "RS256", "EdDSA", "Ed25519")
"""That a list may be signed with; EdDSA means Ed25519."""

_MAX_CHAIN = 16
_SIGNATURE_BYTES = {"ES256": 64, "ES384": 96, "EdDSA": 64, "Ed25519": 64}
_CURVES = {"ES256": "secp256r1", "ES384": "secp384r1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDocument:
    """What a file says, and who says it.

    Attributes:
        payload: the bytes that were signed; those of the file where nobody signed it.
        remarks: what a person should know of the signature, and what is not wrong with it.
    """

    payload: bytes = field(repr=False)
    authenticity: Authenticity = UNSIGNED
    remarks: tuple[Message, ...] = ()


def open_signed(source: ListBytes, signers: Sequence[NamedSigner] = ()) -> SignedDocument:
    """Take the signature off a file and check it; a file without one comes out as it is.

    Raises:
        UnusableInputError: the signature is damaged or cut short, there are several, or it is of a kind that
            proves nothing; names what it is.
    """
    parts = jws_parts(source)
    if parts is None:
        return SignedDocument(payload=source.data)
    _refuse(parts.header, source.place)
    if not parts.signature:
        raise UnusableInputError(
            msg("The signature is missing: its part is empty."),
            remedy=msg("Get the signed list again from whoever publishes it, and see that it is whole."),
            place=source.place,
        )
    chain = _chain(parts.header, source.place)
    if not chain:
        return _by_known_key(parts, signers, source.place)
    facts = chain[0]
    authenticity = Authenticity(
        state=AuthenticityState.UNKNOWN_SIGNER,
        method=SignatureMethod.JWS,
        signer=facts.sha256,
        signer_certificate=facts,
        signed_at=_signed_at(parts.header),
    )
    why = _why_not(parts, chain)
    if why is not None:
        authenticity = replace(authenticity, state=AuthenticityState.FAILED, why=why)
    return SignedDocument(
        payload=parts.payload,
        authenticity=as_named(authenticity, signers),
        remarks=_date_remarks(facts, authenticity.signed_at),
    )


def as_named(authenticity: Authenticity, signers: Sequence[NamedSigner]) -> Authenticity:
    """Return a signature that holds as VERIFIED where its signer was named or pinned; any other as it is."""
    if authenticity.state is not AuthenticityState.UNKNOWN_SIGNER:
        return authenticity
    matching = [signer for signer in signers if is_by(authenticity, signer.sha256)]
    if not matching:
        return authenticity
    return replace(
        authenticity,
        state=AuthenticityState.VERIFIED,
        pinned=any(signer.is_pinned for signer in matching),
    )


def is_by(authenticity: Authenticity, sha256: str) -> bool:
    """Whether a digest is that of who signed: of the certificate, or of its SubjectPublicKeyInfo."""
    if authenticity.signer is None:
        return False
    digests = {authenticity.signer}
    if authenticity.signer_certificate is not None:
        digests |= {public_key_sha256(authenticity.signer_certificate.der) or authenticity.signer}
    return sha256.lower() in digests


def _by_known_key(parts: JwsParts, signers: Sequence[NamedSigner], place: str) -> SignedDocument:
    """Check a signature that brings no certificate with the keys that are known here."""
    authenticity = Authenticity(
        state=AuthenticityState.NOT_CHECKED,
        method=SignatureMethod.JWS,
        signed_at=_signed_at(parts.header),
        why=msg("The signature brings no certificate (x5c), and no key is known here to check it with."),
    )
    for signer in signers:
        key = None if signer.key is None else _known_key(signer.key, place)
        if key is None or _misfit(parts.algorithm, key) is not None:
            continue
        found = replace(_known_signer(authenticity, signer, key), why=None)
        facts = found.signer_certificate
        why = msg("The signature does not hold with the key that is known here.")
        if _holds(parts, key):
            unfit = None if facts is None else may_not_sign(facts)
            if unfit is None:
                verified = replace(found, state=AuthenticityState.VERIFIED, pinned=signer.is_pinned)
                remarks = () if facts is None else _date_remarks(facts, found.signed_at)
                return SignedDocument(payload=parts.payload, authenticity=verified, remarks=remarks)
            why = unfit
        authenticity = replace(found, state=AuthenticityState.FAILED, why=why)
    return SignedDocument(payload=parts.payload, authenticity=authenticity)


def _known_signer(authenticity: Authenticity, signer: NamedSigner, key: PublicKeyTypes) -> Authenticity:
    """Return a signature with whose key is tried: by the certificate where that is known, as with x5c."""
    if signer.key is None or load(signer.key) is None:
        return replace(authenticity, signer=hashlib.sha256(spki_of(key)).hexdigest())
    facts = read_certificate(signer.key)
    return replace(authenticity, signer=facts.sha256, signer_certificate=facts)


def _known_key(der: bytes, place: str) -> PublicKeyTypes:
    certificate = load(der)
    try:
        return load_der_public_key(der) if certificate is None else certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnusableInputError(
            msg("The signer's key that was named cannot be read."),
            remedy=msg("Name the signer's certificate."),
            place=place,
        ) from None


def _refuse(header: Mapping[str, object], place: str) -> None:
    """Refuse what a header may not ask for, whoever signed."""
    problem: Message | None = None
    algorithm = header.get("alg")
    if not isinstance(algorithm, str):
        problem = msg("The signature does not say by which algorithm it was made.")
    elif algorithm.lower() == "none":
        problem = msg("The list says that it is signed by nobody (alg none): anybody could have written it.")
    elif algorithm.upper().startswith("HS"):
        problem = msg(
            "The signature is a keyed digest ({algorithm}): whoever can check it can make it, so it proves "
            "nothing.",
            algorithm=algorithm,
        )
    elif algorithm not in ALGORITHMS:
        problem = msg("The signature's algorithm is not taken: {algorithm}.", algorithm=algorithm)
    elif "crit" in header or "b64" in header:
        problem = msg("The signature asks for an extension that is not known here (crit, b64).")
    else:
        for name in ("jku", "x5u", "jwk"):
            if name in header:
                problem = msg(
                    "The signature names its own key ({name}): a list must not say whom to trust for it.",
                    name=name,
                )
    if problem is not None:
        remedy = msg("Ask the publisher for a signature by ES256, ES384, PS256, RS256 or EdDSA with x5c.")
        raise UnusableInputError(problem, remedy=remedy, place=place)


def _chain(header: Mapping[str, object], place: str) -> tuple[CertificateFacts, ...]:
    if "x5c" not in header:
        return ()
    texts, found = header["x5c"], []
    try:
        if not isinstance(texts, list) or not 0 < len(texts) <= _MAX_CHAIN:
            raise ValueError
        for text in texts:
            if not isinstance(text, str):
                raise ValueError
            facts = read_certificate(b64decode(text, validate=True))
            if is_no_certificate(facts):
                raise ValueError
            found.append(facts)
    except (ValueError, binascii.Error):
        raise UnusableInputError(
            msg(
                "Certificate {number} that the signature brings (x5c) cannot be read.", number=len(found) + 1
            ),
            remedy=msg("Get the file again from whoever publishes it, and see that it is whole."),
            place=place,
        ) from None
    return tuple(found)


def _why_not(parts: JwsParts, chain: Sequence[CertificateFacts]) -> Message | None:
    """Say why a signature does not hold; None when it does."""
    facts = chain[0]
    key = _key_of(facts)
    if key is None:
        return msg("The key of the signer's certificate cannot be used.")
    misfit = _misfit(parts.algorithm, key)
    if misfit is not None:
        return misfit
    named = parts.header.get("x5t#S256")
    if named is not None and named != _thumbprint(facts):
        return msg("The signature names another certificate (x5t#S256) than the one that it brings.")
    if not _holds(parts, key):
        for number, other in enumerate(chain[1:], start=2):
            other_key = _key_of(other)
            if other_key is not None and not _misfit(parts.algorithm, other_key) and _holds(parts, other_key):
                return msg(
                    "The signature was made with the key of certificate {number} of x5c; the signer's has "
                    "to be the first.",
                    number=number,
                )
        expected = key.key_size // 8 if isinstance(key, RSAPublicKey) else _SIGNATURE_BYTES[parts.algorithm]
        if len(parts.signature) != expected:
            return msg(
                "The signature has {size} bytes, where {expected} belong: it is cut short or damaged.",
                size=len(parts.signature),
                expected=expected,
            )
        return msg("The signature does not hold: the list, its header or the signature was changed.")
    return may_not_sign(facts)


def _key_of(facts: CertificateFacts) -> PublicKeyTypes | None:
    certificate = load(facts.der)
    try:
        return None if certificate is None else certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _misfit(algorithm: str, key: PublicKeyTypes) -> Message | None:
    """Say why a key cannot have made a signature of an algorithm; None when it can."""
    if algorithm in {"RS256", "PS256"}:
        if isinstance(key, RSAPublicKey):
            return is_too_short(key.key_size)
    elif algorithm in _CURVES:
        if isinstance(key, EllipticCurvePublicKey) and key.curve.name == _CURVES[algorithm]:
            return None
    elif isinstance(key, Ed25519PublicKey):
        return None
    return msg("The signer's key is of another kind than the signature's algorithm, {alg}.", alg=algorithm)


def _holds(parts: JwsParts, key: PublicKeyTypes) -> bool:
    from joserfc.errors import JoseError, SecurityWarning
    from joserfc.jwk import ECKey, OKPKey, RSAKey
    from joserfc.jws import JWSRegistry, deserialize_compact

    registry = JWSRegistry(algorithms=[parts.algorithm], strict_check_header=False)
    # The library's limits are those of tokens; what a list may hold is bounded where it is read.
    registry.max_header_length = registry.max_signature_length = len(parts.compact)
    registry.max_payload_length = len(parts.compact)
    signer: RSAKey | ECKey | OKPKey
    match key:
        case RSAPublicKey():
            signer = RSAKey.import_key(key)
        case EllipticCurvePublicKey():
            signer = ECKey.import_key(key)
        case Ed25519PublicKey():
            signer = OKPKey.import_key(key)
        case _:
            return False
    try:
        with warnings.catch_warnings():
            # RFC 9864 has given EdDSA with Ed25519 a name of its own; lists with the old one stay readable.
            warnings.simplefilter("ignore", SecurityWarning)
            opened = deserialize_compact(parts.compact, signer, [parts.algorithm], registry)
    except (JoseError, ValueError, TypeError):
        return False
    return opened.payload == parts.payload


def _thumbprint(facts: CertificateFacts) -> str:
    digest = b64encode(bytes.fromhex(facts.sha256), altchars=b"-_")
    return digest.rstrip(b"=").decode()


def _signed_at(header: Mapping[str, object]) -> datetime | None:
    """Return when the signer says to have signed: `iat` (seconds) or `sigT` (RFC 3339)."""
    issued, text = header.get("iat"), header.get("sigT")
    if isinstance(issued, int) and not isinstance(issued, bool):
        try:
            return datetime.fromtimestamp(issued, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return instant_of(text) if isinstance(text, str) else None


def _date_remarks(facts: CertificateFacts, signed_at: datetime | None) -> tuple[Message, ...]:
    if signed_at is None or facts.not_before is None or facts.not_after is None:
        return ()
    if facts.not_before <= signed_at <= facts.not_after:
        return ()
    return (
        msg(
            "The list says to have been signed on {signed}, when its signer's certificate was not valid: it "
            "is from {start} to {end}.",
            signed=signed_at,
            start=facts.not_before,
            end=facts.not_after,
        ),
    )
