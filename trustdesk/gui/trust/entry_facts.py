"""What a list says of one entry, and what was decided here, as lines of label and value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_decision import LocalDecision
from trustdesk.core.trust_entry import AnchorMode, AppliesTo, ListEntry
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import distance
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.words import KIND_WORDS, STATUS_WORDS, decision_words, entry_look
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.board import State
from trustdesk.services.trust_words import usage_words

_MOST = 40
"""Values of one kind that are shown; a hostile list has thousands."""

_MODES = {
    AnchorMode.FULL_CHAIN: msg("paths end here"),
    AnchorMode.PARTIAL_CHAIN_ALLOWED: msg("paths may end here, though it is no root"),
    AnchorMode.NOT_ANCHOR: msg("no path ends here"),
}


def entry_facts(entry: ListEntry, decision: LocalDecision | None, now: datetime) -> tuple[Fact, ...]:
    """Return everything that is known of an entry, what matters first."""
    return tuple(_facts(entry, decision, now))


def day_and_distance(at: datetime, now: datetime) -> str:
    """Return a date with its distance, alone or as a parameter of a sentence."""
    return f"{at:%Y-%m-%d}, {say(distance(at, now))}"


def _facts(entry: ListEntry, decision: LocalDecision | None, now: datetime) -> Iterator[Fact]:
    state, words = entry_look(entry, decision, now)
    ink = (
        {State.BAD: "bad", State.WARNING: "warning", State.UNKNOWN: "unknown"}.get(state, "text")
        if state
        else "text"
    )
    yield Fact(label=msg("State"), value=say(words), ink=ink)
    if decision is not None:
        yield from _of_decision(decision, now)
    yield Fact(
        label=msg("Usage"),
        value=say(usage_words(entry.usages)),
        ink="warning" if entry.usages is None else "text",
    )
    yield Fact(label=msg("Kind"), value=f"{say(KIND_WORDS[entry.kind])}, {say(_MODES[entry.anchor_mode])}")
    if entry.certificate is not None and entry.certificate.not_after is not None:
        yield Fact(label=msg("Valid until"), value=day_and_distance(entry.certificate.not_after, now))
    yield from _of_distrust(entry, now)
    yield from _of_limits(entry)
    owner = entry.owner
    yield from _texts(msg("Owner"), ", ".join(part for part in (owner.name, owner.country) if part))
    yield from _texts(msg("Contact"), owner.contact)
    yield from _texts(msg("Report problems to"), owner.problem_reporting)
    yield from _texts(msg("Roles"), *entry.roles)
    yield from _history(entry, now)
    for audit in entry.audits[:_MOST]:
        parts = [part for part in (audit.kind, audit.auditor, audit.period, audit.report_uri) if part]
        value = visible(", ".join(parts), 400)
        if audit.expires is not None:
            value += say(msg(" (until {date})", date=day_and_distance(audit.expires, now)))
        yield Fact(label=msg("Audit"), value=value or "–")
    yield from _texts(msg("Policy"), entry.policy.cp_uri, entry.policy.cps_uri, *entry.policy.oids)
    yield from _texts(msg("Revocation"), *entry.revocation_urls)
    yield from _texts(msg("CAA domains"), *entry.caa_domains)
    for store, status in entry.stores[:_MOST]:
        yield Fact(label=msg("Root programs"), value=visible(f"{store}: {status}"))
    yield from _texts(msg("Notes"), entry.notes)
    yield Fact(label=msg("Subject"), value=visible(entry.subject, 400))
    yield Fact(label=msg("SHA-256"), value=fingerprint_text(entry.sha256), style=TypeStyle.FIXED)
    if entry.spki_sha256:
        yield Fact(
            label=msg("Key, SHA-256"), value=fingerprint_text(entry.spki_sha256), style=TypeStyle.FIXED
        )


def _of_decision(decision: LocalDecision, now: datetime) -> Iterator[Fact]:
    label = msg("Decided here")
    by = say(msg("{who} on {date}", who=decision.by, date=f"{decision.at:%Y-%m-%d}"))
    yield Fact(label=label, value=f"{decision_words(decision, now)}: {visible(decision.reason, 300)}")
    yield Fact(label=label, value=by)
    if decision.expires is not None:
        yield Fact(label=label, value=say(msg("until {date}", date=day_and_distance(decision.expires, now))))
    if decision.sealed is False:
        words = msg("The seal over it is broken: another program changed it. A distrust holds all the same.")
        yield Fact(label=label, value=say(words), ink="bad")
    elif decision.sealed is None:
        words = msg("Its seal is not checked: the keyring cannot be asked now.")
        yield Fact(label=label, value=say(words), ink="unknown")


def _of_distrust(entry: ListEntry, now: datetime) -> Iterator[Fact]:
    distrust = entry.distrust
    if distrust.tls_after is not None:
        what = (
            msg("what is issued after {date}", date=day_and_distance(distrust.tls_after, now))
            if distrust.applies_to is AppliesTo.NOT_BEFORE
            else msg("everything from {date} on", date=day_and_distance(distrust.tls_after, now))
        )
        yield Fact(label=msg("Not trusted"), value=say(what), ink="warning")
    if distrust.smime_after is not None:
        date = day_and_distance(distrust.smime_after, now)
        yield Fact(label=msg("Not trusted"), value=say(msg("for e-mail after {date}", date=date)))
    if distrust.sct_not_after is not None:
        date = day_and_distance(distrust.sct_not_after, now)
        yield Fact(
            label=msg("Not trusted"), value=say(msg("with timestamps of logs after {date}", date=date))
        )


def _of_limits(entry: ListEntry) -> Iterator[Fact]:
    limits = entry.constraints
    label = msg("Limits")
    for names, words in (
        (limits.permitted_names, msg("only names in {names}", names=_joined(limits.permitted_names))),
        (limits.excluded_names, msg("no names in {names}", names=_joined(limits.excluded_names))),
        (limits.policies, msg("policies {names}", names=_joined(limits.policies))),
        (limits.extended_key_usages, msg("only for {names}", names=_joined(limits.extended_key_usages))),
    ):
        if names:
            yield Fact(label=label, value=say(words))
    if limits.max_path_length is not None:
        words = msg_n("at most {count} CA below it", "at most {count} CAs below it", limits.max_path_length)
        yield Fact(label=label, value=say(words))
    if limits.max_validity_days is not None:
        words = msg_n(
            "valid for {count} day at most", "valid for {count} days at most", limits.max_validity_days
        )
        yield Fact(label=label, value=say(words))


def _history(entry: ListEntry, now: datetime) -> Iterator[Fact]:
    since = "" if entry.status_since is None else day_and_distance(entry.status_since, now)
    if since:
        yield Fact(label=msg("History"), value=f"{say(STATUS_WORDS[entry.status])}: {since}")
    for change in entry.history[:_MOST]:
        parts = [say(STATUS_WORDS[change.status])]
        if change.since is not None:
            parts.append(day_and_distance(change.since, now))
        parts += [visible(part) for part in (change.reason, change.source) if part]
        yield Fact(label=msg("History"), value=", ".join(parts))


def _texts(label: Message, *values: str) -> Iterator[Fact]:
    for value in values[:_MOST]:
        if value:
            yield Fact(label=label, value=visible(value, 300))


def _joined(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_MOST]) + (" …" if len(names) > _MOST else "")
