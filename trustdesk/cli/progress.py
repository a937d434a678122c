"""A progress bar on standard error, for work of more than a second at a terminal."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from trustdesk.cli.render import console
from trustdesk.core.message import msg
from trustdesk.services.wording import wording

_QUIET_S = 1.0


class Progress:
    """Counts finished probes; shows nothing in the first second and nothing without a terminal."""

    def __init__(self, total: int) -> None:
        out = console(for_errors=True)
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=out,
            transient=True,
            disable=not out.is_terminal,
        )
        self._task = self._bar.add_task(wording().text(msg("Testing")), total=total)
        self._shown = False
        self._since = time.monotonic()
        self._lock = threading.Lock()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if self._shown:
                self._bar.stop()

    def advance(self) -> None:
        """Count one more finished probe; from any thread."""
        with self._lock:
            self._bar.advance(self._task)
            if not self._shown and time.monotonic() - self._since > _QUIET_S:
                self._bar.start()
                self._shown = True
