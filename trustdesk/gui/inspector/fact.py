"""One line of an item's facts."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.message import Message
from trustdesk.gui.theme.type import TypeStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line: label, value, and the style of the value.

    Attributes:
        link: key of the item that a press on the value leads to; None for none.
        ink: token of the value's colour.
    """

    label: Message
    value: str
    style: TypeStyle = TypeStyle.BODY
    link: str | None = None
    ink: str = "text"
