"""How an identity stands: one state for its row, one word for each purpose."""

from __future__ import annotations

from trustdesk.core.identity import IdentityView, Usable
from trustdesk.core.message import Message, msg
from trustdesk.services.board import Cell, State

WARNING_DAYS = 30
"""Days left from which on an identity counts as expiring."""

_CELLS = {
    Usable.YES: Cell(State.GOOD, msg("Yes")),
    Usable.WARNED: Cell(State.WARNING, msg("Yes, for now")),
    Usable.NO: Cell(State.BAD, msg("No")),
    Usable.NOT_MEANT: Cell(State.NOT_APPLICABLE, msg("Not meant")),
    Usable.UNKNOWN: Cell(State.UNKNOWN, msg("Unknown")),
}
JUDGING = Cell(State.UNKNOWN, msg("Judging …"))
"""What stands for a verdict of another day until this one's is there."""

USABLE_WORDS: tuple[Message, ...] = (*(cell.word for cell in _CELLS.values()), JUDGING.word)

_STATE_WORDS: dict[State, Message] = {
    State.GOOD: msg("Usable"),
    State.WARNING: msg("Needs a look"),
    State.BAD: msg("Not usable"),
    State.UNKNOWN: msg("Unknown"),
}


def usable_cell(usable: Usable) -> Cell:
    """Return state and word of a verdict."""
    return _CELLS[usable]


def is_expiring(view: IdentityView) -> bool:
    """Whether it expires within the warning time, or has expired."""
    return view.days_left is not None and view.days_left <= WARNING_DAYS


def is_unusable_client(view: IdentityView) -> bool:
    """Whether it was found not to be usable as a TLS client; what is not known is not counted."""
    return view.client.usable is Usable.NO


def standing(view: IdentityView) -> State:
    """Return the state of the whole row; GOOD only where nothing at all speaks against it.

    BAD is what can be used for nothing that it is meant for, UNKNOWN what no rule has decided.
    """
    purposes = {view.client.usable, view.server.usable}
    works = purposes & {Usable.YES, Usable.WARNED}
    if view.days_left is not None and view.days_left < 0:
        return State.BAD
    if not works:
        return State.BAD if Usable.NO in purposes else State.UNKNOWN
    if purposes & {Usable.NO, Usable.WARNED} or is_expiring(view) or view.path_is_complete is False:
        return State.WARNING
    if Usable.UNKNOWN in purposes or view.days_left is None or view.path_is_complete is None:
        return State.UNKNOWN
    return State.GOOD


def standing_word(view: IdentityView) -> Message:
    """Say the state of the row in words."""
    return _STATE_WORDS[standing(view)]
