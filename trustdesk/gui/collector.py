"""Python's collector, kept from what stays.

Modules, pages and the rows of a long table live until they are closed. To look through them for garbage holds
up every thread for 100 ms each time.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_EVERY_MS = 100
"""In a sweep thousands of objects become old a second: the fewer, the shorter the window stands still."""

_MIDDLE = 1

_BULK = 20_000
"""New objects that are not a face's but the rows of a long table; to look through them takes 10 ms."""

_UNWATCHED = 300
"""Turns after which a person who works in another program does not come back at this instant."""


class Collector(QObject):
    """Collects between two events of the window's thread, and at no other time while it lives.

    Python collects wherever it happens to be: on a worker's thread, which then destroys widgets, or in the
    midst of a call into Qt, which may hold a lock that a widget's destructor takes. A window in which that
    happened stood still for good.
    """

    def __init__(self, parent: QObject | None = None, *, is_busy: Callable[[], bool] | None = None) -> None:
        """Begin.

        Args:
            parent: of the object.
            is_busy: whether something runs that keeps what it makes, such as a sweep: then the oldest
                generation, which only grows, is left alone; None for never.
        """
        super().__init__(parent)
        self._is_busy = is_busy
        self._was_busy = False
        self._has_left_some = False
        self._inactive = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect_what_is_due)
        self._timer.start()

    def collect_what_is_due(self) -> None:
        """Collect the oldest generation that Python would have collected by now; often there is none."""
        if self._is_unwatched():
            let_go()
            self._has_left_some = False
            return
        counted = gc.get_count()
        due = [
            generation
            for generation, (count, limit) in enumerate(zip(counted, gc.get_threshold(), strict=True))
            if count > limit
        ]
        was_busy, self._was_busy = self._was_busy, self._is_busy is not None and self._is_busy()
        if was_busy and not self._was_busy:
            # What it made stays: rows, like those of any long table.
            gc.collect(_MIDDLE)
            leave_alone()
        elif counted[0] > _BULK and not self._was_busy:
            # Plain values: they go by themselves when the table has others.
            leave_alone()
            self._has_left_some = True
        elif due:
            gc.collect(min(due[-1], _MIDDLE) if self._was_busy else due[-1])

    def _is_unwatched(self) -> bool:
        """Whether what bulk took along into being left alone can be looked for without anybody noticing."""
        is_active = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        self._inactive = 0 if is_active or self._was_busy else self._inactive + 1
        return self._has_left_some and self._inactive >= _UNWATCHED

    def close(self) -> None:
        """Leave it to Python again, when nothing of Qt is used any more."""
        self._timer.stop()
        gc.enable()


def leave_alone() -> None:
    """Look no longer through what is there now."""
    gc.freeze()


def let_go() -> None:
    """Collect what was left alone and is no longer in use; the rest is left alone again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def look_at_everything() -> None:
    """Leave nothing alone any more."""
    gc.unfreeze()
