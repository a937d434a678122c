"""JSON as text that a terminal and a reader of lines can take: UTF-8, and nothing invisible in the raw."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping

_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e\n]")
_ESCAPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def json_text(document: object, indent: int | None = None) -> str:
    r"""Return a document as JSON (RFC 8259), letters as they are.

    Control, format, surrogate, private and unassigned characters and line separators, which only strings can
    hold, are written as `\uNNNN`: a peer's text steers no terminal and breaks no line.
    """
    return _NOT_PRINTABLE.sub(_escaped, json.dumps(document, ensure_ascii=False, indent=indent))


def compact_json(document: Mapping[str, object]) -> str:
    """Return a document as a workspace keeps it: in ASCII.

    A peer's lone surrogates and NULs are kept as escapes, which every database takes.
    """
    return json.dumps(document, separators=(",", ":"))


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if unicodedata.category(character) not in _ESCAPED_CATEGORIES:
        return character
    return json.dumps(character)[1:-1]
