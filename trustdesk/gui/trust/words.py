"""The words of trust lists: usages, states of entries and versions, signatures, who stands behind a list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_decision import DecisionKind, LocalDecision
from trustdesk.core.trust_entry import EntryKind, EntryStatus, ListEntry
from trustdesk.core.trust_version import (
    Authenticity,
    AuthenticityState,
    ChangeKind,
    Endorsement,
    ListContent,
    ListSummary,
    Transport,
    VersionLine,
    VersionState,
)
from trustdesk.core.untrusted import visible
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.trust_words import usage_words

STATUS_WORDS: dict[EntryStatus, Message] = {
    EntryStatus.TRUSTED: msg("Listed"),
    EntryStatus.TRUSTED_UNTIL: msg("Until a date"),
    EntryStatus.DISTRUSTED: msg("Distrusted"),
    EntryStatus.WITHDRAWN: msg("Withdrawn"),
    EntryStatus.SUSPENDED: msg("Suspended"),
    EntryStatus.PENDING: msg("Pending"),
    EntryStatus.UNKNOWN: msg("Unknown"),
}

KIND_WORDS: dict[EntryKind, Message] = {
    EntryKind.ROOT: msg("root"),
    EntryKind.CROSS: msg("cross-certificate"),
    EntryKind.INTERMEDIATE: msg("intermediate CA"),
    EntryKind.END_ENTITY: msg("end entity, pinned peer"),
}

VERSION_WORDS: dict[VersionState, Message] = {
    VersionState.WAITING: msg("waiting"),
    VersionState.APPLIED: msg("in force"),
    VersionState.REPLACED: msg("replaced"),
    VersionState.REFUSED: msg("refused"),
}

# Added is news and not a virtue: the accent, never green.
CHANGE_LOOKS: dict[ChangeKind, tuple[str, str, State]] = {
    ChangeKind.ADDED: ("add", "accent", State.RUNNING),
    ChangeKind.REMOVED: ("minus", "bad", State.BAD),
    ChangeKind.CHANGED: ("edit", "warning", State.WARNING),
    ChangeKind.EXPIRED: ("clock", "bad", State.BAD),
}

TRANSPORT_WORDS: dict[Transport, Message] = {
    Transport.FILE: msg("from a file"),
    Transport.HTTPS: msg("over https"),
    Transport.BUNDLED: msg("with the program"),
    Transport.SYSTEM: msg("from this machine"),
}

_SIGNATURES: dict[AuthenticityState, tuple[State, str, Message]] = {
    # A signature that holds is a check that passed: a grey tick, no green.
    AuthenticityState.VERIFIED: (State.NOT_APPLICABLE, "tick", msg("Signature valid")),
    AuthenticityState.UNSIGNED: (State.UNKNOWN, "information", msg("Not signed")),
    AuthenticityState.FAILED: (State.BAD, "bad", msg("Signature does not hold")),
    AuthenticityState.UNKNOWN_SIGNER: (State.WARNING, "warning", msg("Signer not known")),
    AuthenticityState.NOT_CHECKED: (State.UNKNOWN, "unknown", msg("Signature not checked")),
}
_IATA = re.compile(r"(?<![^\W\d_])i\W?a\W?t\W?a(?![^\W\d_])|international air transport", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A chip: state, icon and word."""

    state: State
    icon: str
    word: str


def signature_look(authenticity: Authenticity) -> Look:
    """Return how a list's signature is shown."""
    state, icon, word = _SIGNATURES[authenticity.state]
    return Look(state=state, icon=icon, word=say(word))


def signature_sentence(authenticity: Authenticity) -> Message:
    """Say what a list's signature proves."""
    match authenticity.state:
        case AuthenticityState.VERIFIED:
            return msg("The signature holds, by the signer that was compared and pinned for this list.")
        case AuthenticityState.UNSIGNED:
            return msg("Nobody signed it: that it is what its publisher wrote is not proved.")
        case AuthenticityState.FAILED:
            return authenticity.why or msg("The signature does not hold: nothing of it may be applied.")
        case AuthenticityState.UNKNOWN_SIGNER:
            return msg("The signature holds, but nobody has said who the signer is.")
        case AuthenticityState.NOT_CHECKED:
            return authenticity.why or msg("There is a signature that cannot be checked here.")


def entry_title(entry: ListEntry) -> str:
    """Return the shortest name of an entry that a person recognises."""
    if entry.certificate is not None:
        return visible(entry.certificate.title)
    return visible(short_subject(entry.subject) or entry.sha256[:16])


def short_subject(subject: str) -> str:
    """Return the common name of a subject, else all of it."""
    found = re.search(r"(?:^|,)\s*CN=((?:\\.|[^,\\])+)", subject)
    return found[1] if found else subject


