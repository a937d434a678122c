"""Whether the XAdES signature of a trusted list holds, over the whole of it, and by whom.

Everybody may sign; that the signature holds says nothing of who the signer is. What was signed is handed
back as it was digested, and nothing else of the file may be read (signature wrapping).

Source: ETSI TS 119 612 5.7.1, W3C XML Signature Best Practices 1.4, 2.1
"""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod
from signxml.algorithms import SignatureMethod as XmlSignatureMethod
from signxml.exceptions import InvalidDigest, InvalidSignature, SignXMLException
from signxml.verifier import VerifyResult
from signxml.xades.xades import XAdESSignatureConfiguration, XAdESVerifier, XAdESVerifyResult

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import Authenticity, AuthenticityState, SignatureMethod
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.entry_facts import public_key_sha256, within
from trustdesk.formats.etsi_document import DSIG, instant, is_list, signing_parser
from trustdesk.formats.signer_fitness import is_too_short, may_not_sign

_XADES = ("http://uri.etsi.org/01903/v1.3.2#", "http://uri.etsi.org/01903/v1.4.1#")
_ID_NAMES = frozenset({"Id", "ID", "id"})
_MAX_CERTIFICATES = 10
_MAX_REFERENCES, _MAX_TRANSFORMS = 8, 16
"""Of one signature: the library reads the whole list again for each. Member states have two or three."""

