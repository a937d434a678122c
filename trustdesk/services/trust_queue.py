"""The review queue: versions that wait, and server certificates that were not seen there before. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from trustdesk.core.message import msg
from trustdesk.core.trust_decision import AwaitingDecision
from trustdesk.core.trust_version import ListSummary, VersionState
from trustdesk.storage.new_fingerprints import NewFingerprint


def queue_of(lists: Iterable[ListSummary], new: Iterable[NewFingerprint]) -> tuple[AwaitingDecision, ...]:
    """Return what waits, the oldest first."""
    waiting = [
        AwaitingDecision(
            what=msg("Version {number} of {name} waits.", number=version.number, name=one.name),
            since=version.kept_at,
            list_name=one.name,
            version=version.number,
        )
        for one in lists
        for version in one.versions
        # As the list itself tells it: what waited before the applied version came is decided by that.
        if version.state is VersionState.WAITING
        and version.number > (one.applied.number if one.applied is not None else 0)
    ]
    waiting += [
        AwaitingDecision(
            what=msg("{partner} shows another certificate at {place}.", partner=one.partner, place=one.place),
            since=one.since,
            partner=one.partner,
            endpoint_id=one.endpoint_id,
            before=one.before,
            now=one.now,
        )
        for one in new
    ]
    return tuple(sorted(waiting, key=lambda one: one.since))
