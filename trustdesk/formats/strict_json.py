"""JSON from strangers (RFC 8259, I-JSON of RFC 7493): one meaning, or an error with its place.

Two readers of one signed document must not see two documents: a name that stands twice in an object, a
number that is none and a text that is no Unicode are refused.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import bounded

_SHOWN = 100
_SUSPICIOUS = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def parse_json(data: bytes, place: str) -> object:
    """Return what a document says.

    Raises:
        UnusableInputError: it is no JSON, not UTF-8, too deep, or not of one meaning; names line and byte as
            far as they are known.
    """
    text = _text(data, place)
    try:
        document: object = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except _RefusedError as error:
        raise _unusable(error.problem, place) from None
    except json.JSONDecodeError as error:
        at = len(text[: error.pos].encode())
        if not text[error.pos :].strip():
            raise _unusable(msg("The JSON is cut short: it ends at byte {byte}.", byte=at), place) from None
        raise _unusable(
            msg(
                "This is no JSON from line {line} on, at byte {byte}: {detail}.",
                line=error.lineno,
                byte=at,
                detail=error.msg,
            ),
            place,
        ) from None
    except RecursionError:
        raise _unusable(msg("The JSON is nested too deep."), place) from None
    except ValueError:
        raise _unusable(msg("The JSON holds a number that is too long."), place) from None
    if _SUSPICIOUS.search(data) is not None or b"\0" in data:
        _only_text(document, place)
    return document


class _RefusedError(Exception):
    def __init__(self, problem: Message) -> None:
        super().__init__(problem.id)
        self.problem = problem


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if _seen_before(name, seen))
        raise _RefusedError(
            msg("The name {name} stands twice in one object of the JSON.", name=bounded(twice, _SHOWN))
        )
    return found


def _seen_before(name: str, seen: set[str]) -> bool:
    was_there = name in seen
    seen.add(name)
    return was_there


def _no_number(word: str) -> NoReturn:
    raise _RefusedError(msg("{word} stands in the JSON where only a number may.", word=word))


def _text(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unusable(msg("The JSON is not UTF-8 at byte {byte}.", byte=error.start), place) from None


def _only_text(document: object, place: str) -> None:
    """Refuse half of a surrogate pair and NUL, which no database and no other program takes."""
    waiting = [document]
    while waiting:
        match waiting.pop():
            case str(text):
                found = _NO_TEXT.search(text)
                if found is not None:
                    code = f"U+{ord(found[0]):04X}"
                    raise _unusable(
                        msg("A text of the JSON holds a character that is none: {code}.", code=code), place
                    )
            case dict(members):
                waiting += [*members, *members.values()]
            case list(elements):
                waiting += elements
            case _:
                pass


def _unusable(problem: Message, place: str) -> UnusableInputError:
    remedy = msg("Get the file again from whoever publishes it, and see that it is whole.")
    return UnusableInputError(problem, remedy=remedy, place=place)
