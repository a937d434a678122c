"""What is known of revocation on a path, as rows: every answer, and what was asked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.revocation import (
    FailMode,
    FailModeVerdict,
    RevocationAnswer,
    RevocationCheck,
    RevocationRuleStatus,
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
    RevocationStatus,
)
from trustdesk.core.untrusted import visible
from trustdesk.core.verification import PathReport
from trustdesk.gui.dates import iso_date
from trustdesk.gui.inspector.rule_rows import Outcome, RuleRow, ordered
from trustdesk.gui.inspector.verdicts import VerdictLine
from trustdesk.gui.words import say
from trustdesk.services.board import State

FactsOf = Callable[[str], CertificateFacts | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationLook:
    """Icon, word and token of a status; green is earned by an answer that says good, and by nothing else."""

    icon: str
    word: Message
    ink: str


LOOKS: dict[RevocationStatus, RevocationLook] = {
    RevocationStatus.GOOD: RevocationLook(icon="good", word=msg("Not revoked"), ink="good"),
    RevocationStatus.REVOKED: RevocationLook(icon="bad", word=msg("Revoked"), ink="bad"),
    RevocationStatus.UNKNOWN: RevocationLook(icon="unknown", word=msg("Not known"), ink="unknown"),
    RevocationStatus.UNAVAILABLE: RevocationLook(icon="warning", word=msg("Unavailable"), ink="warning"),
}
EXEMPT = RevocationLook(icon="not-applicable", word=msg("Exempt"), ink="text2")

_KINDS = {
    RevocationSourceKind.OCSP: msg("OCSP"),
    RevocationSourceKind.STAPLE: msg("Stapled OCSP"),
    RevocationSourceKind.CRL: msg("CRL"),
    RevocationSourceKind.DELTA_CRL: msg("Delta CRL"),
}
_ORIGINS = {
    RevocationSourceOrigin.CERTIFICATE: msg("named by the certificate"),
    RevocationSourceOrigin.HANDSHAKE: msg("sent by the server"),
    RevocationSourceOrigin.FILE: msg("from a file"),
    RevocationSourceOrigin.TYPED: msg("typed in"),
}
REASONS = {
    "unspecified": msg("no reason given"),
    "keyCompromise": msg("its key was compromised"),
    "cACompromise": msg("the CA's key was compromised"),
    "affiliationChanged": msg("its owner's affiliation changed"),
    "superseded": msg("it was superseded"),
    "cessationOfOperation": msg("it is out of use"),
    "certificateHold": msg("it is on hold, which can be lifted"),
    "removeFromCRL": msg("it was taken off the list again"),
    "privilegeWithdrawn": msg("its privilege was withdrawn"),
    "aACompromise": msg("the attribute authority was compromised"),
}
_OUTCOMES = {
    RevocationRuleStatus.PASS: Outcome.PASS,
    RevocationRuleStatus.FAIL: Outcome.FAIL,
    RevocationRuleStatus.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
    RevocationRuleStatus.NOT_RUN: Outcome.NOT_RUN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationRow:
    """One answer on one certificate, or that there is none.

    Attributes:
        certificate: its SHA-256.
        on: the certificate in words.
        decides: whether it is the answer that the status comes from.
        source: kind, place and origin; "–" without one.
        age: how old the answer was at the instant judged for; "–" where it does not say.
        since: since when it is revoked, and why; "" for others.
        reason: why it is this status.
    """

    certificate: str
    look: RevocationLook
    on: str
    decides: bool
    source: str
    age: str
    since: str
    reason: str

    @property
    def spoken(self) -> str:
        """The whole row as one line."""
        parts = (say(self.look.word), self.on, self.source, self.age, self.since, self.reason)
        return ", ".join(part for part in parts if part and part != "–")


def revocation_rows(path: PathReport, facts_of: FactsOf, at: datetime) -> tuple[RevocationRow, ...]:
    """Return a row for each answer, the certificates in the order of the path, the deciding answer first."""
    rows: list[RevocationRow] = []
    for check in path.revocation:
        on = _title(check.certificate, facts_of)
        if not check.answers or check.exempt is not None:
            rows.append(_of_check(check, on))
        first = not rows or rows[-1].certificate != check.certificate
        for number, answer in enumerate(check.answers):
            rows.append(_of_answer(answer, check.certificate, on, at, decides=first and number == 0))
    return tuple(rows)


def requirement_rows(path: PathReport, facts_of: FactsOf) -> tuple[RuleRow, ...]:
    """Return every requirement on every answer, worst first."""
    return ordered(
        RuleRow(
            outcome=_OUTCOMES[one.status],
            rule=visible(one.rule),
            title=source_words(answer.source),
            on=_title(check.certificate, facts_of),
            evidence=say(one.evidence),
            source=visible(one.source),
        )
        for check in path.revocation
        for answer in check.answers
        for one in answer.checks
    )


def fail_mode_lines(verdicts: tuple[FailModeVerdict, ...]) -> tuple[VerdictLine, ...]:
    """Return what follows under each fail mode; none where nobody worked it out."""
    return tuple(
        VerdictLine(
            state=State.GOOD if one.accepted and one.mode is FailMode.HARD else _soft_state(one),
            lead=_LEADS[(one.mode, one.accepted)],
            reason=one.reason,
        )
        for one in verdicts
    )


def age_words(age_s: float | None) -> str:
    """Return an age in its largest whole unit; "–" for an unknown one."""
    if age_s is None:
        return "–"
    if age_s < 0:
        return say(msg("from the future"))
    days, hours, minutes = int(age_s // 86_400), int(age_s // 3_600), int(age_s // 60)
    if days >= 2:
        return say(msg_n("{count} day", "{count} days", days))
    if hours >= 2:
        return say(msg_n("{count} hour", "{count} hours", hours))
    return say(msg_n("{count} minute", "{count} minutes", minutes))


def source_words(source: RevocationSource) -> str:
    """Return where an answer came from."""
    kind = say(_KINDS[source.kind])
    origin = say(_ORIGINS[source.origin])
    kept = f", {say(msg('kept from earlier'))}" if source.cached else ""
    if source.kind is RevocationSourceKind.STAPLE:
        return f"{kind} ({origin}{kept})"
    return f"{kind} {visible(source.place, 120)} ({origin}{kept})"


def _soft_state(verdict: FailModeVerdict) -> State:
    # Going on where nothing is known is no proof of anything: it is not shown in green.
    return State.NOT_APPLICABLE if verdict.accepted else State.BAD


def _of_check(check: RevocationCheck, on: str) -> RevocationRow:
    look = LOOKS[check.status] if check.exempt is None else EXEMPT
    reason = check.exempt or check.reason
    return RevocationRow(
        certificate=check.certificate,
        look=look,
        on=on,
        decides=True,
        source="–" if check.source is None else source_words(check.source),
        age=age_words(check.age_s),
        since=since_words(check.revoked_at, check.revocation_reason, None),
        reason=say(reason) if reason is not None else "",
    )


def _of_answer(
    answer: RevocationAnswer, certificate: str, on: str, at: datetime, *, decides: bool
) -> RevocationRow:
    age = None if answer.this_update is None else (at - answer.this_update).total_seconds()
    signed = (
        ""
        if answer.signed_by is None
        else say(msg(" Signed by {name}.", name=visible(answer.signed_by, 120)))
    )
    return RevocationRow(
        certificate=certificate,
        look=LOOKS[answer.status],
        on=on,
        decides=decides,
        source=source_words(answer.source),
        age=age_words(age),
        since=since_words(answer.revoked_at, answer.revocation_reason, answer.invalidity_date),
        reason=f"{say(answer.reason)}{signed}",
    )


def since_words(at: datetime | None, reason: str | None, invalid: datetime | None) -> str:
    """Return since when something is revoked, why, and since when its key is thought to be lost."""
    parts = [iso_date(at)] if at is not None else []
    if reason is not None:
        parts.append(say(REASONS.get(reason, msg("{value}", value=reason))))
    if invalid is not None:
        parts.append(say(msg("key lost since {date}", date=iso_date(invalid).strip("\u2068\u2069"))))
    return ", ".join(parts)


def _title(digest: str, facts_of: FactsOf) -> str:
    facts = facts_of(digest)
    return visible(facts.title, 60) if facts is not None else digest[:16]


_LEADS = {
    (FailMode.SOFT, True): msg("Soft fail: goes on."),
    (FailMode.SOFT, False): msg("Soft fail: refused."),
    (FailMode.HARD, True): msg("Hard fail: accepted."),
    (FailMode.HARD, False): msg("Hard fail: refused."),
}
