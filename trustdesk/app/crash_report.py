"""What is told of a mistake of ours: versions and the traceback, without anything secret, in one text.

Nothing is sent anywhere: a person copies or saves it, reads it, and sends it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from trustdesk import __version__
from trustdesk.app.log_redaction import redacted

_MOST = 60_000
"""Characters of a report: a recursion has thousands of lines that say the same."""


def crash_report(
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    *,
    where: str = "",
    now: datetime | None = None,
) -> str:
    """Return the report; the person's home folder is named ~.

    Args:
        where: the thread that it happened in; "" for the main one.
        now: None for the present.
    """
    import platform  # like tempfile below: the first paint need not wait for it

    at = (now or datetime.now(UTC)).astimezone(UTC)
    lines = "".join(traceback.format_exception(kind, error, trace))
    if len(lines) > _MOST:
        lines = f"{lines[: _MOST // 2]}\n[…]\n{lines[-_MOST // 2 :]}"
    head = [
        f"trustdesk {__version__}",
        f"Python {platform.python_version()}, {platform.system()} {platform.release()} {platform.machine()}",
        f"{at:%Y-%m-%d %H:%M:%S} UTC{f', thread {where}' if where else ''}",
    ]
    text = redacted("\n".join(head) + "\n\n" + lines)
    return _without_home(text)


def keep_report(text: str) -> Path | None:
    """Write a report into a new file of mode 0600 in the temporary folder; None where that fails."""
    import tempfile

    with contextlib.suppress(OSError):
        number, name = tempfile.mkstemp(prefix="trustdesk-crash-", suffix=".txt")
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        return Path(name)
    return None


def catch_crashes(tell: Callable[[str], None]) -> Callable[[], None]:
    """Have every exception that nobody took told as a report, besides what was done with it before.

    Args:
        tell: called on the thread where it happened.

    Returns:
        What puts everything back as it was.
    """
    main, of_thread = sys.excepthook, threading.excepthook

    def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        main(kind, error, trace)
        if issubclass(kind, Exception):
            tell(crash_report(kind, error, trace))

    def crashed_thread(crash: threading.ExceptHookArgs) -> None:
        of_thread(crash)
        if crash.exc_value is not None and issubclass(crash.exc_type, Exception):
            where = crash.thread.name if crash.thread is not None else "unknown"
            tell(crash_report(crash.exc_type, crash.exc_value, crash.exc_traceback, where=where))

    sys.excepthook, threading.excepthook = crashed, crashed_thread

    def let_go() -> None:
        sys.excepthook, threading.excepthook = main, of_thread

    return let_go


def _without_home(text: str) -> str:
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text
