"""Messages into words, for every label of the window."""

from __future__ import annotations

from trustdesk.core.message import Message
from trustdesk.services.wording import wording

_ONE_LINE = 20 * 3 - 1


def say(message: Message) -> str:
    """Return the sentence in the person's language: plain text, one line, foreign parameters escaped."""
    return wording().text(message)


def say_number(value: float) -> str:
    """Return a number as the person's language writes it; a fraction with one digit."""
    return wording().number(value)


def fingerprint_text(digest: str) -> str:
    """Return a digest as upper-case pairs with colons; one of more than 20 octets on two lines."""
    from trustdesk.services.fingerprints import in_pairs  # the frame has none, and is painted sooner so

    pairs = in_pairs(digest)
    if len(pairs) <= _ONE_LINE:
        return pairs
    half = (len(digest) + 3) // 4 * 3
    return f"{pairs[: half - 1]}\n{pairs[half:]}"
