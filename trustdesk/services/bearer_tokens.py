"""A token as a person gives it, made ready for its one use."""

from __future__ import annotations

from datetime import UTC, datetime

from trustdesk.core.bearer_token import BearerToken, without_scheme
from trustdesk.core.errors import UnusableInputError
from trustdesk.formats.strict_json import number_of
from trustdesk.formats.token import read_token

_DOTS = 2
"""In a signed JWT (RFC 7515 7.1)."""


def bearer_token(text: str) -> BearerToken:
    """Take a token; when it ends is read out of it where it is a JWT, and white space is taken away there.

    Raises:
        UnusableInputError: there is none, or it is none; never quotes it.
    """
    token = without_scheme(text)
    if token.count(".") == _DOTS:
        # As mails break it into lines, and as a field makes one line of those again.
        token = "".join(token.split())
    return BearerToken(token, _expires_at(token))


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
