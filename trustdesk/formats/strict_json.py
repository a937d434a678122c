"""JSON from strangers (RFC 8259, I-JSON of RFC 7493): one meaning, or what is wrong and where.

Two readers of one document must not see two documents (RFC 8725 2.6): a name that stands twice in an object,
a number that is none and bytes that are no UTF-8 are refused. Lists of CAs are read by `parse_json`, which
names the file and refuses what is no text; what comes from identity providers and in tokens by
`read_jose_json`, which bounds depth and numbers too.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import bounded

JsonValue = None | bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]
"""What a JSON text can hold."""

MAX_DEPTH = 32
"""Arrays and objects in each other; what is deeper is refused before it is read."""

_MAX_DIGITS = 400
_SHOWN = 64
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_SUSPICIOUS = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class JsonFault(ValueError):  # noqa: N818 - what is wrong with a text, as DerError for DER
    """A text that is no JSON, or that two readers could read in two ways.

    Attributes:
        reason: what is wrong, as words that can stand after a colon; never a long part of the text.
        line, column: where, counted from 1 in characters; None where that cannot be said.
    """

    def __init__(self, reason: Message, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason.id)
        self.reason = reason
        self.line = line
        self.column = column


def read_jose_json(data: bytes, *, finite: bool = True, max_depth: int = MAX_DEPTH) -> JsonValue:
    """Read a JSON text, as the library's own types.

    Args:
        data: bounded by whoever has it.
        finite: whether a number that no float can hold (1e999) is a fault; without, it is infinite.

    Raises:
        JsonFault: it is not strictly JSON; see there.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        raise JsonFault(msg("its bytes are not UTF-8"), *_place(before, len(before))) from None
    _require_flat(text, max_depth)

    def number(literal: str) -> float:
        value = float(literal)
        if finite and not math.isfinite(value):
            raise JsonFault(msg("a number in it is larger than any number can be"))
        return value

    def whole(literal: str) -> int:
        if len(literal) > _MAX_DIGITS:
            raise JsonFault(msg("a number in it has more than {count} digits", count=_MAX_DIGITS))
        return int(literal)

    try:
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=number,
            parse_int=whole,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        raise JsonFault(msg("it is no JSON"), error.lineno, error.colno) from None
    except RecursionError:
        raise _too_deep() from None
    return value


def texts_of(value: JsonValue) -> tuple[str, ...] | None:
    """Return the texts of an array of texts; None for anything else."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return None
    texts = tuple(one for one in value if isinstance(one, str))
    return texts if len(texts) == len(value) else None


def number_of(value: JsonValue) -> float | int | None:
    """Return a number; None for anything else, also for true and false, which Python counts as 1 and 0."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def parse_json(data: bytes, place: str) -> object:
    """Return what a document says.

    Raises:
        UnusableInputError: it is no JSON, not UTF-8, too deep, or not of one meaning; names line and byte as
            far as they are known.
    """
    text = _text(data, place)
    try:
        document: object = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except JsonFault as fault:
        raise _unusable(
            msg("The JSON is not of one meaning: {reason}.", reason=fault.reason), place
        ) from None
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


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if _seen_before(name, seen))
        raise JsonFault(msg("the name {name} stands twice in one object", name=bounded(twice, _SHOWN)))
    return found


def _seen_before(name: str, seen: set[str]) -> bool:
    was_there = name in seen
    seen.add(name)
    return was_there


def _no_constant(literal: str) -> NoReturn:
    raise JsonFault(msg("{literal} is no JSON number", literal=literal))


def _require_flat(text: str, max_depth: int) -> None:
    depth = 0
    for match in _TOKENS.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > max_depth:
                raise _too_deep(*_place(text, match.start()))
        elif match[0] in "]}":
            depth -= 1


def _too_deep(line: int | None = None, column: int | None = None) -> JsonFault:
    return JsonFault(msg("arrays and objects are nested too deep in it"), line, column)


def _place(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


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
