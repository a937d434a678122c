"""How a change is shown: its icon and colour, and how long ago it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from trustdesk.core.message import Message, msg
from trustdesk.core.observation import ChangeKind
from trustdesk.gui.dates import distance
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.history_values import HistoryEntry
from trustdesk.services.verdict_words import STATE_WORDS

_ICONS: dict[ChangeKind, str] = {
    ChangeKind.REACHABLE: "globe",
    ChangeKind.CERTIFICATE: "certificate",
    ChangeKind.KEY: "key",
    ChangeKind.ISSUER: "swap",
    ChangeKind.NAMES: "certificate",
    ChangeKind.CHAIN: "link",
    ChangeKind.ANCHOR: "trust-lists",
    ChangeKind.TLS_VERSION: "lock",
    ChangeKind.CIPHER_SUITE: "lock",
    ChangeKind.CLIENT_CERTIFICATE: "identities",
    ChangeKind.CLIENT_VERDICT: "identities",
    ChangeKind.SERVER_SOFTWARE: "server",
    ChangeKind.HTTP_STATUS: "globe",
    ChangeKind.MECHANISMS: "lock",
    ChangeKind.IDENTITY: "person",
}
_STATE_ICONS = {State.GOOD: "good", State.BAD: "bad", State.UNKNOWN: "unknown"}


def icon_of(entry: HistoryEntry) -> str:
    """Return the name of an entry's icon: that of its state where it is one, else of what changed."""
    if entry.kind in _ICONS and entry.state is not State.BAD:
        return _ICONS[entry.kind]
    return _STATE_ICONS.get(entry.state, "warning" if entry.state is State.WARNING else "information")


def state_word(entry: HistoryEntry) -> str:
    """Return the word of an entry's state, for who does not see its colour; "" for a neutral one."""
    words: Message | None = {
        State.UNKNOWN: msg("Unknown"),
        State.NOT_APPLICABLE: None,
    }.get(entry.state, STATE_WORDS[entry.state])
    return "" if words is None else say(words)


def ago(at: datetime, now: datetime) -> Message:
    """Say how long ago something was: in minutes or hours of a day, else in days."""
    passed = now - at
    if passed < timedelta(0) or passed >= timedelta(hours=24):
        return distance(at, now)
    if passed < timedelta(minutes=1):
        return msg("just now")
    if passed < timedelta(hours=1):
        return msg("{count} min ago", count=passed // timedelta(minutes=1))
    return msg("{count} h ago", count=passed // timedelta(hours=1))
