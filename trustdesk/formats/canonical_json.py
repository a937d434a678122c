"""JSON of which there is only one spelling (RFC 8785), so that a digest over it means something.

Only text, whole numbers, truth values, lists and objects occur here: the numbers of RFC 8785 that need
care are those with a fraction, and none of ours has one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

_EXACT = 2**53 - 1
"""Beyond it another reader of JSON may take a neighbour for the number (RFC 8785 3.2.2.3, RFC 7493 2.2)."""


def canonical_json(document: object) -> bytes:
    """Return the one spelling of a document in UTF-8.

    Raises:
        ValueError: a value of another kind, a number that others cannot hold, or a lone surrogate.
    """
    return json.dumps(_ordered(document), ensure_ascii=False, separators=(",", ":")).encode()


def well_formed(text: str) -> str:
    """Return a text as JSON and every database can hold it: lone surrogates and NUL become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")


def _ordered(value: object) -> object:
    match value:
        case None | bool() | str():
            return value
        case int() if abs(value) <= _EXACT:
            return value
        case Mapping():
            if not all(isinstance(name, str) for name in value):
                raise ValueError("a name that is no text")
            # RFC 8785 3.2.3: by UTF-16 code units, which is not Python's order beyond U+FFFF.
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return {name: _ordered(value[name]) for name in names}
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [_ordered(one) for one in value]
        case _:
            raise ValueError(f"no canonical spelling of a {type(value).__name__}")
