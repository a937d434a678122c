"""Entries of the trust lists in force for signers of identity providers, with what was decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trustdesk.core.trust_decision import DecisionKind, LocalDecision
from trustdesk.core.trust_entry import EntryStatus, ListEntry, Usage
from trustdesk.core.trust_version import ListVersion
from trustdesk.services.lists_in_force import is_distrusted_for_all, judgeable, usual_key_of
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.verify.path_policy import policy_of


class SigningEntries:
    """Looks them up in a workspace; blocks, and never on the workspace's own thread."""

    def __init__(self, lists: TrustLists, decisions: TrustDecisions) -> None:
        self._lists = lists
        self._decisions = decisions

    def at(self, instant: datetime) -> tuple[ListEntry, ...] | None:
        """Return them as of an instant; None where no list in force has any."""
        names = [one.name for one in self._lists.summaries().result() if one.in_force and one.applied]
        versions = [self._lists.version(name) for name in names]
        decisions = self._decisions.decisions().result()
        return signing_entries([version.result() for version in versions], decisions, instant)


def signing_entries(
    versions: Sequence[ListVersion], decisions: Sequence[LocalDecision], at: datetime
) -> tuple[ListEntry, ...] | None:
    """Return entries as lists and local decisions leave them; None where no list has any.

    Args:
        versions: of all lists in force.
    """
    entries = [
        entry
        for version in versions
        for entry in version.content.entries
        if entry.usages is not None and Usage.IDP_SIGNING in entry.usages
    ]
    if not entries:
        return None
    distrusts = [one for one in decisions if one.kind is DecisionKind.DISTRUST]
    policy = policy_of([judgeable(version, distrusts, at) for version in versions])
    held = [one for one in decisions if one.holds_at(at)]
    found = []
    for entry in entries:
        of_it = [one for one in held if one.sha256 == entry.sha256 or _same_key(one, entry)]
        facts = entry.certificate
        is_distrusted = facts is not None and is_distrusted_for_all(facts, policy, at)
        if is_distrusted or any(one.kind is DecisionKind.DISTRUST for one in of_it):
            found.append(replace(entry, status=EntryStatus.DISTRUSTED))
        elif all(Usage.IDP_SIGNING in one.usages for one in of_it):
            found.append(entry)
    return tuple(found)


def _same_key(decision: LocalDecision, entry: ListEntry) -> bool:
    """Whether a distrust of a key is one of this entry's; a limit of usages is of its certificate alone."""
    return (
        decision.kind is DecisionKind.DISTRUST
        and decision.spki_sha256 is not None
        and decision.spki_sha256 in {entry.spki_sha256, usual_key_of(entry)}
    )
