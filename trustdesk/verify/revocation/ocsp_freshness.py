"""Whether what an OCSP response says is meant for an instant, and for the request that was sent."""

from __future__ import annotations

from datetime import datetime

from trustdesk.core.message import msg
from trustdesk.formats.der import OCTET_STRING, DerError, read_whole
from trustdesk.formats.ocsp_values import ARCHIVE_CUTOFF, NONCE, BasicResponse, SingleResponse
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.revocation.allowances import CLOCK_TOLERANCE, UNDATED_LIFE
from trustdesk.verify.revocation.ocsp_requirements import (
    Requirement,
    met,
    not_asked,
    not_run,
    noted,
    refused,
)


def judge_nonce(basic: BasicResponse, sent: bytes | None) -> Requirement:
    """Compare the nonce with the one that was sent (RFC 9654); without one an answer may be a replay."""
    rule = "ocsp.nonce"
    received = next((one.value for one in basic.extensions if one.oid == NONCE), None)
    if sent is None:
        return not_asked(rule, msg("No nonce was sent."))
    if received is None:
        return not_run(
            rule,
            msg("It does not repeat the nonce that was sent, so it may be an older one: that is allowed."),
        )
    # Some responders leave the inner OCTET STRING out (RFC 2560 did not ask for it plainly).
    if sent in {received, _octets(received)}:
        return met(rule, msg("It repeats the nonce that was sent, so it was made for this request."))
    return refused(rule, msg("It answers another request: its nonce is not the one that was sent."))


def judge_times(
    basic: BasicResponse,
    single: SingleResponse,
    *,
    certificate: Decoded,
    at: datetime,
    retrieved_at: datetime | None,
) -> tuple[Requirement, ...]:
    """Judge whether a single response speaks for an instant."""
    return (
        _this_update(single, at),
        _next_update(single, at),
        _produced_at(basic, single, at, retrieved_at),
        _archive_cutoff(single, certificate),
    )


def _this_update(single: SingleResponse, at: datetime) -> Requirement:
    rule = "ocsp.this_update"
    start = single.this_update
    if start is None:
        return refused(rule, msg("thisUpdate is no time as RFC 5280 writes it."))
    minutes = int(CLOCK_TOLERANCE.total_seconds() // 60)
    if start - at > CLOCK_TOLERANCE:
        return refused(
            rule,
            msg(
                "It speaks of {this_update}, which is later than the instant judged for, {at}.",
                this_update=start,
                at=at,
            ),
        )
    if start > at:
        return met(
            rule,
            msg(
                "True at {this_update}, which is not {minutes} minutes later than the instant judged for:"
                " clocks differ.",
                this_update=start,
                minutes=minutes,
            ),
        )
    return met(rule, msg("True at {this_update}; judged for {at}.", this_update=start, at=at))


def _next_update(single: SingleResponse, at: datetime) -> Requirement:
    rule = "ocsp.next_update"
    start, end = single.this_update, single.next_update
    if "nextUpdate" in single.unreadable:
        return refused(rule, msg("nextUpdate is no time as RFC 5280 writes it."))
    hours = int(UNDATED_LIFE.total_seconds() // 3600)
    if end is None:
        if start is None:
            return refused(rule, msg("Neither its age nor its next update is known."))
        if at - start > UNDATED_LIFE:
            return refused(
                rule,
                msg(
                    "It names no next update and is from {this_update}: without one it counts for {hours}"
                    " hours; judged for {at}.",
                    this_update=start,
                    hours=hours,
                    at=at,
                ),
            )
        return met(
            rule,
            msg(
                "It names no next update and counts for {hours} hours from {this_update}.",
                hours=hours,
                this_update=start,
            ),
        )
    if start is not None and end < start:
        return refused(
            rule,
            msg(
                "Its next update, {next_update}, lies before {this_update}, of which it speaks.",
                next_update=end,
                this_update=start,
            ),
        )
    if end < at:
        return refused(
            rule,
            msg(
                "It is out of date: a newer one was due by {next_update}; judged for {at}.",
                next_update=end,
                at=at,
            ),
        )
    return met(rule, msg("The next update is due by {next_update}.", next_update=end))


def _produced_at(
    basic: BasicResponse, single: SingleResponse, at: datetime, retrieved_at: datetime | None
) -> Requirement:
    """Nothing that RFC 6960 3.2 relies on; but nobody fetches what has not been signed yet."""
    rule = "ocsp.produced_at"
    produced, start = basic.produced_at, single.this_update
    if produced is None:
        return refused(rule, msg("producedAt is no time as RFC 5280 writes it."))
    if retrieved_at is not None and produced - retrieved_at > CLOCK_TOLERANCE:
        return refused(
            rule,
            msg(
                "It was fetched at {retrieved_at}, before it was signed, at {produced_at}.",
                retrieved_at=retrieved_at,
                produced_at=produced,
            ),
        )
    if start is not None and start - produced > CLOCK_TOLERANCE:
        return noted(
            rule,
            msg(
                "It was signed at {produced_at}, before {this_update}, of which it speaks.",
                produced_at=produced,
                this_update=start,
            ),
        )
    if produced - at > CLOCK_TOLERANCE:
        return noted(
            rule,
            msg(
                "It was signed at {produced_at}, later than the instant judged for, {at}.",
                produced_at=produced,
                at=at,
            ),
        )
    return met(rule, msg("Signed at {produced_at}.", produced_at=produced))


def _archive_cutoff(single: SingleResponse, certificate: Decoded) -> Requirement:
    """Of expired certificates a responder knows nothing but as far back as it says (4.4.4).

    Where it does not say, nothing good follows: as with a CRL, the certificate may have been dropped.
    """
    rule = "ocsp.archive_cutoff"
    end, start, cutoff = certificate.facts.not_after, single.this_update, single.archive_cutoff
    if ARCHIVE_CUTOFF in {one.oid for one in single.extensions} and cutoff is None:
        return refused(rule, msg("Its archive cutoff is no time as RFC 5280 writes it."))
    if end is None or start is None or start <= end:
        return not_asked(rule, msg("The certificate had not expired."))
    if cutoff is None:
        return not_run(
            rule,
            msg(
                "The certificate expired on {not_after}; the responder does not say whether it still knows of"
                " such.",
                not_after=end,
            ),
        )
    if cutoff > end:
        return refused(
            rule,
            msg(
                "The certificate expired on {not_after}; the responder knows only of those that expired after"
                " {cutoff}.",
                not_after=end,
                cutoff=cutoff,
            ),
        )
    return met(rule, msg("The responder knows of all that expired after {cutoff}.", cutoff=cutoff))


def _octets(value: bytes) -> bytes | None:
    try:
        return read_whole(value, OCTET_STRING).content
    except DerError:
        return None
