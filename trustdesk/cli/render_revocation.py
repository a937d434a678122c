"""Revocation for people: a line for each certificate, and what follows under soft and hard fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import ProbeReport
from trustdesk.core.revocation import (
    FailMode,
    FailModeVerdict,
    RevocationCheck,
    RevocationSource,
    RevocationSourceKind,
    RevocationStatus,
)
from trustdesk.services.board import State
from trustdesk.services.wording import wording
from trustdesk.verify.revocation.fail_modes import STATUS_WORDS

_STATES = {
    RevocationStatus.GOOD: State.GOOD,
    RevocationStatus.REVOKED: State.BAD,
    RevocationStatus.UNKNOWN: State.UNKNOWN,
    RevocationStatus.UNAVAILABLE: State.UNKNOWN,
}
_KINDS = {
    RevocationSourceKind.OCSP: msg("OCSP response"),
    RevocationSourceKind.STAPLE: msg("stapled OCSP response"),
    RevocationSourceKind.CRL: msg("CRL"),
    RevocationSourceKind.DELTA_CRL: msg("delta CRL"),
}
_MODES = {FailMode.SOFT: msg("Soft fail"), FailMode.HARD: msg("Hard fail")}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def print_revocation(
    out: Console,
    title: Message,
    checks: Sequence[RevocationCheck],
    fail_modes: Sequence[FailModeVerdict],
    titles: Mapping[str, str],
) -> None:
    """Print what is known of the certificates of a path; nothing where there is no path.

    Args:
        titles: what a person calls the certificates, by SHA-256.
    """
    if not checks:
        return
    say = wording().text
    out.print()
    out.print(Text(say(title), style="bold"))
    for check in checks:
        state = State.NOT_APPLICABLE if check.exempt is not None else _STATES[check.status]
        line = marked(state, say(_line(check, titles.get(check.certificate, check.certificate[:16]))))
        out.print(Text("  ").append_text(line), soft_wrap=True)
        if check.reason is not None and check.exempt is None and check.revoked_at is None:
            out.print(Text(f"      {say(check.reason)}", style="dim"), soft_wrap=True)
        for answer in check.answers[1:]:
            other = msg(
                "{source}: {status}. {reason}",
                source=_source(answer.source),
                status=STATUS_WORDS[answer.status],
                reason=answer.reason,
            )
            out.print(Text(f"      {say(other)}", style="dim"), soft_wrap=True)
    for verdict in fail_modes:
        words = msg("{mode}: {reason}", mode=_MODES[verdict.mode], reason=verdict.reason)
        state = State.GOOD if verdict.accepted else State.BAD
        out.print(Text("  ").append_text(marked(state, say(words))), soft_wrap=True)


def print_probe_revocation(out: Console, report: ProbeReport, client_titles: Mapping[str, str]) -> None:
    """Print what a probe shows of the server's path, and what was known of ours before it.

    Args:
        client_titles: what a person calls the certificates of our path, by SHA-256.
    """
    record = report.record
    if record.judgement is not None:
        titles = {facts.sha256: facts.title for facts in record.presented_chain}
        judgement = record.judgement
        print_revocation(out, msg("Revocation"), judgement.revocation, judgement.fail_modes, titles)
    print_revocation(out, msg("Revocation of our own path"), record.client_revocation, (), client_titles)


def age_words(seconds: int) -> Message:
    """Say how old something is, in the largest unit of which there is one."""
    if seconds >= _DAY:
        return msg_n("{count} day old", "{count} days old", seconds // _DAY)
    if seconds >= _HOUR:
        return msg_n("{count} hour old", "{count} hours old", seconds // _HOUR)
    return msg_n("{count} minute old", "{count} minutes old", max(seconds, 0) // _MINUTE)


def _line(check: RevocationCheck, title: str) -> Message:
    if check.exempt is not None:
        return msg("{certificate}: nobody has to be asked. {why}", certificate=title, why=check.exempt)
    status = STATUS_WORDS[check.status]
    if check.status is RevocationStatus.REVOKED and check.revoked_at is not None:
        status = msg(
            "revoked since {revoked_at} ({reason})",
            revoked_at=check.revoked_at,
            reason=check.revocation_reason or msg("no reason given"),
        )
    if check.source is None:
        return msg("{certificate}: {status}", certificate=title, status=status)
    if check.age_s is None:
        return msg(
            "{certificate}: {status}, by {source}",
            certificate=title,
            status=status,
            source=_source(check.source),
        )
    return msg(
        "{certificate}: {status}, by {source}, {age}",
        certificate=title,
        status=status,
        source=_source(check.source),
        age=age_words(check.age_s),
    )


def _source(source: RevocationSource) -> Message:
    kind = _KINDS[source.kind]
    if source.kind is RevocationSourceKind.STAPLE:
        return kind
    if source.cached:
        return msg("{kind} {place} (kept from before)", kind=kind, place=source.place)
    return msg("{kind} {place}", kind=kind, place=source.place)
