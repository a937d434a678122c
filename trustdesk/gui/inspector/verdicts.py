"""The verdict lines: what a certificate can be used as, in words, before any data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.revocation import RevocationStatus
from trustdesk.core.verification import PathReport, Purpose, Verification
from trustdesk.gui.inspector.examination import Examination, best_path
from trustdesk.services.board import State

WARNING_DAYS = 30
KEY_PUBLISHED = "KEY-05"
"""The rule that a private key is not known to be public: no path makes up for that."""

_YES = {
    Purpose.SERVER: msg("As ONE Record server: yes."),
    Purpose.CLIENT: msg("As ONE Record client: yes."),
}
_NO = {
    Purpose.SERVER: msg("As ONE Record server: no."),
    Purpose.CLIENT: msg("As ONE Record client: no."),
}
_NOT_MEANT = {
    Purpose.SERVER: msg("As ONE Record server: not meant."),
    Purpose.CLIENT: msg("As ONE Record client: not meant."),
}
_PENDING = {
    Purpose.SERVER: msg("As ONE Record server:"),
    Purpose.CLIENT: msg("As ONE Record client:"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """One line.

    Attributes:
        lead: the verdict, set in bold.
        reason: the sentence after it.
    """

    state: State
    lead: Message
    reason: Message


def verdict_lines(examination: Examination, now: datetime) -> tuple[VerdictLine, ...]:
    """Return the lines: both purposes, then the path and the list, then what else must be known."""
    lines = [_authority(examination)] if examination.certificate.is_ca else []
    lines += [_purpose(examination, purpose) for purpose in Purpose]
    server, client = (examination.in_force(purpose) for purpose in Purpose)
    judged = [one for one in (server, client) if one is not None]
    lines += _chain(examination, judged)
    lines += _dates(examination.certificate, now)
    for verification in judged:
        if verification.disagreement is not None:
            lines.append(
                VerdictLine(
                    state=State.WARNING,
                    lead=msg("Second opinion differs."),
                    reason=verification.disagreement,
                )
            )
            break
    lines += _limits(judged)
    lines += _revocation(judged)
    return tuple(lines)


def _authority(examination: Examination) -> VerdictLine:
    lead = msg("Certificate of a CA.")
    in_force = examination.lists[0] if examination.lists else None
    if in_force is not None and examination.certificate.sha256 in in_force.anchors:
        return VerdictLine(
            state=State.GOOD, lead=lead, reason=msg("It is itself an anchor on {list}.", list=in_force.title)
        )
    verification = examination.in_force(Purpose.SERVER)
    if in_force is None or verification is None:
        state = State.UNKNOWN if in_force is None else State.RUNNING
        return VerdictLine(state=state, lead=lead, reason=msg("It was not looked for on a list yet."))
    path = best_path(verification, in_force.name)
    if path is None:
        return VerdictLine(
            state=State.WARNING,
            lead=lead,
            reason=msg("No path leads from it to {list}.", list=in_force.title),
        )
    root = examination.facts_of(path.certificates[-1])
    return VerdictLine(
        state=State.NOT_APPLICABLE,
        lead=lead,
        reason=msg(
            "A path leads from it to {root} on {list}.",
            root=root.title if root is not None else path.certificates[-1][:16],
            list=in_force.title,
        ),
    )


def _purpose(examination: Examination, purpose: Purpose) -> VerdictLine:
    verification = examination.in_force(purpose)
    if not examination.lists:
        return VerdictLine(
            state=State.UNKNOWN, lead=_PENDING[purpose], reason=msg("Not run: no trust list is in force.")
        )
    if verification is None:
        return VerdictLine(state=State.RUNNING, lead=_PENDING[purpose], reason=msg("being judged …"))
    revoked = _revoked_by(verification)
    findings = examination.findings.get(purpose, ())
    if verification.trusted and revoked is not None and not examination.certificate.is_ca:
        return VerdictLine(state=State.BAD, lead=_NO[purpose], reason=revoked)
    published = next((one for one in findings if one.rule == KEY_PUBLISHED and one.is_failure), None)
    if verification.trusted and published is not None:
        return VerdictLine(state=State.BAD, lead=_NO[purpose], reason=published.evidence)
    if verification.trusted:
        path = verification.paths[0]
        root = examination.facts_of(path.certificates[-1])
        return VerdictLine(
            state=State.GOOD,
            lead=_YES[purpose],
            reason=msg(
                "Path ends at {root} on {list}.",
                root=root.title if root is not None else path.certificates[-1][:16],
                list=examination.title_of(path.anchor_list) or msg("a list"),
            ),
        )
    if examination.certificate.is_ca:
        return VerdictLine(
            state=State.NOT_APPLICABLE,
            lead=_NOT_MEANT[purpose],
            reason=msg("Servers and clients do not show the certificate of a CA."),
        )
    return VerdictLine(state=State.BAD, lead=_NO[purpose], reason=verification.own.reason)


def _revoked_by(verification: Verification) -> Message | None:
    """Return why the best path does not hold although its rules do; None where nothing is revoked."""
    path = verification.paths[0] if verification.paths else None
    if path is None:
        return None
    if all(check.status is not RevocationStatus.REVOKED for check in path.revocation):
        return None
    refused = next((one.reason for one in path.fail_modes if not one.accepted), None)
    return refused or msg("A certificate of its path is revoked.")


def _chain(examination: Examination, judged: list[Verification]) -> list[VerdictLine]:
    if not judged:
        return []
    best = next((one for one in judged if one.trusted), judged[0])
    path = best.paths[0] if best.paths else None
    if path is not None and path.fetched:
        return [
            VerdictLine(
                state=State.WARNING,
                lead=msg("Chain has a gap."),
                reason=msg_n(
                    "The path builds only with {count} certificate found by AIA.",
                    "The path builds only with {count} certificates found by AIA.",
                    len(path.fetched),
                ),
            )
        ]
    if path is None or path.anchor_list is None:
        return _gap(best)
    from_elsewhere = _from_elsewhere(examination, path)
    if not from_elsewhere:
        return []
    return [
        VerdictLine(
            state=State.WARNING,
            lead=msg("The file's chain has a gap."),
            reason=msg_n(
                "The path takes {name} from another file.",
                "The path takes {count} certificates from other files, {name} first.",
                len(from_elsewhere),
                name=from_elsewhere[0],
            )
            if len(from_elsewhere) > 1
            else msg("The path takes {name} from another file.", name=from_elsewhere[0]),
        )
    ]


def _gap(verification: Verification) -> list[VerdictLine]:
    missing = next((end.issuer for end in verification.dead_ends if end.issuer is not None), None)
    if missing is None:
        return []
    return [
        VerdictLine(
            state=State.WARNING,
            lead=msg("The chain has a gap."),
            reason=msg("Neither an opened file nor the list holds the issuer {name}.", name=missing),
        )
    ]


def _from_elsewhere(examination: Examination, path: PathReport) -> list[str]:
    along = frozenset(examination.came_along)
    between = path.certificates[1:-1]
    # A leaf in a file of its own is the usual case, and no gap in anything that was sent.
    if len(along) < 2:
        return []
    found = [digest for digest in between if digest not in along]
    return [facts.title for digest in found if (facts := examination.facts_of(digest)) is not None]


def _dates(certificate: CertificateFacts, now: datetime) -> list[VerdictLine]:
    if certificate.not_after is None or now > certificate.not_after:
        return []
    days = (certificate.not_after.date() - now.date()).days
    if days > WARNING_DAYS:
        return []
    reason = msg_n("It is valid for {count} more day.", "It is valid for {count} more days.", days)
    return [VerdictLine(state=State.WARNING, lead=msg("Expires soon."), reason=reason)]


def _limits(judged: list[Verification]) -> list[VerdictLine]:
    limit = next((one.search_limit_hit for one in judged if one.search_limit_hit is not None), None)
    if limit is None:
        return []
    return [VerdictLine(state=State.UNKNOWN, lead=msg("Not all paths were seen."), reason=limit)]


def _revocation(judged: list[Verification]) -> list[VerdictLine]:
    trusted = next((one for one in judged if one.trusted), None)
    best = [one.paths[0] for one in judged if one.paths]
    revoked = next(
        (c for path in best for c in path.revocation if c.status is RevocationStatus.REVOKED), None
    )
    if revoked is not None:
        reason = revoked.reason or msg("A source says so.")
        return [VerdictLine(state=State.BAD, lead=msg("Revoked."), reason=reason)]
    if trusted is None:
        return []
    open_checks = [
        check
        for check in trusted.paths[0].revocation
        if check.status is not RevocationStatus.GOOD and check.exempt is None
    ]
    if not open_checks:
        return []
    reason = open_checks[0].reason or msg("No source was asked.")
    return [VerdictLine(state=State.UNKNOWN, lead=msg("Revocation: not known."), reason=reason)]
