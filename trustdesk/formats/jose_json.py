"""JSON in tokens and key sets of strangers, in which no two readers can see different things (RFC 8725 2.6).

A name that stands twice in an object, NaN, bytes that are no UTF-8 and a depth that nobody writes are
faults here; so is anything after the value.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn

from trustdesk.core.message import Message, msg

JsonValue = None | bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]
"""What a JSON text can hold."""

MAX_DEPTH = 32
"""Arrays and objects in each other; what is deeper is refused before it is read."""

_MAX_DIGITS = 400
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


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


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise JsonFault(msg("the name {name} stands twice in one object", name=twice[:64]))
    return found


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
