"""What changed last at a partner's endpoints, a sentence each: for people and for documents."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.message import Message
from trustdesk.core.partner import Endpoint
from trustdesk.core.untrusted import visible
from trustdesk.services.history_desk import HistoryDesk
from trustdesk.services.history_values import EndpointHistory, HistoryEntry
from trustdesk.services.trend_words import decision_words, flapping_sentences
from trustdesk.services.wording import wording

MOST = 10
"""Changes that are told of a partner."""


Histories = Sequence[tuple[Endpoint, EndpointHistory]]


def read_histories(desk: HistoryDesk, endpoints: Sequence[Endpoint], most: int = MOST) -> Histories:
    """Read the past of endpoints that are kept; blocks.

    Args:
        most: tests whose changes are told of each at most.
    """
    asked = [(endpoint, desk.history(endpoint.id, limit=most)) for endpoint in endpoints if endpoint.id]
    return [(endpoint, answer.result()) for endpoint, answer in asked]


def last_changes(histories: Histories, most: int = MOST) -> tuple[str, ...]:
    """Return the newest changes of all endpoints, after what goes to and fro there.

    Args:
        histories: of the endpoints of one partner; each is named in its lines where there are several.
        most: changes that are told at most.
    """
    is_one = len(histories) <= 1
    entries = [
        (entry, "" if is_one else endpoint.target.endpoint)
        for endpoint, history in histories
        for entry in history.entries
    ]
    entries.sort(key=lambda found: found[0].at, reverse=True)
    loud = [line for endpoint, history in histories for line in _loud(endpoint, history, is_one=is_one)]
    return (*loud, *(_line(entry, place) for entry, place in entries[:most]))


def _loud(endpoint: Endpoint, history: EndpointHistory, *, is_one: bool) -> list[str]:
    """Return what is true now: that it flaps, and that its certificate waits for a decision."""
    said = list(flapping_sentences(history.flapping))
    if history.awaiting is not None:
        said.append(history.awaiting.what)
    place = "" if is_one else endpoint.target.endpoint
    return [_placed(place, wording().text(one)) for one in said]


def _line(entry: HistoryEntry, place: str) -> str:
    parts: list[Message] = [entry.title, *entry.details]
    if entry.decided is not None:
        parts.append(decision_words(entry.decided))
    text = wording().text
    said = ". ".join(text(one).rstrip(".") for one in parts)
    return _placed(place, f"{entry.at:%Y-%m-%d}: {said}")


def _placed(place: str, said: str) -> str:
    return f"{visible(place)}: {said}" if place else said