_STRONG_METHODS = frozenset(
    {
        *(XmlSignatureMethod.RSA_SHA256, XmlSignatureMethod.RSA_SHA384, XmlSignatureMethod.RSA_SHA512),
        *(XmlSignatureMethod.ECDSA_SHA256, XmlSignatureMethod.ECDSA_SHA384, XmlSignatureMethod.ECDSA_SHA512),
        *(XmlSignatureMethod.SHA256_RSA_MGF1, XmlSignatureMethod.SHA384_RSA_MGF1),
        XmlSignatureMethod.SHA512_RSA_MGF1,
        *(XmlSignatureMethod.ECDSA_SHA3_256, XmlSignatureMethod.ECDSA_SHA3_384),
        XmlSignatureMethod.ECDSA_SHA3_512,
        *(XmlSignatureMethod.SHA3_256_RSA_MGF1, XmlSignatureMethod.SHA3_384_RSA_MGF1),
        XmlSignatureMethod.SHA3_512_RSA_MGF1,
    }
)
_STRONG_DIGESTS = frozenset(
    {
        *(DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512),
        *(DigestAlgorithm.SHA3_256, DigestAlgorithm.SHA3_384, DigestAlgorithm.SHA3_512),
    }
)
_TRIPPED_OVER = (
    *(SignXMLException, etree.LxmlError, UnsupportedAlgorithm, x509.InvalidVersion),
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OverflowError),
    NotImplementedError,
)
_METHOD = f"{{{DSIG}}}SignedInfo/{{{DSIG}}}SignatureMethod"
_ENVELOPED = SignatureConstructionMethod.enveloped.value
_CANONICAL = frozenset(one.value for one in CanonicalizationMethod)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found.

    Attributes:
        signed: the document as it was signed, canonical; None where no signature covers it.
    """

    authenticity: Authenticity
    signed: bytes | None = None


class _RefusedError(Exception):
    """The signature does not hold, or cannot be checked; carries the sentence."""

    def __init__(self, why: Message, state: AuthenticityState = AuthenticityState.FAILED) -> None:
        super().__init__(why.id)
        self.why, self.state = why, state


def check_signature(data: bytes, pinned: str | None) -> Checked:
    """Check the signature of a document that parses; never raises for what stands in it.

    Args:
        pinned: SHA-256 of the signer's certificate or of its SubjectPublicKeyInfo, lower-case hex; None for
            nobody, so that the state is VERIFIED of nobody's signature.
    """
    root = etree.fromstring(data, signing_parser())
    signatures = list(root.iter(f"{{{DSIG}}}Signature"))
    if not signatures:
        return Checked(Authenticity(state=AuthenticityState.UNSIGNED))
    facts: CertificateFacts | None = None
    try:
        own = _own_signature(root, signatures)
        certificate = _signer(own)
        facts = read_certificate(certificate)
        signed, signed_at = _verified(data, root, own, certificate, facts)
    except _RefusedError as refused:
        return Checked(
            Authenticity(
                state=refused.state,
                method=SignatureMethod.XADES,
                signer=facts.sha256 if facts else None,
                signer_certificate=facts,
                why=refused.why,
            )
        )
    is_pinned = pinned is not None and pinned in {facts.sha256, public_key_sha256(facts.der)}
    return Checked(
        Authenticity(
            state=AuthenticityState.VERIFIED if is_pinned else AuthenticityState.UNKNOWN_SIGNER,
            method=SignatureMethod.XADES,
            signer=facts.sha256,
            signer_certificate=facts,
            signed_at=signed_at,
            pinned=is_pinned,
        ),
        signed,
    )


def _own_signature(root: etree._Element, signatures: list[etree._Element]) -> etree._Element:
    """Return the one signature of the root; whatever makes it doubtful which is meant is refused."""
    own = [one for one in signatures if one.getparent() is root]
    outside = [
        one for one in signatures if one.getparent() is not root and own and own[0] not in one.iterancestors()
    ]
    if len(own) != 1 or outside:
        raise _RefusedError(
            msg("There is not exactly one signature of the whole list, right below its root.")
        )
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if str(name).rpartition("}")[2] not in _ID_NAMES:
                continue
            if value in seen:
                raise _RefusedError(
                    msg(
                        "Two elements have the identifier “{id}”, so that it is open what was signed.",
                        id=str(value)[:80],
                    )
                )
            seen.add(str(value))
    (signature,) = own
    references = signature.findall(f"{{{DSIG}}}SignedInfo/{{{DSIG}}}Reference")
    transforms = signature.findall(f"{{{DSIG}}}SignedInfo//{{{DSIG}}}Transform")
    if len(references) > _MAX_REFERENCES or len(transforms) > _MAX_TRANSFORMS:
        raise _RefusedError(msg("The signature is over more parts than a list has."))
    whole = {"", *(f"#{root.get(name)}" for name in _ID_NAMES if root.get(name))}
    if sum(reference.get("URI") in whole for reference in references) != 1:
        raise _RefusedError(
            msg("The signature is not over the whole list, but over another part of the file.")
        )
    if any(
        not str(reference.get("URI", "x")).startswith("#") and reference.get("URI") != ""
        for reference in references
    ):
        raise _RefusedError(msg("The signature is over something outside of the file."))
    return signature


def _signer(signature: etree._Element) -> bytes:
    """Return the signer's certificate: of those in KeyInfo the one whose digest was signed."""
    texts = signature.findall(f"{{{DSIG}}}KeyInfo/{{{DSIG}}}X509Data/{{{DSIG}}}X509Certificate")
    if not texts:
        raise _RefusedError(
            msg("The signature brings no certificate of its signer, so that it cannot be checked."),
            AuthenticityState.NOT_CHECKED,
        )
    found: list[bytes] = []
    for text in texts[:_MAX_CERTIFICATES]:
        try:
            found.append(b64decode("".join((text.text or "").split()), validate=True))
        except (binascii.Error, ValueError):
            raise _RefusedError(msg("A certificate of the signature is damaged.")) from None
    signed = _signed_digests(signature)
    for der in found:
        if any(
            digest in signed
            for digest in (hashlib.new(name, der).digest() for name in ("sha256", "sha384", "sha512"))
        ):
            return der
    # SHA-1 there is weak, and signxml holds it against the certificate all the same.
    return found[0]


def _signed_digests(signature: etree._Element) -> set[bytes]:
    found: set[bytes] = set()
    for namespace in _XADES:
        for certificate in signature.iter(f"{{{namespace}}}CertDigest"):
            value = certificate.findtext(f"{{{DSIG}}}DigestValue") or ""
            try:
                found.add(b64decode("".join(value.split())))
            except (binascii.Error, ValueError):
                continue
    return found


