"""What a look at our own certificate says before anybody else has looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import RevocationCheck, RevocationSourceKind, RevocationStatus
from trustdesk.diagnose.causes import Cause

_MIN_RSA_BITS = 2048
_CRL_KINDS = frozenset({RevocationSourceKind.CRL, RevocationSourceKind.DELTA_CRL})
_WEAK_DIGESTS = ("md5", "sha1")


def own_faults(
    certificate: CertificateFacts | None, at: datetime, revocation: Sequence[RevocationCheck] = ()
) -> dict[Cause, Message]:
    """Return what a careful server would refuse, each with its evidence, the most certain first.

    Empty when nothing is wrong that is known here; of a certificate that is not known any more, only what
    its CA said of it is.

    Args:
        revocation: what is known of our path, our certificate first; empty when nobody was asked.
    """
    faults: dict[Cause, Message] = {}
    revoked = next((check for check in revocation if check.status is RevocationStatus.REVOKED), None)
    if certificate is None:
        if revoked is not None:
            faults[Cause.CLIENT_CERT_REVOKED] = _revoked(revoked, revocation[0].certificate)
        return faults
    if certificate.not_after is not None and at > certificate.not_after:
        faults[Cause.CLIENT_CERT_EXPIRED] = msg(
            "Our certificate expired on {not_after}.", not_after=certificate.not_after
        )
    if certificate.not_before is not None and at < certificate.not_before:
        faults[Cause.CLIENT_CERT_NOT_YET_VALID] = msg(
            "Our certificate is not valid before {not_before}.", not_before=certificate.not_before
        )
    if revoked is not None:
        faults[Cause.CLIENT_CERT_REVOKED] = _revoked(revoked, certificate.sha256)
    usages = certificate.extended_key_usage
    if usages is not None and "clientAuth" not in usages:
        # anyExtendedKeyUsage does for Go and Java, and not for OpenSSL, Node and RabbitMQ (measured).
        faults[Cause.CLIENT_EKU_MISSING_CLIENT_AUTH] = msg(
            "The extended key usage of our certificate is {usages}, without clientAuth.",
            usages=", ".join(usages),
        )
    if certificate.key_usage is not None and "digitalSignature" not in certificate.key_usage:
        faults[Cause.CLIENT_KU_MISSING_DIGITAL_SIGNATURE] = msg(
            "The key usage of our certificate is {usages}, without digitalSignature.",
            usages=", ".join(certificate.key_usage),
        )
    weakness = _weakness(certificate)
    if weakness is not None:
        faults[Cause.CLIENT_KEY_TOO_WEAK] = weakness
    if certificate.is_self_issued:
        faults[Cause.CLIENT_SELF_SIGNED] = msg("Our certificate is self-signed: no CA vouches for it.")
    return faults


def own_crl_trouble(revocation: Sequence[RevocationCheck]) -> Message | None:
    """Return why a CRL about our path cannot be had or relied on, as we saw it; None where none is known.

    Args:
        revocation: as for `own_faults`.
    """
    for check in revocation:
        for answer in check.answers:
            if answer.source.kind in _CRL_KINDS and answer.status is RevocationStatus.UNAVAILABLE:
                return msg(
                    "The CRL {place} is of no use to us either: {reason}",
                    place=answer.source.place,
                    reason=answer.reason,
                )
    return None


def _revoked(check: RevocationCheck, ours: str) -> Message:
    place = check.source.place if check.source is not None else "?"
    if check.certificate != ours:
        return msg("The CA certificate above ours is revoked, says {place}.", place=place)
    if check.revoked_at is None:
        return msg("Our certificate is revoked, says {place}.", place=place)
    return msg(
        "Our certificate is revoked since {revoked_at} ({reason}), says {place}.",
        revoked_at=check.revoked_at,
        reason=check.revocation_reason or "–",
        place=place,
    )


def _weakness(certificate: CertificateFacts) -> Message | None:
    bits = certificate.key_bits
    if certificate.key_algorithm == "RSA" and bits is not None and bits < _MIN_RSA_BITS:
        return msg("Our key is RSA with {bits} bits; {least} are asked for.", bits=bits, least=_MIN_RSA_BITS)
    algorithm = certificate.signature_algorithm or ""
    if any(digest in algorithm.lower() for digest in _WEAK_DIGESTS):
        return msg("Our certificate is signed with {algorithm}.", algorithm=algorithm)
    return None
