"""Messages into words, for every label of the window."""

from __future__ import annotations

from trustdesk.core.message import Message
from trustdesk.services.wording import wording


def say(message: Message) -> str:
    """Return the sentence in the person's language: plain text, one line, foreign parameters escaped."""
    return wording().text(message)
