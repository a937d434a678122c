"""A token as a person gives it, made ready for its one use."""

from __future__ import annotations

from datetime import UTC, datetime

from trustdesk.core.bearer_token import BearerToken
from trustdesk.core.errors import UnusableInputError
from trustdesk.formats.strict_json import number_of
from trustdesk.formats.token import read_token


def bearer_token(text: str) -> BearerToken:
    """Take a token; when it ends is read out of it where it is a JWT.

    Raises:
        UnusableInputError: there is none, or it is none; never quotes it.
    """
    return BearerToken("".join(text.split()) if _is_wrapped(text) else text, _expires_at(text))


def _is_wrapped(text: str) -> bool:
    """Whether a token of dots and base64url was broken into lines, as mails break it."""
    return "\n" in text.strip() and text.count(".") >= 2 and "bearer" not in text.lower()


def _expires_at(text: str) -> datetime | None:
    try:
        claims = read_token(text).claims
    except UnusableInputError:
        return None  # no JWT: an opaque token is one too
    instant = number_of((claims or {}).get("exp"))
    if instant is None:
        return None
    try:
        return datetime.fromtimestamp(instant, UTC)
    except (OverflowError, OSError, ValueError):
        return None
