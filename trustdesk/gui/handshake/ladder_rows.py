"""The rows of the ladder and of its table twin: one for each timeline event, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.alert_target import alert_words, answered_message, is_refusal, our_certificate
from trustdesk.gui.handshake.message_names import message_name
from trustdesk.gui.words import say, say_number

_WIRE_EVENTS = frozenset({"tcp_connect", "tcp_close", "tcp_reset"})
_ANSWER = "http_response"


class RowKind(StrEnum):
    """How a row is drawn. TROUBLE is an alert that ends the handshake, a refusal in HTTP, or a reset."""

    OURS = "ours"
    PARTNERS = "partners"
    WIRE = "wire"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderRow:
    """One event, ready to be drawn.

    Attributes:
        detail: second text of the row, harmless to show; "" for none.
        time: milliseconds since the start, one decimal.
        size: bytes with thin spaces; "" for events that carry none.
        answers: index of the row that this refusal answered; None for every other row.
        waited: milliseconds between that row and this one, in words; "" without `answers`.
    """

    event: TimelineEvent
    kind: RowKind
    name: str
    detail: str
    time: str
    size: str
    answers: int | None = None
    waited: str = ""

    @property
    def encrypted(self) -> bool:
        """Whether the message travelled encrypted."""
        return self.event.encrypted


def ladder_rows(
    events: Sequence[TimelineEvent], known: Sequence[LadderRow] = (), *, refused_in_http: bool = False
) -> tuple[LadderRow, ...]:
    """Return the rows of a timeline, in its order.

    Args:
        known: rows of the same timeline when it was shorter: a row depends only on what came before it, so
            they are taken over.
        refused_in_http: whether the answer in HTTP is about the client certificate, as nginx gives it
            after a clean handshake. Only the end of a run shows it.
    """
    shared = 0
    while shared < min(len(known), len(events)) and known[shared].event is events[shared]:
        if refused_in_http and events[shared].message == _ANSWER:
            break  # drawn as an answer like any other while the run went on
        shared += 1
    # EncryptedExtensions exists in TLS 1.3 only (RFC 8446 4.3.1), and comes before our Finished.
    is_tls13 = any(event.message == "encrypted_extensions" for event in events)
    made = (_row(events, index, is_tls13, refused_in_http) for index in range(shared, len(events)))
    return (*known[:shared], *made)


def _row(events: Sequence[TimelineEvent], index: int, is_tls13: bool, refused_in_http: bool) -> LadderRow:
    event = events[index]
    name, detail, note, waited = message_name(event.message), visible(event.detail), "", ""
    kind, answers = _kind(event), None
    if event.message == "alert":
        # The alert's own name stands with the bold part.
        words = alert_words(event)
        name, detail = f"{name}  {visible(words.label)}".rstrip(), visible(words.level)
        answers = answered_message(events, index)
    elif event.message == _ANSWER and refused_in_http:
        # The status stands with the bold part, as an alert's name does.
        name, detail = f"{name}  {detail.removeprefix('HTTP ')}".rstrip(), say(msg("refused in HTTP"))
        kind, answers = RowKind.TROUBLE, our_certificate(events, index)
    if is_tls13 and event.message == "finished" and event.direction is Direction.OUT:
        note = say(msg("handshake done for us, nothing proved yet"))
    if answers is not None:
        note = _answer_note(events[answers])
        elapsed = max(0.0, event.at_ms - events[answers].at_ms)
        waited = say(msg("after {elapsed} ms", elapsed=round(elapsed) if elapsed >= 10 else elapsed))
    return LadderRow(
        event=event,
        kind=kind,
        name=name,
        detail=", ".join(part for part in (detail, note) if part),
        time=say_number(event.at_ms),
        size=say_number(event.bytes) if event.bytes else "",
        answers=answers,
        waited=waited,
    )


def _answer_note(answered: TimelineEvent) -> str:
    name = message_name(answered.message)
    if answered.direction is Direction.OUT:
        return say(msg("answers our {message}", message=name))
    return say(msg("answers the partner's {message}", message=name))


def _kind(event: TimelineEvent) -> RowKind:
    if is_refusal(event) or event.message == "tcp_reset":
        return RowKind.TROUBLE
    if event.message in _WIRE_EVENTS:
        return RowKind.WIRE
    return RowKind.OURS if event.direction is Direction.OUT else RowKind.PARTNERS
