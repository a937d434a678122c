"""Distinguished names in short, for titles; never to tell one from another."""

from __future__ import annotations


def common_name(name: str | None) -> str:
    """Return the part of a name that a person recognises: its CN, else all of it. For titles only."""
    if not name:
        return "–"
    for part in _parts(name):
        kind, _, value = part.partition("=")
        if kind.strip().upper() == "CN" and value:
            return value
    return name


def _parts(name: str) -> list[str]:
    parts, current, escaped = [], "", False
    for character in name:
        if escaped:
            current, escaped = current + character, False
        elif character == "\\":
            escaped = True
        elif character in ",+":
            parts.append(current)
            current = ""
        else:
            current += character
    return [*parts, current]
