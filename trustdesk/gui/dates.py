"""Instants and distances as people read them: ISO dates with the distance, both times of day in tooltips."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.words import say

_FIRST_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def iso_date(at: datetime) -> str:
    """Return the UTC date as `2026-11-20`, isolated so that text from right to left leaves it alone."""
    return f"{_FIRST_ISOLATE}{at.astimezone(UTC):%Y-%m-%d}{_END_ISOLATE}"


def distance(at: datetime, now: datetime) -> Message:
    """Say in whole days how far off an instant is."""
    days = (at.astimezone(UTC).date() - now.astimezone(UTC).date()).days
    if days == 0:
        return msg("today")
    if days > 0:
        return msg_n("in {count} day", "in {count} days", days)
    return msg_n("{count} day ago", "{count} days ago", -days)


def short_time(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Say when something was: the time of today, else the distance. None for `zone` is this machine's."""
    here = at.astimezone(zone)
    days = (now.astimezone(zone).date() - here.date()).days
    return f"{here:%H:%M}" if days <= 0 else say(msg("{count} d ago", count=days))


def date_and_time(at: datetime, zone: tzinfo | None = None) -> str:
    """Return day and time as `2026-11-20 08:41`, for a sentence. None for `zone` is this machine's."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def both_times(at: datetime, zone: tzinfo | None = None) -> str:
    """Return UTC and local time, for a tooltip."""
    here = at.astimezone(zone)
    local = f"{here:%Y-%m-%d %H:%M:%S %Z}".strip()
    utc = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return utc if here.utcoffset() == at.astimezone(UTC).utcoffset() else f"{utc}, {local}"
