"""What an OCSP response says of one certificate, and whether it may be relied on (RFC 6960).

Good is said only of a response that meets every requirement. A revocation, once proved by its signature, is
not taken back because the response is out of date: only a certificate on hold comes back.

Decisions:
- 2026-11: producedAt is not among what RFC 6960 3.2 relies on; a strange one is named and changes nothing,
  but for a response that was fetched before it was signed.
- 2026-11: without nextUpdate a response counts for 24 hours; clocks may differ by 5 minutes (thisUpdate).
- 2026-11: signatures with SHA-1 are named and relied on, those with MD5 are not.
- 2026-11: measured on two shared cores, P-256: 0.24 ms for the issuer's own answer, 0.35 ms for a
  delegate's, of which 0.08 ms reading; 52 ms for the worst case of 1,000 certificates in one response.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import (
    RevocationAnswer,
    RevocationRuleCheck,
    RevocationRuleStatus,
    RevocationSource,
    RevocationStatus,
)
from trustdesk.formats.der import INTEGER, DerError
from trustdesk.formats.ocsp_request import OcspDigest, key_bits, write_ocsp_request
from trustdesk.formats.ocsp_response import read_ocsp_response
from trustdesk.formats.ocsp_values import (
    BASIC_RESPONSE,
    EXTENDED_REVOKE,
    SUCCESSFUL,
    BasicResponse,
    CertStatus,
    OcspResponse,
    SingleResponse,
)
from trustdesk.formats.revocation_entries import CERTIFICATE_HOLD
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.revocation.allowances import CLOCK_TOLERANCE
from trustdesk.verify.revocation.ocsp_delegate import DelegateStatus
from trustdesk.verify.revocation.ocsp_freshness import judge_nonce, judge_times
from trustdesk.verify.revocation.ocsp_requirements import Requirement, met, refused
from trustdesk.verify.revocation.ocsp_responder import Signer, find_signer
from trustdesk.verify.revocation.ocsp_statement import find_statement

__all__ = ["DelegateStatus", "OcspDigest", "check_response", "ocsp_request"]


def ocsp_request(certificate: Decoded, issuer: Decoded, *, digest: OcspDigest, nonce: bytes | None) -> bytes:
    """Return a request (DER) about one certificate.

    Args:
        digest: that names the issuer; every responder knows SHA-1.
        nonce: 32 octets that nobody can guess (RFC 9654); None to be content with a kept answer.

    Raises:
        DerError: certificate or issuer is so damaged that it has no serial number, name or key.
    """
    if certificate.fields is None or issuer.fields is None:
        raise DerError("no certificate")
    return write_ocsp_request(
        issuer_name=certificate.fields.issuer.raw,
        issuer_key=key_bits(issuer.fields.public_key),
        serial_number=certificate.fields.serial_number.expect(INTEGER).content,
        digest=digest,
        nonce=nonce,
    )


def check_response(
    response: bytes,
    *,
    source: RevocationSource,
    certificate: Decoded,
    issuer: Decoded,
    at: datetime,
    nonce: bytes | None,
    others: Sequence[Decoded] = (),
    retrieved_at: datetime | None = None,
    delegate_status: DelegateStatus | None = None,
) -> RevocationAnswer:
    """Say what a response says of a certificate; never raises, whatever the bytes are.

    Args:
        response: DER.
        issuer: whose key signed the certificate, as its path says.
        at: the instant judged for.
        nonce: that was sent in the request; None when none was.
        others: certificates among which the responder's may be, besides those in the response.
        retrieved_at: when it was fetched; None for what was given.
        delegate_status: asked about a delegate that does not say that nobody has to (4.2.2.2.1); must not
            ask the delegate. None to leave that open, and say so.
    """
    read = read_ocsp_response(response)
    envelope = _judge_envelope(read)
    refusal = _first_refusal(envelope)
    basic = read.basic
    if refusal is not None or basic is None:
        return RevocationAnswer(
            source=source,
            status=RevocationStatus.UNAVAILABLE,
            reason=refusal or _NO_ANSWER,
            retrieved_at=retrieved_at,
            checks=_checks(envelope),
        )
    signer = find_signer(
        basic,
        certificate=certificate,
        issuer=issuer,
        at=at,
        others=others,
        delegate_status=delegate_status,
    )
    statement = find_statement(basic, certificate=certificate, issuer=issuer)
    trusted = [*signer.requirements, *statement.requirements, judge_nonce(basic, nonce)]
    single = statement.single
    timely = (
        ()
        if single is None
        else judge_times(basic, single, certificate=certificate, at=at, retrieved_at=retrieved_at)
    )
    status, reason = _conclude(
        basic, single, _first_refusal(trusted), _first_refusal(timely), _left_open(timely), at
    )
    is_revoked = status is RevocationStatus.REVOKED
    return RevocationAnswer(
        source=source,
        status=status,
        reason=reason,
        signed_by=_signed_by(signer),
        this_update=single.this_update if single else None,
        next_update=single.next_update if single else None,
        produced_at=basic.produced_at,
        retrieved_at=retrieved_at,
        revoked_at=single.revoked_at if single and is_revoked else None,
        revocation_reason=single.reason if single and is_revoked else None,
        invalidity_date=single.invalidity_date if single and is_revoked else None,
        checks=_checks([*envelope, *trusted, *timely]),
    )


_STATUSES = {
    1: msg("The responder could not read the request (malformedRequest)."),
    2: msg("The responder has a fault of its own (internalError). Ask again later, or its operator."),
    3: msg("The responder is busy (tryLater). Ask again later."),
    5: msg("The responder answers signed requests only (sigRequired). Use the CRL."),
    6: msg(
        "The responder may not answer for this certificate, or does not know it (unauthorized). Use the CRL,"
        " or ask the CA."
    ),
}
_NO_ANSWER = msg("The responder says that it answers, and sends no answer.")


def _judge_envelope(read: OcspResponse) -> list[Requirement]:
    """Judge everything around the answer; ends at the first that refuses it."""
    found: list[Requirement] = []
    if read.status is not None:
        if read.status != SUCCESSFUL:
            unknown = msg(
                "The responder gives no answer, for a reason that nobody knows ({status}).",
                status=read.status,
            )
            return [refused("ocsp.status", _STATUSES.get(read.status, unknown))]
        found.append(met("ocsp.status", msg("The responder gives an answer (successful).")))
    if read.problem is not None:
        return [*found, refused("ocsp.form", msg("This is no whole OCSP response. {why}", why=read.problem))]
    if read.response_type is None:
        return [*found, refused("ocsp.form", _NO_ANSWER)]
    if read.response_type != BASIC_RESPONSE or read.basic is None:
        evidence = msg("The answer is of a type that is unknown here: {oid}.", oid=read.response_type)
        return [*found, refused("ocsp.type", evidence)]
    found.append(met("ocsp.type", msg("It is a basic OCSP response.")))
    if read.basic.version != 1:
        evidence = msg("It is of version {version}; there is only version 1.", version=read.basic.version)
        return [*found, refused("ocsp.form", evidence)]
    return [*found, met("ocsp.form", msg("Every part of it can be read."))]


def _conclude(
    basic: BasicResponse,
    single: SingleResponse | None,
    distrust: Message | None,
    untimely: Message | None,
    left_open: Message | None,
    at: datetime,
) -> tuple[RevocationStatus, Message]:
    """Say what follows.

    Args:
        distrust: why the response may not be believed at all; None when it may.
        untimely: why it does not speak for the instant; None when it does.
        left_open: why nothing good follows from it although it does; None when it follows.
    """
    if distrust is not None or single is None:
        reason = msg("The OCSP response may not be relied on. {why}", why=distrust or _NO_ANSWER)
        return RevocationStatus.UNAVAILABLE, reason
    if single.status is CertStatus.REVOKED:
        return _conclude_revoked(basic, single, untimely, at)
    if untimely is not None:
        return RevocationStatus.UNAVAILABLE, _untimely(single, untimely, at)
    if single.status is CertStatus.UNKNOWN:
        reason = msg(
            "The responder does not know this certificate (unknown): it may have been issued by another CA,"
            " or by nobody. Ask the CA."
        )
        return RevocationStatus.UNKNOWN, reason
    if left_open is not None:
        return RevocationStatus.UNKNOWN, left_open
    return RevocationStatus.GOOD, _good(single)


def _good(single: SingleResponse) -> Message:
    start, end = single.this_update, single.next_update
    if start is not None and end is not None:
        return msg(
            "The responder says that it was not revoked at {this_update}, which counts until {next_update}.",
            this_update=start,
            next_update=end,
        )
    return msg("The responder says that it was not revoked at {this_update}.", this_update=start or "?")


def _untimely(single: SingleResponse, untimely: Message, at: datetime) -> Message:
    start = single.this_update
    if single.status is CertStatus.GOOD and start is not None and start - at > CLOCK_TOLERANCE:
        return msg(
            "The responder says that it was not revoked at {this_update}. That is later than the instant"
            " judged for, {at}, of which the response does not speak.",
            this_update=start,
            at=at,
        )
    return msg("The OCSP response may not be relied on. {why}", why=untimely)


def _conclude_revoked(
    basic: BasicResponse, single: SingleResponse, untimely: Message | None, at: datetime
) -> tuple[RevocationStatus, Message]:
    start, revoked_at = single.this_update, single.revoked_at
    is_later = revoked_at is not None and revoked_at - at > CLOCK_TOLERANCE
    made_later = start is not None and start - at > CLOCK_TOLERANCE
    was_lost = single.invalidity_date is not None and single.invalidity_date <= at
    if is_later and made_later and not was_lost:
        # Evaluated for the past: it was not revoked yet, and nobody said then that it was good.
        reason = msg(
            "It was revoked on {revoked_at} ({reason}), after the instant judged for, {at}. Of that instant"
            " the response does not speak.",
            revoked_at=revoked_at or "?",
            reason=_reason(single),
            at=at,
        )
        return RevocationStatus.UNAVAILABLE, reason
    is_held = single.reason == CERTIFICATE_HOLD
    if is_held and untimely is not None and not made_later:
        return (
            RevocationStatus.UNAVAILABLE,
            msg("It was on hold, and may have been released since. {why}", why=untimely),
        )
    return RevocationStatus.REVOKED, _revoked(basic, single, untimely, at)


def _revoked(basic: BasicResponse, single: SingleResponse, untimely: Message | None, at: datetime) -> Message:
    revoked_at: datetime | str = single.revoked_at or "?"
    is_held = single.reason == CERTIFICATE_HOLD
    extended = any(extension.oid == EXTENDED_REVOKE for extension in basic.extensions)
    if is_held and extended and single.revoked_at is not None and single.revoked_at.year == 1970:
        return msg(
            "The responder says revoked because it knows of no such certificate: nobody issued it, or the"
            " responder was not told. Ask the CA."
        )
    if is_held:
        return msg(
            "It is on hold since {revoked_at} (certificateHold). Ask the CA whether it will be released.",
            revoked_at=revoked_at,
        )
    if single.revoked_at is not None and single.revoked_at - at > CLOCK_TOLERANCE:
        return msg(
            "It is revoked with a date, {revoked_at} ({reason}), that is later than the instant judged for,"
            " {at}.",
            revoked_at=revoked_at,
            reason=_reason(single),
            at=at,
        )
    if untimely is not None:
        return msg(
            "It was revoked on {revoked_at} ({reason}), which nothing takes back. {why}",
            revoked_at=revoked_at,
            reason=_reason(single),
            why=untimely,
        )
    return msg("It was revoked on {revoked_at} ({reason}).", revoked_at=revoked_at, reason=_reason(single))


def _reason(single: SingleResponse) -> str | Message:
    return single.reason or msg("no reason given")


def _signed_by(signer: Signer) -> str | None:
    if signer.certificate is None:
        return None
    return signer.certificate.facts.subject or signer.certificate.title


def _first_refusal(requirements: Sequence[Requirement]) -> Message | None:
    return next((one.check.evidence for one in requirements if one.refuses), None)


def _left_open(requirements: Sequence[Requirement]) -> Message | None:
    return next(
        (one.check.evidence for one in requirements if one.check.status is RevocationRuleStatus.NOT_RUN), None
    )


def _checks(requirements: Sequence[Requirement]) -> tuple[RevocationRuleCheck, ...]:
    return tuple(one.check for one in requirements)
