"""Applies the rules on trust lists, LST-01 to LST-12 (domain notes, section 5.6). Pure."""

from __future__ import annotations

from trustdesk.core.finding import Finding
from trustdesk.core.message import msg
from trustdesk.services import list_entry_rules as entries
from trustdesk.services import list_envelope_rules as envelope
from trustdesk.services.list_case import ListCase, is_readable
from trustdesk.verify.profiles.policy import DEFAULT_POLICY
from trustdesk.verify.profiles.rule import NotRun, Outcome, Rule

LIST_RULES: tuple[Rule[ListCase], ...] = (
    envelope.signature,
    envelope.sequence,
    envelope.next_update,
    entries.expiry,
    entries.conflicts,
    entries.strength,
    entries.audits,
    entries.end_entities,
    envelope.changes,
    envelope.claims,
    entries.roots,
    entries.usages,
)
"""The rules in the order of the check catalogue."""
_OF_ENTRIES = (
    entries.expiry,
    entries.conflicts,
    entries.strength,
    entries.audits,
    entries.end_entities,
    envelope.changes,
    entries.roots,
    entries.usages,
)


def lint_list(case: ListCase) -> tuple[Finding, ...]:
    """Apply all rules; each reports, also where it could not be run."""
    return tuple(one.finding(_outcome(one, case), {}, DEFAULT_POLICY) for one in LIST_RULES)


def _outcome(one: Rule[ListCase], case: ListCase) -> Outcome:
    """No entry of a list that was changed on its way was looked at: that none is wrong would be no news."""
    if one in _OF_ENTRIES and not is_readable(case.content):
        return NotRun(msg("The signature does not hold, so nothing was taken from the list."))
    return one.check(case)
