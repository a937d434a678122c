"""What each root cause means and what to do about it, in the words of `resources/diagnosis/causes.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from trustdesk.core.message import Message
from trustdesk.diagnose.causes import Cause


class CatalogueError(ValueError):
    """A file of the diagnosis is not what the program was made for: a fault of ours, said with its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseText:
    """One cause in words.

    Attributes:
        meaning: as it is said where nothing more is known of the case.
        remedy: what to do, and by whom; None where nothing has to be done.
        separate: what tells it from its neighbours; None where nothing is near.
    """

    meaning: Message
    remedy: Message | None
    separate: Message | None


def read_cause_texts(text: str) -> Mapping[Cause, CauseText]:
    """Read the file.

    Raises:
        CatalogueError: a cause is missing, unknown, or without its meaning.
    """
    tables = tomllib.loads(text)
    strangers = tables.keys() - set(Cause)
    if strangers or len(tables) != len(Cause):
        missing = set(Cause) - tables.keys()
        raise CatalogueError(f"causes: unknown {sorted(strangers)}, missing {sorted(missing)}")
    return {
        Cause(code): CauseText(
            meaning=_sentence(table, "meaning", code),
            remedy=_sentence(table, "remedy", code) if "remedy" in table else None,
            separate=_sentence(table, "separate", code) if "separate" in table else None,
        )
        for code, table in tables.items()
    }


def _sentence(table: Mapping[str, object], key: str, code: str) -> Message:
    text = table.get(key)
    if not isinstance(text, str) or not text:
        raise CatalogueError(f"causes: {code} has no {key}")
    return Message(id=text)


def text_of(value: object) -> str:
    """Return a value of one of the files of the diagnosis, where a text has to stand.

    Raises:
        TypeError: it is none, or empty.
    """
    if not isinstance(value, str) or not value:
        raise TypeError(f"no text: {value!r}")
    return value


def texts_of(value: object) -> tuple[str, ...]:
    """Return the texts of a list, as `text_of`.

    Raises:
        TypeError: it is no list, or one of them is no text.
    """
    if not isinstance(value, list):
        raise TypeError(f"no list: {value!r}")
    return tuple(text_of(item) for item in value)
