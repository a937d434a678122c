"""How far an import is, on standard error at a terminal."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from trustdesk.cli.render import console
from trustdesk.core.message import msg
from trustdesk.services.trust_desk import ImportPhase, ImportProgress
from trustdesk.services.wording import wording

_QUIET_S = 1.0
_WORDS = {
    ImportPhase.FETCHING: msg("Fetching"),
    ImportPhase.READING: msg("Reading"),
    ImportPhase.CHECKING: msg("Checking"),
    ImportPhase.KEEPING: msg("Keeping"),
}


class ImportBar:
    """Shows phases of an import that takes more than a second; nothing without a terminal."""

    def __init__(self) -> None:
        out = console(for_errors=True)
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=out,
            transient=True,
            disable=not out.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)
        self._shown = False
        self._since = time.monotonic()
        self._lock = threading.Lock()

    def __enter__(self) -> ImportBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if self._shown:
                self._bar.stop()

    def show(self, progress: ImportProgress) -> None:
        """Show a step; from any thread."""
        with self._lock:
            self._bar.update(
                self._task,
                description=wording().text(_WORDS[progress.phase]),
                completed=progress.done,
                total=progress.total,
            )
            if not self._shown and time.monotonic() - self._since > _QUIET_S:
                self._bar.start()
                self._shown = True
