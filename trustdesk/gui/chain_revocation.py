"""Revocation of the chain that a server presented, in words: of each certificate, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trustdesk.core.message import Message, msg
from trustdesk.core.probe import ProbeRecord
from trustdesk.core.revocation import (
    RevocationCheck,
    RevocationStatus,
    StapleStatus,
    staple_answer,
    staple_status,
)
from trustdesk.gui.inspector.revocation_rows import (
    EXEMPT,
    LOOKS,
    age_words,
    fail_mode_lines,
    since_words,
    source_words,
)
from trustdesk.gui.inspector.verdicts import VerdictLine
from trustdesk.gui.words import say
from trustdesk.services.board import State


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRevocation:
    """What a certificate's card says.

    Attributes:
        icon: name of the status's icon; `ink` is the token of icon and word.
        word: the status.
        rest: since when and why, or why it is not known; then source and age.
    """

    icon: str
    ink: str
    word: str
    rest: str
    is_revoked: bool = False


def card_revocations(record: ProbeRecord) -> Mapping[str, CardRevocation]:
    """Return what is known of each certificate of the server's path, by SHA-256; nothing of the anchor."""
    judgement = record.judgement
    checks = () if judgement is None else judgement.revocation
    return {check.certificate: _card(check) for check in checks}


def revocation_lines(record: ProbeRecord) -> tuple[VerdictLine, ...]:
    """Return what the server stapled, and what follows under soft and hard fail; none without a judgement."""
    judgement = record.judgement
    if judgement is None:
        return ()
    staple = _staple_line(record.stapled_ocsp, judgement.revocation)
    modes = fail_mode_lines(judgement.fail_modes)
    if len({(one.accepted, one.reason) for one in judgement.fail_modes}) == 1 and len(modes) > 1:
        # Both for the same reason is said once.
        accepted = judgement.fail_modes[0].accepted
        lead = msg("Soft and hard fail: accepted.") if accepted else msg("Soft and hard fail: refused.")
        modes = (replace(modes[-1], lead=lead),)
    return (staple, *modes)


def _card(check: RevocationCheck) -> CardRevocation:
    look = LOOKS[check.status] if check.exempt is None else EXEMPT
    if check.status is RevocationStatus.REVOKED:
        why = since_words(check.revoked_at, check.revocation_reason, None)
    elif check.status is RevocationStatus.GOOD:
        why = ""
    else:
        why = "" if check.reason is None else say(check.reason)
    source = "" if check.source is None else source_words(check.source)
    age = "" if check.age_s is None else say(msg("{age} old", age=age_words(check.age_s)))
    return CardRevocation(
        icon=look.icon,
        ink=look.ink,
        word=say(look.word),
        rest=" · ".join(part for part in (why, source, age) if part),
        is_revoked=check.status is RevocationStatus.REVOKED,
    )


def _staple_line(staple: bytes | None, checks: tuple[RevocationCheck, ...]) -> VerdictLine:
    answer = staple_answer(checks)
    reason = msg("Whether it can be relied on was not found out.") if answer is None else answer.reason
    state, lead = _STAPLES[staple_status(staple, checks)]
    if staple is None:
        reason = msg("The server sent no OCSP response with its certificate.")
    return VerdictLine(state=state, lead=lead, reason=reason)


_STAPLES: dict[StapleStatus, tuple[State, Message]] = {
    StapleStatus.GOOD: (State.GOOD, msg("Staple: good.")),
    StapleStatus.REVOKED: (State.BAD, msg("Staple: revoked.")),
    StapleStatus.UNKNOWN: (State.WARNING, msg("Staple: unknown.")),
    StapleStatus.INVALID: (State.WARNING, msg("Staple: not to be relied on.")),
    StapleStatus.ABSENT: (State.NOT_APPLICABLE, msg("Staple: none.")),
}
