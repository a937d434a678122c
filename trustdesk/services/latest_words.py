"""The newest changes as the overview says them: what it is, and below it whom it concerns. Pure."""

from __future__ import annotations

from trustdesk.core.message import Message, msg
from trustdesk.core.observation import ChangeKind
from trustdesk.core.trust_decision import AwaitingDecision
from trustdesk.services.history_values import HistoryEntry, LatestChange


def latest_endpoint_change(entry: HistoryEntry, partner: str, place: str) -> LatestChange:
    """Return what changed at a partner.

    Args:
        place: host and port.
    """
    return LatestChange(
        subject=partner,
        place=place,
        at=entry.at,
        title=entry.title,
        detail=_detail(entry, partner),
        entry=entry,
    )


_TOLD_OF_BEFORE = frozenset({ChangeKind.NOW_WORKS, ChangeKind.CLIENT_CERTIFICATE, ChangeKind.CLIENT_VERDICT})
"""Kinds whose further line says what was before."""


def _detail(entry: HistoryEntry, partner: str) -> Message:
    decided = entry.decided
    if decided is not None and decided.accepted and decided.by:
        return msg("{partner}, accepted by {by}", partner=partner, by=decided.by)
    if decided is not None and decided.accepted:
        return msg("{partner}, accepted", partner=partner)
    if decided is not None:
        return msg("{partner}, not expected", partner=partner)
    if entry.details and entry.kind not in _TOLD_OF_BEFORE:
        return msg("{partner}: {what}", partner=partner, what=entry.details[0])
    return msg("{partner}", partner=partner)


def latest_version(waiting: AwaitingDecision) -> LatestChange:
    """Return that a version of a list waits; `waiting` is about one."""
    name, number = waiting.list_name or "", waiting.version or 0
    return LatestChange(
        subject=name,
        place="",
        at=waiting.since,
        title=msg("Version {number} of the list is waiting", number=number),
        detail=msg("{list}: review it before it is applied", list=name),
        list_name=name,
        version=number,
    )
