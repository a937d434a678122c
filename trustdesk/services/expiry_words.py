"""What ends, in words: kinds, distances, and how many of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from trustdesk.core.expiry import Ending, EndingKind, Nearness
from trustdesk.core.message import Message, msg, msg_n

KIND_WORDS: dict[EndingKind, Message] = {
    EndingKind.PARTNER: msg("Partner"),
    EndingKind.IDENTITY: msg("Identity"),
    EndingKind.REQUEST: msg("Request"),
    EndingKind.AUTHORITY: msg("CA"),
    EndingKind.REVOCATION_LIST: msg("Revocation list"),
    EndingKind.TRUST_LIST: msg("Trust list"),
    EndingKind.DECISION: msg("Decision"),
}

NEARNESS_WORDS: dict[Nearness, Message] = {
    Nearness.ENDED: msg("Over"),
    Nearness.URGENT: msg("Urgent"),
    Nearness.SOON: msg("Soon"),
    Nearness.LATER: msg("Later"),
    Nearness.UNKNOWN: msg("Not readable"),
}


def days_off(ends: datetime, at: datetime) -> int:
    """Return how many dates an instant is off, in UTC; negative when it is past."""
    return (ends.astimezone(UTC).date() - at.astimezone(UTC).date()).days


def distance_words(ends: datetime, at: datetime) -> Message:
    """Say in days how far off an end is."""
    days = days_off(ends, at)
    if days == 0:
        return msg("today")
    if days > 0:
        return msg_n("in {count} day", "in {count} days", days)
    return msg_n("{count} day ago", "{count} days ago", -days)


def distinct(endings: Iterable[Ending]) -> frozenset[tuple[EndingKind, str, str]]:
    """Return what a person counts: several endpoints of a partner are one."""
    return frozenset(
        (one.kind, one.name, "" if one.kind is EndingKind.PARTNER else one.sha256) for one in endings
    )


def counted_words(endings: Iterable[Ending]) -> tuple[Message, ...]:
    """Say how many of each kind there are, kinds in their order, counted as by `distinct`."""
    counts = Counter(kind for kind, _name, _digest in distinct(endings))
    return tuple(_COUNTED[kind](counts[kind]) for kind in EndingKind if counts[kind])


_COUNTED: dict[EndingKind, Callable[[int], Message]] = {
    EndingKind.PARTNER: lambda count: msg_n("{count} partner", "{count} partners", count),
    EndingKind.IDENTITY: lambda count: msg_n("{count} identity", "{count} identities", count),
    EndingKind.REQUEST: lambda count: msg_n("{count} request", "{count} requests", count),
    EndingKind.AUTHORITY: lambda count: msg_n("{count} CA", "{count} CAs", count),
    EndingKind.REVOCATION_LIST: lambda count: msg_n(
        "{count} revocation list", "{count} revocation lists", count
    ),
    EndingKind.TRUST_LIST: lambda count: msg_n("{count} trust list", "{count} trust lists", count),
    EndingKind.DECISION: lambda count: msg_n("{count} decision", "{count} decisions", count),
}
