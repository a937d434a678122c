"""What keeps a CA's certificate from being used as it was meant to be, whatever the request asked for.

A request that asks for no usages differs from no answer, and no request asks for an issuer; a certificate may
be useless all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from trustdesk.core.certificate_request import RequestDifference, RequestPurpose
from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import listed, msg
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.certification_path import IssuerPool, is_issued_by, load
from trustdesk.formats.extension_oids import EXTENDED_KEY_USAGE, KEY_USAGE, SUBJECT_ALT_NAME
from trustdesk.verify.decoded import UNDERSTOOD

PURPOSES_NEEDED: dict[RequestPurpose, tuple[str, ...]] = {
    RequestPurpose.CLIENT: ("clientAuth",),
    RequestPurpose.SERVER: ("serverAuth",),
    RequestPurpose.FREE: (),
}
"""Extended key usages without which a certificate that has the extension is of no use."""

USAGES_NEEDED: dict[RequestPurpose, tuple[str, ...]] = {
    RequestPurpose.CLIENT: ("digitalSignature",),
    RequestPurpose.SERVER: ("digitalSignature",),
    RequestPurpose.FREE: (),
}
"""Key usages, likewise: TLS 1.3, and TLS 1.2 with forward secrecy, sign with the key (RFC 8446 4.4.2.2)."""

_COMPARED = frozenset({EXTENDED_KEY_USAGE, KEY_USAGE, SUBJECT_ALT_NAME})
"""Extensions that are compared with what was asked, damaged ones too."""


def is_self_signed(issued: CertificateDetails) -> bool:
    """Whether a certificate's own key signed it."""
    certificate = load(issued.facts.der)
    return certificate is not None and is_issued_by(certificate, certificate)


def general_faults(issued: CertificateDetails) -> Iterator[RequestDifference]:
    """Yield what is wrong with a certificate by itself: no CA signed it, or nobody may take it."""
    if is_self_signed(issued):
        yield RequestDifference(
            subject=msg("Issuer"),
            asked=msg("a CA"),
            issued=msg("its own key"),
            meaning=msg("No CA signed it: partners that trust the CA refuse it."),
            is_harmful=True,
        )
    # One that is only badly written (FALSE, spelt out) is read by everybody, and has its text.
    damaged = [
        one.name
        for one in issued.extensions
        if one.problem is not None and one.text is None and one.oid not in _COMPARED
    ]
    if damaged:
        yield RequestDifference(
            subject=msg("Extensions"),
            asked=None,
            issued=msg("{names}", names=listed(damaged)),
            meaning=msg("It cannot be read: strict programs refuse the certificate."),
            is_harmful=True,
        )
    unknown = [one.oid for one in issued.extensions if one.critical and one.oid not in UNDERSTOOD]
    if unknown:
        yield RequestDifference(
            subject=msg("Critical extensions"),
            asked=None,
            issued=msg("{names}", names=listed(unknown)),
            meaning=msg("Programs that do not know them have to refuse the certificate (RFC 5280 4.2)."),
            is_harmful=True,
        )


def signature_faults(issued: CertificateDetails, pools: Sequence[IssuerPool]) -> Iterator[RequestDifference]:
    """Yield that the CA's key did not sign a certificate, where the certificate of that CA is here.

    A CA keeps its name when it changes its key, so that others of its name prove nothing: only those count
    whose key identifier is the one that the certificate names, or all where it names none.
    """
    certificate = load(issued.facts.der)
    if certificate is None or is_self_signed(issued):
        return
    here = [der for pool in pools for der in pool.of_issuers_name(certificate)]
    if not here or any(_has_signed(der, certificate) for der in here):
        return
    wanted = issued.authority_key_id
    if wanted is None or any(wanted in _key_ids(der) for der in here):
        yield RequestDifference(
            subject=msg("Signature"),
            asked=None,
            issued=msg("wrong"),
            meaning=msg(
                "It was not made with the key of the CA that it names: the certificate is damaged or forged,"
                " and nobody takes it."
            ),
            is_harmful=True,
        )


def _key_ids(der: bytes) -> frozenset[str]:
    """Return what a CA's key goes by: the identifier that is stated, and the usual one (RFC 5280 4.2.1.2)."""
    issuer, stated = load(der), read_details(der).subject_key_id
    try:
        usual = None if issuer is None else x509.SubjectKeyIdentifier.from_public_key(issuer.public_key())
    except (ValueError, UnsupportedAlgorithm):
        usual = None
    return frozenset(one for one in (stated, usual and usual.digest.hex()) if one)


def _has_signed(der: bytes, certificate: x509.Certificate) -> bool:
    issuer = load(der)
    return issuer is not None and is_issued_by(certificate, issuer)
