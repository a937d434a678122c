"""Signs a list in our form as a JWS with an identity's key, for others to check (`list_signature`).

Source: RFC 7515; RFC 7518 3.1, RFC 8037 3.1 (algorithms), RFC 7515 4.1.6 (x5c).
"""

from __future__ import annotations

import warnings
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import public_key_of, spki_of
from trustdesk.formats.list_signature import open_signed
from trustdesk.formats.list_source import ListBytes
from trustdesk.formats.signer_fitness import MIN_RSA_BITS

MEDIA_TYPE = "trust-list+jws"
"""`typ` in the header of what is signed here."""

_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384"}


def sign_list(
    document: bytes,
    private_key: CertificateIssuerPrivateKeyTypes,
    certificate_chain: Sequence[bytes],
    *,
    signed_at: datetime | None = None,
    detached: bool = False,
) -> bytes:
    """Return a compact JWS over a document, with the signer's certificates in x5c; read back before it goes.

    Args:
        certificate_chain: DER, the signer's first; an anchor may be left out.
        signed_at: None for no date in the signature.
        detached: leave the document out of it; it lies beside then, byte for byte as it was given.

    Raises:
        UnusableInputError: the key is of a kind that lists are not signed with, is not the certificate's, or
            the certificate may not be used for signatures.
    """
    from joserfc.errors import SecurityWarning
    from joserfc.jwk import ECKey, OKPKey, RSAKey
    from joserfc.jws import JWSRegistry, detach_content, serialize_compact

    algorithm = _algorithm(private_key)
    if public_key_of(certificate_chain[0]) != spki_of(private_key.public_key()):
        raise UnusableInputError(
            msg("The key is not that of the certificate: nobody could check the signature."),
            remedy=msg("Sign with an identity whose certificate and key belong together."),
        )
    key: RSAKey | ECKey | OKPKey
    match private_key:
        case RSAPrivateKey():
            key = RSAKey.import_key(private_key)
        case EllipticCurvePrivateKey():
            key = ECKey.import_key(private_key)
        case Ed25519PrivateKey():
            key = OKPKey.import_key(private_key)
        case _:
            raise _unfit()
    header: dict[str, object] = {
        "alg": algorithm,
        "typ": MEDIA_TYPE,
        "x5c": [b64encode(der).decode() for der in certificate_chain],
    }
    if signed_at is not None:
        header["iat"] = int(signed_at.astimezone(UTC).timestamp())
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    with warnings.catch_warnings():
        # RFC 9864 names it Ed25519; readers of RFC 8037 know it as EdDSA, ours both.
        warnings.simplefilter("ignore", SecurityWarning)
        signed = serialize_compact(header, document, key, [algorithm], registry)
    written = (detach_content(signed) if detached else signed).encode()
    _prove(written, document, certificate_chain[0], detached=detached)
    return written


def _algorithm(key: CertificateIssuerPrivateKeyTypes) -> str:
    match key:
        case RSAPrivateKey() if key.key_size >= MIN_RSA_BITS:
            return "PS256"
        case EllipticCurvePrivateKey() if key.curve.name in _CURVES:
            return _CURVES[key.curve.name]
        case Ed25519PrivateKey():
            return "EdDSA"
        case _:
            raise _unfit()


def _unfit() -> UnusableInputError:
    return UnusableInputError(
        msg("Lists are not signed with a key of this kind."),
        remedy=msg(
            "Use a key on P-256, P-384 or Ed25519, or RSA with {bits} bits or more.", bits=MIN_RSA_BITS
        ),
    )


def _prove(written: bytes, document: bytes, signer: bytes, *, detached: bool) -> None:
    source = ListBytes(
        place="", data=document if detached else written, signature=written if detached else None
    )
    opened = open_signed(source)
    if opened.authenticity.state is AuthenticityState.UNKNOWN_SIGNER and opened.payload == document:
        return
    why = opened.authenticity.why or msg("The signature does not hold.")
    raise UnusableInputError(
        msg("{signer} cannot sign the list. {why}", signer=read_certificate(signer).title, why=why),
        remedy=msg("Sign with an identity whose certificate may be used for digital signatures."),
    )
