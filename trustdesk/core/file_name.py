"""File names made of what people and CAs call things."""

from __future__ import annotations

import re

_MAX_LENGTH = 60


def plain_stem(title: str, otherwise: str) -> str:
    """Return a title as part of a file name that every system and every shell takes as it stands.

    Args:
        otherwise: what is returned when nothing of the title can stand there.
    """
    plain = title.lower().replace("*.", "wildcard.")
    return re.sub(r"[^a-z0-9.-]+", "-", plain)[:_MAX_LENGTH].strip(".-") or otherwise
