"""Whether an issuer lets a certificate answer for it (RFC 6960 4.2.2.2).

A delegate is a certificate that the issuer's own key signed, for OCSPSigning; its name and its place in some
chain are no reason to believe it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from trustdesk.core.message import msg
from trustdesk.core.revocation import RevocationStatus
from trustdesk.formats import extension_oids as oids
from trustdesk.formats.extension_oids import OCSP_NO_CHECK, OCSP_SIGNING
from trustdesk.verify import extension_values as values
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.revocation.ocsp_requirements import Requirement, met, not_asked, not_run, refused
from trustdesk.verify.signatures import SignatureStatus, check_signature

_CONTENT_COMMITMENT = 1
_UNDERSTOOD = frozenset(
    {
        oids.SUBJECT_KEY_IDENTIFIER,
        oids.KEY_USAGE,
        oids.SUBJECT_ALT_NAME,
        oids.BASIC_CONSTRAINTS,
        oids.CERTIFICATE_POLICIES,
        oids.AUTHORITY_KEY_IDENTIFIER,
        oids.EXTENDED_KEY_USAGE,
        oids.AUTHORITY_INFO_ACCESS,
        OCSP_NO_CHECK,
    }
)


DelegateStatus = Callable[[Decoded], RevocationStatus]
"""Says what is known of a delegate's own revocation, from a source that is not the delegate itself."""


def judge_delegate(
    delegate: Decoded, issuer: Decoded, at: datetime, delegate_status: DelegateStatus | None
) -> tuple[Requirement, ...]:
    """Ask everything that is asked of a certificate that is not the issuer's and signed a response.

    Name constraints of the issuer are not among it: a delegate is believed for its key, not for its name.

    Args:
        delegate_status: asked of a delegate against which nothing else stands, and that does not say that
            nobody has to ask; None when there is nobody to ask.
    """
    found = (
        _issued_by(delegate, issuer),
        _purpose(delegate),
        _validity(delegate, at),
        _key_usage(delegate),
        _extensions(delegate),
    )
    is_refused = any(one.refuses for one in found)
    return (*found, _no_check(delegate, None if is_refused else delegate_status))


def _issued_by(delegate: Decoded, issuer: Decoded) -> Requirement:
    rule = "ocsp.delegate.issuer"
    if delegate.issuer is None or delegate.issuer != issuer.subject:
        return refused(
            rule,
            msg(
                "{delegate} was issued by {named}; only a certificate that {issuer} issued itself may answer"
                " for it.",
                delegate=delegate.title,
                named=delegate.facts.issuer or "?",
                issuer=issuer.title,
            ),
        )
    match check_signature(delegate, issuer):
        case SignatureStatus.MADE:
            return met(rule, msg("{issuer} issued {delegate}.", issuer=issuer.title, delegate=delegate.title))
        case SignatureStatus.FORGED:
            evidence = msg(
                "{delegate} names {issuer} as its issuer, but the key of {issuer} did not sign it.",
                delegate=delegate.title,
                issuer=issuer.title,
            )
        case SignatureStatus.UNCHECKED:
            evidence = msg(
                "The signature of {subject} ({algorithm}) cannot be checked with the key of {issuer}.",
                subject=delegate.title,
                algorithm=delegate.facts.signature_algorithm or "?",
                issuer=issuer.title,
            )
        case unreachable:
            assert_never(unreachable)
    return refused(rule, evidence)


def _purpose(delegate: Decoded) -> Requirement:
    """anyExtendedKeyUsage is not enough: the delegation has to be said (4.2.2.2)."""
    purposes = delegate.extended_key_usage
    if purposes is not None and OCSP_SIGNING in purposes:
        return met("ocsp.delegate.purpose", msg("Its extended key usage names OCSPSigning."))
    evidence = (
        msg("{delegate} has no extended key usage that can be read.", delegate=delegate.title)
        if purposes is None
        else msg(
            "{delegate} may not sign OCSP responses: its extended key usage is {purposes}.",
            delegate=delegate.title,
            purposes=", ".join(delegate.facts.extended_key_usage or purposes),
        )
    )
    return refused("ocsp.delegate.purpose", evidence)


def _validity(delegate: Decoded, at: datetime) -> Requirement:
    rule = "ocsp.delegate.validity"
    start, end = delegate.facts.not_before, delegate.facts.not_after
    if start is None or end is None:
        return refused(rule, msg("The validity of {subject} cannot be read.", subject=delegate.title))
    if not start <= at <= end:
        return refused(
            rule,
            msg(
                "{delegate} is valid from {not_before} to {not_after}; judged for {at}.",
                delegate=delegate.title,
                not_before=start,
                not_after=end,
                at=at,
            ),
        )
    return met(rule, msg("Valid from {not_before} to {not_after}.", not_before=start, not_after=end))


def _key_usage(delegate: Decoded) -> Requirement:
    rule = "ocsp.delegate.key_usage"
    if not delegate.has(oids.KEY_USAGE):
        return not_asked(rule, msg("It has no key usage."))
    usages = delegate.key_usage
    if usages is None:
        return refused(rule, msg("The key usage of {delegate} cannot be read.", delegate=delegate.title))
    if usages.isdisjoint({values.DIGITAL_SIGNATURE, _CONTENT_COMMITMENT}):
        return refused(
            rule,
            msg(
                "The key of {delegate} may not sign: its key usage is {usages}.",
                delegate=delegate.title,
                usages=", ".join(delegate.facts.key_usage or ()) or "-",
            ),
        )
    return met(rule, msg("Its key usage lets it sign."))


def _extensions(delegate: Decoded) -> Requirement:
    rule = "ocsp.delegate.extensions"
    unknown = [oid for oid in delegate.critical_oids() if oid not in _UNDERSTOOD]
    if unknown:
        return refused(
            rule,
            msg(
                "{delegate} has critical extensions that nobody here understands: {oids}.",
                delegate=delegate.title,
                oids=", ".join(unknown),
            ),
        )
    if delegate.broken or (delegate.fields is not None and delegate.fields.unread_extensions):
        return refused(rule, msg("{delegate} has extensions that cannot be read.", delegate=delegate.title))
    return met(rule, msg("Every critical extension of {delegate} is understood.", delegate=delegate.title))


def _no_check(delegate: Decoded, delegate_status: DelegateStatus | None) -> Requirement:
    rule = "ocsp.delegate.nocheck"
    if delegate.has(OCSP_NO_CHECK):
        return met(rule, msg("id-pkix-ocsp-nocheck: its issuer wants nobody to ask about its revocation."))
    status = None if delegate_status is None else delegate_status(delegate)
    if status is RevocationStatus.REVOKED:
        return refused(rule, msg("{delegate} is revoked itself.", delegate=delegate.title))
    if status is RevocationStatus.GOOD:
        return met(
            rule,
            msg(
                "{delegate} has no id-pkix-ocsp-nocheck; it was asked about, and is not revoked.",
                delegate=delegate.title,
            ),
        )
    return not_run(
        rule,
        msg(
            "{delegate} has no id-pkix-ocsp-nocheck, and nothing is known of its own revocation.",
            delegate=delegate.title,
        ),
    )
