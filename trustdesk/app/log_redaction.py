"""Nothing secret in a log or a crash report, whoever wrote it: ours, or a library's.

Our own lines hold no key by construction. This is the net below them: an exception's text, a library's
debug line or a traceback may quote what it was given.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from types import TracebackType

REDACTED = "[redacted]"

_SECRETS = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\Z)"
    r"|TD1\|[^\s'\"]*"  # a key's record (storage.key_records)
    r"|\bb'(?:[^'\\]|\\.){24,}(?:'|\Z)"  # bytes as Python shows them
    r'|\bb"(?:[^"\\]|\\.){24,}(?:"|\Z)'
    r"|\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){1,4}"  # a token (RFC 7519), whole or its beginning
    r"|[A-Za-z0-9+/]{64,}={0,2}",  # Base64 of 48 bytes, a number of 64 digits; a line of a PEM block
    re.DOTALL,
)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PATH = re.compile(r"(?:/[A-Za-z0-9+]{1,32}){3,}/?")


def redacted(text: str) -> str:
    """Return a text without private keys, records of keys, long Base64, and bytes as Python shows them.

    SHA-256 in lower-case hex stays, which names certificates, and so do paths of files.
    """
    return _SECRETS.sub(_replacement, text)


def _replacement(found: re.Match[str]) -> str:
    is_harmless = _DIGEST.fullmatch(found[0]) or _PATH.fullmatch(found[0])
    return found[0] if is_harmless else REDACTED


def keep_secrets_out_of_logs() -> None:
    """Redact every log record as it is made, and every traceback of a crash before it is printed."""
    logging.setLogRecordFactory(_RedactedRecord)
    sys.excepthook = _print_crash
    threading.excepthook = _print_crash_of_thread
    sys.unraisablehook = _print_unraisable


class _RedactedRecord(logging.LogRecord):
    """A record that no handler can read a secret from: what is formatted later was redacted before."""

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]
        try:
            text = self.getMessage()
        except Exception:  # noqa: BLE001 - arguments that do not fit are the logging call's mistake, not a crash
            text = f"{self.msg} (with arguments that do not fit)"
        self.msg, self.args = redacted(text), ()
        if self.exc_info and self.exc_info[0] is not None:
            self.exc_text = redacted("".join(traceback.format_exception(*self.exc_info)).rstrip())
            self.exc_info = None
        if self.stack_info:
            self.stack_info = redacted(self.stack_info)


def _print_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None, *, of: str = ""
) -> None:
    # Windows programs without a console have no standard error.
    if sys.stderr is not None:
        lines = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(of + redacted(lines))


def _print_crash_of_thread(crash: threading.ExceptHookArgs) -> None:
    if crash.exc_type is SystemExit or crash.exc_value is None:
        return
    name = crash.thread.name if crash.thread is not None else "unknown"
    _print_crash(crash.exc_type, crash.exc_value, crash.exc_traceback, of=f"Exception in thread {name}:\n")


def _print_unraisable(crash: sys.UnraisableHookArgs) -> None:
    if crash.exc_value is not None:
        of = f"{crash.err_msg or 'Exception ignored'}:\n"
        _print_crash(crash.exc_type, crash.exc_value, crash.exc_traceback, of=of)
