"""The past of a partner as the window gets it: ninety days, made by the product's own words and sums."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from tests.support.histories import (
    CA,
    CERTIFICATES,
    EXPIRED,
    FIRST,
    NEW_ISSUER,
    NEW_KEY,
    OTHER_CA,
    SILENT,
    START,
    WORKS,
    changes_of,
    observed,
)
from trustdesk.core.message import msg
from trustdesk.core.observation import Observation
from trustdesk.core.trust_decision import AwaitingDecision
from trustdesk.services.flapping import flapping
from trustdesk.services.history_trend import trend_of
from trustdesk.services.history_values import (
    DecidedFingerprint,
    EndpointHistory,
    HistoryEntry,
    LatestChange,
    LatestChanges,
)
from trustdesk.services.history_words import entries_of
from trustdesk.services.latest_words import latest_endpoint_change, latest_version

NOW = START + timedelta(days=89, hours=3)


def ninety_days() -> tuple[Observation, ...]:
    """Return tests of ninety days: renewals, an outage, an expiry, and flapping at the end."""
    days = [
        observed(
            day,
            SILENT if day in {12, 13} else EXPIRED if day in {38, 39} else WORKS,
            chain=(FIRST if day < 20 else NEW_KEY if day < 40 else NEW_ISSUER, CA if day < 40 else OTHER_CA),
            handshake_ms=40.0 + day / 5 + (day * 37 % 11),
        )
        for day in range(90)
    ]
    days += [observed(day + 0.25, EXPIRED, chain=(NEW_ISSUER, OTHER_CA)) for day in (84, 86, 88)]
    return tuple(sorted(days, key=lambda one: one.started_at))


@cache
def sample_history(endpoint_id: int = 7, *, waits: bool = True) -> EndpointHistory:
    """Return them as a history; `waits` is whether the newest certificate still waits for a decision."""
    days = ninety_days()
    entries = tuple(_decided(one) for one in entries_of(reversed(changes_of(days)), CERTIFICATES))
    awaiting = AwaitingDecision(
        what=msg("{partner} shows another certificate at {place}.", partner="Tamarind", place="host:443"),
        since=START + timedelta(days=40),
        partner="Tamarind Logistics",
        endpoint_id=endpoint_id,
        before=CERTIFICATES[NEW_KEY],
        now=CERTIFICATES[NEW_ISSUER],
    )
    return EndpointHistory(
        endpoint_id=endpoint_id,
        entries=entries,
        has_more=False,
        tests=len(days),
        first_at=days[0].started_at,
        last_at=days[-1].started_at,
        flapping=flapping(days, NOW),
        trend=trend_of(days, {sha256: facts.not_after for sha256, facts in CERTIFICATES.items()}),
        awaiting=awaiting if waits else None,
    )


def latest_changes() -> LatestChanges:
    """Return what the overview shows of several partners, with a version that waits."""
    entries = [one for one in sample_history().entries if one.before or one.at < START + timedelta(days=41)]
    names = ("Tamarind Logistics", "Cóndor Andino Carga", "Kestrel Forwarding")
    found: list[LatestChange] = [
        latest_endpoint_change(entry, names[place % len(names)], f"1r.partner-{place}.example:443")
        for place, entry in enumerate(entries)
    ]
    waiting = AwaitingDecision(
        what=msg("Version 15 waits."), since=NOW - timedelta(hours=2), list_name="Pilot list", version=15
    )
    return LatestChanges(changes=(latest_version(waiting), *found))


def _decided(entry: HistoryEntry) -> HistoryEntry:
    if entry.after != NEW_KEY:
        return entry
    said = DecidedFingerprint(
        accepted=True, by="M. Lindqvist", at=entry.at, comment="announced by mail on Friday"
    )
    return HistoryEntry(
        kind=entry.kind,
        state=entry.state,
        endpoint_id=entry.endpoint_id,
        observation_id=entry.observation_id,
        at=entry.at,
        title=entry.title,
        details=entry.details,
        before=entry.before,
        after=entry.after,
        decided=said,
    )
