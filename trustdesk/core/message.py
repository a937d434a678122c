"""Sentences as values: a message id and named parameters, rendered at the edge."""

from __future__ import annotations

from datetime import datetime

from trustdesk.core.light_dataclass import light_dataclass

Parameter = str | int | float | datetime


@light_dataclass(frozen=True, slots=True)
class Message:
    """One sentence that a person will read.

    Attributes:
        id: the gettext message id, which is the English sentence with `{name}` places.
        plural_id: the English plural, or None for a sentence without a counted thing.
        count: the number that chooses the plural form; None without `plural_id`.
        params: named parameters, in the order given. Text from a peer may stand here as it came;
            the renderer bounds and escapes every text parameter (`core.untrusted`).
    """

    id: str
    plural_id: str | None = None
    count: int | None = None
    params: tuple[tuple[str, Parameter | Message], ...] = ()


def msg(message_id: str, /, **params: Parameter | Message) -> Message:
    """Make a message. Babel extracts the first argument of this call."""
    return Message(message_id, None, None, tuple(params.items()))


def msg_n(message_id: str, plural_id: str, count: int, /, **params: Parameter | Message) -> Message:
    """Make a message with a plural form; `{count}` is set. Babel extracts both ids."""
    counted = (("count", count), *params.items())
    return Message(message_id, plural_id, count, counted)


_MAX_LISTED = 12


def listed(names: tuple[str, ...] | list[str]) -> str | Message:
    """Return names as one parameter, the many cut short and counted."""
    if len(names) <= _MAX_LISTED:
        return ", ".join(names)
    shown = ", ".join(names[:_MAX_LISTED])
    return msg("{shown} and {count} more", shown=shown, count=len(names) - _MAX_LISTED)
