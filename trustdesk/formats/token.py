"""Tokens (JWT, RFC 7519) taken apart, and forgotten: what is left here can be presented to nobody.

The compact form of JWS (RFC 7515 7.1) is read strictly: base64url without padding and without spare bits,
JSON in which every name stands once. What a face may show of it is in `shown`.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import bounded
from trustdesk.formats.strict_json import JsonFault, JsonValue, read_jose_json

MAX_TOKEN = 64 * 1024
"""Characters; servers take headers of 8 to 16 KB."""

MAX_NAMES = 64
"""Header parameters, and claims, that are shown."""

MAX_VALUE = 400
"""Characters of one value that are shown."""

_BEARER = re.compile(r"(?:authorization\s*:\s*)?bearer(?:\s+|\Z)", re.IGNORECASE)
_PART = re.compile(r"[A-Za-z0-9_-]*")
_LOOKS_LIKE_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")
_SIGNED_PARTS, _ENCRYPTED_PARTS = 3, 5
_NOT_SHOWN = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadToken:
    """A token as far as it could be read. Lives in memory for as long as it is judged.

    Attributes:
        parts: how many it has; 3 is a signed one, 5 an encrypted one (JWE).
        header, claims: None where they could not be read, with the reason in `problem`.
        signing_input, signature: what was signed and the signature; in no repr.
        problem: what is wrong with its form, in a sentence; None where nothing is.
    """

    parts: int
    header: Mapping[str, JsonValue] | None = field(default=None, repr=False)
    claims: Mapping[str, JsonValue] | None = field(default=None, repr=False)
    signing_input: bytes = field(default=b"", repr=False)
    signature: bytes = field(default=b"", repr=False)
    problem: Message | None = None


def read_token(text: str) -> ReadToken:
    """Take a token apart, whatever is wrong with it.

    `Bearer` before it, quotation marks around it and white space in it, as line breaks in a mail leave it,
    are taken away.

    Raises:
        UnusableInputError: there is nothing, too much, or several tokens; never quotes what it was given.
    """
    compact = _one_token(text)
    segments = compact.split(".")
    header = _json_part(segments[0])
    if len(segments) == _ENCRYPTED_PARTS and isinstance(header, Mapping) and "enc" in header:
        return ReadToken(
            parts=_ENCRYPTED_PARTS,
            header=header,
            problem=msg(
                "It has five parts: it is encrypted (JWE), and nobody but its receiver can read its claims."
            ),
        )
    if len(segments) != _SIGNED_PARTS:
        return ReadToken(
            parts=len(segments),
            problem=msg(
                "It has {count} parts between dots; a signed token has three: header, claims and signature.",
                count=len(segments),
            ),
        )
    return _signed(*segments)


def shown(values: Mapping[str, JsonValue] | None) -> tuple[tuple[str, str], ...]:
    """Return names and values as a person may see them: bounded, and without what could be presented.

    A value that is itself a token, or holds one, is left out.
    """
    if values is None:
        return ()
    pairs = [(bounded(name, 64), _in_words(value)) for name, value in list(values.items())[:MAX_NAMES]]
    if len(values) > MAX_NAMES:
        pairs.append((_NOT_SHOWN, str(len(values) - MAX_NAMES)))
    return tuple(pairs)


def base64url_bytes(text: str) -> bytes | None:
    """Decode base64url as RFC 7515 2 has it, without padding; None where it is not, to the last bit."""
    if not _PART.fullmatch(text) or len(text) % 4 == 1:
        return None
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    # Two texts for the same bytes would be two tokens with one signature.
    return data if base64url_text(data) == text else None


def base64url_text(data: bytes) -> str:
    """Encode as RFC 7515 2 has it, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _one_token(text: str) -> str:
    if len(text) > MAX_TOKEN:
        raise UnusableInputError(
            msg("There are more than {limit} characters, too many for a token.", limit=MAX_TOKEN),
            remedy=msg("Give the token alone."),
        )
    stripped = text.strip().strip("\"'").strip()
    prefix = _BEARER.match(stripped)
    if prefix is not None:
        stripped = stripped[prefix.end() :]
    words = stripped.split()
    if not words:
        raise UnusableInputError(
            msg("There is no token."), remedy=msg("Give a token on standard input, or paste one.")
        )
    whole = sum(bool(_LOOKS_LIKE_TOKEN.fullmatch(word)) for word in words)
    if whole > 1 or any(_BEARER.fullmatch(word) for word in words):
        raise UnusableInputError(
            msg("There is more than one token."), remedy=msg("Give one token at a time.")
        )
    return "".join(words).strip("\"'")


def _signed(header_part: str, claims_part: str, signature_part: str) -> ReadToken:
    header, claims = _json_part(header_part), _json_part(claims_part)
    signature = base64url_bytes(signature_part)
    problem: Message | None = None
    if isinstance(header, Message):
        problem = msg("Its header cannot be read: {reason}.", reason=header)
    elif isinstance(claims, Message):
        problem = msg("Its claims cannot be read: {reason}.", reason=claims)
    elif signature is None:
        problem = msg("Its signature is not base64url without padding.")
    return ReadToken(
        parts=_SIGNED_PARTS,
        header=None if isinstance(header, Message) else header,
        claims=None if isinstance(claims, Message) else claims,
        signing_input=f"{header_part}.{claims_part}".encode("ascii", "replace"),
        signature=signature or b"",
        problem=problem,
    )


def _json_part(part: str) -> Mapping[str, JsonValue] | Message:
    data = base64url_bytes(part)
    if data is None:
        return msg("it is not base64url without padding")
    try:
        value = read_jose_json(data, finite=False)
    except JsonFault as fault:
        return fault.reason
    return value if isinstance(value, Mapping) else msg("it is no JSON object")


def _in_words(value: JsonValue) -> str:
    if isinstance(value, str):
        return _NOT_SHOWN if _LOOKS_LIKE_TOKEN.search(value) else bounded(value, MAX_VALUE)
    if isinstance(value, float) and not math.isfinite(value):
        return _NOT_SHOWN
    return bounded(json.dumps(_without_tokens(value), ensure_ascii=False), MAX_VALUE)


def _without_tokens(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return _NOT_SHOWN if _LOOKS_LIKE_TOKEN.search(value) else bounded(value, MAX_VALUE)
    if isinstance(value, Mapping):
        return {bounded(name, 64): _without_tokens(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_without_tokens(one) for one in value]
    return value
