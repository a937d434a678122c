"""Which certificates the timeline shows, in what order, and how each stands: plain values, without Qt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from heapq import merge
from itertools import islice
from operator import is_

from trustdesk.core.expiry import Nearness, nearness
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.trust_impact import DropKind, RootDrop
from trustdesk.core.workspace_settings import ExpiryThresholds
from trustdesk.gui.dates import distance, iso_date
from trustdesk.gui.words import say
from trustdesk.services.timeline_values import ExpiryTimeline, TimelineGroup, Validity

_NEVER = datetime.max.replace(tzinfo=UTC)
_AT_ONCE = 200
"""Bars that are made before the window may have its turn: some 1 ms."""

GROUP_WORDS = {
    TimelineGroup.PARTNERS: msg("Partners"),
    TimelineGroup.IDENTITIES: msg("Identities"),
    TimelineGroup.AUTHORITIES: msg("CAs"),
    TimelineGroup.LISTS: msg("Lists"),
}


class Standing(StrEnum):
    """How a window of validity stands at the instant that is looked at."""

    EXPIRED = "expired"
    ENDS_SOON = "ends_soon"
    VALID = "valid"
    NOT_YET = "not_yet"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One bar; its words are made when they are shown, for most of ten thousand never are.

    Attributes:
        at: the instant that is looked at.
    """

    validity: Validity
    standing: Standing
    at: datetime

    @property
    def end_words(self) -> str:
        """What stands at the bar's end."""
        return _end_words(self)

    @property
    def icon(self) -> str:
        """Name of the state's icon."""
        return {
            Standing.EXPIRED: "bad",
            Standing.ENDS_SOON: "warning",
            Standing.VALID: "good",
            Standing.NOT_YET: "unknown",
            Standing.UNREADABLE: "unknown",
        }[self.standing]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupHead:
    """The line above the bars of a group."""

    group: TimelineGroup
    shown: int
    total: int


Line = GroupHead | TimelineRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """What is shown.

    Attributes:
        lines: heads and bars from the top down.
        rows: the bars alone.
        total: bars that there are, shown or not.
    """

    lines: tuple[Line, ...] = ()
    rows: tuple[TimelineRow, ...] = ()
    total: int = 0


GroupRows = Mapping[TimelineGroup, tuple[TimelineRow, ...]]
"""All bars of each group, the first end first."""


def rows_of(
    timeline: ExpiryTimeline, before: ExpiryTimeline | None = None, known: GroupRows | None = None
) -> GroupRows:
    """Return all bars in order: made once, for zooming through ten thousand of them only chooses.

    Args:
        before: the timeline of which `known` are the bars; a group that is the same in it keeps them.
    """
    groups = _grouped(timeline)
    old: Mapping[TimelineGroup, list[Validity]] = {}
    if before is not None and (before.at, before.thresholds) == (timeline.at, timeline.thresholds):
        old = _grouped(before)
    rows: dict[TimelineGroup, tuple[TimelineRow, ...]] = {}
    for group, found in groups.items():
        same = old.get(group, [])
        if known is not None and len(found) == len(same) and all(map(is_, found, same)):
            rows[group] = known[group]
        else:
            rows[group] = tuple(sorted(_made(timeline, found), key=_order))
    return rows


def preparing_rows(timeline: ExpiryTimeline, made: list[GroupRows]) -> Iterator[None]:
    """Make what `rows_of` returns a little at a time, and put it into `made` at last."""
    rows: dict[TimelineGroup, tuple[TimelineRow, ...]] = {}
    for group, found in _grouped(timeline).items():
        runs: list[list[TimelineRow]] = []
        for first in range(0, len(found), _AT_ONCE):
            runs.append(sorted(_made(timeline, found[first : first + _AT_ONCE]), key=_order))
            yield
        merged: list[TimelineRow] = []
        in_order = merge(*runs, key=_order)
        while some := list(islice(in_order, _AT_ONCE)):
            merged.extend(some)
            yield
        rows[group] = tuple(merged)
    made.append(rows)


def _made(timeline: ExpiryTimeline, found: Iterable[Validity]) -> Iterator[TimelineRow]:
    return (row_of(one, timeline.at, timeline.thresholds) for one in found)


def _grouped(timeline: ExpiryTimeline) -> dict[TimelineGroup, list[Validity]]:
    groups: dict[TimelineGroup, list[Validity]] = {one: [] for one in TimelineGroup}
    for validity in timeline.validities:
        groups[validity.group].append(validity)
    return groups


def arrange(
    timeline: ExpiryTimeline,
    *,
    until: datetime,
    group: TimelineGroup | None = None,
    near_only: bool = False,
    rows: GroupRows | None = None,
) -> Arranged:
    """Choose what ends, or loses trust, until an instant; what has ended is always among it.

    Args:
        group: show only these; None for all.
        near_only: show only what is near its end or over, and what cannot be read, whatever `until` is.
        rows: all bars of the timeline, as `rows_of` returns them; None makes them.
    """
    lines: list[Line] = []
    bars: list[TimelineRow] = []
    total = 0
    for one, whole in (rows_of(timeline) if rows is None else rows).items():
        if group is not None and one is not group:
            continue
        total += len(whole)
        if near_only:
            shown = [row for row in whole if row.standing in _WANTS_A_LOOK]
        else:
            shown = [row for row in whole if _first_date(row.validity, timeline.at) <= until]
        if shown:
            lines.append(GroupHead(group=one, shown=len(shown), total=len(whole)))
            lines.extend(shown)
            bars.extend(shown)
    return Arranged(lines=tuple(lines), rows=tuple(bars), total=total)


