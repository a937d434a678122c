"""A list with what was decided here as its own words: for those who take our list. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trustdesk.core.trust_decision import DecisionKind, LocalDecision
from trustdesk.core.trust_entry import AnchorMode, EntryStatus, ListEntry, StatusChange
from trustdesk.core.trust_version import ListContent
from trustdesk.services.lists_in_force import usual_key_of


def with_decisions(content: ListContent, decisions: Sequence[LocalDecision], at: datetime) -> ListContent:
    """Return a list with the decisions that hold at an instant; they only ever take trust away.

    A distrust goes by the key, as where it is judged: all entries of that key are distrusted. One of what is
    not on the list becomes an entry of its own, without its certificate: it may stand below a CA that is.
    """
    holding = [one for one in decisions if one.holds_at(at)]
    if not holding:
        return content
    entries = tuple(_decided(entry, holding) for entry in content.entries)
    named = {name for one in entries for name in (one.sha256, one.spki_sha256, usual_key_of(one))} - {None}
    more = (
        _decided(_unlisted(one), [one])
        for one in holding
        if one.kind is DecisionKind.DISTRUST
        and one.sha256 not in named
        and one.spki_sha256 not in named - {None}
    )
    return replace(content, entries=(*entries, *more))


def _unlisted(decision: LocalDecision) -> ListEntry:
    return ListEntry(
        sha256=decision.sha256,
        certificate=None,
        subject=decision.subject,
        spki_sha256=decision.spki_sha256,
        anchor_mode=AnchorMode.NOT_ANCHOR,
    )


def _decided(entry: ListEntry, decisions: Sequence[LocalDecision]) -> ListEntry:
    for decision in decisions:
        is_meant = decision.sha256 == entry.sha256 or (
            decision.spki_sha256 is not None
            and decision.spki_sha256 in {entry.spki_sha256, usual_key_of(entry)}
        )
        if not is_meant:
            continue
        if decision.kind is DecisionKind.DISTRUST:
            change = StatusChange(
                status=EntryStatus.DISTRUSTED, since=decision.at, reason=decision.reason, source=decision.by
            )
            entry = replace(
                entry,
                status=EntryStatus.DISTRUSTED,
                status_since=decision.at,
                history=(change, *entry.history),
            )
        else:
            usages = decision.usages if entry.usages is None else entry.usages & decision.usages
            entry = replace(entry, usages=usages)
    return entry