def _verified(
    data: bytes, root: etree._Element, signature: etree._Element, der: bytes, facts: CertificateFacts
) -> tuple[bytes, datetime | None]:
    """Return what was signed, and when by the signature's own word.

    Raises:
        _RefusedError: it does not hold, or is of a kind that cannot be checked.
    """
    _check_methods(signature)
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise _RefusedError(
            msg("The certificate or the key of the signer is of a kind that cannot be used here."),
            AuthenticityState.NOT_CHECKED,
        ) from None
    unfit = is_too_short(key.key_size) if isinstance(key, RSAPublicKey) else None
    unfit = unfit or may_not_sign(facts)
    if unfit is not None:
        raise _RefusedError(unfit)
    configuration = XAdESSignatureConfiguration(
        location="./",
        expect_references=True,
        signature_methods=_STRONG_METHODS,
        digest_algorithms=_STRONG_DIGESTS,
        # WORKAROUND: the library does not compare a KeyValue with the certificate where the signature is PSS;
        # what counts is the certificate's key in any case.
        ignore_ambiguous_key_info="-MGF1" in _algorithms(signature, _METHOD)[0],
        # Whether the certificate was valid when it signed is judged below, by the time that was signed.
        verification_time=_midpoint(facts),
    )
    results = _results(data, certificate, configuration)
    documents = [one for one in results if one.signed_xml is not None and is_list(one.signed_xml)]
    properties = [one.signed_properties for one in results if isinstance(one, XAdESVerifyResult)]
    if len(documents) != 1 or len(properties) != 1 or documents[0].signed_xml is None:
        raise _RefusedError(
            msg("The signature is not over the whole list, but over another part of the file.")
        )
    if documents[0].signed_xml.tag != root.tag:
        raise _RefusedError(
            msg("The signature is not over the whole list, but over another part of the file.")
        )
    stated = "".join(properties[0].findtext(f"{{{_XADES[0]}}}SigningTime") or "").strip()
    signed_at = instant(stated) if stated else None
    if signed_at is not None and not within(signed_at, facts.not_before, facts.not_after):
        raise _RefusedError(msg("The certificate of the signer was not valid when the list was signed."))
    return documents[0].signed_data, signed_at


def _results(
    data: bytes, certificate: x509.Certificate, configuration: XAdESSignatureConfiguration
) -> list[VerifyResult]:
    try:
        return XAdESVerifier().verify(
            data, x509_cert=certificate, parser=signing_parser(), expect_config=configuration
        )
    except InvalidDigest:
        raise _RefusedError(msg("The list was changed after it was signed: a digest differs.")) from None
    except InvalidSignature:
        raise _RefusedError(
            msg("The signature does not hold: another key made it, or it was changed.")
        ) from None
    except _TRIPPED_OVER as error:
        # Whatever the library trips over in a hostile file is no signature that holds.
        raise _RefusedError(
            msg("The signature cannot be read as XAdES: {what}.", what=type(error).__name__)
        ) from None


def _check_methods(signature: etree._Element) -> None:
    """Refuse what is weak; what nothing here knows is not checked instead of failed.

    Raises:
        _RefusedError: it is weak, or unknown.
    """
    info = f"{{{DSIG}}}SignedInfo"
    method = _algorithms(signature, _METHOD)[0]
    digests = _algorithms(signature, f"{info}/{{{DSIG}}}Reference/{{{DSIG}}}DigestMethod")
    transforms = _algorithms(signature, f"{info}/{{{DSIG}}}Reference//{{{DSIG}}}Transform")
    strong = {one.value for one in _STRONG_METHODS} | {one.value for one in _STRONG_DIGESTS}
    known = {one.value for one in XmlSignatureMethod} | {one.value for one in DigestAlgorithm}
    for name in (method, *digests):
        if name in known - strong:
            raise _RefusedError(msg("The signature is of a weak kind: {method}.", method=name[:120]))
    unknown = [name for name in (method, *digests) if name not in strong]
    unknown += [name for name in transforms if name and name != _ENVELOPED and name not in _CANONICAL]
    if unknown:
        raise _RefusedError(
            msg("The signature is of a kind that cannot be checked here: {method}.", method=unknown[0][:120]),
            AuthenticityState.NOT_CHECKED,
        )


def _algorithms(signature: etree._Element, path: str) -> list[str]:
    return [str(one.get("Algorithm", "")) for one in signature.iterfind(path)] or [""]


def _midpoint(facts: CertificateFacts) -> datetime:
    """Return an instant at which the certificate was valid."""
    if facts.not_before is None or facts.not_after is None:
        raise _RefusedError(msg("The validity of the signer's certificate cannot be read."))
    return facts.not_before + max((facts.not_after - facts.not_before) / 2, timedelta(0))
