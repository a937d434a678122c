"""Progress on standard error, for work of more than a second at a terminal."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from trustdesk.cli.render import console
from trustdesk.core.message import Message, msg
from trustdesk.services.trust_desk import ImportPhase, ImportProgress
from trustdesk.services.wording import wording

_QUIET_S = 1.0
_PHASES = {
    ImportPhase.FETCHING: msg("Fetching"),
    ImportPhase.READING: msg("Reading"),
    ImportPhase.CHECKING: msg("Checking"),
    ImportPhase.KEEPING: msg("Keeping"),
}


class _LateBar:
    """Shows nothing in the first second and nothing without a terminal."""

    def __init__(
        self, *counts: ProgressColumn, words: Message | None = None, total: int | None = None
    ) -> None:
        out = console(for_errors=True)
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            *counts,
            TimeElapsedColumn(),
            console=out,
            transient=True,
            disable=not out.is_terminal,
        )
        self._task = self._bar.add_task("" if words is None else wording().text(words), total=total)
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

    def _start_when_late(self) -> None:
        if not self._shown and time.monotonic() - self._since > _QUIET_S:
            self._bar.start()
            self._shown = True


class ProbeBar(_LateBar):
    """Counts finished probes."""

    def __init__(self, total: int) -> None:
        super().__init__(MofNCompleteColumn(), words=msg("Testing"), total=total)

    def advance(self) -> None:
        """Count one more finished probe; from any thread."""
        if self._bar.disable:
            return
        with self._lock:
            self._bar.advance(self._task)
            self._start_when_late()


class StepBar(_LateBar):
    """Shows how much of how much is done."""

    def __init__(self, words: Message) -> None:
        super().__init__(words=words)

    def show(self, done: int, of: int) -> None:
        """Show it; from any thread."""
        with self._lock:
            self._bar.update(self._task, completed=done, total=of)
            self._start_when_late()


class ImportBar(_LateBar):
    """Shows the phases of an import."""

    def show(self, progress: ImportProgress) -> None:
        """Show a step; from any thread."""
        with self._lock:
            self._bar.update(
                self._task,
                description=wording().text(_PHASES[progress.phase]),
                completed=progress.done,
                total=progress.total,
            )
            self._start_when_late()


class ReportBar(_LateBar):
    """Counts the steps of a report."""

    def __init__(self) -> None:
        super().__init__(words=msg("Writing the report"))

    def show(self, done: int, total: int) -> None:
        """Show a step; from any thread."""
        with self._lock:
            self._bar.update(self._task, completed=done, total=total or None)
            self._start_when_late()


class ImpactBar(_LateBar):
    """Counts the stored chains that were judged."""

    def __init__(self) -> None:
        super().__init__(MofNCompleteColumn(), words=msg("Judging stored chains"))

    def show(self, done: int, total: int) -> None:
        """Show a step; from any thread."""
        with self._lock:
            self._bar.update(self._task, completed=done, total=total or None)
            self._start_when_late()
