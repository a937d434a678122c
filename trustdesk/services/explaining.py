"""Explain: a pasted error message, its causes, who has to act, and what separates them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Responsible
from trustdesk.diagnose.cause_texts import CauseText, read_cause_texts
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.pasted import (
    MAX_TEXT,
    MessageCatalogue,
    Recognised,
    is_of_a_server,
    read_messages,
    recognise,
)
from trustdesk.diagnose.rule_file import RuleBook, read_rules
from trustdesk.formats.document_values import Words, utf8
from trustdesk.storage.resources import resource_folder

EXPLANATION_SCHEMA = "trustdesk.explanation/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleCause:
    """One cause behind a message.

    Attributes:
        responsible: who has to act first.
        remedy: None where nothing has to be done.
    """

    cause: Cause
    responsible: Responsible
    meaning: Message
    remedy: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedMessage:
    """One message that was recognised.

    Attributes:
        words: the part of the pasted text; somebody else's words.
        tools: programs that write it.
        client: causes where the connecting side wrote it, the likeliest first; empty when it never does.
        server: causes where the partner's server wrote it.
        separate: what tells the causes apart; None where there is nothing to tell.
    """

    words: str
    tools: tuple[str, ...]
    meaning: Message
    client: tuple[PossibleCause, ...]
    server: tuple[PossibleCause, ...]
    separate: Message | None


@cache
def cause_texts() -> Mapping[Cause, CauseText]:
    """Return the causes in words."""
    return read_cause_texts(_file("causes.toml"))


def explain_text(pasted: str) -> tuple[ExplainedMessage, ...]:
    """Explain a pasted text; empty when nothing in it is known.

    Raises:
        UnusableInputError: there is no text, or so much that it is no message.
    """
    if not pasted.strip():
        raise UnusableInputError(
            msg("There is no text to explain."), remedy=msg("Paste the message that the other tool printed.")
        )
    if len(pasted) > MAX_TEXT:
        raise UnusableInputError(
            msg("The text is longer than {limit} characters.", limit=MAX_TEXT),
            remedy=msg("Paste the lines around the error alone."),
        )
    of_a_server = is_of_a_server(pasted, _messages())
    return tuple(_explained(one, of_a_server=of_a_server) for one in recognise(pasted, _messages()))


def explanation_document(explained: Sequence[ExplainedMessage], text: Words) -> dict[str, object]:
    """Return the explanation as JSON-ready values (`trustdesk.explanation/1`)."""
    return {
        "schema": EXPLANATION_SCHEMA,
        "messages": [
            {
                "words": utf8(one.words),
                "tools": list(one.tools),
                "meaning": text(one.meaning),
                "client": [_cause_value(cause, text) for cause in one.client],
                "server": [_cause_value(cause, text) for cause in one.server],
                "separate": None if one.separate is None else text(one.separate),
            }
            for one in explained
        ],
    }


def _cause_value(cause: PossibleCause, text: Words) -> dict[str, object]:
    return {
        "cause": cause.cause.value,
        "responsible": cause.responsible.value,
        "meaning": text(cause.meaning),
        "remedy": None if cause.remedy is None else text(cause.remedy),
    }


def _explained(one: Recognised, *, of_a_server: bool) -> ExplainedMessage:
    message = one.message
    client = () if of_a_server and message.server else message.client
    return ExplainedMessage(
        words=one.words,
        tools=message.tools,
        meaning=message.meaning,
        client=tuple(map(_possible, client)),
        server=tuple(map(_possible, message.server)),
        separate=message.separate,
    )


def _possible(cause: Cause) -> PossibleCause:
    text = cause_texts()[cause]
    return PossibleCause(cause=cause, responsible=cause.sides[0], meaning=text.meaning, remedy=text.remedy)


@cache
def rule_book() -> RuleBook:
    """Return the rules of the diagnosis."""
    return read_rules(_file("hypotheses.toml"), cause_texts())


@cache
def _messages() -> MessageCatalogue:
    return read_messages(_file("messages.toml"))


def _file(name: str) -> str:
    return (resource_folder() / "diagnosis" / name).read_text(encoding="utf-8")