def _order(row: TimelineRow) -> tuple[datetime, str, str]:
    validity = row.validity
    return validity.ends or _NEVER, validity.name.casefold(), validity.place


def row_of(validity: Validity, at: datetime, thresholds: ExpiryThresholds | None = None) -> TimelineRow:
    """Return a bar; None for `thresholds` takes the usual ones."""
    return TimelineRow(validity=validity, standing=standing_of(validity, at, thresholds), at=at)


def _end_words(row: TimelineRow) -> str:
    begins, ends, at = row.validity.begins, row.validity.ends, row.at
    if ends is None:
        return say(msg("its validity cannot be read"))
    if row.standing is Standing.EXPIRED:
        return say(msg("{date} · expired {distance}", date=day(ends), distance=distance(ends, at)))
    if row.standing is Standing.ENDS_SOON:
        return say(msg("{date} · {distance}", date=day(ends), distance=distance(ends, at)))
    if row.standing is Standing.NOT_YET and begins is not None:
        return say(msg("from {begins} to {ends}", begins=day(begins), ends=day(ends)))
    return iso_date(ends)


def standing_of(validity: Validity, at: datetime, thresholds: ExpiryThresholds | None = None) -> Standing:
    """Say how a window stands at an instant; None for `thresholds` takes the usual ones."""
    if validity.ends is None or validity.begins is None:
        return Standing.UNREADABLE
    if at > validity.ends:
        return Standing.EXPIRED
    if at < validity.begins:
        return Standing.NOT_YET
    near = nearness(validity.begins, validity.ends, at, thresholds or ExpiryThresholds())
    return Standing.VALID if near is Nearness.LATER else Standing.ENDS_SOON


def line_text(row: TimelineRow, at: datetime) -> str:
    """Return a bar as one line of words, for the clipboard and for screen readers."""
    validity = row.validity
    parts = [
        validity.name,
        validity.place,
        say(validity.role),
        say(_STANDING_WORDS[row.standing]),
    ]
    if validity.begins is not None:
        parts.append(say(msg("valid from {date}", date=day(validity.begins))))
    if validity.ends is not None:
        parts.append(
            say(
                msg(
                    "valid until {date}, {distance}",
                    date=day(validity.ends),
                    distance=distance(validity.ends, at),
                )
            )
        )
    parts.extend(drop_words(drop) for drop in validity.drops)
    return ", ".join(part for part in parts if part)


def standing_words(standing: Standing) -> str:
    """Return the word of a state."""
    return say(_STANDING_WORDS[standing])


def day(at: datetime) -> str:
    """Return the UTC date for a place in a sentence, which is isolated there by the renderer."""
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def month_words(at: datetime) -> str:
    """Return a month's short name, in UTC."""
    return say(_MONTHS[at.astimezone(UTC).month - 1])


def drop_words(drop: RootDrop) -> str:
    """Return what changes on a date, and who is below it today, as far as that is known."""
    parts = [say(drop.what)]
    if drop.partners:
        parts.append(say(msg("Partners below it today: {names}.", names=listed(drop.partners))))
    if drop.identities:
        parts.append(say(msg("Identities below it today: {names}.", names=listed(drop.identities))))
    return " ".join(parts)


def drop_details(drop: RootDrop, *, is_known: bool) -> str:
    """Return everything of a date: also where it is from, and that nobody is below it.

    Args:
        is_known: whether it was found out who is below CAs.
    """
    parts = [drop_words(drop)]
    if drop.sha256 and not drop.partners and not drop.identities:
        parts.append(
            say(msg("Nobody's path passes through it today."))
            if is_known
            else say(msg("It is not known yet who is below it."))
        )
    if drop.source:
        parts.append(say(msg("Source: {source}", source=drop.source)))
    return " ".join(parts)


def milestone_words(drop: RootDrop) -> str:
    """Return what stands above a line that concerns everybody."""
    if drop.kind is DropKind.DECISION_ENDS:
        return say(msg("Decision on {ca} ends {date}", ca=drop.subject, date=day(drop.at)))
    if drop.sha256:
        return say(msg("{ca} drops out {date}", ca=drop.subject, date=day(drop.at)))
    if drop.list_name:
        return say(msg("{list} runs out {date}", list=drop.list_name, date=day(drop.at)))
    return say(msg("{what} ends {date}", what=drop.subject, date=day(drop.at)))


def _first_date(validity: Validity, at: datetime) -> datetime:
    """Return the next date of a certificate; the earliest there is where its end cannot be read."""
    if validity.ends is None:
        return at
    if not validity.drops:
        return validity.ends
    coming = (drop.at for drop in validity.drops if drop.at > at)
    return min((validity.ends, *coming))


_WANTS_A_LOOK = frozenset({Standing.EXPIRED, Standing.ENDS_SOON, Standing.UNREADABLE})

_STANDING_WORDS: dict[Standing, Message] = {
    Standing.EXPIRED: msg("Expired"),
    Standing.ENDS_SOON: msg("Ends soon"),
    Standing.VALID: msg("Valid"),
    Standing.NOT_YET: msg("Not yet valid"),
    Standing.UNREADABLE: msg("Not readable"),
}

_MONTHS = (
    msg("Jan"),
    msg("Feb"),
    msg("Mar"),
    msg("Apr"),
    msg("May"),
    msg("Jun"),
    msg("Jul"),
    msg("Aug"),
    msg("Sep"),
    msg("Oct"),
    msg("Nov"),
    msg("Dec"),
)
