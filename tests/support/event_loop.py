"""Running Qt's events until something has come about."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

DEADLINE_S = 10.0


def run_until(is_there: Callable[[], object], *, what: str) -> None:
    """Process events until `is_there` answers yes; fail after the deadline, saying `what` did not come."""
    flags = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    until = time.monotonic() + DEADLINE_S
    while not is_there():
        assert time.monotonic() < until, f"{what} did not come within {DEADLINE_S:.0f} s"
        QApplication.processEvents(flags, 20)


def settle(turns: int = 3) -> None:
    """Let layouts, paints and deletions that are due take place."""
    for _turn in range(turns):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
