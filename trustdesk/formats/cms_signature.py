"""Whether a CMS signature holds over its content, and by whom.

Everybody may sign; that a signature holds says nothing of who the signer is.

Source: RFC 5652 5.4, 5.6, 11; RFC 4056 (PSS), RFC 5754 (SHA-2), RFC 8419 (EdDSA)
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import Authenticity, AuthenticityState, SignatureMethod
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.der import (
    OCTET_STRING,
    SEQUENCE,
    SET,
    DerError,
    Element,
    instant,
    integer,
    object_identifier,
    parts_of,
    read_element,
    read_whole,
    small_integer,
)
from trustdesk.formats.entry_facts import public_key_sha256, within
from trustdesk.formats.signed_data import SignedData, SignerInfo
from trustdesk.formats.signer_fitness import is_too_short, may_not_sign

_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME = (f"1.2.840.113549.1.9.{last}" for last in (3, 4, 5))
_SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
_RSA, _PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
_EC = "1.2.840.10045.2.1"
_ED25519, _ED448 = "1.3.101.112", "1.3.101.113"

_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_RSA_WITH = {
    "1.2.840.113549.1.1.11": hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}
_EC_WITH = {
    "1.2.840.10045.4.3.2": hashes.SHA256(),
    "1.2.840.10045.4.3.3": hashes.SHA384(),
    "1.2.840.10045.4.3.4": hashes.SHA512(),
}
_WEAK = frozenset(
    {
        "1.3.14.3.2.26",  # SHA-1
        "1.2.840.113549.2.5",  # MD5
        "2.16.840.1.101.3.4.2.4",  # SHA-224
        "1.2.840.113549.1.1.4",
        "1.2.840.113549.1.1.5",
        "1.2.840.113549.1.1.14",
        "1.2.840.10045.4.1",
        "1.2.840.10045.4.3.1",
    }
)


class _RefusedError(Exception):
    """The signature does not hold, or cannot be checked; carries the sentence."""

    def __init__(self, why: Message, state: AuthenticityState = AuthenticityState.FAILED) -> None:
        super().__init__(why.id)
        self.why, self.state = why, state


def check_signed_data(message: SignedData, pinned: str | None) -> Authenticity:
    """Check all signatures of a message with content: one that does not hold is enough to fail.

    Args:
        pinned: SHA-256 of the signer's certificate or of its SubjectPublicKeyInfo, lower-case hex; None for
            nobody.
    """
    if not message.signers:
        return Authenticity(state=AuthenticityState.UNSIGNED)
    found = [_check(message, signer, pinned) for signer in message.signers]
    order = (
        AuthenticityState.FAILED,
        AuthenticityState.VERIFIED,
        AuthenticityState.UNKNOWN_SIGNER,
        AuthenticityState.NOT_CHECKED,
    )
    return min(found, key=lambda one: order.index(one.state))


def _check(message: SignedData, signer: SignerInfo, pinned: str | None) -> Authenticity:
    facts: CertificateFacts | None = None
    try:
        facts = read_certificate(_certificate(message, signer))
        signed_at = _verify(message, signer, facts)
    except _RefusedError as refused:
        return _refused(facts, refused.why, refused.state)
    except (DerError, ValueError, IndexError, OverflowError):
        return _refused(facts, msg("The signature cannot be read."), AuthenticityState.FAILED)
    is_pinned = pinned is not None and pinned in {facts.sha256, public_key_sha256(facts.der)}
    return Authenticity(
        state=AuthenticityState.VERIFIED if is_pinned else AuthenticityState.UNKNOWN_SIGNER,
        method=SignatureMethod.CMS,
        signer=facts.sha256,
        signer_certificate=facts,
        signed_at=signed_at,
        pinned=is_pinned,
    )


def _refused(facts: CertificateFacts | None, why: Message, state: AuthenticityState) -> Authenticity:
    return Authenticity(
        state=state,
        method=SignatureMethod.CMS,
        signer=facts.sha256 if facts else None,
        signer_certificate=facts,
        why=why,
    )


def _certificate(message: SignedData, signer: SignerInfo) -> bytes:
    """Return the certificate that the signer names, of those that the message brings."""
    for der in message.certificates:
        try:
            if _is_named(der, signer.identifier):
                return der
        except (DerError, IndexError):
            continue
    raise _RefusedError(
        msg("The message does not bring the certificate of its signer, so that it cannot be checked."),
        AuthenticityState.NOT_CHECKED,
    )


def _is_named(der: bytes, identifier: Element) -> bool:
    fields = _fields(der)
    if identifier.tag == SEQUENCE:
        issuer, serial = parts_of(identifier, 2)[:2]
        return fields[2].raw == issuer.raw and integer(fields[0]) == integer(serial)
    for extension in parts_of(fields[-1], 1)[0].children():
        parts = parts_of(extension, 2)
        if object_identifier(parts[0]) == _SUBJECT_KEY_IDENTIFIER:
            value = read_whole(parts[-1].expect(OCTET_STRING).content, OCTET_STRING).content
            return value == identifier.content
    return False


def _fields(der: bytes) -> list[Element]:
    outer = read_element(der).expect(SEQUENCE)
    fields = parts_of(parts_of(outer, 3)[0].expect(SEQUENCE), 6)
    return fields[1:] if fields[0].tag == 0xA0 else fields


def _verify(message: SignedData, signer: SignerInfo, facts: CertificateFacts) -> datetime | None:
    """Return when it was signed by its own word; None where it does not say.

    Raises:
        _RefusedError: it does not hold, or is of a kind that cannot be checked.
    """
    attributes = signer.signed_attributes
    if attributes is None or message.content is None:
        # RFC 5652 5.3: they must be there for content that is not plain data, as no list is.
        raise _RefusedError(msg("The signature does not say what it is a signature of."))
    values = _attribute_values(attributes)
    digest_oid = object_identifier(parts_of(signer.digest_algorithm, 1)[0])
    signature_oid = object_identifier(parts_of(signer.signature_algorithm, 1)[0])
    for oid in (digest_oid, signature_oid):
        if oid in _WEAK:
            raise _RefusedError(msg("The signature is of a weak kind: {method}.", method=oid))
    digest = _DIGESTS.get(digest_oid)
    if digest is None:
        raise _unchecked(digest_oid)
    if object_identifier(_only(values, _CONTENT_TYPE)) != message.content_type:
        raise _RefusedError(msg("The signature is of content of another kind."))
    said = _only(values, _MESSAGE_DIGEST).expect(OCTET_STRING).content
    if not hmac.compare_digest(said, hashlib.new(digest.name, message.content).digest()):
        raise _RefusedError(msg("The list was changed after it was signed: its digest differs."))
    # RFC 5652 5.4: what is signed has the tag of a SET, where [0] stands in the message.
    signed = bytes([SET]) + attributes.raw[1:]
    _verify_octets(signer, facts, digest, signed)
    if facts.not_before is None or facts.not_after is None:
        raise _RefusedError(msg("The validity of the signer's certificate cannot be read."))
    signed_at = instant(_only(values, _SIGNING_TIME)) if _SIGNING_TIME in values else None
    if signed_at is not None and not within(signed_at, facts.not_before, facts.not_after):
        raise _RefusedError(msg("The certificate of the signer was not valid when the list was signed."))
    return signed_at


def _attribute_values(attributes: Element) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for attribute in attributes.children():
        kind, values = parts_of(attribute.expect(SEQUENCE), 2)[:2]
        oid = object_identifier(kind)
        if oid in found:
            raise _RefusedError(msg("What was signed stands there twice, so that it is open which counts."))
        found[oid] = list(values.expect(SET).children())
    return found


def _only(values: dict[str, list[Element]], oid: str) -> Element:
    found = values.get(oid, [])
    if len(found) != 1:
        raise _RefusedError(msg("The signature does not say what it is a signature of."))
    return found[0]


def _verify_octets(
    signer: SignerInfo, facts: CertificateFacts, digest: hashes.HashAlgorithm, signed: bytes
) -> None:
    parts = parts_of(signer.signature_algorithm, 1)
    oid = object_identifier(parts[0])
    try:
        key = load_der_public_key(_fields(facts.der)[5].raw)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _RefusedError(
            msg("The certificate or the key of the signer is of a kind that cannot be used here."),
            AuthenticityState.NOT_CHECKED,
        ) from None
    try:
        if isinstance(key, rsa.RSAPublicKey) and oid in (_RSA, *_RSA_WITH):
            key.verify(signer.signature, signed, padding.PKCS1v15(), _RSA_WITH.get(oid, digest))
        elif isinstance(key, rsa.RSAPublicKey) and oid == _PSS:
            scheme, of_pss = _pss(parts[1] if len(parts) > 1 else None)
            key.verify(signer.signature, signed, scheme, of_pss)
        elif isinstance(key, ec.EllipticCurvePublicKey) and oid in (_EC, *_EC_WITH):
            key.verify(signer.signature, signed, ec.ECDSA(_EC_WITH.get(oid, digest)))
        elif (isinstance(key, ed25519.Ed25519PublicKey) and oid == _ED25519) or (
            isinstance(key, ed448.Ed448PublicKey) and oid == _ED448
        ):
            key.verify(signer.signature, signed)
        else:
            raise _unchecked(oid)
    except InvalidSignature:
        raise _RefusedError(
            msg("The signature does not hold: another key made it, or it was changed.")
        ) from None
    except UnsupportedAlgorithm:
        raise _unchecked(oid) from None
    unfit = is_too_short(key.key_size) if isinstance(key, rsa.RSAPublicKey) else None
    unfit = unfit or may_not_sign(facts)
    if unfit is not None:
        raise _RefusedError(unfit)


def _pss(parameters: Element | None) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    """Return what RSASSA-PSS-params say (RFC 4055 3.1), whose defaults are of SHA-1."""
    digest = mask = None
    salt = 20
    for part in parameters.expect(SEQUENCE).children() if parameters is not None else ():
        inner = read_element(part.data, part.content_start, part.content_end)
        if part.tag == 0xA0:
            digest = _DIGESTS.get(object_identifier(parts_of(inner, 1)[0]))
        elif part.tag == 0xA1:
            mask = _DIGESTS.get(object_identifier(parts_of(parts_of(inner, 2)[1], 1)[0]))
        elif part.tag == 0xA2:
            salt = small_integer(inner)
    if digest is None or mask is None:
        raise _RefusedError(msg("The signature is of a weak kind: {method}.", method="RSASSA-PSS"))
    return padding.PSS(padding.MGF1(mask), salt), digest


def _unchecked(oid: str) -> _RefusedError:
    return _RefusedError(
        msg("The signature is of a kind that cannot be checked here: {method}.", method=oid),
        AuthenticityState.NOT_CHECKED,
    )
