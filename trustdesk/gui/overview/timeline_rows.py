"""Which certificates the timeline shows, in what order, and how each stands: plain values, without Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from trustdesk.core.expiry import Nearness, nearness
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.trust_impact import DropKind, RootDrop
from trustdesk.core.workspace_settings import ExpiryThresholds
from trustdesk.gui.dates import distance, iso_date
from trustdesk.gui.words import say
from trustdesk.services.timeline_values import ExpiryTimeline, TimelineGroup, Validity

_NEVER = datetime.max.replace(tzinfo=UTC)

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
    """One bar with its words."""

    validity: Validity
    standing: Standing
    end_words: str

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
        total: bars that there are, shown or not.
    """

    lines: tuple[Line, ...] = ()
    total: int = 0

    @property
    def rows(self) -> tuple[TimelineRow, ...]:
        """The bars alone."""
        return tuple(line for line in self.lines if isinstance(line, TimelineRow))


def arrange(
    timeline: ExpiryTimeline,
    *,
    until: datetime,
    group: TimelineGroup | None = None,
    near_only: bool = False,
) -> Arranged:
    """Choose and order what ends, or loses trust, until an instant; what has ended is always among it.

    Args:
        group: show only these; None for all.
        near_only: show only what is near its end or over, and what cannot be read, whatever `until` is.
    """
    is_shown: Callable[[Validity], bool]
    if near_only:
        is_shown = lambda one: standing_of(one, timeline.at, timeline.thresholds) in _WANTS_A_LOOK  # noqa: E731
    else:
        is_shown = lambda one: _first_date(one, timeline.at) <= until  # noqa: E731
    lines: list[Line] = []
    total = 0
    for one in TimelineGroup:
        if group is not None and one is not group:
            continue
        whole = [validity for validity in timeline.validities if validity.group is one]
        total += len(whole)
        shown = sorted(
            filter(is_shown, whole),
            key=lambda validity: (validity.ends or _NEVER, validity.name.casefold(), validity.place),
        )
        if shown:
            lines.append(GroupHead(group=one, shown=len(shown), total=len(whole)))
            lines.extend(row_of(validity, timeline.at, timeline.thresholds) for validity in shown)
    return Arranged(lines=tuple(lines), total=total)


def row_of(validity: Validity, at: datetime, thresholds: ExpiryThresholds | None = None) -> TimelineRow:
    """Return a bar with the words at its end; None for `thresholds` takes the usual ones."""
    standing = standing_of(validity, at, thresholds)
    ends = validity.ends
    if ends is None:
        words = say(msg("its validity cannot be read"))
    elif standing is Standing.EXPIRED:
        words = say(msg("{date} · expired {distance}", date=day(ends), distance=distance(ends, at)))
    elif standing is Standing.ENDS_SOON:
        words = say(msg("{date} · {distance}", date=day(ends), distance=distance(ends, at)))
    elif standing is Standing.NOT_YET and validity.begins is not None:
        words = say(msg("from {begins} to {ends}", begins=day(validity.begins), ends=day(ends)))
    else:
        words = iso_date(ends)
    return TimelineRow(validity=validity, standing=standing, end_words=words)


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
