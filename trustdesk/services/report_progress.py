"""How far the writing of a report is, and whether it is to stop."""

from __future__ import annotations

from collections.abc import Callable


class ReportSteps:
    """Counts steps; for one thread. Each endpoint is two: read once, written once."""

    def __init__(
        self,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Begin with nothing done.

        Args:
            on_progress: told how many steps are done, of how many.
            is_cancelled: whether nobody wants the report any more.
        """
        self._on_progress = on_progress
        self._is_cancelled = is_cancelled
        self._done, self._total = 0, 0

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody wants the report any more."""
        return self._is_cancelled()

    def begin(self, total: int) -> None:
        """Say how many steps there will be."""
        self._done, self._total = 0, total
        self._on_progress(0, total)

    def advance(self, steps: int) -> None:
        """Say that some more are done."""
        self._done = min(self._done + steps, self._total)
        self._on_progress(self._done, self._total)

    def reach(self, done: int) -> None:
        """Say how many steps are done by now."""
        self._done = min(max(self._done, done), self._total)
        self._on_progress(self._done, self._total)

    def share(self, done: int, of: int) -> None:
        """Say how much of the second half is done."""
        half = self._total // 2
        self._done = half + (self._total - half) * done // max(of, 1)
        self._on_progress(self._done, self._total)
