"""What ends when as a calendar file, to be taken in by any calendar program.

One event for each certificate, however many endpoints present it. Its UID follows from the certificate, so
that a file that is taken in again moves no event and doubles none; a trust list keeps its event from version
to version. Names come from peers: they are bounded and escaped like everywhere, and stay one property.

Source: RFC 5545; RFC 7986 5.1 for the calendar's name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from trustdesk.core.expiry import Ending, EndingKind, Endings, limits
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.renewal import RenewalPlan, RenewalStep, StepKind
from trustdesk.core.workspace_settings import ExpiryThresholds

FARTHEST_DAYS = 2 * 366
"""What ends later has no event unless it is asked for: nobody plans for roots of 2046."""

_RULES = frozenset({StepKind.BEFORE_RULE, StepKind.ANOTHER_CA})
Say = Callable[[Message], str]


def calendar_file(
    endings: Endings,
    plan: RenewalPlan,
    *,
    made_at: datetime,
    say: Say,
    within_days: int | None = None,
) -> bytes:
    """Return the file: what is to end, then dates that rules set. What has ended has no event.

    Args:
        made_at: of the file.
        say: renders sentences.
        within_days: only what ends by then; None for `FARTHEST_DAYS`.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//trustdesk//What ends when//EN")
    calendar.add("version", "2.0")
    calendar.add("name", say(msg("What ends when")))
    calendar.add("x-wr-calname", say(msg("What ends when")))
    last = endings.at + timedelta(days=FARTHEST_DAYS if within_days is None else within_days)
    for uid, same in _by_uid(endings.all, endings.at, last).items():
        calendar.add_component(_event(uid, same, endings.thresholds, made_at, say))
    for step in plan.steps:
        if step.kind in _RULES and endings.at <= step.by <= last:
            calendar.add_component(_rule_event(step, endings.thresholds, made_at, say))
    data: bytes = calendar.to_ical()
    return data


def _by_uid(endings: Iterable[Ending], first: datetime, last: datetime) -> dict[str, list[Ending]]:
    found: dict[str, list[Ending]] = {}
    for one in endings:
        if one.ends is not None and first <= one.ends <= last and not one.is_settled:
            found.setdefault(_free_uid(one, found), []).append(one)
    return found


def _free_uid(ending: Ending, found: Mapping[str, Sequence[Ending]]) -> str:
    """Return the UID of an ending; one that ends otherwise than its namesakes has an event of its own.

    Two decisions on one certificate may: a limit lies beneath a distrust.
    """
    uid, number = _uid(ending), 1
    while (same := found.get(uid)) is not None and same[0].ends != ending.ends:
        number += 1
        uid = _uid(ending, f"-{number}")
    return uid


def _uid(ending: Ending, mark: str = "") -> str:
    what = ending.sha256 or hashlib.sha256(ending.name.encode()).hexdigest()
    return f"{ending.kind.value}-{what}{mark}@trustdesk"


def _event(
    uid: str, same: Sequence[Ending], thresholds: ExpiryThresholds, made_at: datetime, say: Say
) -> Event:
    first = same[0]
    if first.ends is None:
        raise AssertionError("without an end there is no event")
    names = tuple(dict.fromkeys(one.name for one in same))
    title = say(_TITLES[first.kind](listed(names)))
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", first.ends.astimezone(UTC))
    event.add("summary", title)
    event.add("description", _details(same, say))
    event.add("categories", ["trustdesk"])
    event.add("transp", "TRANSPARENT")
    urgent, warn = limits(first.begins, first.ends, thresholds)
    _add_alarms(event, (warn, urgent), title)
    return event


def _details(same: Sequence[Ending], say: Say) -> str:
    lines = []
    places = tuple(dict.fromkeys(one.place for one in same if one.place))
    if places:
        lines.append(say(msg("At {places}", places=listed(places))))
    if same[0].sha256:
        lines.append(f"SHA-256 {same[0].sha256}")
    return "\n".join(lines)


def _rule_event(step: RenewalStep, thresholds: ExpiryThresholds, made_at: datetime, say: Say) -> Event:
    title = say(step.title)
    event = Event()
    event.add("uid", f"{step.kind.value}-{step.by.astimezone(UTC):%Y%m%d}@trustdesk")
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", step.by.astimezone(UTC).date())
    event.add("summary", title)
    event.add("description", f"{say(step.why)}\n{step.source}".strip())
    event.add("categories", ["trustdesk"])
    event.add("transp", "TRANSPARENT")
    days = (timedelta(days=thresholds.warn_days), timedelta(days=thresholds.urgent_days))
    _add_alarms(event, days, title)
    return event


def _add_alarms(event: Event, before: Iterable[timedelta], words: str) -> None:
    for length in dict.fromkeys(before):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        # A duration is written in whole seconds.
        alarm.add("trigger", -timedelta(seconds=round(length.total_seconds())))
        alarm.add("description", words)
        event.add_component(alarm)


_TITLES: dict[EndingKind, Callable[[str | Message], Message]] = {
    EndingKind.PARTNER: lambda name: msg("Certificate of partner {name} expires", name=name),
    EndingKind.IDENTITY: lambda name: msg("Our certificate {name} expires", name=name),
    EndingKind.REQUEST: lambda name: msg("Certificate for the request {name} expires", name=name),
    EndingKind.AUTHORITY: lambda name: msg("CA {name} expires", name=name),
    EndingKind.REVOCATION_LIST: lambda name: msg("Revocation list of {name} runs out", name=name),
    EndingKind.TRUST_LIST: lambda name: msg("Trust list {name} runs out", name=name),
    EndingKind.DECISION: lambda name: msg("Decision on {name} is over", name=name),
}
