"""What follows from the revocation of a path's certificates under each fail mode."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import FailMode, FailModeVerdict, RevocationCheck, RevocationStatus
from trustdesk.verify.decoded import Decoded

STATUS_WORDS: dict[RevocationStatus, Message] = {
    RevocationStatus.GOOD: msg("good"),
    RevocationStatus.REVOKED: msg("revoked"),
    RevocationStatus.UNKNOWN: msg("unknown"),
    RevocationStatus.UNAVAILABLE: msg("unavailable"),
}
"""The statuses for people."""


def fail_mode_verdicts(
    path: Sequence[Decoded], checks: Sequence[RevocationCheck]
) -> tuple[FailModeVerdict, FailModeVerdict]:
    """Return the verdicts, soft fail first.

    Args:
        path: end entity first.
        checks: one for each certificate below the anchor, in the same order.
    """
    named = list(zip(path, checks, strict=False))
    revoked = next((pair for pair in named if pair[1].status is RevocationStatus.REVOKED), None)
    open_ones = [pair for pair in named if not is_settled(pair[1])]
    if revoked is not None:
        return _refused(FailMode.SOFT, *revoked), _refused(FailMode.HARD, *revoked)
    if open_ones:
        certificate, check = open_ones[0]
        soft = FailModeVerdict(
            mode=FailMode.SOFT,
            accepted=True,
            reason=msg(
                "Nothing says that a certificate was revoked; of {subject} it is not known ({status}).",
                subject=certificate.title,
                status=STATUS_WORDS[check.status],
            ),
        )
        return soft, _refused(FailMode.HARD, certificate, check)
    return _accepted(FailMode.SOFT), _accepted(FailMode.HARD)


def is_settled(check: RevocationCheck) -> bool:
    """Whether nothing stays open: good, revoked, or exempt from the question."""
    return check.exempt is not None or check.status in {RevocationStatus.GOOD, RevocationStatus.REVOKED}


def _refused(mode: FailMode, certificate: Decoded, check: RevocationCheck) -> FailModeVerdict:
    return FailModeVerdict(
        mode=mode,
        accepted=False,
        reason=msg(
            "{subject} is {status}. {reason}",
            subject=certificate.title,
            status=STATUS_WORDS[check.status],
            reason=check.reason or _NO_REASON,
        ),
    )


def _accepted(mode: FailMode) -> FailModeVerdict:
    return FailModeVerdict(mode=mode, accepted=True, reason=_ALL_GOOD)


_ALL_GOOD = msg("No certificate below the anchor was revoked, by the word of their issuers.")
_NO_REASON = msg("Nothing is said of it.")
