"""Work on the window's thread that is long and not urgent: some milliseconds of it between two events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer

_BUDGET_S = 0.005
"""How long is worked before the window has its turn again."""

_FEW = 300
"""Things up to which all is done at once: in less time than a person notices."""


class BitByBit(QObject):
    """Does one piece of work at a time; another one takes the place of what was not finished."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Iterator[None] | None = None
        self._done: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_working(self) -> bool:
        """Whether something is not finished yet."""
        return self._done is not None

    def do(self, work: Iterator[None], done: Callable[[], None], *, count: int) -> None:
        """Work; little is done at once, before this returns.

        Args:
            work: yields where the window may have its turn, each millisecond or so.
            done: called once it is finished; where it was much, in a turn of its own.
            count: how many things it is about.
        """
        self._work, self._done = work, done
        if count > _FEW:
            self._timer.start()
            return
        for _ in work:
            pass
        self._finish()

    def stop(self) -> None:
        """Forget what was not finished."""
        self._timer.stop()
        self._work = self._done = None

    def _go_on(self) -> None:
        if self._work is None:
            self._finish()
            return
        until = time.perf_counter() + _BUDGET_S
        while time.perf_counter() < until:
            try:
                next(self._work)
            except StopIteration:
                self._work = None
                return

    def _finish(self) -> None:
        done = self._done
        self.stop()
        if done is not None:
            done()
