"""What a second start tells the first, in octets; whoever can reach the socket may send anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_OCTETS = 64 * 1024
"""Of a whole message; what is longer is refused unread."""

MAX_FILES = 256
_MAX_PATH = 4096
_MAX_TOKEN = 256
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A second start of the program on the same workspace.

    Attributes:
        files: absolute paths to open; empty only brings the window to the front.
        token: the desktop's permission to come to the front (XDG activation); None where it gave none.
    """

    files: tuple[Path, ...]
    token: str | None = None


def written(handover: Handover) -> bytes | None:
    """Return the message, one line; None when it would be longer than the first start reads."""
    files = [str(file) for file in handover.files]
    text = json.dumps({"version": _VERSION, "files": files, "token": handover.token})
    octets = text.encode("ascii") + b"\n"
    return octets if len(octets) <= MAX_OCTETS and len(files) <= MAX_FILES else None


def read(octets: bytes) -> Handover | None:
    """Return what a message says; None for anything that `written` does not write."""
    try:
        document = json.loads(octets.decode("ascii"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or set(document) != {"version", "files", "token"}:
        return None
    files, token = document["files"], document["token"]
    if document["version"] != _VERSION or not isinstance(files, list) or len(files) > MAX_FILES:
        return None
    if not all(isinstance(file, str) and _is_path(file) for file in files):
        return None
    if token is not None and not (isinstance(token, str) and _is_token(token)):
        return None
    return Handover(files=tuple(Path(file) for file in files), token=token)


def token_in(environ: Sequence[str | None]) -> str | None:
    """Return the first of these values that is a token as desktops make them; None for none."""
    return next((value for value in environ if value and _is_token(value)), None)


def _is_path(text: str) -> bool:
    return 0 < len(text) <= _MAX_PATH and "\0" not in text and Path(text).is_absolute()


def _is_token(text: str) -> bool:
    return len(text) <= _MAX_TOKEN and text.isascii() and text.isprintable()
