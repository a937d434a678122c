"""What follows from revocation checks for the rules REV-02, REV-03, REV-04 and REV-06.

One set of words for a certificate in a file, a server that answers, and our own certificate.
Sources: RFC 5280 6.3, RFC 6960 3.2, 4.2.2, RFC 7633 4.2.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import (
    RevocationAnswer,
    RevocationCheck,
    RevocationRuleStatus,
    RevocationSourceKind,
    RevocationStatus,
)
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, Violated
from trustdesk.verify.revocation.fail_modes import STATUS_WORDS

OCSP_KINDS = frozenset({RevocationSourceKind.OCSP, RevocationSourceKind.STAPLE})
CRL_KINDS = frozenset({RevocationSourceKind.CRL, RevocationSourceKind.DELTA_CRL})

NOBODY_ASKED = msg("No source of revocation was given or allowed.")


def ocsp_outcome(checks: Sequence[RevocationCheck], titles: Mapping[str, str], at: datetime) -> Outcome:
    """REV-02: every OCSP response that was looked at can be relied on."""
    answers = list(_answers(checks, OCSP_KINDS))
    if not answers:
        return NotRun(msg("No OCSP response was at hand."))
    for check, answer in answers:
        problem = _broken(answer)
        if problem is None:
            continue
        remedy = msg("The CA has to put its OCSP responder right; until then its answers count for nothing.")
        if answer.source.kind is RevocationSourceKind.STAPLE:
            remedy = msg("The partner has to see why its server staples an old or wrong OCSP response.")
        elif _is_stale(answer, at):
            remedy = msg("Ask for a fresh response; if the responder itself is behind, tell the CA.")
        return Violated(_about(check, answer, titles, problem), remedy)
    return _relied_on(answers, titles)


def crl_outcome(checks: Sequence[RevocationCheck], titles: Mapping[str, str], at: datetime) -> Outcome:
    """REV-03: every CRL that was looked at can be relied on; one that is out of date is named as that."""
    answers = list(_answers(checks, CRL_KINDS))
    if not answers:
        return NotRun(msg("No CRL was at hand."))
    for check, answer in answers:
        if answer.next_update is not None and _is_stale(answer, at):
            return Violated(
                msg(
                    "The CRL {place} that lists {certificate} is out of date since {next_update}.",
                    place=answer.source.place,
                    certificate=_title(check, titles),
                    next_update=answer.next_update,
                ),
                msg(
                    "Its CA has to publish a new one. Until then a server that checks this CRL refuses every "
                    "certificate of the CA, most often with the alert certificate_expired."
                ),
            )
        problem = _broken(answer)
        if problem is not None:
            return Violated(
                _about(check, answer, titles, problem),
                msg(
                    "Look for the CRL that the CA publishes for it; if this is the one, the CA has to put it "
                    "right. Until then it counts for nothing."
                ),
            )
    outcome = _relied_on(answers, titles)
    if isinstance(outcome, NotRun):
        return NotRun(
            msg(
                "{trouble} A server that checks CRLs and has none of this CA refuses its certificates, most "
                "often with the alert unknown_ca.",
                trouble=outcome.evidence,
            )
        )
    return outcome


def status_outcome(checks: Sequence[RevocationCheck], titles: Mapping[str, str]) -> Outcome:
    """REV-04: each certificate below the anchor is good; revoked, unknown and unavailable are kept apart."""
    if not checks:
        return NotRun(msg("There is no path whose certificates could be asked about."))
    for check in checks:
        if check.status is RevocationStatus.REVOKED:
            return Violated(revoked_words(check, _title(check, titles)), _remedy_of_revoked(check, checks))
    open_ones = [check for check in checks if check.status is not RevocationStatus.GOOD and not check.exempt]
    if not open_ones:
        return Held(_listed(checks, titles))
    asked = [check for check in open_ones if check.answers]
    if asked:
        first = asked[0]
        return Violated(
            msg(
                "{certificate}: {status}. {reason}",
                certificate=_title(first, titles),
                status=STATUS_WORDS[first.status],
                reason=first.reason or NOBODY_ASKED,
            ),
            msg("Software that insists on an answer (hard fail) refuses; other software goes on."),
            Severity.WARNING,
        )
    if len(open_ones) == len(checks):
        return NotRun(checks[0].reason or NOBODY_ASKED)
    return NotRun(
        msg(
            "{known}; about {certificate} nobody was asked.",
            known=_listed([check for check in checks if check not in open_ones], titles),
            certificate=_title(open_ones[0], titles),
        )
    )


def staple_outcome(answer: RevocationAnswer | None, *, stapled: bool, must_staple: bool) -> Outcome:
    """REV-06: a stapled OCSP response came, and says good.

    Args:
        answer: what it says; None when none came, or it could not be compared with an issuer.
        stapled: whether one came.
        must_staple: whether the certificate asks for one (RFC 7633).
    """
    weight = Severity.ERROR if must_staple else Severity.INFO
    if not stapled:
        if must_staple:
            return Violated(
                msg("The certificate asks for a stapled OCSP response (must-staple), and none was sent."),
                _TURN_ON,
                weight,
            )
        return Violated(msg("The server sent no stapled OCSP response."), _TURN_ON, weight)
    if answer is None:
        return NotRun(msg("A response was stapled; without the issuer's certificate it cannot be checked."))
    match answer.status:
        case RevocationStatus.GOOD:
            if answer.next_update is None:
                return Held(msg("It says good."))
            return Held(msg("It says good, and holds until {next_update}.", next_update=answer.next_update))
        case RevocationStatus.REVOKED:
            return Violated(
                msg("The server's own stapled response says that its certificate is revoked."),
                _REPLACE,
                Severity.ERROR,
            )
        case RevocationStatus.UNKNOWN:
            weight = Severity.ERROR if must_staple else Severity.WARNING
            return Violated(
                msg("The stapled response does not know the certificate. {reason}", reason=answer.reason),
                _LOOK_AT_STAPLE,
                weight,
            )
        case RevocationStatus.UNAVAILABLE:
            weight = Severity.ERROR if must_staple else Severity.WARNING
            return Violated(
                msg("The stapled response cannot be relied on. {reason}", reason=answer.reason),
                _LOOK_AT_STAPLE,
                weight,
            )


def no_staple_possible() -> Outcome:
    """REV-06 where no server was asked."""
    return NotApplicable(msg("No server was asked: only a handshake carries a stapled response."))


def revoked_words(check: RevocationCheck, title: str) -> Message:
    """Say that a certificate is revoked, since when and why, as far as the source tells."""
    place = check.source.place if check.source is not None else "?"
    if check.revoked_at is None:
        return msg("{certificate} is revoked, says {place}.", certificate=title, place=place)
    if check.revocation_reason is None:
        return msg(
            "{certificate} is revoked since {revoked_at}, says {place}.",
            certificate=title,
            revoked_at=check.revoked_at,
            place=place,
        )
    return msg(
        "{certificate} is revoked since {revoked_at} ({reason}), says {place}.",
        certificate=title,
        revoked_at=check.revoked_at,
        reason=check.revocation_reason,
        place=place,
    )


def _remedy_of_revoked(check: RevocationCheck, checks: Sequence[RevocationCheck]) -> Message:
    if check.certificate == checks[0].certificate:
        return _REPLACE
    return msg("A CA of the path is revoked: a certificate from another CA is needed.")


def _answers(
    checks: Sequence[RevocationCheck], kinds: frozenset[RevocationSourceKind]
) -> Iterator[tuple[RevocationCheck, RevocationAnswer]]:
    for check in checks:
        for answer in check.answers:
            if answer.source.kind in kinds:
                yield check, answer


def _broken(answer: RevocationAnswer) -> Message | None:
    """Return why an answer that came cannot be relied on; None with others, and where none came.

    Its checks only tell that one came: the first that fails may be a remark that keeps nobody from relying on
    the answer, and the reason is what does.
    """
    if answer.status is not RevocationStatus.UNAVAILABLE:
        return None
    has_failed = any(check.status is RevocationRuleStatus.FAIL for check in answer.checks)
    return answer.reason if has_failed else None


def _is_stale(answer: RevocationAnswer, at: datetime) -> bool:
    return answer.next_update is not None and answer.next_update < at


def _relied_on(
    answers: Sequence[tuple[RevocationCheck, RevocationAnswer]], titles: Mapping[str, str]
) -> Outcome:
    for check, answer in answers:
        if answer.status is not RevocationStatus.UNAVAILABLE:
            return Held(_about(check, answer, titles, answer.reason))
    check, answer = answers[0]
    return NotRun(_about(check, answer, titles, answer.reason))


def _about(
    check: RevocationCheck, answer: RevocationAnswer, titles: Mapping[str, str], words: Message
) -> Message:
    return msg(
        "{place} about {certificate}: {words}",
        place=answer.source.place,
        certificate=_title(check, titles),
        words=words,
    )


def _listed(checks: Sequence[RevocationCheck], titles: Mapping[str, str]) -> Message:
    words: Message | None = None
    for check in checks:
        one = msg(
            "{certificate}: {status}",
            certificate=_title(check, titles),
            status=check.exempt or STATUS_WORDS[check.status],
        )
        words = one if words is None else msg("{before}; {next}", before=words, next=one)
    return words or NOBODY_ASKED


def _title(check: RevocationCheck, titles: Mapping[str, str]) -> str:
    return titles.get(check.certificate, check.certificate[:16])


_TURN_ON = msg("The partner may turn on OCSP stapling; then nobody has to ask the CA.")
_REPLACE = msg("A new certificate is needed; ask the CA why this one was revoked.")
_LOOK_AT_STAPLE = msg("The partner has to see why its server staples a response that does not hold.")
