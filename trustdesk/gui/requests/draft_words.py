"""How a draft stands, in one chip and in counted words."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.requests.judged import JudgedDraft
from trustdesk.gui.words import say
from trustdesk.services.board import State


def state_of_draft(judged: JudgedDraft) -> tuple[State, Message]:
    """Return the state of a draft with its word.

    Ready is no verdict and never green: nobody has looked at the request yet but these rules.
    """
    if not judged.is_begun:
        return State.UNKNOWN, msg("Not complete")
    if judged.problems:
        return State.BAD, msg_n("{count} problem", "{count} problems", len(judged.problems))
    if judged.hints:
        return State.WARNING, msg_n("{count} hint", "{count} hints", len(judged.hints))
    return State.RUNNING, msg("Ready")


def chip_of(judged: JudgedDraft) -> tuple[State, str]:
    """Return state and word for a chip."""
    state, word = state_of_draft(judged)
    return state, say(word)


def summary(judged: Sequence[JudgedDraft]) -> Message:
    """Return all drafts in one line: "2 requests, 1 hint"."""
    requests = msg_n("{count} request", "{count} requests", len(judged))
    if not all(one.is_begun for one in judged):
        return msg("{requests}, not complete", requests=requests)
    problems, hints = sum(len(one.problems) for one in judged), sum(len(one.hints) for one in judged)
    if problems:
        words = msg_n("{count} problem", "{count} problems", problems)
    elif hints:
        words = msg_n("{count} hint", "{count} hints", hints)
    else:
        words = msg("ready")
    return msg("{requests}, {words}", requests=requests, words=words)
