"""What stands in each cell of the table: one answer for painter, tooltips and screen readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import Phase
from trustdesk.core.target import TargetProtocol
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import both_times, short_time
from trustdesk.gui.partners.arrange import EXPIRING_DAYS
from trustdesk.gui.widgets.two_line_cells import CellView
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.board import BoardRow, Cell, State
from trustdesk.services.last_seen import SHORT_CHANGES, LastSeen
from trustdesk.services.verdict_words import STATE_WORDS, row_word


class Column(IntEnum):
    """Columns in their order."""

    PARTNER = 0
    TLS = 1
    SERVER = 2
    MTLS = 3
    ON_LIST = 4
    DAYS = 5
    TESTED = 6
    ENDPOINT = 7
    LAST_CHANGE = 8
    FINGERPRINT = 9


AT_FIRST_LEFT_OUT = frozenset({Column.ENDPOINT, Column.LAST_CHANGE, Column.FINGERPRINT})
"""What is in the column chooser and not in the table until somebody wants it."""


HEADERS: dict[Column, Message] = {
    Column.PARTNER: msg("Partner"),
    Column.TLS: msg("TLS"),
    Column.SERVER: msg("Server"),
    Column.MTLS: msg("mTLS"),
    Column.ON_LIST: msg("On list"),
    Column.DAYS: msg("Days"),
    Column.TESTED: msg("Tested"),
    Column.ENDPOINT: msg("Endpoint"),
    Column.LAST_CHANGE: msg("Last change"),
    Column.FINGERPRINT: msg("Fingerprint"),
}

_WAITING = msg("waiting")
_RUNNING = msg("running")
TESTED_WORDS = (_WAITING, _RUNNING, msg("{count} d ago", count=99))
"""The longest words of the column Tested."""

_TCP = Cell(State.RUNNING, msg("TCP …"))
_TLS = Cell(State.RUNNING, msg("TLS …"))
_ANSWER = Cell(State.RUNNING, msg("Answer …"))


@dataclass(frozen=True, slots=True)
class Activity:
    """What a sweep does with an endpoint now; None for `phase` while it waits for its turn."""

    phase: Phase | None = None

    @property
    def state(self) -> State | None:
        """RUNNING once it is being tested."""
        return None if self.phase is None else State.RUNNING


def view_of(
    row: BoardRow, activity: Activity | None, column: Column, now: datetime, seen: LastSeen | None = None
) -> CellView:
    """Return what stands in a cell.

    Args:
        activity: None when no sweep holds the endpoint.
        seen: what changed there last; None when it is not known, or nothing was seen.
    """
    match column:
        case Column.PARTNER:
            return _partner(row, activity)
        case Column.TLS:
            word = row.tls_version or "–"
            return CellView(word=word, ink="text2", spoken=f"TLS {word}" if row.tls_version else word)
        case Column.SERVER:
            return _stated(_server_now(row, activity))
        case Column.MTLS:
            return _stated(_mtls_now(row, activity))
        case Column.ON_LIST:
            return _stated(row.on_list)
        case Column.DAYS:
            return _days(row)
        case Column.TESTED:
            return _tested(row, activity, now)
        case Column.ENDPOINT:
            word = visible(row.endpoint.target.endpoint)
            return CellView(word=word, ink="text2", spoken=word)
        case Column.LAST_CHANGE:
            return _last_change(seen, now)
        case Column.FINGERPRINT:
            return _fingerprint(seen)


def endpoint_line(row: BoardRow) -> str:
    """Return the endpoint as the second line shows it: https goes without saying."""
    target = row.endpoint.target
    text = target.endpoint
    return visible(text.removeprefix("https://") if target.protocol is TargetProtocol.HTTPS else text)


def _partner(row: BoardRow, activity: Activity | None) -> CellView:
    state = (activity.state if activity else None) or row.state
    word = visible(row.endpoint.partner)
    headline = say(row.explanation.headline) if row.explanation else ""
    says = row_word(row) if state is row.state else STATE_WORDS[state]
    lines = (f"{say(says)}: {word}", visible(row.endpoint.target.endpoint), headline)
    return CellView(
        state=state,
        word=word,
        second=endpoint_line(row),
        strong=row.state is State.BAD,
        spoken="\n".join(line for line in lines if line),
    )


def _stated(cell: Cell) -> CellView:
    word = say(cell.word)
    ink = {State.WARNING: "warning", State.BAD: "bad", State.RUNNING: "accent", State.GOOD: "text"}
    return CellView(state=cell.state, word=word, ink=ink.get(cell.state, "text2"), spoken=word)


def _server_now(row: BoardRow, activity: Activity | None) -> Cell:
    if activity is not None and activity.phase in {Phase.RESOLVE, Phase.PROXY, Phase.CONNECT}:
        return _TCP
    if activity is not None and activity.phase is Phase.HANDSHAKE:
        return _TLS
    return row.server


def _mtls_now(row: BoardRow, activity: Activity | None) -> Cell:
    if activity is not None and activity.phase in {Phase.SETTLE, Phase.REQUEST, Phase.DONE}:
        return _ANSWER
    return row.mtls


def _days(row: BoardRow) -> CellView:
    days = row.days_left
    if days is None:
        return CellView(word="–", ink="text2", spoken=say(msg("No certificate was seen")))
    if days < 0:
        spoken = say(msg_n("Expired {count} day ago", "Expired {count} days ago", -days))
        return CellView(word=f"\u2212{-days}", ink="bad", strong=True, spoken=spoken)
    spoken = say(msg_n("{count} day left", "{count} days left", days))
    near = days <= EXPIRING_DAYS
    return CellView(word=str(days), ink="warning" if near else "text", strong=near, spoken=spoken)


def _last_change(seen: LastSeen | None, now: datetime) -> CellView:
    if seen is None or seen.changed is None or seen.changed_at is None:
        return CellView(word="–", ink="text2", spoken=say(msg("Nothing changed yet")))
    word = say(SHORT_CHANGES[seen.changed])
    at = both_times(seen.changed_at)
    return CellView(word=word, second=short_time(seen.changed_at, now), spoken=f"{word}\n{at}")


def _fingerprint(seen: LastSeen | None) -> CellView:
    if seen is None or seen.sha256 is None:
        return CellView(word="–", ink="text2", spoken=say(msg("No certificate was seen")))
    # The first eight bytes tell certificates apart at a glance; the tooltip has all.
    pairs = fingerprint_text(seen.sha256)
    return CellView(word=f"{pairs[:23]} …", ink="text2", spoken=f"SHA-256\n{pairs}")


def _tested(row: BoardRow, activity: Activity | None, now: datetime) -> CellView:
    if activity is not None:
        word = say(_WAITING if activity.phase is None else _RUNNING)
        return CellView(word=word, ink="text3" if activity.phase is None else "text2", spoken=word)
    if row.tested_at is None:
        return CellView(word="–", ink="text2", spoken=say(msg("Never tested")))
    word = short_time(row.tested_at, now)
    return CellView(word=word, ink="text2", spoken=both_times(row.tested_at))
