"""What the first start does with files: its own, and those that later ones hand over."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFileOpenEvent

from trustdesk.gui.instance.handover import MAX_FILES, Handover

if TYPE_CHECKING:
    from trustdesk.gui.window import MainWindow

ACTIVATION = "XDG_ACTIVATION_TOKEN"
"""The variable in which a Wayland desktop lets a program that it starts come to the front."""


class FirstWindow(QObject):
    """Opens files in a window that has a desk, one lot after the other: the Inspector reads one at a time."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._waiting: list[Path] = []
        window.inspector.busy_changed.connect(self._reading_changed)
        application = QCoreApplication.instance()
        # The Finder sends files as events, to the window that is there too. Elsewhere they are arguments,
        # and a filter of every event of the program would be paid for in vain.
        if sys.platform == "darwin" and application is not None:
            application.installEventFilter(self)

    def open(self, files: Sequence[Path]) -> None:
        """Open files as soon as what is being read is there; nothing for none."""
        self._waiting = [*self._waiting, *files][:MAX_FILES]
        self._open_waiting()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Open the file that macOS asks to open."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.open([Path(event.file())])
            return True
        return False

    def take(self, handover: Handover) -> None:
        """Bring the window to the front, and open what was handed over."""
        window = self._window
        if handover.token is not None:
            os.environ[ACTIVATION] = handover.token  # Qt's Wayland plug-in reads it there
        if window.isMinimized():
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        os.environ.pop(ACTIVATION, None)
        self.open(handover.files)

    def _reading_changed(self, reading: bool) -> None:
        if not reading and self._waiting:
            # Not within the signal: the page has still to show what was read.
            QTimer.singleShot(0, self, self._open_waiting)

    def _open_waiting(self) -> None:
        if self._waiting and not self._window.inspector.is_reading:
            files, self._waiting = self._waiting, []
            self._window.open_dropped(files, "")
