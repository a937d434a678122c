"""The way of results into the window: a mailbox that the GUI thread empties a little at a time."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError

T = TypeVar("T")

TICK_MS = 50
"""How often the mailbox is emptied."""

BUDGET_S = 0.008
"""Time of one tick, so that a flood of results never holds up the hand."""


class Bridge(QObject):
    """A mailbox of callables; other threads post, the GUI thread runs them in order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._drain)
        self._timer.start()

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` run on the GUI thread, soon; from any thread."""
        self._mailbox.append(call)

    def when_done(
        self,
        future: Future[T],
        on_result: Callable[[T], None],
        on_error: Callable[[TrustdeskError], None],
        *,
        owner: QObject | None = None,
    ) -> None:
        """Have one of both run on the GUI thread once `future` is done.

        An expected failure goes to `on_error`, a cancelled future as `CancelledByPersonError`. Anything
        else is a mistake of ours and goes to `sys.excepthook`.

        Args:
            owner: whom the answer is for; once Qt has deleted it nobody is told. None for everybody.
        """

        def deliver() -> None:
            if owner is not None and not isValid(owner):
                return
            try:
                result = future.result()
            except TrustdeskError as error:
                on_error(error)
            except CancelledError:
                on_error(CancelledByPersonError())
            else:
                on_result(result)

        future.add_done_callback(lambda _future: self.post(deliver))

    def close(self) -> None:
        """Stop; what is still in the mailbox is dropped."""
        self._timer.stop()
        self._mailbox.clear()

    def _drain(self) -> None:
        until = time.perf_counter() + BUDGET_S
        while self._mailbox:
            call = self._mailbox.popleft()
            try:
                call()
            except Exception:  # noqa: BLE001 - the edge of a job: one that fails must not lose the others
                sys.excepthook(*sys.exc_info())
            if time.perf_counter() > until:
                return
