"""Text from a peer, made harmless: bounded, one line, nothing invisible, nothing that turns direction.

What a peer sends (names in certificates, HTTP headers, SASL mechanisms) is hostile. Records keep it as it
came, within a bound; every face shows it through `visible`.
"""

from __future__ import annotations

import unicodedata

MAX_SHOWN = 200
"""Characters of one foreign text that a face shows."""

MAX_KEPT = 4096
"""Characters of one foreign text that a record keeps."""

# Cc control, Cf format (bidirectional controls, zero width), Cs surrogate, Co private use, Cn unassigned,
# Zl and Zp line separators. U+00AD and the tag characters are Cf.
_ESCAPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MAX_MARKS = 2


def visible(text: str, limit: int = MAX_SHOWN) -> str:
    r"""Return `text` as one bounded line in which every character can be seen.

    Control, format, surrogate, private and unassigned characters become `\xNN`, `\uNNNN` or `\UNNNNNNNN`;
    a third combining mark in a row is dropped; a text over `limit` characters ends in an ellipsis and its
    length.
    Markup stays what it is, text: escaping it is the duty of the face that shows markup.
    """
    shown: list[str] = []
    marks = 0
    for character in text[: limit + 1]:
        category = unicodedata.category(character)
        if category in _ESCAPED_CATEGORIES:
            shown.append(_escape(ord(character)))
            marks = 0
        elif category.startswith("M"):
            marks += 1
            if marks <= _MAX_MARKS:
                shown.append(character)
        else:
            marks = 0
            shown.append(" " if category == "Zs" else character)
    if len(text) > limit:
        return f"{''.join(shown)[:limit]}… ({len(text)} characters)"
    return "".join(shown)


def bounded(text: str, limit: int = MAX_KEPT) -> str:
    """Return at most `limit` characters of a foreign text, for a record that is kept."""
    return text if len(text) <= limit else text[:limit]


def _escape(code_point: int) -> str:
    if code_point <= 0xFF:
        return f"\\x{code_point:02x}"
    if code_point <= 0xFFFF:
        return f"\\u{code_point:04x}"
    return f"\\U{code_point:08x}"
