"""What the message of another tool means: the set of causes behind a text that somebody pastes.

The texts are data (`resources/diagnosis/messages.toml`). One text seldom proves one cause, so the answer is
a set, with what separates it. Everything pasted is somebody else's: it is matched, never interpreted.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from trustdesk.core.message import Message
from trustdesk.diagnose.cause_texts import CatalogueError, text_of, texts_of
from trustdesk.diagnose.causes import Cause

MAX_TEXT = 16 * 1024
"""Characters that are looked at: patterns with gaps cost the square of it at worst."""

_KEYS = frozenset({"pattern", "tools", "meaning", "client", "server", "separate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMessage:
    """One message of the catalogue.

    Attributes:
        pattern: compiled, for letters of either case, each line by itself.
        tools: who writes it.
        meaning: what it says.
        client: causes where the connecting side writes it, the likeliest first.
        server: causes where the partner's server writes it.
        separate: what tells them apart; None where there is nothing to tell.
    """

    pattern: re.Pattern[str]
    tools: tuple[str, ...]
    meaning: Message
    client: tuple[Cause, ...]
    server: tuple[Cause, ...]
    separate: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A known message in a pasted text.

    Attributes:
        words: the part of the text that was recognised; somebody else's words.
        position: characters from the start of the text.
    """

    message: KnownMessage
    words: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCatalogue:
    """All known messages.

    Attributes:
        server_log: what only a server writes about its clients.
    """

    messages: tuple[KnownMessage, ...]
    server_log: re.Pattern[str]


def read_messages(text: str) -> MessageCatalogue:
    """Read the catalogue.

    Raises:
        CatalogueError: an entry is incomplete, or names what there is not.
    """
    tables = tomllib.loads(text)
    try:
        server_log = _pattern(tables["server_log"])
    except (KeyError, ValueError, TypeError, re.error) as error:
        raise CatalogueError(f"server_log: {error}") from error
    messages = tuple(_read(number, table) for number, table in enumerate(tables["message"], 1))
    return MessageCatalogue(messages=messages, server_log=server_log)


def is_of_a_server(pasted: str, catalogue: MessageCatalogue) -> bool:
    """Whether a text is plainly from the log of a server."""
    return catalogue.server_log.search(pasted[:MAX_TEXT]) is not None


def recognise(pasted: str, catalogue: MessageCatalogue) -> tuple[Recognised, ...]:
    """Return the known messages in a text, each once, in their order; empty when nothing is known of it.

    Where one match lies within another, the longer says more and stands alone.
    """
    text = pasted[:MAX_TEXT]
    found = [
        Recognised(message=message, words=match[0], position=match.start())
        for message in catalogue.messages
        if (match := message.pattern.search(text)) is not None
    ]
    alone = [one for one in found if not any(_lies_within(one, other) for other in found)]
    return tuple(sorted(alone, key=lambda one: (one.position, -len(one.words))))


def _lies_within(one: Recognised, other: Recognised) -> bool:
    begins, ends = one.position, one.position + len(one.words)
    return (
        len(other.words) > len(one.words)
        and other.position <= begins
        and ends <= other.position + len(other.words)
    )


def _read(number: int, table: dict[str, object]) -> KnownMessage:
    place = f"message {number}"
    unknown = table.keys() - _KEYS
    if unknown:
        raise CatalogueError(f"{place}: unknown {sorted(unknown)}")
    separate = table.get("separate")
    try:
        return KnownMessage(
            pattern=_pattern(table["pattern"]),
            tools=texts_of(table["tools"]),
            meaning=Message(id=text_of(table["meaning"])),
            client=tuple(Cause(code) for code in texts_of(table.get("client", []))),
            server=tuple(Cause(code) for code in texts_of(table.get("server", []))),
            separate=None if separate is None else Message(id=text_of(separate)),
        )
    except (KeyError, ValueError, TypeError, re.error) as error:
        raise CatalogueError(f"{place}: {error}") from error


def _pattern(value: object) -> re.Pattern[str]:
    return re.compile(text_of(value), re.IGNORECASE | re.MULTILINE)
