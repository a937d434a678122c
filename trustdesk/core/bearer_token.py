"""A token that a person gave for one use: it is taken once, shown never, and then it is gone."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NoReturn

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg

MAX_TOKEN = 16 * 1024
"""Characters: what servers take in one header field."""

_B64TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_SCHEME = re.compile(r"(?:authorization\s*:\s*)?bearer(?:\s+|\Z)", re.IGNORECASE)


def without_scheme(text: str) -> str:
    """Return a token without the words that are copied along ("Authorization: Bearer"), and without edges."""
    return _SCHEME.sub("", text.strip(), count=1).strip()


class BearerToken:
    """One token, as RFC 6750 2.1 has it in a header field.

    It has no repr that tells, cannot be pickled or copied, and no error about it quotes it.

    Attributes:
        expires_at: when it ends by its own word; None where it does not say.
    """

    __slots__ = ("_text", "expires_at")

    def __init__(self, text: str, expires_at: datetime | None = None) -> None:
        """Take a token, with or without the words before it that are copied along ("Bearer ").

        Raises:
            UnusableInputError: it is none.
        """
        token = without_scheme(text)
        if not token:
            raise UnusableInputError(
                msg("There is no token."), remedy=msg("Give the token that your identity provider issued.")
            )
        if len(token) > MAX_TOKEN:
            raise UnusableInputError(
                msg("The token is longer than {limit} characters.", limit=MAX_TOKEN),
                remedy=msg("Give one token, and nothing else."),
            )
        if _B64TOKEN.fullmatch(token) is None:
            raise UnusableInputError(
                msg("This is no bearer token: it holds a character that none can hold."),
                remedy=msg("Give one token, and nothing else."),
            )
        self._text: str | None = token
        self.expires_at = expires_at

    @property
    def is_there(self) -> bool:
        """Whether it was neither taken nor forgotten yet."""
        return self._text is not None

    def take(self) -> str:
        """Return it, once.

        Raises:
            ValueError: it was taken or forgotten before.
        """
        text, self._text = self._text, None
        if text is None:
            raise ValueError("the token is gone")
        return text

    def forget(self) -> None:
        """Let go of it; any number of times."""
        self._text = None

    def __repr__(self) -> str:
        return "BearerToken(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is neither copied nor kept")