def entry_look(
    entry: ListEntry, decision: LocalDecision | None, now: datetime
) -> tuple[State | None, Message]:
    """Return how an entry stands: what people here decided, what the list says, and the certificate itself.

    None for the state is what needs no attention; being on a list is no verdict, so nothing is green.
    """
    if decision is not None and decision.kind is DecisionKind.DISTRUST and decision.holds_at(now):
        return State.BAD, msg("Distrusted here")
    if entry.status in {EntryStatus.DISTRUSTED, EntryStatus.WITHDRAWN, EntryStatus.SUSPENDED}:
        return State.BAD, STATUS_WORDS[entry.status]
    if entry.certificate is None:
        return State.UNKNOWN, msg("Digest only")
    until = entry.certificate.not_after
    if until is not None and until <= now:
        return State.BAD, msg("Expired")
    if entry.status in {EntryStatus.PENDING, EntryStatus.UNKNOWN}:
        return State.UNKNOWN, STATUS_WORDS[entry.status]
    if entry.usages is None and decision is None:
        return State.WARNING, msg("Usage open")
    if entry.status is EntryStatus.TRUSTED_UNTIL or entry.distrust.tls_after is not None:
        return State.WARNING, STATUS_WORDS[EntryStatus.TRUSTED_UNTIL]
    return None, STATUS_WORDS[entry.status]


def decision_words(decision: LocalDecision | None, now: datetime) -> str:
    """Return a local decision in short; "" for none."""
    if decision is None:
        return ""
    if not decision.holds_at(now):
        return say(msg("decision over"))
    if decision.kind is DecisionKind.DISTRUST:
        return say(msg("Distrusted"))
    return say(msg("Only {usages}", usages=usage_words(decision.usages)))


def claims_iata(texts: Iterable[str]) -> bool:
    """Whether one of the texts that a list writes about itself names IATA."""
    return any(_IATA.search(text) for text in texts)


def is_unproved_iata(content: ListContent) -> bool:
    """Whether a list calls itself IATA's, and nothing proves it (LST-10)."""
    if _is_proved(content.endorsement, content.authenticity):
        return False
    publisher = content.publisher
    return claims_iata((content.title, content.authority_claimed, publisher.name, publisher.uri))


def summary_title(summary: ListSummary) -> str:
    """Return the title of a list; one that names IATA without proof stands in quotation marks as a claim."""
    line = summary.applied or summary.waiting
    proved = line is not None and _is_proved(summary.endorsement, line.authenticity)
    # The list that comes with the program says that it is not IATA's, which is no claim.
    claims = not summary.is_builtin and claims_iata((summary.title, summary.name))
    return quoted_title(summary.title or summary.name, claim=claims and not proved)


def content_title(content: ListContent) -> str:
    """Return the title that a list gives itself; a claim that is not proved is marked as one."""
    return quoted_title(content.title, claim=is_unproved_iata(content))


def quoted_title(title: str, *, claim: bool) -> str:
    """Return a title, or what a list calls itself."""
    return say(msg("Calls itself “{title}”", title=title)) if claim else visible(title)


def _is_proved(endorsement: Endorsement, authenticity: Authenticity) -> bool:
    return endorsement is Endorsement.IATA and authenticity.state is AuthenticityState.VERIFIED


def age_days(line: VersionLine, now: datetime) -> int:
    """Return how many days ago a version was issued, or came here where it has no such date."""
    return max(0, (now - (line.issued_at or line.source.retrieved_at)).days)


def age_words(line: VersionLine, now: datetime) -> str:
    """Return how old a version is."""
    days = age_days(line, now)
    return say(msg("of today")) if not days else say(msg_n("{count} day old", "{count} days old", days))


def list_looks(summary: ListSummary, now: datetime) -> tuple[Look, ...]:
    """Return the chips of a list, what needs a look first."""
    line = summary.applied or summary.waiting
    looks: list[Look] = []
    if line is not None and line.authenticity.state is AuthenticityState.FAILED:
        looks.append(signature_look(line.authenticity))
    if summary.waiting is not None:
        word = say(msg("Version {number} waiting", number=summary.waiting.number))
        looks.append(Look(state=State.WARNING, icon="clock", word=word))
    if summary.in_force:
        if summary.is_builtin:
            looks.append(Look(state=State.WARNING, icon="globe", word=say(msg("In force, public web"))))
        else:
            looks.append(Look(state=State.RUNNING, icon="tick", word=say(msg("In force"))))
    elif summary.is_builtin or summary.endorsement is Endorsement.BROWSER:
        looks.append(Look(state=State.UNKNOWN, icon="information", word=say(msg("For comparison only"))))
    else:
        looks.append(Look(state=State.UNKNOWN, icon="stop", word=say(msg("Not in force"))))
    if line is not None:
        if line.next_update is not None and line.next_update < now:
            looks.append(Look(state=State.WARNING, icon="calendar", word=say(msg("Past next update"))))
        if line.authenticity.state in {AuthenticityState.NOT_CHECKED, AuthenticityState.UNKNOWN_SIGNER}:
            looks.append(signature_look(line.authenticity))
    return tuple(looks)


def list_line(summary: ListSummary, now: datetime) -> str:
    """Return the second line of a list: how many CAs, how it came, how old it is."""
    line = summary.applied or summary.waiting
    if line is None:
        return say(msg("no version yet"))
    count = say(msg_n("{count} CA", "{count} CAs", line.entries))
    if line.authenticity.state is AuthenticityState.VERIFIED:
        how = say(msg("signed"))
    elif line.source.transport is Transport.FILE:
        how = say(msg("local file"))
    else:
        how = say(TRANSPORT_WORDS[line.source.transport])
    return ", ".join((count, how, age_words(line, now)))
