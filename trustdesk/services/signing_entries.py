"""Entries of the trust lists in force for signers of identity providers, with what was decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trustdesk.core.trust_decision import DecisionKind, LocalDecision
from trustdesk.core.trust_entry import EntryStatus, ListEntry, Usage
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists


class SigningEntries:
    """Looks them up in a workspace; blocks, and never on the workspace's own thread."""

    def __init__(self, lists: TrustLists, decisions: TrustDecisions) -> None:
        self._lists = lists
        self._decisions = decisions

    def at(self, instant: datetime) -> tuple[ListEntry, ...] | None:
        """Return them as of an instant; None where no list in force has any."""
        names = [one.name for one in self._lists.summaries().result() if one.in_force and one.applied]
        versions = [self._lists.version(name) for name in names]
        entries = tuple(
            entry
            for version in versions
            for entry in version.result().content.entries
            if entry.usages is not None and Usage.IDP_SIGNING in entry.usages
        )
        if not entries:
            return None
        return decided(entries, self._decisions.decisions().result(), instant)


def decided(
    entries: Sequence[ListEntry], decisions: Sequence[LocalDecision], at: datetime
) -> tuple[ListEntry, ...]:
    """Return entries as local decisions leave them: distrusted, or not for this any more."""
    held = [one for one in decisions if one.holds_at(at)]
    found = []
    for entry in entries:
        of_it = [one for one in held if one.sha256 == entry.sha256 or _same_key(one, entry)]
        if any(one.kind is DecisionKind.DISTRUST for one in of_it):
            found.append(replace(entry, status=EntryStatus.DISTRUSTED))
        elif all(Usage.IDP_SIGNING in one.usages for one in of_it):
            found.append(entry)
    return tuple(found)


def _same_key(decision: LocalDecision, entry: ListEntry) -> bool:
    """Whether a distrust of a key is one of this entry's; a limit of usages is of its certificate alone."""
    return (
        decision.kind is DecisionKind.DISTRUST
        and decision.spki_sha256 is not None
        and decision.spki_sha256 == entry.spki_sha256
    )
