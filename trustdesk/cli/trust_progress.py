"""How far something long is, on standard error at a terminal."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from trustdesk.cli.render import console
from trustdesk.core.message import Message, msg
from trustdesk.services.trust_desk import ImportPhase, ImportProgress
from trustdesk.services.wording import wording

_QUIET_S = 1.0
_WORDS = {
    ImportPhase.FETCHING: msg("Fetching"),
    ImportPhase.READING: msg("Reading"),
    ImportPhase.CHECKING: msg("Checking"),
    ImportPhase.KEEPING: msg("Keeping"),
}
_JUDGING = msg("Judging stored chains")


class QuietBar:
    """Shows what takes more than a second; nothing without a terminal."""

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if self._shown:
                self._bar.stop()

    def _tell(self, words: Message, done: int, total: int | None) -> None:
        """Show a step; from any thread."""
        with self._lock:
            self._bar.update(self._task, description=wording().text(words), completed=done, total=total)
            if not self._shown and time.monotonic() - self._since > _QUIET_S:
                self._bar.start()
                self._shown = True


class ImportBar(QuietBar):
    """Shows phases of an import."""

    def show(self, progress: ImportProgress) -> None:
        """Show a step; from any thread."""
        self._tell(_WORDS[progress.phase], progress.done, progress.total)


class ImpactBar(QuietBar):
    """Shows how many stored chains were judged."""

    def show(self, done: int, total: int) -> None:
        """Show a step; from any thread."""
        self._tell(_JUDGING, done, total or None)
